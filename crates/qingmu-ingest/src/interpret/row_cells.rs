//! Small questions about a row's cells.

use super::{Control, FieldValue};
use crate::structure::continued;
use qingmu_cells::text;
use qingmu_sheets::{Cell, Row, Value};

/// Adds an area or a sum of money to an account; other values are none of its business.
pub(super) fn add(control: &mut Control, value: &FieldValue) {
    match value {
        FieldValue::Mu(mu) => control.add_area(*mu),
        FieldValue::Yuan(yuan) => control.add_amount(*yuan),
        _ => {}
    }
}

/// Texts of a row, blanks left out.
pub(super) fn texts(cells: &Row) -> Vec<String> {
    let text = |cell: &Cell| match &cell.value {
        Value::Text(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        _ => None,
    };
    cells.values().filter_map(text).collect()
}

/// Whether a line only says that the table goes on.
pub(super) fn goes_on(cells: &Row) -> bool {
    let texts = texts(cells);
    !texts.is_empty() && texts.iter().all(|t| continued(t))
}

/// What stands in a cell, if anything does.
pub(super) fn word(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.trim().to_owned()).filter(|t| !t.is_empty()),
        value => text(value).ok().flatten().or_else(|| Some(String::from("#"))),
    }
}
