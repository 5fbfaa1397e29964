//! Which columns of a view are there, which lack values, and which the input does not have at all.

use crate::catalogue::{claim_column, column_table, is_baseline_se, is_unfilled};
use crate::views::Facts;
use qingmu_model::{InputCoverage, View, ViewCoverage, ViewName};

/// What a view of a scan holds.
pub(crate) fn of_view(facts: &Facts, input: &InputCoverage, view: &View) -> ViewCoverage {
    let mut coverage = view.coverage(|name| in_input(facts, input, view.name, name));
    // A village without a name shows its code instead: that is no name.
    if let (Some(count), Some(names)) = (coverage.columns.get_mut("name"), view.column("name")) {
        let is_named = |row: &usize| {
            names.text(*row).is_some_and(|name| facts.villages.binary_search(name).is_err())
        };
        count.known = (0..view.rows).filter(is_named).count() as u64;
        count.missing = coverage.rows - count.known;
    }
    coverage
}

/// Whether the input has what a column is made from.
fn in_input(facts: &Facts, input: &InputCoverage, view: ViewName, name: &str) -> bool {
    let absent = |list: &[String], wanted: &str| list.iter().any(|name| name == wanted);
    if is_unfilled(view, name) {
        return false;
    }
    if column_table(view, name).is_some_and(|table| absent(&input.absent, table)) {
        return false;
    }
    if claim_column(view, name).is_some_and(|column| absent(&input.absent_claim_columns, column)) {
        return false;
    }
    !is_baseline_se(name) || facts.baselines.has_se()
}

#[cfg(test)]
#[path = "coverage_tests.rs"]
mod tests;
