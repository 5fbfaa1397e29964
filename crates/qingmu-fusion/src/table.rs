//! What every village brings to any group.

use crate::case::Case;
use crate::evidence::{Frame, Terms, VillageEvidence, Weights};
use crate::options::Options;
use qingmu_deviation::{Delta, HonestKind};
use qingmu_stats::ln_phi;
use rayon::prelude::*;
use std::f64::consts::PI;

/// A level's evidence in one series and template: its weighted Bayes factor, and the log excess as measured.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Level {
    factor: f64,
    pub(crate) estimate: f64,
    se: f64,
    /// Logarithm of the evidence for an excess of its own size, unshifted.
    ln_own: f64,
}

/// One village.
pub(crate) struct Row {
    /// Levels, templates by series.
    levels: Vec<Option<Level>>,
    /// Weighted Bayes factors of everything else, per template.
    rest: Vec<f64>,
    /// Weight of the levels of series that the village has no fit of.
    unknown: f64,
    /// Probability that each series does nothing, given that it is honest.
    base: Vec<f64>,
    /// a of each ring shape where the group shares nothing.
    pub(crate) joins: Vec<f64>,
    /// Bayes factor of each honest event.
    pub(crate) follows: Vec<f64>,
    /// 1 + odds of being improper on its own.
    pub(crate) own: f64,
    /// Any evidence at all.
    pub(crate) any: bool,
}

/// Villages, ring shapes and competing events.
pub(crate) struct Table {
    /// Templates that can make a ring: all but those that stand in every year, which are a source's bias.
    pub(crate) plain: Vec<usize>,
    /// Series and honest shape of each event that a whole group may share.
    pub(crate) events: Vec<(usize, usize)>,
    /// Years of each plain template, and of each event, as bits.
    pub(crate) years: Vec<u64>,
    pub(crate) event_years: Vec<u64>,
    pub(crate) rows: Vec<Row>,
    pub(crate) series: usize,
    /// Weight of the levels of every series.
    levels: f64,
    /// Common sizes of an excess.
    sizes: Vec<f64>,
    mean: f64,
    clip: (f64, f64),
    pub(crate) rho: f64,
}

/// One village where its group shares a shift of the claims.
pub(crate) struct Shifted {
    /// Logarithm of the shift's evidence where it is honest.
    pub(crate) ln_base: f64,
    /// a per size: its own, then the common ones.
    pub(crate) joins: Vec<f64>,
}

impl Table {
    pub(crate) fn new(
        case: &Case<'_>,
        evidence: &[VillageEvidence],
        weights: &Weights,
        frame: &Frame,
        options: &Options,
    ) -> Self {
        let ring = |k: &usize| !frame.templates[*k].constant(frame.years);
        let plain: Vec<usize> = (0..frame.templates.len()).filter(ring).collect();
        let events = events(frame, case.series.len());
        let bits = |k: &usize| {
            let template = frame.templates[*k];
            (template.from..=template.to).fold(0, |bits, year| bits | 1 << year)
        };
        let mut table = Self {
            years: plain.iter().map(bits).collect(),
            event_years: events.iter().map(|(_, shape)| 1 << frame.shapes[*shape].year).collect(),
            plain,
            events,
            rows: Vec::new(),
            series: case.series.len(),
            levels: weights.level.iter().chain(&weights.source).sum(),
            sizes: options.ring_sizes.clone(),
            mean: options.mean_excess,
            clip: (options.ring_clip.0.exp(), options.ring_clip.1.exp()),
            rho: options.rho,
        };
        let odds = weights.prior_odds();
        let rows =
            evidence.par_iter().enumerate().map_init(Terms::default, |terms, (at, village)| {
                if village.any() {
                    village.terms(weights, terms);
                }
                table.row(case, at, village, terms, (weights, &odds))
            });
        let rows: Vec<Row> = rows.collect();
        table.rows = rows;
        table
    }

    /// Ring shapes: plain templates by sizes.
    pub(crate) fn shapes(&self) -> usize {
        self.plain.len() * self.kinds()
    }

    /// Sizes: a member's own, and each common one.
    pub(crate) fn kinds(&self) -> usize {
        1 + self.sizes.len()
    }

    fn row(
        &self,
        case: &Case<'_>,
        at: usize,
        village: &VillageEvidence,
        terms: &Terms,
        (weights, odds): (&Weights, &[f64]),
    ) -> Row {
        let (count, series) = (self.plain.len(), self.series);
        let mut row = Row {
            levels: vec![None; count * series],
            rest: vec![1.0; count],
            unknown: 0.0,
            base: vec![0.0; series],
            joins: vec![self.rho / (1.0 - self.rho); self.shapes()],
            follows: vec![1.0; self.events.len()],
            own: 1.0,
            any: village.any(),
        };
        // Of a village without evidence nothing is known: it neither joins a ring nor weakens one.
        if !row.any {
            return row;
        }
        row.own += odds.iter().zip(&terms.factor).map(|(o, f)| o * f).sum::<f64>();
        row.rest.copy_from_slice(&self.plain.iter().map(|k| terms.factor[*k]).collect::<Vec<_>>());
        for s in 0..series {
            let (Some(fit), Some(known)) = (&case.series[s].fits[at], &village.series[s]) else {
                row.unknown += weights.level[s] + weights.source[s];
                continue;
            };
            row.base[s] =
                (known.honest[0] * weights.shapes[s][0] / terms.mixture[s]).clamp(0.0, 1.0);
            for (p, k) in self.plain.iter().enumerate() {
                let scheme = |m: usize| terms.weights[m] * terms.schemes[m][*k];
                let factor = scheme(s) + scheme(series + s);
                if let Some(level) = level(fit.delta[*k], factor, self.mean) {
                    row.levels[p * series + s] = Some(level);
                    row.rest[p] = (row.rest[p] - factor).max(0.0);
                }
            }
        }
        for (follow, (s, shape)) in row.follows.iter_mut().zip(&self.events) {
            if let Some(known) = &village.series[*s] {
                let ratio = known.honest[*shape] / terms.mixture[*s];
                *follow = ratio.clamp(self.clip.0, self.clip.1);
            }
        }
        let still = vec![0.0; series];
        for p in 0..count {
            let joins = self.shifted(&row, p, &still).joins;
            for (size, join) in joins.into_iter().enumerate() {
                row.joins[p * self.kinds() + size] = join;
            }
        }
        row
    }

    /// Measured log excess of a village.
    pub(crate) fn level(&self, village: usize, p: usize, series: usize) -> Option<Level> {
        self.rows[village].levels[p * self.series + series]
    }

    /// A village under a shift of every series' log claims in the years of a template.
    pub(crate) fn shifted(&self, row: &Row, p: usize, shift: &[f64]) -> Shifted {
        let mut ln_base = 0.0;
        // Members with sizes of their own may each follow a scheme of their own; a common size is one of the level,
        // and that the members share the scheme is part of the hypothesis.
        let mut factors = vec![row.unknown / self.levels; self.kinds()];
        factors[0] = row.rest[p];
        for (s, u) in shift.iter().enumerate() {
            let Some(level) = row.levels[p * self.series + s] else { continue };
            // An honest village that does nothing moves with the shift; one that does something does as it does.
            let moved = u / (level.se * level.se) * (level.estimate - 0.5 * u);
            let base = row.base[s].mul_add(moved.min(600.0).exp() - 1.0, 1.0).max(1e-300);
            ln_base += base.ln();
            let left = level.estimate - u;
            let kinds = std::iter::once(exponential(left, level.se, self.mean))
                .chain(self.sizes.iter().map(|size| common(left, level.se, *size)));
            for (kind, (factor, ln)) in factors.iter_mut().zip(kinds).enumerate() {
                let share = if kind == 0 { 1.0 } else { 1.0 / self.levels };
                *factor +=
                    share * level.factor * (ln - level.ln_own + moved).min(200.0).exp() / base;
            }
        }
        let scale = self.rho / (1.0 - self.rho) / row.own;
        let join = |factor: f64| scale * factor.clamp(self.clip.0, self.clip.1);
        Shifted { ln_base, joins: factors.into_iter().map(join).collect() }
    }
}

/// Honest events that a whole group may share: real changes of planting, late enrolment, and a source's bias in the
/// place, which is what claims high in all years are.
fn events(frame: &Frame, series: usize) -> Vec<(usize, usize)> {
    use HonestKind::{ConstantHigh, LateEnrolment, RealStep, RealYear};
    let shared = |kind| matches!(kind, RealStep | RealYear | LateEnrolment | ConstantHigh);
    let shapes: Vec<usize> =
        (0..frame.shapes.len()).filter(|j| shared(frame.shapes[*j].kind)).collect();
    (0..series).flat_map(|s| shapes.iter().map(move |j| (s, *j))).collect()
}

fn level(delta: Delta, factor: f64, mean: f64) -> Option<Level> {
    let sound = delta.se > 0.0 && delta.se.is_finite() && delta.centre.is_finite() && factor > 0.0;
    // The prior has moved the centre down by se²/mean.
    let estimate = delta.centre + delta.se * delta.se / mean;
    let ln_own = if sound { exponential(estimate, delta.se, mean) } else { 0.0 };
    sound.then_some(Level { factor, estimate, se: delta.se, ln_own })
}

/// Logarithm of the evidence for an excess with exponential prior against none.
fn exponential(estimate: f64, se: f64, mean: f64) -> f64 {
    let ratio = (estimate - se * se / mean) / se;
    (se * (2.0 * PI).sqrt() / mean).ln() + 0.5 * ratio * ratio + ln_phi(ratio)
}

/// Logarithm of the evidence for an excess N(size, size/2) above 0 against none.
fn common(estimate: f64, se: f64, size: f64) -> f64 {
    let spread = 0.5 * size;
    let total = spread.hypot(se);
    let centre = (estimate * spread * spread + size * se * se) / (total * spread * se);
    let (far, near) = (estimate / se, (estimate - size) / total);
    (se / total).ln() + 0.5 * (far * far - near * near) + ln_phi(centre) - ln_phi(size / spread)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Both closed forms against the integral over the excess by the trapezium rule.
    #[test]
    fn evidence_is_the_integral_over_the_prior() {
        let (estimate, se, size, mean) = (0.09, 0.04, 0.08, 0.25);
        let normal =
            |x: f64, m: f64, s: f64| (-0.5 * ((x - m) / s).powi(2)).exp() / s / (2.0 * PI).sqrt();
        let likelihood = |d: f64| normal(estimate, d, se) / normal(estimate, 0.0, se);
        let step = 1e-5;
        let integral = |prior: &dyn Fn(f64) -> f64| -> f64 {
            (0..300_000)
                .map(|i| (f64::from(i) + 0.5) * step)
                .map(|d| likelihood(d) * prior(d) * step)
                .sum()
        };
        let by_hand = integral(&|d| (-d / mean).exp() / mean);
        assert!((by_hand.ln() - exponential(estimate, se, mean)).abs() < 1e-6);
        let above = ln_phi(2.0).exp();
        let by_hand = integral(&|d| normal(d, size, 0.5 * size) / above);
        assert!((by_hand.ln() - common(estimate, se, size)).abs() < 1e-6);
    }
}
