//! The scan: one pass over the claims into exact facts, from which every view is made.

use crate::kernel::{self, FileTotals};
use crate::views::{self, Baselines, Facts};
use crate::{CoreError, InputSet};
use qingmu_input::tables::{self, TransferRow, VillageRow};
use qingmu_input::{ClaimsSource, sha256_all};
use qingmu_model::{
    ClaimantId, InputAccount, InputCoverage, Mu, Project, QuantityError, Reject, Yuan,
};
use qingmu_model::{View, ViewCoverage, ViewName};
use qingmu_registers::Registers;
use std::collections::{BTreeMap, BTreeSet};

/// How a scan may use the machine; no option changes its result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScanOptions {
    /// Worker threads; 0 takes one per core.
    pub threads: usize,
    /// Memory for the records that distinct counts need, in MiB; what does not fit is done in further passes.
    pub memory_mib: usize,
}

impl Default for ScanOptions {
    fn default() -> Self {
        Self { threads: 0, memory_mib: 2048 }
    }
}

/// Told while a scan runs. Passes over the files repeat, so rows advance up to `total` over all of them.
pub trait Progress: Sync {
    /// So many more rows were read.
    fn advance(&self, rows: u64);
    /// So many rows are to be read, as far as known.
    fn total(&self, rows: u64);
}

impl Progress for () {
    fn advance(&self, _rows: u64) {}
    fn total(&self, _rows: u64) {}
}

/// Everything a scan found, exact and independent of threads, row order and the split into files.
#[derive(Debug)]
pub struct Scan {
    /// Per input file: rows read, kept and refused, digests and sums; by table and name.
    pub inputs: Vec<InputAccount>,
    /// All refused rows, by file and row.
    pub rejects: Vec<Reject>,
    /// What the input holds and lacks.
    pub coverage: InputCoverage,
    pub(crate) facts: Facts,
    pub(crate) registers: Registers,
}

impl Scan {
    /// A view's rows in canonical order: its key columns and the `wanted` others. Names that the view does
    /// not have are ignored; [`column_type`](crate::column_type) tells which it has.
    #[must_use]
    pub fn view(&self, name: ViewName, project: &Project, wanted: &BTreeSet<String>) -> View {
        views::build(&self.facts, &self.registers, name, project, wanted)
    }

    /// What a view of this scan holds: for every column the rows with and without a value, and whether the
    /// input has it at all. Columns that others added to the view count as in the input: what they are made from
    /// is told beside them.
    #[must_use]
    pub fn view_coverage(&self, view: &View) -> ViewCoverage {
        crate::coverage::of_view(&self.facts, &self.coverage, view)
    }

    /// Reads the optional tables and fills the views that rest on them; before it those views have no rows and those
    /// columns no values. One more pass over the claims.
    ///
    /// # Errors
    /// [`CoreError`] naming the file that cannot be read. Bad rows are no errors: they are in [`Scan::rejects`].
    pub fn read_registers(&mut self, input: &InputSet, project: &Project) -> Result<(), CoreError> {
        self.registers = qingmu_registers::gather(input, project)?;
        let accounts = std::mem::take(&mut self.registers.inputs);
        self.set_accounts(&accounts);
        let rejects = std::mem::take(&mut self.registers.rejects);
        self.add_rejects(&rejects);
        Ok(())
    }

    /// Puts accounts of tables that were read in full in the place of those that were counted only.
    pub fn set_accounts(&mut self, accounts: &[InputAccount]) {
        for account in accounts {
            let counted = self.inputs.iter_mut().find(|i| i.file == account.file);
            if let Some(counted) = counted {
                counted.clone_from(account);
            }
        }
        self.coverage.tables.clear();
        for account in &self.inputs {
            *self.coverage.tables.entry(account.table.clone()).or_insert(0) += account.rows_kept;
        }
    }

    /// Enters refused rows of tables that others read into rows, and counts them. Rows that are there already count
    /// once.
    pub fn add_rejects(&mut self, rejects: &[Reject]) {
        let known: BTreeSet<&Reject> = self.rejects.iter().collect();
        let rejects: BTreeSet<&Reject> = rejects.iter().filter(|r| !known.contains(r)).collect();
        let rejects: Vec<Reject> = rejects.into_iter().cloned().collect();
        let table_of: BTreeMap<&str, &str> =
            self.inputs.iter().map(|i| (i.file.as_str(), i.table.as_str())).collect();
        for reject in &rejects {
            let table = table_of.get(reject.file.as_str()).copied().unwrap_or_default();
            let classes = self.coverage.rejects.entry(table.to_owned()).or_default();
            *classes.entry(reject.code).or_insert(0) += 1;
        }
        self.rejects.extend(rejects);
        self.rejects.sort_unstable();
    }

    /// Village code to name, where the villages table names it.
    #[must_use]
    pub fn village_names(&self) -> &BTreeMap<String, String> {
        &self.facts.village_names
    }

    /// Code of a region of the ring level (China: town) to its name, where known.
    #[must_use]
    pub fn town_names(&self) -> &BTreeMap<String, String> {
        &self.facts.town_names
    }

    /// Approvers of each village-year, largest approved area first, ties by id.
    #[must_use]
    pub fn approvers(&self) -> BTreeMap<(String, i16), Vec<(ClaimantId, Mu)>> {
        views::approvers(&self.facts)
    }
}

/// Reads an input folder's tables into facts.
///
/// The result does not depend on the number of threads, the memory given, the order of rows or the way the
/// rows are split into files.
///
/// # Errors
/// [`CoreError`] naming the file that cannot be read, lacks a column, or whose totals leave the fixed-point
/// range. Bad rows are no errors: they are in [`Scan::rejects`].
pub fn scan(
    input: &InputSet,
    project: &Project,
    options: &ScanOptions,
    progress: &dyn Progress,
) -> Result<Scan, CoreError> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(options.threads).build();
    let pool = pool.map_err(|error| CoreError::Io {
        path: input.root.clone(),
        source: std::io::Error::other(error),
    })?;
    pool.install(|| scan_here(input, project, options, progress))
}

fn scan_here(
    input: &InputSet,
    project: &Project,
    options: &ScanOptions,
    progress: &dyn Progress,
) -> Result<Scan, CoreError> {
    let files = input.tables.get("claims").map_or(&[][..], Vec::as_slice);
    let source = ClaimsSource::open(files)?;
    let (mut baselines, baseline_accounts, mut rejects) = tables::read_baselines(input, project)?;
    let (villages, village_accounts, mut village_rejects) = tables::read_villages(input, project)?;
    let (transfers, transfer_accounts, mut transfer_rejects) =
        tables::read_transfers(input, project)?;
    let kernel = kernel::run(&source, project, options, progress)?;
    let digests = sha256_all(files)?;
    let mut inputs = Vec::new();
    for ((file, digest), totals) in files.iter().zip(digests).zip(&kernel.totals) {
        inputs.push(account(tables::empty_account(file, "claims", digest)?, totals));
    }
    inputs.extend(baseline_accounts);
    inputs.extend(village_accounts);
    inputs.extend(transfer_accounts);
    inputs.extend(tables::count_other(input)?);
    inputs.sort_by(|a, b| (&a.table, &a.file).cmp(&(&b.table, &b.file)));
    rejects.extend(kernel.rejects);
    rejects.append(&mut village_rejects);
    rejects.append(&mut transfer_rejects);
    rejects.sort_unstable();
    let mut facts = kernel.facts;
    name_places(&mut facts, &villages, project);
    // Baselines of villages without claims say nothing here: no such village-year is judged.
    baselines.retain(|row| facts.villages.binary_search(&row.village).is_ok());
    facts.baselines = Baselines::new(&baselines);
    drop(baselines);
    if input.tables.contains_key("transfers") {
        facts.leased = Some(leased(input, transfers)?);
    }
    let mut coverage = coverage(&facts, &inputs, &rejects);
    coverage.absent = tables::absent(input);
    coverage.absent_claim_columns = source.absent_columns;
    coverage.passed_over.clone_from(&input.passed_over);
    Ok(Scan { inputs, rejects, coverage, facts, registers: Registers::default() })
}

/// Totals fit: the kernel has refused those that do not.
fn account(mut account: InputAccount, totals: &FileTotals) -> InputAccount {
    account.rows_kept = totals.kept;
    account.rows_rejected = totals.rejected;
    account.rows_read = totals.kept + totals.rejected;
    account.area_mu = i64::try_from(totals.area).ok().map(Mu::from_raw);
    account.amount_yuan = i64::try_from(totals.amount).ok().map(Yuan::from_raw);
    account.area_rounded = totals.area_rounded;
    account.amount_rounded = totals.amount_rounded;
    totals.refused.enter(&mut account);
    account
}

/// A village named twice keeps the name that sorts first, so that the order of files cannot show.
fn name_places(facts: &mut Facts, rows: &[VillageRow], project: &Project) {
    let first = |names: &mut BTreeMap<String, String>, code: &str, name: &str| {
        let known = names.entry(code.to_owned()).or_insert_with(|| name.to_owned());
        if name < known.as_str() {
            name.clone_into(known);
        }
    };
    for row in rows {
        first(&mut facts.village_names, &row.village, &row.name);
        if let Some(town) = &row.town_name {
            first(&mut facts.town_names, project.region.ring_of(&row.village), town);
        }
    }
}

/// Whole area that each person leases in.
fn leased(input: &InputSet, rows: Vec<TransferRow>) -> Result<BTreeMap<u128, i64>, CoreError> {
    let mut leased: BTreeMap<u128, i64> = BTreeMap::new();
    for row in rows {
        let sum = leased.entry(row.to).or_insert(0);
        *sum = sum.checked_add(row.area.raw()).ok_or_else(|| CoreError::Total {
            path: input.root.join("transfers"),
            source: QuantityError::Overflow("the sum of one person's leases"),
        })?;
    }
    Ok(leased)
}

fn coverage(facts: &Facts, inputs: &[InputAccount], rejects: &[Reject]) -> InputCoverage {
    let mut coverage = InputCoverage::default();
    let mut table_of: BTreeMap<&str, &str> = BTreeMap::new();
    for account in inputs {
        *coverage.tables.entry(account.table.clone()).or_insert(0) += account.rows_kept;
        table_of.insert(&account.file, &account.table);
    }
    for reject in rejects {
        let table = table_of.get(reject.file.as_str()).copied().unwrap_or_default();
        let classes = coverage.rejects.entry(table.to_owned()).or_default();
        *classes.entry(reject.code).or_insert(0) += 1;
    }
    let years: BTreeSet<i16> = facts.village_years.iter().map(|r| r.year).collect();
    coverage.years = years.into_iter().collect();
    let count = |missing: &dyn Fn(&str) -> bool| {
        facts.villages.iter().filter(|code| missing(code)).count() as u64
    };
    coverage.villages = facts.villages.len() as u64;
    coverage.villages_without_baseline = count(&|code| facts.baselines.of(code).is_none());
    coverage.villages_without_name = count(&|code| !facts.village_names.contains_key(code));
    coverage
}

#[cfg(test)]
#[path = "scan_tests.rs"]
mod tests;
