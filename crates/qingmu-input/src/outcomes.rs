//! What inspections found, one row per village-year: the table that weights are learned from.
//!
//! It is handed over beside an input folder and is none of its tables: a scan never reads it.

use crate::{
    Format, InputError, InputFile,
    cells::{self, Cell},
    claim_row::{Fault, cell, may, need},
    tables::{TableRows, read_one},
};
use qingmu_model::{ColumnKind, ColumnSpec, Project, RejectCode, TableSchema};
use std::{path::Path, sync::Arc};

/// What an inspection found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// An excess above 5 % stood on the land or in the accounts.
    Confirmed,
    /// None.
    Cleared,
    /// It could not be told.
    Insufficient,
}

/// One inspected village-year.
#[derive(Debug, Clone, PartialEq)]
pub struct OutcomeRow {
    /// Village code.
    pub village: Arc<str>,
    /// Year of the claims.
    pub year: i16,
    /// What was found.
    pub verdict: Verdict,
    /// Probability with which it was selected, above 0 and at most 1; 1 where the table does not say.
    pub inclusion: f64,
    /// Selected by the random control draw.
    pub control: bool,
    /// The honest reason that was found, for one that was cleared.
    pub cause: Option<Arc<str>>,
}

const fn column(name: &'static str, kind: ColumnKind, required: bool) -> ColumnSpec {
    ColumnSpec { name, kind, required }
}

/// The table.
static OUTCOMES: TableSchema = TableSchema {
    name: "outcomes",
    zh: "核查结论",
    columns: &[
        column("village_code", ColumnKind::Village, true),
        column("year", ColumnKind::Integer, true),
        column("verdict", ColumnKind::Text, true),
        column("inclusion", ColumnKind::Real, false),
        column("control", ColumnKind::Flag, false),
        column("cause", ColumnKind::Text, false),
    ],
};

const COLUMNS: [&str; 6] = ["village_code", "year", "verdict", "inclusion", "control", "cause"];

/// Words of a verdict.
const WORDS: [(Verdict, [&str; 4]); 3] = [
    (Verdict::Confirmed, ["confirmed", "属实", "查实", "部分属实"]),
    (Verdict::Cleared, ["cleared", "不属实", "排除", "查否"]),
    (Verdict::Insufficient, ["insufficient", "证据不足", "无法认定", "未查清"]),
];

/// Reads a file of outcomes, CSV or Parquet by its ending; `InputFile::name` of rejects is the file's own name.
///
/// # Errors
/// [`InputError`] for a file that cannot be read or lacks a column.
pub fn read_outcomes(path: &Path, project: &Project) -> Result<TableRows<OutcomeRow>, InputError> {
    let ending = path.extension().map(|e| e.to_string_lossy().to_ascii_lowercase());
    let format = match ending.as_deref() {
        Some("parquet") => Format::Parquet,
        _ => Format::Csv,
    };
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let file = InputFile { path: path.to_owned(), name, format };
    read_one(&file, &OUTCOMES, &COLUMNS, project.area_unit, |row, texts| {
        let village = need(0, cells::region(cell(row, 0), &project.region))?;
        let year = need(1, cells::year(cell(row, 1)))?;
        let verdict = need(2, verdict(cell(row, 2)))?;
        let cause = may(5, cells::text(cell(row, 5)))?;
        let row = OutcomeRow {
            village: texts.share(&village),
            year,
            verdict,
            inclusion: inclusion(cell(row, 3))?,
            control: may(4, cells::flag(cell(row, 4)))?.unwrap_or(false),
            cause: cause.map(|text| texts.share(&text)),
        };
        Ok((row, None))
    })
}

fn verdict(raw: Cell<'_>) -> Result<Option<Verdict>, RejectCode> {
    let Some(text) = cells::text(raw)? else { return Ok(None) };
    let found = WORDS.iter().find(|(_, words)| words.iter().any(|w| text.eq_ignore_ascii_case(w)));
    found.map(|(verdict, _)| Some(*verdict)).ok_or(RejectCode::OutOfPlace)
}

fn inclusion(raw: Cell<'_>) -> Result<f64, Fault> {
    let Some(text) = cells::text(raw).map_err(|code| (3, code))? else { return Ok(1.0) };
    let number = text.parse::<f64>().map_err(|_| (3, RejectCode::BadNumber))?;
    if number > 0.0 && number <= 1.0 { Ok(number) } else { Err((3, RejectCode::OutOfRange)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Outcome = Result<(), Box<dyn std::error::Error>>;

    #[test]
    fn verdicts_are_read_in_both_languages_and_bad_rows_are_listed() -> Outcome {
        let temp = tempfile::tempdir()?;
        let path = temp.path().join("found.csv");
        std::fs::write(
            &path,
            "village_code,year,verdict,inclusion,control,cause\n\
             610423113215,2022,属实,0.25,true,\n\
             610423113215,2021,Cleared,,,equal_allotment\n\
             610423113215,2020,证据不足,1,false,\n\
             610423113215,2020,maybe,1,,\n\
             610423113215,2020,cleared,1.5,,\n\
             610423113215,2020,cleared,often,,\n",
        )?;
        let (rows, accounts, rejects) = read_outcomes(&path, &Project::default())?;
        let told: Vec<_> =
            rows.iter().map(|r| (r.year, r.verdict, r.inclusion, r.control)).collect();
        assert_eq!(
            told,
            [
                (2022, Verdict::Confirmed, 0.25, true),
                (2021, Verdict::Cleared, 1.0, false),
                (2020, Verdict::Insufficient, 1.0, false),
            ]
        );
        assert_eq!(rows[1].cause.as_deref(), Some("equal_allotment"));
        let codes: Vec<_> = rejects.iter().map(|r| (r.row, r.column.as_str(), r.code)).collect();
        assert_eq!(
            codes,
            [
                (5, "verdict", RejectCode::OutOfPlace),
                (6, "inclusion", RejectCode::OutOfRange),
                (7, "inclusion", RejectCode::BadNumber),
            ]
        );
        assert_eq!((accounts[0].rows_read, accounts[0].rows_kept), (6, 3));
        Ok(())
    }

    #[test]
    fn a_file_without_verdicts_is_refused() -> Outcome {
        let temp = tempfile::tempdir()?;
        let path = temp.path().join("found.csv");
        std::fs::write(&path, "village_code,year\n")?;
        let error = read_outcomes(&path, &Project::default()).err().map(|e| e.to_string());
        assert!(error.is_some_and(|e| e.contains("verdict")));
        Ok(())
    }
}
