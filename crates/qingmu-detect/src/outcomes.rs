//! From inspections to weights: outcomes beside the evidence that was there when they were selected.

use crate::error::DetectError;
use crate::model_file::ModelFile;
use crate::places::number;
use crate::run::{Options, run};
use qingmu_fusion::learning::{
    CountyFactor, Drift, Evidence, Learned, Outcome, Weights, county_factors, drift, update,
};
use qingmu_fusion::{Fusion, Options as Constants};
use qingmu_input::InputSet;
use qingmu_input::outcomes::{OutcomeRow, Verdict};
use qingmu_model::{Beliefs, Project};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What outcomes taught, as it stands in `model.json`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Taught {
    /// Weights of the schemes, under their version.
    pub weights: Weights,
    /// Factors of counties in which an honest reason was found.
    pub counties: Vec<CountyFactor>,
}

/// An update and what it rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct Update {
    /// The model with the new weights; with the old ones where too few outcomes spoke.
    pub model: ModelFile,
    /// What moved.
    pub learned: Learned,
    /// Outcomes that could be set beside evidence.
    pub used: usize,
    /// Inspections without a result.
    pub insufficient: usize,
    /// Village-years that this run could not assess: village and year.
    pub not_assessed: Vec<(String, i16)>,
    /// Control outcomes under the weights before and after.
    pub drift: Option<(Drift, Drift)>,
}

impl Taught {
    /// Factor on the odds of a county's villages: all its reasons together.
    fn factor(&self, county: u32) -> f64 {
        self.counties.iter().filter(|f| f.county == county).map(|f| f.factor).product()
    }

    /// Tempers a run.
    pub(crate) fn apply(
        &self,
        fusion: &mut Fusion,
        counties: &[u32],
        improper: f64,
        constants: &Constants,
    ) {
        let factor = |village: u32| self.factor(counties[village as usize]);
        qingmu_fusion::learning::reweigh(fusion, &self.weights, factor, improper, constants);
    }
}

/// Learns weights from outcomes of a run that `model` scored.
///
/// The run is done again with the frozen model and without what earlier outcomes taught: what was fused is always the
/// prior, so the same outcomes give the same weights. All outcomes so far belong into the table, not only the new ones.
///
/// # Errors
/// As [`run`], and [`DetectError::Outcome`] for a row that cannot be learned from.
pub fn learn_from(
    input: &InputSet,
    project: &Project,
    (mut model, threads): (ModelFile, usize),
    rows: &[OutcomeRow],
) -> Result<Update, DetectError> {
    let before = model.taught.take().unwrap_or_default();
    let options = Options { threads, model: Some(model.clone()) };
    let detection = run(input, project, &options)?;
    let seen = Seen::new(&detection.fusion, &detection.beliefs, model.parameters.improper);
    let (mut outcomes, mut insufficient, mut not_assessed) = (Vec::new(), 0, Vec::new());
    for row in one_each(rows)? {
        if row.verdict == Verdict::Insufficient {
            insufficient += 1;
        } else if let Some(evidence) = seen.evidence(&row.village, row.year) {
            let confirmed = row.verdict == Verdict::Confirmed;
            let county = number(project.region.peer_of(&row.village));
            outcomes.push(Outcome {
                evidence,
                confirmed,
                inclusion: row.inclusion,
                control: row.control,
                county,
                reason: row.cause.as_deref().filter(|_| !confirmed).map(str::to_owned),
            });
        } else {
            not_assessed.push((row.village.to_string(), row.year));
        }
    }
    let (weights, learned) =
        update(&before.weights, &outcomes).map_err(|e| DetectError::Outcome(e.to_string()))?;
    let pair = |(before, after)| Some((before?, after?));
    let drift = pair((drift(&before.weights, &outcomes), drift(&weights, &outcomes)));
    model.taught = match learned {
        Learned::Nothing { .. } => Some(before).filter(|b| b.weights.version > 0),
        _ => Some(Taught { weights, counties: county_factors(&outcomes) }),
    };
    let used = outcomes.len();
    Ok(Update { model, learned, used, insufficient, not_assessed, drift })
}

/// One outcome per village-year, in order: a row given twice is one, two that disagree are refused.
fn one_each(rows: &[OutcomeRow]) -> Result<Vec<&OutcomeRow>, DetectError> {
    let mut found: BTreeMap<(&Arc<str>, i16), &OutcomeRow> = BTreeMap::new();
    for row in rows {
        let first = found.entry((&row.village, row.year)).or_insert(row);
        if *first != row {
            let (village, year) = (&row.village, row.year);
            return Err(DetectError::Outcome(format!(
                "{village} in {year} has two different outcomes; keep one of them"
            )));
        }
    }
    Ok(found.into_values().collect())
}

/// Evidence of a run's village-years.
struct Seen<'a> {
    beliefs: &'a Beliefs,
    listed: BTreeMap<(usize, i16), Evidence>,
    improper: f64,
}

impl<'a> Seen<'a> {
    fn new(fusion: &Fusion, beliefs: &'a Beliefs, improper: f64) -> Self {
        let year = |y: u32| beliefs.first_year + i16::try_from(y).unwrap_or_default();
        let listed = fusion.village_years.iter().map(|found| {
            ((found.village as usize, year(found.year)), Evidence::of(found, improper))
        });
        Self { beliefs, listed: listed.collect(), improper }
    }

    /// What spoke against a village-year; nothing of one that was assessed and not listed, `None` of one that was not.
    fn evidence(&self, village: &str, year: i16) -> Option<Evidence> {
        self.beliefs.get(village, year)?;
        let place = self.beliefs.villages.binary_search_by(|code| (**code).cmp(village)).ok()?;
        let nothing =
            Evidence { x: [0.0; qingmu_fusion::learning::Channel::COUNT], improper: self.improper };
        Some(self.listed.get(&(place, year)).copied().unwrap_or(nothing))
    }
}
