//! What one source, or the village's own other years, lets expect of its claims.

use crate::assess::Scorer;
use crate::config::Config;
use crate::model::Model;
use crate::panel::Panel;
use crate::village::Match;
use std::ops::Range;

/// 95 % point of the standard normal law.
const Z95: f64 = 1.644_853_626_951_472_2;

/// Expected claims of a village-year by one source, for people and for rules; areas in mu.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Expectation {
    /// Index of the source in the panel; `None` for the village's own other years.
    pub source: Option<usize>,
    /// Year, counted from the first of the panel.
    pub year: usize,
    /// What the source says.
    pub given: Option<f64>,
    /// What it lets expect of the claims, after what the county has in common in the year.
    pub expected: f64,
    /// 5 % point.
    pub lo: f64,
    /// 95 % point.
    pub hi: f64,
    /// Standardised deviation of the claims; `None` where there are no claims.
    pub z: Option<f64>,
}

/// What each source, then the village's own other years, lets expect of one village's claims: for the page of a lead
/// and the columns of rules, beside the joint evidence of [`crate::assess`]. Years where a source is silent are left
/// out. Empty for a panel whose columns are of a wrong length and for a village beyond it.
#[must_use]
pub fn expectations(
    panel: &Panel,
    model: &Model,
    config: &Config,
    village: usize,
) -> Vec<Expectation> {
    expectations_range(panel, model, config, village..village + 1).pop().unwrap_or_default()
}

/// As [`expectations`] for several villages, in order.
#[must_use]
pub fn expectations_range(
    panel: &Panel,
    model: &Model,
    config: &Config,
    villages: Range<usize>,
) -> Vec<Vec<Expectation>> {
    let refused = !panel.has_shape() || config.check().is_err();
    if refused || villages.end > panel.places.len() {
        return vec![Vec::new(); villages.len()];
    }
    let known = Match::of(panel, model, config);
    let mut scorer = Scorer::new(panel, model, config, &known);
    villages.map(|v| of_village(&mut scorer, panel, config, v)).collect()
}

fn of_village(
    scorer: &mut Scorer<'_>,
    panel: &Panel,
    config: &Config,
    v: usize,
) -> Vec<Expectation> {
    let years = panel.years;
    scorer.prepare(v, |_| ());
    let mut found = Vec::new();
    let (village, variances) = (&scorer.village, &scorer.variances);
    let claims_error = |t: usize| variances.lasting[0] + variances.plain[t];
    for (b, source) in panel.sources.iter().enumerate() {
        for t in 0..years {
            let at = b * years + t;
            let (lasting, lag) = (variances.lasting[b + 1], variances.lag[b + 1]);
            let wander = lag * lag * config.walk_factor * variances.walk;
            let variance = claims_error(t) + lasting + variances.plain[years + at] + wander;
            let centre = village.sources[at];
            let given = source.area[v * years + t];
            found.extend(expect(village, t, centre, variance, config, Some((b, given))));
        }
    }
    if !scorer.solve_history() {
        return found;
    }
    let village = &scorer.village;
    for t in 0..years {
        let Some((residual, precision)) = scorer.joint.left_out(0, t) else { continue };
        if scorer.joint.cells > 1 {
            let centre = village.claims[t] - residual;
            found.extend(expect(village, t, centre, 1.0 / precision, config, None));
        }
    }
    found
}

/// Back from the centred log scale to mu; `None` where the source is silent.
fn expect(
    village: &crate::village::Village,
    t: usize,
    centre: f64,
    variance: f64,
    config: &Config,
    source: Option<(usize, Option<f64>)>,
) -> Option<Expectation> {
    let (sd, log) = (variance.sqrt(), centre + village.taken[t]);
    if !(log.is_finite() && sd.is_finite() && sd > 0.0) {
        return None;
    }
    let area = |log: f64| (log.sinh() * 2.0 * config.delta_mu).max(0.0);
    let (expected, lo, hi) = (area(log), area(log - Z95 * sd), area(log + Z95 * sd));
    let z = (village.claims[t] - centre) / sd;
    let sound = expected.is_finite() && hi.is_finite();
    sound.then_some(Expectation {
        source: source.map(|s| s.0),
        year: t,
        given: source.and_then(|s| s.1),
        expected,
        lo,
        hi,
        z: z.is_finite().then_some(z),
    })
}
