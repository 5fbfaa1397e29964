//! Who claimed where: distinct claimants of every cell, claimants in several villages, shared accounts.

use super::records::{PARTITIONS, Record, Records};
use super::worker::record_year;
use hashbrown::HashSet;
use rayon::prelude::*;
use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

/// Where each cell of the panel belongs, by its dense number.
pub(super) struct Places {
    /// Row of the panel.
    pub(super) panel: Vec<u32>,
    /// Village x year.
    pub(super) village_year: Vec<u32>,
    /// Village x year x season x programme.
    pub(super) programme_season: Vec<u32>,
}

/// Distinct claimants so far, and what the detail pass must look up.
pub(super) struct People {
    pub(super) panel: Vec<AtomicU32>,
    pub(super) village_year: Vec<AtomicU32>,
    pub(super) programme_season: Vec<AtomicU32>,
    /// Claimant and term with several villages.
    pub(super) claimants: Mutex<HashSet<(u128, u32)>>,
    /// Claimant-terms with one village.
    pub(super) single_villages: AtomicU64,
    /// First half of the account's hash, and year, with several claimants.
    pub(super) accounts: Mutex<HashSet<(u64, i16)>>,
    /// Account-years with one claimant.
    pub(super) single_claimants: AtomicU64,
}

impl People {
    pub(super) fn new(panel: usize, village_years: usize, programme_seasons: usize) -> Self {
        let zeros = |n: usize| (0..n).map(|_| AtomicU32::new(0)).collect();
        Self {
            panel: zeros(panel),
            village_year: zeros(village_years),
            programme_season: zeros(programme_seasons),
            claimants: Mutex::default(),
            single_villages: AtomicU64::new(0),
            accounts: Mutex::default(),
            single_claimants: AtomicU64::new(0),
        }
    }

    /// Works through the partitions of one pass; every record of a claimant and of an account is in them.
    pub(super) fn count(
        &self,
        kept: Range<usize>,
        claimants: Vec<Records>,
        accounts: Vec<Records>,
        places: &Places,
    ) {
        debug_assert!(kept.end <= PARTITIONS);
        let (claimants, accounts) = (Mutex::new(claimants), Mutex::new(accounts));
        kept.into_par_iter().for_each_init(Vec::new, |all, partition| {
            sorted(&claimants, partition, all);
            for run in all.chunk_by(|a, b| a[..2] == b[..2]) {
                self.count_claimant(run, places);
            }
            sorted(&accounts, partition, all);
            for run in all.chunk_by(|a, b| a[0] == b[0] && record_year(a) == record_year(b)) {
                self.count_account(run);
            }
        });
    }

    /// All records of one claimant, sorted by term and cell.
    #[allow(clippy::cast_possible_truncation, reason = "the low half is the cell")]
    fn count_claimant(&self, run: &[Record], places: &Places) {
        let cell = |record: &Record| record[2] as u32 as usize;
        let term = |record: &Record| (record[2] >> 32) as u32;
        if let [one] = run {
            let cell = cell(one);
            up(&self.panel, places.panel[cell]);
            up(&self.village_year, places.village_year[cell]);
            up(&self.programme_season, places.programme_season[cell]);
            self.single_villages.fetch_add(1, Ordering::Relaxed);
            return;
        }
        let mut years: Vec<u32> = Vec::with_capacity(run.len());
        for of_term in run.chunk_by(|a, b| term(a) == term(b)) {
            let mut seasons: Vec<u32> = Vec::with_capacity(of_term.len());
            for same in of_term.chunk_by(|a, b| a[2] == b[2]) {
                let cell = cell(&same[0]);
                up(&self.panel, places.panel[cell]);
                years.push(places.village_year[cell]);
                seasons.push(places.programme_season[cell]);
            }
            let villages = distinct(&mut seasons, |place| up(&self.programme_season, place));
            if villages > 1 {
                let claimant = u128::from(run[0][0]) << 64 | u128::from(run[0][1]);
                super::cells::lock(&self.claimants).insert((claimant, term(&of_term[0])));
            } else {
                self.single_villages.fetch_add(1, Ordering::Relaxed);
            }
        }
        distinct(&mut years, |place| up(&self.village_year, place));
    }

    /// All records of one account in one year, sorted by claimant.
    fn count_account(&self, run: &[Record]) {
        if run.iter().any(|record| record[1..] != run[0][1..]) {
            super::cells::lock(&self.accounts).insert((run[0][0], record_year(&run[0])));
        } else {
            self.single_claimants.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// One partition's records of all workers, sorted.
fn sorted(workers: &Mutex<Vec<Records>>, partition: usize, all: &mut Vec<Record>) {
    all.clear();
    for worker in super::cells::lock(workers).iter_mut() {
        worker.drain_into(partition, all);
    }
    all.sort_unstable();
}

fn up(counts: &[AtomicU32], place: u32) {
    counts[place as usize].fetch_add(1, Ordering::Relaxed);
}

/// Calls `each` with every distinct value; gives their number.
fn distinct(values: &mut [u32], mut each: impl FnMut(u32)) -> usize {
    values.sort_unstable();
    let mut count = 0;
    for same in values.chunk_by(|a, b| a == b) {
        each(same[0]);
        count += 1;
    }
    count
}

/// Final counts.
pub(super) fn totals(counts: Vec<AtomicU32>) -> impl Iterator<Item = u64> {
    counts.into_iter().map(|count| u64::from(count.into_inner()))
}
