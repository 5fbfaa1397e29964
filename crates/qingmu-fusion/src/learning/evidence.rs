//! Evidence of one village-year by channel.

use super::outcome::LearningError;
use crate::fusion::Posterior;
use qingmu_model::Family;
use serde::{Deserialize, Serialize};

/// What evidence comes through: a scheme, or the group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// A scheme.
    Scheme(Family),
    /// What groups tell.
    Ring,
}

impl Channel {
    /// How many there are.
    pub const COUNT: usize = 8;

    /// All, in the order of weights.
    pub const ALL: [Self; Self::COUNT] = [
        Self::Scheme(Family::Level),
        Self::Scheme(Family::LevelSource),
        Self::Scheme(Family::Identity),
        Self::Scheme(Family::Duplicate),
        Self::Scheme(Family::Parcel),
        Self::Scheme(Family::Sum),
        Self::Scheme(Family::TopUp),
        Self::Ring,
    ];
}

/// x of each channel, and the rate of improper villages that it is measured from.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// ln(1 + O/π) per channel, in the order of [`Channel::ALL`].
    pub x: [f64; Channel::COUNT],
    /// π.
    pub improper: f64,
}

/// Probabilities closer to 1 are not told apart.
const SUREST: f64 = 1.0 - 1e-12;

impl Evidence {
    /// From what was fused: the odds of `p_ring`, split among schemes, and what groups add.
    #[must_use]
    pub fn of(posterior: &Posterior, improper: f64) -> Self {
        let odds = |p: f64| p.min(SUREST) / (1.0 - p.min(SUREST));
        let (alone, together) = (odds(posterior.p), odds(posterior.p_ring));
        let kept = if together < alone && alone > 0.0 { together / alone } else { 1.0 };
        let mut split = [0.0; Channel::COUNT];
        for share in &posterior.families {
            let at = Channel::ALL.iter().position(|c| *c == Channel::Scheme(share.family));
            if let (Some(at), true) = (at, posterior.p > 0.0) {
                split[at] += kept * alone * share.share / posterior.p;
            }
        }
        split[Channel::COUNT - 1] = (together - alone).max(0.0);
        Self { x: split.map(|odds| (odds / improper).ln_1p()), improper }
    }

    /// # Errors
    /// [`LearningError::Evidence`] for a number that no village-year can have.
    pub(crate) fn check(&self, at: usize) -> Result<(), LearningError> {
        let good = self.improper > 0.0
            && self.improper < 1.0
            && self.x.iter().all(|x| (0.0..=100.0).contains(x));
        if good { Ok(()) } else { Err(LearningError::Evidence { outcome: at }) }
    }
}
