//! Rates and weights by expectation and maximisation over all villages of the run, without labels.

use crate::case::Case;
use crate::evidence::{Frame, Terms, VillageEvidence, Weights, gather};
use crate::options::Options;
use crate::parameters::{
    COUNTED, HONEST_PRIOR, KindRate, Parameters, SeriesParameters, kind_index,
};
use crate::twin::shared;
use crate::{FusionError, ring};
use qingmu_deviation::{HonestKind, Template};
use rayon::prelude::*;

/// Villages summed in one go; fixed, so that rounding does not depend on the number of threads.
const BATCH: usize = 256;

/// Least rate of a village's series doing nothing.
const LEAST_BASE: f64 = 0.05;

/// Learns every rate and weight from the case itself.
///
/// Upward honest shapes take the rate of their downward twin, which no scheme can produce. The share of improper
/// villages is shrunk by a pseudo-count, so that clean or small runs end near none.
///
/// # Errors
/// [`FusionError`] where the case's arrays do not fit together.
pub fn learn(case: &Case<'_>, options: &Options) -> Result<Parameters, FusionError> {
    case.check()?;
    let frame = Frame::new(case.years);
    let evidence = gather(case, &frame, options);
    let names: Vec<&str> = case.series.iter().map(|s| s.name).collect();
    let mut parameters = Parameters::prior(case.years, &names);
    parameters.villages = evidence.iter().filter(|e| e.any()).count();
    for iteration in 1..=options.iterations {
        let weights = Weights::new(case, &parameters, &frame, options)?;
        let tally = expect(&evidence, &weights, &frame);
        let next = maximise(&tally, &parameters, &frame, options);
        let moved = change(&parameters, &next);
        parameters = next;
        parameters.iterations = iteration;
        if moved < options.tolerance {
            break;
        }
    }
    let weights = Weights::new(case, &parameters, &frame, options)?;
    ring::learn_rates(case, &evidence, &weights, &frame, options, &mut parameters);
    Ok(parameters)
}

/// Expected counts.
#[derive(Debug, Clone)]
struct Tally {
    villages: f64,
    improper: f64,
    templates: Vec<f64>,
    level: Vec<f64>,
    source: Vec<f64>,
    counted: [f64; COUNTED.len()],
    /// Per series and honest kind.
    kinds: Vec<[f64; HONEST_PRIOR.len()]>,
    /// Per series and upward honest kind the improper villages of the very same shape.
    alike: Vec<[f64; HONEST_PRIOR.len()]>,
}

impl Tally {
    fn new(series: usize, templates: usize) -> Self {
        let none = vec![[0.0; HONEST_PRIOR.len()]; series];
        Self {
            villages: 0.0,
            improper: 0.0,
            templates: vec![0.0; templates],
            level: vec![0.0; series],
            source: vec![0.0; series],
            counted: [0.0; COUNTED.len()],
            alike: none.clone(),
            kinds: none,
        }
    }

    fn add(&mut self, other: &Self) {
        self.villages += other.villages;
        self.improper += other.improper;
        let pairs = [
            (&mut self.templates[..], &other.templates[..]),
            (&mut self.level, &other.level),
            (&mut self.source, &other.source),
            (&mut self.counted, &other.counted),
        ];
        for (mine, theirs) in pairs {
            mine.iter_mut().zip(theirs).for_each(|(a, b)| *a += b);
        }
        let kinds = self.kinds.iter_mut().zip(&other.kinds);
        for (mine, theirs) in kinds.chain(self.alike.iter_mut().zip(&other.alike)) {
            mine.iter_mut().zip(theirs).for_each(|(a, b)| *a += b);
        }
    }

    /// Adds one village.
    fn village(
        &mut self,
        village: &VillageEvidence,
        terms: &Terms,
        odds: &[f64],
        w: &Weights,
        frame: &Frame,
    ) {
        let series = village.series.len();
        let total: f64 = odds.iter().zip(&terms.factor).map(|(o, f)| o * f).sum();
        let norm = 1.0 / (1.0 + total);
        self.villages += 1.0;
        self.improper += total * norm;
        for (k, sum) in self.templates.iter_mut().enumerate() {
            *sum += odds[k] * terms.factor[k] * norm;
        }
        let scheme = |at: usize| {
            let sum: f64 = odds.iter().zip(&terms.schemes[at]).map(|(o, x)| o * x).sum();
            sum * terms.weights[at] * norm
        };
        for at in 0..series {
            let (level, source) = (scheme(at), scheme(series + at));
            self.level[at] += level;
            self.source[at] += source;
            for (k, template) in frame.templates.iter().enumerate() {
                if let Some(kind) = honest_like(template, frame.years) {
                    let factor = terms.schemes[at][k] * terms.weights[at];
                    self.alike[at][kind_index(kind)] += odds[k] * factor * norm;
                }
            }
            let Some(evidence) = &village.series[at] else { continue };
            let honest = (1.0 - level - source).max(0.0) / terms.mixture[at];
            for ((shape, x), rate) in frame.shapes.iter().zip(&evidence.honest).zip(&w.shapes[at]) {
                self.kinds[at][kind_index(shape.kind)] += honest * x * rate;
            }
        }
        for (at, counts) in village.counted.iter().enumerate() {
            let family = COUNTED.iter().position(|f| *f == counts.family);
            if let Some(family) = family {
                self.counted[family] += scheme(2 * series + at);
            }
        }
    }
}

fn expect(evidence: &[VillageEvidence], weights: &Weights, frame: &Frame) -> Tally {
    let odds = weights.prior_odds();
    let empty = || Tally::new(weights.level.len(), weights.templates.len());
    let batch = |villages: &[VillageEvidence]| {
        let (mut tally, mut terms) = (empty(), Terms::default());
        for village in villages.iter().filter(|v| v.any()) {
            village.terms(weights, &mut terms);
            tally.village(village, &terms, &odds, weights, frame);
        }
        tally
    };
    let tallies: Vec<Tally> = evidence.par_chunks(BATCH).map(batch).collect();
    let mut sum = empty();
    for tally in &tallies {
        sum.add(tally);
    }
    sum
}

fn maximise(tally: &Tally, old: &Parameters, frame: &Frame, options: &Options) -> Parameters {
    let prior =
        Parameters::prior(old.years, &old.series.iter().map(|s| &*s.name).collect::<Vec<_>>());
    let (found, base) = options.village_pseudo;
    let shapes = options.template_pseudo;
    let schemes = options.scheme_pseudo;
    let whole =
        tally.level.iter().chain(&tally.source).chain(&tally.counted).sum::<f64>() + schemes;
    let weight = |count: f64, prior: f64| (count + schemes * prior) / whole;
    let mut next = old.clone();
    next.improper = (tally.improper + found) / (tally.villages + base);
    let total = tally.improper + shapes * tally.templates.len() as f64;
    next.templates = tally.templates.iter().map(|n| (n + shapes) / total).collect();
    for (at, series) in next.series.iter_mut().enumerate() {
        series.level = weight(tally.level[at], prior.series[at].level);
        series.level_source = weight(tally.source[at], prior.series[at].level_source);
        let counts = counts(tally, at, options.honest_pseudo);
        let total = tally.kinds[at].iter().sum::<f64>() + options.honest_pseudo;
        honest_rates(series, &counts, total, frame);
    }
    for (at, counted) in next.counted.iter_mut().enumerate() {
        counted.weight = weight(tally.counted[at], prior.counted[at].weight);
    }
    next
}

/// The upward honest kind whose shape a template has; fraud that ended within the record has none.
fn honest_like(template: &Template, years: usize) -> Option<HonestKind> {
    match template {
        t if t.ramp => Some(HonestKind::RampUp),
        t if t.constant(years) => Some(HonestKind::ConstantHigh),
        t if t.from == t.to => Some(HonestKind::YearHigh),
        t if t.to + 1 == years => Some(HonestKind::StepUp),
        _ => None,
    }
}

/// Expected honest villages of each kind; upward kinds have the rate that both directions tell.
fn counts(tally: &Tally, at: usize, pseudo: f64) -> [f64; HONEST_PRIOR.len()] {
    let (kinds, alike) = (&tally.kinds[at], &tally.alike[at]);
    let with = |kind: usize, more: f64| kinds[kind] + more + pseudo * HONEST_PRIOR[kind].1;
    let mut counts = [0.0; HONEST_PRIOR.len()];
    for (up, (kind, _)) in HONEST_PRIOR.iter().enumerate() {
        counts[up] = kind
            .twin()
            .map_or(with(up, 0.0), |twin| shared(with(kind_index(twin), 0.0), with(up, alike[up])));
    }
    counts
}

/// Rates of honest kinds; doing nothing has the rest.
fn honest_rates(series: &mut SeriesParameters, counts: &[f64], total: f64, frame: &Frame) {
    let rate = |kind: HonestKind| counts[kind_index(kind)] / total;
    let known = |kind: HonestKind| frame.shapes.iter().any(|s| s.kind == kind);
    let mut rates: Vec<KindRate> = Vec::with_capacity(HONEST_PRIOR.len());
    for (kind, _) in HONEST_PRIOR {
        let rate = if kind == HonestKind::Base || !known(kind) { 0.0 } else { rate(kind) };
        rates.push(KindRate { kind, rate });
    }
    let others: f64 = rates.iter().map(|r| r.rate).sum();
    let shrink = if others > 1.0 - LEAST_BASE { (1.0 - LEAST_BASE) / others } else { 1.0 };
    for rate in &mut rates {
        rate.rate *= shrink;
    }
    rates[0].rate = 1.0 - others * shrink;
    series.honest = rates;
}

fn change(old: &Parameters, new: &Parameters) -> f64 {
    let numbers = |p: &Parameters| {
        let mut all = vec![p.improper];
        all.extend(&p.templates);
        for series in &p.series {
            all.extend([series.level, series.level_source]);
            all.extend(series.honest.iter().map(|k| k.rate));
        }
        all.extend(p.counted.iter().map(|w| w.weight));
        all
    };
    let pairs = numbers(old).into_iter().zip(numbers(new));
    pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}
