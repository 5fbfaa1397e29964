//! The same claim in two years running: how single areas change.

use crate::repair::Repaired;
use crate::rows::{Row, Table, runs};
use hashbrown::HashMap;
use rayon::prelude::*;
use std::ops::Range;

/// Areas of lists stand on a grid of 0.01 mu; this many smallest units are one step of it.
const STEP: i64 = 100;

/// A claim of one year and the same one of the year before, as places in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pair {
    pub(crate) now: u32,
    pub(crate) before: u32,
}

/// All pairs of one village-year, as filed. Repaired rows are in none.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Changes {
    pub(crate) cell: usize,
    pub(crate) pairs: Vec<Pair>,
    /// Change in 0.01 mu and the pairs that change so, ascending.
    pub(crate) deltas: Vec<(i64, u32)>,
}

/// What a county has in common in a year.
#[derive(Debug, Default)]
pub(crate) struct County {
    /// Pairs.
    pub(crate) pairs: u32,
    /// Pairs by change in 0.01 mu.
    deltas: HashMap<i64, u32>,
}

/// An area in steps of 0.01 mu.
pub(crate) fn steps(area: i64) -> i64 {
    (area + STEP / 2).div_euclid(STEP)
}

impl Changes {
    /// Pairs.
    pub(crate) fn len(&self) -> u32 {
        u32::try_from(self.pairs.len()).unwrap_or(u32::MAX)
    }

    /// Pairs that change by so many steps.
    pub(crate) fn by(&self, delta: i64) -> u32 {
        let at = self.deltas.binary_search_by_key(&delta, |(x, _)| *x);
        at.map_or(0, |at| self.deltas[at].1)
    }
}

impl County {
    /// Pairs that change by so many steps.
    pub(crate) fn by(&self, delta: i64) -> u32 {
        self.deltas.get(&delta).copied().unwrap_or(0)
    }
}

/// Lines whose changes are looked at: planting programmes, or all where none is one.
pub(crate) fn tested(table: &Table) -> Vec<bool> {
    let planting: Vec<bool> = table.contract.iter().map(|contract| !contract).collect();
    if planting.contains(&true) { planting } else { vec![true; planting.len()] }
}

/// Per village-year with pairs, its changes; village by village, year by year.
pub(crate) fn changes(table: &Table, repaired: &Repaired, lines: &[bool]) -> Vec<Changes> {
    let of_village = |block: &Range<usize>| {
        let mut years: Vec<Vec<Pair>> = vec![Vec::new(); table.years];
        pair_up(table, repaired, block.clone(), lines, &mut |pair, year| years[year].push(pair));
        let village = table.rows.get(block.start).map_or(0, |row| row.village as usize);
        let cell = |(year, pairs): (usize, Vec<Pair>)| {
            let deltas = histogram(table, &pairs);
            Changes { cell: village * table.years + year, pairs, deltas }
        };
        let found: Vec<Changes> = years
            .into_iter()
            .enumerate()
            .filter(|(_, pairs)| !pairs.is_empty())
            .map(cell)
            .collect();
        found
    };
    table.blocks.par_iter().flat_map_iter(of_village).collect()
}

/// Per county and year (`county * years + year`) the sum of its villages.
pub(crate) fn counties(table: &Table, changes: &[Changes]) -> Vec<County> {
    let number = table.county.last().map_or(0, |last| *last as usize + 1);
    let mut counties: Vec<County> = (0..number * table.years).map(|_| County::default()).collect();
    for village in changes {
        let county = &mut counties[county_of(table, village.cell)];
        county.pairs += village.len();
        for (delta, count) in &village.deltas {
            *county.deltas.entry(*delta).or_insert(0) += count;
        }
    }
    counties
}

/// Number of a village-year's county-year.
pub(crate) fn county_of(table: &Table, cell: usize) -> usize {
    table.county[cell / table.years] as usize * table.years + cell % table.years
}

fn histogram(table: &Table, pairs: &[Pair]) -> Vec<(i64, u32)> {
    let delta = |pair: &Pair| {
        steps(table.rows[pair.now as usize].area) - steps(table.rows[pair.before as usize].area)
    };
    let mut all: Vec<i64> = pairs.iter().map(delta).collect();
    all.sort_unstable();
    let count = |run: Range<usize>| (all[run.start], u32::try_from(run.len()).unwrap_or(u32::MAX));
    runs(&all, |a, b| a == b).into_iter().map(count).collect()
}

/// Follows a claim by its crop where it is the only one of a year, else by its parcel.
fn pair_up(
    table: &Table,
    repaired: &Repaired,
    block: Range<usize>,
    lines: &[bool],
    take: &mut dyn FnMut(Pair, usize),
) {
    let rows = &table.rows[block.clone()];
    for claim in runs(rows, |a, b| (a.claimant, a.line) == (b.claimant, b.line)) {
        if !lines[rows[claim.start].line as usize] || claim.len() < 2 {
            continue;
        }
        let mut order: Vec<usize> = claim.clone().collect();
        order.sort_by_key(|at| rows[*at].year);
        let single =
            |order: &[usize]| order.windows(2).all(|pair| rows[pair[0]].year < rows[pair[1]].year);
        let groups: Vec<Vec<usize>> = if single(&order) {
            vec![order]
        } else {
            let same = |a: &Row, b: &Row| a.parcel == b.parcel;
            let by_parcel = runs(&rows[claim.clone()], same);
            let global =
                |run: Range<usize>| (claim.start + run.start..claim.start + run.end).collect();
            by_parcel.into_iter().map(global).collect()
        };
        for group in groups.iter().filter(|group| single(group)) {
            for pair in group.windows(2) {
                let (before, now) = (pair[0], pair[1]);
                let filed = |at: usize| repaired.as_filed(block.start + at);
                if rows[before].year + 1 == rows[now].year && filed(before) && filed(now) {
                    let place = |at: usize| u32::try_from(block.start + at).unwrap_or(u32::MAX);
                    let pair = Pair { now: place(now), before: place(before) };
                    take(pair, usize::from(rows[now].year));
                }
            }
        }
    }
}
