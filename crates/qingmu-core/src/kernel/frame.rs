//! Between the passes: dense numbers become sorted facts, and counts find their rows.

use super::cells::{CellTable, Sums, key, lock, parts};
use super::detail::Flagged;
use super::people::{People, Places, totals};
use super::worker::Shared;
use crate::views::{ApproverVillage, Facts, PanelCell, ProgrammeSeason, VillageYear};
use qingmu_model::Season;
use std::mem::take;
use std::sync::PoisonError;

/// Facts without claimants, and where the claimants of each dense cell are counted.
pub(super) struct Frame {
    pub(super) facts: Facts,
    pub(super) places: Places,
    pub(super) people: People,
}

impl Frame {
    /// Sorts what the sums pass left. `more_passes` keeps the dense numbers for them.
    pub(super) fn new(shared: &Shared, more_passes: bool) -> Self {
        let cells = take(&mut *lock(&shared.cells)).cells;
        if more_passes {
            *lock(&shared.cells) = CellTable::of(cells.iter().map(|(key, _)| *key));
        }
        let passed = take(&mut *lock(&shared.approved)).cells;
        let mut facts = Facts::default();
        let village;
        (facts.villages, village) =
            lock(&shared.villages).ranked(cells.iter().map(|(key, _)| parts(*key).0));
        facts.approver_villages = approved(shared, &passed, &village, &mut facts.approvers);
        let places = panel(shared, &cells, &village, &mut facts);
        let people = People::new(
            facts.panel.len(),
            facts.village_years.len(),
            facts.programme_seasons.len(),
        );
        Self { facts, places, people }
    }

    /// Writes the distinct counts into the facts; gives what the detail pass needs and the numbers of
    /// claimants and of accounts that no list will hold.
    pub(super) fn settle(self, shared: Shared) -> (Facts, Flagged, [u64; 2]) {
        let Self { mut facts, people, places } = self;
        drop(places);
        for (cell, n) in facts.panel.iter_mut().zip(totals(people.panel)) {
            cell.claimants = n;
        }
        for (row, n) in facts.village_years.iter_mut().zip(totals(people.village_year)) {
            row.claimants = n;
        }
        for (row, n) in facts.programme_seasons.iter_mut().zip(totals(people.programme_season)) {
            row.claimants = n;
        }
        let flagged = Flagged::new(
            people.claimants.into_inner().unwrap_or_else(PoisonError::into_inner),
            people.accounts.into_inner().unwrap_or_else(PoisonError::into_inner),
            shared.terms.into_inner().unwrap_or_else(PoisonError::into_inner),
            lock(&shared.programmes).numbers(&facts.programmes),
        );
        let singles = [people.single_villages.into_inner(), people.single_claimants.into_inner()];
        (facts, flagged, singles)
    }
}

/// Fills panel, village-years and programme-seasons in canonical order.
fn panel(shared: &Shared, cells: &[(u128, Sums)], village: &[u32], facts: &mut Facts) -> Places {
    let (programme, crop);
    (facts.programmes, programme) =
        lock(&shared.programmes).ranked(cells.iter().map(|(key, _)| parts(*key).3));
    (facts.crops, crop) = lock(&shared.crops).ranked(cells.iter().map(|(key, _)| parts(*key).4));
    let rank = |k: u128| {
        let (v, year, season, p, c) = parts(k);
        key(village[v as usize], year, season, programme[p as usize], crop[c as usize])
    };
    let mut order: Vec<(u128, u32)> = (0..).zip(cells).map(|(i, (k, _))| (rank(*k), i)).collect();
    order.sort_unstable();
    let zeros = || vec![0; cells.len()];
    let mut places = Places { panel: zeros(), village_year: zeros(), programme_season: zeros() };
    facts.panel.reserve_exact(cells.len());
    for (row, (key, cell)) in order.into_iter().enumerate() {
        let (village, year, season, programme, crop) = parts(key);
        let cell = cell as usize;
        let Sums { area, amount, claims } = cells[cell].1;
        let row_of_panel = PanelCell {
            village,
            year,
            season,
            programme,
            crop,
            area,
            amount,
            claims,
            claimants: 0,
        };
        facts.panel.push(row_of_panel);
        group_row(facts, row);
        places.panel[cell] = narrow(row);
        places.village_year[cell] = narrow(facts.village_years.len() - 1);
        places.programme_season[cell] = narrow(facts.programme_seasons.len() - 1);
    }
    places
}

/// What each approver passed, by approver, year and village.
fn approved(
    shared: &Shared,
    passed: &[(u128, Sums)],
    village: &[u32],
    approvers: &mut Vec<std::sync::Arc<str>>,
) -> Vec<ApproverVillage> {
    let approver;
    (*approvers, approver) =
        lock(&shared.approvers).ranked(passed.iter().map(|(key, _)| parts(*key).3));
    let row = |(key, sums): &(u128, Sums)| {
        let (v, year, _, a, _) = parts(*key);
        ApproverVillage {
            approver: approver[a as usize],
            village: village[v as usize],
            year,
            claims: sums.claims,
            area: sums.area,
            amount: sums.amount,
        }
    };
    let mut rows: Vec<ApproverVillage> = passed.iter().map(row).collect();
    rows.sort_unstable_by_key(|r| (r.approver, r.year, r.village));
    rows
}

fn narrow(place: usize) -> u32 {
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

/// Season is part of every key, so its order is part of the canonical order.
const _: () =
    assert!((Season::S as u8) < (Season::A as u8) && (Season::A as u8) < (Season::Y as u8));
