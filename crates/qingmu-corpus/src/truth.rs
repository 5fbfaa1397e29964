//! A file of the corpus with what must become of every row in it.

use crate::numbers::{Area, Fen};
use std::collections::BTreeMap;

/// One canonical row by field, as text: `area_mu` is `12.5000`, `amount_yuan` `100.00`, ids are in clear.
pub type Record = BTreeMap<&'static str, String>;

/// A file, what is stated beside it, and its truth.
#[derive(Debug, Clone)]
pub struct CorpusFile {
    /// File name.
    pub name: String,
    /// What the file shows.
    pub shows: Vec<&'static str>,
    /// Content.
    pub bytes: Vec<u8>,
    /// What the user states.
    pub given: Given,
    /// What must become of it.
    pub truth: Truth,
}

/// What the user states beside the file.
#[derive(Debug, Clone, Default)]
pub struct Given {
    /// Town that the file is about.
    pub town: Option<&'static str>,
    /// Values for every row.
    pub constants: Vec<(&'static str, &'static str)>,
    /// A mapping in TOML.
    pub mapping: Option<String>,
    /// Text encoding.
    pub encoding: Option<&'static str>,
    /// Table.
    pub table: Option<&'static str>,
}

/// What must become of a file.
#[derive(Debug, Clone)]
pub enum Truth {
    /// The file is refused as a whole; the refusal says this.
    Refused(&'static str),
    /// Each sheet is read.
    Sheets(Vec<SheetTruth>),
}

/// A row that must wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    /// Row, 1-based.
    pub row: u64,
    /// Letters of the column to blame, empty for the whole row.
    pub column: String,
    /// Class.
    pub code: &'static str,
    /// Area that can be read in the row.
    pub area: Area,
    /// Money that can be read in the row.
    pub fen: Fen,
}

/// What must become of a sheet.
#[derive(Debug, Clone, Default)]
pub struct SheetTruth {
    /// Name of the sheet.
    pub sheet: String,
    /// Table it belongs to.
    pub table: &'static str,
    /// The sheet cannot be interpreted; the refusal says this.
    pub refused: Option<&'static str>,
    /// The sheet is left out where another sheet of the file is read.
    pub aside: bool,
    /// Kept rows with their 1-based row.
    pub kept: Vec<(u64, Record)>,
    /// Rows of the file that were kept: fewer than records where crops stand side by side.
    pub kept_rows: u64,
    /// Rows that wait.
    pub rejected: Vec<Rejected>,
    /// Rows that are no records, by reason.
    pub skipped: BTreeMap<&'static str, u64>,
    /// Codes of warnings that must be among those given.
    pub warnings: Vec<&'static str>,
    /// Total rows whose figures do not agree: (row, column).
    pub differing_totals: Vec<(u64, String)>,
    /// Area of all kept rows.
    pub area: Area,
    /// Money of all kept rows.
    pub fen: Fen,
}

impl SheetTruth {
    /// Rows of the sheet.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.kept_rows + self.rejected.len() as u64 + self.skipped.values().sum::<u64>()
    }
}
