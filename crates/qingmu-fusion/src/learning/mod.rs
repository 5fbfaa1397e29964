//! Learning from inspections: outcomes move the weights of schemes, never a rule's facts.
//!
//! Of every scheme's odds O_f only the evidence x_f = ln(1 + O_f/π) is tempered:
//! logit P = β₀ + ln π + ln Σ_f (e^(β_f·x_f) − 1), so that β₀ = 0 and β = 1 give back what was fused, schemes stay
//! alternatives, and P never falls where evidence rises, since β ≥ 0. What was inspected was selected: each
//! outcome counts by the inverse of its probability of selection (statistics.md 5.2, 5.3).

mod apply;
mod drift;
mod evidence;
mod explore;
mod fit;
mod outcome;

pub use apply::reweigh;
pub use drift::{Drift, drift};
pub use evidence::{Channel, Evidence};
pub use explore::{Share, allocate};
pub use fit::{Learned, update};
pub use outcome::{CountyFactor, LearningError, Outcome, county_factors};

use serde::{Deserialize, Serialize};

/// Weights learned from outcomes, frozen under a version.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Weights {
    /// 0 before anything was learned; every update adds one.
    pub version: u32,
    /// β₀.
    pub intercept: f64,
    /// β of each [`Channel`], in its order, each within 0 and 1.5.
    pub betas: [f64; Channel::COUNT],
    /// Sandwich covariance of (β₀, β), row-major; empty before anything was learned.
    pub covariance: Vec<f64>,
    /// Outcomes learned from.
    pub outcomes: usize,
    /// Confirmed ones among them.
    pub confirmed: usize,
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            version: 0,
            intercept: 0.0,
            betas: [1.0; Channel::COUNT],
            covariance: Vec::new(),
            outcomes: 0,
            confirmed: 0,
        }
    }
}

/// Range of each β.
pub(crate) const BOX: (f64, f64) = (0.0, 1.5);

impl Weights {
    /// Probability of a village-year with this evidence.
    #[must_use]
    pub fn probability(&self, evidence: &Evidence) -> f64 {
        crate::ring::sigmoid(self.logit(evidence))
    }

    pub(crate) fn logit(&self, evidence: &Evidence) -> f64 {
        self.intercept + (evidence.improper * self.sum(evidence)).ln()
    }

    /// Σ (e^(β·x) − 1); a trace is added so that no evidence at all stays a number.
    pub(crate) fn sum(&self, evidence: &Evidence) -> f64 {
        let pairs = self.betas.iter().zip(&evidence.x);
        pairs.map(|(beta, x)| (beta * x).exp_m1()).sum::<f64>() + 1e-9
    }
}
