//! F7: lists that repeat another village's, or last year's under new names.

use super::{LEAST, list::List};
use crate::rows::{Table, runs};
use std::collections::BTreeMap;

/// Areas in one window.
pub(super) const WINDOW: usize = 10;

/// Different odd areas that a window must have: common sizes repeat by themselves.
const LEAST_ODD: usize = 6;

/// One window in so many is kept as a candidate.
const KEPT: u64 = 4;

/// A window that more lists have says nothing.
const MOST_LISTS: usize = 12;

/// Common part of two lists from which one is a copy.
const ALIKE: f64 = 0.8;

/// Above this share of common people a list of the year after is no copy but the same people.
pub(super) const SAME_PEOPLE: f64 = 0.5;

/// Per village-year the one whose list it repeats; the earlier of two, and each other's within one year.
pub(super) fn copies(table: &Table, lists: &[List]) -> BTreeMap<usize, usize> {
    let mut windows: Vec<(u64, usize)> = Vec::new();
    for (at, list) in lists.iter().enumerate().filter(|(_, l)| l.areas.len() >= LEAST as usize) {
        let hashes = list.areas.windows(WINDOW).filter(|w| is_odd(w)).map(hash);
        windows.extend(hashes.filter(|hash| hash % KEPT == 0).map(|hash| (hash, at)));
    }
    windows.sort_unstable();
    windows.dedup();
    let mut candidates: Vec<(usize, usize)> = Vec::new();
    for run in runs(&windows, |a, b| a.0 == b.0).into_iter().filter(|r| r.len() <= MOST_LISTS) {
        for (i, (_, a)) in windows[run.clone()].iter().enumerate() {
            let later = windows[run.clone()][i + 1..].iter();
            candidates.extend(later.map(|(_, b)| (*a, *b)));
        }
    }
    candidates.sort_unstable();
    candidates.dedup();
    let mut found = BTreeMap::new();
    for (a, b) in candidates {
        let (a, b) = (&lists[a], &lists[b]);
        let (year_a, year_b) = (a.cell % table.years, b.cell % table.years);
        let one_village = a.cell / table.years == b.cell / table.years;
        if one_village && year_a + 1 != year_b {
            continue;
        }
        if alike(&a.areas, &b.areas) < ALIKE || alike(&a.claimants, &b.claimants) > SAME_PEOPLE {
            continue;
        }
        if year_a <= year_b {
            found.entry(b.cell).or_insert(a.cell);
        }
        if year_b <= year_a {
            found.entry(a.cell).or_insert(b.cell);
        }
    }
    found
}

fn is_odd(window: &[i64]) -> bool {
    let different = window.windows(2).filter(|pair| pair[0] != pair[1] && pair[1] % 50 != 0);
    different.count() + usize::from(window[0] % 50 != 0) >= LEAST_ODD
}

/// FNV-1a over the areas.
fn hash(window: &[i64]) -> u64 {
    let bytes = window.iter().flat_map(|area| area.to_le_bytes());
    let fold = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    // Its low bits are poor: mix before one in a few is taken.
    fold ^ (fold >> 29)
}

/// Jaccard similarity of two ascending lists, repeats counted.
fn alike<T: Ord>(a: &[T], b: &[T]) -> f64 {
    let (mut i, mut j, mut common) = (0, 0, 0_usize);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                (i, j, common) = (i + 1, j + 1, common + 1);
            }
        }
    }
    common as f64 / (a.len() + b.len() - common).max(1) as f64
}
