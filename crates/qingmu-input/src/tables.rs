//! The small tables: baselines, villages and transfers as typed rows, the others counted.

use crate::{
    InputError, InputFile, InputSet,
    cells::{self, Cell, Rounded, reject},
    cells_date::{date, year_of},
    claim_row::{Fault, cell, may, need},
    claims_csv::wrong_length,
    digest::sha256_all,
    hash::id_hash,
    intern::Interner,
    refused::Refused,
    rows::{Row, TableReader, count_rows},
};
use qingmu_model::{
    AreaUnit, InputAccount, Mu, Project, Reject, Season, TABLES, TableSchema, table,
};
use rayon::prelude::*;
use std::{fs, sync::Arc};

pub use crate::money::{
    FlowRow, FundRow, InspectionRow, OrganisationRow, PaymentRow, PublicityRow, read_flows,
    read_funds, read_inspections, read_organisations, read_payments, read_publicity,
};
pub use crate::registers::{
    HouseholdRow, ParcelRow, PersonRow, PostRow, ProgrammeRow, read_households, read_parcels,
    read_persons, read_posts, read_programmes,
};

/// One area of one source for a village, year, season and crop or land class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaselineRow {
    /// Village code.
    pub village: Arc<str>,
    /// Year.
    pub year: i16,
    /// Season.
    pub season: Season,
    /// Crop or land class.
    pub crop: Arc<str>,
    /// Area.
    pub area: Mu,
    /// Where the area comes from.
    pub source: Arc<str>,
    /// Standard error.
    pub se: Option<Mu>,
    /// `false`: compiled from what the village itself reported. `None`: the table does not say.
    pub independent: Option<bool>,
}

/// Names of a village and the regions above it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VillageRow {
    /// Village code.
    pub village: Arc<str>,
    /// Name.
    pub name: Arc<str>,
    /// Name of its town.
    pub town_name: Option<Arc<str>>,
    /// Name of its county.
    pub county_name: Option<Arc<str>>,
}

/// Land let by one to another; identities as [`id_hash`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransferRow {
    /// Who lets.
    pub from: u128,
    /// Who leases.
    pub to: u128,
    /// Area.
    pub area: Mu,
    /// First day, in days since 1970-01-01.
    pub start_on: Option<i32>,
    /// Last day.
    pub end_on: Option<i32>,
    /// Who draws the subsidy by the agreement, as written.
    pub subsidy_follows: Option<Arc<str>>,
}

impl TransferRow {
    /// Whether the lease runs on any day of a year; a date that is not given sets no bound.
    #[must_use]
    pub fn runs_in(&self, year: i16) -> bool {
        let year = i32::from(year);
        self.start_on.is_none_or(|day| year_of(day) <= year)
            && self.end_on.is_none_or(|day| year_of(day) >= year)
    }
}

/// Rows, one account per file, and the refused rows in order of file and row.
pub type TableRows<T> = (Vec<T>, Vec<InputAccount>, Vec<Reject>);

/// Tables that are read into rows; `claims` are read apart.
const READ: [&str; 4] = ["claims", "baselines", "villages", "transfers"];

/// Columns of baselines that are read, in the order of the schema.
pub(crate) const BASELINE_COLUMNS: [&str; 8] =
    ["village_code", "year", "season", "crop", "area_mu", "source", "se_mu", "independent"];

const VILLAGE_COLUMNS: [&str; 4] = ["village_code", "name", "town_name", "county_name"];

const TRANSFER_COLUMNS: [&str; 6] =
    ["from_id", "to_id", "area_mu", "start_on", "end_on", "subsidy_follows"];

/// A checked row of baselines, still borrowing its texts.
pub(crate) struct Baseline<'a> {
    pub(crate) village: std::borrow::Cow<'a, str>,
    pub(crate) year: i16,
    pub(crate) season: Season,
    pub(crate) crop: std::borrow::Cow<'a, str>,
    pub(crate) area: Rounded<Mu>,
    pub(crate) source: std::borrow::Cow<'a, str>,
    pub(crate) se: Option<Mu>,
    pub(crate) independent: Option<bool>,
}

impl<'a> Baseline<'a> {
    /// Checks the cells of [`BASELINE_COLUMNS`], left to right.
    ///
    /// # Errors
    /// The first [`Fault`].
    pub(crate) fn check(row: &[Cell<'a>], project: &Project) -> Result<Self, Fault> {
        let unit = project.area_unit;
        Ok(Self {
            village: need(0, cells::region(cell(row, 0), &project.region))?,
            year: need(1, cells::year(cell(row, 1)))?,
            season: cells::season(cell(row, 2)).map_err(|code| (2, code))?,
            crop: need(3, cells::text(cell(row, 3)))?,
            area: need(4, cells::area(cell(row, 4), unit))?,
            source: need(5, cells::text(cell(row, 5)))?,
            se: may(6, cells::area(cell(row, 6), unit))?.map(|(se, _)| se),
            independent: may(7, cells::flag(cell(row, 7)))?,
        })
    }
}

/// Reads the baselines.
///
/// # Errors
/// [`InputError`] naming the file.
pub fn read_baselines(
    input: &InputSet,
    project: &Project,
) -> Result<TableRows<BaselineRow>, InputError> {
    read(input, "baselines", &BASELINE_COLUMNS, project.area_unit, |row, texts| {
        let row = Baseline::check(row, project)?;
        let area = row.area;
        let row = BaselineRow {
            village: texts.share(&row.village),
            year: row.year,
            season: row.season,
            crop: texts.share(&row.crop),
            area: row.area.0,
            source: texts.share(&row.source),
            se: row.se,
            independent: row.independent,
        };
        Ok((row, Some(area)))
    })
}

/// Reads the villages table; nothing where the input has none.
///
/// # Errors
/// [`InputError`] naming the file.
pub fn read_villages(
    input: &InputSet,
    project: &Project,
) -> Result<TableRows<VillageRow>, InputError> {
    read(input, "villages", &VILLAGE_COLUMNS, project.area_unit, |row, texts| {
        let village = need(0, cells::region(cell(row, 0), &project.region))?;
        let name = need(1, cells::text(cell(row, 1)))?;
        let town = may(2, cells::text(cell(row, 2)))?;
        let county = may(3, cells::text(cell(row, 3)))?;
        let row = VillageRow {
            village: texts.share(&village),
            name: texts.share(&name),
            town_name: town.map(|t| texts.share(&t)),
            county_name: county.map(|t| texts.share(&t)),
        };
        Ok((row, None))
    })
}

/// Reads the transfers; nothing where the input has none.
///
/// # Errors
/// [`InputError`] naming the file.
pub fn read_transfers(
    input: &InputSet,
    project: &Project,
) -> Result<TableRows<TransferRow>, InputError> {
    read(input, "transfers", &TRANSFER_COLUMNS, project.area_unit, |row, texts| {
        let from = need(0, cells::text(cell(row, 0)))?;
        let to = need(1, cells::text(cell(row, 1)))?;
        let area = need(2, cells::area(cell(row, 2), project.area_unit))?;
        let row = TransferRow {
            from: id_hash(from.as_bytes()),
            to: id_hash(to.as_bytes()),
            area: area.0,
            // What else is damaged refuses no lease: it is missing.
            start_on: date(cell(row, 3)).ok().flatten(),
            end_on: date(cell(row, 4)).ok().flatten(),
            subsidy_follows: cells::text(cell(row, 5)).ok().flatten().map(|t| texts.share(&t)),
        };
        Ok((row, Some(area)))
    })
}

/// Accounts of the optional tables that no view uses yet: their rows are counted, not checked.
///
/// # Errors
/// [`InputError`] naming the file.
pub fn count_other(input: &InputSet) -> Result<Vec<InputAccount>, InputError> {
    let mut accounts = Vec::new();
    for (table, files) in &input.tables {
        if READ.contains(&table.as_str()) {
            continue;
        }
        let digests = sha256_all(files)?;
        for (file, digest) in files.iter().zip(digests) {
            let rows = count_rows(file)?;
            let account = empty_account(file, table, digest)?;
            accounts.push(InputAccount { rows_read: rows, rows_kept: rows, ..account });
        }
    }
    Ok(accounts)
}

/// Tables of the data model that the input does not have.
#[must_use]
pub fn absent(input: &InputSet) -> Vec<String> {
    let names = TABLES.iter().map(|t| t.name.to_owned());
    names.filter(|name| !input.tables.contains_key(name)).collect()
}

/// An account of a file before any row is read.
///
/// # Errors
/// [`InputError::Io`] naming the file.
pub fn empty_account(
    file: &InputFile,
    table: &str,
    digest: String,
) -> Result<InputAccount, InputError> {
    let path = &file.path;
    let meta =
        fs::metadata(path).map_err(|source| InputError::Io { path: path.clone(), source })?;
    Ok(InputAccount {
        file: file.name.clone(),
        table: table.to_owned(),
        digest,
        bytes: meta.len(),
        rows_read: 0,
        rows_kept: 0,
        rows_rejected: 0,
        area_mu: None,
        amount_yuan: None,
        area_rejected_mu: None,
        amount_rejected_yuan: None,
        area_unreadable: 0,
        amount_unreadable: 0,
        area_rounded: 0,
        amount_rounded: 0,
    })
}

/// Reads every file of a table, files in parallel, rows in order.
pub(crate) fn read<T: Send>(
    input: &InputSet,
    name: &'static str,
    columns: &[&str],
    unit: AreaUnit,
    check: impl Fn(&[Cell<'_>], &mut Interner) -> Result<(T, Option<Rounded<Mu>>), Fault> + Sync,
) -> Result<TableRows<T>, InputError> {
    let (Some(files), Some(schema)) = (input.tables.get(name), table(name)) else {
        return Ok((Vec::new(), Vec::new(), Vec::new()));
    };
    let digests = sha256_all(files)?;
    let parts: Vec<_> = files
        .par_iter()
        .zip(digests)
        .map(|(file, digest)| read_file(file, schema, digest, columns, unit, &check))
        .collect::<Result<_, _>>()?;
    let mut all = (Vec::new(), Vec::new(), Vec::new());
    for (mut rows, account, mut rejects) in parts {
        all.0.append(&mut rows);
        all.1.push(account);
        all.2.append(&mut rejects);
    }
    Ok(all)
}

/// Reads one file that is no table of an input folder.
pub(crate) fn read_one<T>(
    file: &InputFile,
    schema: &'static TableSchema,
    columns: &[&str],
    unit: AreaUnit,
    check: impl Fn(&[Cell<'_>], &mut Interner) -> Result<(T, Option<Rounded<Mu>>), Fault>,
) -> Result<TableRows<T>, InputError> {
    let digest = crate::sha256_file(&file.path)?;
    let (rows, account, rejects) = read_file(file, schema, digest, columns, unit, &check)?;
    Ok((rows, vec![account], rejects))
}

fn read_file<T>(
    file: &InputFile,
    schema: &'static TableSchema,
    digest: String,
    columns: &[&str],
    unit: AreaUnit,
    check: &impl Fn(&[Cell<'_>], &mut Interner) -> Result<(T, Option<Rounded<Mu>>), Fault>,
) -> Result<(Vec<T>, InputAccount, Vec<Reject>), InputError> {
    let mut account = empty_account(file, schema.name, digest)?;
    let reader = TableReader::open(file, schema, columns)?;
    let layout = reader.layout.clone();
    let mut texts = Interner::default();
    let (mut rows, mut rejects, mut areas) = (Vec::new(), Vec::new(), Vec::new());
    let area_place = columns.iter().position(|name| *name == "area_mu");
    let mut refused = Refused::default();
    let mut refuse = |cells: &[Cell<'_>]| {
        if let Some(place) = area_place {
            refused.area(cell(cells, place), unit);
        }
    };
    reader.for_each(&mut |row, cells| {
        match cells {
            Row::Cells(cells) => match check(cells, &mut texts) {
                Ok((value, area)) => {
                    rows.push(value);
                    areas.extend(area.map(|(mu, _)| mu));
                    account.area_rounded += u64::from(area.is_some_and(|(_, moved)| moved));
                }
                Err((place, code)) => {
                    let column = layout.wanted[place].0;
                    refuse(cells);
                    rejects.push(reject(&file.name, row, column, cell(cells, place), code));
                }
            },
            Row::WrongLength(length) => {
                refuse(&[]);
                rejects.push(wrong_length(&file.name, row, &length));
            }
        }
        account.rows_read += 1;
        Ok(())
    })?;
    account.rows_kept = rows.len() as u64;
    account.rows_rejected = rejects.len() as u64;
    if area_place.is_some() {
        let total = Mu::sum(areas);
        let path = file.path.clone();
        account.area_mu = Some(total.map_err(|source| InputError::Total { path, source })?);
    }
    refused.enter(&mut account);
    Ok((rows, account, rejects))
}

#[cfg(test)]
#[path = "tables_tests.rs"]
mod tests;
