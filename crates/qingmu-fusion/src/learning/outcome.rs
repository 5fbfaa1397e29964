//! What inspections found.

use super::evidence::Evidence;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One inspected village-year.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// Evidence at the time of selection.
    pub evidence: Evidence,
    /// An excess above 5 % was confirmed.
    pub confirmed: bool,
    /// Probability with which it was selected.
    pub inclusion: f64,
    /// Selected by the random control draw alone.
    pub control: bool,
    /// County.
    pub county: u32,
    /// Code of the honest reason that explains it, such as equal allotment or a re-survey. It speaks of the county
    /// and not of the evidence: it makes a county factor, and weights do not learn from it.
    pub reason: Option<String>,
}

/// An outcome that cannot be learned from.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LearningError {
    /// A probability of selection outside (0, 1].
    #[error(
        "outcome {outcome}: selected with probability {inclusion}; it must lie above 0 and not above 1"
    )]
    Inclusion {
        /// Place among the outcomes.
        outcome: usize,
        /// Its value as text.
        inclusion: String,
    },
    /// Evidence that is no number or out of range.
    #[error("outcome {outcome}: its evidence is not from a fused village-year")]
    Evidence {
        /// Place among the outcomes.
        outcome: usize,
    },
    /// Confirmed and explained at once.
    #[error("outcome {outcome}: confirmed, and yet explained by `{reason}`; keep one of them")]
    Both {
        /// Place among the outcomes.
        outcome: usize,
        /// Reason code.
        reason: String,
    },
}

impl Outcome {
    /// # Errors
    /// [`LearningError`] naming the outcome's place.
    pub(crate) fn check(&self, at: usize) -> Result<(), LearningError> {
        if !(self.inclusion > 0.0 && self.inclusion <= 1.0) {
            let inclusion = self.inclusion.to_string();
            return Err(LearningError::Inclusion { outcome: at, inclusion });
        }
        if let (true, Some(reason)) = (self.confirmed, &self.reason) {
            return Err(LearningError::Both { outcome: at, reason: reason.clone() });
        }
        self.evidence.check(at)
    }
}

/// How much of a county's evidence an honest reason of its own leaves standing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CountyFactor {
    /// County.
    pub county: u32,
    /// Reason code.
    pub reason: String,
    /// Inspections that it explained.
    pub explained: usize,
    /// Factor on the odds of the county's other leads, 0–1.
    pub factor: f64,
}

/// Inspections of a county as if already seen without the reason, so that one case does not silence a county.
const SEEN: f64 = 4.0;

/// Factors by county and reason, from plain counts of inspections.
#[must_use]
pub fn county_factors(outcomes: &[Outcome]) -> Vec<CountyFactor> {
    let mut all: BTreeMap<u32, usize> = BTreeMap::new();
    let mut explained: BTreeMap<(u32, &str), usize> = BTreeMap::new();
    for outcome in outcomes {
        *all.entry(outcome.county).or_default() += 1;
        if let Some(reason) = &outcome.reason {
            *explained.entry((outcome.county, reason)).or_default() += 1;
        }
    }
    let factor = |((county, reason), explained): ((u32, &str), usize)| {
        let others = (all[&county] - explained) as f64 + SEEN;
        let factor = others / (others + explained as f64);
        CountyFactor { county, reason: reason.to_owned(), explained, factor }
    };
    explained.into_iter().map(factor).collect()
}
