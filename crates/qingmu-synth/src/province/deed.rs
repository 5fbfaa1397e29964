//! What each scheme does to the rows of a village and year.

use crate::claims::days;
use crate::province::filing::BARREN;
use crate::province::plant::{Barren, Dead, Excess, Planting, Work};
use crate::province::row::{Row, fen};
use crate::province::village::Village;
use crate::stream::{Stream, nearest, pseudonym};
use std::sync::Arc;

/// Larger areas for some people (or all of them, or cadres and their relatives), the same ones every year.
pub(super) fn enlarge(
    work: &Work<'_>,
    stream: &mut Stream,
    village: &mut Village,
    (year, aim): (usize, f64),
    kin: bool,
) -> Excess {
    let share = if work.how == "scaled" { 1.0 } else { stream.between(0.15, 0.6) };
    let people: Vec<(bool, f64, i64)> = village
        .people
        .iter()
        .map(|p| {
            let chosen = stream.chance(share);
            let near = p.cadre || p.kin.is_some();
            let greed = if work.how == "scaled" { 1.0 } else { stream.between(0.6, 1.4) };
            (if kin { near } else { chosen }, greed, p.grid)
        })
        .collect();
    let weight = |row: &Row, everybody: bool| -> Option<(f64, i64)> {
        let (chosen, greed, grid) = *people.get(row.person?)?;
        let fits = (chosen || everybody) && row.programme == work.programme && row.kind.is_some();
        fits.then_some((row.area as f64 * greed, grid))
    };
    let rows = &mut village.rows[year];
    let sum = |everybody| -> f64 {
        rows.iter().filter_map(|r| weight(r, everybody)).fold(0.0, |sum, (own, _)| sum + own)
    };
    // Nobody's area is more than tripled, beyond which even a careless clerk would stop: then all others join in.
    let everybody = !kin && aim > 2.0 * sum(false);
    let all = sum(everybody);
    let by = if all > 0.0 { (aim / all).min(2.0) } else { 0.0 };
    let mut excess = Excess::default();
    for row in rows {
        let Some((own, grid)) = weight(row, everybody) else { continue };
        let before = (row.area, row.amount);
        let more = nearest(own * by / grid as f64) * grid;
        row.area += more;
        row.amount += fen(more, row.rate);
        excess.grown(row, before);
    }
    excess
}

/// Mean area of a person's rows of the programme, and one such person's rows as a pattern.
fn pattern<'a>(rows: &'a [Row], programme: &str) -> Option<(&'a Row, f64)> {
    let own: Vec<&Row> = rows.iter().filter(|r| r.programme == programme).collect();
    let mean = own.iter().map(|r| r.area as f64).sum::<f64>() / own.len().max(1) as f64;
    own.iter().max_by_key(|r| r.area).map(|r| (*r, mean))
}

/// People who are not there, each with a card of their own; last year's come first again.
pub(super) fn invented(
    work: &Work<'_>,
    stream: &mut Stream,
    village: &mut Village,
    (year, aim): (usize, f64),
) -> Excess {
    let mut excess = Excess::default();
    let Some((like, mean)) = pattern(&village.rows[year], work.programme) else { return excess };
    let like = like.clone();
    for number in 0..60 {
        let area = nearest(mean * stream.between(0.6, 1.6) / 10.0).max(2) * 10;
        if (excess.area + area / 2) as f64 > aim {
            break;
        }
        let row = stranger(work, &like, &village.code, number, area);
        excess.new_row(&row);
        village.rows[year].push(row);
    }
    excess
}

fn stranger(work: &Work<'_>, like: &Row, code: &str, number: usize, area: i64) -> Row {
    let mut row = Row {
        person: None,
        claimant: pseudonym(work.options.seed, "claimant-new", code, number).into(),
        household: format!("{code}-H9{number:02}").into(),
        account: pseudonym(work.options.seed, "account-new", code, number).into(),
        parcel: None,
        ..like.clone()
    };
    row.set(area);
    row
}

/// Dead and invented people on one or two cards, with somebody living on each.
pub(super) fn ghosts(
    work: &Work<'_>,
    stream: &mut Stream,
    village: &mut Village,
    (year, aim): (usize, f64),
    planting: &mut Planting,
) -> Excess {
    let mut excess = Excess::default();
    let Some((like, mean)) = pattern(&village.rows[year], work.programme) else { return excess };
    let like = like.clone();
    let cards = stream.whole(1, 2);
    let hosts: Vec<Arc<str>> = stream
        .choose(village.people.len(), cards)
        .into_iter()
        .map(|i| village.people[i].account.clone())
        .collect();
    for number in 0..40 {
        let area = nearest(mean * stream.between(0.5, 1.4) / 10.0).max(2) * 10;
        let is_dead = stream.chance(0.5);
        let ago = i32::try_from(stream.below(2_500)).unwrap_or_default();
        if number >= 3 && (excess.area + area / 2) as f64 > aim {
            break;
        }
        let mut row = stranger(work, &like, &village.code, number, area);
        row.account = hosts[number % hosts.len()].clone();
        if is_dead && !planting.dead.iter().any(|d| d.id == row.claimant) {
            let died = days(work.options.first_year(), 0) - 200 - ago;
            planting.dead.push(Dead { id: row.claimant.clone(), died });
        }
        excess.new_row(&row);
        village.rows[year].push(row);
    }
    excess
}

/// People of another village are entered here as well; some of their areas are edited.
pub(super) fn duplicates(
    work: &Work<'_>,
    stream: &mut Stream,
    village: &mut Village,
    year: usize,
    aim: f64,
    lent: &[Row],
) -> Excess {
    let mut excess = Excess::default();
    let start = stream.whole(0, lent.len().saturating_sub(1));
    let edited = stream.between(0.0, 0.5);
    let fitting = lent.iter().cycle().skip(start).take(lent.len());
    let candidates: Vec<&Row> =
        fitting.filter(|r| r.programme == work.programme && r.person.is_some()).collect();
    for (number, theirs) in candidates.into_iter().enumerate() {
        if number >= 5 && excess.area as f64 >= aim {
            break;
        }
        let mut row = Row { person: None, parcel: None, ..theirs.clone() };
        let edits = stream.chance(edited);
        let factor = stream.between(0.9, 1.1);
        row.set(if edits {
            nearest(row.area as f64 * factor / 10.0).max(1) * 10
        } else {
            row.area
        });
        excess.new_row(&row);
        village.rows[year].push(row);
    }
    excess
}

/// A stretch of another village's list under new names.
pub(super) fn copied(
    work: &Work<'_>,
    stream: &mut Stream,
    village: &mut Village,
    year: usize,
    aim: f64,
    lent: &[Row],
) -> Excess {
    let mut excess = Excess::default();
    let start = stream.whole(0, lent.len().saturating_sub(1));
    let fitting = lent.iter().cycle().skip(start).take(lent.len());
    for (number, theirs) in fitting.filter(|r| r.programme == work.programme).enumerate() {
        if number >= 10 && excess.area as f64 >= aim {
            break;
        }
        let row = stranger(work, theirs, &village.code, number, theirs.area);
        excess.new_row(&row);
        village.rows[year].push(row);
    }
    excess
}

/// Rows on parcels that bear no crop, for people who claim other parcels.
pub(super) fn barren(
    work: &Work<'_>,
    stream: &mut Stream,
    village: &mut Village,
    (year, aim): (usize, f64),
    planting: &mut Planting,
) -> Excess {
    let mut excess = Excess::default();
    let count = village.people.len();
    let first = stream.whole(0, count - 1);
    for number in 0..count {
        let who = (first + number) % count;
        let area = i64::try_from(stream.whole(5, 30)).unwrap_or(5) * 10;
        let class = *stream.pick(&BARREN).unwrap_or(&"forest");
        if number >= 4 && excess.area as f64 >= aim {
            break;
        }
        let own = village.rows[year]
            .iter()
            .find(|r| r.person == Some(who) && r.programme == work.programme);
        let Some(own) = own.cloned() else { continue };
        let id: Arc<str> = format!("{}-D9{number:02}", village.code).into();
        if !planting.barren.iter().any(|b| b.id == id) {
            let (village, holder) = (village.code.clone(), own.claimant.clone());
            planting.barren.push(Barren { id: id.clone(), village, area, class, holder });
        }
        let mut row = Row { parcel: Some(id), ..own };
        row.set(area);
        excess.new_row(&row);
        village.rows[year].push(row);
    }
    excess
}

/// More money on some rows than area times rate; the areas stay.
pub(super) fn over_rate(work: &Work<'_>, stream: &mut Stream, rows: &mut [Row]) -> Excess {
    let mut excess = Excess::default();
    let share = stream.between(0.1, 0.6);
    let by = (work.size / share).min(1.5);
    for row in rows.iter_mut().filter(|r| r.programme == work.programme) {
        if stream.chance(share) {
            let before = (row.area, row.amount);
            row.amount += nearest(row.amount as f64 * by * stream.between(0.7, 1.3));
            excess.grown(row, before);
        }
    }
    excess
}

/// The same kind of money in many small rows with next to no area.
pub(super) fn split(work: &Work<'_>, stream: &mut Stream, rows: &mut Vec<Row>) -> Excess {
    let mut excess = Excess::default();
    let own: Vec<Row> = rows.iter().filter(|r| r.programme == work.programme).cloned().collect();
    let all: i64 = own.iter().map(|r| r.amount).sum();
    let part = stream.between(2_000.0, 9_000.0);
    for like in own {
        if excess.fen as f64 >= all as f64 * work.size {
            break;
        }
        let mut row = Row { area: 1, parcel: None, ..like };
        row.amount = nearest(part * stream.between(0.6, 1.4));
        excess.new_row(&row);
        rows.push(row);
    }
    excess
}

/// One and the same addition for many people.
pub(super) fn top_up(
    work: &Work<'_>,
    stream: &mut Stream,
    village: &mut Village,
    (year, aim): (usize, f64),
) -> Excess {
    let mut excess = Excess::default();
    let share = stream.between(0.3, 0.95);
    let chosen: Vec<bool> = village.people.iter().map(|_| stream.chance(share)).collect();
    let fits = |r: &Row| {
        let own = r.person.and_then(|i| chosen.get(i)).copied().unwrap_or_default();
        own && r.programme == work.programme && r.kind.is_some()
    };
    // One size for all years of the scheme, from the rows of this one only in steps of a tenth of a mu.
    let count = village.rows[year].iter().filter(|r| fits(r)).count().max(1);
    let steps = nearest(aim / count as f64 / 10.0).clamp(1, 30);
    let steps = if steps > 3 { (steps + 2) / 5 * 5 } else { steps };
    for row in &mut village.rows[year] {
        if fits(row) {
            let before = (row.area, row.amount);
            row.area += steps * 10;
            row.amount += fen(steps * 10, row.rate);
            excess.grown(row, before);
        }
    }
    excess
}

/// Lessors claim what they let; the lessee claims it as well.
pub(super) fn double_lease(work: &Work<'_>, village: &mut Village, year: usize) -> Excess {
    let mut excess = Excess::default();
    for lease in &village.leases {
        let own = village.rows[year].iter_mut().find(|r| {
            r.claimant == lease.from && r.programme == work.programme && r.kind.is_some()
        });
        if let Some(row) = own {
            let before = (row.area, row.amount);
            let more = lease.area * 6 / 10;
            row.area += more;
            row.amount += fen(more, row.rate);
            excess.grown(row, before);
        }
    }
    excess
}
