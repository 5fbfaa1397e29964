//! What a generated county is made of.

use qingmu_model::{Mu, Season, Yuan};
use serde::Serialize;
use std::ops::RangeInclusive;
use std::sync::Arc;

/// What to generate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountyOptions {
    /// Everything random follows from it.
    pub seed: u64,
    /// Years of claims; the county is re-surveyed in the second one.
    pub years: RangeInclusive<i16>,
    /// Plant the re-enacted case in the last two years. Nothing else changes with it.
    pub case: bool,
}

impl Default for CountyOptions {
    fn default() -> Self {
        Self { seed: 7, years: 2019..=2022, case: true }
    }
}

/// One claim: a claimant, a programme, a season and a crop. Persons are invented.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Unique in the county.
    pub claim_id: String,
    /// Year.
    pub year: i16,
    /// Season.
    pub season: Season,
    /// `FERTILITY` or `GRAIN`.
    pub programme: &'static str,
    /// Crop, or `arable` for the contract programme.
    pub crop: &'static str,
    /// Village.
    pub village_code: Arc<str>,
    /// Villagers' group.
    pub group_no: i16,
    /// Pseudonym of the claimant.
    pub claimant_id: Arc<str>,
    /// Household.
    pub household_id: Arc<str>,
    /// Pseudonym of the account.
    pub account: Arc<str>,
    /// Claimed area, a multiple of 0.01 mu.
    pub area_mu: Mu,
    /// Rate of the county and year.
    pub rate_yuan_per_mu: Yuan,
    /// Area times rate, rounded to the fen.
    pub amount_yuan: Yuan,
    /// Pseudonym of the village's recorder.
    pub recorder_id: Arc<str>,
    /// Pseudonym of the town's approver.
    pub approver_id: Arc<str>,
    /// Days since 1970-01-01.
    pub submitted_on: i32,
    /// Days since 1970-01-01.
    pub approved_on: i32,
}

/// One measured or reported area of a village.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Baseline {
    /// Village.
    pub village_code: Arc<str>,
    /// Year.
    pub year: i16,
    /// Season.
    pub season: Season,
    /// Crop or land class.
    pub crop: &'static str,
    /// Area.
    pub area_mu: Mu,
    /// `land_survey`, `contract_register`, `remote_sensing` or `stat_yearbook`.
    pub source: &'static str,
    /// Standard error where the source states one.
    pub se_mu: Option<Mu>,
    /// False for the yearbook, which is compiled from what villages report.
    pub independent: bool,
}

/// A village of the gazetteer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VillageRow {
    /// Code.
    pub village_code: Arc<str>,
    /// Name.
    pub name: String,
    /// Town name.
    pub town_name: String,
    /// Households of the sample; 0 for residents' committees, which claim nothing.
    pub households: u32,
}

/// A registered lease.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// Lessor.
    pub from_id: Arc<str>,
    /// Lessee.
    pub to_id: Arc<str>,
    /// Leased area.
    pub area_mu: Mu,
    /// First year of the lease.
    pub start_year: i16,
}

/// A claim that the case enlarged or invented.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlantedClaim {
    /// Claim.
    pub claim_id: String,
    /// What would have been claimed honestly; 0 for an invented claim.
    pub honest_mu: Mu,
    /// What the data hold.
    pub claimed_mu: Mu,
}

/// What was planted in a village in a year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlantedYear {
    /// Village.
    pub village_code: String,
    /// Name.
    pub name: String,
    /// Year.
    pub year: i16,
    /// Area beyond the honest claims.
    pub excess_mu: Mu,
    /// Money beyond the honest claims.
    pub excess_yuan: Yuan,
    /// The claims.
    pub claims: Vec<PlantedClaim>,
}

/// An honest event that resembles the case and must not be held against anyone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HonestEvent {
    /// What happened.
    pub kind: &'static str,
    /// Region it happened in.
    pub region: String,
    /// Year; for lasting arrangements the first one.
    pub year: i16,
    /// In words.
    pub zh: &'static str,
    /// In words.
    pub en: &'static str,
}

/// What is planted, and what only looks like it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Truth {
    /// Plain words about the nature of the figures.
    pub note_zh: &'static str,
    /// Plain words about the nature of the figures.
    pub note_en: &'static str,
    /// Seed.
    pub seed: u64,
    /// Whether the case is planted.
    pub case: bool,
    /// Approver of the planted villages, where planted.
    pub approver_id: Option<String>,
    /// All excess area.
    pub excess_mu: Mu,
    /// All excess money.
    pub excess_yuan: Yuan,
    /// Village by village, year by year.
    pub planted: Vec<PlantedYear>,
    /// Honest look-alikes.
    pub honest: Vec<HonestEvent>,
}

/// A generated county.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct County {
    /// Years.
    pub years: RangeInclusive<i16>,
    /// Claims by year, village and person.
    pub claims: Vec<Claim>,
    /// Baselines by village, year, source, season and crop.
    pub baselines: Vec<Baseline>,
    /// Villages by code.
    pub villages: Vec<VillageRow>,
    /// Leases by lessee.
    pub transfers: Vec<Transfer>,
    /// What is planted.
    pub truth: Truth,
}

/// `FERTILITY`: paid on contracted land.
pub const FERTILITY: &str = "FERTILITY";
/// `GRAIN`: paid on sown grain.
pub const GRAIN: &str = "GRAIN";
