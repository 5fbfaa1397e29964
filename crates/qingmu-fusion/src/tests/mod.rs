//! The whole fusion against worlds whose truth is known.
#![allow(clippy::unwrap_used, reason = "a refused case ends the test, which is what it should do")]

mod calibration;
mod learning;
mod rings;
mod simulator;
mod stable;
