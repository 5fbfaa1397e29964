//! What the registers say of the people and parcels in the table.

use crate::rows::{NONE, Table};
use hashbrown::HashSet;
use qingmu_input::tables::{ParcelRow, PersonRow};
use std::collections::BTreeMap;

/// A register that knows less than this share of the claimants is a list of some, not a register of all: not being on
/// it says nothing.
const COVERS: f64 = 0.5;

/// Classes of land that bear crops, as registers write them.
const ARABLE: [&str; 24] = [
    "arable",
    "basic_farmland",
    "contracted",
    "crop",
    "cropland",
    "cultivated",
    "dry",
    "dry_field",
    "dry_land",
    "dryland",
    "farmland",
    "field",
    "irrigated",
    "paddy",
    "rainfed",
    "中低产田",
    "农田",
    "基本农田",
    "承包地",
    "旱地",
    "永久基本农田",
    "水浇地",
    "水田",
    "耕地",
];

/// A class that carries this share of all rows with a parcel is paid on by practice, whatever it is called.
const BY_PRACTICE: f64 = 0.2;

/// Claimants by number.
#[derive(Debug, Default)]
pub(crate) struct People {
    /// Year of death.
    died: Vec<Option<i32>>,
    /// On the register.
    known: Vec<bool>,
    /// On it, but whether they live cannot be read.
    unsure: Vec<bool>,
    /// Cadre or kin of one.
    pub(crate) cadre: Vec<bool>,
    /// The register knows enough of the claimants for its silence to speak.
    complete: bool,
}

impl People {
    pub(crate) fn new(table: &Table, rows: &[PersonRow]) -> Self {
        let number = table.claimants.len();
        let mut people = Self {
            died: vec![None; number],
            known: vec![false; number],
            unsure: vec![false; number],
            cadre: vec![false; number],
            complete: false,
        };
        let cadres: HashSet<u128> =
            rows.iter().filter(|r| r.is_cadre == Some(true)).map(|r| r.person).collect();
        for row in rows {
            let Ok(at) = table.claimants.binary_search(&row.person) else { continue };
            // Of two entries of one person the later death counts.
            people.died[at] = match (people.known[at], people.died[at], row.died_in()) {
                (false, _, died) => died,
                (true, Some(a), Some(b)) => Some(a.max(b)),
                (true, ..) => None,
            };
            people.known[at] = true;
            people.unsure[at] |= row.death_unreadable;
            people.cadre[at] |= row.is_cadre == Some(true)
                || row.relative_of.is_some_and(|kin| cadres.contains(&kin));
        }
        let known = people.known.iter().filter(|known| **known).count();
        people.complete = known as f64 >= COVERS * number as f64;
        people
    }

    /// Dead before the year, or not on the register.
    pub(crate) fn is_odd(&self, claimant: u32, year: i16) -> bool {
        let at = claimant as usize;
        if !self.known[at] {
            return self.complete;
        }
        !self.unsure[at] && self.died[at].is_some_and(|died| died < i32::from(year))
    }

    /// Whether any claimant is a cadre or kin of one.
    pub(crate) fn has_cadres(&self) -> bool {
        self.cadre.iter().any(|cadre| *cadre)
    }
}

/// Parcels by number.
#[derive(Debug, Default)]
pub(crate) struct Land(Vec<Option<bool>>);

impl Land {
    /// Which parcels bear crops, by the class that the register gives them.
    pub(crate) fn new(table: &Table, rows: &[ParcelRow]) -> Self {
        let mut class: Vec<Option<&str>> = vec![None; table.parcels.len()];
        for row in rows {
            let Ok(at) = table.parcels.binary_search(&row.parcel) else { continue };
            // Two entries of one parcel: the one that bears crops counts, else the first by name.
            if let Some(new) = row.land_class.as_deref() {
                let better = |known: &str| (!is_arable(new), new) < (!is_arable(known), known);
                if class[at].is_none_or(better) {
                    class[at] = Some(new);
                }
            }
        }
        let mut rows_of: BTreeMap<&str, usize> = BTreeMap::new();
        let mut all = 0;
        let claimed = table.rows.iter().map(|row| row.parcel).filter(|parcel| *parcel != NONE);
        for known in claimed.filter_map(|parcel| class[parcel as usize]) {
            *rows_of.entry(known).or_default() += 1;
            all += 1;
        }
        let bears = |class: &str| {
            let rows = rows_of.get(class).copied().unwrap_or(0);
            is_arable(class) || rows as f64 >= BY_PRACTICE * f64::from(all)
        };
        Self(class.into_iter().map(|class| class.map(bears)).collect())
    }

    /// Whether a parcel bears crops; `None` where the register does not say.
    pub(crate) fn arable(&self, parcel: u32) -> Option<bool> {
        self.0.get(parcel as usize).copied().flatten()
    }

    /// Whether the register gives any class at all.
    pub(crate) fn has_classes(&self) -> bool {
        self.0.iter().any(Option::is_some)
    }
}

fn is_arable(class: &str) -> bool {
    ARABLE.contains(&class.trim().to_lowercase().as_str())
}
