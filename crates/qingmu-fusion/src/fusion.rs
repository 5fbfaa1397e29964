//! The output: probabilities, shares, money, rings and the health check.

use qingmu_deviation::{HonestShape, Template};
use qingmu_model::{Estimate, FamilyShare, RingTie};
use std::sync::Arc;

/// One village in one year.
#[derive(Debug, Clone, PartialEq)]
pub struct Posterior {
    /// Village, as an index into the case.
    pub village: u32,
    /// Year, counted from the first.
    pub year: u32,
    /// Probability of a material excess, without regard to rings.
    pub p: f64,
    /// The same, with what the other members of its groups tell.
    pub p_ring: f64,
    /// Mean of 1 − `p` over all village-years at least as suspicious (within 0.02): the expected share of false ones
    /// among them. 1 where `p` lies below [`crate::Options::listed`].
    pub q: f64,
    /// The same by `p_ring`.
    pub q_ring: f64,
    /// Excess area in mu, given that there is one.
    pub excess_mu: Option<Estimate<f64>>,
    /// Excess money in yuan, given that there is one.
    pub excess_yuan: Option<Estimate<f64>>,
    /// Mean excess money, given that there is one.
    pub mean_yuan: Option<f64>,
    /// Most probable template that holds the year.
    pub span: Option<Template>,
    /// Series (index into the case) whose level speaks loudest; the honest shapes are its.
    pub series: Option<u32>,
    /// Schemes, most probable first; their shares sum to `p`.
    pub families: Vec<FamilyShare>,
    /// Honest shapes, most probable first; all together they have 1 − `p`, those below 1 % of it are left out.
    pub honest: Vec<(HonestShape, f64)>,
    /// Ring that it is a member of, as an index into [`Fusion::rings`].
    pub ring: Option<u32>,
}

/// One member of a ring.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Member {
    /// Village.
    pub village: u32,
    /// Probability of taking part, given the ring.
    pub p: f64,
    /// What it adds to the ring's logarithm of odds.
    pub ln_bf: f64,
}

/// One ring.
#[derive(Debug, Clone, PartialEq)]
pub struct RingPosterior {
    /// Group, as an index into [`crate::Case::groups`].
    pub group: u32,
    /// What ties it.
    pub tie: RingTie,
    /// The group's key.
    pub key: Arc<str>,
    /// Most probable template.
    pub span: Template,
    /// Probability of the ring.
    pub p: f64,
    /// Mean of 1 − `p` over all rings at least as probable.
    pub q: f64,
    /// Logarithm of the evidence of the most probable template, before the competing honest events.
    pub ln_evidence: f64,
    /// Logarithm of the weight of honest events of the whole group, 0 for none.
    pub ln_honest: f64,
    /// Members more probable than not to take part, largest contribution first; at least the two largest.
    pub members: Vec<Member>,
    /// Other groups (indices) in which mostly the same villages show the same: one ring, several ties.
    pub same: Vec<u32>,
}

/// Evidence upwards against the same evidence with its sign reversed, for one template.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShapeHealth {
    /// Template.
    pub template: Template,
    /// Expected number of villages (or village-series) with an excess of this shape.
    pub up: f64,
    /// The same for shortfalls of the same size, which no scheme makes.
    pub down: f64,
    /// Villages whose evidence for it exceeds e³.
    pub strong_up: usize,
    /// The same downwards.
    pub strong_down: usize,
}

/// The mirror: honest shapes aside, noise is as large downwards as upwards, and no scheme lowers claims.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Health {
    /// Per template.
    pub shapes: Vec<ShapeHealth>,
    /// Sum of `up`: improper village-series expected from the level alone.
    pub up: f64,
    /// Sum of `down`.
    pub down: f64,
    /// Village-series with strong evidence for any template upwards, each counted once; late enrolment aside.
    pub strong_up: usize,
    /// The same downwards.
    pub strong_down: usize,
    /// Village-series looked at.
    pub fits: usize,
}

impl Health {
    /// More improper ones are expected than upward evidence outnumbers downward evidence, chance allowed for: then
    /// the rates are too high for these data, and q should not be trusted.
    #[must_use]
    pub fn doubtful(&self) -> bool {
        let (up, down) = (self.strong_up as f64, self.strong_down as f64);
        self.up > (up - down).max(0.0) + 3.0 * (up + down).sqrt().max(1.0)
    }
}

/// Everything that fusing says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Fusion {
    /// Village-years with `p` or `p_ring` of at least [`crate::Options::listed`], by village and year.
    pub village_years: Vec<Posterior>,
    /// Rings of at least that probability, most probable first.
    pub rings: Vec<RingPosterior>,
    /// Health check.
    pub health: Health,
    /// Whether a village has any evidence at all (V). Of one that has, a year that is not listed has a probability
    /// below [`crate::Options::listed`]; of one that has not, nothing can be said.
    pub assessed: Vec<bool>,
}
