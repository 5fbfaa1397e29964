//! What a view holds of each column: present, missing, or not in the input at all.

use crate::view::{Data, View};
use serde::Serialize;
use std::collections::BTreeMap;

/// What one view holds.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct ViewCoverage {
    /// Rows listed.
    pub rows: u64,
    /// Groups counted and not listed.
    pub not_listed: u64,
    /// Of each column, by name.
    pub columns: BTreeMap<String, ColumnCoverage>,
}

/// What a view holds of one column; `known + missing` is the view's rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct ColumnCoverage {
    /// Rows with a value.
    pub known: u64,
    /// Rows without.
    pub missing: u64,
    /// Whether the input has the tables and columns that it comes from: `false` is another gap than cells left
    /// empty, and filled by handing over more.
    pub in_input: bool,
}

impl View {
    /// Counts the values of every column. `in_input` tells whether the input has what a column is made from.
    #[must_use]
    pub fn coverage(&self, in_input: impl Fn(&str) -> bool) -> ViewCoverage {
        let columns = self.columns.iter().map(|column| {
            let known = column.data.known();
            let missing = (self.rows as u64).saturating_sub(known);
            let in_input = in_input(&column.name);
            (column.name.clone(), ColumnCoverage { known, missing, in_input })
        });
        ViewCoverage {
            rows: self.rows as u64,
            not_listed: self.not_listed,
            columns: columns.collect(),
        }
    }
}

impl Data {
    /// Rows with a value.
    #[must_use]
    pub fn known(&self) -> u64 {
        let known = match self {
            Self::Fixed { values, .. } => values.iter().flatten().count(),
            Self::Real(values) => values.iter().flatten().filter(|v| v.is_finite()).count(),
            Self::Text(values) => values.iter().flatten().count(),
            Self::Flag(values) => values.iter().flatten().count(),
        };
        known as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Column, ColumnType, Unit, ViewName};

    fn column(name: &str, data: Data) -> Column {
        let kind = ColumnType::Number(Unit::ONE);
        Column { name: name.to_owned(), kind, data, dependent: Vec::new() }
    }

    #[test]
    fn values_are_counted_in_every_kind_of_column() {
        let view = View {
            name: ViewName::Claim,
            rows: 3,
            columns: vec![
                column("fixed", Data::Fixed { scale: 4, values: vec![Some(0), None, Some(7)] }),
                column("real", Data::Real(vec![Some(f64::NAN), Some(0.5), None])),
                column("text", Data::Text(vec![None, None, None])),
                column("flag", Data::Flag(vec![Some(false), Some(true), Some(true)])),
            ],
            not_listed: 9,
        };
        let coverage = view.coverage(|name| name != "text");
        assert_eq!((coverage.rows, coverage.not_listed), (3, 9));
        let of = |known, missing, in_input| ColumnCoverage { known, missing, in_input };
        let want = [
            ("fixed", of(2, 1, true)),
            ("flag", of(3, 0, true)),
            ("real", of(1, 2, true)),
            ("text", of(0, 3, false)),
        ];
        let want = want.map(|(name, column)| (name.to_owned(), column));
        assert_eq!(coverage.columns, BTreeMap::from(want));
    }
}
