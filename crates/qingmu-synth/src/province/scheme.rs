//! Which villages carry which scheme, in which years, how strongly.

use crate::province::options::{ProvinceOptions, Setting};
use crate::province::village::Village;
use crate::stream::Stream;

/// A way to claim what is not due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Claims jump and stay up.
    Jump,
    /// Claims grow a little every year.
    Creep,
    /// Claims are too high in every year of the record.
    Chronic,
    /// Claims are too high for some years, then right again.
    Ended,
    /// Several villages of a town together.
    Ring,
    /// Cadres and their relatives claim ever more.
    Kin,
    /// Dead or invented people on one or two cards.
    Ghost,
    /// People of another village claim here, too.
    Duplicate,
    /// Rows on parcels that bear no crop.
    Parcel,
    /// Amounts above area times rate.
    OverRate,
    /// Many small extra payments instead of a large one.
    SplitPayment,
    /// The same addition for many.
    TopUp,
    /// The list of another village under new names.
    CopiedList,
    /// Lessors claim land that its lessee claims.
    DoubleLease,
    /// Fields lie fallow and are claimed.
    Abandoned,
    /// Rows under the crop that pays most.
    CropSwitch,
    /// A little cut from many for one.
    Skimmed,
    /// Rows that stand in the list twice.
    PaidTwice,
    /// A large grower on paper.
    Shell,
}

impl Kind {
    /// Stable name.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Jump => "jump",
            Self::Creep => "creep",
            Self::Chronic => "chronic",
            Self::Ended => "ended",
            Self::Ring => "ring",
            Self::Kin => "kin",
            Self::Ghost => "ghost_card",
            Self::Duplicate => "duplicate",
            Self::Parcel => "barren_parcel",
            Self::OverRate => "over_rate",
            Self::SplitPayment => "split_payment",
            Self::TopUp => "top_up",
            Self::CopiedList => "copied_list",
            Self::DoubleLease => "double_lease",
            Self::Abandoned => "abandoned_land",
            Self::CropSwitch => "crop_switch",
            Self::Skimmed => "skimmed",
            Self::PaidTwice => "paid_twice",
            Self::Shell => "shell_grower",
        }
    }
}

/// Schemes of single villages and their weights; rings are planned apart.
const CLASSIC: [(Kind, f64); 3] = [(Kind::Jump, 3.0), (Kind::Creep, 3.0), (Kind::Chronic, 2.0)];
const MIXED: [(Kind, f64); 13] = [
    (Kind::Jump, 14.0),
    (Kind::Creep, 9.0),
    (Kind::Chronic, 6.0),
    (Kind::Ended, 10.0),
    (Kind::Kin, 6.0),
    (Kind::Ghost, 10.0),
    (Kind::Duplicate, 9.0),
    (Kind::Parcel, 9.0),
    (Kind::OverRate, 7.0),
    (Kind::SplitPayment, 3.0),
    (Kind::TopUp, 8.0),
    (Kind::CopiedList, 4.0),
    (Kind::DoubleLease, 4.0),
];
/// Beside those of the mixed setting.
const WIDE: [(Kind, f64); 5] = [
    (Kind::Abandoned, 10.0),
    (Kind::CropSwitch, 8.0),
    (Kind::Skimmed, 5.0),
    (Kind::PaidTwice, 7.0),
    (Kind::Shell, 8.0),
];
/// Share of the villages with a scheme that are in rings.
const IN_RINGS: f64 = 0.2;
/// Share of schemes that raise the yearbook, too.
const MATCHED: f64 = 0.3;

/// One scheme, in one village or in a ring.
#[derive(Debug, Clone)]
pub(crate) struct Scheme {
    /// What.
    pub(crate) kind: Kind,
    /// Villages, as indices into the county's.
    pub(crate) villages: Vec<usize>,
    /// First and last year.
    pub(crate) years: (usize, usize),
    /// Whether it grows from the first year to the last.
    pub(crate) ramp: bool,
    /// Relative excess at its height.
    pub(crate) size: f64,
    /// Whether the yearbook is raised to match.
    pub(crate) matched: bool,
    /// Number of the ring in the county.
    pub(crate) ring: Option<u32>,
}

impl Scheme {
    /// Share of its height in a year.
    pub(crate) fn height(&self, year: usize) -> f64 {
        let (from, to) = self.years;
        match (year >= from && year <= to, self.ramp) {
            (false, _) => 0.0,
            (true, false) => 1.0,
            (true, true) => (year - from + 1) as f64 / (to - from + 1) as f64,
        }
    }
}

fn size(options: &ProvinceOptions, stream: &mut Stream) -> f64 {
    let drawn = (0.05 + stream.exponential(0.20)).min(0.8);
    let faint = stream.between(0.05, 0.10);
    match (options.excess, options.setting) {
        (Some(excess), _) => excess,
        (None, Setting::Faint) => faint,
        (None, _) => drawn,
    }
}

/// Years of a scheme: never the first of the record unless it is chronic, so that there is a before.
fn years(options: &ProvinceOptions, kind: Kind, stream: &mut Stream) -> (usize, usize) {
    let (last, classic) = (options.years() - 1, options.classic());
    let first = stream.whole(1.min(last), last);
    let late = stream.chance(0.4);
    let length = stream.whole(0, 2);
    match kind {
        Kind::Jump | Kind::Ring if classic => (if stream.chance(0.7) { last } else { first }, last),
        Kind::Chronic => (0, last),
        Kind::Jump => (if late { last } else { first }, last),
        Kind::Creep | Kind::Kin | Kind::Ring => (first.min(last.saturating_sub(1)), last),
        Kind::Ended => {
            let from = first.min(last.saturating_sub(1));
            (from, (from + length).min(last.saturating_sub(1)).max(from))
        }
        _ if late => (first, last),
        _ => (first, (first + length).min(last)),
    }
}

/// Schemes of a county. Villages that were merged carry none.
pub(crate) fn plan(options: &ProvinceOptions, code: &str, villages: &[Village]) -> Vec<Scheme> {
    let mut stream = Stream::new(options.seed, "province-schemes", code);
    if options.clean {
        return Vec::new();
    }
    if options.setting == Setting::Ring {
        let first = options.years().saturating_sub(3);
        let last = options.years() - 1;
        let height = options.excess.unwrap_or_else(|| stream.between(0.08, 0.28));
        let members = members(&mut stream, villages, 0, 6);
        let mut ring = ring(options, &mut stream, members, 0);
        (ring.years, ring.size, ring.ramp) = ((first, last), height, false);
        return vec![ring];
    }
    let mut free: Vec<usize> = (0..villages.len()).filter(|i| untouched(villages, *i)).collect();
    let wanted = villages.len() as f64 * options.fraud_share;
    let mut left = wanted.floor() + if stream.chance(wanted - wanted.floor()) { 1.0 } else { 0.0 };
    let towns = villages.iter().map(|v| v.town).max().unwrap_or_default();
    let mut schemes = Vec::new();
    let mut rings = 0;
    while left >= 4.0 && stream.chance(left * IN_RINGS / 5.0 / (1.0 + f64::from(rings))) {
        let town = stream.whole(0, towns);
        let count = stream.whole(4, 7);
        let mut chosen = members(&mut stream, villages, town, count);
        chosen.retain(|i| free.contains(i));
        if chosen.len() < 3 {
            break;
        }
        left -= chosen.len() as f64;
        free.retain(|i| !chosen.contains(i));
        schemes.push(ring(options, &mut stream, chosen, rings));
        rings += 1;
    }
    let mut table = if options.classic() { CLASSIC.to_vec() } else { MIXED.to_vec() };
    if options.setting == Setting::Wide {
        table.extend(WIDE);
    }
    while left >= 1.0 && !free.is_empty() {
        let at = stream.whole(0, free.len() - 1);
        let village = free.swap_remove(at);
        schemes.push(single(options, &mut stream, &table, village));
        left -= 1.0;
    }
    schemes
}

fn untouched(villages: &[Village], i: usize) -> bool {
    let absorbs =
        |v: &Village| v.merged.as_ref().is_some_and(|(code, _)| *code == villages[i].code);
    villages[i].merged.is_none() && !villages.iter().any(absorbs)
}

fn single(
    options: &ProvinceOptions,
    stream: &mut Stream,
    table: &[(Kind, f64)],
    village: usize,
) -> Scheme {
    let all: f64 = table.iter().map(|(_, weight)| weight).sum();
    let mut drawn = stream.between(0.0, all);
    let mut kind = Kind::Jump;
    for &(candidate, weight) in table {
        kind = candidate;
        drawn -= weight;
        if drawn < 0.0 {
            break;
        }
    }
    let years = years(options, kind, stream);
    Scheme {
        kind,
        villages: vec![village],
        years,
        ramp: matches!(kind, Kind::Creep | Kind::Kin),
        size: size(options, stream),
        matched: stream.chance(MATCHED),
        ring: None,
    }
}

fn ring(
    options: &ProvinceOptions,
    stream: &mut Stream,
    villages: Vec<usize>,
    number: u32,
) -> Scheme {
    Scheme {
        kind: Kind::Ring,
        villages,
        years: years(options, Kind::Ring, stream),
        ramp: stream.chance(0.25),
        size: size(options, stream),
        matched: stream.chance(MATCHED),
        ring: Some(number),
    }
}

/// Villages of a town, those of one approver first.
fn members(stream: &mut Stream, villages: &[Village], town: usize, count: usize) -> Vec<usize> {
    let of_town: Vec<usize> = (0..villages.len())
        .filter(|i| villages[*i].town == town && untouched(villages, *i))
        .collect();
    let Some(lead) = stream.pick(&of_town).map(|i| villages[*i].desk.1.clone()) else {
        return Vec::new();
    };
    let mut order: Vec<(bool, f64, usize)> =
        of_town.iter().map(|i| (villages[*i].desk.1 != lead, stream.uniform(), *i)).collect();
    order.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    order.into_iter().take(count).map(|(_, _, i)| i).collect()
}
