//! Schemes of the wide setting: money moved without a larger list, or a list that the land no longer bears.

use crate::province::plant::{Excess, Work};
use crate::province::row::{Row, fen};
use crate::province::village::Village;
use crate::stream::{Stream, nearest, pseudonym};
use std::sync::Arc;

/// Fields lie fallow and the claims go on: every source sees less, the rows stay as they are.
pub(super) fn abandoned(
    work: &Work<'_>,
    village: &mut Village,
    (year, share): (usize, f64),
) -> Excess {
    let mut excess = Excess::default();
    let kept = 1.0 - share.min(0.9);
    let mut crops: Vec<&'static str> = Vec::new();
    for row in village.rows[year].iter().filter(|r| r.programme == work.programme) {
        let area = nearest(row.area as f64 * (1.0 - kept));
        excess.apart(area, fen(area, row.rate));
        crops.push(row.crop);
    }
    let own = village.cells.iter_mut().filter(|c| c.year == year && crops.contains(&c.crop));
    for cell in own.filter(|c| !(work.keeps_yearbook && c.source == "stat_yearbook")) {
        cell.area = nearest(cell.area as f64 * kept / 1_000.0) * 1_000;
    }
    excess
}

/// Rows are entered under the crop of the village that pays most; what grows stays the same.
pub(super) fn crop_switch(work: &Work<'_>, stream: &mut Stream, rows: &mut [Row]) -> Excess {
    let mut excess = Excess::default();
    let best = rows.iter().filter(|r| r.kind.is_some()).max_by_key(|r| (r.rate, r.area)).cloned();
    let Some(best) = best else { return excess };
    let share = (2.0 * work.size).min(0.9);
    for row in rows.iter_mut().filter(|r| r.kind.is_some() && r.rate < best.rate) {
        if !stream.chance(share) {
            continue;
        }
        let before = row.amount;
        (row.kind, row.season, row.programme) = (best.kind, best.season, best.programme);
        (row.crop, row.rate) = (best.crop, best.rate);
        row.amount = fen(row.area, row.rate);
        excess.apart(0, row.amount - before);
    }
    excess
}

/// A little is cut from many rows and booked on one cadre's: the village's total stays.
pub(super) fn skimmed(
    work: &Work<'_>,
    stream: &mut Stream,
    village: &mut Village,
    year: usize,
) -> Excess {
    let mut excess = Excess::default();
    let fits = |r: &Row| r.programme == work.programme && r.kind.is_some();
    let host = village.people.iter().position(|p| p.cadre).unwrap_or(0);
    let rows = &mut village.rows[year];
    let Some(to) = rows.iter().position(|r| r.person == Some(host) && fits(r)) else {
        return excess;
    };
    let cut = (work.size / 3.0).clamp(0.02, 0.2);
    let mut taken = 0;
    for (at, row) in rows.iter_mut().enumerate() {
        if at == to || !fits(row) || !stream.chance(0.7) {
            continue;
        }
        let less = nearest(row.area as f64 * cut);
        if less > 0 && less < row.area {
            row.set(row.area - less);
            taken += less;
        }
    }
    let (before, rate) = (rows[to].area, rows[to].rate);
    rows[to].set(before + taken);
    excess.apart(taken, fen(taken, rate));
    excess
}

/// Rows that stand in the list twice, to the last figure.
pub(super) fn paid_twice(
    work: &Work<'_>,
    stream: &mut Stream,
    rows: &mut Vec<Row>,
    aim: f64,
) -> Excess {
    let mut excess = Excess::default();
    let own: Vec<Row> = rows.iter().filter(|r| r.programme == work.programme).cloned().collect();
    let start = stream.whole(0, own.len().saturating_sub(1));
    for (number, row) in own.iter().cycle().skip(start).take(own.len()).enumerate() {
        if number >= 2 && excess.area as f64 >= aim {
            break;
        }
        let again = Row { parcel: None, ..row.clone() };
        excess.new_row(&again);
        rows.push(again);
    }
    excess
}

/// A grower who exists on paper alone claims one large area.
pub(super) fn shell(work: &Work<'_>, village: &mut Village, (year, aim): (usize, f64)) -> Excess {
    let mut excess = Excess::default();
    let like =
        village.rows[year].iter().filter(|r| r.programme == work.programme && r.kind.is_some());
    let Some(like) = like.max_by_key(|r| r.area).cloned() else { return excess };
    let id: Arc<str> = pseudonym(work.options.seed, "claimant-shell", &village.code, 0).into();
    let mut row = Row {
        person: None,
        claimant: id,
        household: format!("{}-S", village.code).into(),
        account: pseudonym(work.options.seed, "account-shell", &village.code, 0).into(),
        parcel: None,
        ..like
    };
    row.set(nearest(aim / 100.0).max(1) * 100);
    excess.new_row(&row);
    village.rows[year].push(row);
    excess
}
