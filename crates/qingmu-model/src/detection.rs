//! What the detection run says about a village-year: its evidence, its probability, its money.
//!
//! Probabilities and logarithms are statistics (`f64`, never NaN); areas and sums of money are facts or rounded
//! estimates in fixed point.

use crate::ids::ClaimantId;
use crate::lang::Bilingual;
use crate::quantity::{Mu, Yuan};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A scheme by which claims of a village exceed what is due; schemes are alternatives, not witnesses of one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Family {
    /// Claims stand above what every source bears.
    Level,
    /// Claims and a locally written source stand above the others together.
    LevelSource,
    /// People who died or are not in the register, paid onto shared cards.
    Identity,
    /// The same people and crops in two villages.
    Duplicate,
    /// Rows on parcels that bear no crop, of claimants who also claim others.
    Parcel,
    /// Sums above area times rate that are never taken back.
    Sum,
    /// One and the same area added to many claimants.
    TopUp,
}

/// Rows counted in a village-year against what honest counties have.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Counted {
    /// Village, as an index into the run's sorted codes.
    pub village: u32,
    /// Year, counted from the first year of the run.
    pub year: u32,
    /// Scheme that such rows speak for.
    pub family: Family,
    /// Natural logarithm of the Bayes factor against the honest law.
    pub ln_bf: f64,
    /// Rows counted.
    pub rows: u32,
    /// Area on them beyond what is due; exact.
    pub excess_mu: Mu,
    /// Money on them beyond what is due; exact.
    pub excess_yuan: Yuan,
}

/// A slip in the data: repaired for the statistics, never held against anyone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DataErrorKind {
    /// A village's whole list is in hectares.
    HectareList,
    /// An area ten times too large or too small.
    TenFold,
    /// Two neighbouring digits of an area are swapped.
    SwappedDigits,
    /// No area, but an amount and a rate.
    MissingArea,
    /// Rows that belong to another village.
    WrongVillage,
    /// A source says 0 where it has nothing.
    EmptySource,
    /// One value of a source stands alone against the others and its own years.
    SourceGlitch,
    /// Two sources are copies of one another, or a source is a copy of the claims.
    CopiedSource,
}

/// One repaired or reported slip.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DataError {
    /// What kind of slip.
    pub kind: DataErrorKind,
    /// Village code.
    pub village_code: String,
    /// Year.
    pub year: i16,
    /// Programme, for claims.
    pub programme: Option<String>,
    /// Source, for baselines.
    pub source: Option<String>,
    /// Claimant of the row, where it concerns one row; printed masked.
    pub claimant: Option<ClaimantId>,
    /// File and row where it concerns one row.
    pub at: Option<(String, u64)>,
    /// Rows concerned.
    pub rows: u64,
    /// Value as filed (sum over the rows).
    pub filed_mu: Option<Mu>,
    /// Value that the statistics use instead; `None` where they leave it out.
    pub used_mu: Option<Mu>,
    /// In words.
    pub say: Bilingual,
}

/// An estimate with its 90 % interval (5 % and 95 % points).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Estimate<T> {
    /// Median.
    pub median: T,
    /// 5 % point.
    pub lo: T,
    /// 95 % point.
    pub hi: T,
}

/// What one scheme adds to the belief about a village-year.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct FamilyShare {
    /// Scheme.
    pub family: Family,
    /// Probability that this scheme is the one at work; all shares of a village-year sum to its probability.
    pub share: f64,
    /// Natural logarithm of its Bayes factor against the honest mixture, before weights.
    pub ln_bf: f64,
}

/// What one honest shape explains of a village's series.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HonestShare {
    /// Stable name of the shape, e.g. `late_enrolment_2021`.
    pub shape: String,
    /// In words.
    pub say: Bilingual,
    /// Its probability.
    pub share: f64,
}

/// Years in which an excess stands, and how it grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Span {
    /// First year.
    pub from: i16,
    /// Last year.
    pub to: i16,
    /// Grows from the first year to the last instead of standing at one height.
    pub ramp: bool,
}

/// Claims of a village-year beside what one source lets expect.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Expected {
    /// Programme.
    pub programme: String,
    /// Crop group.
    pub group: String,
    /// Source; `history` for the village's own other years.
    pub source: String,
    /// Year.
    pub year: i16,
    /// False for a source that is compiled from what the village reported.
    pub independent: bool,
    /// Claimed area as the statistics use it; `None` for a year without claims.
    pub claimed: Option<Mu>,
    /// Area that the source gives.
    pub given: Option<Mu>,
    /// Area that the source lets expect, after what the county has in common in the year, with its 90 % range.
    pub expected: Option<Estimate<Mu>>,
    /// Standardised deviation of the claims from it.
    pub z: Option<f64>,
}

/// Everything that the detection run says about one village in one year.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Assessment {
    /// Village code.
    pub village_code: String,
    /// Year.
    pub year: i16,
    /// Probability that the claims of this village-year are improper, without regard to rings.
    pub p: f64,
    /// The same, with what the neighbours of its town and approver tell.
    pub p_ring: f64,
    /// False-discovery rate among all village-years at least as suspicious by `p`.
    pub q: f64,
    /// The same by `p_ring`.
    pub q_ring: f64,
    /// Excess area, given that there is one.
    pub excess_mu: Option<Estimate<Mu>>,
    /// Excess money, given that there is one.
    pub excess_yuan: Option<Estimate<Yuan>>,
    /// Expected excess money: probability times mean.
    pub expected_yuan: Option<Yuan>,
    /// Most probable span.
    pub span: Option<Span>,
    /// Schemes, most probable first.
    pub families: Vec<FamilyShare>,
    /// Honest shapes that were weighed, most probable first.
    pub honest: Vec<HonestShare>,
    /// The claims beside each source: all years of the series that speaks loudest where it is a lead, this year of every
    /// series otherwise.
    pub expected: Vec<Expected>,
    /// Index into the run's rings.
    pub ring: Option<u32>,
    /// True where only the village's own history speaks: no lead of a higher grade than E3.
    pub history_only: bool,
    /// Claim rows of the village-year: what an inspection must look through.
    pub claims: u32,
    /// Honest explanations that the data could or could not test; empty below the listed probability.
    pub tested: Vec<Tested>,
    /// What else the data show, in words; adds reasons, never probability.
    pub notes: Vec<Bilingual>,
}

impl Assessment {
    /// The honest explanation that holds and clears this village-year, if one does.
    #[must_use]
    pub fn cleared_by(&self) -> Option<&Tested> {
        self.tested.iter().find(|t| t.clears == Some(true))
    }
}

/// An honest explanation of an excess, what the data say of it, and whether that clears the village-year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tested {
    /// Stable name, e.g. `reclamation`.
    pub name: String,
    /// The explanation.
    pub text: Bilingual,
    /// What the data show of it, or what is missing.
    pub found: Bilingual,
    /// `Some(true)`: holds and clears; `Some(false)`: tested, does not explain it; `None`: the data cannot test it.
    pub clears: Option<bool>,
}

/// What ties the villages of an assessed ring.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RingTie {
    /// One town.
    Town,
    /// One approver.
    Approver,
    /// One recorder.
    Recorder,
    /// Neighbours on the map.
    Neighbours,
}

/// One member of an assessed ring.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RingMember {
    /// Village code.
    pub village_code: String,
    /// Probability of being part of it.
    pub p: f64,
    /// Its share of the ring's evidence (natural logarithm of odds).
    pub ln_bf: f64,
}

/// Villages with a common tie whose claims rise together beyond what honest events of a town explain.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AssessedRing {
    /// What ties them.
    pub tie: RingTie,
    /// Town code, or the masked approver's or recorder's id.
    pub key: String,
    /// Span of the excess.
    pub span: Span,
    /// Probability of the ring.
    pub p: f64,
    /// False-discovery rate among all rings at least as probable.
    pub q: f64,
    /// Members, largest contribution first.
    pub members: Vec<RingMember>,
}

/// What the model believes of one village-year, in short.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Belief {
    /// As [`Assessment::p`].
    pub p: f64,
    /// As [`Assessment::p_ring`].
    pub p_ring: f64,
    /// As [`Assessment::q`].
    pub q: f64,
    /// As [`Assessment::q_ring`].
    pub q_ring: f64,
    /// Standardised deviation of the claims from what the sources let expect; the largest of its series.
    pub z: Option<f64>,
    /// Median excess area in mu, given that there is one.
    pub excess_mu: Option<f64>,
    /// Median excess money in yuan, given that there is one.
    pub excess_yuan: Option<f64>,
    /// Expected excess money in yuan.
    pub expected_yuan: Option<f64>,
}

/// The model's belief about every village-year of a run; empty where no model ran.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Beliefs {
    /// Village codes, sorted.
    pub villages: Vec<Arc<str>>,
    /// First year.
    pub first_year: i16,
    /// Number of years.
    pub years: usize,
    /// Villages by years (`village * years + year`); `None` where not assessed.
    pub cells: Vec<Option<Belief>>,
}

impl Beliefs {
    /// The belief about a village in a year; `None` where not assessed.
    #[must_use]
    pub fn get(&self, village: &str, year: i16) -> Option<&Belief> {
        let row = self.villages.binary_search_by(|code| (**code).cmp(village)).ok()?;
        let column = usize::try_from(i32::from(year) - i32::from(self.first_year)).ok()?;
        let place = (column < self.years).then_some(row * self.years + column)?;
        self.cells.get(place)?.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_belief_is_found_by_code_and_year_alone() {
        let belief = Belief {
            p: 0.5,
            p_ring: 0.6,
            q: 0.1,
            q_ring: 0.05,
            z: None,
            excess_mu: None,
            excess_yuan: None,
            expected_yuan: None,
        };
        let beliefs = Beliefs {
            villages: vec![Arc::from("a"), Arc::from("b")],
            first_year: 2020,
            years: 2,
            cells: vec![None, None, None, Some(belief)],
        };
        assert_eq!(beliefs.get("b", 2021), Some(&belief));
        for (village, year) in [("b", 2020), ("b", 2022), ("b", 2019), ("c", 2021)] {
            assert_eq!(beliefs.get(village, year), None, "{village} {year}");
        }
    }
}
