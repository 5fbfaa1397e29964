//! Rows before sums: data errors repaired for the statistics, and counted evidence in the rows.
//!
//! One pass over the claims fills a compact table of rows; everything else is arithmetic on it.

mod evidence;
mod gather;

pub use evidence::{
    CadreStep, Dominant, Evidence, Fabrication, NotAssessed, Office, PanelCell, RowAt, Test,
    TestResult, Trace,
};
pub use gather::{Options, gather};
