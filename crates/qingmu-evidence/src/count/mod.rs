//! Families of rows counted per village-year, each against what honest counties have.

mod duplicate;
mod identity;
mod law;
mod parcel;
mod sums;
mod topup;

pub(crate) use duplicate::duplicates;
pub(crate) use identity::identities;
pub(crate) use parcel::parcels;
pub(crate) use sums::sums;
pub(crate) use topup::{Contracted, top_ups};

use crate::evidence::{RowAt, Trace};
use crate::repair::Repaired;
use crate::rows::Table;
use law::{BOUNDS, Law, Seen};
use qingmu_model::{Counted, Family, Mu, Yuan};

/// What every family looks at.
#[derive(Clone, Copy)]
pub(crate) struct Ground<'a> {
    pub(crate) table: &'a Table,
    pub(crate) repaired: &'a Repaired,
}

/// One family's rows in one village-year.
#[derive(Debug, Clone, Default, PartialEq)]
struct Tally {
    /// Village-year.
    cell: usize,
    /// The count that the law is about.
    count: u32,
    /// Area beyond what is due, 0.0001 mu.
    area: i64,
    /// Money beyond what is due, fen.
    money: i64,
    /// The rows.
    rows: Vec<usize>,
    witness: Option<u32>,
    step: Option<i64>,
    /// Evidence counts half.
    halved: bool,
}

/// Counted rows and the rows behind them.
pub(crate) type Found = Vec<(Counted, Trace)>;

/// Weighs tallies by the law learnt from all village-years in which there is something to count (`of` above 0).
fn weigh(ground: Ground<'_>, family: Family, of: &[u32], tallies: Vec<Tally>) -> Found {
    let Some(law) = learn(ground.table, of, &tallies) else { return Vec::new() };
    let weighed = |tally: Tally| {
        let ln_bf = law.ln_bf(tally.count, of[tally.cell]);
        entry(ground.table, family, ln_bf, tally)
    };
    tallies.into_iter().map(weighed).collect()
}

/// The honest law of a count.
fn learn(table: &Table, of: &[u32], tallies: &[Tally]) -> Option<Law> {
    let mut counts = vec![0; of.len()];
    for tally in tallies {
        counts[tally.cell] = tally.count;
    }
    let cells = of.iter().enumerate().filter(|(_, of)| **of > 0);
    let seen: Vec<Seen> = cells
        .map(|(cell, _)| {
            let village = cell / table.years.max(1);
            Seen { county: table.county[village], town: table.town[village], count: counts[cell] }
        })
        .collect();
    Law::learn(&seen)
}

fn entry(table: &Table, family: Family, ln_bf: f64, mut tally: Tally) -> (Counted, Trace) {
    let years = table.years.max(1);
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let halved = tally.halved && ln_bf > 0.0;
    tally.rows.sort_unstable();
    tally.rows.dedup();
    let counted = Counted {
        village: number(tally.cell / years),
        year: number(tally.cell % years),
        family,
        ln_bf: if halved { ln_bf / 2.0 } else { ln_bf },
        rows: number(tally.rows.len()),
        excess_mu: Mu::from_raw(tally.area),
        excess_yuan: Yuan::from_raw(tally.money),
    };
    let at = |row: &usize| {
        let row = &table.rows[*row];
        RowAt { file: row.file, row: u64::from(row.at) }
    };
    let mut rows: Vec<RowAt> = tally.rows.iter().map(at).collect();
    rows.sort_unstable();
    (counted, Trace { rows, witness: tally.witness, step: tally.step.map(Mu::from_raw) })
}

impl Tally {
    /// Adds a row whose whole area and amount are beyond what is due.
    fn add(&mut self, ground: Ground<'_>, at: usize) {
        self.area = self.area.saturating_add(ground.repaired.used[at]);
        self.money = self.money.saturating_add(ground.table.rows[at].amount);
        self.rows.push(at);
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod topup_tests;
