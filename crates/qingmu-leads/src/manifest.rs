//! What a run read, ran and wrote, without clock or path: the same run gives the same manifest anywhere.

use crate::error::LeadError;
use qingmu_model::{InputAccount, InputCoverage, Mu, RuleCoverage, ViewCoverage, Yuan};
use serde::Serialize;
use std::collections::BTreeMap;

/// Contents of `coverage.json`: what could be judged and what could not.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct CoverageReport {
    /// Of the input.
    pub input: InputCoverage,
    /// Of each rule, by rule.
    pub rules: Vec<RuleCoverage>,
    /// Of each view that a rule ran on, by name.
    pub views: BTreeMap<String, ViewCoverage>,
    /// Of the model: what it assessed and what not; nothing where it did not run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detection: Option<serde_json::Value>,
}

/// Contents of `manifest.json`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Manifest {
    /// Version of the program.
    pub version: String,
    /// Options that change results.
    pub options: BTreeMap<String, String>,
    /// Currency of every amount.
    pub currency: String,
    /// Every input file, sorted.
    pub inputs: Vec<InputAccount>,
    /// Sums of `inputs` by table.
    pub totals: BTreeMap<String, TableTotal>,
    /// Rule file to digest.
    pub rules: BTreeMap<String, String>,
    /// Output file to digest (`sha256:` and 64 hex digits).
    pub outputs: BTreeMap<String, String>,
}

/// Rows and exact sums of all files of one table.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct TableTotal {
    /// Files.
    pub files: u64,
    /// Rows in them; always kept + rejected.
    pub rows_read: u64,
    /// Rows used.
    pub rows_kept: u64,
    /// Rows in `rejects.csv`.
    pub rows_rejected: u64,
    /// Area of the kept rows; `None` where the table has none.
    pub area_mu: Option<Mu>,
    /// Money of the kept rows; `None` where the table has none.
    pub amount_yuan: Option<Yuan>,
    /// Readable area of the rejected rows; `None` where the table has none, or where it leaves the range.
    pub area_rejected_mu: Option<Mu>,
    /// Readable money of the rejected rows; `None` as for areas.
    pub amount_rejected_yuan: Option<Yuan>,
    /// Rejected rows whose own area is missing or not valid.
    pub area_unreadable: u64,
    /// Rejected rows whose own amount is missing or not valid.
    pub amount_unreadable: u64,
}

impl TableTotal {
    /// Sums by table.
    ///
    /// # Errors
    /// [`LeadError::Unbalanced`] for a file whose rows are not all accounted for, [`LeadError::Total`] beyond the
    /// fixed-point range.
    pub fn of(inputs: &[InputAccount]) -> Result<BTreeMap<String, Self>, LeadError> {
        let mut totals: BTreeMap<String, Self> = BTreeMap::new();
        for input in inputs {
            balanced(input)?;
            let total = totals.entry(input.table.clone()).or_default();
            let failed = |source| LeadError::Total { table: input.table.clone(), source };
            let first = total.files == 0;
            total.files += 1;
            total.rows_read += input.rows_read;
            total.rows_kept += input.rows_kept;
            total.rows_rejected += input.rows_rejected;
            if let Some(mu) = input.area_mu {
                let sum = Mu::sum([total.area_mu.unwrap_or_default(), mu]);
                total.area_mu = Some(sum.map_err(failed)?);
            }
            if let Some(yuan) = input.amount_yuan {
                let sum = Yuan::sum([total.amount_yuan.unwrap_or_default(), yuan]);
                total.amount_yuan = Some(sum.map_err(failed)?);
            }
            total.area_unreadable += input.area_unreadable;
            total.amount_unreadable += input.amount_unreadable;
            // Rejected rows may hold anything: one sum that is not known makes the total not known.
            total.area_rejected_mu = match (first, total.area_rejected_mu) {
                (true, _) => input.area_rejected_mu,
                (false, sum) => sum.zip(input.area_rejected_mu).and_then(|(a, b)| a.checked_add(b)),
            };
            total.amount_rejected_yuan = match (first, total.amount_rejected_yuan) {
                (true, _) => input.amount_rejected_yuan,
                (false, sum) => {
                    sum.zip(input.amount_rejected_yuan).and_then(|(a, b)| a.checked_add(b))
                }
            };
        }
        Ok(totals)
    }
}

impl Manifest {
    /// Refuses what must not be written: rows that disappeared, paths of one machine.
    pub(crate) fn check(&self) -> Result<(), LeadError> {
        for input in &self.inputs {
            balanced(input)?;
            relative("inputs", &input.file)?;
        }
        for (key, value) in &self.options {
            relative(&format!("options.{key}"), value)?;
        }
        for (key, names) in [("rules", &self.rules), ("outputs", &self.outputs)] {
            for name in names.keys() {
                relative(key, name)?;
            }
        }
        Ok(())
    }
}

fn balanced(input: &InputAccount) -> Result<(), LeadError> {
    if input.rows_kept.checked_add(input.rows_rejected) == Some(input.rows_read) {
        return Ok(());
    }
    Err(LeadError::Unbalanced {
        file: input.file.clone(),
        read: input.rows_read,
        kept: input.rows_kept,
        rejected: input.rows_rejected,
    })
}

fn relative(key: &str, path: &str) -> Result<(), LeadError> {
    let drive = path.get(1..3).is_some_and(|s| s == ":\\" || s == ":/");
    if path.starts_with('/') || path.starts_with('\\') || drive {
        return Err(LeadError::AbsolutePath { key: key.to_owned(), path: path.to_owned() });
    }
    Ok(())
}
