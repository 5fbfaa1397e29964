//! What is learned from the whole run without labels, and frozen for scoring.

use crate::FusionError;
use qingmu_deviation::{HonestKind, HonestShape, templates};
use qingmu_model::{Family, RingTie};
use serde::{Deserialize, Serialize};

/// Rate of one kind of honest shape, all its years together.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct KindRate {
    /// Kind.
    pub kind: HonestKind,
    /// Share of honest villages.
    pub rate: f64,
}

/// One series.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SeriesParameters {
    /// Name.
    pub name: String,
    /// Weight of the scheme that raises its claims.
    pub level: f64,
    /// Weight of the scheme that raises its claims and a locally written source.
    pub level_source: f64,
    /// Rates of honest shapes; they sum to 1.
    pub honest: Vec<KindRate>,
}

/// Weight of a counted scheme.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct FamilyWeight {
    /// Scheme.
    pub family: Family,
    /// Weight.
    pub weight: f64,
}

/// Honest shift that the claims of a group share in one series.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SeriesSpread {
    /// Series.
    pub series: String,
    /// Standard deviation (log) per template, in the order of [`qingmu_deviation::templates`]; 0 where no ring is
    /// sought.
    pub sd: Vec<f64>,
}

/// Rate of rings among the groups of one tie, and what such groups share honestly.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TieRate {
    /// Tie.
    pub tie: RingTie,
    /// Share of groups with a ring.
    pub rate: f64,
    /// Share of groups with an honest event of the whole group.
    #[serde(default = "event")]
    pub event: f64,
    /// Honest shift by series.
    pub shared: Vec<SeriesSpread>,
}

/// What older parameters had for every tie.
const fn event() -> f64 {
    0.2
}

/// Learned rates and weights; with them frozen, fusing is a pure function of the case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Parameters {
    /// Years of the record.
    pub years: usize,
    /// Share of improper villages.
    pub improper: f64,
    /// Share of each template among them, in the order of [`qingmu_deviation::templates`].
    pub templates: Vec<f64>,
    /// Series; their scheme weights and those of [`Parameters::counted`] sum to 1.
    pub series: Vec<SeriesParameters>,
    /// Counted schemes.
    pub counted: Vec<FamilyWeight>,
    /// Rates of rings.
    pub rings: Vec<TieRate>,
    /// Villages they were learned from.
    pub villages: usize,
    /// Iterations taken.
    pub iterations: usize,
}

/// Schemes whose evidence is counted rows.
pub(crate) const COUNTED: [Family; 5] =
    [Family::Identity, Family::Duplicate, Family::Parcel, Family::Sum, Family::TopUp];

/// Ties in order.
pub(crate) const TIES: [RingTie; 4] =
    [RingTie::Town, RingTie::Approver, RingTie::Recorder, RingTie::Neighbours];

/// Prior rates of honest kinds, where few villages speak. Judgement: real changes and steps happen in a few of a
/// hundred villages over a record of some years.
pub(crate) const HONEST_PRIOR: [(HonestKind, f64); 12] = [
    (HonestKind::Base, 0.78),
    (HonestKind::RealStep, 0.05),
    (HonestKind::RealYear, 0.05),
    (HonestKind::LateEnrolment, 0.02),
    (HonestKind::YearLow, 0.02),
    (HonestKind::YearHigh, 0.02),
    (HonestKind::ConstantLow, 0.02),
    (HonestKind::ConstantHigh, 0.02),
    (HonestKind::StepDown, 0.01),
    (HonestKind::StepUp, 0.01),
    (HonestKind::RampDown, 0.01),
    (HonestKind::RampUp, 0.01),
];

/// Where a kind stands in [`HONEST_PRIOR`].
pub(crate) fn kind_index(kind: HonestKind) -> usize {
    HONEST_PRIOR.iter().position(|(other, _)| *other == kind).unwrap_or(0)
}

impl SeriesParameters {
    /// Rate of each shape: a kind's rate is spread evenly over its years, and kinds that a short record does not
    /// have give theirs to the rest.
    #[must_use]
    pub(crate) fn shape_rates(&self, shapes: &[HonestShape]) -> Vec<f64> {
        let rate = |kind| self.honest.iter().find(|k| k.kind == kind).map_or(0.0, |k| k.rate);
        let years = |kind| shapes.iter().filter(|s| s.kind == kind).count().max(1) as f64;
        let mut rates: Vec<f64> = shapes.iter().map(|s| rate(s.kind) / years(s.kind)).collect();
        let total: f64 = rates.iter().sum();
        if total > 0.0 {
            for rate in &mut rates {
                *rate /= total;
            }
        }
        rates
    }
}

impl Parameters {
    /// Before anything was learned.
    pub(crate) fn prior(years: usize, names: &[&str]) -> Self {
        let count = templates(years).len();
        // What raises a village's claims rarely stops at one programme: the first series, that of all of them, has half.
        let parts = names.len().saturating_sub(1);
        let share = |at: usize| match (at, parts) {
            (0, 0) => 1.0,
            (0, _) => 0.5,
            _ => 0.5 / parts as f64,
        };
        let honest = HONEST_PRIOR.map(|(kind, rate)| KindRate { kind, rate }).to_vec();
        let series = names.iter().enumerate().map(|(at, name)| SeriesParameters {
            name: (*name).to_owned(),
            level: 0.4 * share(at),
            level_source: 0.1 * share(at),
            honest: honest.clone(),
        });
        Self {
            years,
            improper: 0.005,
            templates: vec![1.0 / count as f64; count],
            series: series.collect(),
            counted: COUNTED.map(|family| FamilyWeight { family, weight: 0.1 }).to_vec(),
            rings: TIES
                .map(|tie| TieRate { tie, rate: 0.005, event: event(), shared: Vec::new() })
                .to_vec(),
            villages: 0,
            iterations: 0,
        }
    }

    /// Checks that frozen parameters, perhaps read from a file, are what scoring relies on.
    ///
    /// # Errors
    /// [`FusionError::BadParameter`] naming the first that is not.
    pub fn check(&self) -> Result<(), FusionError> {
        open("improper", self.improper)?;
        for (at, rate) in self.templates.iter().enumerate() {
            open(&format!("templates[{at}]"), *rate)?;
        }
        if self.templates.len() != templates(self.years).len() {
            let value = format!("a list of {}", self.templates.len());
            let what = "templates".to_owned();
            return Err(FusionError::BadParameter { what, value, range: "one per template" });
        }
        for series in &self.series {
            closed(&format!("{}.level", series.name), series.level)?;
            closed(&format!("{}.level_source", series.name), series.level_source)?;
            for kind in &series.honest {
                closed(&format!("{}.{:?}", series.name, kind.kind), kind.rate)?;
            }
            let base =
                series.honest.iter().find(|k| k.kind == HonestKind::Base).map_or(0.0, |k| k.rate);
            open(&format!("{}.Base", series.name), base)?;
        }
        for weight in &self.counted {
            closed(&format!("{:?}", weight.family), weight.weight)?;
        }
        for tie in &self.rings {
            open(&format!("{:?}", tie.tie), tie.rate)?;
            open(&format!("{:?}.event", tie.tie), tie.event)?;
            for sd in tie.shared.iter().flat_map(|shared| &shared.sd) {
                within(
                    &format!("{:?}.sd", tie.tie),
                    *sd,
                    (0.0..=10.0).contains(sd),
                    "within 0 and 10",
                )?;
            }
        }
        Ok(())
    }

    /// Weight of a counted scheme.
    pub(crate) fn weight(&self, family: Family) -> f64 {
        self.counted.iter().find(|w| w.family == family).map_or(0.0, |w| w.weight)
    }
}

fn open(what: &str, value: f64) -> Result<(), FusionError> {
    within(what, value, value > 0.0 && value <= 1.0, "above 0 and not above 1")
}

fn closed(what: &str, value: f64) -> Result<(), FusionError> {
    within(what, value, (0.0..=1.0).contains(&value), "within 0 and 1")
}

fn within(what: &str, value: f64, good: bool, range: &'static str) -> Result<(), FusionError> {
    if good {
        return Ok(());
    }
    Err(FusionError::BadParameter { what: what.to_owned(), value: value.to_string(), range })
}
