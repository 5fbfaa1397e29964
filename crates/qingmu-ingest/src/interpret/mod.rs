//! A sheet as the file holds it to canonical rows: everything read is kept, quarantined or skipped with its reason.

mod columns;
mod error;
mod heading;
mod melt;
mod members;
mod merged;
mod plan;
mod prove;
mod record;
mod remarks;
mod row_cells;
mod rows;
mod slips;
mod titles;
mod warning;
mod years;

#[cfg(test)]
mod tests;

pub use error::InterpretError;
pub(crate) use qingmu_cells::FieldValue;
pub use warning::Warning;

use crate::{
    header::Mapping,
    intake::Names,
    structure::{Reconciled, SkipReason},
};
use qingmu_cells::{CodeMap, IdRule, Pseudonyms, Villages};
use qingmu_model::{Mu, RegionLevels, Reject, Yuan};
use qingmu_sheets::RawSheet;
use std::collections::BTreeMap;

/// Score below which a column is not taken for a field.
pub const THRESHOLD: f64 = 0.75;

static NO_CHANGES: CodeMap = CodeMap::NONE;

/// What is known about a sheet beside the sheet.
#[derive(Debug, Clone)]
pub struct Context<'a> {
    /// File as messages name it.
    pub file: &'a str,
    /// Digest of the file: the numbers of claims that have none begin with it; `None`: with the file's name.
    pub digest: Option<&'a str>,
    /// Table that the rows belong to; `None`: the one whose required columns are there.
    pub table: Option<&'a str>,
    /// Villages that names are resolved against.
    pub villages: &'a Villages,
    /// Levels of region codes.
    pub levels: &'a RegionLevels,
    /// Town (name or code) that the file is about.
    pub town: Option<&'a str>,
    /// Values that hold for every row, by field: `year`, `season`, `programme`, `crop`, `source`, …
    pub constants: BTreeMap<String, String>,
    /// Mapping stated by the user; wins over everything known.
    pub mapping: Option<&'a Mapping>,
    /// Rules that ids are held against.
    pub id_rule: IdRule,
    /// Turns ids into pseudonyms right after their check; without it the clear ids stay, masked in print.
    pub pseudonyms: Option<&'a Pseudonyms>,
    /// Changes of codes: a code that was one once is known.
    pub code_map: &'a CodeMap,
    /// Names where there is no villages table.
    pub names: Names,
    /// Number of the sheet's first line: 1, and 0 where the line of column names has none.
    pub first_row: u64,
    /// Score below which a column is not taken for a field.
    pub threshold: f64,
}

impl<'a> Context<'a> {
    /// China's rules and nothing stated.
    #[must_use]
    pub fn new(file: &'a str, villages: &'a Villages, levels: &'a RegionLevels) -> Self {
        Self {
            file,
            digest: None,
            table: None,
            villages,
            levels,
            town: None,
            constants: BTreeMap::new(),
            mapping: None,
            id_rule: IdRule::China,
            pseudonyms: None,
            code_map: &NO_CHANGES,
            names: Names::Resolve,
            first_row: 1,
            threshold: THRESHOLD,
        }
    }
}

/// A value with the column it stands in; `None`: from a constant, a title, the sheet's name, or computed.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Value.
    pub value: FieldValue,
    /// 0-based column.
    pub column: Option<u32>,
}

/// One row of a table.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CanonicalRow {
    /// Row in the sheet, 1-based; several rows come from one where crops stand side by side.
    pub row: u64,
    /// Values by canonical column.
    pub fields: BTreeMap<&'static str, Field>,
    /// Known values that the table does not store: other areas of the household, birth date, dates of payment.
    pub aside: BTreeMap<&'static str, Field>,
}

/// Rows and sums of one class. Sums of quarantined rows are of what could be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Control {
    /// Rows of the sheet.
    pub rows: u64,
    /// Area.
    pub area: Mu,
    /// Money.
    pub amount: Yuan,
    /// Cells of area or money that could not be read.
    pub unreadable: u64,
    /// Whether a sum went beyond its range and lacks something.
    pub overflowed: bool,
}

/// What a sheet became.
#[derive(Debug, Clone, PartialEq)]
pub struct Interpreted {
    /// Table.
    pub table: &'static str,
    /// Columns, header rows, constants and units: to show, to write, to use again.
    pub mapping: Mapping,
    /// First and last row of the header, as people count.
    pub header: (u64, u64),
    /// Values of every row that titles, the names of sheet and file, or the user state.
    pub given: BTreeMap<&'static str, FieldValue>,
    /// Rows kept.
    pub rows: Vec<CanonicalRow>,
    /// Rows of the sheet, whatever they are, with the figures of every one: kept + quarantined + skipped.
    pub read: Control,
    /// Rows of the sheet that became canonical rows.
    pub kept: Control,
    /// Rows of the sheet in `rejects`, one reject each.
    pub quarantined: Control,
    /// Rows that are no records, by reason.
    pub skipped: BTreeMap<SkipReason, u64>,
    /// Rows and figures of those that are no records (a total's figures are those of its rows once more).
    pub skipped_sums: Control,
    /// The file's own totals held against its rows.
    pub totals: Vec<Reconciled>,
    /// What to look at.
    pub warnings: Vec<Warning>,
    /// Rows quarantined.
    pub rejects: Vec<Reject>,
}

impl Control {
    /// The sum of two.
    #[must_use]
    pub fn plus(mut self, other: Self) -> Self {
        self.rows += other.rows;
        self.unreadable += other.unreadable;
        self.overflowed |= other.overflowed;
        self.add_area(other.area);
        self.add_amount(other.amount);
        self
    }

    pub(crate) fn add_area(&mut self, area: Mu) {
        let sum = self.area.checked_add(area);
        self.overflowed |= sum.is_none();
        self.area = sum.unwrap_or(self.area);
    }

    pub(crate) fn add_amount(&mut self, amount: Yuan) {
        let sum = self.amount.checked_add(amount);
        self.overflowed |= sum.is_none();
        self.amount = sum.unwrap_or(self.amount);
    }
}

impl Interpreted {
    /// Whether every row that was read is accounted for.
    #[must_use]
    pub fn closes(&self) -> bool {
        let parts = self.kept.plus(self.quarantined).plus(self.skipped_sums);
        let skipped: u64 = self.skipped.values().sum();
        let same = (parts.rows, parts.area, parts.amount)
            == (self.read.rows, self.read.area, self.read.amount);
        // Figures beyond the range are counted instead of added: then there is no sum to compare.
        (same || (parts.rows == self.read.rows && self.read.overflowed))
            && self.quarantined.rows == self.rejects.len() as u64
            && self.skipped_sums.rows == skipped
    }
}

/// Interprets one sheet.
///
/// # Errors
/// [`InterpretError`] where the sheet as a whole cannot be understood; damaged rows are rejects.
pub fn interpret(sheet: &RawSheet, context: &Context<'_>) -> Result<Interpreted, InterpretError> {
    let plan = plan::plan(sheet, context)?;
    Ok(rows::read(sheet, context, plan))
}
