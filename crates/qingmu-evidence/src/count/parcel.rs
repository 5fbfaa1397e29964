//! Rows on parcels that bear no crop, of claimants who also claim another parcel.

use super::{Found, Ground, Tally, weigh};
use crate::registers::Land;
use crate::rows::{NONE, runs};
use qingmu_model::Family;
use rayon::prelude::*;

/// Counts such rows. A stale class of land sits on the only parcel of a claimant and is not counted; parcels that the
/// register does not know, or gives no class, are not counted either.
pub(crate) fn parcels(ground: Ground<'_>, land: &Land) -> Found {
    let table = ground.table;
    let villages: Vec<Village> = table
        .blocks
        .par_iter()
        .map(|block| {
            let mut order: Vec<usize> = block
                .clone()
                .filter(|at| table.rows[*at].parcel != NONE && ground.repaired.counts(*at))
                .collect();
            order.sort_by_key(|at| (table.rows[*at].year, table.rows[*at].claimant));
            of_village(ground, land, &order)
        })
        .collect();
    let mut of = vec![0; table.cells()];
    let mut all = Vec::new();
    for (found, known) in villages {
        all.extend(found);
        for (cell, rows) in known {
            of[cell] = rows;
        }
    }
    weigh(ground, Family::Parcel, &of, all)
}

/// Tallies of a village, and per village-year the rows on parcels of a known class.
type Village = (Vec<Tally>, Vec<(usize, u32)>);

fn of_village(ground: Ground<'_>, land: &Land, order: &[usize]) -> Village {
    let rows = &ground.table.rows;
    let (mut tallies, mut known) = (Vec::new(), Vec::new());
    for year in runs(order, |a, b| rows[*a].year == rows[*b].year) {
        let year = &order[year];
        let cell = ground.table.cell(&rows[year[0]]);
        let mut tally = Tally { cell, ..Tally::default() };
        let mut classed = 0;
        for person in runs(year, |a, b| rows[*a].claimant == rows[*b].claimant) {
            let person = &year[person];
            let others = person.iter().any(|at| rows[*at].parcel != rows[person[0]].parcel);
            for at in person {
                let Some(arable) = land.arable(rows[*at].parcel) else { continue };
                classed += 1;
                if !arable && others {
                    tally.add(ground, *at);
                    tally.count += 1;
                }
            }
        }
        if classed > 0 {
            known.push((cell, classed));
        }
        if tally.count > 0 {
            tallies.push(tally);
        }
    }
    (tallies, known)
}
