//! From deviations and counted rows to one probability per village-year, rings, and money with intervals.
//!
//! Schemes are alternatives, not witnesses of one another: for each template k the odds are
//! π · π_k · Σ_m w_m · BF_m(k), every Bayes factor against the village's honest mixture Σ_j π_j · L_j. All rates and
//! weights are learned from the run without labels ([`learn`]); with them frozen, [`fuse`] is a pure function.
//!
//! Pure mathematics: no I/O, no clock, no randomness, the same bytes for any number of threads. Large runs go county
//! by county through [`fuse`] and are put together by [`merge`].

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
