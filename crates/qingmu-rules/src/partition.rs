//! Rows that belong together: subjects, partitions and the same key a year before.

use qingmu_model::{Column, View};
use std::collections::HashMap;

/// Rows grouped by the values of some columns. Groups are numbered by their first row, rows ascend.
#[derive(Debug, Default)]
pub(crate) struct Groups {
    /// Group of each row; `None` where a key is missing and such rows form no group.
    pub(crate) of: Vec<Option<u32>>,
    /// Rows of each group.
    pub(crate) rows: Vec<Vec<u32>>,
}

/// Code of a missing value among the codes of a column.
const MISSING: u32 = 0;

/// Small numbers for the values of a column: equal value, equal number.
fn codes(column: Option<&Column>, rows: usize) -> Vec<u32> {
    let Some(column) = column else { return vec![MISSING; rows] };
    let mut texts: HashMap<&str, u32> = HashMap::new();
    let mut numbers: HashMap<u64, u32> = HashMap::new();
    (0..rows)
        .map(|row| {
            if let Some(text) = column.text(row) {
                let next = count(texts.len());
                *texts.entry(text).or_insert(next)
            } else if let Some(number) = column.number(row) {
                let next = count(numbers.len());
                *numbers.entry((number + 0.0).to_bits()).or_insert(next)
            } else {
                column.flag(row).map_or(MISSING, |flag| 1 + u32::from(flag))
            }
        })
        .collect()
}

/// The next code after `len` codes. Views have less than 2^32 rows ([`crate::RuleError::TooManyRows`]).
fn count(len: usize) -> u32 {
    u32::try_from(len + 1).unwrap_or(u32::MAX)
}

/// Groups the view's rows by columns; rows with a missing key group among themselves if `keep_missing`.
pub(crate) fn groups<S: AsRef<str>>(view: &View, by: &[S], keep_missing: bool) -> Groups {
    let mut joint: Vec<Option<u32>> = vec![Some(0); view.rows];
    for name in by {
        let own = codes(view.column(name.as_ref()), view.rows);
        let mut pairs: HashMap<(u32, u32), u32> = HashMap::new();
        for (slot, code) in joint.iter_mut().zip(own) {
            *slot = match *slot {
                Some(so_far) if keep_missing || code != MISSING => {
                    let next = count(pairs.len());
                    Some(*pairs.entry((so_far, code)).or_insert(next))
                }
                _ => None,
            };
        }
    }
    number(&joint)
}

/// Renumbers groups by first row and lists their rows.
fn number(joint: &[Option<u32>]) -> Groups {
    let mut seen: HashMap<u32, u32> = HashMap::new();
    let mut out = Groups::default();
    for (row, code) in (0_u32..).zip(joint) {
        let group = code.map(|code| {
            let next = u32::try_from(seen.len()).unwrap_or(u32::MAX);
            *seen.entry(code).or_insert(next)
        });
        if let Some(group) = group {
            let group = group as usize;
            if group == out.rows.len() {
                out.rows.push(Vec::new());
            }
            out.rows[group].push(row);
        }
        out.of.push(group);
    }
    out
}

/// For each row the row with the same other keys and the year before; `None` where there is no such row,
/// where a key is missing, and where more than one row has that key (a view never has).
pub(crate) fn previous_year(view: &View) -> Vec<Option<u32>> {
    let others: Vec<&str> = view.name.keys().iter().copied().filter(|k| *k != "year").collect();
    let place = groups(view, &others, false).of;
    let year = |row: usize| -> Option<i64> {
        let year = view.column("year")?.number(row)?;
        #[allow(clippy::cast_possible_truncation, reason = "years are whole and small")]
        (year.fract() == 0.0 && year.abs() < 1e6).then_some(year as i64)
    };
    let mut rows: HashMap<(u32, i64), Option<u32>> = HashMap::new();
    for (row, place) in (0_u32..).zip(&place) {
        if let (Some(place), Some(year)) = (place, year(row as usize)) {
            rows.entry((*place, year)).and_modify(|r| *r = None).or_insert(Some(row));
        }
    }
    place
        .iter()
        .enumerate()
        .map(|(row, place)| rows.get(&((*place)?, year(row)? - 1)).copied().flatten())
        .collect()
}
