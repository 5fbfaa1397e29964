//! One sheet written row by row together with its truth.

use crate::numbers::{Area, Fen, mu, yuan};
use crate::sheet::{Sheet, Value, letters};
use crate::truth::{Record, Rejected, SheetTruth};

/// A sheet in the making.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// What is written.
    pub sheet: Sheet,
    /// What must become of it.
    pub truth: SheetTruth,
    next: u32,
}

/// A row of cells from texts, numbers and dates; `""` stands for no cell.
#[macro_export]
macro_rules! cells {
    ($($value:expr),* $(,)?) => { vec![$($crate::Value::from($value)),*] };
}

impl Page {
    /// An empty page for a table.
    #[must_use]
    pub fn new(name: &str, table: &'static str) -> Self {
        let truth = SheetTruth { sheet: name.to_owned(), table, ..SheetTruth::default() };
        Self { sheet: Sheet::new(name), truth, next: 0 }
    }

    /// Row that comes next, 0-based.
    #[must_use]
    pub fn at(&self) -> u32 {
        self.next
    }

    /// Leaves rows out; a row without cells is none.
    pub fn gap(&mut self, rows: u32) -> &mut Self {
        self.next += rows;
        self
    }

    /// Writes cells; empty texts stand for no cell.
    pub fn put(&mut self, cells: Vec<Value>) -> u32 {
        let row = self.next;
        for (column, value) in (0..).zip(cells) {
            if value != Value::Text(String::new()) {
                self.sheet.put(row, column, value);
            }
        }
        self.next += 1;
        row
    }

    /// A row that is no record.
    pub fn skip(&mut self, reason: &'static str, cells: Vec<Value>) -> &mut Self {
        self.put(cells);
        *self.truth.skipped.entry(reason).or_default() += 1;
        self
    }

    /// A title in the first column.
    pub fn title(&mut self, text: &str) -> &mut Self {
        self.skip("title", cells![text])
    }

    /// A header row.
    pub fn header(&mut self, names: &[&str]) -> &mut Self {
        self.skip("header", names.iter().map(|n| Value::from(*n)).collect())
    }

    /// A header of two rows, `上|下` in one text; `merged` spreads the upper ones.
    pub fn two_rows(&mut self, names: &[&str], merged: bool) -> &mut Self {
        let top = self.next;
        let names: Vec<(&str, &str)> =
            names.iter().copied().map(|name| name.split_once('|').unwrap_or((name, ""))).collect();
        let mut upper = Vec::new();
        for (n, (name, _)) in names.iter().enumerate() {
            let repeats = n > 0 && names[n - 1].0 == *name && !names[n].1.is_empty();
            upper.push(Value::from(if repeats { "" } else { *name }));
        }
        self.skip("header", upper);
        self.skip("header", names.iter().map(|(_, low)| Value::from(*low)).collect());
        if merged {
            let mut column = 0;
            while column < names.len() {
                let (name, low) = names[column];
                let mut end = column;
                while !low.is_empty() && end + 1 < names.len() && names[end + 1].0 == name {
                    end += 1;
                }
                let at = |n: usize| u32::try_from(n).unwrap_or_default();
                if low.is_empty() {
                    self.sheet.merges.push(((top, at(column)), (top + 1, at(column))));
                } else if end > column {
                    self.sheet.merges.push(((top, at(column)), (top, at(end))));
                }
                column = end + 1;
            }
        }
        self
    }

    /// A row that is kept as one record.
    pub fn keep(&mut self, cells: Vec<Value>, record: Record) {
        self.keep_all(cells, vec![record]);
    }

    /// A row that is kept as one record per crop.
    pub fn keep_all(&mut self, cells: Vec<Value>, records: Vec<Record>) {
        let row = u64::from(self.put(cells)) + 1;
        self.truth.kept_rows += 1;
        for record in records {
            let raw = |field: &str| {
                let text = record.get(field).map_or("0", String::as_str).replace('.', "");
                text.parse::<i64>().unwrap_or_default()
            };
            self.truth.area += raw("area_mu");
            self.truth.fen += raw("amount_yuan");
            self.truth.kept.push((row, record));
        }
    }

    /// A row that waits: the column to blame (0-based), the class, and what can be read of area and money.
    pub fn reject(
        &mut self,
        cells: Vec<Value>,
        column: Option<u32>,
        code: &'static str,
        readable: (Area, Fen),
    ) {
        let row = u64::from(self.put(cells)) + 1;
        let column = column.map(letters).unwrap_or_default();
        self.truth.rejected.push(Rejected { row, column, code, area: readable.0, fen: readable.1 });
    }

    /// A total of all rows kept so far, its figures in these columns.
    pub fn total(&mut self, label: &str, area: (usize, &str), money: (usize, &str)) -> &mut Self {
        let mut cells = vec![Value::from(label)];
        cells.resize(area.0.max(money.0) + 1, Value::from(""));
        cells[area.0] = Value::from(area.1);
        cells[money.0] = Value::from(money.1);
        self.skip("total", cells)
    }

    /// Area and money kept so far as text in mu and yuan.
    #[must_use]
    pub fn sums(&self) -> (String, String) {
        (mu(self.truth.area), yuan(self.truth.fen))
    }

    /// A merged region.
    pub fn merge(&mut self, from: (u32, u32), to: (u32, u32)) -> &mut Self {
        self.sheet.merges.push((from, to));
        self
    }

    /// A warning that must be given.
    pub fn warns(&mut self, code: &'static str) -> &mut Self {
        self.truth.warnings.push(code);
        self
    }
}
