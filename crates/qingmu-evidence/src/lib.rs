//! Rows before sums: data errors repaired for the statistics, and counted evidence in the rows.
//!
//! One pass over the claims fills a compact table of rows in canonical order; everything else is arithmetic on it, so
//! that nothing depends on threads, the order of rows or the way they are split into files.

mod abroad;
mod cadres;
mod count;
mod evidence;
mod gather;
mod history;
mod invented;
mod leased;
mod names;
mod pairs;
mod panel;
mod registers;
mod repair;
mod rows;
mod shared;
#[cfg(test)]
mod testkit;

pub use evidence::{
    CadreStep, Dominant, Evidence, Fabrication, NotAssessed, Office, PanelCell, RowAt, SharedRow,
    Test, TestResult, Trace,
};
pub use gather::{Options, gather};
