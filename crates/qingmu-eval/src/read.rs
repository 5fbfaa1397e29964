//! Lists of leads and truths from their files.

use arrow::util::display::{ArrayFormatter, FormatOptions};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};

/// Why an evaluation is not possible: what, where, and what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EvalError {
    /// A file that cannot be opened or read.
    #[error("{path}: cannot be read: {why}; check the path and its permissions")]
    Read {
        /// File.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// A folder without a list.
    #[error(
        "{path}: holds neither leads.csv nor leads.parquet; give the folder of a scan or the file itself"
    )]
    NoList {
        /// Folder.
        path: PathBuf,
    },
    /// A list without a column.
    #[error("{path}: no column `{column}`; a list needs village_code, year and score")]
    NoColumn {
        /// File.
        path: PathBuf,
        /// Column.
        column: &'static str,
    },
    /// A cell that does not hold what its column needs.
    #[error("{path}: row {row}, column `{column}`: `{value}` is not {need}; correct the file")]
    Cell {
        /// File.
        path: PathBuf,
        /// Row, the first one after the header being 1.
        row: u64,
        /// Column.
        column: &'static str,
        /// What stands there.
        value: String,
        /// What should.
        need: &'static str,
    },
    /// A truth that is not of the form that `qingmu synth` writes.
    #[error("{path}: {what}; give the truth.json that `qingmu synth` wrote")]
    Truth {
        /// File.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
    /// Nobody says how many villages there are.
    #[error("the truth does not say how many villages there are; give --villages N")]
    NoVillages,
    /// More villages named than there are.
    #[error(
        "{named} villages are listed or planted, but there are only {villages}; give the right --villages N"
    )]
    TooFewVillages {
        /// Villages named.
        named: usize,
        /// Villages that there are.
        villages: usize,
    },
}

/// One listed village-year.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Listed {
    /// Village.
    pub village_code: String,
    /// Year.
    pub year: i16,
    /// Greater is more suspicious.
    pub score: f64,
    /// False-discovery rate.
    pub q: Option<f64>,
    /// The same, with what rings tell.
    pub ring_q: Option<f64>,
    /// Excess in mu: estimate, lower and upper end of its interval.
    pub mu: Option<[f64; 3]>,
    /// The same in yuan.
    pub yuan: Option<[f64; 3]>,
    /// Lead that the row belongs to.
    pub lead_id: String,
    /// Villages of the ring, where the lead is one.
    pub members: Vec<String>,
    /// False-discovery rate of the ring as a whole.
    pub ring_lead_q: Option<f64>,
    /// Grade of the row, E0 to E3; empty where the list has none.
    pub grade: String,
}

/// One planted village-year and scheme.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// Village.
    pub village_code: String,
    /// Year.
    pub year: i16,
    /// Scheme.
    pub kind: String,
    /// Excess in mu.
    pub mu: f64,
    /// Excess in yuan.
    pub yuan: f64,
    /// Ring that it is part of: county and number.
    pub ring: Option<String>,
}

/// Everything planted.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Truths {
    /// Villages in all, where the truth says so.
    pub villages: Option<usize>,
    /// By village and year.
    pub planted: Vec<Case>,
}

const NEEDED: [&str; 3] = ["village_code", "year", "score"];
const WANTED: [&str; 15] = [
    "village_code",
    "year",
    "score",
    "q_value",
    "ring_q",
    "excess_mu",
    "excess_mu_lo",
    "excess_mu_hi",
    "excess_yuan",
    "excess_yuan_lo",
    "excess_yuan_hi",
    "lead_id",
    "members",
    "ring_lead_q",
    "grade",
];

/// Reads a list of leads: `leads.csv`, `leads.parquet`, or the folder of a scan that holds one of them.
///
/// # Errors
/// [`EvalError`] naming file, row and column.
pub fn read_leads(path: &Path) -> Result<Vec<Listed>, EvalError> {
    let found = if path.is_dir() {
        let names = ["leads.csv", "leads.parquet"].map(|name| path.join(name));
        let list = names.into_iter().find(|name| name.is_file());
        list.ok_or_else(|| EvalError::NoList { path: path.to_owned() })?
    } else {
        path.to_owned()
    };
    let is_parquet = found.extension().is_some_and(|e| e == "parquet");
    let (header, rows) = if is_parquet { parquet(&found)? } else { csv(&found)? };
    let mut place = [None; WANTED.len()];
    for (place, name) in place.iter_mut().zip(WANTED) {
        *place = header.iter().position(|h| h == name);
        if place.is_none() && NEEDED.contains(&name) {
            return Err(EvalError::NoColumn { path: found, column: name });
        }
    }
    let listed = rows.iter().enumerate().map(|(i, row)| {
        let cell = |column: usize| {
            let text = place[column].and_then(|at| row.get(at)).map_or("", String::as_str);
            Cell { path: &found, row: i as u64 + 1, column: WANTED[column], text: text.trim() }
        };
        one(cell)
    });
    listed.collect()
}

fn one<'a>(cell: impl Fn(usize) -> Cell<'a>) -> Result<Listed, EvalError> {
    let village = cell(0);
    if village.text.is_empty() {
        return Err(village.fail("a village code"));
    }
    let year = cell(1);
    let score = cell(2);
    let range = |from: usize| -> Result<Option<[f64; 3]>, EvalError> {
        let [a, b, c] = [cell(from).number()?, cell(from + 1).number()?, cell(from + 2).number()?];
        Ok(a.zip(b).zip(c).map(|((a, b), c)| [a, b, c]))
    };
    Ok(Listed {
        village_code: village.text.to_owned(),
        year: year.text.parse().map_err(|_| year.fail("a year"))?,
        score: score.number()?.ok_or_else(|| score.fail("a number"))?,
        q: cell(3).number()?,
        ring_q: cell(4).number()?,
        mu: range(5)?,
        yuan: range(8)?,
        lead_id: cell(11).text.to_owned(),
        members: cell(12).text.split_whitespace().map(str::to_owned).collect(),
        ring_lead_q: cell(13).number()?,
        grade: cell(14).text.to_owned(),
    })
}

struct Cell<'a> {
    path: &'a Path,
    row: u64,
    column: &'static str,
    text: &'a str,
}

impl Cell<'_> {
    fn fail(&self, need: &'static str) -> EvalError {
        let (path, value) = (self.path.to_owned(), self.text.to_owned());
        EvalError::Cell { path, row: self.row, column: self.column, value, need }
    }

    /// A finite number; none for an empty cell.
    fn number(&self) -> Result<Option<f64>, EvalError> {
        if self.text.is_empty() {
            return Ok(None);
        }
        let value: f64 = self.text.parse().map_err(|_| self.fail("a number"))?;
        if value.is_finite() { Ok(Some(value)) } else { Err(self.fail("a finite number")) }
    }
}

type Sheet = (Vec<String>, Vec<Vec<String>>);

fn csv(path: &Path) -> Result<Sheet, EvalError> {
    let fail = |e: ::csv::Error| EvalError::Read { path: path.to_owned(), why: e.to_string() };
    let mut reader = ::csv::Reader::from_path(path).map_err(fail)?;
    let header = reader.headers().map_err(fail)?;
    // Programs that write for spreadsheets put a byte-order mark first.
    let header = header.iter().map(|h| h.trim_start_matches('\u{feff}').to_owned()).collect();
    let mut rows = Vec::new();
    for record in reader.records() {
        rows.push(record.map_err(fail)?.iter().map(str::to_owned).collect());
    }
    Ok((header, rows))
}

fn parquet(path: &Path) -> Result<Sheet, EvalError> {
    let fail = |e: &dyn ToString| EvalError::Read { path: path.to_owned(), why: e.to_string() };
    let file = File::open(path).map_err(|e| fail(&e))?;
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|e| fail(&e))?;
    let reader = reader.build().map_err(|e| fail(&e))?;
    let mut header: Vec<String> = Vec::new();
    let mut rows = Vec::new();
    let options = FormatOptions::default();
    for batch in reader {
        let batch = batch.map_err(|e| fail(&e))?;
        header = batch.schema().fields().iter().map(|f| f.name().clone()).collect();
        let columns: Result<Vec<ArrayFormatter<'_>>, _> =
            batch.columns().iter().map(|c| ArrayFormatter::try_new(c.as_ref(), &options)).collect();
        let columns = columns.map_err(|e| fail(&e))?;
        for row in 0..batch.num_rows() {
            rows.push(columns.iter().map(|c| c.value(row).to_string()).collect());
        }
    }
    Ok((header, rows))
}

/// Reads what was planted.
///
/// # Errors
/// [`EvalError`] naming the file and the entry.
pub fn read_truth(path: &Path) -> Result<Truths, EvalError> {
    let fail = |why: String| EvalError::Read { path: path.to_owned(), why };
    let bytes = std::fs::read(path).map_err(|e| fail(e.to_string()))?;
    let wrong = |what: String| EvalError::Truth { path: path.to_owned(), what };
    let value: Value =
        serde_json::from_slice(&bytes).map_err(|e| wrong(format!("no JSON ({e})")))?;
    let list = value.get("planted").and_then(Value::as_array);
    let list = list.ok_or_else(|| wrong("no list `planted`".to_owned()))?;
    let mut planted: BTreeMap<(String, i16, String), Case> = BTreeMap::new();
    for (i, entry) in list.iter().enumerate() {
        let lacks = |name: &str| wrong(format!("entry {} of `planted` has no `{name}`", i + 1));
        let code = entry.get("village_code").and_then(Value::as_str);
        let code = code.ok_or_else(|| lacks("village_code"))?.to_owned();
        let year = entry.get("year").and_then(Value::as_i64).and_then(|y| i16::try_from(y).ok());
        let year = year.ok_or_else(|| lacks("year"))?;
        let kind = entry.get("type").and_then(Value::as_str).unwrap_or("case").to_owned();
        let mu = number(entry, "excess_mu").ok_or_else(|| lacks("excess_mu"))?;
        let yuan = number(entry, "excess_yuan").ok_or_else(|| lacks("excess_yuan"))?;
        let number = entry.get("ring").and_then(Value::as_u64);
        let ring = number.map(|n| format!("{}/{n}", code.get(..6).unwrap_or(&code)));
        let case = Case { village_code: code, year, kind, mu, yuan, ring };
        let key = (case.village_code.clone(), case.year, case.kind.clone());
        match planted.get_mut(&key) {
            Some(same) => (same.mu, same.yuan) = (same.mu + mu, same.yuan + yuan),
            None => drop(planted.insert(key, case)),
        }
    }
    let villages = value.get("villages").and_then(Value::as_u64);
    Ok(Truths {
        villages: villages.and_then(|n| usize::try_from(n).ok()),
        planted: planted.into_values().collect(),
    })
}

/// Leaves one year of a list and of a truth: what stands in that year alone.
pub fn only_year(leads: &mut Vec<Listed>, truths: &mut Truths, year: i16) {
    leads.retain(|l| l.year == year);
    truths.planted.retain(|c| c.year == year);
}

/// A number, written as one or as text.
fn number(entry: &Value, name: &str) -> Option<f64> {
    let value = entry.get(name)?;
    let read = value.as_f64().or_else(|| value.as_str()?.parse().ok());
    read.filter(|n| n.is_finite())
}
