//! Robust location and scale, leave-one-out peers and county-year centring, on slices.
//!
//! No I/O and no words of the domain: callers bring slices of numbers and of group numbers and get
//! numbers back. A value that is missing is `None`; NaN and infinity are never passed on: plain
//! summaries answer them with `None`, functions of whole columns with [`StatsError`].

mod cholesky;
mod combine;
mod counts;
mod error;
mod moments;
mod nnls;
mod order;
mod peers;
mod pool;
mod scale;
mod tail;
mod urn;

pub use cholesky::{cholesky, invert, solve};
pub use combine::acat;
pub use counts::{BetaBinomial, ln_gamma, poisson_log10_tail};
pub use error::StatsError;
pub use moments::{lag1_autocorrelation, mean, sd};
pub use nnls::nnls;
pub use order::{MAD_TO_SD, mad, median, quantile};
pub use peers::{leave_one_out_mad, leave_one_out_median};
pub use pool::{FULL_GROUP, PeerValue, centre, peer_location, peer_scale};
pub use scale::{DELTA_MU, asinh_scale};
pub use tail::{erfcx, ln_mills, ln_phi};
pub use urn::{dirichlet_concentration, dirichlet_multinomial_p, g_statistic};
