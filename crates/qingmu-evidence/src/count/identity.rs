//! People who died or are not in the register, paid onto shared cards.

use super::{BOUNDS, Found, Ground, Tally, entry};
use crate::registers::People;
use crate::rows::{NONE, runs};
use qingmu_model::Family;
use std::collections::BTreeMap;

/// A card must carry this many suspicious people.
const LEAST: u32 = 3;

/// Pseudo-people with the overall share added to every town.
const PSEUDO: f64 = 20.0;

/// Bounds of a town's share: registers are never better and, as evidence, never worse.
const SHARE: (f64, f64) = (0.02, 0.5);

/// Share of suspicious people on a card made for them.
const MADE: f64 = 0.9;

/// A claim of one person on one card.
type Entry = (usize, u32, u32, usize);

/// Counts such cards. Suspicious people alone are late renaming, shared cards alone are couples, carers and
/// co-operatives; both together, beyond the town's own share of such people, speak.
///
/// Per village-year the evidence is that of one made card among its shared ones: ln Σ BF − ln(number of shared cards).
pub(crate) fn identities(ground: Ground<'_>, people: &People) -> Found {
    let table = ground.table;
    let share = shares(ground, people);
    let mut entries: Vec<Entry> = (0..table.rows.len())
        .filter(|at| table.rows[*at].account != NONE && ground.repaired.counts(*at))
        .map(|at| {
            let row = &table.rows[at];
            (table.cell(row), row.account, row.claimant, at)
        })
        .collect();
    entries.sort_unstable();
    let mut found = Vec::new();
    for cell in runs(&entries, |a, b| a.0 == b.0) {
        let entries = &entries[cell];
        let village = entries[0].0 / table.years.max(1);
        let p = share[table.town[village] as usize];
        let mut tally = Tally { cell: entries[0].0, ..Tally::default() };
        let (mut cards, mut speaks) = (0_u32, Vec::new());
        for card in runs(entries, |a, b| a.1 == b.1) {
            let card = &entries[card];
            let (persons, odd) = count(ground, people, card);
            cards += u32::from(persons >= 2);
            if odd < LEAST {
                continue;
            }
            let even = f64::from(persons - odd);
            speaks.push(f64::from(odd) * (MADE / p).ln() + even * ((1.0 - MADE) / (1.0 - p)).ln());
            for (.., at) in card.iter().filter(|e| odd_one(ground, people, e.3)) {
                tally.add(ground, *at);
            }
            tally.count += odd;
        }
        if let Some(most) = speaks.iter().copied().reduce(f64::max) {
            let sum: f64 = speaks.iter().map(|s| (s - most).exp()).sum();
            let ln_bf = most + sum.ln() - f64::from(cards).ln();
            found.push(entry(table, Family::Identity, ln_bf.clamp(BOUNDS.0, BOUNDS.1), tally));
        }
    }
    found
}

fn odd_one(ground: Ground<'_>, people: &People, at: usize) -> bool {
    let row = &ground.table.rows[at];
    people.is_odd(row.claimant, ground.table.calendar(usize::from(row.year)))
}

/// People on a card, and the suspicious among them.
fn count(ground: Ground<'_>, people: &People, card: &[Entry]) -> (u32, u32) {
    let (mut persons, mut odd) = (0, 0);
    for person in runs(card, |a, b| a.2 == b.2) {
        persons += 1;
        odd += u32::from(odd_one(ground, people, card[person.start].3));
    }
    (persons, odd)
}

/// Per town the share of suspicious people among all person-years, shrunk towards the share of all towns.
fn shares(ground: Ground<'_>, people: &People) -> Vec<f64> {
    let table = ground.table;
    let mut towns: BTreeMap<u32, (f64, f64)> = BTreeMap::new();
    let mut seen: Vec<(u32, u16, u32, usize)> = Vec::new();
    for block in &table.blocks {
        seen.clear();
        seen.extend(block.clone().map(|at| {
            let row = &table.rows[at];
            (row.claimant, row.year, row.village, at)
        }));
        seen.sort_unstable();
        for run in runs(&seen, |a, b| (a.0, a.1) == (b.0, b.1)) {
            let (.., village, at) = seen[run.start];
            let town = towns.entry(table.town[village as usize]).or_default();
            town.0 += f64::from(u8::from(odd_one(ground, people, at)));
            town.1 += 1.0;
        }
    }
    let all = towns.values().fold((0.0, 0.0), |sum, t| (sum.0 + t.0, sum.1 + t.1));
    let overall = all.0 / f64::max(all.1, 1.0);
    let number = towns.keys().last().map_or(0, |last| *last as usize + 1);
    let mut shares = vec![SHARE.0; number];
    for (town, (odd, persons)) in towns {
        let share: f64 = (odd + PSEUDO * overall) / (persons + PSEUDO);
        shares[town as usize] = share.clamp(SHARE.0, SHARE.1);
    }
    shares
}
