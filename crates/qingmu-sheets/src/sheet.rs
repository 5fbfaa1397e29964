//! A sheet as the file holds it: sparse cells, nothing interpreted yet.

use std::collections::BTreeMap;

/// A cell's value as the reader found it.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Text.
    Text(String),
    /// A number with its shortest text; ids stored as numbers have lost digits beyond the 15th.
    Number(f64),
    /// A date or time as a spreadsheet serial number.
    Serial(f64),
    /// Yes or no.
    Flag(bool),
    /// A spreadsheet error such as `#REF!`.
    Error(String),
}

/// A cell.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// What it holds.
    pub value: Value,
}

/// Cells of one row by 0-based column, ascending.
///
/// One allocation per row: a map of maps took twice the room.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Row(Vec<(u32, Cell)>);

impl Row {
    /// The cell of a column.
    #[must_use]
    pub fn get(&self, column: &u32) -> Option<&Cell> {
        self.at(*column).ok().and_then(|n| self.0.get(n)).map(|(_, cell)| cell)
    }

    /// The cell of a column, to change it.
    pub fn get_mut(&mut self, column: &u32) -> Option<&mut Cell> {
        let at = self.at(*column).ok()?;
        self.0.get_mut(at).map(|(_, cell)| cell)
    }

    /// Puts a cell into a column; the one that was there comes back.
    pub fn insert(&mut self, column: u32, cell: Cell) -> Option<Cell> {
        match self.at(column) {
            Ok(at) => self.0.get_mut(at).map(|(_, old)| std::mem::replace(old, cell)),
            Err(at) => {
                self.0.insert(at, (column, cell));
                None
            }
        }
    }

    /// Takes the cell of a column away.
    pub fn remove(&mut self, column: &u32) -> Option<Cell> {
        self.at(*column).ok().map(|at| self.0.remove(at).1)
    }

    /// Columns that hold a cell.
    #[must_use]
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &u32> {
        self.0.iter().map(|(column, _)| column)
    }

    /// Cells from left to right.
    #[must_use]
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &Cell> {
        self.0.iter().map(|(_, cell)| cell)
    }

    /// Columns and cells from left to right.
    #[must_use]
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&u32, &Cell)> {
        self.0.iter().map(|(column, cell)| (column, cell))
    }

    /// How many cells.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Gives back room that is not needed.
    pub(crate) fn settle(&mut self) {
        self.0.shrink_to_fit();
    }

    fn at(&self, column: u32) -> Result<usize, usize> {
        // Readers deliver cells from left to right: the end is the place nearly always.
        match self.0.last() {
            Some((last, _)) if *last < column => Err(self.0.len()),
            None => Err(0),
            Some(_) => self.0.binary_search_by_key(&column, |(c, _)| *c),
        }
    }
}

impl<'a> IntoIterator for &'a Row {
    type Item = (&'a u32, &'a Cell);
    type IntoIter =
        std::iter::Map<std::slice::Iter<'a, (u32, Cell)>, fn(&'a (u32, Cell)) -> Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter().map(|(column, cell)| (column, cell))
    }
}

impl FromIterator<(u32, Cell)> for Row {
    fn from_iter<I: IntoIterator<Item = (u32, Cell)>>(cells: I) -> Self {
        let mut row = Self::default();
        for (column, cell) in cells {
            row.insert(column, cell);
        }
        row
    }
}

/// A merged region, inclusive, 0-based.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Merge {
    /// First row and column.
    pub start: (u32, u32),
    /// Last row and column.
    pub end: (u32, u32),
}

/// One sheet of a workbook, or a whole CSV or Parquet file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RawSheet {
    /// Name; empty where the format has none.
    pub name: String,
    /// Whether the sheet is hidden.
    pub hidden: bool,
    /// Rows by 0-based number; empty rows and cells are absent.
    pub rows: BTreeMap<u32, Row>,
    /// Merged regions.
    pub merges: Vec<Merge>,
    /// Hidden rows, 0-based, where the format tells.
    pub hidden_rows: Vec<u32>,
    /// Hidden columns, 0-based, inclusive ranges, where the format tells.
    pub hidden_columns: Vec<(u32, u32)>,
}

impl RawSheet {
    /// Whether a column is hidden.
    #[must_use]
    pub fn hides(&self, column: u32) -> bool {
        self.hidden_columns.iter().any(|(first, last)| (*first..=*last).contains(&column))
    }
}

/// Letters of a 0-based column: 0 is A, 26 is AA.
#[must_use]
pub fn letters(column: u32) -> String {
    let mut left = u64::from(column) + 1;
    let mut text = Vec::new();
    while left > 0 {
        left -= 1;
        text.push(char::from(b'A' + u8::try_from(left % 26).unwrap_or(0)));
        left /= 26;
    }
    text.iter().rev().collect()
}

/// `2024年!F128`; the sheet's name is left out where the format has none.
#[must_use]
pub fn place(sheet: &str, row: u32, col: u32) -> String {
    let cell = format!("{}{}", letters(col), u64::from(row) + 1);
    if sheet.is_empty() { cell } else { format!("{sheet}!{cell}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(n: f64) -> Cell {
        Cell { value: Value::Number(n) }
    }

    #[test]
    fn columns_have_spreadsheet_letters() {
        for (column, text) in
            [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16_383, "XFD")]
        {
            assert_eq!(letters(column), text);
        }
        assert_eq!(letters(u32::MAX), "MWLQKWV");
        assert_eq!(place("2024年", 127, 5), "2024年!F128");
        assert_eq!(place("", 0, 0), "A1");
    }

    #[test]
    fn rows_keep_their_order_whatever_the_order_of_arrival() {
        let mut row: Row = [(5, cell(5.0)), (1, cell(1.0)), (3, cell(3.0))].into_iter().collect();
        assert_eq!(row.keys().copied().collect::<Vec<_>>(), [1, 3, 5]);
        assert_eq!(row.insert(3, cell(9.0)), Some(cell(3.0)));
        assert_eq!((row.get(&3), row.get(&4)), (Some(&cell(9.0)), None));
        assert_eq!((row.remove(&1), row.remove(&1), row.len()), (Some(cell(1.0)), None, 2));
        let sheet = RawSheet { hidden_columns: vec![(2, 4)], ..RawSheet::default() };
        assert_eq!([1, 2, 4, 5].map(|c| sheet.hides(c)), [false, true, true, false]);
    }
}
