//! Rings: members of a group rise together, beyond what honest events of the whole group explain.
//!
//! Ring hypothesis (group g, template k): each member takes part independently with probability ρ, and at least two
//! do. With a = ρ/(1−ρ) · BF/H, where H = 1 + Σ odds of the member on its own (so that a ring competes with separate
//! schemes and not only with honesty), sums over all subsets are products:
//! Σ_S = Π(1+a), and without the empty set and the singles Π(1+a) − 1 − Σa. Competing: one event (real change of
//! planting, late enrolment) that each member follows with probability ρ.
//! Templates that stand in all years are left out: they cannot be told from a source's bias in the place.

use crate::case::{Case, Group};
use crate::evidence::{Frame, Terms, VillageEvidence, Weights};
use crate::options::Options;
use crate::parameters::{Parameters, TIES};
use qingmu_deviation::HonestKind;
use rayon::prelude::*;

/// Below these a group changes no village's probability by anything that is shown.
const QUIET: (f64, f64) = (1e-4, 1e-2);

/// What every village brings to any group, villages by columns.
pub(crate) struct Table {
    /// Templates that can make a ring.
    pub(crate) templates: Vec<usize>,
    /// Series and honest shape of each competing event.
    events: Vec<(usize, usize)>,
    /// a of each village and ring template.
    joins: Vec<f64>,
    /// BF of each event, own scale removed.
    follows: Vec<f64>,
    /// H of each village.
    own: Vec<f64>,
    /// Years of each ring template, as bits.
    years: Vec<u64>,
    /// Year of each event, as a bit.
    event_years: Vec<u64>,
    rho: f64,
    event: f64,
}

/// One group, summed.
#[derive(Debug, Clone)]
pub(crate) struct Summed {
    /// Σ ln(1+a) per template.
    pub(crate) joint: Vec<f64>,
    /// Σ a per template.
    single: Vec<f64>,
    /// Members that can take part, per template.
    count: Vec<usize>,
    /// Logarithm of each event's evidence.
    events: Vec<f64>,
    /// Logarithm of the ring's evidence per template, at least two taking part.
    pub(crate) ring: Vec<f64>,
    /// Logarithm of the weight of no ring: 1 and the events.
    pub(crate) honest: f64,
}

/// What a group tells about one member, itself left out.
#[derive(Debug, Clone)]
pub(crate) struct Told {
    /// Prior odds per ring template, that it takes part against that it is honest.
    pub(crate) odds: Vec<f64>,
    /// Factor on its odds of being improper on its own: below 1 where an honest event of the group explains it.
    pub(crate) own: f64,
}

impl Table {
    pub(crate) fn new(
        evidence: &[VillageEvidence],
        weights: &Weights,
        frame: &Frame,
        options: &Options,
    ) -> Self {
        let ring = |k: &usize| !frame.templates[*k].constant(frame.years);
        let templates: Vec<usize> = (0..frame.templates.len()).filter(ring).collect();
        let events = competing(frame, weights.level.len());
        let odds = weights.prior_odds();
        let scale = options.rho / (1.0 - options.rho);
        let (low, high) = (options.ring_clip.0.exp(), options.ring_clip.1.exp());
        let rows: Vec<(Vec<f64>, Vec<f64>, f64)> = evidence
            .par_iter()
            .map_init(Terms::default, |terms, village| {
                if !village.any() {
                    // Nothing is known of it: it neither joins a ring nor weakens one.
                    return (vec![scale; templates.len()], vec![1.0; events.len()], 1.0);
                }
                village.terms(weights, terms);
                let own = 1.0 + odds.iter().zip(&terms.factor).map(|(o, f)| o * f).sum::<f64>();
                let join = |k: &usize| scale * terms.factor[*k].clamp(low, high) / own;
                let follow = |(series, shape): &(usize, usize)| {
                    let ratio = |e: &crate::evidence::SeriesEvidence| {
                        e.honest[*shape] / terms.mixture[*series]
                    };
                    village.series[*series].as_ref().map_or(1.0, ratio).clamp(low, high)
                };
                (templates.iter().map(join).collect(), events.iter().map(follow).collect(), own)
            })
            .collect();
        let bits = |k: &usize| {
            let template = frame.templates[*k];
            (template.from..=template.to).fold(0, |bits, year| bits | 1 << year)
        };
        Self {
            joins: rows.iter().flat_map(|row| row.0.iter().copied()).collect(),
            follows: rows.iter().flat_map(|row| row.1.iter().copied()).collect(),
            own: rows.iter().map(|row| row.2).collect(),
            years: templates.iter().map(bits).collect(),
            event_years: events.iter().map(|(_, shape)| 1 << frame.shapes[*shape].year).collect(),
            templates,
            events,
            rho: options.rho,
            event: options.event,
        }
    }

    fn join(&self, village: usize, template: usize) -> f64 {
        self.joins[village * self.templates.len() + template]
    }

    fn follow(&self, village: usize, event: usize) -> f64 {
        self.follows[village * self.events.len() + event]
    }

    /// Sums a group's evidence; `None` where fewer than two members can take part.
    pub(crate) fn sum(&self, group: &Group) -> Option<Summed> {
        let shapes = self.templates.len();
        let mut summed = Summed {
            joint: vec![0.0; shapes],
            single: vec![0.0; shapes],
            count: vec![0; shapes],
            events: vec![0.0; self.events.len()],
            ring: vec![f64::NEG_INFINITY; shapes],
            honest: 0.0,
        };
        for member in &group.members {
            let village = member.village as usize;
            for k in 0..shapes {
                if self.years[k] & !member.years == 0 {
                    let a = self.join(village, k);
                    summed.joint[k] += a.ln_1p();
                    summed.single[k] += a;
                    summed.count[k] += 1;
                }
            }
            for j in 0..self.events.len() {
                if self.event_years[j] & member.years != 0 {
                    let follow = self.follow(village, j) / self.own[village];
                    summed.events[j] += (1.0 - self.rho + self.rho * follow).ln();
                }
            }
        }
        for k in 0..shapes {
            if summed.count[k] >= 2 {
                let pairs = ln_pairs(summed.joint[k], summed.single[k]);
                summed.ring[k] = self.nobody(summed.count[k]) + pairs;
            }
        }
        summed.honest = self.honest(&summed.events);
        summed.ring.iter().any(|ln| ln.is_finite()).then_some(summed)
    }

    /// Logarithm of the prior that nobody takes part, over the prior that at least two do.
    fn nobody(&self, count: usize) -> f64 {
        let n = count as f64;
        let nobody = (n * (1.0 - self.rho).ln()).exp();
        let one = n * self.rho / (1.0 - self.rho) * nobody;
        nobody.ln() - (1.0 - nobody - one).ln()
    }

    fn honest(&self, events: &[f64]) -> f64 {
        let each = (self.event / events.len().max(1) as f64).ln();
        let terms: Vec<f64> = events.iter().map(|ln| ln + each).collect();
        ln_add(0.0, ln_sum(&terms))
    }

    /// Logarithm of the odds of a ring at rate 1, templates alike.
    pub(crate) fn ln_odds(&self, summed: &Summed) -> f64 {
        ln_sum(&summed.ring) - (summed.ring.len() as f64).ln() - summed.honest
    }

    /// True where the group changes nobody's probability.
    pub(crate) fn quiet(&self, summed: &Summed, rate: f64) -> bool {
        let bound = |k: usize| self.nobody(summed.count[k].max(2)) + summed.joint[k];
        let most = (0..summed.ring.len()).map(bound).fold(f64::NEG_INFINITY, f64::max);
        rate.ln() + most < QUIET.0.ln() && summed.honest < QUIET.1
    }

    /// What the group tells about one member, exactly, the member itself left out.
    pub(crate) fn tell(
        &self,
        summed: &Summed,
        member: (usize, u64),
        rate: f64,
        improper: f64,
    ) -> Told {
        let (village, years) = member;
        let shapes = self.templates.len();
        let each = rate.ln() - (shapes as f64).ln();
        let (mut inside, mut outside) =
            (vec![f64::NEG_INFINITY; shapes], Vec::with_capacity(shapes));
        for k in (0..shapes).filter(|k| summed.count[*k] >= 2) {
            let nobody = each + self.nobody(summed.count[k]);
            if self.years[k] & !years == 0 {
                let a = self.join(village, k);
                let joint = (summed.joint[k] - a.ln_1p()).max(0.0);
                let others = (summed.single[k] - a).max(0.0);
                let takes = (self.rho / (1.0 - self.rho)).ln();
                inside[k] = nobody + takes + ln_expm1(joint);
                outside.push(nobody + ln_pairs(joint, others));
            } else {
                outside.push(each + summed.ring[k]);
            }
        }
        let each = (self.event / self.events.len().max(1) as f64).ln();
        let (mut with, mut without) = (Vec::new(), Vec::new());
        for j in 0..self.events.len() {
            let (mut before, mut follows) = (summed.events[j] + each, 0.0);
            if self.event_years[j] & years != 0 {
                let bare = self.follow(village, j);
                before -= (1.0 - self.rho + self.rho * bare / self.own[village]).ln();
                follows = (1.0 - self.rho + self.rho * bare).ln();
            }
            without.push(before);
            with.push(before + follows);
        }
        let outside = ln_sum(&outside);
        let honest = ln_add(ln_add(0.0, ln_sum(&with)), outside);
        let alone = ln_add(ln_add(0.0, ln_sum(&without)), outside);
        let odds = inside.iter().map(|ln| (ln - honest).exp() / (1.0 - improper)).collect();
        Told { odds, own: (alone - honest).exp() }
    }

    /// Probability that a member takes part, given a ring of a template, and what it adds to the evidence.
    pub(crate) fn part(&self, summed: &Summed, member: (usize, u64), k: usize) -> (f64, f64) {
        if self.years[k] & !member.1 != 0 {
            return (0.0, 0.0);
        }
        let a = self.join(member.0, k);
        let joint = (summed.joint[k] - a.ln_1p()).max(0.0);
        let pairs = ln_pairs(summed.joint[k], summed.single[k]);
        let p = (a.ln() + ln_expm1(joint) - pairs).exp().clamp(0.0, 1.0);
        (p, ((1.0 - self.rho) * (1.0 + a)).ln())
    }
}

/// Honest events that a whole group may share.
fn competing(frame: &Frame, series: usize) -> Vec<(usize, usize)> {
    use HonestKind::{LateEnrolment, RealStep, RealYear};
    let shared = |kind| matches!(kind, RealStep | RealYear | LateEnrolment);
    let shapes: Vec<usize> =
        (0..frame.shapes.len()).filter(|j| shared(frame.shapes[*j].kind)).collect();
    (0..series).flat_map(|s| shapes.iter().map(move |j| (s, *j))).collect()
}

/// Rates of rings per tie by expectation and maximisation over its groups.
pub(crate) fn learn_rates(
    case: &Case<'_>,
    evidence: &[VillageEvidence],
    weights: &Weights,
    frame: &Frame,
    options: &Options,
    parameters: &mut Parameters,
) {
    let table = Table::new(evidence, weights, frame, options);
    for (tie, rate) in TIES.into_iter().zip(&mut parameters.rings) {
        let groups: Vec<&Group> = case.groups.iter().filter(|g| g.tie == tie).collect();
        let odds: Vec<f64> = groups
            .par_iter()
            .filter_map(|group| table.sum(group).map(|summed| table.ln_odds(&summed)))
            .collect();
        for _ in 0..options.iterations {
            let found: f64 = odds.iter().map(|ln| sigmoid(ln + rate.rate.ln())).sum();
            let (rings, base) = options.ring_pseudo;
            let next = (found + rings) / (odds.len() as f64 + base);
            let moved = (next - rate.rate).abs();
            rate.rate = next;
            if moved < options.tolerance {
                break;
            }
        }
    }
}

/// ln(eˣ − 1 − s) for x = Σ ln(1+a), s = Σ a.
fn ln_pairs(joint: f64, single: f64) -> f64 {
    if joint > 30.0 {
        return joint + (-(1.0 + single) * (-joint).exp()).ln_1p();
    }
    (joint.exp_m1() - single).max(0.0).ln()
}

/// ln(eˣ − 1), x ≥ 0.
fn ln_expm1(x: f64) -> f64 {
    if x > 30.0 { x } else { x.exp_m1().ln() }
}

/// ln(eˣ + eʸ).
pub(crate) fn ln_add(x: f64, y: f64) -> f64 {
    let (low, high) = if x < y { (x, y) } else { (y, x) };
    if low == f64::NEG_INFINITY { high } else { high + (low - high).exp().ln_1p() }
}

/// ln Σ eˣ.
pub(crate) fn ln_sum(terms: &[f64]) -> f64 {
    let high = terms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if high == f64::NEG_INFINITY {
        return high;
    }
    high + terms.iter().map(|x| (x - high).exp()).sum::<f64>().ln()
}

/// 1 / (1 + e⁻ˣ).
pub(crate) fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}
