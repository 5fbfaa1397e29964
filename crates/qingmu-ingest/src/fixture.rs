//! Sheets for tests. Persons, accounts and villages in tests are invented.

use qingmu_sheets::{Cell, RawSheet, Value};

/// A sheet from comma-separated text; `n:` in front of a cell makes it a number, `d:` a date serial.
pub(crate) fn sheet(text: &str) -> RawSheet {
    let mut sheet = RawSheet::default();
    for (row, line) in (0_u32..).zip(text.lines()) {
        for (column, cell) in (0_u32..).zip(line.split(',')) {
            if cell.is_empty() {
                continue;
            }
            let number = |t: &str| t.parse().unwrap_or(f64::NAN);
            let value = match (cell.strip_prefix("n:"), cell.strip_prefix("d:")) {
                (Some(n), _) => Value::Number(number(n)),
                (_, Some(d)) => Value::Serial(number(d)),
                _ => Value::Text(cell.to_owned()),
            };
            sheet.rows.entry(row).or_default().insert(column, Cell { value });
        }
    }
    sheet
}
