//! Scoring: one village at a time against a frozen model.

use crate::config::Config;
use crate::copies::merge_copies;
use crate::evidence::{Scale, Score};
use crate::fit::{Delta, SourceFit, VillageFit};
use crate::gauss::{Joint, Shift};
use crate::model::Model;
use crate::panel::Panel;
use crate::shape::{HonestKind, HonestShape, Template, honest_shapes, templates};
use crate::variance::Variances;
use crate::village::{Match, Village};
use crate::weights::{Juries, Odd, reweigh};
use rayon::prelude::*;
use std::ops::Range;

/// Scores every village of a panel against a frozen model, in the order of `panel.places`.
///
/// Each village's result depends on its own row and the model alone. `None`: nothing can be said (no claims, or
/// claims of a single year and no baseline). A value that [`Panel::check`] refuses counts as missing; columns of a wrong
/// length, or constants that [`Config::check`] refuses, give `None` throughout.
#[must_use]
pub fn assess(panel: &Panel, model: &Model, config: &Config) -> Vec<Option<VillageFit>> {
    assess_range(panel, model, config, 0..panel.places.len())
}

/// As [`assess`] for some villages only, so that a caller need not hold all results at once.
#[must_use]
pub fn assess_range(
    panel: &Panel,
    model: &Model,
    config: &Config,
    villages: Range<usize>,
) -> Vec<Option<VillageFit>> {
    if !panel.has_shape() || config.check().is_err() || villages.end > panel.places.len() {
        return vec![None; villages.len()];
    }
    let shapes = Shapes::of(panel.years);
    let known = Match::of(panel, model, config);
    villages
        .into_par_iter()
        .map_init(
            || Scorer::new(panel, model, config, &known),
            |scorer, v| {
                scorer.prepare(v, |_| ());
                scorer.score(&shapes)
            },
        )
        .collect()
}

/// Shapes of a panel in canonical order.
pub(crate) struct Shapes {
    templates: Vec<Template>,
    honest: Vec<HonestShape>,
}

impl Shapes {
    pub(crate) fn of(years: usize) -> Self {
        Self { templates: templates(years), honest: honest_shapes(years) }
    }
}

/// Room and rules for scoring one village after another.
pub(crate) struct Scorer<'a> {
    panel: &'a Panel,
    model: &'a Model,
    config: &'a Config,
    known: &'a Match,
    pub(crate) village: Village,
    pub(crate) variances: Variances,
    pub(crate) joint: Joint,
    juries: Juries,
    shift: Shift,
    scores: Vec<Score>,
}

impl<'a> Scorer<'a> {
    pub(crate) fn new(
        panel: &'a Panel,
        model: &'a Model,
        config: &'a Config,
        known: &'a Match,
    ) -> Self {
        let (years, sources) = (panel.years, panel.sources.len());
        Self {
            panel,
            model,
            config,
            known,
            village: Village::new(years, sources),
            variances: Variances::new(years, sources),
            joint: Joint::new(years, sources + 1),
            juries: Juries::of(&panel.sources),
            shift: Shift::new(years),
            scores: Vec::new(),
        }
    }

    /// Reads, centres and weighs the cells of a village, ready for [`Scorer::score`].
    pub(crate) fn prepare(&mut self, v: usize, odd: impl FnMut(Odd)) {
        let place = self.panel.places[v];
        self.village.read(self.panel, v, self.known.until, self.config);
        self.village.centre(self.panel, v, self.model, self.known, self.config);
        merge_copies(&mut self.village, place.county, self.model, self.known);
        let (village, model) = (&self.village, self.model);
        self.variances.fill(village, place.prefecture, model, self.known, self.config);
        reweigh(village, &self.juries, &mut self.variances, &mut self.joint, self.config, odd);
    }

    /// Weighs the prepared village; `None` where nothing can be said.
    pub(crate) fn score(&mut self, shapes: &Shapes) -> Option<VillageFit> {
        let (village, variances) = (&self.village, &self.variances);
        let series = (0..=self.panel.sources.len()).map(|a| variances.series(village, a));
        let walk = self.config.walk_factor * variances.walk;
        if !self.joint.solve(series, walk, self.config.level_variance) {
            return None;
        }
        let claims = (0..self.panel.years).filter(|t| self.joint.observed(0, *t)).count();
        let enough = claims >= 2 || (claims == 1 && self.joint.cells > 1);
        enough.then(|| self.weigh(shapes)).flatten()
    }

    /// Solves the law of the claims alone, for [`Joint::left_out`]; false where that fails.
    pub(crate) fn solve_history(&mut self) -> bool {
        let series = std::iter::once(self.variances.series(&self.village, 0));
        let walk = self.config.walk_factor * self.variances.walk;
        self.joint.solve(series, walk, self.config.level_variance)
    }

    fn weigh(&mut self, shapes: &Shapes) -> Option<VillageFit> {
        let (nu, cells) = (self.config.scale_nu, self.joint.cells as f64);
        let scale = Scale { nu, cells, squares: self.joint.squares.max(0.0) };
        let claims = self.joint.observed_years(0);
        self.joint.shift(&[0], &mut self.shift);
        self.scores.clear();
        self.scores.extend(shapes.templates.iter().map(|t| self.shift.score(t)));
        let (ln_bf, ln_bf_mirror, delta) = self.excesses(shapes, scale, &claims);
        let honest = self.honest(shapes, scale);
        let mut with_source = Vec::new();
        for (b, source) in self.panel.sources.iter().enumerate() {
            let both: Vec<bool> =
                (0..claims.len()).map(|t| claims[t] && self.joint.observed(b + 1, t)).collect();
            if source.independent || !both.contains(&true) {
                continue;
            }
            self.joint.shift(&[0, b + 1], &mut self.shift);
            self.scores.clear();
            self.scores.extend(shapes.templates.iter().map(|t| self.shift.score(t)));
            let (ln_bf, _, delta) = self.excesses(shapes, scale, &both);
            with_source.push(SourceFit { source: b, ln_bf, delta });
        }
        let baseline_cells = self.joint.cells - claims.iter().filter(|c| **c).count();
        let fit = VillageFit { ln_bf, ln_bf_mirror, delta, with_source, honest, baseline_cells };
        fit.is_sound().then_some(fit)
    }

    /// Evidence for every template and its mirror, and the size, from the scores at hand.
    fn excesses(
        &self,
        shapes: &Shapes,
        scale: Scale,
        years: &[bool],
    ) -> (Vec<f64>, Vec<f64>, Vec<Delta>) {
        let mean = self.config.mean_excess;
        let stands = |t: &Template| years[t.from..=t.to].contains(&true);
        let evidence = |(t, s): (&Template, Score)| {
            if stands(t) { scale.soften(s.one_sided(mean)) } else { f64::NEG_INFINITY }
        };
        let pairs = || shapes.templates.iter().zip(self.scores.iter().copied());
        (
            pairs().map(evidence).collect(),
            pairs().map(|(t, s)| evidence((t, s.mirror()))).collect(),
            self.scores.iter().map(|s| s.posterior(mean)).collect(),
        )
    }

    /// Evidence for every honest shape against nothing; the scores at hand are those of the claims alone.
    fn honest(&self, shapes: &Shapes, scale: Scale) -> Vec<f64> {
        let (years, config) = (self.panel.years, self.config);
        // Canonical order of the templates: segments by first and last year, then ramps.
        let segment = |from: usize, to: usize| {
            self.scores[from * years - from * from.saturating_sub(1) / 2 + to - from]
        };
        let ramp = |from: usize| self.scores[years * (years + 1) / 2 + from];
        let last = years.saturating_sub(1);
        let up = |score: Score| score.one_sided(config.mean_honest);
        let one = |shape: &HonestShape| {
            let year = shape.year;
            match shape.kind {
                HonestKind::Base => 0.0,
                HonestKind::RealStep => self.joint.real_step(year).two_sided(config.real_step_sd),
                HonestKind::RealYear => self.joint.real_year(year).two_sided(config.real_year_sd),
                HonestKind::LateEnrolment => up(segment(0, year - 1).mirror()),
                HonestKind::YearLow => up(segment(year, year).mirror()),
                HonestKind::YearHigh => up(segment(year, year)),
                HonestKind::ConstantLow => up(segment(0, last).mirror()),
                HonestKind::ConstantHigh => up(segment(0, last)),
                HonestKind::StepDown => up(segment(year, last).mirror()),
                HonestKind::StepUp => up(segment(year, last)),
                HonestKind::RampDown => up(ramp(year).mirror()),
                HonestKind::RampUp => up(ramp(year)),
            }
        };
        shapes.honest.iter().map(|shape| scale.soften(one(shape))).collect()
    }
}
