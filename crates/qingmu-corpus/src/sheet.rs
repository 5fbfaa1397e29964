//! A sheet to be written: cells, merged regions, what is hidden.

use std::collections::{BTreeMap, BTreeSet};

/// A civil date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Date {
    /// Year.
    pub year: i32,
    /// Month, 1 to 12.
    pub month: u32,
    /// Day, 1 to 31.
    pub day: u32,
}

impl Date {
    /// A date.
    #[must_use]
    pub const fn new(year: i32, month: u32, day: u32) -> Self {
        Self { year, month, day }
    }

    /// Days since 1970-01-01 (Howard Hinnant, "chrono-compatible low-level date algorithms").
    #[must_use]
    pub fn days(self) -> i32 {
        let year = if self.month <= 2 { self.year - 1 } else { self.year };
        let era = year.div_euclid(400);
        let of_era = year.rem_euclid(400);
        let month = i32::try_from((self.month + 9) % 12).unwrap_or_default();
        let of_year = (153 * month + 2) / 5 + i32::try_from(self.day).unwrap_or_default() - 1;
        era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
    }

    /// Serial number of the 1900 system of spreadsheets.
    #[must_use]
    pub fn serial(self) -> i32 {
        self.days() + 25_569
    }

    /// `2024-05-15`.
    #[must_use]
    pub fn iso(self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// What a cell holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Text.
    Text(String),
    /// Number.
    Number(f64),
    /// A number with the formula that made it; only xlsx keeps the formula.
    Formula(f64, &'static str),
    /// A date as a serial number under a date format.
    Date(Date),
    /// Yes or no.
    Flag(bool),
    /// `#REF!` or `#DIV/0!`.
    Error(&'static str),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<i32> for Value {
    fn from(number: i32) -> Self {
        Self::Number(f64::from(number))
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Number(f64::from(number))
    }
}

impl From<Date> for Value {
    fn from(date: Date) -> Self {
        Self::Date(date)
    }
}

impl Value {
    /// As a text file has it.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(number) | Self::Formula(number, _) => number.to_string(),
            Self::Date(date) => format!("{}/{}/{}", date.year, date.month, date.day),
            Self::Flag(flag) => (if *flag { "TRUE" } else { "FALSE" }).to_owned(),
            Self::Error(word) => (*word).to_owned(),
        }
    }
}

/// A merged region: first and last cell, both inside, 0-based row and column.
pub type Merge = ((u32, u32), (u32, u32));

/// One sheet.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sheet {
    /// Name.
    pub name: String,
    /// Whether it is hidden.
    pub hidden: bool,
    /// Cells by 0-based row and column.
    pub rows: BTreeMap<u32, BTreeMap<u32, Value>>,
    /// Merged regions.
    pub merges: Vec<Merge>,
    /// Hidden rows.
    pub hidden_rows: BTreeSet<u32>,
    /// Hidden columns.
    pub hidden_columns: BTreeSet<u32>,
}

impl Sheet {
    /// An empty sheet.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    /// Puts a cell.
    pub fn put(&mut self, row: u32, column: u32, value: impl Into<Value>) {
        self.rows.entry(row).or_default().insert(column, value.into());
    }
}

/// Letters of a 0-based column: 0 is A, 26 is AA.
#[must_use]
pub fn letters(column: u32) -> String {
    let mut left = u64::from(column) + 1;
    let mut text = Vec::new();
    while left > 0 {
        left -= 1;
        text.push(char::from(b'A' + u8::try_from(left % 26).unwrap_or_default()));
        left /= 26;
    }
    text.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_letters() {
        assert_eq!(Date::new(1970, 1, 1).days(), 0);
        assert_eq!(Date::new(2024, 2, 29).serial(), 45_351);
        assert_eq!(Date::new(1900, 3, 1).serial(), 61);
        assert_eq!(
            ["A", "Z", "AA", "XFD"],
            [0, 25, 26, 16_383].map(letters).each_ref().map(String::as_str)
        );
    }
}
