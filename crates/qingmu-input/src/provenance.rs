//! The rows behind a figure, read again from the files.
//!
//! Nothing here uses the columnar scan: sums over these rows check its sums by another way.

use crate::{
    InputError, InputFile, InputSet,
    claim_row::{CLAIM_COLUMNS, Claim},
    rows::{Row, TableReader},
    tables::{BASELINE_COLUMNS, Baseline},
};
use qingmu_model::{AccountId, ClaimantId, Mu, Project, Season, Yuan, table};
use rayon::prelude::*;
use std::collections::BTreeSet;

/// Which rows to read again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowQuery {
    /// `claims` or `baselines`.
    pub table: &'static str,
    /// Villages; empty means all.
    pub villages: BTreeSet<String>,
    /// Years; empty means all.
    pub years: BTreeSet<i16>,
    /// Claimants in clear text; `None` means all. Baselines have none.
    pub claimants: Option<BTreeSet<String>>,
    /// Accounts in clear text; `None` means all, and rows without an account are in no set.
    pub accounts: Option<BTreeSet<String>>,
}

/// One kept row of the input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceRow {
    /// File, relative to the input folder.
    pub file: String,
    /// Row: 1 is the first of a Parquet file, 2 the first below the header of a CSV file.
    pub row: u64,
    /// Village.
    pub village_code: String,
    /// Year.
    pub year: i16,
    /// Season.
    pub season: Season,
    /// Programme; baselines have none.
    pub programme: Option<String>,
    /// Crop or land class.
    pub crop: String,
    /// Claim id.
    pub claim_id: Option<String>,
    /// Claimant.
    pub claimant: Option<ClaimantId>,
    /// Account.
    pub account: Option<AccountId>,
    /// Approver.
    pub approver: Option<ClaimantId>,
    /// Area, mu.
    pub area: Mu,
    /// Amount; baselines have none.
    pub amount: Option<Yuan>,
    /// Rate per mu.
    pub rate: Option<Yuan>,
    /// Source of a baseline.
    pub source: Option<String>,
    /// Standard error of a baseline, mu.
    pub se: Option<Mu>,
    /// Whether a baseline is independent of the village's own reports.
    pub independent: Option<bool>,
}

/// Reads the rows of a query again, by file name and row. Refused rows are in no sum and not here either.
///
/// # Errors
/// [`InputError`] naming the file that cannot be read.
pub fn source_rows(
    input: &InputSet,
    project: &Project,
    query: &RowQuery,
) -> Result<Vec<SourceRow>, InputError> {
    let Some(files) = input.tables.get(query.table) else { return Ok(Vec::new()) };
    let parts: Vec<Vec<SourceRow>> = files
        .par_iter()
        .map(|file| match query.table {
            "claims" => claims(file, project, query),
            "baselines" => baselines(file, project, query),
            _ => Ok(Vec::new()),
        })
        .collect::<Result<_, _>>()?;
    Ok(parts.into_iter().flatten().collect())
}

impl RowQuery {
    fn asks(&self, village: &str, year: i16) -> bool {
        (self.villages.is_empty() || self.villages.contains(village))
            && (self.years.is_empty() || self.years.contains(&year))
    }
}

fn claims(
    file: &InputFile,
    project: &Project,
    query: &RowQuery,
) -> Result<Vec<SourceRow>, InputError> {
    let Some(schema) = table("claims") else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    TableReader::open(file, schema, &CLAIM_COLUMNS)?.for_each(&mut |row, cells| {
        let Row::Cells(cells) = cells else { return Ok(()) };
        let Ok(claim) = Claim::check(cells, project) else { return Ok(()) };
        let in_set = |set: &Option<BTreeSet<String>>, id: Option<&str>| {
            set.as_ref().is_none_or(|set| id.is_some_and(|id| set.contains(id)))
        };
        if query.asks(&claim.village, claim.year)
            && in_set(&query.claimants, Some(&claim.claimant))
            && in_set(&query.accounts, claim.account.as_deref())
        {
            found.push(SourceRow {
                file: file.name.clone(),
                row,
                village_code: claim.village.into_owned(),
                year: claim.year,
                season: claim.season,
                programme: Some(claim.programme.into_owned()),
                crop: claim.crop.into_owned(),
                claim_id: Some(claim.id.into_owned()),
                claimant: Some(ClaimantId::new(claim.claimant)),
                account: claim.account.map(AccountId::new),
                approver: claim.approver.map(ClaimantId::new),
                area: claim.area.0,
                amount: Some(claim.amount.0),
                rate: claim.rate,
                source: None,
                se: None,
                independent: None,
            });
        }
        Ok(())
    })?;
    Ok(found)
}

fn baselines(
    file: &InputFile,
    project: &Project,
    query: &RowQuery,
) -> Result<Vec<SourceRow>, InputError> {
    let Some(schema) = table("baselines") else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    TableReader::open(file, schema, &BASELINE_COLUMNS)?.for_each(&mut |row, cells| {
        let Row::Cells(cells) = cells else { return Ok(()) };
        let Ok(base) = Baseline::check(cells, project) else { return Ok(()) };
        if query.asks(&base.village, base.year) {
            found.push(SourceRow {
                file: file.name.clone(),
                row,
                village_code: base.village.into_owned(),
                year: base.year,
                season: base.season,
                programme: None,
                crop: base.crop.into_owned(),
                claim_id: None,
                claimant: None,
                account: None,
                approver: None,
                area: base.area.0,
                amount: None,
                rate: None,
                source: Some(base.source.into_owned()),
                se: base.se,
                independent: base.independent,
            });
        }
        Ok(())
    })?;
    Ok(found)
}

#[cfg(test)]
#[path = "provenance_tests.rs"]
mod tests;
