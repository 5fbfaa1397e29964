//! Which rows hold after an addition: every touched unit is settled anew from all its rows.

use super::{Added, Contradiction, Ends, Plan, Replaced, Status};
use crate::{
    account::{FileAccount, Sum},
    error::LedgerError,
    ledger::{code_map, held, load},
    manifest::{Manifest, Part},
    part::{self, Unit},
    rejects,
    replace::Superseded,
    resolve::{Held, Reason, Resolved, resolve},
    tables::{LedgerTable, find},
    value::Row,
};
use qingmu_ingest::CodeMap;
use qingmu_model::{Mu, Reject, Yuan};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

/// Everything worked out and nothing written.
pub(super) struct Settled {
    pub(super) root: PathBuf,
    pub(super) before: Manifest,
    pub(super) after: Manifest,
    /// New files of the ledger: name and bytes.
    pub(super) files: Vec<(String, Vec<u8>)>,
    /// Accounts of new office files.
    pub(super) accounts: Vec<FileAccount>,
    pub(super) addition: super::Addition,
    pub(super) rejects: Vec<u8>,
}

/// Settles an addition.
pub(super) fn settle(mut plan: Plan<'_>) -> Result<Settled, LedgerError> {
    let levels = &plan.options.levels;
    let (changes, codes_changed) = changes(&plan)?;
    let mut pool: BTreeMap<Unit, Vec<Row>> = BTreeMap::new();
    for new in std::mem::take(&mut plan.new) {
        for row in new.rows {
            let unit = Unit::of(new.table, &row, &changes, levels);
            pool.entry(unit).or_default().push(row);
        }
    }
    let mut units = plan.touched(codes_changed);
    units.extend(pool.keys().cloned());
    let mut left: BTreeMap<String, Sum> = BTreeMap::new();
    for unit in &units {
        let Some(table) = unit.table() else { continue };
        for row in load(&plan.root, &plan.before, unit)? {
            if plan.gone.contains(&*row.origin.sha256) {
                let sum = left.entry(row.origin.sha256.to_string()).or_default();
                *sum = sum.plus(sum_of(table, &row));
            } else {
                let unit = Unit::of(table, &row, &changes, levels);
                pool.entry(unit).or_default().push(row);
            }
        }
    }
    units.extend(pool.keys().cloned());
    let superseded = Superseded::new(&plan.after, levels);
    let mut resolved: BTreeMap<Unit, Resolved> = BTreeMap::new();
    for unit in units {
        let Some(table) = unit.table() else { continue };
        let rows = pool.remove(&unit).unwrap_or_default();
        let settled = resolve(table, rows, &changes, |row| superseded.by(table, row));
        resolved.insert(unit, settled);
    }
    drop(superseded);
    conclude(plan, &resolved, &left)
}

/// Changes of codes after the addition, and whether they are others than before.
fn changes(plan: &Plan<'_>) -> Result<(CodeMap, bool), LedgerError> {
    let Some(table) = find("code_map") else { return Ok((CodeMap::default(), false)) };
    let unit = Unit { table: "code_map".to_owned(), year: None, county: None };
    let mut rows = load(&plan.root, &plan.before, &unit)?;
    let before = code_map(table, rows.iter())?;
    rows.retain(|row| !plan.gone.contains(&*row.origin.sha256));
    let new = plan.new.iter().filter(|n| n.table.name == "code_map");
    rows.extend(new.flat_map(|n| n.rows.iter().cloned()));
    let after = code_map(table, rows.iter())?;
    let changed = before.rows() != after.rows();
    Ok((after, changed))
}

pub(super) fn sum_of(table: &LedgerTable, row: &Row) -> Sum {
    Sum {
        rows: 1,
        area_mu: Mu::from_raw(row.area(table)),
        amount_yuan: Yuan::from_raw(row.amount(table)),
    }
}

fn conclude(
    mut plan: Plan<'_>,
    resolved: &BTreeMap<Unit, Resolved>,
    left: &BTreeMap<String, Sum>,
) -> Result<Settled, LedgerError> {
    let (ends, replaced) = ends(&plan, resolved);
    let held = all_held(&plan.root, &plan.after, resolved)?;
    balance(&plan, &ends)?;
    let accounts: Vec<FileAccount> = plan.fresh().cloned().collect();
    refuse_over_cap(&plan, &ends, &held)?;
    let files = enter(&mut plan.after, resolved)?;
    let list = rejects::list(&plan.root, &plan.after, &accounts, &held)?;
    let mut all = std::mem::take(&mut plan.replaced);
    for entry in &mut all {
        let rows = plan.target.as_ref().and_then(|sha256| left.get(sha256)).copied();
        entry.rows = rows.unwrap_or_default();
    }
    all.extend(replaced);
    let added = std::mem::take(&mut plan.files).into_iter().map(|(account, status)| {
        let fresh = matches!(status, Status::New | Status::Reread);
        let records = ends.get(&account.sha256).copied().filter(|_| fresh).unwrap_or_default();
        Added { account, status, records }
    });
    let addition = super::Addition {
        ledger: plan.root.clone(),
        changed: true,
        generation: plan.after.generation,
        files: added.collect(),
        replaced: all,
        contradictions: contradictions(&held),
        tables: totals(&plan.after),
        rejects: list.len() as u64,
        key_id: plan.after.key_id.clone(),
    };
    let (root, before, after) = (plan.root, plan.before, plan.after);
    let rejects = rejects::csv(&list);
    Ok(Settled { root, before, after, files, accounts, addition, rejects })
}

/// Sums of the ledger's tables.
pub(super) fn totals(manifest: &Manifest) -> BTreeMap<String, Sum> {
    let sum = |parts: &Vec<Part>| {
        let of = |p: &Part| Sum { rows: p.rows, area_mu: p.area_mu, amount_yuan: p.amount_yuan };
        parts.iter().map(of).fold(Sum::default(), Sum::plus)
    };
    manifest.tables.iter().map(|(table, parts)| (table.clone(), sum(parts))).collect()
}

/// Rows that contradict each other, sorted.
pub(super) fn contradictions(held: &[(&'static LedgerTable, Held)]) -> Vec<Contradiction> {
    let conflict = held.iter().filter(|(_, h)| h.reason == Reason::Conflict);
    let mut list: Vec<Contradiction> = conflict
        .map(|(table, h)| Contradiction {
            table: table.name.to_owned(),
            place: h.row.origin.to_string(),
            others: h.other.clone(),
        })
        .collect();
    list.sort();
    list
}

/// Held rows of all units: settled ones as they will be, the others as they are.
pub(super) fn all_held(
    root: &Path,
    manifest: &Manifest,
    resolved: &BTreeMap<Unit, Resolved>,
) -> Result<Vec<(&'static LedgerTable, Held)>, LedgerError> {
    let mut all = Vec::new();
    for (unit, settled) in resolved {
        let Some(table) = unit.table() else { continue };
        all.extend(settled.held.iter().map(|h| (table, h.clone())));
    }
    let units: BTreeSet<&Unit> = manifest.held.values().flatten().map(|p| &p.unit).collect();
    for unit in units.into_iter().filter(|unit| !resolved.contains_key(unit)) {
        let Some(table) = unit.table() else { continue };
        all.extend(held(root, manifest, unit)?.into_iter().map(|h| (table, h)));
    }
    Ok(all)
}

/// Where the records of every file of the settled units went, and what corrections by columns replaced.
fn ends(
    plan: &Plan<'_>,
    resolved: &BTreeMap<Unit, Resolved>,
) -> (BTreeMap<String, Ends>, Vec<Replaced>) {
    let mut ends: BTreeMap<String, Ends> = BTreeMap::new();
    let mut replaced: BTreeMap<(String, String), Sum> = BTreeMap::new();
    let names = plan.names();
    let now: BTreeSet<&str> = plan
        .after
        .supersessions
        .iter()
        .filter(|s| s.generation == plan.after.generation)
        .map(|s| s.by.as_str())
        .collect();
    for (unit, settled) in resolved {
        let Some(table) = unit.table() else { continue };
        for standing in settled.standing.iter().filter(|s| !s.derived) {
            let end = ends.entry(standing.row.origin.sha256.to_string()).or_default();
            let sum = sum_of(table, &standing.row);
            end.in_force = end.in_force.plus(sum);
            if !standing.row.also.is_empty() {
                end.shared = end.shared.plus(sum);
            }
        }
        for held in &settled.held {
            let sum = sum_of(table, &held.row);
            let sha256 = held.row.origin.sha256.to_string();
            let name = names.get(sha256.as_str()).copied().unwrap_or_default();
            let end = ends.entry(sha256.clone()).or_default();
            let place = match held.reason {
                Reason::Recoded | Reason::Merged => &mut end.in_force,
                Reason::Copy => &mut end.copies,
                Reason::Conflict => &mut end.conflicting,
                Reason::Divided => &mut end.divided,
                Reason::Superseded => &mut end.superseded,
            };
            *place = place.plus(sum);
            if held.reason == Reason::Superseded && now.contains(held.other.as_str()) {
                let entry = replaced.entry((name.to_owned(), held.other.clone())).or_default();
                *entry = entry.plus(sum);
            }
        }
    }
    let replaced = replaced.into_iter().map(|((what, by), rows)| Replaced { what, by, rows });
    let replaced = replaced.collect();
    (ends, replaced)
}

/// Every record of every new file has one end, and the sums are those of the sheets.
fn balance(plan: &Plan<'_>, ends: &BTreeMap<String, Ends>) -> Result<(), LedgerError> {
    for account in plan.fresh() {
        let read =
            Sum { rows: account.sheets.iter().map(|s| s.records).sum(), ..account.sum(|s| s.kept) };
        let found = ends.get(&account.sha256).map(Ends::all).unwrap_or_default();
        if read != found {
            let what = format!("read {read:?}, accounted for {found:?}");
            return Err(LedgerError::Unbalanced { file: account.name.clone(), what });
        }
    }
    Ok(())
}

fn refuse_over_cap(
    plan: &Plan<'_>,
    ends: &BTreeMap<String, Ends>,
    held: &[(&'static LedgerTable, Held)],
) -> Result<(), LedgerError> {
    for account in plan.fresh() {
        let end = ends.get(&account.sha256).copied().unwrap_or_default();
        let conflicts = end.conflicting.rows + end.divided.rows;
        let quarantined = account.sum(|s| s.quarantined).rows;
        let records = account.sheets.iter().map(|s| s.records).sum::<u64>() + quarantined;
        let bad = quarantined + conflicts;
        let percent = bad as f64 / records.max(1) as f64 * 100.0;
        let cap = plan.options.max_rejects;
        if percent > cap {
            let list = rejects::beside(&plan.root);
            let mut all: Vec<Reject> = plan.fresh().flat_map(FileAccount::rejects).collect();
            all.extend(rejects::of_held(held));
            all.sort();
            let file = account.name.clone();
            crate::disk::Disk::real().whole(&list, &rejects::csv(&all))?;
            return Err(LedgerError::OverCap { file, percent, cap, conflicts, list });
        }
    }
    Ok(())
}

/// Enters the settled units into the manifest; the bytes of files that are new.
fn enter(
    manifest: &mut Manifest,
    resolved: &BTreeMap<Unit, Resolved>,
) -> Result<Vec<(String, Vec<u8>)>, LedgerError> {
    let mut files = Vec::new();
    let mut sources: BTreeMap<String, BTreeSet<&Unit>> = BTreeMap::new();
    for (unit, settled) in resolved {
        let Some(table) = unit.table() else { continue };
        let encode = |e: parquet::errors::ParquetError| LedgerError::Encode {
            file: unit.folder(),
            why: e.to_string(),
        };
        for list in [&mut manifest.tables, &mut manifest.held] {
            list.entry(unit.table.clone()).or_default().retain(|p| p.unit != *unit);
        }
        if !settled.standing.is_empty() {
            let bytes = part::standing_bytes(table, &settled.standing).map_err(encode)?;
            let rows = settled.standing.iter().map(|s| sum_of(table, &s.row));
            let part = entry(unit, unit.file(false, &bytes), rows);
            files.push((part.file.clone(), bytes));
            manifest.tables.entry(unit.table.clone()).or_default().push(part);
        }
        if !settled.held.is_empty() {
            let bytes = part::held_bytes(table, &settled.held).map_err(encode)?;
            let rows = settled.held.iter().map(|h| sum_of(table, &h.row));
            let part = entry(unit, unit.file(true, &bytes), rows);
            files.push((part.file.clone(), bytes));
            manifest.held.entry(unit.table.clone()).or_default().push(part);
        }
        let standing = settled.standing.iter().map(|s| &s.row.origin.sha256);
        for sha256 in standing.chain(settled.held.iter().map(|h| &h.row.origin.sha256)) {
            if !sources.get(&**sha256).is_some_and(|units| units.contains(unit)) {
                sources.entry(sha256.to_string()).or_default().insert(unit);
            }
        }
    }
    for list in [&mut manifest.tables, &mut manifest.held] {
        list.retain(|_, parts| !parts.is_empty());
        for parts in list.values_mut() {
            parts.sort_by(|a, b| a.file.cmp(&b.file));
        }
    }
    for source in &mut manifest.sources {
        source.units.retain(|unit| !resolved.contains_key(unit));
        let units = sources.remove(&source.sha256).unwrap_or_default();
        source.units.extend(units.into_iter().cloned());
        source.units.sort();
    }
    Ok(files)
}

fn entry(unit: &Unit, file: String, rows: impl Iterator<Item = Sum>) -> Part {
    let sum = rows.fold(Sum::default(), Sum::plus);
    Part {
        file,
        unit: unit.clone(),
        rows: sum.rows,
        area_mu: sum.area_mu,
        amount_yuan: sum.amount_yuan,
    }
}

impl Plan<'_> {
    /// Accounts of the files whose rows are added.
    fn fresh(&self) -> impl Iterator<Item = &FileAccount> {
        let fresh = |s: &Status| matches!(s, Status::New | Status::Reread);
        self.files.iter().filter(move |(_, s)| fresh(s)).map(|(account, _)| account)
    }
}
