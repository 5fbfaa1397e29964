//! What surrounds the records of a sheet: titles, units, totals, footers, groups.

mod facts;
mod lines;
mod totals;

pub(crate) use facts::{Facts, facts, stated_by};
pub use lines::SkipReason;
pub use qingmu_cells::{TotalKind, group_number};
pub(crate) use qingmu_cells::{continued, ditto, footer, total_label, village_and_group};
pub use totals::Reconciled;
pub(crate) use totals::{Line, Numbers, below, reconcile};
