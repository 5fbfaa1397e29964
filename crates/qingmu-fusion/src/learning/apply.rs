//! Learned weights at work: every probability of a run tempered, and what follows from it.

use super::{Channel, Evidence, Weights};
use crate::fuse::rank_years;
use crate::fusion::{Fusion, Posterior};
use crate::options::Options;

/// Probabilities below are not divided by.
const LEAST: f64 = 1e-12;

/// Gives every village-year the probability that the learned weights make of its evidence, its odds times the factor of
/// its county, and reckons the false-discovery rates anew. Shares of schemes and honest shapes follow; money does not:
/// it is told given that there is an excess. Rings keep their own probability.
///
/// Weights that know nothing and factors of 1 change nothing (statistics.md 5.2).
pub fn reweigh(
    fusion: &mut Fusion,
    weights: &Weights,
    factor: impl Fn(u32) -> f64,
    improper: f64,
    options: &Options,
) {
    for year in &mut fusion.village_years {
        temper(year, weights, factor(year.village), improper);
    }
    rank_years(&mut fusion.village_years, options);
}

fn temper(year: &mut Posterior, weights: &Weights, factor: f64, improper: f64) {
    let together = Evidence::of(year, improper);
    let alone = Evidence::of(&Posterior { p_ring: year.p, ..year.clone() }, improper);
    let scaled = |p: f64| p * factor / (1.0 - p + p * factor);
    let (before, p) = (year.p, scaled(weights.probability(&alone)));
    year.p_ring = scaled(weights.probability(&together));
    year.p = p;
    let part = |at: usize| (weights.betas[at] * alone.x[at]).exp_m1();
    let all: f64 = (0..Channel::COUNT).map(part).sum();
    for share in &mut year.families {
        let at = Channel::ALL.iter().position(|c| *c == Channel::Scheme(share.family));
        // Where nothing is left of any scheme the shares keep their proportions.
        share.share = match at.filter(|_| all > LEAST) {
            Some(at) => p * part(at) / all,
            None => share.share * p / before.max(LEAST),
        };
    }
    year.families.sort_by(|a, b| b.share.total_cmp(&a.share).then(a.family.cmp(&b.family)));
    let honest = (1.0 - p) / (1.0 - before).max(LEAST);
    year.honest.iter_mut().for_each(|(_, share)| *share = (*share * honest).min(1.0));
}
