//! F7 where only a stretch is copied: people who come into a list together with the areas of another village's list.
//!
//! Someone who needs rows copies a stretch of another village's list under new names and puts it into the village's own.
//! The whole lists then differ, but the newcomers' areas are those of the other list, and how often that happens by chance
//! is known from all other villages of the county.

use super::copied::{SAME_PEOPLE, WINDOW};
use crate::count::Ground;
use crate::pairs::steps;
use crate::rows::{Table, runs};
use hashbrown::HashMap;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::ops::Range;

/// Chance of such a likeness among all villages of the county below which it is a copy, as a logarithm (1e-6).
const LN_CHANCE: f64 = -13.8;

/// Likenesses expected of any list at the least, so that areas that nobody else has do not make two rows a copy.
const LEAST_EXPECTED: f64 = 0.05;

/// An area that more villages have brings no candidate.
const MOST_HOLDERS: usize = 12;

/// What a row claims: line, and area in 0.01 mu.
type Key = (u32, i64);

/// People of one village with the same first and last year, which are not the village's own.
struct Cohort {
    village: usize,
    years: Range<usize>,
    /// Places in the table.
    rows: Vec<usize>,
}

/// Per village-year with newcomers who carry another village's areas of the same year, that village's cell.
pub(super) fn copies(ground: Ground<'_>, lines: &[bool]) -> BTreeMap<usize, usize> {
    let table = ground.table;
    let mut counties: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (village, county) in table.county.iter().enumerate() {
        counties.entry(*county).or_default().push(village);
    }
    let kept = |at: &usize| lines[table.rows[*at].line as usize] && ground.repaired.as_filed(*at);
    let of_county = |villages: &Vec<usize>| {
        let cohorts: Vec<Cohort> =
            villages.iter().flat_map(|village| cohorts(table, *village, &kept)).collect();
        let mut found = Vec::new();
        for year in 0..table.years {
            let here: Vec<&Cohort> = cohorts.iter().filter(|c| c.years.contains(&year)).collect();
            if !here.is_empty() {
                let lists = Lists::new(table, villages, year, &kept);
                found.extend(here.into_iter().filter_map(|c| lists.copied(table, c, year)));
            }
        }
        found
    };
    let counties: Vec<Vec<usize>> = counties.into_values().collect();
    counties.par_iter().flat_map_iter(of_county).collect()
}

/// Groups of people who come and go together, the largest that could be a stretch of a list.
fn cohorts(table: &Table, village: usize, kept: &impl Fn(&usize) -> bool) -> Vec<Cohort> {
    let rows: Vec<usize> = table.blocks[village].clone().filter(kept).collect();
    let year = |at: &usize| usize::from(table.rows[*at].year);
    let span = |rows: &[usize]| {
        let first = rows.iter().map(year).min()?;
        Some((first, rows.iter().map(year).max()?))
    };
    let Some(own) = span(&rows) else { return Vec::new() };
    let mut spans: BTreeMap<(usize, usize), (usize, Vec<usize>)> = BTreeMap::new();
    for run in runs(&rows, |a, b| table.rows[*a].claimant == table.rows[*b].claimant) {
        if let Some(span) = span(&rows[run.clone()]).filter(|span| *span != own) {
            let group = spans.entry(span).or_default();
            group.0 += 1;
            group.1.extend(&rows[run]);
        }
    }
    // People may hold two rows each, of wheat and of maize.
    let large = spans.into_iter().filter(|(_, (people, _))| *people >= WINDOW / 2);
    large.map(|((from, to), (_, rows))| Cohort { village, years: from..to + 1, rows }).collect()
}

/// All lists of a county in one year.
struct Lists {
    villages: Vec<usize>,
    /// Per village (in the order of `villages`) its rows, sorted, and its people, sorted.
    rows: Vec<(Vec<Key>, Vec<u32>)>,
    /// Places in `villages` that have a row of the key.
    holders: HashMap<Key, Vec<u32>>,
}

fn list(table: &Table, rows: impl Iterator<Item = usize>) -> (Vec<Key>, Vec<u32>) {
    let all = rows.map(|at| &table.rows[at]).map(|r| ((r.line, steps(r.area)), r.claimant));
    let (mut keys, mut people): (Vec<Key>, Vec<u32>) = all.unzip();
    keys.sort_unstable();
    people.sort_unstable();
    people.dedup();
    (keys, people)
}

impl Lists {
    fn new(table: &Table, villages: &[usize], year: usize, kept: &impl Fn(&usize) -> bool) -> Self {
        let of = |village: &usize| {
            let here = |at: &usize| usize::from(table.rows[*at].year) == year && kept(at);
            list(table, table.blocks[*village].clone().filter(here))
        };
        let lists: Vec<(Vec<Key>, Vec<u32>)> = villages.iter().map(of).collect();
        let mut holders: HashMap<Key, Vec<u32>> = HashMap::new();
        for (at, (keys, _)) in lists.iter().enumerate() {
            for run in runs(keys, |a, b| a == b) {
                holders.entry(keys[run.start]).or_default().push(u32::try_from(at).unwrap_or(0));
            }
        }
        Self { villages: villages.to_vec(), rows: lists, holders }
    }

    /// The cohort's cell and that of the list it repeats.
    fn copied(&self, table: &Table, cohort: &Cohort, year: usize) -> Option<(usize, usize)> {
        let of_year = |at: &usize| usize::from(table.rows[*at].year) == year;
        let (keys, people) = list(table, cohort.rows.iter().copied().filter(of_year));
        let own = self.villages.binary_search(&cohort.village).ok()?;
        let mut rare: BTreeMap<usize, usize> = BTreeMap::new();
        for key in &keys {
            let holders = self.holders.get(key).map_or(&[][..], Vec::as_slice);
            let others = holders.iter().map(|at| *at as usize).filter(|at| *at != own);
            if holders.len() <= MOST_HOLDERS {
                others.for_each(|at| *rare.entry(at).or_default() += 1);
            }
        }
        let (best, _) = rare.into_iter().max_by_key(|(at, n)| (*n, std::cmp::Reverse(*at)))?;
        let (theirs, them) = &self.rows[best];
        let common = shared(&keys, theirs);
        // Neighbours with land here are no new names.
        let known = shared(&people, them) as f64;
        if common < WINDOW || known > SAME_PEOPLE * people.len() as f64 {
            return None;
        }
        let ln_chance = self.ln_chance(&keys, own, common)?;
        let cell = |village: usize| village * table.years + year;
        (ln_chance < LN_CHANCE).then(|| (cell(cohort.village), cell(self.villages[best])))
    }

    /// Chance that any list of the county has so many rows in common with these, from how many other villages hold
    /// each of them (Chernoff's bound on a Poisson count); `None` with fewer than three other villages.
    fn ln_chance(&self, keys: &[Key], own: usize, common: usize) -> Option<f64> {
        let others = self.villages.len().checked_sub(2).filter(|n| *n > 0)?;
        let third = |key: &Key| {
            let holders = self.holders.get(key).map_or(&[][..], Vec::as_slice);
            // The village itself and the one that is copied say nothing of chance.
            let n = holders.iter().filter(|at| **at as usize != own).count().saturating_sub(1);
            n as f64 / others as f64
        };
        let expected = keys.iter().map(third).sum::<f64>().max(LEAST_EXPECTED);
        let seen = common as f64;
        if seen <= expected {
            return Some(0.0);
        }
        let one = seen - expected + seen * (expected / seen).ln();
        Some(one + (self.villages.len() as f64).ln())
    }
}

/// Size of the common part of two sorted lists, repeats counted.
fn shared<T: Ord>(a: &[T], b: &[T]) -> usize {
    let (mut i, mut j, mut common) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => (i, j, common) = (i + 1, j + 1, common + 1),
        }
    }
    common
}
