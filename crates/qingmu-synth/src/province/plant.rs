//! Plants schemes into filed rows. Every figure of the truth is counted from the rows that were changed.

use crate::claims::days;
use crate::province::filing::{BARREN, LAND};
use crate::province::options::ProvinceOptions;
use crate::province::row::{Row, fen};
use crate::province::scheme::{Kind, Scheme};
use crate::province::truth::Planted;
use crate::province::village::Village;
use crate::stream::{Stream, nearest, pseudonym};
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
struct Excess {
    area: i64,
    fen: i64,
    crops: BTreeMap<&'static str, i64>,
}

impl Excess {
    fn grown(&mut self, row: &Row, before: (i64, i64)) {
        self.area += row.area - before.0;
        self.fen += row.amount - before.1;
        *self.crops.entry(row.crop).or_default() += row.area - before.0;
    }

    fn new_row(&mut self, row: &Row) {
        self.grown(row, (0, 0));
    }
}

/// One scheme at work in one village.
struct Work<'a> {
    options: &'a ProvinceOptions,
    scheme: &'a Scheme,
    seed_key: String,
    programme: &'static str,
    how: &'static str,
    size: f64,
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
    let work = Work { options, scheme, seed_key, programme, how, size };
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
        Kind::Kin => enlarge(work, &mut stream, village, (year, aim), true),
        _ if work.how == "invented" => invented(work, &mut stream, village, (year, aim)),
        _ => enlarge(work, &mut stream, village, (year, aim), false),
    }
}

/// Larger areas for some people (or all of them, or cadres and their relatives), the same ones every year.
fn enlarge(
    work: &Work<'_>,
    stream: &mut Stream,
    village: &mut Village,
    (year, aim): (usize, f64),
    kin: bool,
) -> Excess {
    let share = if work.how == "scaled" { 1.0 } else { stream.between(0.15, 0.6) };
    let people: Vec<(bool, f64, i64)> = village
        .people
        .iter()
        .map(|p| {
            let chosen = stream.chance(share);
            let near = p.cadre || p.kin.is_some();
            let greed = if work.how == "scaled" { 1.0 } else { stream.between(0.6, 1.4) };
            (if kin { near } else { chosen }, greed, p.grid)
        })
        .collect();
    let weight = |row: &Row| -> Option<(f64, i64)> {
        let (chosen, greed, grid) = *people.get(row.person?)?;
        let fits = chosen && row.programme == work.programme && row.kind.is_some();
        fits.then_some((row.area as f64 * greed, grid))
    };
    let all: f64 = village.rows[year].iter().filter_map(|r| weight(r).map(|(w, _)| w)).sum();
    // Nobody's area is more than tripled: beyond that even a careless clerk would stop.
    let by = if all > 0.0 { (aim / all).min(2.0) } else { 0.0 };
    let mut excess = Excess::default();
    for row in &mut village.rows[year] {
        let Some((own, grid)) = weight(row) else { continue };
        let before = (row.area, row.amount);
        let more = nearest(own * by / grid as f64) * grid;
        row.area += more;
        row.amount += fen(more, row.rate);
        excess.grown(row, before);
    }
    excess
}

/// Mean area of a person's rows of the programme, and one such person's rows as a pattern.
fn pattern<'a>(rows: &'a [Row], programme: &str) -> Option<(&'a Row, f64)> {
    let own: Vec<&Row> = rows.iter().filter(|r| r.programme == programme).collect();
    let mean = own.iter().map(|r| r.area as f64).sum::<f64>() / own.len().max(1) as f64;
    own.iter().max_by_key(|r| r.area).map(|r| (*r, mean))
}

/// People who are not there, each with a card of their own; last year's come first again.
fn invented(
    work: &Work<'_>,
    stream: &mut Stream,
    village: &mut Village,
    (year, aim): (usize, f64),
) -> Excess {
    let mut excess = Excess::default();
    let Some((like, mean)) = pattern(&village.rows[year], work.programme) else { return excess };
    let like = like.clone();
    for number in 0..60 {
        let area = nearest(mean * stream.between(0.6, 1.6) / 10.0).max(2) * 10;
        if (excess.area + area / 2) as f64 > aim {
            break;
        }
        let row = stranger(work, &like, &village.code, number, area);
        excess.new_row(&row);
        village.rows[year].push(row);
    }
    excess
}

fn stranger(work: &Work<'_>, like: &Row, code: &str, number: usize, area: i64) -> Row {
    let mut row = Row {
        person: None,
        claimant: pseudonym(work.options.seed, "claimant-new", code, number).into(),
        household: format!("{code}-H9{number:02}").into(),
        account: pseudonym(work.options.seed, "account-new", code, number).into(),
        parcel: None,
        ..like.clone()
    };
    row.set(area);
    row
}

/// Dead and invented people on one or two cards, with somebody living on each.
fn ghosts(
    work: &Work<'_>,
    stream: &mut Stream,
    village: &mut Village,
    (year, aim): (usize, f64),
    planting: &mut Planting,
) -> Excess {
    let mut excess = Excess::default();
    let Some((like, mean)) = pattern(&village.rows[year], work.programme) else { return excess };
    let like = like.clone();
    let cards = stream.whole(1, 2);
    let hosts: Vec<Arc<str>> = stream
        .choose(village.people.len(), cards)
        .into_iter()
        .map(|i| village.people[i].account.clone())
        .collect();
    for number in 0..40 {
        let area = nearest(mean * stream.between(0.5, 1.4) / 10.0).max(2) * 10;
        let is_dead = stream.chance(0.5);
        let ago = i32::try_from(stream.below(2_500)).unwrap_or_default();
        if number >= 3 && (excess.area + area / 2) as f64 > aim {
            break;
        }
        let mut row = stranger(work, &like, &village.code, number, area);
        row.account = hosts[number % hosts.len()].clone();
        if is_dead && !planting.dead.iter().any(|d| d.id == row.claimant) {
            let died = days(work.options.first_year(), 0) - 200 - ago;
            planting.dead.push(Dead { id: row.claimant.clone(), died });
        }
        excess.new_row(&row);
        village.rows[year].push(row);
    }
    excess
}

/// People of another village are entered here as well; some of their areas are edited.
fn duplicates(
    work: &Work<'_>,
    stream: &mut Stream,
    village: &mut Village,
    year: usize,
    aim: f64,
    lent: &[Row],
) -> Excess {
    let mut excess = Excess::default();
    let start = stream.whole(0, lent.len().saturating_sub(1));
    let edited = stream.between(0.0, 0.5);
    let fitting = lent.iter().cycle().skip(start).take(lent.len());
    let candidates: Vec<&Row> =
        fitting.filter(|r| r.programme == work.programme && r.person.is_some()).collect();
    for (number, theirs) in candidates.into_iter().enumerate() {
        if number >= 5 && excess.area as f64 >= aim {
            break;
        }
        let mut row = Row { person: None, parcel: None, ..theirs.clone() };
        let edits = stream.chance(edited);
        let factor = stream.between(0.9, 1.1);
        row.set(if edits {
            nearest(row.area as f64 * factor / 10.0).max(1) * 10
        } else {
            row.area
        });
        excess.new_row(&row);
        village.rows[year].push(row);
    }
    excess
}

/// A stretch of another village's list under new names.
fn copied(
    work: &Work<'_>,
    stream: &mut Stream,
    village: &mut Village,
    year: usize,
    aim: f64,
    lent: &[Row],
) -> Excess {
    let mut excess = Excess::default();
    let start = stream.whole(0, lent.len().saturating_sub(1));
    let fitting = lent.iter().cycle().skip(start).take(lent.len());
    for (number, theirs) in fitting.filter(|r| r.programme == work.programme).enumerate() {
        if number >= 10 && excess.area as f64 >= aim {
            break;
        }
        let row = stranger(work, theirs, &village.code, number, theirs.area);
        excess.new_row(&row);
        village.rows[year].push(row);
    }
    excess
}

/// Rows on parcels that bear no crop, for people who claim other parcels.
fn barren(
    work: &Work<'_>,
    stream: &mut Stream,
    village: &mut Village,
    (year, aim): (usize, f64),
    planting: &mut Planting,
) -> Excess {
    let mut excess = Excess::default();
    let count = village.people.len();
    let first = stream.whole(0, count - 1);
    for number in 0..count {
        let who = (first + number) % count;
        let area = i64::try_from(stream.whole(5, 30)).unwrap_or(5) * 10;
        let class = *stream.pick(&BARREN).unwrap_or(&"forest");
        if number >= 4 && excess.area as f64 >= aim {
            break;
        }
        let own = village.rows[year]
            .iter()
            .find(|r| r.person == Some(who) && r.programme == work.programme);
        let Some(own) = own.cloned() else { continue };
        let id: Arc<str> = format!("{}-D9{number:02}", village.code).into();
        if !planting.barren.iter().any(|b| b.id == id) {
            let (village, holder) = (village.code.clone(), own.claimant.clone());
            planting.barren.push(Barren { id: id.clone(), village, area, class, holder });
        }
        let mut row = Row { parcel: Some(id), ..own };
        row.set(area);
        excess.new_row(&row);
        village.rows[year].push(row);
    }
    excess
}

/// More money on some rows than area times rate; the areas stay.
fn over_rate(work: &Work<'_>, stream: &mut Stream, rows: &mut [Row]) -> Excess {
    let mut excess = Excess::default();
    let share = stream.between(0.1, 0.6);
    let by = (work.size / share).min(1.5);
    for row in rows.iter_mut().filter(|r| r.programme == work.programme) {
        if stream.chance(share) {
            let before = (row.area, row.amount);
            row.amount += nearest(row.amount as f64 * by * stream.between(0.7, 1.3));
            excess.grown(row, before);
        }
    }
    excess
}

/// The same kind of money in many small rows with next to no area.
fn split(work: &Work<'_>, stream: &mut Stream, rows: &mut Vec<Row>) -> Excess {
    let mut excess = Excess::default();
    let own: Vec<Row> = rows.iter().filter(|r| r.programme == work.programme).cloned().collect();
    let all: i64 = own.iter().map(|r| r.amount).sum();
    let part = stream.between(2_000.0, 9_000.0);
    for like in own {
        if excess.fen as f64 >= all as f64 * work.size {
            break;
        }
        let mut row = Row { area: 1, parcel: None, ..like };
        row.amount = nearest(part * stream.between(0.6, 1.4));
        excess.new_row(&row);
        rows.push(row);
    }
    excess
}

/// One and the same addition for many people.
fn top_up(
    work: &Work<'_>,
    stream: &mut Stream,
    village: &mut Village,
    (year, aim): (usize, f64),
) -> Excess {
    let mut excess = Excess::default();
    let share = stream.between(0.3, 0.95);
    let chosen: Vec<bool> = village.people.iter().map(|_| stream.chance(share)).collect();
    let fits = |r: &Row| {
        let own = r.person.and_then(|i| chosen.get(i)).copied().unwrap_or_default();
        own && r.programme == work.programme && r.kind.is_some()
    };
    // One size for all years of the scheme, from the rows of this one only in steps of a tenth of a mu.
    let count = village.rows[year].iter().filter(|r| fits(r)).count().max(1);
    let steps = nearest(aim / count as f64 / 10.0).clamp(1, 30);
    let steps = if steps > 3 { (steps + 2) / 5 * 5 } else { steps };
    for row in &mut village.rows[year] {
        if fits(row) {
            let before = (row.area, row.amount);
            row.area += steps * 10;
            row.amount += fen(steps * 10, row.rate);
            excess.grown(row, before);
        }
    }
    excess
}

/// Lessors claim what they let; the lessee claims it as well.
fn double_lease(work: &Work<'_>, village: &mut Village, year: usize) -> Excess {
    let mut excess = Excess::default();
    for lease in &village.leases {
        let own = village.rows[year].iter_mut().find(|r| {
            r.claimant == lease.from && r.programme == work.programme && r.kind.is_some()
        });
        if let Some(row) = own {
            let before = (row.area, row.amount);
            let more = lease.area * 6 / 10;
            row.area += more;
            row.amount += fen(more, row.rate);
            excess.grown(row, before);
        }
    }
    excess
}
