//! The claims as compact rows in canonical order, and the texts behind their numbers.

use crate::ids;
use hashbrown::HashMap;
use qingmu_input::{ClaimRecord, InputError, InputSet, each_claim, id_hash};
use qingmu_model::{Basis, Project, Season};
use std::sync::Arc;

/// Number of a missing text.
pub(crate) const NONE: u32 = u32::MAX;

/// One claim; texts are ranks in sorted lists, so the order of rows is canonical.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Row {
    pub(crate) village: u32,
    pub(crate) year: i16,
    pub(crate) season: Season,
    pub(crate) programme: u32,
    pub(crate) claimant: u32,
    pub(crate) crop: u32,
    pub(crate) household: u32,
    pub(crate) account: u32,
    pub(crate) parcel: u32,
    /// 0.0001 mu.
    pub(crate) area: i64,
    /// Fen.
    pub(crate) amount: i64,
    /// Fen per mu.
    pub(crate) rate: Option<i64>,
    pub(crate) recorder: u32,
    pub(crate) approver: u32,
    pub(crate) name: u32,
    pub(crate) id: u32,
    pub(crate) submitted_on: Option<i32>,
    pub(crate) approved_on: Option<i32>,
}

/// Distinct texts with their hashes.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    place: HashMap<Arc<str>, u32>,
    pub(crate) list: Vec<Arc<str>>,
    /// Filled by [`Texts::settle`].
    by_hash: HashMap<u128, u32>,
}

impl Texts {
    fn code(&mut self, text: &str) -> u32 {
        if let Some(code) = self.place.get(text) {
            return *code;
        }
        let code = u32::try_from(self.list.len()).unwrap_or(NONE);
        let text: Arc<str> = Arc::from(text);
        self.list.push(Arc::clone(&text));
        self.place.insert(text, code);
        code
    }

    fn may(&mut self, text: Option<&str>) -> u32 {
        text.map_or(NONE, |text| self.code(text))
    }

    /// Sorts the texts; gives the rank of every old number.
    fn settle(&mut self) -> Vec<u32> {
        let mut order: Vec<u32> = (0..u32::try_from(self.list.len()).unwrap_or(NONE)).collect();
        order.sort_unstable_by(|a, b| self.list[*a as usize].cmp(&self.list[*b as usize]));
        let mut ranks = vec![0; order.len()];
        for (rank, old) in (0_u32..).zip(&order) {
            ranks[*old as usize] = rank;
        }
        self.list = order.iter().map(|old| Arc::clone(&self.list[*old as usize])).collect();
        self.place = HashMap::new();
        let hashes = (0_u32..).zip(&self.list);
        self.by_hash = hashes.map(|(rank, text)| (id_hash(text.as_bytes()), rank)).collect();
        ranks
    }

    /// The text of a number.
    pub(crate) fn get(&self, code: u32) -> Option<Arc<str>> {
        self.list.get(code as usize).cloned()
    }

    /// The number of a text.
    pub(crate) fn find(&self, text: &str) -> Option<u32> {
        let at = self.list.binary_search_by(|known| known.as_ref().cmp(text)).ok()?;
        u32::try_from(at).ok()
    }

    /// The number of a hashed text.
    pub(crate) fn of_hash(&self, hash: u128) -> Option<u32> {
        self.by_hash.get(&hash).copied()
    }
}

/// All claims.
#[derive(Debug, Default)]
pub(crate) struct Ground {
    pub(crate) rows: Vec<Row>,
    pub(crate) villages: Texts,
    pub(crate) programmes: Texts,
    pub(crate) crops: Texts,
    pub(crate) claimants: Texts,
    pub(crate) households: Texts,
    pub(crate) accounts: Texts,
    pub(crate) parcels: Texts,
    pub(crate) officers: Texts,
    pub(crate) names: Texts,
    /// Claim ids, kept only where payments are to be joined.
    pub(crate) ids: Texts,
    /// Per village: its peer region (China: county).
    pub(crate) county: Vec<Arc<str>>,
    /// Per programme: pays who plants, not who holds the contract.
    pub(crate) actual_grower: Vec<bool>,
}

impl Ground {
    /// Reads the claims; `with_ids` keeps their ids.
    ///
    /// # Errors
    /// [`InputError`] naming the file.
    pub(crate) fn read(
        input: &InputSet,
        project: &Project,
        with_ids: bool,
    ) -> Result<Self, InputError> {
        let mut ground = Self::default();
        each_claim(input, project, &mut |claim| ground.take(claim, with_ids))?;
        ground.settle(project);
        Ok(ground)
    }

    fn take(&mut self, claim: &ClaimRecord<'_>, with_ids: bool) {
        let name = claim.name.map(ids::folded);
        let row = Row {
            village: self.villages.code(claim.village),
            year: claim.year,
            season: claim.season,
            programme: self.programmes.code(claim.programme),
            claimant: self.claimants.code(claim.claimant),
            crop: self.crops.code(claim.crop),
            household: self.households.may(claim.household),
            account: self.accounts.may(claim.account),
            parcel: self.parcels.may(claim.parcel),
            area: claim.area.raw(),
            amount: claim.amount.raw(),
            rate: claim.rate.map(qingmu_model::Yuan::raw),
            recorder: self.officers.may(claim.recorder),
            approver: self.officers.may(claim.approver),
            name: self.names.may(name.as_deref().filter(|n| !n.is_empty())),
            id: if with_ids { self.ids.code(claim.id) } else { NONE },
            submitted_on: claim.submitted_on,
            approved_on: claim.approved_on,
        };
        self.rows.push(row);
    }

    fn settle(&mut self, project: &Project) {
        let ranks = [
            self.villages.settle(),
            self.programmes.settle(),
            self.claimants.settle(),
            self.crops.settle(),
            self.households.settle(),
            self.accounts.settle(),
            self.parcels.settle(),
            self.officers.settle(),
            self.names.settle(),
            self.ids.settle(),
        ];
        let rank =
            |which: usize, code: u32| ranks[which].get(code as usize).copied().unwrap_or(NONE);
        for row in &mut self.rows {
            row.village = rank(0, row.village);
            row.programme = rank(1, row.programme);
            row.claimant = rank(2, row.claimant);
            row.crop = rank(3, row.crop);
            row.household = rank(4, row.household);
            row.account = rank(5, row.account);
            row.parcel = rank(6, row.parcel);
            row.recorder = rank(7, row.recorder);
            row.approver = rank(7, row.approver);
            row.name = rank(8, row.name);
            row.id = rank(9, row.id);
        }
        self.rows.sort_unstable();
        let mut known: HashMap<&str, Arc<str>> = HashMap::new();
        self.county = self
            .villages
            .list
            .iter()
            .map(|code| {
                let county = project.region.peer_of(code);
                known.entry(county).or_insert_with(|| Arc::from(county)).clone()
            })
            .collect();
        let planting = |code: &Arc<str>| project.programme(code).basis == Basis::Planting;
        self.actual_grower = self.programmes.list.iter().map(planting).collect();
    }

    /// County of a row.
    pub(crate) fn county(&self, row: &Row) -> &Arc<str> {
        &self.county[row.village as usize]
    }
}

/// Season codes as shared texts.
pub(crate) fn season(season: Season) -> Arc<str> {
    Arc::from(season.code())
}

/// Exact sums of a group of claims; a sum that leaves the range stays at its end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Sums {
    pub(crate) area: i64,
    pub(crate) amount: i64,
    pub(crate) claims: i64,
}

impl Sums {
    pub(crate) fn add(&mut self, row: &Row) {
        self.area = self.area.saturating_add(row.area);
        self.amount = self.amount.saturating_add(row.amount);
        self.claims += 1;
    }
}
