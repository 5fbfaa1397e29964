//! Peers of a row: the same year (and other keys) in ever wider regions.

use qingmu_model::{Project, View};
use std::collections::BTreeMap;

/// Group numbers per row for the peer level, every level above it, and the whole input, in this order.
///
/// `keys` are the view's columns that peers share beside the region, such as year, season and programme.
pub(super) fn peer_levels(view: &View, keys: &[&str], project: &Project) -> Vec<Vec<usize>> {
    let region = &project.region;
    let peer = region.levels.iter().position(|l| l.key == region.peer).unwrap_or_default();
    let mut widths: Vec<usize> =
        region.levels[..=peer].iter().map(|l| region.width_of(&l.key)).collect();
    widths.reverse();
    widths.push(0);
    let shared: Vec<usize> = number(view.rows, |row| {
        let cell = |key: &&str| {
            let column = view.column(key)?;
            column
                .text(row)
                .map(ToString::to_string)
                .or_else(|| Some(column.number(row)?.to_string()))
        };
        keys.iter().map(cell).collect::<Vec<_>>()
    });
    let village = view.column("village_code");
    let cut = |row: usize, width: usize| {
        let code = village.and_then(|c| c.text(row)).map_or("", |code| code);
        code.get(..width).unwrap_or(code)
    };
    widths
        .into_iter()
        .map(|width| number(view.rows, |row| (shared[row], cut(row, width))))
        .collect()
}

/// Numbers the distinct keys of the rows in order of appearance.
fn number<K: Ord>(rows: usize, key: impl Fn(usize) -> K) -> Vec<usize> {
    let mut seen = BTreeMap::new();
    (0..rows)
        .map(|row| {
            let next = seen.len();
            *seen.entry(key(row)).or_insert(next)
        })
        .collect()
}

/// Per row of `village_year` the row of the same village one year before; a gap of years is no neighbour.
pub(super) fn previous_year(view: &View) -> Vec<Option<usize>> {
    let key = |row: usize| {
        let village = view.column("village_code")?.text(row)?;
        #[allow(clippy::cast_possible_truncation, reason = "a year has four digits")]
        let year = view.column("year")?.number(row)? as i32;
        Some((village.as_ref(), year))
    };
    let rows: BTreeMap<_, usize> = (0..view.rows).filter_map(|r| Some((key(r)?, r))).collect();
    (0..view.rows)
        .map(|row| {
            let (village, year) = key(row)?;
            rows.get(&(village, year - 1)).copied()
        })
        .collect()
}
