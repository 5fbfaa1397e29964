//! Plants schemes into filed rows. Every figure of the truth is counted from the rows that were changed.

use crate::province::deed::{
    barren, copied, double_lease, duplicates, enlarge, ghosts, invented, over_rate, split, top_up,
};
use crate::province::filing::LAND;
use crate::province::misuse::{abandoned, crop_switch, paid_twice, shell, skimmed};
use crate::province::options::ProvinceOptions;
use crate::province::row::Row;
use crate::province::scheme::{Kind, Scheme};
use crate::province::truth::Planted;
use crate::province::village::Village;
use crate::stream::{Stream, nearest};
use qingmu_model::{Mu, Yuan};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Somebody in the register of persons who died long ago.
#[derive(Debug, Clone)]
pub(crate) struct Dead {
    /// Pseudonym.
    pub(crate) id: Arc<str>,
    /// Days since 1970-01-01.
    pub(crate) died: i32,
}

/// A parcel that bears no crop, with who is said to till it.
#[derive(Debug, Clone)]
pub(crate) struct Barren {
    /// Id.
    pub(crate) id: Arc<str>,
    /// Village.
    pub(crate) village: Arc<str>,
    /// Hundredths of a mu.
    pub(crate) area: i64,
    /// Class.
    pub(crate) class: &'static str,
    /// Holder.
    pub(crate) holder: Arc<str>,
}

/// What planting leaves beside changed rows.
#[derive(Debug, Default)]
pub(crate) struct Planting {
    /// Truth.
    pub(crate) planted: Vec<Planted>,
    /// Entries of the register of persons.
    pub(crate) dead: Vec<Dead>,
    /// Entries of the register of parcels.
    pub(crate) barren: Vec<Barren>,
}

/// Area in hundredths of a mu and fen beyond what is due, and the area by crop for the yearbook.
#[derive(Debug, Default)]
pub(super) struct Excess {
    /// Hundredths of a mu.
    pub(super) area: i64,
    /// Fen.
    pub(super) fen: i64,
    crops: BTreeMap<&'static str, i64>,
}

impl Excess {
    pub(super) fn grown(&mut self, row: &Row, before: (i64, i64)) {
        self.area += row.area - before.0;
        self.fen += row.amount - before.1;
        *self.crops.entry(row.crop).or_default() += row.area - before.0;
    }

    /// Excess that no row of the list shows by its growth.
    pub(super) fn apart(&mut self, area: i64, fen: i64) {
        self.area += area;
        self.fen += fen;
    }

    pub(super) fn new_row(&mut self, row: &Row) {
        self.grown(row, (0, 0));
    }
}

/// One scheme at work in one village.
pub(super) struct Work<'a> {
    /// Options.
    pub(super) options: &'a ProvinceOptions,
    scheme: &'a Scheme,
    seed_key: String,
    /// Programme whose rows change.
    pub(super) programme: &'static str,
    /// By which rows.
    pub(super) how: &'static str,
    /// Relative excess at its height in this village.
    pub(super) size: f64,
    /// The yearbook goes on showing what is claimed.
    pub(super) keeps_yearbook: bool,
}

impl Work<'_> {
    /// The same numbers every year: who takes part does not change from year to year.
    fn stream(&self) -> Stream {
        Stream::new(self.options.seed, "province-plant", &self.seed_key)
    }

    fn aim(&self, year: usize, rows: &[Row]) -> f64 {
        let all: i64 = rows.iter().filter(|r| r.programme == self.programme).map(|r| r.area).sum();
        all as f64 * self.size * self.scheme.height(year)
    }
}

/// Plants every scheme of a county.
pub(crate) fn plant(
    options: &ProvinceOptions,
    schemes: &[Scheme],
    villages: &mut [Village],
) -> Planting {
    let mut planting = Planting::default();
    for scheme in schemes {
        for &at in &scheme.villages {
            in_village(options, scheme, at, villages, &mut planting);
        }
    }
    planting.planted.sort_by(|a, b| (&a.village_code, a.year).cmp(&(&b.village_code, b.year)));
    planting
}

fn in_village(
    options: &ProvinceOptions,
    scheme: &Scheme,
    at: usize,
    villages: &mut [Village],
    planting: &mut Planting,
) {
    let Some(programme) = main_programme(&villages[at]) else { return };
    let mut stream = Stream::new(options.seed, "province-scheme", &villages[at].code);
    let other = stream.whole(0, villages.len() - 1);
    let spread = if scheme.ring.is_some() { stream.between(0.85, 1.15) } else { 1.0 };
    let style = stream.uniform();
    let matched_by = stream.between(0.7, 1.0);
    let scaled = if options.classic() { 0.0 } else { 0.12 };
    let how = match (scheme.kind, style) {
        (Kind::Jump | Kind::Creep | Kind::Chronic | Kind::Ended | Kind::Ring, style) => match style
        {
            s if s < scaled => "scaled",
            s if s < 0.25 && !options.classic() => "invented",
            _ => "enlarged",
        },
        (Kind::Parcel, s) if s < 0.3 => "planting",
        (kind, _) => kind.name(),
    };
    let programme = if scheme.kind == Kind::Parcel && how != "planting" { LAND } else { programme };
    let seed_key = villages[at].code.to_string();
    let size = scheme.size * spread;
    let keeps_yearbook = scheme.matched;
    let work = Work { options, scheme, seed_key, programme, how, size, keeps_yearbook };
    for year in scheme.years.0..=scheme.years.1 {
        let excess = in_year(&work, (at, other), year, villages, planting);
        if excess.area <= 0 && excess.fen <= 0 {
            continue;
        }
        let village = &mut villages[at];
        let all: i64 =
            village.rows[year].iter().filter(|r| r.programme == programme).map(|r| r.area).sum();
        if scheme.matched {
            match_yearbook(village, year, &excess, matched_by);
        }
        planting.planted.push(Planted {
            village_code: village.code.to_string(),
            year: options.first_year() + i16::try_from(year).unwrap_or_default(),
            kind: scheme.kind.name(),
            how,
            excess_mu: Mu::from_raw(excess.area * 100),
            excess_yuan: Yuan::from_raw(excess.fen),
            honest_mu: Mu::from_raw((all - excess.area) * 100),
            yearbook_matched: scheme.matched,
            ring: scheme.ring,
        });
    }
}

/// The programme on planted area with the largest claims.
fn main_programme(village: &Village) -> Option<&'static str> {
    let mut sums: BTreeMap<&'static str, i64> = BTreeMap::new();
    for row in village.rows.iter().flatten().filter(|r| r.kind.is_some()) {
        *sums.entry(row.programme).or_default() += row.area;
    }
    sums.into_iter().max_by_key(|(name, sum)| (*sum, *name)).map(|(name, _)| name)
}

fn match_yearbook(village: &mut Village, year: usize, excess: &Excess, by: f64) {
    let own = |c: &&mut crate::province::row::Cell| {
        c.source == "stat_yearbook" && c.year == year && c.area > 0
    };
    for cell in village.cells.iter_mut().filter(own) {
        if let Some(area) = excess.crops.get(cell.crop) {
            cell.area += nearest(*area as f64 * by / 10.0) * 1_000;
        }
    }
}

fn in_year(
    work: &Work<'_>,
    (at, other): (usize, usize),
    year: usize,
    villages: &mut [Village],
    planting: &mut Planting,
) -> Excess {
    let mut stream = work.stream();
    let lent: Vec<Row> = villages[other].rows[year].clone();
    let village = &mut villages[at];
    let aim = work.aim(year, &village.rows[year]);
    match work.scheme.kind {
        Kind::Ghost => ghosts(work, &mut stream, village, (year, aim), planting),
        Kind::Duplicate if at != other => duplicates(work, &mut stream, village, year, aim, &lent),
        Kind::CopiedList if at != other => copied(work, &mut stream, village, year, aim, &lent),
        Kind::Parcel => barren(work, &mut stream, village, (year, aim), planting),
        Kind::OverRate => over_rate(work, &mut stream, &mut village.rows[year]),
        Kind::SplitPayment => split(work, &mut stream, &mut village.rows[year]),
        Kind::TopUp => top_up(work, &mut stream, village, (year, aim)),
        Kind::DoubleLease => double_lease(work, village, year),
        Kind::Abandoned => abandoned(work, village, (year, work.size * work.scheme.height(year))),
        Kind::CropSwitch => crop_switch(work, &mut stream, &mut village.rows[year]),
        Kind::Skimmed => skimmed(work, &mut stream, village, year),
        Kind::PaidTwice => paid_twice(work, &mut stream, &mut village.rows[year], aim),
        Kind::Shell => shell(work, village, (year, aim)),
        Kind::Kin => enlarge(work, &mut stream, village, (year, aim), true),
        _ if work.how == "invented" => invented(work, &mut stream, village, (year, aim)),
        _ => enlarge(work, &mut stream, village, (year, aim), false),
    }
}
