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

/// A merged region, inclusive, 0-based.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Merge {
    /// First row and column.
    pub start: (u32, u32),
    /// Last row and column.
    pub end: (u32, u32),
}

/// One sheet of a workbook, or a whole CSV file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RawSheet {
    /// Name; empty for CSV.
    pub name: String,
    /// Whether the sheet is hidden.
    pub hidden: bool,
    /// Rows by 0-based number, cells by 0-based column; empty rows and cells are absent.
    pub rows: BTreeMap<u32, BTreeMap<u32, Cell>>,
    /// Merged regions.
    pub merges: Vec<Merge>,
    /// Hidden rows, 0-based, where the format tells.
    pub hidden_rows: Vec<u32>,
}
