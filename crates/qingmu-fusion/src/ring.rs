//! Rings: members of a group rise together, beyond what the group shares for honest reasons.
//!
//! Ring hypothesis (group g, template k, size): each member takes part independently with probability ρ, and at
//! least two do. With a = ρ/(1−ρ) · BF/H, where H = 1 + Σ odds of the member on its own (so that a ring competes
//! with separate schemes and not only with honesty), sums over all subsets are products: Σ_S = Π(1+a), and without
//! the empty set and the singles Π(1+a) − 1 − Σa. Honest rivals: a shift of the group's claims ([`crate::shift`]),
//! over whose posterior the ring's evidence is averaged, and one event (real change of planting, late enrolment,
//! a bias of the sources in all years) that each member follows with probability ρ.

use crate::case::{Case, Group, GroupMember};
use crate::evidence::{Frame, VillageEvidence, Weights};
use crate::options::Options;
use crate::parameters::{Parameters, SeriesSpread, TIES};
use crate::shift;
use crate::table::{Row, Table};
use rayon::prelude::*;

/// Below these a group changes no village's probability by anything that is shown.
const QUIET: (f64, f64) = (2e-3, 1e-2);
/// A rate of rings that is hardly ever exceeded.
const MANY: f64 = 0.02;

impl Summed {
    /// Logarithm of the odds of a ring, shapes alike, at given rates of rings and of honest events.
    pub(crate) fn ln_odds(&self, rate: f64, event: f64) -> f64 {
        rate.ln() + self.evidence() - self.honest(event)
    }

    /// Logarithm of the evidence of a ring of any shape.
    fn evidence(&self) -> f64 {
        ln_sum(&self.ring) - (self.ring.len() as f64).ln()
    }

    /// Logarithm of the weight of no ring: 1 and the events.
    pub(crate) fn honest(&self, event: f64) -> f64 {
        ln_add(0.0, self.event(event))
    }

    /// Logarithm of the weight of any event.
    fn event(&self, rate: f64) -> f64 {
        ln_sum(&self.events) + ln_event(rate, self.events.len())
    }
}

/// Logarithm of the rate of each of so many events.
fn ln_event(rate: f64, events: usize) -> f64 {
    (rate / events.max(1) as f64).ln()
}

/// What all groups of one tie have in common.
pub(crate) struct Tie {
    /// Rate of rings.
    pub(crate) rate: f64,
    /// Rate of honest events of a whole group.
    pub(crate) event: f64,
    /// Standard deviation of the shift, plain templates by series.
    pub(crate) spread: Vec<f64>,
}

/// One group, summed.
#[derive(Debug, Clone)]
pub(crate) struct Summed {
    /// Per plain template: points of the shift with the logarithm of their posterior weight if nobody takes part.
    points: Vec<Vec<(f64, f64)>>,
    /// Σ ln(1+a) and Σ a per shape and point.
    joint: Vec<Vec<f64>>,
    single: Vec<Vec<f64>>,
    /// Members that can take part, per plain template.
    count: Vec<usize>,
    /// Logarithm of each event's evidence.
    events: Vec<f64>,
    /// Logarithm of the ring's evidence per shape, at least two taking part.
    pub(crate) ring: Vec<f64>,
}

/// Σ ln(1+a) and Σ a at every point of the shift.
type Sums = (Vec<f64>, Vec<f64>);

/// What a group tells about one member.
#[derive(Debug, Clone)]
pub(crate) struct Told {
    /// Odds per plain template that it takes part against that it is honest, its own evidence included.
    pub(crate) odds: Vec<f64>,
    /// Factor on its odds of being improper on its own: below 1 where an honest event of the group explains it.
    pub(crate) own: f64,
}

impl Table {
    /// Sums a group's evidence; `None` where fewer than two members can take part. Without a spread nothing is
    /// shared, which is the quick look; with one, templates that the quick look finds hopeless are left out.
    pub(crate) fn sum(&self, group: &Group, known: Option<(&[f64], &Summed)>) -> Option<Summed> {
        let kinds = self.kinds();
        let mut summed = Summed {
            points: Vec::with_capacity(self.plain.len()),
            joint: Vec::with_capacity(self.shapes()),
            single: Vec::with_capacity(self.shapes()),
            count: vec![0; self.plain.len()],
            events: vec![0.0; self.events.len()],
            ring: Vec::with_capacity(self.shapes()),
        };
        for p in 0..self.plain.len() {
            let hope =
                known.is_none_or(|(_, quick)| self.bound(quick, p) + MANY.ln() > QUIET.0.ln());
            let spread =
                known.map_or(&[][..], |(all, _)| &all[p * self.series..(p + 1) * self.series]);
            let mut points = shift::points(spread);
            let mut sums = vec![(vec![0.0; points.len()], vec![0.0; points.len()]); kinds];
            let takes = |m: &&GroupMember| hope && self.years[p] & !m.years == 0;
            for member in group.members.iter().filter(takes) {
                summed.count[p] += 1;
                self.add(member.village as usize, p, spread, (&mut points, &mut sums));
            }
            normalise(&mut points);
            for (joint, single) in sums {
                let pairs = |i: usize| points[i].1 + ln_pairs(joint[i], single[i]);
                let pairs: Vec<f64> = (0..points.len()).map(pairs).collect();
                let enough = summed.count[p] >= 2;
                let ring = if enough {
                    self.nobody(summed.count[p]) + ln_sum(&pairs)
                } else {
                    f64::NEG_INFINITY
                };
                summed.ring.push(ring);
                summed.joint.push(joint);
                summed.single.push(single);
            }
            summed.points.push(points);
        }
        for member in &group.members {
            let row = &self.rows[member.village as usize];
            for j in (0..self.events.len()).filter(|j| self.event_years[*j] & member.years != 0) {
                summed.events[j] += self.ln_follow(row.follows[j] / row.own);
            }
        }
        summed.ring.iter().any(|ln| ln.is_finite()).then_some(summed)
    }

    /// Adds one member at every point of the shift.
    fn add(
        &self,
        village: usize,
        p: usize,
        spread: &[f64],
        (points, sums): (&mut [(f64, f64)], &mut [Sums]),
    ) {
        let row = &self.rows[village];
        let kinds = self.kinds();
        for (i, point) in points.iter_mut().enumerate() {
            let mut add = |joins: &[f64]| {
                for (sum, a) in sums.iter_mut().zip(joins) {
                    sum.0[i] += a.ln_1p();
                    sum.1[i] += a;
                }
            };
            if spread.is_empty() || !row.any {
                add(&row.joins[p * kinds..(p + 1) * kinds]);
            } else {
                let shift: Vec<f64> = spread.iter().map(|sd| sd * point.0).collect();
                let shifted = self.shifted(row, p, &shift);
                point.1 += shifted.ln_base;
                add(&shifted.joins);
            }
        }
    }

    fn ln_follow(&self, factor: f64) -> f64 {
        (1.0 - self.rho + self.rho * factor).ln()
    }

    /// Logarithm of the prior that nobody takes part, over the prior that at least two do.
    fn nobody(&self, count: usize) -> f64 {
        let n = count as f64;
        let nobody = (n * (1.0 - self.rho).ln()).exp();
        let one = n * self.rho / (1.0 - self.rho) * nobody;
        nobody.ln() - (1.0 - nobody - one).ln()
    }

    /// More than the evidence of any ring of a template, by the quick look.
    fn bound(&self, quick: &Summed, p: usize) -> f64 {
        let kinds = p * self.kinds()..(p + 1) * self.kinds();
        let most =
            quick.joint[kinds].iter().map(|joint| joint[0]).fold(f64::NEG_INFINITY, f64::max);
        self.nobody(quick.count[p].max(2)) + most
    }

    /// True where the group changes nobody's probability, by the quick look.
    pub(crate) fn quiet(&self, quick: &Summed, rate: f64, event: f64) -> bool {
        let most =
            (0..self.plain.len()).map(|p| self.bound(quick, p)).fold(f64::NEG_INFINITY, f64::max);
        rate.ln() + most < QUIET.0.ln() && quick.honest(event) < QUIET.1
    }

    /// What the group tells about one member: exact, the member's own evidence counted once.
    pub(crate) fn tell(
        &self,
        summed: &Summed,
        member: (usize, u64),
        tie: &Tie,
        improper: f64,
    ) -> Told {
        let (village, years) = member;
        let (row, kinds) = (&self.rows[village], self.kinds());
        let each = tie.rate.ln() - (summed.ring.len() as f64).ln();
        let each_event = ln_event(tie.event, summed.events.len());
        let (mut inside, mut outside) = (vec![Vec::new(); self.plain.len()], Vec::new());
        for p in (0..self.plain.len()).filter(|p| summed.ring[p * kinds].is_finite()) {
            let shapes = p * kinds..(p + 1) * kinds;
            if self.years[p] & !years != 0 {
                outside.extend(summed.ring[shapes].iter().map(|ln| each + ln));
                continue;
            }
            let nobody = each + self.nobody(summed.count[p]);
            for (i, point) in summed.points[p].iter().enumerate() {
                for (h, a) in shapes.clone().zip(self.joins_at(summed, row, p, point.0, tie)) {
                    let joint = (summed.joint[h][i] - a.ln_1p()).max(0.0);
                    let single = (summed.single[h][i] - a).max(0.0);
                    inside[p].push(nobody + point.1 + a.ln() + row.own.ln() + ln_expm1(joint));
                    outside.push(nobody + point.1 + ln_pairs(joint, single));
                }
            }
        }
        let (mut with, mut without) = (Vec::new(), Vec::new());
        for (j, ln) in summed.events.iter().enumerate() {
            let (mut before, mut follows) = (ln + each_event, 0.0);
            if self.event_years[j] & years != 0 {
                before -= self.ln_follow(row.follows[j] / row.own);
                follows = self.ln_follow(row.follows[j]);
            }
            without.push(before);
            with.push(before + follows);
        }
        let outside = ln_sum(&outside);
        let honest = ln_add(ln_add(0.0, ln_sum(&with)), outside);
        let alone = ln_add(ln_add(0.0, ln_sum(&without)), outside);
        let odds = inside.iter().map(|ln| (ln_sum(ln) - honest).exp() / (1.0 - improper));
        Told { odds: odds.collect(), own: (alone - honest).exp() }
    }

    /// a per size at one point of the shift.
    fn joins_at(&self, summed: &Summed, row: &Row, p: usize, point: f64, tie: &Tie) -> Vec<f64> {
        if summed.points[p].len() == 1 || !row.any {
            return row.joins[p * self.kinds()..(p + 1) * self.kinds()].to_vec();
        }
        let spread = &tie.spread[p * self.series..(p + 1) * self.series];
        let shift: Vec<f64> = spread.iter().map(|sd| sd * point).collect();
        self.shifted(row, p, &shift).joins
    }

    /// Probability that a member takes part, given a ring of a shape, and what it adds to the evidence.
    pub(crate) fn part(
        &self,
        summed: &Summed,
        member: (usize, u64),
        h: usize,
        tie: &Tie,
    ) -> (f64, f64) {
        let (p, kind) = (h / self.kinds(), h % self.kinds());
        if self.years[p] & !member.1 != 0 {
            return (0.0, 0.0);
        }
        let row = &self.rows[member.0];
        let (mut takes, mut adds, mut all) = (Vec::new(), Vec::new(), Vec::new());
        for (i, point) in summed.points[p].iter().enumerate() {
            let a = self.joins_at(summed, row, p, point.0, tie)[kind];
            let joint = (summed.joint[h][i] - a.ln_1p()).max(0.0);
            let pairs = point.1 + ln_pairs(summed.joint[h][i], summed.single[h][i]);
            takes.push(point.1 + a.ln() + ln_expm1(joint));
            adds.push(pairs + ((1.0 - self.rho) * (1.0 + a)).ln());
            all.push(pairs);
        }
        let total = ln_sum(&all);
        let p = (ln_sum(&takes) - total).exp().clamp(0.0, 1.0);
        (p, ln_sum(&adds) - total)
    }
}

/// Ties as parameters have them, laid out for the table.
pub(crate) fn tie(table: &Table, case: &Case<'_>, parameters: &Parameters, at: usize) -> Tie {
    let found = parameters.rings.iter().find(|r| r.tie == case.groups[at].tie);
    let mut spread = vec![0.0; table.plain.len() * table.series];
    for (s, series) in case.series.iter().enumerate() {
        let own =
            found.and_then(|tie| tie.shared.iter().find(|shared| shared.series == series.name));
        for (p, k) in table.plain.iter().enumerate() {
            spread[p * table.series + s] =
                own.and_then(|own| own.sd.get(*k)).copied().unwrap_or(0.0);
        }
    }
    let (rate, event) = found.map_or((1e-9, 1e-9), |tie| (tie.rate, tie.event));
    Tie { rate, event, spread }
}

/// Rates of rings per tie by expectation and maximisation over its groups, after what they share is measured.
pub(crate) fn learn_rates(
    case: &Case<'_>,
    evidence: &[VillageEvidence],
    weights: &Weights,
    frame: &Frame,
    options: &Options,
    parameters: &mut Parameters,
) {
    let table = Table::new(case, evidence, weights, frame, options);
    for (tie, learned) in TIES.into_iter().zip(&mut parameters.rings) {
        let groups: Vec<&Group> = case.groups.iter().filter(|g| g.tie == tie).collect();
        let spread = shift::spread(&table, &groups);
        learned.shared.clear();
        for (s, series) in case.series.iter().enumerate().filter(|_| !groups.is_empty()) {
            let mut sd = vec![0.0; frame.templates.len()];
            for (p, k) in table.plain.iter().enumerate() {
                sd[*k] = spread[p * table.series + s];
            }
            learned.shared.push(SeriesSpread { series: series.name.to_owned(), sd });
        }
        let looks: Vec<Look> =
            groups.par_iter().filter_map(|group| look(&table, group, &spread, options)).collect();
        learned.event = options.event;
        for _ in 0..options.iterations {
            let (mut rings, mut events) =
                (options.ring_pseudo.0, options.event * options.event_pseudo);
            for look in &looks {
                let (ring, event) = look.shares(learned.rate, learned.event);
                rings += ring;
                events += event;
            }
            let n = looks.len() as f64;
            let next = (rings / (n + options.ring_pseudo.1), events / (n + options.event_pseudo));
            let moved = (next.0 - learned.rate).abs().max((next.1 - learned.event).abs());
            (learned.rate, learned.event) = next;
            if moved < options.tolerance {
                break;
            }
        }
    }
}

/// Logarithms of the evidence of one group for a ring, and for an honest event at rate 1.
struct Look {
    ring: f64,
    event: f64,
}

impl Look {
    /// Probabilities of a ring and of an event.
    fn shares(&self, rate: f64, event: f64) -> (f64, f64) {
        let (ring, event) = (self.ring + rate.ln(), self.event + event.ln());
        let all = ln_add(ln_add(0.0, event), ring);
        ((ring - all).exp(), (event - all).exp())
    }
}

/// Full look only where the quick one is not quiet at any rate that could be learned.
fn look(table: &Table, group: &Group, spread: &[f64], options: &Options) -> Option<Look> {
    let mut summed = table.sum(group, None)?;
    if !table.quiet(&summed, MANY, options.event) {
        summed = table.sum(group, Some((spread, &summed)))?;
    }
    Some(Look { ring: summed.evidence(), event: summed.event(1.0) })
}

fn normalise(points: &mut [(f64, f64)]) {
    let all: Vec<f64> = points.iter().map(|point| point.1).collect();
    let total = ln_sum(&all);
    for point in points {
        point.1 -= total;
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
