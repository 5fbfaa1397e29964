//! What the sources say of a village's land.

use crate::elementary::exp;
use crate::province::event::Kind;
use crate::province::nature::{County, SourceNature};
use crate::province::options::ProvinceOptions;
use crate::province::row::Cell;
use crate::province::village::Village;
use crate::stream::{Stream, nearest};
use qingmu_model::Season;

/// Ten-thousandths of a mu of an area in mu, rounded to a multiple of `rounding` mu, or of 0.1 mu for 1.
fn raw(mu: f64, rounding: i64) -> i64 {
    let step = if rounding == 1 { 1_000 } else { rounding * 10_000 };
    nearest(mu * 10_000.0 / step as f64) * step
}

/// Fills the village's cells.
pub(crate) fn observe(options: &ProvinceOptions, county: &County, village: &mut Village) {
    for source in &county.sources {
        let purpose = format!("province-{}", source.name);
        let mut stream = village.stream(options.seed, &purpose);
        planted(options, county, village, source, &mut stream);
    }
    register(options, village);
}

/// Every crop in the village that a source reports on, in mu, with its season: paid crops first, then the others.
fn crops(county: &County, village: &Village, year: usize) -> Vec<(&'static str, Season, f64)> {
    let sown = &village.sown[year];
    let land = &village.land;
    let mut list: Vec<(&'static str, Season, f64)> =
        county.crops.iter().zip(sown).map(|(c, mu)| (c.name, c.season, *mu)).collect();
    for season in [Season::S, Season::A] {
        let of = |year: usize| -> f64 {
            let sown = county.crops.iter().zip(&village.sown[year]);
            sown.filter(|(c, _)| c.season == season).map(|(_, mu)| mu).sum()
        };
        let grown = of(year) - of(0);
        let vegetable = (land.vegetable - land.swap * grown).max(0.2 * land.vegetable);
        list.push(("vegetable", season, vegetable));
    }
    list.push(("orchard", Season::Y, land.orchard));
    list
}

fn planted(
    options: &ProvinceOptions,
    county: &County,
    village: &mut Village,
    source: &SourceNature,
    stream: &mut Stream,
) {
    let offset = source.bias + source.town_bias[village.town];
    let lasting = [offset + source.persistent * stream.normal(), {
        0.5 * offset + 1.3 * source.persistent * stream.normal()
    }];
    let slips = if options.classic() { 0.0 } else { 1.0 };
    let spread =
        (source.persistent * source.persistent + source.transient * source.transient).sqrt();
    for year in 0..options.years() {
        let yearly = [source.transient * stream.heavy(), 1.3 * source.transient * stream.heavy()];
        let missing = stream.chance(source.missing);
        let glitch = stream.chance(0.004 * slips);
        let jolt = if glitch { stream.between(-0.9, 0.9) } else { 0.0 };
        let empty = stream.chance(0.002 * slips);
        let dropped = stream.chance(0.004 * slips);
        let now = crops(county, village, year);
        let before = crops(county, village, year.saturating_sub(1));
        for (number, ((crop, season, mu), (_, _, last))) in now.into_iter().zip(before).enumerate()
        {
            let paid = number < county.crops.len();
            let class = usize::from(!paid);
            let own = 0.02 * stream.normal();
            let truth = (1.0 - source.lag) * mu + source.lag * last;
            let level = exp(lasting[class] + yearly[class] + own + if paid { jolt } else { 0.0 });
            let value = if empty { 0.0 } else { truth * level };
            if missing || mu <= 0.0 || (dropped && number == 0) {
                continue;
            }
            let area = raw(value, source.rounding);
            let se = source.stated.map(|s| raw(value * spread * s, 1).max(1_000));
            village.cells.push(Cell {
                source: source.name,
                independent: source.independent,
                year,
                season,
                crop,
                area,
                se: se.filter(|_| area > 0),
            });
        }
        if source.name == "land_survey" && !missing {
            let land = village.land.arable;
            village.cells.push(class_of_land(source.name, year, "arable", land));
        }
    }
}

fn class_of_land(source: &'static str, year: usize, crop: &'static str, mu: f64) -> Cell {
    let area = raw(mu, 1);
    Cell { source, independent: true, year, season: Season::Y, crop, area, se: None }
}

/// The contract register: what its households hold, re-surveys included, with a little that nobody claims.
fn register(options: &ProvinceOptions, village: &mut Village) {
    let mut stream = village.stream(options.seed, "province-register");
    let spare = stream.between(1.0, 1.05);
    let resurvey = village.events.iter().find(|e| e.kind == Kind::Resurvey).cloned();
    for year in 0..options.years() {
        let held: i64 = village.people.iter().map(|p| p.contract(year)).sum();
        let paper = resurvey.as_ref().filter(|e| year >= e.year).map_or(1.0, |e| exp(e.size));
        let mu = held as f64 / 100.0 * spare * paper;
        village.cells.push(class_of_land("contract_register", year, "contracted", mu));
    }
}
