//! People who claim one and the same thing in two villages.

use crate::rows::{Row, Table, runs};
use std::cmp::Reverse;

/// A claim that its claimant also makes in another village where more speaks for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shared {
    /// The village with less of the claimant's contracted land and years.
    pub(crate) charged: u32,
    /// The village with more.
    pub(crate) witness: u32,
    /// The claim in the charged village.
    pub(crate) row: usize,
    /// Its like in the witness village; the same area and amount if any has them.
    pub(crate) twin: usize,
    /// The claimant is in the charged village in this year only.
    pub(crate) only_year: bool,
}

/// All of them, by row of the charged village.
#[derive(Debug, Default)]
pub(crate) struct Abroad {
    pub(crate) shared: Vec<Shared>,
}

/// What speaks for a claimant's living in a village: years with contracted land, then years at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Roots {
    contract: usize,
    years: usize,
}

impl Abroad {
    pub(crate) fn find(table: &Table) -> Self {
        let rows = &table.rows;
        let mut home = vec![crate::rows::NONE; table.claimants.len()];
        let mut moves = vec![false; table.claimants.len()];
        for row in rows {
            let known = &mut home[row.claimant as usize];
            moves[row.claimant as usize] |= *known != crate::rows::NONE && *known != row.village;
            *known = row.village;
        }
        let mut order: Vec<usize> =
            (0..rows.len()).filter(|at| moves[rows[*at].claimant as usize]).collect();
        order.sort_by_key(|at| (rows[*at].claimant, *at));
        let mut shared = Vec::new();
        for run in runs(&order, |a, b| rows[*a].claimant == rows[*b].claimant) {
            of_person(table, &order[run], &mut shared);
        }
        shared.sort_unstable_by_key(|s| s.row);
        Self { shared }
    }
}

fn of_person(table: &Table, person: &[usize], shared: &mut Vec<Shared>) {
    let rows = &table.rows;
    let villages = runs(person, |a, b| rows[*a].village == rows[*b].village);
    let roots: Vec<(u32, Roots)> = villages
        .iter()
        .map(|run| (rows[person[run.start]].village, roots_of(table, &person[run.clone()])))
        .collect();
    let roots_in = |village: u32| roots.iter().find(|(v, _)| *v == village).map(|(_, r)| *r);
    let mut order: Vec<usize> = person.to_vec();
    order.sort_by_key(|at| (rows[*at].year, rows[*at].line, *at));
    let same =
        |a: &usize, b: &usize| (rows[*a].year, rows[*a].line) == (rows[*b].year, rows[*b].line);
    for run in runs(&order, same) {
        let claim = &order[run];
        let best = claim
            .iter()
            .map(|at| rows[*at].village)
            .max_by_key(|village| (roots_in(*village), Reverse(*village)));
        let Some(witness) = best else { continue };
        let twins: Vec<usize> =
            claim.iter().copied().filter(|at| rows[*at].village == witness).collect();
        for at in claim.iter().filter(|at| rows[**at].village != witness) {
            let charged = rows[*at].village;
            // Equal roots say nothing about where the claimant belongs.
            if roots_in(charged) == roots_in(witness) {
                continue;
            }
            let exact = |twin: &&usize| {
                let sums = |row: &Row| (row.area, row.amount);
                sums(&rows[**twin]) == sums(&rows[*at])
            };
            let Some(twin) = twins.iter().find(exact).or(twins.first()) else { continue };
            let only_year = roots_in(charged).is_some_and(|r| r.years == 1);
            shared.push(Shared { charged, witness, row: *at, twin: *twin, only_year });
        }
    }
}

fn roots_of(table: &Table, rows: &[usize]) -> Roots {
    let years = |of: &dyn Fn(&Row) -> bool| {
        let mut years: Vec<u16> = rows
            .iter()
            .map(|at| &table.rows[*at])
            .filter(|row| of(row))
            .map(|row| row.year)
            .collect();
        years.sort_unstable();
        years.dedup();
        years.len()
    };
    Roots { contract: years(&|row| table.is_contract(row)), years: years(&|_| true) }
}
