//! One worker of a sums or records pass: a batch becomes a few cell sums and one record per identity.

use super::cells::{CellTable, Names, Sums, key, lock};
use super::records::{Record, Records};
use hashbrown::HashMap;
use qingmu_input::{ClaimBatch, MISSING_CODE, MISSING_ID, Refused, TextColumn};
use qingmu_model::{Reject, Season};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Mutex;

/// What all workers add to.
#[derive(Default)]
pub(super) struct Shared {
    pub(super) villages: Mutex<Names>,
    pub(super) programmes: Mutex<Names>,
    pub(super) crops: Mutex<Names>,
    pub(super) approvers: Mutex<Names>,
    pub(super) cells: Mutex<CellTable>,
    /// Keys hold the approver where the panel has the programme.
    pub(super) approved: Mutex<CellTable>,
    pub(super) terms: Mutex<Terms>,
}

/// Dense numbers of year x season x programme.
#[derive(Default)]
pub(super) struct Terms {
    places: HashMap<(i16, Season, u32), u32>,
}

impl Terms {
    fn number(&mut self, year: i16, season: Season, programme: u32) -> u32 {
        let new = u32::try_from(self.places.len()).unwrap_or(u32::MAX);
        *self.places.entry((year, season, programme)).or_insert(new)
    }

    /// A known term.
    pub(super) fn get(&self, year: i16, season: Season, programme: u32) -> Option<u32> {
        self.places.get(&(year, season, programme)).copied()
    }
}

/// Totals of one file; wide, so that adding up never leaves the range.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FileTotals {
    pub(crate) kept: u64,
    pub(crate) rejected: u64,
    pub(crate) area: i128,
    pub(crate) amount: i128,
    /// Sum of the amounts without their signs: bounds every partial sum.
    pub(crate) magnitude: i128,
    pub(crate) area_rounded: u64,
    pub(crate) amount_rounded: u64,
    pub(crate) refused: Refused,
}

impl FileTotals {
    pub(super) fn add(&mut self, other: &Self) {
        self.kept += other.kept;
        self.rejected += other.rejected;
        self.area += other.area;
        self.amount += other.amount;
        self.magnitude += other.magnitude;
        self.area_rounded += other.area_rounded;
        self.amount_rounded += other.amount_rounded;
        self.refused.add(&other.refused);
    }

    fn of(batch: &ClaimBatch) -> Self {
        Self {
            kept: batch.rows as u64,
            rejected: batch.rejects.len() as u64,
            area: batch.area.iter().map(|v| i128::from(*v)).sum(),
            amount: batch.amount.iter().map(|v| i128::from(*v)).sum(),
            magnitude: batch.amount.iter().map(|v| i128::from(v.unsigned_abs())).sum(),
            area_rounded: batch.area_rounded,
            amount_rounded: batch.amount_rounded,
            refused: batch.refused,
        }
    }

    /// Whether all sums inside fit the fixed-point range.
    pub(super) fn fits(&self) -> bool {
        self.area <= i128::from(i64::MAX) && self.magnitude <= i128::from(i64::MAX)
    }
}

/// One worker's own part of a pass.
pub(super) struct Worker<'a> {
    shared: &'a Shared,
    /// Whether this pass adds up sums, or only keeps records.
    sums: bool,
    pub(super) claimants: Records,
    pub(super) accounts: Records,
    pub(super) totals: BTreeMap<usize, FileTotals>,
    pub(super) rejects: Vec<Reject>,
    /// Cells of the batch at hand, by its own codes; kept to reuse its memory.
    local: CellTable,
    row_cell: Vec<u32>,
}

impl<'a> Worker<'a> {
    pub(super) fn new(shared: &'a Shared, sums: bool, kept: Range<usize>) -> Self {
        Self {
            shared,
            sums,
            claimants: Records::new(kept.clone()),
            accounts: Records::new(kept),
            totals: BTreeMap::new(),
            rejects: Vec::new(),
            local: CellTable::default(),
            row_cell: Vec::new(),
        }
    }

    /// Takes one batch of one file.
    pub(super) fn take(&mut self, file: usize, mut batch: ClaimBatch) {
        if self.sums {
            let totals = FileTotals::of(&batch);
            self.totals.entry(file).or_default().add(&totals);
            self.rejects.append(&mut batch.rejects);
            if !totals.fits() {
                // The file's totals will stop the scan.
                return;
            }
        }
        let villages = lock(&self.shared.villages).numbers(&batch.village.dict);
        let programmes = lock(&self.shared.programmes).numbers(&batch.programme.dict);
        self.add_cells(&batch, &villages, &programmes);
        if let Some(approver) = batch.approver.as_ref().filter(|_| self.sums) {
            self.add_approved(&batch, approver, &villages);
        }
        self.add_accounts(&batch);
    }

    /// Sums by cell, and a record of who claimed in which.
    fn add_cells(&mut self, batch: &ClaimBatch, villages: &[u32], programmes: &[u32]) {
        let crops = lock(&self.shared.crops).numbers(&batch.crop.dict);
        self.local.clear();
        self.row_cell.clear();
        let mut last = None;
        for row in 0..batch.rows {
            let codes = (batch.village.code[row], batch.programme.code[row], batch.crop.code[row]);
            let own = key(codes.0, batch.year[row], batch.season[row], codes.1, codes.2);
            let place = match last {
                Some((known, place)) if known == own => place,
                _ => self.local.entry(own).0,
            };
            last = Some((own, place));
            let sums = &mut self.local.cells[place as usize].1;
            // The batch's totals fit, so these do.
            sums.area += batch.area[row];
            sums.amount += batch.amount[row];
            sums.claims += 1;
            self.row_cell.push(place);
        }
        let places = self.merge_cells(villages, programmes, &crops);
        for (claimant, place) in batch.claimant.iter().zip(&self.row_cell) {
            let [high, low] = words(*claimant);
            self.claimants.push([high, low, places[*place as usize]]);
        }
    }

    /// Adds the batch's cells to the shared ones; gives each its term and dense number in one word.
    fn merge_cells(&mut self, villages: &[u32], programmes: &[u32], crops: &[u32]) -> Vec<u64> {
        let mut cells = lock(&self.shared.cells);
        let mut terms = lock(&self.shared.terms);
        let mut places = Vec::with_capacity(self.local.cells.len());
        for (own, sums) in &self.local.cells {
            let (village, year, season, programme, crop) = super::cells::parts(*own);
            let programme = programmes[programme as usize];
            let term = terms.number(year, season, programme);
            let key =
                key(villages[village as usize], year, season, programme, crops[crop as usize]);
            let (place, total) = cells.entry(key);
            if self.sums {
                // A sum that leaves the range adds nothing: the totals of the files will stop the scan.
                let _in_range = total.add(*sums);
            }
            places.push(u64::from(term) << 32 | u64::from(place));
        }
        places
    }

    fn add_approved(&mut self, batch: &ClaimBatch, approver: &TextColumn, villages: &[u32]) {
        let approvers = lock(&self.shared.approvers).numbers(&approver.dict);
        self.local.clear();
        let mut last = None;
        for row in 0..batch.rows {
            let code = approver.code[row];
            if code == MISSING_CODE {
                continue;
            }
            let own = key(batch.village.code[row], batch.year[row], Season::S, code, 0);
            let place = match last {
                Some((known, place)) if known == own => place,
                _ => self.local.entry(own).0,
            };
            last = Some((own, place));
            let sums = &mut self.local.cells[place as usize].1;
            sums.area += batch.area[row];
            sums.amount += batch.amount[row];
            sums.claims += 1;
        }
        let mut passed = lock(&self.shared.approved);
        for (own, sums) in &self.local.cells {
            let (village, year, season, approver, _) = super::cells::parts(*own);
            let village = villages[village as usize];
            let (_, total) =
                passed.entry(key(village, year, season, approvers[approver as usize], 0));
            let _in_range = total.add(*sums);
        }
    }

    fn add_accounts(&mut self, batch: &ClaimBatch) {
        let Some(accounts) = &batch.account else { return };
        for (row, account) in accounts.iter().enumerate() {
            if *account != MISSING_ID {
                let record = account_record(*account, batch.year[row], batch.claimant[row]);
                self.accounts.push(record);
            }
        }
    }
}

/// High and low half.
#[allow(clippy::cast_possible_truncation, reason = "takes the low half on purpose")]
pub(super) fn words(hash: u128) -> [u64; 2] {
    [(hash >> 64) as u64, hash as u64]
}

/// First year of a record's nine bits.
const FIRST_YEAR: i16 = *qingmu_input::YEARS.start();

/// 64 bits of the account, 9 of the year, 119 of the claimant.
///
/// Two accounts whose 64 bits agree look like one shared account; the detail pass compares whole hashes
/// and drops them. Claimants on one account are told apart by 119 bits.
pub(super) fn account_record(account: u128, year: i16, claimant: u128) -> Record {
    let year = u64::from((year - FIRST_YEAR).unsigned_abs());
    let [high, low] = words(claimant >> 9);
    [words(account)[0], year << 55 | high, low]
}

/// The year of an account record.
pub(super) fn record_year(record: &Record) -> i16 {
    FIRST_YEAR + i16::try_from(record[1] >> 55).unwrap_or_default()
}

/// Sums of a listed row.
pub(super) fn one_claim(batch: &ClaimBatch, row: usize) -> Sums {
    Sums { area: batch.area[row], amount: batch.amount[row], claims: 1 }
}
