//! The rows behind a figure, read again from the files.
//!
//! Nothing here uses the columnar scan: sums over these rows check its sums by another way.

use crate::{
    Format, InputError, InputFile, InputSet,
    cells::{self, Cell},
    claim_row::{CLAIM_COLUMNS, Claim},
    damage::guarded,
    parquet_columns::CellColumn,
    rows::{Row, TableReader},
    tables::{BASELINE_COLUMNS, Baseline},
};
use parquet::arrow::{
    ProjectionMask,
    arrow_reader::{ParquetRecordBatchReaderBuilder, RowSelection},
};
use qingmu_model::{AccountId, ClaimantId, Mu, Project, Season, Yuan, table};
use rayon::prelude::*;
use std::{collections::BTreeSet, fs::File};

/// Columns in which a ledger keeps the office's file, sheet and row.
const ORIGIN_COLUMNS: [&str; 3] = ["source_file", "source_sheet", "source_row"];

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
    /// Where the row stands in the office's file, if the input is a ledger.
    pub origin: Option<Origin>,
}

/// A row of an office's file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin {
    /// File name without folders.
    pub file: String,
    /// Sheet; empty where the format has none.
    pub sheet: String,
    /// Row, 1-based.
    pub row: u64,
}

impl SourceRow {
    /// File and row as people look them up: of the office's file where it is known, else of the input's.
    #[must_use]
    pub fn place(&self) -> (String, u64) {
        match &self.origin {
            Some(o) if o.sheet.is_empty() => (o.file.clone(), o.row),
            Some(o) => (format!("{}!{}", o.file, o.sheet), o.row),
            None => (self.file.clone(), self.row),
        }
    }
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

/// Enters where rows of one file, in its order, stand in the office's files; nothing where the file does not say.
fn trace(file: &InputFile, rows: &mut [SourceRow]) -> Result<(), InputError> {
    if file.format != Format::Parquet || rows.is_empty() {
        return Ok(());
    }
    guarded(&file.path, || {
        let damaged = |source| InputError::Parquet { path: file.path.clone(), source };
        let opened = File::open(&file.path)
            .map_err(|source| InputError::Io { path: file.path.clone(), source })?;
        let builder = ParquetRecordBatchReaderBuilder::try_new(opened).map_err(damaged)?;
        let fields = builder.schema().fields();
        let place = |name: &str| fields.iter().position(|f| f.name() == name);
        let places: Option<Vec<usize>> = ORIGIN_COLUMNS.iter().map(|name| place(name)).collect();
        let Some(mut places) = places else { return Ok(()) };
        places.sort_unstable();
        let mask = ProjectionMask::roots(builder.parquet_schema(), places);
        let at = |row: &SourceRow| usize::try_from(row.row.saturating_sub(1)).unwrap_or(usize::MAX);
        let total = usize::try_from(builder.metadata().file_metadata().num_rows()).unwrap_or(0);
        let wanted = rows.iter().map(|row| at(row)..at(row).saturating_add(1));
        let selection = RowSelection::from_consecutive_ranges(wanted, total);
        let reader = builder.with_projection(mask).with_row_selection(selection).build();
        let mut left = rows.iter_mut();
        for batch in reader.map_err(damaged)? {
            let batch =
                batch.map_err(|source| InputError::Arrow { path: file.path.clone(), source })?;
            let columns = ORIGIN_COLUMNS.map(|name| batch.column_by_name(name));
            let [Some(files), Some(sheets), Some(numbers)] =
                columns.map(|c| c.and_then(CellColumn::new))
            else {
                return Ok(());
            };
            for (n, row) in (0..batch.num_rows()).zip(left.by_ref()) {
                row.origin = origin(files.cell(n), sheets.cell(n), numbers.cell(n));
            }
        }
        Ok(())
    })
}

fn origin(file: Cell<'_>, sheet: Cell<'_>, row: Cell<'_>) -> Option<Origin> {
    let Cell::Fixed(row, 0) = row else { return None };
    let text = |cell| cells::text(cell).ok().flatten().map(std::borrow::Cow::into_owned);
    let (file, sheet) = (text(file)?, text(sheet).unwrap_or_default());
    Some(Origin { file, sheet, row: u64::try_from(row).ok()? })
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
                origin: None,
            });
        }
        Ok(())
    })?;
    trace(file, &mut found)?;
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
                origin: None,
            });
        }
        Ok(())
    })?;
    trace(file, &mut found)?;
    Ok(found)
}

#[cfg(test)]
#[path = "provenance_tests.rs"]
mod tests;
