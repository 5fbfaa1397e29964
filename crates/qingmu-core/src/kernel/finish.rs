//! The passes in order, and the facts they leave.

use super::cells::{CellTable, key, parts};
use super::detail::{Detail, Flagged};
use super::people::{People, Places, totals};
use super::records::passes;
use super::source::{ClaimsSource, lock};
use super::worker::{FileTotals, Shared, Worker};
use crate::batch::ClaimBatch;
use crate::scan::Progress;
use crate::views::{ApproverVillage, Facts, PanelCell, ProgrammeSeason, VillageYear};
use crate::{CoreError, ScanOptions};
use qingmu_model::{Project, QuantityError, Reject, Season};
use std::mem::take;

/// What the kernel hands to the scan.
pub(crate) struct Kernel {
    /// All but baselines, names and leases.
    pub(crate) facts: Facts,
    /// By index of the file.
    pub(crate) totals: Vec<FileTotals>,
    /// By file and row.
    pub(crate) rejects: Vec<Reject>,
}

/// Runs all passes on the current rayon pool.
///
/// # Errors
/// [`CoreError`] naming the file that cannot be read or whose totals leave the fixed-point range.
pub(crate) fn run(
    source: &ClaimsSource<'_>,
    project: &Project,
    options: &ScanOptions,
    progress: &dyn Progress,
) -> Result<Kernel, CoreError> {
    let limit = (options.memory_mib as u64).saturating_mul(1 << 20);
    let ranges = passes(source.rows, 1 + u64::from(source.has_accounts), limit);
    progress.total(source.rows.saturating_mul(ranges.len() as u64 + 1));
    let advance = |batch: &ClaimBatch| {
        progress.advance((batch.rows + batch.rejects.len()) as u64);
    };
    let shared = Shared::default();
    let mut frame = None;
    let (mut file_totals, mut rejects) = (Vec::new(), Vec::new());
    for kept in ranges {
        let sums = frame.is_none();
        let workers = source.pass(
            project,
            false,
            || Worker::new(&shared, sums, kept.clone()),
            |worker, file, batch| {
                advance(&batch);
                worker.take(file, batch);
            },
        )?;
        let (mut claimants, mut accounts) = (Vec::new(), Vec::new());
        let mut found = vec![FileTotals::default(); source.files.len()];
        for mut worker in workers {
            worker.totals.iter().for_each(|(file, t)| found[*file].add(t));
            rejects.append(&mut worker.rejects);
            claimants.push(worker.claimants);
            accounts.push(worker.accounts);
        }
        if sums {
            in_range(source, &found)?;
            file_totals = found;
        }
        let (_, places, people) = frame.get_or_insert_with(|| first_facts(&shared));
        people.count(kept, claimants, accounts, places);
    }
    let (mut facts, places, people) = frame.unwrap_or_else(|| first_facts(&shared));
    drop(places);
    let (flagged, single_villages, single_claimants) =
        settle(&mut facts, people, shared, source.has_rates);
    let details = source.pass(
        project,
        true,
        || Detail::new(&facts, &flagged),
        |detail, file, batch| {
            advance(&batch);
            detail.take(file, &batch);
        },
    )?;
    let mut all = Detail::new(&facts, &flagged);
    details.into_iter().for_each(|detail| all.merge(detail));
    if let Some(file) = all.overflow {
        return Err(total_error(source, file, "an area times its rate"));
    }
    let lists = all.finish(single_villages, single_claimants);
    facts.claimant_villages = lists.claimants;
    facts.account_claimants = lists.accounts;
    facts.gaps = lists.gaps;
    rejects.sort_unstable();
    Ok(Kernel { facts, totals: file_totals, rejects })
}

/// The first file at which the totals of all claims leave the range. As they do not, no sum inside does.
fn in_range(source: &ClaimsSource<'_>, totals: &[FileTotals]) -> Result<(), CoreError> {
    let mut all = FileTotals::default();
    for (file, totals) in totals.iter().enumerate() {
        all.add(totals);
        if !all.fits() {
            let area = all.area > i128::from(i64::MAX);
            let what = if area { "the sum of the claimed areas" } else { "the sum of the amounts" };
            return Err(total_error(source, file, what));
        }
    }
    Ok(())
}

fn total_error(source: &ClaimsSource<'_>, file: usize, what: &'static str) -> CoreError {
    let path = source.files[file].path.clone();
    CoreError::Total { path, source: QuantityError::Overflow(what) }
}

/// Panel, village-years, programme-seasons and approvers in canonical order, without claimants.
fn first_facts(shared: &Shared) -> (Facts, Places, People) {
    let cells = take(&mut *lock(&shared.cells)).cells;
    // Further passes look the dense numbers up again.
    *lock(&shared.cells) = CellTable::of(cells.iter().map(|(key, _)| *key));
    let approved = take(&mut *lock(&shared.approved)).cells;
    let used = |part: fn(u128) -> u32| cells.iter().map(move |(key, _)| part(*key));
    let (villages, village) = lock(&shared.villages).ranked(used(|k| parts(k).0));
    let (programmes, programme) = lock(&shared.programmes).ranked(used(|k| parts(k).3));
    let (crops, crop) = lock(&shared.crops).ranked(used(|k| parts(k).4));
    let (approvers, approver) =
        lock(&shared.approvers).ranked(approved.iter().map(|(key, _)| parts(*key).3));
    let rank = |k: u128| {
        let (v, year, season, p, c) = parts(k);
        key(village[v as usize], year, season, programme[p as usize], crop[c as usize])
    };
    let mut order: Vec<(u128, u32)> = (0..).zip(&cells).map(|(i, (k, _))| (rank(*k), i)).collect();
    order.sort_unstable();
    let mut places = Places {
        panel: vec![0; cells.len()],
        village_year: vec![0; cells.len()],
        programme_season: vec![0; cells.len()],
    };
    let mut facts = Facts { villages, programmes, crops, approvers, ..Facts::default() };
    for (row, (key, cell)) in order.into_iter().enumerate() {
        let (village, year, season, programme, crop) = parts(key);
        let sums = cells[cell as usize].1;
        facts.panel.push(PanelCell {
            village,
            year,
            season,
            programme,
            crop,
            area: sums.area,
            amount: sums.amount,
            claims: sums.claims,
            claimants: 0,
        });
        places.panel[cell as usize] = count(row);
        group_row(&mut facts, row);
        places.village_year[cell as usize] = count(facts.village_years.len() - 1);
        places.programme_season[cell as usize] = count(facts.programme_seasons.len() - 1);
    }
    for (k, sums) in approved {
        let (v, year, _, a, _) = parts(k);
        facts.approver_villages.push(ApproverVillage {
            approver: approver[a as usize],
            village: village[v as usize],
            year,
            claims: sums.claims,
            area: sums.area,
            amount: sums.amount,
        });
    }
    facts.approver_villages.sort_unstable_by_key(|r| (r.approver, r.year, r.village));
    let people =
        People::new(facts.panel.len(), facts.village_years.len(), facts.programme_seasons.len());
    (facts, places, people)
}

fn count(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

/// Puts a panel row into its village-year and its programme-season.
fn group_row(facts: &mut Facts, row: usize) {
    let cell = &facts.panel[row];
    match facts.village_years.last_mut() {
        Some(last) if (last.village, last.year) == (cell.village, cell.year) => {
            last.cells.end = row + 1;
            last.claims += cell.claims;
        }
        _ => facts.village_years.push(VillageYear {
            village: cell.village,
            year: cell.year,
            cells: row..row + 1,
            claims: cell.claims,
            claimants: 0,
        }),
    }
    let own = (cell.village, cell.year, cell.season, cell.programme);
    match facts.programme_seasons.last_mut() {
        Some(last) if (last.village, last.year, last.season, last.programme) == own => {
            last.cells.end = row + 1;
            last.claims += cell.claims;
        }
        _ => facts.programme_seasons.push(ProgrammeSeason {
            village: cell.village,
            year: cell.year,
            season: cell.season,
            programme: cell.programme,
            cells: row..row + 1,
            claims: cell.claims,
            claimants: 0,
        }),
    }
}

/// Writes the distinct counts into the facts; gives what the detail pass needs and the numbers of groups
/// that no list will hold.
fn settle(
    facts: &mut Facts,
    people: People,
    shared: Shared,
    has_rates: bool,
) -> (Flagged, u64, u64) {
    for (cell, n) in facts.panel.iter_mut().zip(totals(people.panel)) {
        cell.claimants = n;
    }
    for (row, n) in facts.village_years.iter_mut().zip(totals(people.village_year)) {
        row.claimants = n;
    }
    for (row, n) in facts.programme_seasons.iter_mut().zip(totals(people.programme_season)) {
        row.claimants = n;
    }
    let numbers = lock(&shared.programmes).numbers(&facts.programmes);
    let claimants = take(&mut *lock(&people.claimants));
    let mut claimant_hashes = hashbrown::HashSet::new();
    #[allow(clippy::iter_over_hash_type, reason = "fills a set: order cannot show")]
    for (hash, _) in &claimants {
        claimant_hashes.insert(*hash);
    }
    let flagged = Flagged {
        claimants,
        claimant_hashes,
        accounts: take(&mut *lock(&people.accounts)),
        terms: take(&mut *lock(&shared.terms)),
        programme_of_rank: numbers,
        has_rates,
    };
    (flagged, people.single_villages.into_inner(), people.single_claimants.into_inner())
}

/// Season is part of every key, so its order is part of the canonical order.
const _: () =
    assert!((Season::S as u8) < (Season::A as u8) && (Season::A as u8) < (Season::Y as u8));
