//! Why a question cannot be answered.

/// Input that no answer can be given for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClusterError {
    /// Slices of one table differ in length.
    #[error("slices differ in length: {0}")]
    Length(&'static str),
    /// A value is NaN or infinite, or negative where none may be.
    #[error("row {row}: {what} is not a finite number in range")]
    Value {
        /// 0-based row.
        row: usize,
        /// Which column.
        what: &'static str,
    },
    /// Too few rows or groups, or columns that depend on one another.
    #[error("{0}")]
    Underdetermined(&'static str),
}
