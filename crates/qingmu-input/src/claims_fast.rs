//! Whole columns of clean claims at once; what is not clean is marked and left to the checks of single rows.

use crate::batch::{ClaimBatch, MISSING_FIXED, MISSING_GROUP, MISSING_ID};
use crate::claim_row::Claim;
use crate::claims_parquet::place;
use crate::fast_columns::{
    Kind, Marks, Numbers, Texts, groups, ids, numbers, pick, present, seasons, texts, years,
};
use crate::hash::id_hash;
use arrow::array::ArrayRef;
use qingmu_model::{Mu, Project, Season, Yuan};

/// Columns as taken the fast way, one entry per row read.
pub(crate) struct Taken {
    village: Texts,
    year: Vec<i16>,
    season: Vec<Season>,
    programme: Texts,
    crop: Texts,
    approver: Option<Texts>,
    area: Numbers,
    amount: Numbers,
    rate: Option<Numbers>,
    claimant: Vec<u128>,
    account: Option<Vec<u128>>,
    household: Option<Vec<u128>>,
    parcel: Option<Vec<u128>>,
    recorder: Option<Texts>,
    group: Option<Vec<i16>>,
}

/// Whether a row is worth a second look, by the hashes of claimant and account ([`MISSING_ID`] for none) and
/// by whether its amount may differ from area x rate.
pub type Interest<'a> = dyn Fn(u128, u128, bool) -> bool + Sync + 'a;

/// Identities and numbers of a batch, not yet checked: rows that are not clean are always worth a look.
pub(crate) struct Glance {
    marks: Marks,
    claimant: Vec<u128>,
    account: Option<Vec<u128>>,
    area: Numbers,
    rate: Option<Numbers>,
    amount: Numbers,
}

impl Glance {
    pub(crate) fn new(columns: &[Option<ArrayRef>], rows: usize, project: &Project) -> Self {
        let mut marks = Marks::new(rows);
        let marked = &mut marks;
        let column = |at: usize| columns[at].as_ref();
        let unit = project.area_unit;
        let claimant = match column(place::CLAIMANT) {
            Some(array) => ids(array, true, marked),
            None => vec![MISSING_ID; rows],
        };
        Self {
            claimant,
            account: column(place::ACCOUNT).map(|array| ids(array, false, marked)),
            area: numbers(column(place::AREA), rows, Kind::Area(unit), marked),
            rate: column(place::RATE)
                .map(|array| numbers(Some(array), rows, Kind::Rate(unit), marked)),
            amount: numbers(column(place::AMOUNT), rows, Kind::Amount, marked),
            marks,
        }
    }

    pub(crate) fn is_worth(&self, row: usize, interest: &Interest<'_>) -> bool {
        if self.marks.is_marked(row) {
            return true;
        }
        let account = self.account.as_ref().map_or(MISSING_ID, |c| c[row]);
        let rate = self.rate.as_ref().map(|c| c.values[row]).filter(|r| *r != MISSING_FIXED);
        let differs = rate.is_some_and(|rate| {
            let product = Mu::from_raw(self.area.values[row]).times_rate(Yuan::from_raw(rate));
            product.map(Yuan::raw) != Some(self.amount.values[row])
        });
        interest(self.claimant[row], account, differs)
    }
}

impl Taken {
    pub(crate) fn new(
        columns: &[Option<ArrayRef>],
        rows: usize,
        project: &Project,
        marks: &mut Marks,
    ) -> Self {
        let column = |at: usize| columns[at].as_ref();
        let is_region = |code: &str| project.region.check(code).is_ok();
        let unit = project.area_unit;
        if let Some(ids) = column(place::CLAIM_ID) {
            present(ids, marks);
        }
        Self {
            village: texts(column(place::VILLAGE), rows, true, is_region, marks),
            year: years(column(place::YEAR), rows, marks),
            season: seasons(column(place::SEASON), rows, marks),
            programme: texts(column(place::PROGRAMME), rows, true, |_| true, marks),
            crop: texts(column(place::CROP), rows, true, |_| true, marks),
            approver: column(place::APPROVER)
                .map(|array| texts(Some(array), rows, false, |_| true, marks)),
            area: numbers(column(place::AREA), rows, Kind::Area(unit), marks),
            amount: numbers(column(place::AMOUNT), rows, Kind::Amount, marks),
            rate: column(place::RATE)
                .map(|array| numbers(Some(array), rows, Kind::Rate(unit), marks)),
            claimant: match column(place::CLAIMANT) {
                Some(array) => ids(array, true, marks),
                None => vec![MISSING_ID; rows],
            },
            account: column(place::ACCOUNT).map(|array| ids(array, false, marks)),
            household: column(place::HOUSEHOLD).map(|array| ids(array, false, marks)),
            parcel: column(place::PARCEL).map(|array| ids(array, false, marks)),
            recorder: column(place::RECORDER)
                .map(|array| texts(Some(array), rows, false, |_| true, marks)),
            group: column(place::GROUP).map(groups),
        }
    }

    /// Takes a row that was checked on its own.
    pub(crate) fn put(&mut self, row: usize, claim: &Claim<'_>, has_area: bool) {
        self.village.put(row, Some(&claim.village));
        self.year[row] = claim.year;
        self.season[row] = claim.season;
        self.programme.put(row, Some(&claim.programme));
        self.crop.put(row, Some(&claim.crop));
        if let Some(approver) = &mut self.approver {
            approver.put(row, claim.approver.as_deref());
        }
        let area = if has_area { claim.area.0.raw() } else { MISSING_FIXED };
        self.area.put(row, area, claim.area.1);
        self.amount.put(row, claim.amount.0.raw(), claim.amount.1);
        if let Some(rate) = &mut self.rate {
            rate.put(row, claim.rate.map_or(MISSING_FIXED, Yuan::raw), false);
        }
        self.claimant[row] = id_hash(claim.claimant.as_bytes());
        let hash = |id: Option<&str>| id.map_or(MISSING_ID, |id| id_hash(id.as_bytes()));
        if let Some(account) = &mut self.account {
            account[row] = hash(claim.account.as_deref());
        }
        if let Some(household) = &mut self.household {
            household[row] = hash(claim.household.as_deref());
        }
        if let Some(parcel) = &mut self.parcel {
            parcel[row] = hash(claim.parcel.as_deref());
        }
        if let Some(recorder) = &mut self.recorder {
            recorder.put(row, claim.recorder.as_deref());
        }
        if let Some(group) = &mut self.group {
            group[row] = claim.group.unwrap_or(MISSING_GROUP);
        }
    }

    /// A refused row counts nowhere.
    pub(crate) fn forget(&mut self, row: usize) {
        self.area.put(row, 0, false);
        self.amount.put(row, 0, false);
    }

    /// Moves the kept rows into a batch; all of them without a list.
    pub(crate) fn move_into(self, batch: &mut ClaimBatch, kept: Option<&[u32]>) {
        batch.area_rounded = self.area.count_moved();
        batch.amount_rounded = self.amount.count_moved();
        batch.village = self.village.finish(kept);
        batch.year = pick(self.year, kept);
        batch.season = pick(self.season, kept);
        batch.programme = self.programme.finish(kept);
        batch.crop = self.crop.finish(kept);
        batch.approver = self.approver.map(|c| c.finish(kept));
        batch.area = pick(self.area.values, kept);
        batch.amount = pick(self.amount.values, kept);
        batch.rate = self.rate.map(|c| pick(c.values, kept));
        batch.claimant = pick(self.claimant, kept);
        batch.account = self.account.map(|c| pick(c, kept));
        batch.household = self.household.map(|c| pick(c, kept));
        batch.parcel = self.parcel.map(|c| pick(c, kept));
        batch.recorder = self.recorder.map(|c| c.finish(kept));
        batch.group_no = self.group.map(|c| pick(c, kept));
        batch.rows = batch.area.len();
    }
}
