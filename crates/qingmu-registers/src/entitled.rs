//! What a household may claim: its contracted or certified land, less what is excluded, and leases.

use crate::ground::{Ground, NONE};
use crate::tables::Tables;
use hashbrown::{HashMap, HashSet};
use qingmu_input::tables::{HouseholdRow, TransferRow};
use qingmu_input::{id_hash, year_start};

/// Whom the subsidy of a lease follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Follows {
    Lessor,
    Lessee,
}

/// Reads the agreement; `None` where it is silent or unclear.
pub(crate) fn follows(row: &TransferRow) -> Option<Follows> {
    let text = row.subsidy_follows.as_deref()?.trim().to_lowercase();
    let any = |words: &[&str]| words.iter().any(|w| text.contains(w));
    if any(&["lessee", "承租", "流入", "转入", "受让", "种植者", "实际"]) {
        Some(Follows::Lessee)
    } else if any(&["lessor", "出租", "流出", "转出", "出让", "承包"]) {
        Some(Follows::Lessor)
    } else {
        None
    }
}

/// Whether a lease is in force on some day of a year.
pub(crate) fn in_force(row: &TransferRow, year: i16) -> bool {
    let (first, next) = (year_start(i32::from(year)), year_start(i32::from(year) + 1));
    row.start_on.is_none_or(|start| start < next) && row.end_on.is_none_or(|end| end >= first)
}

/// A household: its village and its number there, since ids may repeat in the next village.
pub(crate) type Household = (u32, u32);

/// Households of the register and leases by person.
pub(crate) struct Entitlements<'a> {
    households: HashMap<(u32, u128), &'a HouseholdRow>,
    leases_from: HashMap<u128, Vec<&'a TransferRow>>,
    leases_to: HashMap<u128, Vec<&'a TransferRow>>,
    /// Whether there is a register of leases: its silence then means none.
    pub(crate) has_leases: bool,
    /// Household of each claimant: the first by village.
    pub(crate) household_of: HashMap<u32, Household>,
    /// Hashes of the claimants of each household.
    members: HashMap<Household, HashSet<u128>>,
}

/// Land of one household for one programme basis and year, 0.0001 mu.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Land {
    pub(crate) contract: Option<i64>,
    pub(crate) confirmed: Option<i64>,
    pub(crate) no_subsidy: Option<i64>,
    /// Leased in, subsidy moving.
    pub(crate) moved_in: Option<i64>,
    /// Leased out, subsidy moving.
    pub(crate) moved_out: Option<i64>,
    /// May be claimed.
    pub(crate) entitled: Option<i64>,
}

impl<'a> Entitlements<'a> {
    pub(crate) fn new(tables: &'a Tables, ground: &Ground) -> Self {
        let mut all = Self {
            households: HashMap::new(),
            leases_from: HashMap::new(),
            leases_to: HashMap::new(),
            has_leases: tables.transfers.is_some(),
            household_of: HashMap::new(),
            members: HashMap::new(),
        };
        for row in tables.households.iter().flatten() {
            let Some(village) = ground.villages.find(&row.village) else { continue };
            // A household listed twice keeps the larger area: the doubt is in its favour.
            let known = all.households.entry((village, row.household)).or_insert(row);
            let size = |r: &HouseholdRow| base(r).unwrap_or(-1);
            if size(row) > size(known) {
                *known = row;
            }
        }
        for row in tables.transfers.iter().flatten() {
            all.leases_from.entry(row.from).or_default().push(row);
            all.leases_to.entry(row.to).or_default().push(row);
        }
        for row in ground.rows.iter().filter(|r| r.household != NONE) {
            let household = (row.village, row.household);
            all.household_of.entry(row.claimant).or_insert(household);
            let id = &ground.claimants.list[row.claimant as usize];
            all.members.entry(household).or_default().insert(id_hash(id.as_bytes()));
        }
        all
    }

    /// Register entry of a household by number.
    fn household(&self, ground: &Ground, of: Household) -> Option<&'a HouseholdRow> {
        let id = ground.households.list.get(of.1 as usize)?;
        self.households.get(&(of.0, id_hash(id.as_bytes()))).copied()
    }

    /// Land of a household; `actual_grower`: a lease that says nothing moves the subsidy.
    pub(crate) fn land(
        &self,
        ground: &Ground,
        household: Household,
        year: i16,
        actual_grower: bool,
    ) -> Land {
        let row = self.household(ground, household);
        let moves = |lease: &&&TransferRow| {
            let default = if actual_grower { Follows::Lessee } else { Follows::Lessor };
            in_force(lease, year) && follows(lease).unwrap_or(default) == Follows::Lessee
        };
        let members = self.members.get(&household);
        let sum = |leases: &HashMap<u128, Vec<&TransferRow>>| -> i64 {
            let of = members.into_iter().flatten().filter_map(|m| leases.get(m)).flatten();
            of.filter(moves).fold(0, |sum: i64, lease| sum.saturating_add(lease.area.raw()))
        };
        let moved_in = self.has_leases.then(|| sum(&self.leases_to));
        let moved_out = self.has_leases.then(|| sum(&self.leases_from));
        let entitled = row.and_then(base).zip(moved_in).zip(moved_out).map(|((own, into), out)| {
            let excluded = row.and_then(|r| r.no_subsidy).map_or(0, qingmu_model::Mu::raw);
            (own - excluded - out).max(0).saturating_add(into)
        });
        Land {
            contract: row.and_then(|r| r.contract).map(qingmu_model::Mu::raw),
            confirmed: row.and_then(|r| r.confirmed).map(qingmu_model::Mu::raw),
            no_subsidy: row.and_then(|r| r.no_subsidy).map(qingmu_model::Mu::raw),
            moved_in,
            moved_out,
            entitled,
        }
    }

    /// Area that a person leases in, leases in force in a year; `None` without a register of leases.
    pub(crate) fn leased_in(&self, person: u128, year: i16) -> Option<i64> {
        self.has_leases.then(|| total(self.leases_to.get(&person), year, |_| true))
    }

    /// Area that a person leases from another.
    pub(crate) fn leased_from(&self, person: u128, from: u128, year: i16) -> Option<i64> {
        self.has_leases.then(|| total(self.leases_to.get(&person), year, |l| l.from == from))
    }

    /// Whether a person leases anything out in a year.
    pub(crate) fn leases_out(&self, person: u128, year: i16) -> bool {
        self.leases_from.get(&person).into_iter().flatten().any(|l| in_force(l, year))
    }

    /// Land that a claimant keeps: own land of the household less everything its members lease out; `None` where
    /// the register does not know the household.
    pub(crate) fn kept(&self, ground: &Ground, claimant: u32, year: i16) -> Option<i64> {
        let household = *self.household_of.get(&claimant)?;
        let own = base(self.household(ground, household)?)?;
        let members = self.members.get(&household)?;
        let out = members
            .iter()
            .map(|m| total(self.leases_from.get(m), year, |_| true))
            .fold(0, i64::saturating_add);
        Some((own - out).max(0))
    }

    /// Other land of a lessee: own land of the household and what its members lease from others than `from`.
    pub(crate) fn other(
        &self,
        ground: &Ground,
        claimant: u32,
        from: u128,
        year: i16,
    ) -> Option<i64> {
        let household = *self.household_of.get(&claimant)?;
        let own = base(self.household(ground, household)?)?;
        let members = self.members.get(&household)?;
        let into = members
            .iter()
            .map(|m| total(self.leases_to.get(m), year, |l| l.from != from))
            .fold(0, i64::saturating_add);
        Some(own.saturating_add(into))
    }
}

fn total(
    leases: Option<&Vec<&TransferRow>>,
    year: i16,
    which: impl Fn(&TransferRow) -> bool,
) -> i64 {
    let counted = |l: &&&TransferRow| in_force(l, year) && which(l);
    let areas = leases.into_iter().flatten().filter(counted).map(|l| l.area.raw());
    areas.fold(0, i64::saturating_add)
}

/// Contracted or certified land, the larger.
pub(crate) fn base(row: &HouseholdRow) -> Option<i64> {
    row.contract.max(row.confirmed).map(qingmu_model::Mu::raw)
}
