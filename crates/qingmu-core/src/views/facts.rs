//! What one pass over the claims leaves behind: small exact tables, sorted by key.
//!
//! Texts are ranks into sorted lists, so the order of ranks is the order of texts.

use super::Baselines;
use qingmu_model::Season;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Exact sums of one village x year x season x programme x crop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PanelCell {
    pub(crate) village: u32,
    pub(crate) year: i16,
    pub(crate) season: Season,
    pub(crate) programme: u32,
    pub(crate) crop: u32,
    /// 0.0001 mu.
    pub(crate) area: i64,
    /// Fen.
    pub(crate) amount: i64,
    pub(crate) claims: u64,
    pub(crate) claimants: u64,
}

/// One village-year: its panel cells are `panel[cells]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct VillageYear {
    pub(crate) village: u32,
    pub(crate) year: i16,
    pub(crate) cells: std::ops::Range<usize>,
    pub(crate) claims: u64,
    pub(crate) claimants: u64,
}

/// One village x year x season x programme: its panel cells are `panel[cells]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ProgrammeSeason {
    pub(crate) village: u32,
    pub(crate) year: i16,
    pub(crate) season: Season,
    pub(crate) programme: u32,
    pub(crate) cells: std::ops::Range<usize>,
    pub(crate) claims: u64,
    pub(crate) claimants: u64,
}

/// What one approver passed in one village and year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ApproverVillage {
    pub(crate) approver: u32,
    pub(crate) village: u32,
    pub(crate) year: i16,
    pub(crate) claims: u64,
    pub(crate) area: i64,
    pub(crate) amount: i64,
}

/// A claimant's claims in one village, season and programme, where they claim in several villages.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ClaimantVillage {
    pub(crate) claimant: Arc<str>,
    pub(crate) year: i16,
    pub(crate) season: Season,
    pub(crate) programme: u32,
    pub(crate) village: u32,
    pub(crate) area: i64,
    pub(crate) amount: i64,
    pub(crate) claims: u64,
}

/// One claimant on an account that several claimants share in a year.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct AccountClaimant {
    pub(crate) account: Arc<str>,
    pub(crate) year: i16,
    pub(crate) claimant: Arc<str>,
    /// Of the largest area under this account; missing where no claim has one.
    pub(crate) household: Option<Arc<str>>,
    /// Of the largest area under this account.
    pub(crate) village: u32,
    pub(crate) villages: u64,
    pub(crate) area: i64,
    pub(crate) amount: i64,
    pub(crate) claims: u64,
}

/// A claim whose amount is not its area times its rate.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Gap {
    pub(crate) village: u32,
    pub(crate) year: i16,
    pub(crate) season: Season,
    pub(crate) programme: u32,
    pub(crate) claim_id: Arc<str>,
    pub(crate) crop: u32,
    pub(crate) claimant: Arc<str>,
    pub(crate) approver: Option<u32>,
    pub(crate) area: i64,
    pub(crate) rate: i64,
    pub(crate) amount: i64,
    pub(crate) product: i64,
}

/// Rows worth listing and the number of groups that are counted only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Listed<T> {
    pub(crate) rows: Vec<T>,
    pub(crate) not_listed: u64,
}

impl<T> Default for Listed<T> {
    fn default() -> Self {
        Self { rows: Vec::new(), not_listed: 0 }
    }
}

/// All facts of a scan.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    /// Villages with claims, sorted.
    pub(crate) villages: Vec<Arc<str>>,
    pub(crate) programmes: Vec<Arc<str>>,
    pub(crate) crops: Vec<Arc<str>>,
    pub(crate) approvers: Vec<Arc<str>>,
    pub(crate) panel: Vec<PanelCell>,
    pub(crate) village_years: Vec<VillageYear>,
    pub(crate) programme_seasons: Vec<ProgrammeSeason>,
    /// Sorted by approver, year, village.
    pub(crate) approver_villages: Vec<ApproverVillage>,
    pub(crate) claimant_villages: Listed<ClaimantVillage>,
    pub(crate) account_claimants: Listed<AccountClaimant>,
    pub(crate) gaps: Listed<Gap>,
    pub(crate) baselines: Baselines,
    /// Whole area that each person, by id hash, leases in, 0.0001 mu; `None` without a transfers table.
    pub(crate) leased: Option<BTreeMap<u128, i64>>,
    pub(crate) village_names: BTreeMap<String, String>,
    pub(crate) town_names: BTreeMap<String, String>,
}
