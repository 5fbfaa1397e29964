//! Facts that several views share: where a claimant's land lies, and how large it is.

use crate::ground::{Ground, Row};
use qingmu_model::Season;
use std::collections::BTreeMap;

/// Key of a claimant, year and programme.
pub(super) type Who = (u32, i16, u32);

/// What a claimant claims under a programme in a year.
#[derive(Debug, Clone, Default)]
pub(super) struct Claimed {
    seasons: BTreeMap<Season, i64>,
    villages: BTreeMap<u32, i64>,
    pub(super) amount: i64,
}

impl Claimed {
    fn add(&mut self, row: &Row) {
        *self.seasons.entry(row.season).or_default() += row.area;
        *self.villages.entry(row.village).or_default() += row.area;
        self.amount = self.amount.saturating_add(row.amount);
    }

    /// Land claimed: the largest season, since one field carries wheat in summer and maize in autumn.
    pub(super) fn land(&self) -> i64 {
        self.seasons.values().copied().max().unwrap_or_default()
    }

    /// Village with most of the area; the first of equals.
    pub(super) fn village(&self) -> Option<u32> {
        let most = self.villages.values().max()?;
        self.villages.iter().find(|(_, area)| *area == most).map(|(village, _)| *village)
    }
}

/// Claims by claimant, year and programme.
pub(super) fn claimed(ground: &Ground) -> BTreeMap<Who, Claimed> {
    let mut all: BTreeMap<Who, Claimed> = BTreeMap::new();
    for row in &ground.rows {
        all.entry((row.claimant, row.year, row.programme)).or_default().add(row);
    }
    all
}

/// Key of the largest value, the first of equals.
pub(super) fn largest<K: Copy + Ord>(areas: &BTreeMap<K, i64>) -> Option<K> {
    let most = areas.values().max()?;
    areas.iter().find(|(_, area)| *area == most).map(|(key, _)| *key)
}
