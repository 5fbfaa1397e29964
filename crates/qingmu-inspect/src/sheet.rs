//! The account of one sheet.

use super::RefusedView;
use qingmu_cells::FieldValue;
use qingmu_ingest::intake::{FileIntake, Outcome, SheetIntake};
use qingmu_ingest::{
    CanonicalRow, Control, Interpreted, MappedColumn, Reconciled, SkipReason, Warning,
};
use qingmu_model::{Bilingual, Reject, RejectCode, mask_name};
use qingmu_sheets::letters;
use serde::Serialize;
use std::collections::BTreeMap;

/// Rejects and rows shown of a sheet.
const SHOWN: usize = 5;

/// One sheet.
#[derive(Debug, Clone, Serialize)]
pub struct SheetView {
    /// Name; empty where the format has none.
    pub sheet: String,
    /// Whether it is hidden.
    pub hidden: bool,
    /// Rows that hold a cell.
    pub rows: u64,
    /// Sums of another sheet's register, left out.
    pub summary: bool,
    /// Table; absent where nothing was read.
    pub table: Option<&'static str>,
    /// Chinese name of the table.
    pub table_zh: Option<&'static str>,
    /// First and last row of the header, as people count.
    pub header: Option<(u64, u64)>,
    /// Mean score of the columns in use.
    pub score: f64,
    /// Columns in the order of the sheet.
    pub columns: Vec<ColumnView>,
    /// What titles, the names of sheet and file, or the user state for every row.
    pub given: BTreeMap<&'static str, String>,
    /// Read = kept + quarantined + skipped.
    pub control: ControlView,
    /// Rows skipped, by reason.
    pub skipped: BTreeMap<SkipReason, u64>,
    /// The file's own totals.
    pub totals: TotalsView,
    /// What a person should look at.
    pub warnings: Vec<Warning>,
    /// Classes of damage, most frequent first.
    pub damage: Vec<DamageView>,
    /// The first rows that wait.
    pub rejects: Vec<RejectView>,
    /// The first rows kept, masked.
    pub sample: Vec<BTreeMap<&'static str, String>>,
    /// Why it was not understood.
    pub refused: Option<RefusedView>,
}

/// One column.
#[derive(Debug, Clone, Serialize)]
pub struct ColumnView {
    /// Letters.
    pub column: String,
    /// Header, levels joined with `/`.
    pub header: String,
    /// Our field; absent: not used.
    pub field: Option<String>,
    /// Crop.
    pub crop: Option<String>,
    /// Whether it sums up the crop columns.
    pub subtotal: bool,
    /// Unit.
    pub unit: Option<String>,
    /// How sure.
    pub score: f64,
    /// Nearest known spellings of a column that is not used.
    pub nearest: Vec<String>,
}

/// Rows, mu and yuan.
#[derive(Debug, Clone, Serialize)]
pub struct ControlView {
    /// Everything.
    pub read: Sums,
    /// Became canonical rows.
    pub kept: Sums,
    /// Wait.
    pub quarantined: Sums,
    /// No records.
    pub skipped: Sums,
    /// Whether the parts add up to the whole.
    pub closes: bool,
}

/// One line of a control account.
#[derive(Debug, Clone, Serialize)]
pub struct Sums {
    /// Rows of the sheet.
    pub rows: u64,
    /// Area.
    pub mu: String,
    /// Money.
    pub yuan: String,
    /// Cells of area or money that could not be read.
    pub unreadable: u64,
}

/// The file's own totals.
#[derive(Debug, Clone, Serialize)]
pub struct TotalsView {
    /// Figures held against the rows.
    pub figures: usize,
    /// Those that differ by more than 0.01.
    pub differing: Vec<Reconciled>,
}

/// One class of damage.
#[derive(Debug, Clone, Serialize)]
pub struct DamageView {
    /// Class.
    pub code: RejectCode,
    /// In words.
    pub title: Bilingual,
    /// Rows.
    pub rows: u64,
    /// What to do.
    pub remedy: Bilingual,
}

/// One row that waits.
#[derive(Debug, Clone, Serialize)]
pub struct RejectView {
    /// `台账.xlsx!2024年!F128`.
    pub place: String,
    /// The cell, masked.
    pub value: String,
    /// Class.
    pub code: RejectCode,
    /// In words.
    pub title: Bilingual,
    /// What to do.
    pub remedy: Bilingual,
}

impl SheetView {
    pub(super) fn new(file: &FileIntake, sheet: &SheetIntake) -> Self {
        let none = Self {
            sheet: sheet.sheet.clone(),
            hidden: sheet.hidden,
            rows: sheet.rows,
            summary: matches!(sheet.outcome, Outcome::Summary),
            table: None,
            table_zh: None,
            header: None,
            score: 0.0,
            columns: Vec::new(),
            given: BTreeMap::new(),
            control: ControlView::unread(sheet.rows),
            skipped: BTreeMap::new(),
            totals: TotalsView { figures: 0, differing: Vec::new() },
            warnings: Vec::new(),
            damage: Vec::new(),
            rejects: Vec::new(),
            sample: Vec::new(),
            refused: None,
        };
        match &sheet.outcome {
            Outcome::NoTable | Outcome::Summary => none,
            Outcome::Refused(error) => {
                let (place, what, remedy) =
                    (error.place().to_owned(), error.what(), error.remedy());
                Self { refused: Some(RefusedView { code: None, place, what, remedy }), ..none }
            }
            Outcome::Read(read) => Self {
                table: Some(read.table),
                table_zh: qingmu_model::table(read.table).map(|t| t.zh),
                header: Some(read.header),
                score: read.mapping.score(),
                columns: read.mapping.columns.iter().map(column).collect(),
                given: read
                    .given
                    .iter()
                    .map(|(field, value)| (*field, shown(field, value)))
                    .collect(),
                control: ControlView::of(read),
                skipped: read.skipped.clone(),
                totals: TotalsView {
                    figures: read.totals.len(),
                    differing: read.totals.iter().filter(|t| !t.agrees).cloned().collect(),
                },
                warnings: read.warnings.clone(),
                damage: damage(&read.rejects),
                rejects: read.rejects.iter().take(SHOWN).map(|r| reject(&file.name, r)).collect(),
                sample: read.rows.iter().take(SHOWN).map(sample).collect(),
                ..none
            },
        }
    }

    pub(super) fn quarantined_rows(&self) -> u64 {
        self.control.quarantined.rows
    }
}

impl ControlView {
    fn of(read: &Interpreted) -> Self {
        Self::parts([read.read, read.kept, read.quarantined, read.skipped_sums], read.closes())
    }

    /// A sheet of which nothing is used: its rows are skipped or refused as they stand.
    fn unread(rows: u64) -> Self {
        let all = Control { rows, ..Control::default() };
        Self::parts([all, Control::default(), Control::default(), all], true)
    }

    pub(super) fn of_file(file: &FileIntake) -> Self {
        let unread = file.sheets.iter().filter(|s| s.interpreted().is_none());
        let rows = unread.map(|s| s.rows).sum();
        let unread = Control { rows, ..Control::default() };
        let parts = [
            file.sum(|i| i.read).plus(unread),
            file.sum(|i| i.kept),
            file.sum(|i| i.quarantined),
            file.sum(|i| i.skipped_sums).plus(unread),
        ];
        Self::parts(parts, file.closes())
    }

    fn parts(parts: [Control; 4], closes: bool) -> Self {
        let [read, kept, quarantined, skipped] = parts.map(|control| Sums {
            rows: control.rows,
            mu: control.area.to_string(),
            yuan: control.amount.to_string(),
            unreadable: control.unreadable,
        });
        Self { read, kept, quarantined, skipped, closes }
    }
}

fn column(column: &MappedColumn) -> ColumnView {
    ColumnView {
        column: letters(column.column),
        header: column.header.clone(),
        field: column.field.clone(),
        crop: column.crop.clone(),
        subtotal: column.subtotal,
        unit: column.unit.clone(),
        score: column.score,
        nearest: column.nearest.clone(),
    }
}

fn damage(rejects: &[Reject]) -> Vec<DamageView> {
    let mut counts: BTreeMap<RejectCode, u64> = BTreeMap::new();
    for reject in rejects {
        *counts.entry(reject.code).or_default() += 1;
    }
    let mut all: Vec<DamageView> = counts
        .into_iter()
        .map(|(code, rows)| DamageView { code, title: code.title(), rows, remedy: code.remedy() })
        .collect();
    all.sort_by_key(|d| std::cmp::Reverse(d.rows));
    all
}

fn reject(file: &str, reject: &Reject) -> RejectView {
    let sheet = if reject.sheet.is_empty() { String::new() } else { format!("!{}", reject.sheet) };
    // A column of Parquet has a name instead of letters.
    let cell = if reject.column.chars().all(|c| c.is_ascii_uppercase()) {
        format!("{}{}", reject.column, reject.row)
    } else {
        format!("{}#{}", reject.column, reject.row)
    };
    RejectView {
        place: format!("{file}{sheet}!{cell}"),
        value: reject.value.clone(),
        code: reject.code,
        title: reject.code.title(),
        remedy: reject.code.remedy(),
    }
}

fn sample(row: &CanonicalRow) -> BTreeMap<&'static str, String> {
    row.fields.iter().map(|(field, value)| (*field, shown(field, &value.value))).collect()
}

/// A value as it may be shown.
fn shown(field: &str, value: &FieldValue) -> String {
    match value {
        FieldValue::Text(text) => match field {
            "claimant_name" | "account_holder" | "household_id" => mask_name(text),
            // Without a villages table names stay as they were typed.
            "village_code" if !text.is_ascii() => qingmu_model::mask_place(text),
            _ if qingmu_model::holds_id(text) => qingmu_model::mask_quoted(text),
            _ => text.clone(),
        },
        FieldValue::Integer(n) => n.to_string(),
        FieldValue::Real(n) => n.to_string(),
        FieldValue::Flag(flag) => (if *flag { "true" } else { "false" }).to_owned(),
        FieldValue::Date(date) => date.to_string(),
        FieldValue::Season(season) => season.to_string(),
        FieldValue::Mu(mu) => mu.to_string(),
        FieldValue::Yuan(yuan) => yuan.to_string(),
        FieldValue::Person(id) => id.to_string(),
        FieldValue::Account(id) => id.to_string(),
    }
}
