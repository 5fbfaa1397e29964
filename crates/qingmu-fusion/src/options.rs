//! Constants of the fusion, each with its default and its reason.

use serde::{Deserialize, Serialize};

/// Constants that are judgement, not fitted. The defaults are those of the method's published tables.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Options {
    /// Probability that a village of a ring's group takes part in it.
    pub rho: f64,
    /// Share of groups with an honest event of the whole group that competes with a ring, before the groups are seen.
    pub event: f64,
    /// Pseudo-groups behind that share. Judgement: a county's towns outweigh it, a few towns do not.
    pub event_pseudo: f64,
    /// Bounds of a village's logarithm of evidence inside a ring: one village must not make a ring.
    pub ring_clip: (f64, f64),
    /// Common sizes (log excess) that a ring's members may share, each with half of it as standard deviation, beside
    /// sizes of their own: a small excess that many share is more than many small excesses.
    pub ring_sizes: Vec<f64>,
    /// Mean of the exponential prior of an excess with which the fits were made.
    pub mean_excess: f64,
    /// Pseudo-count of rings and of groups in the estimate of the rate of rings.
    pub ring_pseudo: (f64, f64),
    /// Pseudo-count of improper villages and of villages in the estimate of their rate.
    pub village_pseudo: (f64, f64),
    /// Pseudo-improper-villages behind the prior weights of schemes.
    pub scheme_pseudo: f64,
    /// Pseudo-improper-villages per template.
    pub template_pseudo: f64,
    /// Pseudo-villages behind the prior rates of honest shapes.
    pub honest_pseudo: f64,
    /// Bounds of counted evidence in one village-year.
    pub counted_clip: (f64, f64),
    /// What counted schemes take from the level at most, where their rows also raise the total.
    pub level_cap: f64,
    /// Excess below this share of the claim is clerical: it makes no lead.
    pub materiality: f64,
    /// Widening of the standard error of a level before its interval is stated.
    pub se_factor: f64,
    /// Standard deviation of counted money, as a share: what a check of the rows moves.
    pub counted_spread: f64,
    /// Share of an excess that is recovered, until learned.
    pub recovery: f64,
    /// Inspection days per town (shared), per village, and claims checked per day.
    pub days: (f64, f64, f64),
    /// Village-years and rings below this probability are not returned.
    pub listed: f64,
    /// Most iterations of expectation and maximisation.
    pub iterations: usize,
    /// Largest change of a parameter at which they end.
    pub tolerance: f64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            rho: 0.3,
            event: 0.2,
            event_pseudo: 20.0,
            ring_clip: (-20.0, 12.0),
            ring_sizes: vec![0.06, 0.12],
            mean_excess: 0.25,
            ring_pseudo: (1.0, 200.0),
            village_pseudo: (2.0, 400.0),
            scheme_pseudo: 10.0,
            template_pseudo: 2.0,
            honest_pseudo: 10.0,
            counted_clip: (-2.0, 12.0),
            level_cap: 12.0,
            materiality: 0.03,
            se_factor: 1.25,
            counted_spread: 0.03,
            recovery: 0.8,
            days: (0.5, 1.0, 200.0),
            listed: 0.02,
            iterations: 200,
            tolerance: 1e-7,
        }
    }
}
