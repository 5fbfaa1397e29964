//! One village: its years' probabilities, shares, money.

use crate::case::Case;
use crate::evidence::{Frame, SeriesEvidence, Terms, VillageEvidence, Weights};
use crate::fusion::Posterior;
use crate::money::{Amount, material, summarise};
use crate::options::Options;
use crate::ring::Told;
use qingmu_deviation::{Delta, HonestShape, VillageFit};
use qingmu_model::{Family, FamilyShare};

/// A scheme in a template, as one year sees it.
struct Part {
    scheme: usize,
    family: Family,
    template: usize,
    /// Odds without and with what groups tell, times the probability that it is material in the year.
    odds: f64,
    ring_odds: f64,
    /// Prior share of the template times Bayes factor.
    factor: f64,
    mu: Option<Amount>,
    yuan: Option<Amount>,
}

/// Everything that one village's posterior needs.
pub(crate) struct Scene<'a> {
    pub(crate) case: &'a Case<'a>,
    pub(crate) frame: &'a Frame,
    pub(crate) weights: &'a Weights,
    pub(crate) options: &'a Options,
    /// Prior odds per template.
    pub(crate) odds: &'a [f64],
    /// Templates of rings, as positions among all.
    pub(crate) ring_templates: &'a [usize],
}

impl Scene<'_> {
    /// Posteriors of the village's years that are worth listing.
    pub(crate) fn village(
        &self,
        village: usize,
        evidence: &VillageEvidence,
        terms: &Terms,
        told: Option<&Told>,
    ) -> Vec<Posterior> {
        let ring_odds = self.ring_odds(&terms.factor, told);
        let total = |odds: &[f64]| odds.iter().zip(&terms.factor).map(|(o, f)| o * f).sum::<f64>();
        let (all, ring_all) = (1.0 + total(self.odds), 1.0 + total(&ring_odds));
        if 1.0 - 1.0 / all < self.options.listed && 1.0 - 1.0 / ring_all < self.options.listed {
            return Vec::new();
        }
        let one = One { village, evidence, terms, ring_odds, all, ring_all };
        (0..self.frame.years).filter_map(|year| self.year(&one, year)).collect()
    }

    /// Prior odds of each template where groups have spoken.
    fn ring_odds(&self, factor: &[f64], told: Option<&Told>) -> Vec<f64> {
        let Some(told) = told else { return self.odds.to_vec() };
        let mut odds: Vec<f64> = self.odds.iter().map(|odds| odds * told.own).collect();
        // Told odds hold the village's own evidence: taken out again, they are prior odds like the rest.
        for (k, more) in self.ring_templates.iter().zip(&told.odds) {
            if factor[*k] > 0.0 {
                odds[*k] += more / factor[*k];
            }
        }
        odds
    }

    fn year(&self, one: &One<'_>, year: usize) -> Option<Posterior> {
        let parts = self.parts(one, year);
        let p = parts.iter().map(|part| part.odds).sum::<f64>() / one.all;
        let p_ring = parts.iter().map(|part| part.ring_odds).sum::<f64>() / one.ring_all;
        let (p, p_ring) = (p.clamp(0.0, 1.0), p_ring.clamp(0.0, 1.0));
        if p.max(p_ring) < self.options.listed {
            return None;
        }
        let money = |amount: fn(&Part) -> Option<Amount>| {
            let known: Vec<(f64, Amount)> =
                parts.iter().filter_map(|part| Some((part.ring_odds, amount(part)?))).collect();
            let weight: f64 = known.iter().map(|(weight, _)| weight).sum();
            // Where most of the belief has no rate, an amount of the rest would mislead.
            (2.0 * weight >= p_ring * one.ring_all).then(|| summarise(&known)).flatten()
        };
        let yuan = money(|part| part.yuan);
        let series = self.speaking(one, &parts);
        Some(Posterior {
            village: index(one.village),
            year: index(year),
            p,
            p_ring,
            q: 1.0,
            q_ring: 1.0,
            excess_mu: money(|part| part.mu).map(|(estimate, _)| estimate),
            excess_yuan: yuan.map(|(estimate, _)| estimate),
            mean_yuan: yuan.map(|(_, mean)| mean),
            span: self.span(&parts),
            series: series.map(index),
            families: self.families(&parts, one, year, p),
            honest: series.map_or_else(Vec::new, |at| self.honest(one, at, p)),
            ring: None,
        })
    }

    fn parts(&self, one: &One<'_>, year: usize) -> Vec<Part> {
        let series = self.case.series.len();
        let mut parts = Vec::new();
        for k in
            (0..self.frame.templates.len()).filter(|k| self.frame.templates[*k].height(year) > 0.0)
        {
            for at in 0..series {
                let Some(fit) = &self.case.series[at].fits[one.village] else { continue };
                self.level(one, (at, Family::Level, k, year), fit.delta[k], 1.0, &mut parts);
                let shares = source_shares(fit, k);
                for (source, share) in fit.with_source.iter().zip(shares) {
                    let scheme = (series + at, Family::LevelSource, k, year);
                    self.level(one, scheme, source.delta[k], share, &mut parts);
                }
            }
            for at in 0..one.evidence.counted.len() {
                self.counted(one, (2 * series + at, k, year), &mut parts);
            }
        }
        parts
    }

    /// Adds a scheme that raises the claims of one series.
    fn level(
        &self,
        one: &One<'_>,
        (scheme, family, k, year): (usize, Family, usize, usize),
        delta: Delta,
        share: f64,
        parts: &mut Vec<Part>,
    ) {
        let series = &self.case.series[scheme % self.case.series.len()];
        let cell = one.village * self.frame.years + year;
        let factor = share * one.terms.weights[scheme] * one.terms.schemes[scheme][k];
        let Some(claimed) = series.claimed[cell].filter(|mu| *mu > 0.0 && mu.is_finite()) else {
            return;
        };
        if factor <= 0.0 || !(delta.se > 0.0 && delta.se.is_finite() && delta.centre.is_finite()) {
            return;
        }
        let height = self.frame.templates[k].height(year);
        let least = -(-self.options.materiality).ln_1p() / height;
        let factor = factor * material(delta.centre, delta.se, least);
        let amount = |claimed: f64| Amount::Level {
            centre: delta.centre,
            se: delta.se * self.options.se_factor,
            height,
            least,
            claimed,
        };
        let rate = series.rate[cell].filter(|rate| *rate > 0.0 && rate.is_finite());
        parts.push(Part {
            scheme,
            family,
            template: k,
            odds: self.odds[k] * factor,
            ring_odds: one.ring_odds[k] * factor,
            factor: self.weights.templates[k] * factor,
            mu: Some(amount(claimed)),
            yuan: rate.map(|rate| amount(claimed * rate)),
        });
    }

    /// Adds a counted scheme.
    fn counted(
        &self,
        one: &One<'_>,
        (scheme, k, year): (usize, usize, usize),
        parts: &mut Vec<Part>,
    ) {
        let counts = &one.evidence.counted[scheme - 2 * self.case.series.len()];
        let template = &self.frame.templates[k];
        let factor = one.terms.weights[scheme] * one.terms.schemes[scheme][k];
        if factor <= 0.0 || !counts.active(template, year) {
            return;
        }
        let cell = one.village * self.frame.years + year;
        let rate = self.case.series.iter().find_map(|series| series.rate[cell]);
        let (mu, yuan) = counts.excess(template, year, rate);
        let amount = |value: f64| {
            Some(Amount::Counted { value, sd: self.options.counted_spread * value.max(0.0) })
        };
        parts.push(Part {
            scheme,
            family: counts.family,
            template: k,
            odds: self.odds[k] * factor,
            ring_odds: one.ring_odds[k] * factor,
            factor: self.weights.templates[k] * factor,
            mu: amount(mu),
            yuan: amount(yuan),
        });
    }

    fn span(&self, parts: &[Part]) -> Option<qingmu_deviation::Template> {
        let mut sums = vec![0.0; self.frame.templates.len()];
        for part in parts {
            sums[part.template] += part.ring_odds;
        }
        let best = (0..sums.len()).rev().max_by(|a, b| sums[*a].total_cmp(&sums[*b]))?;
        (sums[best] > 0.0).then(|| self.frame.templates[best])
    }

    /// Series whose level has most of the belief; without any, the one with a fit.
    fn speaking(&self, one: &One<'_>, parts: &[Part]) -> Option<usize> {
        let count = self.case.series.len();
        let sum = |at: usize| {
            let its = parts.iter().filter(|p| p.scheme < 2 * count && p.scheme % count == at);
            its.map(|part| part.odds).sum::<f64>()
        };
        let fitted = (0..count).filter(|at| one.evidence.series[*at].is_some());
        fitted.rev().max_by(|a, b| sum(*a).total_cmp(&sum(*b)))
    }

    fn families(&self, parts: &[Part], one: &One<'_>, year: usize, p: f64) -> Vec<FamilyShare> {
        let holds = |k: &usize| self.frame.templates[*k].height(year) > 0.0;
        let prior: f64 =
            (0..self.frame.templates.len()).filter(holds).map(|k| self.weights.templates[k]).sum();
        let mut families: Vec<Family> = parts.iter().map(|part| part.family).collect();
        families.sort_unstable();
        families.dedup();
        let mut shares: Vec<FamilyShare> = Vec::new();
        for family in families {
            let its = || parts.iter().filter(|part| part.family == family);
            let share = its().map(|part| part.odds).sum::<f64>() / one.all;
            let mut schemes: Vec<usize> = its().map(|part| part.scheme).collect();
            schemes.dedup();
            schemes.sort_unstable();
            schemes.dedup();
            let weight: f64 = schemes.iter().map(|s| one.terms.weights[*s]).sum();
            let factor = its().map(|part| part.factor).sum::<f64>();
            let ln_bf = (factor / (prior * weight)).ln();
            if share > 0.0 && ln_bf.is_finite() {
                shares.push(FamilyShare { family, share, ln_bf });
            }
        }
        // Rounding aside they already do; what is left out above has no share.
        let total: f64 = shares.iter().map(|share| share.share).sum();
        if total > 0.0 {
            for share in &mut shares {
                share.share *= p / total;
            }
        }
        shares.sort_by(|a, b| b.share.total_cmp(&a.share).then(a.family.cmp(&b.family)));
        shares
    }

    fn honest(&self, one: &One<'_>, series: usize, p: f64) -> Vec<(HonestShape, f64)> {
        let Some(SeriesEvidence { honest, .. }) = &one.evidence.series[series] else {
            return Vec::new();
        };
        let rates = &self.weights.shapes[series];
        let share = |j: usize| honest[j] * rates[j] / one.terms.mixture[series];
        let mut shares: Vec<(HonestShape, f64)> = (0..honest.len())
            .filter(|j| share(*j) >= 0.01)
            .map(|j| (self.frame.shapes[j], share(j) * (1.0 - p)))
            .collect();
        shares.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        shares
    }
}

/// One village's numbers on their way through its years.
struct One<'a> {
    village: usize,
    evidence: &'a VillageEvidence,
    terms: &'a Terms,
    ring_odds: Vec<f64>,
    all: f64,
    ring_all: f64,
}

/// Which of the locally written sources was raised, given that one was.
fn source_shares(fit: &VillageFit, k: usize) -> Vec<f64> {
    let high = fit.with_source.iter().map(|s| s.ln_bf[k]).fold(f64::NEG_INFINITY, f64::max);
    if high == f64::NEG_INFINITY {
        return vec![0.0; fit.with_source.len()];
    }
    let plain: Vec<f64> = fit.with_source.iter().map(|s| (s.ln_bf[k] - high).exp()).collect();
    let total: f64 = plain.iter().sum();
    plain.into_iter().map(|x| x / total).collect()
}

/// Villages and years are counted in 32 bits.
pub(crate) fn index(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
