//! What can go wrong while rules run on views.

use qingmu_model::ViewName;
use std::sync::Arc;

/// An evaluation that must not be used.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum RuleError {
    /// The two engines differ: a bug in qingmu, never in the data.
    #[error(
        "{file}: the two engines disagree on {rule} {subject}: {columnar} by columns, {reference} by the \
         reference interpreter; this is a bug in qingmu, please report it with the rule file"
    )]
    Disagree {
        /// Rule.
        rule: String,
        /// Rule file.
        file: String,
        /// Subject, masked.
        subject: String,
        /// Outcome by columns.
        columnar: String,
        /// Outcome by the reference interpreter.
        reference: String,
    },
    /// The columnar engine could not run the rule.
    #[error(
        "{file}: {rule} cannot be evaluated on view {view}: {source}; this is a bug in qingmu, please report it"
    )]
    Engine {
        /// Rule.
        rule: String,
        /// Rule file.
        file: String,
        /// View.
        view: ViewName,
        /// Why.
        source: Arc<polars::error::PolarsError>,
    },
    /// The view does not fit the columnar engine.
    #[error(
        "view {view}: {rows} rows are more than the {} that rules can run on; scan fewer years or regions",
        u32::MAX - 1
    )]
    TooManyRows {
        /// View.
        view: ViewName,
        /// Rows.
        rows: usize,
    },
}
