//! Honest events: what changes claims or sources and is nobody's fault.

use crate::elementary::ln;
use crate::province::options::ProvinceOptions;
use crate::stream::Stream;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Planting changes for good: reclamation, consolidation, conversion.
    Change,
    /// Planting falls or rises for one year: drought, a good price.
    Season,
    /// Part of the people enter the ledger late.
    LateEnrolment,
    /// Part of the people stop claiming.
    Leaving,
    /// Part of one year's rows is lost.
    LostRows,
    /// Rows lost in one year are filed in the next.
    MadeUp,
    /// Money short in one year is paid in the next.
    BackPay,
    /// Land is allotted anew: everybody of a group gets the same addition.
    Allotment,
    /// The claims of a co-operative's members go to one card.
    Cooperative,
    /// Somebody died and the household goes on claiming in the old name.
    Heirs,
    /// The register still shows a parcel as forest or the like.
    StaleClass,
    /// People with land in the next village claim in both.
    Enclave,
    /// Every area of the county is measured anew and larger or smaller on paper.
    Resurvey,
}

impl Kind {
    /// Stable name.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Change => "real_change",
            Self::Season => "one_season",
            Self::LateEnrolment => "late_enrolment",
            Self::Leaving => "leaving",
            Self::LostRows => "lost_rows",
            Self::MadeUp => "made_up_rows",
            Self::BackPay => "back_pay",
            Self::Allotment => "allotment",
            Self::Cooperative => "co_operative",
            Self::Heirs => "heirs",
            Self::StaleClass => "stale_class",
            Self::Enclave => "enclave",
            Self::Resurvey => "resurvey",
        }
    }
}

/// One honest event.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Event {
    /// What.
    pub(crate) kind: Kind,
    /// Year, counted from the first one.
    pub(crate) year: usize,
    /// Size: a logarithm for planting, a share of people or rows otherwise.
    pub(crate) size: f64,
    /// Whether the whole town has it.
    pub(crate) town: bool,
}

impl Event {
    /// What the event adds to the logarithm of real planting in a year.
    pub(crate) fn real(&self, year: usize) -> f64 {
        match self.kind {
            Kind::Change if year >= self.year => self.size,
            Kind::Season if year == self.year => self.size,
            _ => 0.0,
        }
    }
}

/// How often a village has each event over the whole record, and the range of its size.
const VILLAGE: [(Kind, f64, f64, f64); 14] = [
    (Kind::Change, 0.030, 0.05, 0.35),
    (Kind::Change, 0.020, -0.35, -0.05),
    (Kind::Season, 0.030, -0.40, -0.05),
    (Kind::Season, 0.010, 0.05, 0.30),
    (Kind::LateEnrolment, 0.045, 0.08, 0.35),
    (Kind::Leaving, 0.020, 0.05, 0.20),
    (Kind::LostRows, 0.030, 0.05, 0.40),
    (Kind::MadeUp, 0.004, 0.05, 0.20),
    (Kind::BackPay, 0.030, 0.10, 0.60),
    (Kind::Allotment, 0.015, 0.30, 1.00),
    (Kind::Cooperative, 0.020, 0.10, 0.50),
    (Kind::Heirs, 0.200, 0.01, 0.06),
    (Kind::StaleClass, 0.080, 0.01, 0.15),
    (Kind::Enclave, 0.080, 0.02, 0.08),
];

/// The same for a whole town.
const TOWN: [(Kind, f64, f64, f64); 5] = [
    (Kind::Change, 0.020, 0.04, 0.20),
    (Kind::Change, 0.010, -0.20, -0.04),
    (Kind::Season, 0.025, -0.35, -0.05),
    (Kind::LateEnrolment, 0.020, 0.08, 0.25),
    (Kind::LostRows, 0.010, 0.05, 0.20),
];

fn draw(
    stream: &mut Stream,
    table: &[(Kind, f64, f64, f64)],
    (years, busy): (usize, f64),
    town: bool,
) -> Vec<Event> {
    let mut events = Vec::new();
    for &(kind, rate, low, high) in table {
        let happens = stream.chance(rate * busy);
        let size = stream.between(low, high);
        // Something that changes needs a year before it.
        let year = stream.whole(1, (years - 1).max(1));
        if happens && year < years {
            events.push(Event { kind, year, size, town });
        }
    }
    events
}

/// Events of a county: `[town][village]`, town-wide ones repeated in each village of the town.
pub(crate) fn plan(options: &ProvinceOptions, code: &str, sizes: &[usize]) -> Vec<Vec<Vec<Event>>> {
    if options.classic() {
        return sizes.iter().map(|n| vec![Vec::new(); *n]).collect();
    }
    let mut county = Stream::new(options.seed, "province-events", code);
    let years = options.years();
    let mut busy = county.between(0.3, 2.0);
    let resurvey = county.chance(0.25);
    let size = ln(county.between(0.92, 1.12));
    let year = county.whole(1, (years - 1).max(1));
    busy = busy.min(3.0);
    let mut towns = Vec::with_capacity(sizes.len());
    for (town, count) in sizes.iter().enumerate() {
        let mut stream =
            Stream::new(options.seed, "province-town-events", &format!("{code}{town}"));
        let mut common = draw(&mut stream, &TOWN, (years, busy), true);
        if resurvey && year < years {
            common.push(Event { kind: Kind::Resurvey, year, size, town: true });
        }
        let villages = (0..*count).map(|_| {
            let mut events = common.clone();
            events.extend(draw(&mut stream, &VILLAGE, (years, busy), false));
            events
        });
        towns.push(villages.collect());
    }
    towns
}
