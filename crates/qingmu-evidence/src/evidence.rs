//! What the rows say: the output of [`crate::gather`].

use qingmu_model::{
    Bilingual, ClaimantId, Counted, DataError, Family, InputAccount, Mu, Reject, Season, Yuan,
};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Everything that the rows of claims say before any series is looked at.
///
/// Villages and years are numbers: places in [`Self::villages`], years counted from [`Self::first_year`]. Nothing
/// depends on threads, the order of rows or the way they are split into files, except what names files and rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// Codes of the villages with claims, ascending.
    pub villages: Vec<Arc<str>>,
    /// First year with claims.
    pub first_year: i16,
    /// Years from the first to the last with claims.
    pub years: usize,
    /// Sums by village, year, programme, season and crop, in this order.
    pub cells: Vec<PanelCell>,
    /// Claim rows read per village-year (`village * years + year`), without wrong-village entries.
    pub claims: Vec<u32>,
    /// Who approved most of the area of each village-year.
    pub approvers: Office,
    /// Who recorded most of the area of each village-year.
    pub recorders: Office,
    /// Rows counted against the honest law, by village, year and family.
    pub counted: Vec<Counted>,
    /// Rows behind each entry of [`Self::counted`], in the same order.
    pub traces: Vec<Trace>,
    /// Repaired slips, by village, year, kind and place.
    pub data_errors: Vec<DataError>,
    /// Advisory tests of invented figures, by village and year; never a lead alone.
    pub fabrication: Vec<Fabrication>,
    /// Rows paid onto accounts that people of several households share, by year, account and claimant.
    pub shared: Vec<SharedRow>,
    /// Area leased in from elsewhere, less that leased out, by village and year; `None` without a register of leases.
    pub leased: Option<BTreeMap<(u32, u32), Mu>>,
    /// Area of cadres and their kin against the others': shown, never added.
    pub cadres: Vec<CadreStep>,
    /// What could not be looked at, and what it would need.
    pub not_assessed: Vec<NotAssessed>,
    /// Files that [`RowAt::file`] counts.
    pub files: Vec<String>,
    /// Accounts of the optional tables that were read into rows.
    pub inputs: Vec<InputAccount>,
    /// Refused rows of the optional tables.
    pub rejects: Vec<Reject>,
}

/// One cell of the panel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PanelCell {
    /// Village.
    pub village: u32,
    /// Year.
    pub year: u32,
    /// Programme.
    pub programme: Arc<str>,
    /// Season.
    pub season: Season,
    /// Crop.
    pub crop: Arc<str>,
    /// Area as filed, exact: what the scan adds up.
    pub filed: Mu,
    /// Area that the statistics use: slips repaired, wrong-village entries left out, missing areas filled in.
    pub used: Mu,
    /// Amount on the rows of [`Self::used`], as filed.
    pub amount: Yuan,
    /// Rows of [`Self::used`].
    pub claims: u32,
    /// Distinct claimants of them.
    pub claimants: u32,
}

/// Who held an office in each village-year.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Office {
    /// Everyone named, by clear text ascending; printed masked.
    pub people: Vec<ClaimantId>,
    /// Per village-year (`village * years + year`) the one with the largest area; `None` where nobody is named.
    pub dominant: Vec<Option<Dominant>>,
}

/// The one with the largest area of a village-year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dominant {
    /// Place in [`Office::people`].
    pub person: u32,
    /// Share of the village-year's area, 0–1.
    pub share: f64,
}

/// One row of the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowAt {
    /// Place in [`Evidence::files`].
    pub file: u32,
    /// Row: 1 is the first of a Parquet file, 2 the first below the header of a CSV file.
    pub row: u64,
}

/// A row paid onto a shared account. People and accounts are numbers that hold within one run alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct SharedRow {
    /// Village.
    pub village: u32,
    /// Year.
    pub year: u32,
    /// Claimant.
    pub claimant: u32,
    /// Account.
    pub account: u32,
    /// Who entered it.
    pub recorder: Option<u32>,
    /// Who approved it.
    pub approver: Option<u32>,
    /// Amount, as filed.
    pub amount: Yuan,
    /// The row.
    pub at: RowAt,
}

/// Rows behind one count.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Trace {
    /// The rows, by file and row.
    pub rows: Vec<RowAt>,
    /// The other village of a pair, where the family knows one.
    pub witness: Option<u32>,
    /// The area that is added to many, for uniform top-ups.
    pub step: Option<Mu>,
}

/// A test of invented figures (statistics.md 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Test {
    /// F1: many claimants change by one and the same area.
    ChangeMode,
    /// F2: many claimants change by one and the same factor.
    RatioMode,
    /// F3: far more rises than falls.
    Sign,
    /// F4: the same area again and again.
    Repeats,
    /// F5: too many multiples of half a mu.
    Heaping,
    /// F6: last digits unlike the county's.
    Digits,
    /// F8: too many claimants who were not there the year before.
    NewClaimants,
}

/// One test of one village-year.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TestResult {
    /// Which.
    pub test: Test,
    /// Chance of a village-year at least as odd among its honest peers.
    pub p: f64,
    /// What was seen, in words.
    pub say: Bilingual,
}

/// Advisory tests of one village-year. They add reasons to a lead; they never make one.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Fabrication {
    /// Village.
    pub village: u32,
    /// Year.
    pub year: u32,
    /// Claims of planting programmes looked at.
    pub rows: u32,
    /// Claimants with the same claim in this year and the one before.
    pub pairs: u32,
    /// All tests combined (Cauchy combination, safe under dependence).
    pub p: f64,
    /// Each test that could be done.
    pub tests: Vec<TestResult>,
    /// F7: village and year whose list this one repeats.
    pub copy_of: Option<(u32, u32)>,
    /// Repeated areas are those of equal allotment inside the village's groups; F4 is left out then.
    pub equal_allotment: bool,
}

/// Step of a village's ln(area of cadres and their kin / area of the others) from one year to the next.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct CadreStep {
    /// Village.
    pub village: u32,
    /// Year of the step.
    pub year: u32,
    /// Area of cadres and their kin in the year.
    pub cadre_mu: Mu,
    /// The same in the year before.
    pub before_mu: Mu,
    /// The step.
    pub step: f64,
    /// Share of the downward steps of all villages that are at least as large.
    pub p: f64,
}

/// What could not be looked at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct NotAssessed {
    /// Family of evidence; `None` for what is only shown.
    pub family: Option<Family>,
    /// Table that it wants.
    pub table: &'static str,
    /// Column that it wants; empty for the whole table.
    pub column: &'static str,
}
