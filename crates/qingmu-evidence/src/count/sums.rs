//! Sums above area times rate that are never taken back.

use super::{Found, Ground, Tally, weigh};
use crate::rows::runs;
use qingmu_input::MISSING_FIXED;
use qingmu_model::{Family, Mu, Yuan};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::ops::Range;

/// What remains of a person's sums after netting is nothing up to this many fen.
const NOTHING: i64 = 50;

/// Less than one part in so many of a sum left after netting is the back-pay's own rounding.
const OWED: i64 = 10;

/// Rounding of one row, fen.
const ROUNDING: i64 = 5;

/// Counts the people with such sums by programme, netted over all years of the record: back-pay nets to zero.
///
/// In the first year of the record a sum without its like may be back-pay for a year before it: it counts half.
pub(crate) fn sums(ground: Ground<'_>) -> Found {
    let table = ground.table;
    let villages: Vec<_> =
        table.blocks.par_iter().map(|block| of_village(ground, block.clone())).collect();
    let mut of = vec![0; table.cells()];
    let mut tallies = Vec::new();
    for (village, (found, people)) in villages.into_iter().enumerate() {
        tallies.extend(found);
        for (year, people) in people.into_iter().enumerate() {
            of[village * table.years + year] = people;
        }
    }
    weigh(ground, Family::Sum, &of, tallies)
}

fn of_village(ground: Ground<'_>, block: Range<usize>) -> (Vec<Tally>, Vec<u32>) {
    let table = ground.table;
    let rows = &table.rows[block.clone()];
    let mut people = vec![0; table.years];
    let mut tallies: BTreeMap<usize, Tally> = BTreeMap::new();
    let same = |a: &_, b: &_| {
        let key = |row: &crate::rows::Row| (row.claimant, table.programme(row));
        key(a) == key(b)
    };
    for run in runs(rows, same) {
        let person = block.start + run.start..block.start + run.end;
        let mut net: Vec<Option<i64>> = vec![None; table.years];
        for at in person.clone() {
            if let Some(over) = over(ground, at) {
                let year = usize::from(table.rows[at].year);
                net[year] = Some(net[year].unwrap_or(0).saturating_add(over));
            }
        }
        for (year, _) in net.iter().enumerate().filter(|(_, n)| n.is_some()) {
            people[year] += 1;
        }
        let mut sums: Vec<i64> = net.into_iter().map(Option::unwrap_or_default).collect();
        cancel(&mut sums);
        for (year, sum) in sums.iter().enumerate().filter(|(_, sum)| **sum > NOTHING) {
            let cell = table.cell(&table.rows[person.start]) / table.years * table.years + year;
            let tally = tallies.entry(year).or_insert_with(|| Tally {
                cell,
                halved: year == 0,
                ..Tally::default()
            });
            tally.count += 1;
            tally.money = tally.money.saturating_add(*sum);
            let high = person.clone().filter(|at| usize::from(table.rows[*at].year) == year);
            tally.rows.extend(high.filter(|at| over(ground, *at).is_some_and(|o| o > 0)));
        }
    }
    (tallies.into_values().collect(), people)
}

/// Amount beyond area times rate, fen; 0 within rounding, `None` where the row cannot say.
///
/// A repaired area is too coarse to accuse: it can only show that too little was paid.
fn over(ground: Ground<'_>, at: usize) -> Option<i64> {
    let row = &ground.table.rows[at];
    if row.rate == MISSING_FIXED || !ground.repaired.counts(at) {
        return None;
    }
    let due = Mu::from_raw(ground.repaired.used[at]).times_rate(Yuan::from_raw(row.rate))?.raw();
    let over = row.amount.checked_sub(due)?;
    if !ground.repaired.as_filed(at) {
        // A tenth of a mu is the grid of a list in hectares.
        return Some(if over < -(row.rate / 10) { over } else { 0 });
    }
    // Offices round to the yuan or the jiao, up, down or to the nearest.
    let grid = match row.amount {
        amount if amount % 100 == 0 => 100,
        amount if amount % 10 == 0 => 10,
        _ => 0,
    };
    let rounded = over.abs() <= ROUNDING || over.abs() < grid;
    Some(if rounded { 0 } else { over })
}

/// Takes each negative year off the positive ones, the nearest first, of two the later: back-pay comes after. What is
/// left of a sum nearly all of which was owed is nothing.
fn cancel(sums: &mut [i64]) {
    let paid = sums.to_vec();
    for short in 0..sums.len() {
        let mut owed = (-sums[short]).max(0);
        let mut others: Vec<usize> = (0..sums.len()).filter(|year| sums[*year] > 0).collect();
        others.sort_by_key(|year| (year.abs_diff(short), std::cmp::Reverse(*year)));
        for year in others {
            let taken = owed.min(sums[year]);
            sums[year] -= taken;
            owed -= taken;
        }
        sums[short] = sums[short].max(0);
    }
    for (left, paid) in sums.iter_mut().zip(paid) {
        if *left < paid / OWED {
            *left = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn years_cancel_the_nearest_and_of_two_the_later() {
        let after = |sums: &[i64]| {
            let mut sums = sums.to_vec();
            cancel(&mut sums);
            sums
        };
        assert_eq!(after(&[0, -500, 500, 0]), [0, 0, 0, 0]);
        assert_eq!(after(&[300, -500, 400, 0]), [200, 0, 0, 0]);
        assert_eq!(after(&[0, -900, 400, 0]), [0, 0, 0, 0]);
        assert_eq!(after(&[700, 0, 0, -100]), [600, 0, 0, 0]);
        assert_eq!(after(&[0, -500, 540, 0]), [0, 0, 0, 0], "back-pay with its rounding");
        assert_eq!(after(&[]), [] as [i64; 0]);
    }

    proptest! {
        #[test]
        fn netting_only_takes_away(sums in prop::collection::vec(-10_000_i64..10_000, 0..8)) {
            let mut after = sums.clone();
            cancel(&mut after);
            prop_assert!(after.iter().zip(&sums).all(|(a, s)| *a >= 0 && *a <= (*s).max(0)));
            let (net, left): (i64, i64) = (sums.iter().sum(), after.iter().sum());
            prop_assert!(net > 0 || left == 0, "{sums:?} {after:?}");
            let rounding: i64 = sums.iter().map(|s| s.max(&0) / OWED).sum();
            prop_assert!(left <= net.max(0) && left + rounding >= net.max(0));
        }
    }
}
