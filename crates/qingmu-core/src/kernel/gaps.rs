//! Claims whose amount is not area x rate: all of them, or the largest where there are very many.

use crate::views::{Gap, Listed};
use std::cmp::Reverse;

/// Claims listed at most; more than this is a wrong unit or rate, not a matter for single visits.
pub(super) const MOST: usize = 1_000_000;

/// Gaps of one worker, never more than twice the limit in memory.
pub(super) struct Gaps {
    rows: Vec<Gap>,
    found: u64,
    most: usize,
}

impl Gaps {
    pub(super) fn new(most: usize) -> Self {
        Self { rows: Vec::new(), found: 0, most }
    }

    pub(super) fn push(&mut self, gap: Gap) {
        self.found += 1;
        self.rows.push(gap);
        if self.rows.len() >= self.most.saturating_mul(2).max(1) {
            self.cut();
        }
    }

    pub(super) fn append(&mut self, mut other: Self) {
        self.found += other.found;
        self.rows.append(&mut other.rows);
        self.cut();
    }

    /// Keeps the largest gaps; equal ones in the order of their keys.
    fn cut(&mut self) {
        if self.rows.len() > self.most {
            self.rows.sort_unstable_by(|a, b| {
                Reverse(size(a)).cmp(&Reverse(size(b))).then_with(|| a.cmp(b))
            });
            self.rows.truncate(self.most);
        }
    }

    /// Rows by key, and how many more there were.
    pub(super) fn finish(mut self) -> Listed<Gap> {
        self.cut();
        self.rows.sort_unstable();
        let not_listed = self.found - self.rows.len() as u64;
        Listed { rows: self.rows, not_listed }
    }
}

fn size(gap: &Gap) -> u128 {
    (i128::from(gap.amount) - i128::from(gap.product)).unsigned_abs()
}

#[cfg(test)]
mod tests {
    use super::*;
    use qingmu_model::Season;

    fn gap(id: &str, amount: i64) -> Gap {
        Gap {
            village: 0,
            year: 2022,
            season: Season::Y,
            programme: 0,
            claim_id: id.into(),
            crop: 0,
            claimant: "p".into(),
            approver: None,
            area: 0,
            rate: 0,
            amount,
            product: 0,
        }
    }

    #[test]
    fn the_largest_stay_whatever_the_order_and_the_rest_is_counted() {
        let sizes = [("e", 5), ("b", -9), ("d", 5), ("a", 1), ("c", 5), ("f", 2)];
        for turn in 0..sizes.len() {
            let (mut all, mut other) = (Gaps::new(3), Gaps::new(3));
            for (place, (id, amount)) in sizes.iter().cycle().skip(turn).take(6).enumerate() {
                let half = if place < 4 { &mut all } else { &mut other };
                half.push(gap(id, *amount));
            }
            all.append(other);
            let listed = all.finish();
            let ids: Vec<&str> = listed.rows.iter().map(|g| &*g.claim_id).collect();
            assert_eq!((ids, listed.not_listed), (vec!["b", "c", "d"], 3), "turn {turn}");
        }
    }
}
