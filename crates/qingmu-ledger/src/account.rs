//! The account of a file: every row read is kept, quarantined or skipped, in rows, mu and yuan.

use crate::error::LedgerError;
use qingmu_ingest::{
    Control, Interpreted,
    intake::{FileIntake, Outcome, SheetIntake},
};
use qingmu_model::{Bilingual, Mu, Reject, RejectCode, Yuan};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Rows with their sums.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Sum {
    /// Rows.
    pub rows: u64,
    /// Area, mu.
    pub area_mu: Mu,
    /// Money, yuan.
    pub amount_yuan: Yuan,
}

impl Sum {
    /// With another one; a sum beyond the range stays where it was and is caught by the balance.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            rows: self.rows + other.rows,
            area_mu: self.area_mu.checked_add(other.area_mu).unwrap_or(self.area_mu),
            amount_yuan: self
                .amount_yuan
                .checked_add(other.amount_yuan)
                .unwrap_or(self.amount_yuan),
        }
    }

    fn of(control: Control) -> Self {
        Self { rows: control.rows, area_mu: control.area, amount_yuan: control.amount }
    }
}

/// One total of the file held against its rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Total {
    /// Row of the total, 1-based.
    pub row: u64,
    /// Column letter.
    pub column: String,
    /// What the file says.
    pub stated: String,
    /// What its rows add up to.
    pub computed: String,
    /// Whether both agree to 0.01.
    pub agrees: bool,
}

/// What a person should look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    /// Stable code.
    pub code: String,
    /// How often.
    pub count: u64,
    /// Text.
    pub text: Bilingual,
}

/// A row that was quarantined.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quarantined {
    /// Row, 1-based.
    pub row: u64,
    /// Column letter.
    pub column: String,
    /// Value, masked.
    pub value: String,
    /// Class of the damage.
    pub code: String,
}

/// The account of a sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetAccount {
    /// Name; empty where the format has none.
    pub sheet: String,
    /// Whether it is hidden.
    pub hidden: bool,
    /// Table; `None`: no table stands in it.
    pub table: Option<String>,
    /// Rows of the sheet that hold something, with the figures of every one.
    pub read: Sum,
    /// Rows that became records.
    pub kept: Sum,
    /// Rows in quarantine; sums of what could be read.
    pub quarantined: Sum,
    /// Cells of quarantined rows that could not be read as area or money.
    pub unreadable: u64,
    /// Rows that are no records, by reason.
    pub skipped: BTreeMap<String, u64>,
    /// The same rows with their figures: a total's are those of its rows once more.
    pub skipped_sum: Sum,
    /// Records: several come from one row where crops stand side by side.
    pub records: u64,
    /// The file's own totals.
    pub totals: Vec<Total>,
    /// What to look at.
    pub remarks: Vec<Remark>,
    /// Rows quarantined.
    pub rejects: Vec<Quarantined>,
}

impl SheetAccount {
    /// Whether what was read is what was kept, quarantined and skipped, in rows, area and money.
    #[must_use]
    pub fn closes(&self) -> bool {
        let skipped: u64 = self.skipped.values().sum();
        self.read == self.kept.plus(self.quarantined).plus(self.skipped_sum)
            && self.skipped_sum.rows == skipped
            && self.quarantined.rows == self.rejects.len() as u64
    }

    /// Totals of the file that its rows do not reach.
    pub fn differing(&self) -> impl Iterator<Item = &Total> {
        self.totals.iter().filter(|t| !t.agrees)
    }
}

/// The account of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileAccount {
    /// Name without folders.
    pub name: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Format by content.
    pub format: String,
    /// Text encoding, where the format does not fix it.
    pub encoding: Option<String>,
    /// Sheets in file order.
    pub sheets: Vec<SheetAccount>,
}

impl FileAccount {
    /// Of a file as it was understood.
    ///
    /// # Errors
    /// [`LedgerError::Sheet`] for sheets that could not be understood, [`LedgerError::Unbalanced`] where rows
    /// went missing.
    pub(crate) fn new(file: &FileIntake) -> Result<Self, LedgerError> {
        let refused: Vec<String> =
            file.sheets.iter().filter_map(|s| s.error().map(ToString::to_string)).collect();
        if !refused.is_empty() {
            return Err(LedgerError::Sheet(refused.join("\n")));
        }
        let account = Self {
            name: file.name.clone(),
            sha256: file.sha256.clone(),
            format: file.format.name().to_owned(),
            encoding: file.encoding.as_ref().map(|e| e.name.clone()),
            sheets: file.sheets.iter().map(sheet).collect(),
        };
        if let Some(sheet) = account.sheets.iter().find(|s| !s.closes()) {
            let (read, kept, waiting) = (sheet.read, sheet.kept, sheet.quarantined);
            let skipped = sheet.skipped_sum;
            let what = format!("{}: {read:?} ≠ {kept:?} + {waiting:?} + {skipped:?}", sheet.sheet);
            return Err(LedgerError::Unbalanced { file: account.name, what });
        }
        Ok(account)
    }

    /// Sum over the sheets of one class of rows.
    #[must_use]
    pub fn sum(&self, of: impl Fn(&SheetAccount) -> Sum) -> Sum {
        self.sheets.iter().map(of).fold(Sum::default(), Sum::plus)
    }

    /// The rejects as they are listed.
    pub(crate) fn rejects(&self) -> Vec<Reject> {
        let of = |sheet: &SheetAccount, q: &Quarantined| Reject {
            file: self.name.clone(),
            sheet: sheet.sheet.clone(),
            row: q.row,
            column: q.column.clone(),
            value: q.value.clone(),
            code: code(&q.code),
        };
        self.sheets.iter().flat_map(|s| s.rejects.iter().map(move |q| of(s, q))).collect()
    }
}

/// A code that a later version wrote is at least a row out of place.
fn code(word: &str) -> RejectCode {
    let found = RejectCode::ALL.into_iter().find(|c| c.code() == word);
    found.unwrap_or(RejectCode::OutOfPlace)
}

fn sheet(sheet: &SheetIntake) -> SheetAccount {
    let name = sheet.sheet.clone();
    match &sheet.outcome {
        Outcome::Read(read) => of_rows(name, sheet.hidden, read),
        // Refused ones were refused before.
        Outcome::NoTable | Outcome::Summary | Outcome::Refused(_) => SheetAccount {
            sheet: name,
            hidden: sheet.hidden,
            table: None,
            read: Sum { rows: sheet.rows, ..Sum::default() },
            kept: Sum::default(),
            quarantined: Sum::default(),
            unreadable: 0,
            skipped: BTreeMap::from([(unread(&sheet.outcome).to_owned(), sheet.rows)]),
            skipped_sum: Sum { rows: sheet.rows, ..Sum::default() },
            records: 0,
            totals: Vec::new(),
            remarks: Vec::new(),
            rejects: Vec::new(),
        },
    }
}

/// Why nothing is used of a sheet.
fn unread(outcome: &Outcome) -> &'static str {
    if matches!(outcome, Outcome::Summary) { "summary" } else { "no_table" }
}

fn of_rows(sheet: String, hidden: bool, read: &Interpreted) -> SheetAccount {
    let word = |reason: &qingmu_ingest::SkipReason| {
        let value = serde_json::to_value(reason).ok();
        value.and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
    };
    SheetAccount {
        sheet,
        hidden,
        table: Some(read.table.to_owned()),
        read: Sum::of(read.read),
        kept: Sum::of(read.kept),
        quarantined: Sum::of(read.quarantined),
        unreadable: read.quarantined.unreadable,
        skipped: read.skipped.iter().map(|(reason, rows)| (word(reason), *rows)).collect(),
        skipped_sum: Sum::of(read.skipped_sums),
        records: read.rows.len() as u64,
        totals: read
            .totals
            .iter()
            .map(|t| Total {
                row: t.row,
                column: t.column.clone(),
                stated: t.stated.clone(),
                computed: t.computed.clone(),
                agrees: t.agrees,
            })
            .collect(),
        remarks: read
            .warnings
            .iter()
            .map(|w| Remark { code: w.code.to_owned(), count: w.count, text: w.text.clone() })
            .collect(),
        rejects: read
            .rejects
            .iter()
            .map(|r| Quarantined {
                row: r.row,
                column: r.column.clone(),
                value: r.value.clone(),
                code: r.code.code().to_owned(),
            })
            .collect(),
    }
}
