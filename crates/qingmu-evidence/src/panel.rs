//! Sums by village, year, programme, season and crop, and who held office over them.

use crate::evidence::{Dominant, Office, PanelCell};
use crate::repair::Repaired;
use crate::rows::{NONE, Row, Table, runs};
use qingmu_input::MISSING_FIXED;
use qingmu_model::{ClaimantId, Mu, Yuan};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// The cells in order. Sums saturate: a total beyond the range of areas ends the scan before any statistics.
pub(crate) fn cells(table: &Table, repaired: &Repaired) -> Vec<PanelCell> {
    table
        .blocks
        .par_iter()
        .flat_map_iter(|block| of_village(table, repaired, block.clone()))
        .collect()
}

fn of_village(table: &Table, repaired: &Repaired, block: std::ops::Range<usize>) -> Vec<PanelCell> {
    let mut order: Vec<usize> = block.collect();
    let key = |at: &usize| {
        let row = &table.rows[*at];
        let line = table.lines[row.line as usize];
        (row.year, line.programme, line.season, line.crop)
    };
    // Stable: claimants stay in order inside a cell.
    order.sort_by_key(key);
    let cell = |run: std::ops::Range<usize>| {
        let rows = &order[run];
        let row = &table.rows[rows[0]];
        let line = table.lines[row.line as usize];
        let mut cell = PanelCell {
            village: row.village,
            year: u32::from(row.year),
            programme: table.programmes[line.programme as usize].clone(),
            season: line.season,
            crop: table.crops[line.crop as usize].clone(),
            filed: Mu::ZERO,
            used: Mu::ZERO,
            amount: Yuan::ZERO,
            claims: 0,
            claimants: 0,
        };
        let (mut filed, mut used, mut amount, mut last) = (0_i64, 0_i64, 0_i64, NONE);
        for at in rows {
            let row = &table.rows[*at];
            if row.area != MISSING_FIXED {
                filed = filed.saturating_add(row.area);
            }
            if repaired.counts(*at) {
                used = used.saturating_add(repaired.used[*at]);
                amount = amount.saturating_add(row.amount);
                cell.claims += 1;
                cell.claimants += u32::from(row.claimant != last);
                last = row.claimant;
            }
        }
        cell.filed = Mu::from_raw(filed);
        cell.used = Mu::from_raw(used);
        cell.amount = Yuan::from_raw(amount);
        cell
    };
    runs(&order, |a, b| key(a) == key(b)).into_iter().map(cell).collect()
}

/// Rows of each village-year that are in the series.
pub(crate) fn claims(table: &Table, repaired: &Repaired) -> Vec<u32> {
    let mut claims = vec![0; table.cells()];
    for (at, row) in table.rows.iter().enumerate().filter(|(at, _)| repaired.counts(*at)) {
        debug_assert!(at < table.rows.len());
        claims[table.cell(row)] += 1;
    }
    claims
}

/// The one with the largest area of each village-year; ties go to the first by text.
pub(crate) fn office(table: &Table, repaired: &Repaired, who: impl Fn(&Row) -> u32) -> Office {
    let mut areas: BTreeMap<(usize, u32), i128> = BTreeMap::new();
    let mut all = vec![0_i128; table.cells()];
    for (at, row) in table.rows.iter().enumerate().filter(|(at, _)| repaired.counts(*at)) {
        let area = i128::from(repaired.used[at]);
        all[table.cell(row)] += area;
        if who(row) != NONE {
            *areas.entry((table.cell(row), who(row))).or_default() += area;
        }
    }
    let mut best: Vec<Option<(i128, u32)>> = vec![None; table.cells()];
    for ((cell, person), area) in &areas {
        if best[*cell].is_none_or(|(known, _)| *area > known) {
            best[*cell] = Some((*area, *person));
        }
    }
    let mut named: Vec<u32> = best.iter().flatten().map(|(_, person)| *person).collect();
    named.sort_unstable();
    named.dedup();
    let place = |person: &u32| u32::try_from(named.partition_point(|p| p < person)).unwrap_or(NONE);
    let dominant = |(cell, found): (usize, &Option<(i128, u32)>)| {
        let (area, person) = found.as_ref()?;
        let share = if all[cell] > 0 { *area as f64 / all[cell] as f64 } else { 0.0 };
        Some(Dominant { person: place(person), share })
    };
    Office {
        dominant: best.iter().enumerate().map(dominant).collect(),
        people: named
            .iter()
            .map(|person| ClaimantId::new(table.officers[*person as usize].as_ref()))
            .collect(),
    }
}
