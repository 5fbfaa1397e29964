//! The scan: one pass over the claims into exact facts, from which every view is made.

use crate::view::{View, ViewName};
use crate::views::{self, Facts};
use qingmu_model::{ClaimantId, InputAccount, InputCoverage, Mu, Project, Reject};
use std::collections::{BTreeMap, BTreeSet};

/// How a scan may use the machine; no option changes its result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScanOptions {
    /// Worker threads; 0 takes one per core.
    pub threads: usize,
    /// Memory for the records that distinct counts need, in MiB; what does not fit is done in further passes.
    pub memory_mib: usize,
}

impl Default for ScanOptions {
    fn default() -> Self {
        Self { threads: 0, memory_mib: 2048 }
    }
}

/// Told while a scan runs. Passes over the files repeat, so rows advance up to `total` over all of them.
pub trait Progress: Sync {
    /// So many more rows were read.
    fn advance(&self, rows: u64);
    /// So many rows are to be read, as far as known.
    fn total(&self, rows: u64);
}

impl Progress for () {
    fn advance(&self, _rows: u64) {}
    fn total(&self, _rows: u64) {}
}

/// Everything a scan found, exact and independent of threads, row order and the split into files.
#[derive(Debug)]
pub struct Scan {
    /// Per input file: rows read, kept and refused, digests and sums; by table and name.
    pub inputs: Vec<InputAccount>,
    /// All refused rows, by file and row.
    pub rejects: Vec<Reject>,
    /// What the input holds and lacks.
    pub coverage: InputCoverage,
    pub(crate) facts: Facts,
}

impl Scan {
    /// A view's rows in canonical order: its key columns and the `wanted` others. Names that the view does
    /// not have are ignored; [`column_type`](crate::column_type) tells which it has.
    #[must_use]
    pub fn view(&self, name: ViewName, project: &Project, wanted: &BTreeSet<String>) -> View {
        views::build(&self.facts, name, project, wanted)
    }

    /// Village code to name, where the villages table names it.
    #[must_use]
    pub fn village_names(&self) -> &BTreeMap<String, String> {
        &self.facts.village_names
    }

    /// Code of a region of the ring level (China: town) to its name, where known.
    #[must_use]
    pub fn town_names(&self) -> &BTreeMap<String, String> {
        &self.facts.town_names
    }

    /// Approvers of each village-year, largest approved area first, ties by id.
    #[must_use]
    pub fn approvers(&self) -> BTreeMap<(String, i16), Vec<(ClaimantId, Mu)>> {
        views::approvers(&self.facts)
    }
}
