//! The claims beside what each source lets expect of them.

use crate::assessments::Told;
use qingmu_deviation::{Expectation, expectations};
use qingmu_model::{Estimate, Expected, Mu};

fn mu(value: f64) -> Option<Mu> {
    Mu::from_f64(value).map(|(mu, _)| mu)
}

/// Everything that a series lets expect of a village, by year and source.
pub(crate) fn of_series(told: &Told<'_>, series: usize, village: usize) -> Vec<Expectation> {
    let (built, model) = (&told.built[series], &told.models[series]);
    expectations(&built.panel, model, told.config, village)
}

/// One expectation in the words of the domain.
pub(crate) fn expected(
    told: &Told<'_>,
    series: usize,
    village: usize,
    found: &Expectation,
) -> Expected {
    let built = &told.built[series];
    let source = found.source.and_then(|s| built.panel.sources.get(s));
    let claimed = built.panel.claimed[village * told.frame.years + found.year];
    let range = mu(found.expected).zip(mu(found.lo)).zip(mu(found.hi));
    Expected {
        programme: built.plan.programme.clone(),
        group: built.plan.group.clone(),
        source: source.map_or_else(|| "history".to_owned(), |s| s.name.clone()),
        year: told.frame.year(found.year),
        independent: source.is_none_or(|s| s.independent),
        claimed: claimed.and_then(mu),
        given: found.given.and_then(mu),
        expected: range.map(|((median, lo), hi)| Estimate { median, lo, hi }),
        z: found.z.filter(|z| z.is_finite()),
    }
}
