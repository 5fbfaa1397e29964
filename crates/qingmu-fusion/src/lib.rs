//! From deviations and counted rows to one probability per village-year, rings, and money with intervals.
//!
//! Schemes are alternatives, not witnesses of one another: for each template k the odds are
//! π · π_k · Σ_m w_m · BF_m(k), every Bayes factor against the village's honest mixture Σ_j π_j · L_j. All rates and
//! weights are learned from the run without labels ([`learn`]); with them frozen, [`fuse`] is a pure function.
//!
//! Pure mathematics: no I/O, no clock, no randomness, the same bytes for any number of threads.
//!
//! Memory is about 12 KB per village and series of 10 years (fits included, a third of that for 6 years), so a nation
//! goes in parts: [`learn`] on as many whole counties as fit (50,000 villages take 0.6 GB and fix every rate to two
//! digits), then [`fuse`] county by county with those parameters, and [`merge`] for rings and q over all of them.
//! Groups that reach over parts (an approver of two counties) are seen part by part.

mod case;
mod counted;
mod error;
mod evidence;
mod fdr;
mod fuse;
mod fusion;
mod health;
mod learn;
pub mod learning;
mod money;
mod options;
mod parameters;
mod ring;
mod ring_list;
mod shift;
mod table;
mod twin;
mod village;
mod visits;

#[cfg(test)]
mod tests;

pub use case::{Case, Group, GroupMember, MOST_YEARS, Series};
pub use error::FusionError;
pub use fuse::{fuse, merge};
pub use fusion::{Fusion, Health, Member, Posterior, RingPosterior, ShapeHealth};
pub use learn::learn;
pub use options::Options;
pub use parameters::{FamilyWeight, KindRate, Parameters, SeriesParameters, SeriesSpread, TieRate};
pub use visits::{Visit, visits};
