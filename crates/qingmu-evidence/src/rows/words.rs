//! Numbers for texts and hashes: each worker numbers what it meets, all of them agree in the end.

use hashbrown::{HashMap, hash_map::Entry};
use std::hash::{BuildHasherDefault, Hash, Hasher};

/// Takes a hash as it is: ids are hashes already.
#[derive(Default)]
pub(super) struct Same(u64);

impl Hasher for Same {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u128(&mut self, value: u128) {
        #[allow(clippy::cast_possible_truncation, reason = "half of a hash is a hash")]
        let low = value as u64;
        self.0 = low;
    }
}

/// Values met so far and their numbers.
pub(super) struct Met<T, S = BuildHasherDefault<Same>> {
    number: HashMap<T, u32, S>,
}

impl<T, S: Default> Default for Met<T, S> {
    fn default() -> Self {
        Self { number: HashMap::with_hasher(S::default()) }
    }
}

impl<T: Eq + Hash + Ord, S: std::hash::BuildHasher> Met<T, S> {
    /// The number of a value.
    pub(super) fn number(&mut self, value: T) -> u32 {
        let next = u32::try_from(self.number.len()).unwrap_or(super::NONE);
        match self.number.entry(value) {
            Entry::Occupied(entry) => *entry.get(),
            Entry::Vacant(entry) => *entry.insert(next),
        }
    }

    /// Values by number.
    fn into_values(self) -> Vec<T> {
        let mut pairs: Vec<(u32, T)> = self.number.into_iter().map(|(v, n)| (n, v)).collect();
        pairs.sort_unstable_by_key(|(number, _)| *number);
        pairs.into_iter().map(|(_, value)| value).collect()
    }
}

/// All values, ascending, and for each worker what its numbers become.
pub(super) fn agree<T, S>(workers: Vec<Met<T, S>>) -> (Vec<T>, Vec<Vec<u32>>)
where
    T: Eq + Hash + Ord + Clone,
    S: std::hash::BuildHasher,
{
    let lists: Vec<Vec<T>> = workers.into_iter().map(Met::into_values).collect();
    let mut all: Vec<T> = lists.iter().flatten().cloned().collect();
    all.sort_unstable();
    all.dedup();
    let place = |value: &T| {
        let at = all.binary_search(value).unwrap_or(usize::MAX);
        u32::try_from(at).unwrap_or(super::NONE)
    };
    let maps = lists.iter().map(|list| list.iter().map(place).collect()).collect();
    (all, maps)
}
