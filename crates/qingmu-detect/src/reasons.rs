//! What else the data show of a lead, in words: the land budget and the tests of invented figures. Reasons only; none
//! of it is in the probability (amendment B7).

use crate::assessments::Told;
use qingmu_deviation::Source;
use qingmu_fusion::Posterior;
use qingmu_model::Bilingual;

/// Crops that hold land against grain.
const COMPETING: &str = "vegetable";
/// Fall of vegetables below which they count as not reduced, as a share.
const STEADY: f64 = 0.02;
/// Rise of grain from which the line is worth reading, as a share.
const RISE: f64 = 0.05;
/// Chance below which a test of invented figures is told.
const ODD: f64 = 0.01;

pub(crate) fn notes(told: &Told<'_>, found: &Posterior) -> Vec<Bilingual> {
    land_budget(told, found).into_iter().chain(fabrication(told, found)).collect()
}

/// Middle of the values; `None` for none.
pub(crate) fn middle(mut values: Vec<f64>) -> Option<f64> {
    values.sort_unstable_by(f64::total_cmp);
    let n = values.len();
    let (low, high) = (values.get(n.checked_sub(1)? / 2)?, values.get(n / 2)?);
    Some(low + (high - low) / 2.0)
}

/// Vegetables were not reduced and grain rose: in mu, from the years before the excess to this one.
fn land_budget(told: &Told<'_>, found: &Posterior) -> Option<Bilingual> {
    let (village, year) = (found.village as usize, found.year as usize);
    let from = found.span?.from;
    let built = &told.built[found.series? as usize];
    let years = told.frame.years;
    let claimed = &built.panel.claimed[village * years..(village + 1) * years];
    let now = claimed[year]?;
    let before = middle(claimed[..from].iter().flatten().copied().collect())?;
    if from == 0 || now < (1.0 + RISE) * before {
        return None;
    }
    let vegetables = told.baselines.yearly(village, COMPETING);
    let independent = |s: &&(bool, Vec<Option<f64>>)| s.0;
    let change = |values: &Vec<Option<f64>>| {
        let before = middle(values[..from].iter().flatten().copied().collect())?;
        Some((before, values[year]?))
    };
    let seen: Vec<(f64, f64)> =
        vegetables.iter().filter(independent).filter_map(|s| change(&s.1)).collect();
    let first = middle(seen.iter().map(|s| s.0).collect())?;
    let last = middle(seen.iter().map(|s| s.1).collect())?;
    if first <= 0.0 || last < (1.0 - STEADY) * first {
        return None;
    }
    let (y, rise) = (told.frame.year(year), now - before);
    Some(Bilingual::new(
        format!(
            "用地账：菜地 {first:.1} → {last:.1} 亩，没有减少；粮食申报 {before:.1} → {now:.1} 亩，增加 {rise:.1} 亩（{y} 年与此前年份的中位数比）。多出的粮食种在哪里？"
        ),
        format!(
            "Land budget: vegetables {first:.1} to {last:.1} mu, not reduced; grain claimed {before:.1} to {now:.1} mu, {rise:.1} mu more ({y} against the median of the years before). On which land?"
        ),
    ))
}

/// Tests of invented figures that are odd enough to be told.
fn fabrication(told: &Told<'_>, found: &Posterior) -> Vec<Bilingual> {
    let all = &told.evidence.fabrication;
    let place = all.binary_search_by_key(&(found.village, found.year), |f| (f.village, f.year));
    let Some(here) = place.ok().map(|at| &all[at]) else { return Vec::new() };
    here.tests.iter().filter(|t| t.p <= ODD).map(|t| t.say.clone()).collect()
}

/// Independent sources of a panel.
pub(crate) fn independent(sources: &[Source]) -> impl Iterator<Item = &Source> {
    sources.iter().filter(|s| s.independent)
}
