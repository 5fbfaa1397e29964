//! What a claimant usually claims: the median of their own areas over the years.

use crate::rows::{Line, NONE, Row, runs};

/// Years that a claim must have been made in before its own history can judge one of them.
const LEAST_YEARS: usize = 3;

/// More than this factor up or down is off.
const OFF: f64 = 1.5;

/// Within this factor areas are the same.
const SAME: f64 = 1.05;

/// A row beside its own history.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Own {
    /// Median of the claim's areas over all years, 0.0001 mu.
    pub(crate) median: f64,
    /// Few of its years are off: one that is may be a slip. Where many are, the land has changed.
    pub(crate) steady: bool,
    /// The others are not only near the median but on it.
    pub(crate) tight: bool,
}

/// Per row of one village its own history; `None` below three years, or where a year has several such rows and none
/// can be told from the other.
///
/// A claim is followed by its parcel and crop, else by its parcel through changing crops, else by its crop, else by
/// its programme.
pub(crate) fn own(rows: &[Row], used: &[i64], lines: &[Line]) -> Vec<Option<Own>> {
    let mut found = vec![None; rows.len()];
    for person in runs(rows, |a, b| a.claimant == b.claimant) {
        if person.len() < LEAST_YEARS {
            continue;
        }
        for key in [parcel_and_line, parcel_only, line_only, programme_only] {
            let mut order: Vec<(u64, usize)> =
                person.clone().filter_map(|at| Some((key(&rows[at], lines)?, at))).collect();
            order.sort_unstable_by_key(|(key, at)| (*key, rows[*at].year, *at));
            for group in runs(&order, |a, b| a.0 == b.0) {
                judge(&order[group], rows, used, &mut found);
            }
            if person.clone().all(|at| found[at].is_some()) {
                break;
            }
        }
    }
    found
}

fn pair(high: u32, low: u32) -> u64 {
    u64::from(high) << 32 | u64::from(low)
}

fn parcel_and_line(row: &Row, _: &[Line]) -> Option<u64> {
    (row.parcel != NONE).then(|| pair(row.parcel, row.line))
}

fn parcel_only(row: &Row, lines: &[Line]) -> Option<u64> {
    (row.parcel != NONE).then(|| pair(row.parcel, season_of_programme(row, lines)))
}

#[allow(clippy::unnecessary_wraps, reason = "one of several keys")]
fn line_only(row: &Row, _: &[Line]) -> Option<u64> {
    Some(u64::from(row.line))
}

#[allow(clippy::unnecessary_wraps, reason = "one of several keys")]
fn programme_only(row: &Row, lines: &[Line]) -> Option<u64> {
    Some(u64::from(season_of_programme(row, lines)))
}

fn season_of_programme(row: &Row, lines: &[Line]) -> u32 {
    let line = lines[row.line as usize];
    line.programme * 4 + line.season as u32
}

fn judge(group: &[(u64, usize)], rows: &[Row], used: &[i64], found: &mut [Option<Own>]) {
    let single = group.windows(2).all(|pair| rows[pair[0].1].year != rows[pair[1].1].year);
    let news = group.iter().any(|(_, at)| found[*at].is_none());
    if group.len() < LEAST_YEARS || !single || !news {
        return;
    }
    let mut areas: Vec<i64> = group.iter().map(|(_, at)| used[*at]).filter(|a| *a > 0).collect();
    if areas.len() < LEAST_YEARS {
        return;
    }
    areas.sort_unstable();
    let half = areas.len() / 2;
    let median = match areas.len() % 2 {
        1 => areas[half] as f64,
        _ => f64::midpoint(areas[half - 1] as f64, areas[half] as f64),
    };
    let beyond = |factor: f64| {
        let far = |area: &&i64| !(1.0 / factor..=factor).contains(&(**area as f64 / median));
        areas.iter().filter(far).count()
    };
    let few = (areas.len() / 4).max(1);
    let own = Own { median, steady: beyond(OFF) <= few, tight: beyond(SAME) <= few };
    for (_, at) in group {
        found[*at].get_or_insert(own);
    }
}
