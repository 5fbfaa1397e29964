//! Where the columns of a table stand in one file.

use crate::InputError;
use qingmu_model::{ColumnSpec, TableSchema};
use std::path::Path;

/// Places of the wanted columns in one file.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    /// Per wanted column: the column, and its place in the file if it has it.
    pub(crate) wanted: Vec<(&'static ColumnSpec, Option<usize>)>,
}

impl Layout {
    /// Finds the wanted columns among the names of a file (trimmed, case as written).
    ///
    /// Every required column of the table must be there, wanted or not: a file without it is another table.
    ///
    /// # Errors
    /// [`InputError::MissingColumn`] and [`InputError::DuplicateColumn`].
    pub(crate) fn new(
        path: &Path,
        table: &'static TableSchema,
        wanted: &[&str],
        names: &[String],
    ) -> Result<Self, InputError> {
        let place = |name: &str| names.iter().position(|n| n == name);
        for column in table.columns {
            if column.required && place(column.name).is_none() {
                let there = names.to_vec();
                let path = path.to_owned();
                return Err(InputError::MissingColumn { path, column: column.name, there });
            }
            if names.iter().filter(|n| *n == column.name).count() > 1 {
                let column = column.name.to_owned();
                return Err(InputError::DuplicateColumn { path: path.to_owned(), column });
            }
        }
        let wanted = wanted
            .iter()
            .filter_map(|name| table.column(name))
            .map(|column| (column, place(column.name)))
            .collect();
        Ok(Self { wanted })
    }

    /// Whether the file has a wanted column.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.wanted.iter().any(|(column, place)| column.name == name && place.is_some())
    }
}
