//! One village's evidence in a form that an iteration of the estimate only multiplies and adds.

use crate::FusionError;
use crate::case::Case;
use crate::counted::{SchemeCounts, by_village};
use crate::options::Options;
use crate::parameters::{COUNTED, Parameters};
use qingmu_deviation::{HonestShape, Template, VillageFit, honest_shapes, templates};
use qingmu_model::Family;
use rayon::prelude::*;

/// Largest Bayes factor that is told apart from a larger one.
const LARGEST: f64 = 1e80;

/// One series of one village, every number times the same unknown factor.
#[derive(Debug, Clone)]
pub(crate) struct SeriesEvidence {
    pub(crate) level: Vec<f64>,
    /// Empty without a locally written source.
    pub(crate) source: Vec<f64>,
    pub(crate) honest: Vec<f64>,
    /// Logarithm of the common factor taken out.
    pub(crate) scale: f64,
}

/// One village.
#[derive(Debug, Clone)]
pub(crate) struct VillageEvidence {
    pub(crate) series: Vec<Option<SeriesEvidence>>,
    pub(crate) counted: Vec<SchemeCounts>,
    /// `ln_segment` of each counted scheme and template, as a plain factor.
    factors: Vec<Vec<f64>>,
}

/// Shapes and templates of a record, and the years of each template.
pub(crate) struct Frame {
    pub(crate) years: usize,
    pub(crate) templates: Vec<Template>,
    pub(crate) shapes: Vec<HonestShape>,
}

/// Parameters laid out for the arithmetic, series in the order of the case.
pub(crate) struct Weights {
    pub(crate) improper: f64,
    pub(crate) templates: Vec<f64>,
    pub(crate) level: Vec<f64>,
    pub(crate) source: Vec<f64>,
    pub(crate) shapes: Vec<Vec<f64>>,
    pub(crate) counted: [f64; COUNTED.len()],
    pub(crate) level_cap: f64,
}

/// Bayes factors of one village against its honest mixture, schemes by templates, and their weighted sum.
#[derive(Debug, Clone, Default)]
pub(crate) struct Terms {
    /// Schemes: levels of each series, levels with source of each series, then the village's counted schemes.
    pub(crate) schemes: Vec<Vec<f64>>,
    /// Weight of each scheme.
    pub(crate) weights: Vec<f64>,
    /// Σ weight · factor per template.
    pub(crate) factor: Vec<f64>,
    /// Honest mixture of each series (in its own scale); 1 without a fit.
    pub(crate) mixture: Vec<f64>,
}

impl Frame {
    pub(crate) fn new(years: usize) -> Self {
        Self { years, templates: templates(years), shapes: honest_shapes(years) }
    }
}

impl Weights {
    /// # Errors
    /// [`FusionError::UnknownSeries`] for a series without parameters.
    pub(crate) fn new(
        case: &Case<'_>,
        parameters: &Parameters,
        frame: &Frame,
        options: &Options,
    ) -> Result<Self, FusionError> {
        let mut weights = Self {
            improper: parameters.improper.min(0.5),
            templates: parameters.templates.clone(),
            level: Vec::new(),
            source: Vec::new(),
            shapes: Vec::new(),
            counted: COUNTED.map(|family| parameters.weight(family)),
            level_cap: options.level_cap.exp(),
        };
        for series in &case.series {
            let found = parameters.series.iter().find(|s| s.name == series.name);
            let found = found.ok_or_else(|| FusionError::UnknownSeries(series.name.to_owned()))?;
            weights.level.push(found.level);
            weights.source.push(found.level_source);
            weights.shapes.push(found.shape_rates(&frame.shapes));
        }
        Ok(weights)
    }

    pub(crate) fn counted_weight(&self, family: Family) -> f64 {
        COUNTED.iter().position(|f| *f == family).map_or(0.0, |at| self.counted[at])
    }

    /// Prior odds of each template against an honest village.
    pub(crate) fn prior_odds(&self) -> Vec<f64> {
        let odds = self.improper / (1.0 - self.improper);
        self.templates.iter().map(|share| odds * share).collect()
    }
}

/// Evidence of every village of a case, in its order.
pub(crate) fn gather(case: &Case<'_>, frame: &Frame, options: &Options) -> Vec<VillageEvidence> {
    let mut counted = by_village(case.counted, case.villages(), case.years, options);
    let ready = counted.par_iter_mut().enumerate().map(|(village, counted)| {
        let counted = std::mem::take(counted);
        let series = case.series.iter().map(|s| s.fits[village].as_ref().map(condense)).collect();
        VillageEvidence::new(series, counted, frame, options)
    });
    ready.collect()
}

fn condense(fit: &VillageFit) -> SeriesEvidence {
    let sources = fit.with_source.iter().flat_map(|source| &source.ln_bf);
    let all = fit.ln_bf.iter().chain(&fit.honest).chain(sources);
    let scale = all.copied().fold(f64::NEG_INFINITY, f64::max);
    let scale = if scale.is_finite() { scale } else { 0.0 };
    let plain = |ln: &f64| (ln - scale).exp();
    let mut source = Vec::new();
    if !fit.with_source.is_empty() {
        let each = 1.0 / fit.with_source.len() as f64;
        source = vec![0.0; fit.ln_bf.len()];
        for one in &fit.with_source {
            source.iter_mut().zip(&one.ln_bf).for_each(|(sum, ln)| *sum += each * plain(ln));
        }
    }
    SeriesEvidence {
        level: fit.ln_bf.iter().map(plain).collect(),
        source,
        honest: fit.honest.iter().map(plain).collect(),
        scale,
    }
}

impl SeriesEvidence {
    /// Honest mixture; never 0, so that ratios stay finite.
    pub(crate) fn mixture(&self, rates: &[f64]) -> f64 {
        let sum: f64 = self.honest.iter().zip(rates).map(|(x, rate)| x * rate).sum();
        sum.max(1.0 / LARGEST)
    }
}

impl VillageEvidence {
    fn new(
        series: Vec<Option<SeriesEvidence>>,
        counted: Vec<SchemeCounts>,
        frame: &Frame,
        options: &Options,
    ) -> Self {
        let absent = options.counted_clip.0;
        let row = |scheme: &SchemeCounts| {
            frame.templates.iter().map(|t| scheme.ln_segment(t, absent).exp()).collect()
        };
        let factors = counted.iter().map(row).collect();
        Self { series, counted, factors }
    }

    /// Anything at all to go by.
    pub(crate) fn any(&self) -> bool {
        !self.counted.is_empty() || self.series.iter().any(Option::is_some)
    }

    /// Bayes factors under given weights, written over `terms`. A series without a fit neither accuses nor clears.
    pub(crate) fn terms(&self, weights: &Weights, terms: &mut Terms) {
        let (count, series) = (weights.templates.len(), self.series.len());
        terms.schemes.resize(2 * series + self.counted.len(), Vec::new());
        terms.schemes.iter_mut().for_each(|row| row.resize(count, 0.0));
        terms.weights.clear();
        terms.weights.extend_from_slice(&weights.level);
        terms.weights.extend_from_slice(&weights.source);
        terms.weights.extend(self.counted.iter().map(|c| weights.counted_weight(c.family)));
        terms.mixture.clear();
        for (at, evidence) in self.series.iter().enumerate() {
            let mixture = evidence.as_ref().map_or(1.0, |e| e.mixture(&weights.shapes[at]));
            terms.mixture.push(mixture);
            if let Some(e) = evidence {
                ratios(&e.level, mixture, &mut terms.schemes[at]);
                ratios(&e.source, mixture, &mut terms.schemes[series + at]);
            } else {
                terms.schemes[at].fill(1.0);
                terms.schemes[series + at].fill(1.0);
            }
        }
        for (at, scheme) in self.counted.iter().enumerate() {
            let (before, rest) = terms.schemes.split_at_mut(2 * series + at);
            for (k, factor) in rest[0].iter_mut().enumerate() {
                *factor = self.factors[at][k];
                if scheme.raises_level() {
                    let level = before[..series].iter().map(|row| row[k]).fold(1.0, f64::max);
                    *factor *= level.min(weights.level_cap);
                }
            }
        }
        terms.sum();
    }
}

impl Terms {
    fn sum(&mut self) {
        self.factor.clear();
        self.factor.resize(self.schemes.first().map_or(0, Vec::len), 0.0);
        for (row, weight) in self.schemes.iter().zip(&self.weights) {
            self.factor.iter_mut().zip(row).for_each(|(sum, x)| *sum += weight * x);
        }
    }
}

fn ratios(numbers: &[f64], mixture: f64, row: &mut [f64]) {
    row.fill(0.0);
    row.iter_mut().zip(numbers).for_each(|(ratio, x)| *ratio = (x / mixture).min(LARGEST));
}
