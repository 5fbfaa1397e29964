//! The cells of the panel while claims stream in: exact integer sums under dense numbers.

use hashbrown::{DefaultHashBuilder, HashMap, HashTable};
use qingmu_model::Season;
use std::hash::BuildHasher;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Village, year, season, programme and crop in one integer; texts as numbers in order of appearance.
pub(super) fn key(village: u32, year: i16, season: Season, programme: u32, crop: u32) -> u128 {
    let year = u128::from(year.unsigned_abs());
    u128::from(village) << 88
        | year << 72
        | (season as u128) << 64
        | u128::from(programme) << 32
        | u128::from(crop)
}

/// The parts of a [`key`].
#[allow(clippy::cast_possible_truncation, reason = "each part is masked to its width")]
pub(super) fn parts(key: u128) -> (u32, i16, Season, u32, u32) {
    let year = i16::try_from((key >> 72) as u16).unwrap_or_default();
    let season = Season::ALL[((key >> 64) & 3) as usize % 3];
    ((key >> 88) as u32, year, season, (key >> 32) as u32, key as u32)
}

/// Exact sums of claims.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Sums {
    pub(super) area: i64,
    pub(super) amount: i64,
    pub(super) claims: u64,
}

impl Sums {
    /// Adds; `false` if a total left the range. Totals of whole files decide whether that stops the scan.
    #[must_use]
    pub(super) fn add(&mut self, other: Self) -> bool {
        let (area, area_over) = self.area.overflowing_add(other.area);
        let (amount, amount_over) = self.amount.overflowing_add(other.amount);
        if area_over || amount_over {
            return false;
        }
        (self.area, self.amount) = (area, amount);
        self.claims += other.claims;
        true
    }
}

/// Keys with dense numbers and sums.
#[derive(Default)]
pub(super) struct CellTable {
    places: HashTable<u32>,
    hasher: DefaultHashBuilder,
    pub(super) cells: Vec<(u128, Sums)>,
}

impl CellTable {
    /// Empties the table and keeps its memory.
    pub(super) fn clear(&mut self) {
        self.places.clear();
        self.cells.clear();
    }

    /// The same dense numbers without sums.
    pub(super) fn of(keys: impl Iterator<Item = u128>) -> Self {
        let mut table = Self::default();
        keys.for_each(|key| {
            table.entry(key);
        });
        table
    }

    /// The dense number of a key, with its sums.
    pub(super) fn entry(&mut self, key: u128) -> (u32, &mut Sums) {
        let hash = self.hasher.hash_one(key);
        let cells = &mut self.cells;
        let known = self.places.find(hash, |place| cells[*place as usize].0 == key).copied();
        let place = known.unwrap_or_else(|| {
            let new = u32::try_from(cells.len()).unwrap_or(u32::MAX);
            cells.push((key, Sums::default()));
            let hasher = &self.hasher;
            self.places.insert_unique(hash, new, |p| hasher.hash_one(cells[*p as usize].0));
            new
        });
        (place, &mut self.cells[place as usize].1)
    }
}

/// Texts of the whole input, numbered in order of appearance.
#[derive(Default)]
pub(super) struct Names {
    places: HashMap<Arc<str>, u32>,
    texts: Vec<Arc<str>>,
}

impl Names {
    /// Numbers of a batch's dictionary.
    pub(super) fn numbers(&mut self, dict: &[Arc<str>]) -> Vec<u32> {
        dict.iter().map(|text| self.number(text)).collect()
    }

    fn number(&mut self, text: &Arc<str>) -> u32 {
        if let Some(known) = self.places.get(text) {
            return *known;
        }
        let new = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        self.texts.push(text.clone());
        self.places.insert(text.clone(), new);
        new
    }

    /// All texts that `used` names, sorted, and the rank of each number among them.
    pub(super) fn ranked(&self, used: impl Iterator<Item = u32>) -> (Vec<Arc<str>>, Vec<u32>) {
        let mut is_used = vec![false; self.texts.len()];
        used.for_each(|number| is_used[number as usize] = true);
        let mut order: Vec<usize> = (0..self.texts.len()).filter(|i| is_used[*i]).collect();
        order.sort_unstable_by(|a, b| self.texts[*a].cmp(&self.texts[*b]));
        let mut ranks = vec![u32::MAX; self.texts.len()];
        for (rank, number) in order.iter().enumerate() {
            ranks[*number] = u32::try_from(rank).unwrap_or(u32::MAX);
        }
        (order.iter().map(|i| self.texts[*i].clone()).collect(), ranks)
    }
}

/// Locks; a panic elsewhere ends the process with its own message, so the data are never used half done.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
