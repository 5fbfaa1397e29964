//! Villages as numbers: where they lie, and how their codes changed.

use qingmu_deviation::Place;
use qingmu_input::places::CodeMapRow;
use qingmu_model::RegionLevels;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Most changes of one code that are followed.
const MOST_CHANGES: usize = 8;

/// Level above the peers' (China: prefecture).
fn above_peer(levels: &RegionLevels) -> usize {
    let peer = levels.width_of(&levels.peer);
    let digits = levels.levels.iter().find(|l| l.key == levels.peer).map_or(0, |l| l.digits);
    peer - digits
}

/// A region's number: its code read as one, so that a frozen model finds it again whatever else a run holds. Codes
/// of one level have one length, so numbers of one level differ.
pub(crate) fn number(code: &str) -> u32 {
    let digits = code.bytes().filter(u8::is_ascii_digit);
    digits.fold(0_u32, |sum, digit| sum.wrapping_mul(10).wrapping_add(u32::from(digit - b'0')))
}

/// Places of villages, in their order.
pub(crate) fn places(villages: &[Arc<str>], levels: &RegionLevels) -> Vec<Place> {
    let wide = above_peer(levels);
    let place = |code: &Arc<str>| Place {
        county: number(levels.peer_of(code)),
        prefecture: number(code.get(..wide).unwrap_or_default()),
        town: number(levels.ring_of(code)),
    };
    villages.iter().map(place).collect()
}

/// Codes that changed: what was booked under an old code before the change belongs to the new one.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct CodeMap {
    changes: BTreeMap<Arc<str>, Vec<CodeMapRow>>,
}

impl CodeMap {
    pub(crate) fn new(rows: Vec<CodeMapRow>) -> Self {
        let mut changes: BTreeMap<Arc<str>, Vec<CodeMapRow>> = BTreeMap::new();
        for row in rows {
            let of_old = changes.entry(Arc::clone(&row.old)).or_default();
            // A row given twice is one change.
            if row.old != row.new && !of_old.contains(&row) {
                of_old.push(row);
            }
        }
        for rows in changes.values_mut() {
            rows.sort_by(|a, b| {
                (a.from_year, &a.new).cmp(&(b.from_year, &b.new)).then(a.share.total_cmp(&b.share))
            });
        }
        Self { changes }
    }

    /// Whether a village came out of others, and in which year last.
    pub(crate) fn made_in(&self, village: &str) -> Option<i16> {
        let into = |rows: &Vec<CodeMapRow>| {
            rows.iter().filter(|r| &*r.new == village).map(|r| r.from_year).max()
        };
        self.changes.values().filter_map(into).max()
    }

    /// Codes that went into a village in a year, itself left out.
    pub(crate) fn parts_of(&self, village: &str, year: i16) -> Vec<Arc<str>> {
        let into =
            |rows: &Vec<CodeMapRow>| rows.iter().any(|r| &*r.new == village && r.from_year == year);
        let parts = self.changes.iter().filter(|(_, rows)| into(rows));
        parts.map(|(old, _)| Arc::clone(old)).filter(|old| **old != *village).collect()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// The codes that hold today what `village` held in `year`, with their shares of it.
    pub(crate) fn today(&self, village: &Arc<str>, year: i16) -> Vec<(Arc<str>, f64)> {
        let mut found = Vec::new();
        let mut open = vec![(Arc::clone(village), year, 1.0, 0)];
        while let Some((code, year, share, depth)) = open.pop() {
            let later = |r: &&CodeMapRow| r.from_year > year;
            let rows = self.changes.get(&code).map_or(&[][..], Vec::as_slice);
            // The first change after the year; all its parts together.
            let first = rows.iter().find(later).map(|r| r.from_year);
            match first.filter(|_| depth < MOST_CHANGES) {
                None => found.push((code, share)),
                Some(from) => open.extend(
                    rows.iter()
                        .filter(|r| r.from_year == from)
                        .map(|r| (Arc::clone(&r.new), from, share * r.share, depth + 1)),
                ),
            }
        }
        found.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(old: &str, new: &str, from_year: i16, share: f64) -> CodeMapRow {
        CodeMapRow { old: Arc::from(old), new: Arc::from(new), from_year, share }
    }

    fn today(map: &CodeMap, village: &str, year: i16) -> Vec<(String, f64)> {
        let codes = map.today(&Arc::from(village), year);
        codes.into_iter().map(|(code, share)| (code.to_string(), share)).collect()
    }

    #[test]
    fn codes_are_followed_through_merger_and_split_and_a_row_given_twice_is_one() {
        let rows = vec![
            row("a", "m", 2020, 1.0),
            row("b", "m", 2020, 1.0),
            row("m", "x", 2022, 0.25),
            row("m", "y", 2022, 0.75),
            row("m", "y", 2022, 0.75),
            row("s", "s", 2021, 1.0),
        ];
        let map = CodeMap::new(rows);
        let split = [("x".to_owned(), 0.25), ("y".to_owned(), 0.75)];
        assert_eq!(today(&map, "a", 2019), split);
        assert_eq!(today(&map, "m", 2021), split);
        assert_eq!(today(&map, "m", 2022), [("m".to_owned(), 1.0)], "filed after the change");
        assert_eq!(today(&map, "s", 2019), [("s".to_owned(), 1.0)]);
        assert_eq!((map.made_in("y"), map.made_in("a")), (Some(2022), None));
        let circle = CodeMap::new(vec![row("a", "b", 2020, 1.0), row("b", "a", 2021, 1.0)]);
        assert_eq!(today(&circle, "a", 2019), [("a".to_owned(), 1.0)]);
    }

    #[test]
    fn regions_keep_their_numbers_whatever_else_is_there() {
        let codes: Vec<Arc<str>> = vec![Arc::from("610423113215")];
        let place = Place { county: 610_423, prefecture: 6_104, town: 610_423_113 };
        assert_eq!(places(&codes, &RegionLevels::china()), [place]);
        let codes: Vec<Arc<str>> = vec![Arc::from("01003")];
        let place = Place { county: 1, prefecture: 0, town: 1_003 };
        assert_eq!(places(&codes, &RegionLevels::us_fips()), [place]);
    }
}
