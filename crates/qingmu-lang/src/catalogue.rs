//! What rules are checked against: the columns that views have.

use qingmu_model::{ColumnType, ViewName};
use std::fmt;

/// The columns of each view. Whoever makes the views answers; this crate only asks.
pub trait Catalogue: fmt::Debug {
    /// Type of a column of a view; `None` for a name that it does not have.
    fn column_type(&self, view: ViewName, name: &str) -> Option<ColumnType>;

    /// Every column of a view, in the order in which a message lists them.
    fn column_names(&self, view: ViewName) -> Vec<String>;
}
