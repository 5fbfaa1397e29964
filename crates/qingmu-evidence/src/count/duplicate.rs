//! The same people and crops in two villages.

use super::{Found, Ground, Tally, entry, learn};
use crate::abroad::{Abroad, Shared};
use crate::rows::runs;
use qingmu_model::Family;

/// People shared by one pair of villages in one year.
struct Pair<'a> {
    cell: usize,
    witness: u32,
    people: u32,
    shared: &'a [Shared],
}

/// Counts the people whom a village shares with another in a year, though less speaks for their living there. The
/// village-year is judged by the pair with the most of them; copies are edited, so rows need not be equal.
pub(crate) fn duplicates(ground: Ground<'_>, abroad: &Abroad) -> Found {
    let table = ground.table;
    let year = |s: &Shared| table.rows[s.row].year;
    let mut shared: Vec<Shared> =
        abroad.shared.iter().copied().filter(|s| ground.repaired.counts(s.row)).collect();
    shared.sort_by_key(|s| (s.charged, year(s), s.witness, s.row));
    let pair = |run: std::ops::Range<usize>| {
        let shared = &shared[run];
        let person = |s: &Shared| table.rows[s.row].claimant;
        let people = runs(shared, |a, b| person(a) == person(b)).len();
        Pair {
            cell: table.cell(&table.rows[shared[0].row]),
            witness: shared[0].witness,
            people: u32::try_from(people).unwrap_or(u32::MAX),
            shared,
        }
    };
    let same =
        |a: &Shared, b: &Shared| (a.charged, year(a), a.witness) == (b.charged, year(b), b.witness);
    let pairs: Vec<Pair<'_>> = runs(&shared, same).into_iter().map(pair).collect();
    let of = claimants(ground);
    let mut tallies = Vec::new();
    for run in runs(&pairs, |a, b| a.cell == b.cell) {
        // Of equal pairs the first by code stands for the village-year.
        let best = pairs[run].iter().rev().max_by_key(|pair| pair.people);
        tallies.extend(best.map(|pair| Tally {
            cell: pair.cell,
            count: pair.people,
            witness: Some(pair.witness),
            ..Tally::default()
        }));
    }
    let Some(law) = learn(table, &of, &tallies) else { return Vec::new() };
    let mut left = pairs.as_slice();
    let weighed = |mut tally: Tally| {
        let (here, rest) = left.split_at(left.partition_point(|pair| pair.cell <= tally.cell));
        left = rest;
        let ln_bf = law.ln_bf(tally.count, of[tally.cell]);
        for pair in here {
            let speaks = law.ln_bf(pair.people, of[pair.cell]) > 0.0;
            if Some(pair.witness) == tally.witness || speaks {
                pair.shared.iter().for_each(|s| tally.add(ground, s.row));
            }
        }
        entry(table, Family::Duplicate, ln_bf, tally)
    };
    tallies.into_iter().map(weighed).collect()
}

/// Distinct claimants of each village-year.
fn claimants(ground: Ground<'_>) -> Vec<u32> {
    let table = ground.table;
    let mut of = vec![0; table.cells()];
    let mut last = vec![crate::rows::NONE; table.cells()];
    for row in &table.rows {
        let cell = table.cell(row);
        of[cell] += u32::from(last[cell] != row.claimant);
        last[cell] = row.claimant;
    }
    of
}
