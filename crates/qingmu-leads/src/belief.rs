//! What the model says, looked up by village and year, and what follows for grade, score and priority.
//!
//! Where the model has assessed a village-year, its probability is the score and the rules add reasons, facts and
//! grade. Where it has not (payments without baselines, no history), the rules' own score stands.

use qingmu_model::{AssessedRing, Assessment, Belief, Beliefs, DataError, Grade, Yuan};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Probability from which a village-year is listed at all.
const LISTED: f64 = 0.02;
/// Probability from which a village-year is a lead by itself.
const LEAD: f64 = 0.5;
/// Probability from which a village-year with a hit of its own joins a ring of two or more that are leads themselves.
const POOLED: f64 = 0.25;
/// Probability and false-discovery rate of a strong lead (E1).
const STRONG: (f64, f64) = (0.9, 0.1);
/// Highest score of a village-year that a tested honest explanation clears.
const CLEARED: f64 = 49.99;
/// Share of an excess that is recovered once found, until outcomes teach another (statistics.md 5.5).
const RECOVERED: f64 = 0.8;
/// Days of an inspection: for the town, for each village, and claims that a day covers.
const DAYS: (f64, f64, f64) = (0.5, 1.0, 200.0);

/// What the model says of a run.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Assessed {
    /// Village-years above the probability from which they are told in full.
    pub villages: Vec<Assessment>,
    /// Rings.
    pub rings: Vec<AssessedRing>,
    /// Every village-year, in short.
    pub beliefs: Arc<Beliefs>,
    /// Slips in claim rows: a fact that one of them explains makes no lead.
    pub slips: Vec<DataError>,
}

/// [`Assessed`] by village and year.
pub(crate) struct Index<'a> {
    all: &'a Assessed,
    villages: BTreeMap<(&'a str, i16), &'a Assessment>,
}

impl<'a> Index<'a> {
    pub(crate) fn new(all: &'a Assessed) -> Self {
        let key = |a: &'a Assessment| ((a.village_code.as_str(), a.year), a);
        Self { all, villages: all.villages.iter().map(key).collect() }
    }

    pub(crate) fn get(&self, village: &str, year: i16) -> Option<&'a Assessment> {
        self.villages.get(&(village, year)).copied()
    }

    /// In short, for village-years too improbable to be told in full as well.
    pub(crate) fn belief(&self, village: &str, year: i16) -> Option<&'a Belief> {
        self.all.beliefs.get(village, year)
    }

    pub(crate) fn is_assessed(&self, village: &str, year: i16) -> bool {
        self.get(village, year).is_some() || self.belief(village, year).is_some()
    }

    /// Village-years that are listed whatever rules say.
    pub(crate) fn listed(&self) -> impl Iterator<Item = &'a Assessment> {
        self.all.villages.iter().filter(|a| a.p_ring >= LISTED)
    }

    pub(crate) fn rings(&self) -> &'a [AssessedRing] {
        &self.all.rings
    }

    /// Score of a village-year, 0–100; `None` where the model has not assessed it.
    pub(crate) fn score(&self, village: &str, year: i16) -> Option<f64> {
        let told = self.get(village, year);
        let p = told.map(|a| a.p_ring).or_else(|| Some(self.belief(village, year)?.p_ring))?;
        // Four decimals: the first hundred of a province may differ in the third only.
        let score = (p * 1_000_000.0).round() / 10_000.0;
        let cleared = told.is_some_and(|a| a.cleared_by().is_some());
        Some(if cleared { score.min(CLEARED) } else { score })
    }

    /// Whether the model alone makes a lead of it.
    pub(crate) fn is_lead(&self, village: &str, year: i16) -> bool {
        self.get(village, year).is_some_and(|a| grade(a) < Grade::E3)
    }

    /// Whether a village-year below the threshold may be pooled into a ring.
    pub(crate) fn may_join(&self, village: &str, year: i16) -> bool {
        self.get(village, year)
            .is_some_and(|a| a.p_ring >= POOLED && !a.history_only && a.cleared_by().is_none())
    }
}

/// Grade that the model alone gives.
pub(crate) fn grade(assessment: &Assessment) -> Grade {
    let Assessment { p_ring, q_ring, history_only, .. } = *assessment;
    if p_ring < LEAD || history_only || assessment.cleared_by().is_some() {
        Grade::E3
    } else if p_ring >= STRONG.0 && q_ring <= STRONG.1 {
        Grade::E1
    } else {
        Grade::E2
    }
}

/// Grade of a probable ring.
pub(crate) fn ring_grade(ring: &AssessedRing) -> Grade {
    if ring.p >= STRONG.0 && ring.q <= STRONG.1 { Grade::E1 } else { Grade::E2 }
}

/// Expected recoverable yuan per day of inspecting these village-years in one visit to their town.
pub(crate) fn priority(parts: &[&Assessment]) -> Option<f64> {
    let yuan = |a: &&Assessment| a.expected_yuan.map(Yuan::to_f64);
    let expected: Vec<f64> = parts.iter().filter_map(yuan).collect();
    if expected.is_empty() {
        return None;
    }
    let (town, village, claims) = DAYS;
    let days = |a: &&Assessment| village + f64::from(a.claims) / claims;
    let days = town + parts.iter().map(days).sum::<f64>();
    let per_day = RECOVERED * expected.iter().sum::<f64>() / days;
    Some((per_day * 100.0).round() / 100.0)
}
