//! The shapes that an excess, or an honest change, may have over the years.

use serde::{Deserialize, Serialize};

/// An excess that stands (or grows) from one year to another; years counted from the first of the panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Template {
    /// First year.
    pub from: usize,
    /// Last year, inclusive.
    pub to: usize,
    /// Grows linearly from the first year to the last year of the panel instead of standing at one height.
    pub ramp: bool,
}

impl Template {
    /// Height in a year, 0–1.
    #[must_use]
    pub fn height(&self, year: usize) -> f64 {
        match (year >= self.from && year <= self.to, self.ramp) {
            (false, _) => 0.0,
            (true, false) => 1.0,
            (true, true) => (year - self.from + 1) as f64 / (self.to - self.from + 1) as f64,
        }
    }

    /// True for an excess in every one of `years` years: not to be told from a source's bias.
    #[must_use]
    pub fn constant(&self, years: usize) -> bool {
        self.from == 0 && self.to + 1 == years && !self.ramp
    }
}

/// All templates of a panel of `years` years in canonical order: every segment, then ramps to the last year.
#[must_use]
pub fn templates(years: usize) -> Vec<Template> {
    let mut all = Vec::new();
    for from in 0..years {
        all.extend((from..years).map(|to| Template { from, to, ramp: false }));
    }
    let ramps = years.saturating_sub(2);
    all.extend((0..ramps).map(|from| Template { from, to: years - 1, ramp: true }));
    all
}

/// What an honest village's series may do beside nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HonestKind {
    /// Nothing.
    Base,
    /// A real lasting change of planting from a year on; the sources follow.
    RealStep,
    /// A real change in one year; the sources follow.
    RealYear,
    /// Claims too low before a year (late enrolment), normal after.
    LateEnrolment,
    /// Claims too low in one year.
    YearLow,
    /// Claims too high in one year.
    YearHigh,
    /// Claims low in all years.
    ConstantLow,
    /// Claims high in all years.
    ConstantHigh,
    /// Claims lower from a year on.
    StepDown,
    /// Claims higher from a year on.
    StepUp,
    /// Claims falling from a year on.
    RampDown,
    /// Claims rising from a year on.
    RampUp,
}

impl HonestKind {
    /// The downward twin whose rate an upward kind takes; `None` for kinds with a rate of their own.
    #[must_use]
    pub const fn twin(self) -> Option<Self> {
        match self {
            Self::YearHigh => Some(Self::YearLow),
            Self::ConstantHigh => Some(Self::ConstantLow),
            Self::StepUp => Some(Self::StepDown),
            Self::RampUp => Some(Self::RampDown),
            _ => None,
        }
    }
}

/// One honest shape: a kind at a year (0 where the kind has none).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct HonestShape {
    /// Kind.
    pub kind: HonestKind,
    /// Year it begins (or stands in), counted from the first.
    pub year: usize,
}

/// All honest shapes of `years` years in canonical order; the first is [`HonestKind::Base`].
#[must_use]
pub fn honest_shapes(years: usize) -> Vec<HonestShape> {
    use HonestKind::{
        Base, ConstantHigh, ConstantLow, LateEnrolment, RampDown, RampUp, RealStep, RealYear,
        StepDown, StepUp, YearHigh, YearLow,
    };
    let mut all = vec![HonestShape { kind: Base, year: 0 }];
    let mut add = |kind, range: std::ops::Range<usize>| {
        all.extend(range.map(|year| HonestShape { kind, year }));
    };
    add(ConstantLow, 0..1);
    add(ConstantHigh, 0..1);
    add(RealStep, 1..years.max(1));
    add(RealYear, 0..years);
    add(LateEnrolment, 1..years.max(1));
    add(YearLow, 0..years);
    add(YearHigh, 0..years);
    add(StepDown, 1..years.max(1));
    add(StepUp, 1..years.max(1));
    add(RampDown, 0..years.saturating_sub(2));
    add(RampUp, 0..years.saturating_sub(2));
    all
}
