//! What surrounds the records of a sheet: titles, units, totals, footers, groups.

mod facts;
mod groups;
mod lines;
mod totals;

pub(crate) use facts::{Facts, facts, stated_by};
pub use groups::group_number;
pub(crate) use groups::village_and_group;
pub use lines::SkipReason;
pub(crate) use lines::{continued, ditto, footer, total_label};
pub(crate) use totals::{Line, Numbers, below, reconcile};
pub use totals::{Reconciled, TotalKind};
