//! Villages that were merged or split: old codes to new ones, with the share of each.

use qingmu_model::{Decimal, Mu};
use std::collections::BTreeMap;

/// Shares are counted in millionths.
const WHOLE: i128 = 1_000_000;

/// A row of `code_map`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeChange {
    /// Code before.
    pub old_code: String,
    /// Code from `from_year` on.
    pub new_code: String,
    /// First year of the new code.
    pub from_year: i16,
    /// Part of the old village that went to the new one, as written; `None`: all of it.
    pub share: Option<Decimal>,
}

/// Changes of codes, checked.
#[derive(Debug, Clone, Default)]
pub struct CodeMap {
    /// By old code: year of the change, then new codes with their shares in millionths.
    changes: BTreeMap<String, (i16, BTreeMap<String, i128>)>,
}

/// A table of changes that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CodeMapError {
    /// Shares of an old code must add up to one.
    #[error(
        "code_map: {0} 的份额合计为 {1}，应为 1 / the shares of {0} add up to {1} instead of 1"
    )]
    Shares(String, String),
    /// A share below zero, above one, or with more than six decimals.
    #[error(
        "code_map: {0} → {1} 的份额无法使用 / the share of {0} → {1} is not between 0 and 1 with at most six decimals"
    )]
    Share(String, String),
    /// One code changes in two years.
    #[error(
        "code_map: {0} 在两个年份变更 / {0} changes in two years; give each code its one last year"
    )]
    Years(String),
    /// Codes that lead back to themselves.
    #[error("code_map: {0} 的变更成环 / the changes of {0} lead back to it")]
    Loop(String),
}

impl CodeMap {
    /// Nothing changed.
    pub const NONE: Self = Self { changes: BTreeMap::new() };

    /// The rows that make it.
    #[must_use]
    pub fn rows(&self) -> Vec<CodeChange> {
        let row = |old: &String, year: i16, new: &String, share: i128| CodeChange {
            old_code: old.clone(),
            new_code: new.clone(),
            from_year: year,
            share: Some(Decimal { mantissa: share, scale: 6 }),
        };
        let all = self.changes.iter();
        all.flat_map(|(old, (year, to))| to.iter().map(|(new, share)| row(old, *year, new, *share)))
            .collect()
    }

    /// From the rows of the table.
    ///
    /// # Errors
    /// [`CodeMapError`] naming the code.
    pub fn new(rows: impl IntoIterator<Item = CodeChange>) -> Result<Self, CodeMapError> {
        let mut changes: BTreeMap<String, (i16, BTreeMap<String, i128>)> = BTreeMap::new();
        for row in rows {
            let share = match row.share {
                None => WHOLE,
                Some(share) => match share.to_fixed(6, 1, 1) {
                    Some((raw, false)) if (0..=1_000_000).contains(&raw) => i128::from(raw),
                    _ => return Err(CodeMapError::Share(row.old_code, row.new_code)),
                },
            };
            let (year, targets) = changes
                .entry(row.old_code.clone())
                .or_insert_with(|| (row.from_year, BTreeMap::new()));
            if *year != row.from_year {
                return Err(CodeMapError::Years(row.old_code));
            }
            *targets.entry(row.new_code).or_default() += share;
        }
        let map = Self { changes };
        for (old, (_, targets)) in &map.changes {
            let sum: i128 = targets.values().sum();
            if sum != WHOLE {
                let sum = format!("{}.{:06}", sum / WHOLE, sum % WHOLE);
                return Err(CodeMapError::Shares(old.clone(), sum));
            }
        }
        for old in map.changes.keys() {
            map.follow(old, 0).ok_or_else(|| CodeMapError::Loop(old.clone()))?;
        }
        Ok(map)
    }

    /// Today's codes of a code, each with its share in millionths; the code itself where nothing changed.
    #[must_use]
    pub fn today(&self, code: &str) -> Vec<(String, i128)> {
        let found = self.follow(code, 0).unwrap_or_default();
        found.into_iter().collect()
    }

    /// Whether rows of `year` may still use `code`: true up to the year before its change.
    #[must_use]
    pub fn in_use(&self, code: &str, year: i16) -> bool {
        self.changes.get(code).is_none_or(|(from, _)| year < *from)
    }

    /// An area on today's codes; the parts add up to it exactly.
    #[must_use]
    pub fn split(&self, code: &str, area: Mu) -> Vec<(String, Mu)> {
        let parts = self.divide(code, area.raw());
        parts.into_iter().map(|(code, part)| (code, Mu::from_raw(part))).collect()
    }

    /// A figure on today's codes, in its smallest unit; the parts add up to it exactly.
    #[must_use]
    pub fn divide(&self, code: &str, whole: i64) -> Vec<(String, i64)> {
        let mut left = whole;
        let mut parts: Vec<(String, i64)> = self
            .today(code)
            .into_iter()
            .map(|(code, share)| {
                let part = i128::from(whole) * share / WHOLE;
                // A share of at most one keeps the part in range.
                let part = i64::try_from(part).unwrap_or_default();
                left -= part;
                (code, part)
            })
            .collect();
        // What integer division leaves goes to the largest part.
        if let Some((_, largest)) = parts.iter_mut().max_by_key(|(_, part)| *part) {
            *largest += left;
        }
        parts
    }

    /// Whether a code stands among the old ones.
    #[must_use]
    pub fn has(&self, code: &str) -> bool {
        self.changes.contains_key(code)
    }

    fn follow(&self, code: &str, depth: u8) -> Option<BTreeMap<String, i128>> {
        let Some((_, targets)) = self.changes.get(code) else {
            return Some(BTreeMap::from([(code.to_owned(), WHOLE)]));
        };
        if depth == 16 {
            return None;
        }
        let mut found: BTreeMap<String, i128> = BTreeMap::new();
        for (target, share) in targets {
            for (last, part) in self.follow(target, depth + 1)? {
                *found.entry(last).or_default() += share * part / WHOLE;
            }
        }
        Some(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(old: &str, new: &str, year: i16, share: Option<&str>) -> CodeChange {
        let share = share.map(|s| Decimal::parse(s).unwrap_or(Decimal { mantissa: 9, scale: 0 }));
        CodeChange { old_code: old.into(), new_code: new.into(), from_year: year, share }
    }

    #[test]
    fn merged_and_split_villages_keep_their_area() {
        let map = CodeMap::new([
            change("a", "c", 2021, None),
            change("b", "c", 2021, Some("0.333333")),
            change("b", "d", 2021, Some("0.666667")),
            change("d", "e", 2023, None),
        ]);
        let map = map.unwrap_or_default();
        assert_eq!(map.today("a"), [("c".to_owned(), WHOLE)]);
        assert_eq!(map.today("b"), [("c".to_owned(), 333_333), ("e".to_owned(), 666_667)]);
        assert_eq!(map.today("x"), [("x".to_owned(), WHOLE)]);
        let parts = map.split("b", Mu::from_raw(100_001));
        assert_eq!(
            parts,
            [("c".to_owned(), Mu::from_raw(33_333)), ("e".to_owned(), Mu::from_raw(66_668))]
        );
        assert!(map.in_use("d", 2022) && !map.in_use("d", 2023) && map.in_use("e", 2030));
    }

    #[test]
    fn wrong_tables_are_refused() {
        let wrong =
            |rows: Vec<CodeChange>| CodeMap::new(rows).map(|_| ()).map_err(|e| e.to_string());
        for (rows, message) in [
            (
                vec![change("a", "b", 2021, Some("0.4"))],
                "code_map: a 的份额合计为 0.400000，应为 1 / the shares of a add up to 0.400000 instead of 1",
            ),
            (
                vec![change("a", "b", 2021, Some("1.5"))],
                "code_map: a → b 的份额无法使用 / the share of a → b is not between 0 and 1 with at most six decimals",
            ),
            (
                vec![change("a", "b", 2021, Some("0.5")), change("a", "c", 2022, Some("0.5"))],
                "code_map: a 在两个年份变更 / a changes in two years; give each code its one last year",
            ),
            (
                vec![change("a", "b", 2021, None), change("b", "a", 2022, None)],
                "code_map: a 的变更成环 / the changes of a lead back to it",
            ),
        ] {
            assert_eq!(wrong(rows), Err(message.to_owned()));
        }
    }
}
