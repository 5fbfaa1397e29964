//! Which columns a rule can name in a view: those of the scan and those measured on it.

use crate::measure;
use qingmu_core::{ColumnType, ViewName};
use qingmu_model::Project;

/// Type of a column of a view as rules see it; `None` for an unknown name.
#[must_use]
pub fn column_type(view: ViewName, name: &str, project: &Project) -> Option<ColumnType> {
    qingmu_core::column_type(view, name, project)
        .or_else(|| measure::column_type(view, name, project))
}

/// Every column of a view, for suggestions.
pub(crate) fn column_names(view: ViewName, project: &Project) -> Vec<String> {
    let mut names = qingmu_core::column_names(view, project);
    names.extend(measure::column_names(view, project));
    names
}
