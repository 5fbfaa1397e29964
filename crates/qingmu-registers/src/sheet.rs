//! A view in the making: columns by name, types from the catalogue.

use crate::catalogue::{self, ONE, PERSON, RATE, TEXT};
use qingmu_model::{Column, ColumnType, Data, IdKind, Unit, View, ViewName};
use std::sync::Arc;

/// Columns of one view.
pub(crate) struct Sheet {
    view: View,
}

/// Type of a key column.
fn key_type(name: &str) -> ColumnType {
    match name {
        "year" => ONE,
        "rate_yuan_per_mu" => RATE,
        "claimant_id" | "approver_id" | "payee_id" | "from_id" | "to_id" => PERSON,
        "account" => ColumnType::Id(IdKind::Account),
        _ => TEXT,
    }
}

impl Sheet {
    pub(crate) fn new(name: ViewName, rows: usize, not_listed: u64) -> Self {
        Self { view: View { name, rows, columns: Vec::new(), not_listed } }
    }

    fn push(&mut self, name: &str, data: Data) {
        debug_assert_eq!(data.len(), self.view.rows, "{name}");
        let own = catalogue::column_type(self.view.name, name);
        let kind = own.unwrap_or_else(|| key_type(name));
        let (name, dependent) = (name.to_owned(), Vec::new());
        self.view.columns.push(Column { name, kind, data, dependent });
    }

    /// Texts and identities.
    pub(crate) fn text(&mut self, name: &str, values: impl Iterator<Item = Option<Arc<str>>>) {
        self.push(name, Data::Text(values.collect()));
    }

    /// Exact numbers; the scale follows from the column's unit.
    pub(crate) fn number(&mut self, name: &str, values: impl Iterator<Item = Option<i64>>) {
        let own = catalogue::column_type(self.view.name, name);
        let scale = match own.unwrap_or_else(|| key_type(name)) {
            ColumnType::Number(Unit::MU) => 4,
            ColumnType::Number(Unit::YUAN | Unit::RATE) => 2,
            _ => 0,
        };
        self.push(name, Data::Fixed { scale, values: values.collect() });
    }

    /// Statistics; what is not finite is missing.
    pub(crate) fn real(&mut self, name: &str, values: impl Iterator<Item = Option<f64>>) {
        self.push(name, Data::Real(values.map(|v| v.filter(|v| v.is_finite())).collect()));
    }

    /// Flags.
    pub(crate) fn flag(&mut self, name: &str, values: impl Iterator<Item = Option<bool>>) {
        self.push(name, Data::Flag(values.collect()));
    }

    /// The view, keys first, the others by name.
    pub(crate) fn finish(mut self) -> View {
        let keys = self.view.name.keys();
        let place = |c: &Column| keys.iter().position(|k| *k == c.name).unwrap_or(keys.len());
        self.view.columns.sort_by(|a, b| place(a).cmp(&place(b)).then_with(|| a.name.cmp(&b.name)));
        self.view
    }
}
