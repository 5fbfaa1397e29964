//! Where rows lie, in few words: files with ranges of row numbers.

use qingmu_core::SourceRow;
use std::collections::BTreeMap;
use std::fmt::Write;

/// Ranges listed per file before the rest is only counted.
const MOST_RANGES: usize = 6;

/// `claims/2021.parquet 3-5, 9; claims/2022.parquet 1`. `rows` in any order.
pub(super) fn ranges(rows: &[&SourceRow]) -> String {
    let mut files: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    for (file, row) in rows.iter().map(|row| row.place()) {
        files.entry(file).or_default().push(row);
    }
    let parts: Vec<String> =
        files.into_iter().map(|(file, numbers)| format!("{file} {}", joined(numbers))).collect();
    parts.join("; ")
}

fn joined(mut numbers: Vec<u64>) -> String {
    numbers.sort_unstable();
    numbers.dedup();
    let mut runs: Vec<(u64, u64)> = Vec::new();
    for number in numbers {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == number => *last = number,
            _ => runs.push((number, number)),
        }
    }
    let mut text = String::new();
    for (i, (first, last)) in runs.iter().take(MOST_RANGES).enumerate() {
        let comma = if i == 0 { "" } else { ", " };
        // Writing to a String cannot fail.
        let _ = if first == last {
            write!(text, "{comma}{first}")
        } else {
            write!(text, "{comma}{first}-{last}")
        };
    }
    if runs.len() > MOST_RANGES {
        let _ = write!(text, ", … (+{})", runs.len() - MOST_RANGES);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_join_and_long_lists_are_counted() {
        assert_eq!(joined(vec![3, 4, 5, 9, 4]), "3-5, 9");
        assert_eq!(joined((0..9).map(|n| 2 * n).collect()), "0, 2, 4, 6, 8, 10, … (+3)");
        assert_eq!(joined(Vec::new()), "");
    }
}
