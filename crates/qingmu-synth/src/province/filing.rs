//! From people and land to filed rows, with the honest events of the village on the way.

use crate::claims::days;
use crate::province::event::{Event, Kind};
use crate::province::nature::County;
use crate::province::options::ProvinceOptions;
use crate::province::row::{Row, fen};
use crate::province::village::{Person, Village};
use crate::stream::{Stream, nearest};
use qingmu_model::Season;
use std::sync::Arc;

/// Programme of contracted land.
pub(crate) const LAND: &str = "FERTILITY";
/// Additions that land is allotted in, hundredths of a mu.
const ALLOTTED: [i64; 6] = [20, 30, 50, 80, 100, 120];
/// Classes of land that bear no crop.
pub(crate) const BARREN: [&str; 4] = ["forest", "facility", "construction", "pond"];

/// Rows filed a second time: year, person, year that they repeat.
type Again = Vec<(usize, usize, usize)>;

/// Lets the village's events happen and writes its rows.
pub(crate) fn file(options: &ProvinceOptions, county: &County, village: &mut Village) {
    let mut stream = village.stream(options.seed, "province-filing");
    if !options.classic() {
        deaths(options, &mut stream, &mut village.people);
    }
    let mut again = Vec::new();
    for event in village.events.clone() {
        enact(options, &mut stream, village, &event, &mut again);
    }
    let size = village.events.iter().find(|e| e.kind == Kind::Resurvey);
    let resurvey = size.map(|e| (e.year, crate::elementary::exp(e.size)));
    for year in 0..options.years() {
        let paper = resurvey.filter(|(from, _)| year >= *from).map_or(1.0, |(_, factor)| factor);
        let mut rows = Vec::new();
        for (number, person) in village.people.iter().enumerate() {
            if person.filed[year] && (person.span.0..=person.span.1).contains(&year) {
                rows.extend(of_person(county, (number, person), year, paper));
            }
        }
        for &(when, number, of) in &again {
            if when == year {
                let person = &village.people[number];
                let repeated = of_person(county, (number, person), of, paper);
                rows.extend(repeated.into_iter().filter(|r| r.kind.is_some()));
            }
        }
        village.rows.push(rows);
    }
    for event in village.events.clone() {
        if event.kind == Kind::BackPay {
            back_pay(&mut stream, &mut village.rows, &event);
        }
    }
}

fn of_person(
    county: &County,
    (number, person): (usize, &Person),
    year: usize,
    paper: f64,
) -> Vec<Row> {
    let row = |kind: Option<usize>, parcel: Option<Arc<str>>, area: i64| {
        let crop = kind.and_then(|k| county.crops.get(k));
        let rates = crop.map_or(&county.land_rate, |c| &c.rate);
        let rate = rates.get(year).copied().unwrap_or_default();
        Row {
            person: Some(number),
            kind,
            season: crop.map_or(Season::Y, |c| c.season),
            programme: crop.map_or(LAND, |c| c.programme),
            crop: crop.map_or("arable", |c| c.name),
            claimant: person.id.clone(),
            household: person.household.clone(),
            account: person.account.clone(),
            group: person.group,
            parcel,
            area,
            filed: None,
            rate,
            amount: fen(area, rate),
        }
    };
    let on_paper = |area: i64| nearest(area as f64 * paper);
    let mut rows = Vec::new();
    let more = person.allotted.filter(|(from, _)| year >= *from).map_or(0, |(_, area)| area);
    for (i, parcel) in person.parcels.iter().enumerate() {
        let area = parcel.area + if i == 0 { more } else { 0 };
        rows.push(row(None, Some(parcel.id.clone()), on_paper(area)));
    }
    for (kind, area) in person.areas[year].iter().enumerate().filter(|(_, area)| **area >= 10) {
        let first = person.parcels.first().map(|p| p.id.clone());
        rows.push(row(Some(kind), first.filter(|_| county.parcels_on_grain), on_paper(*area)));
    }
    rows
}

/// A few people die every year; most leave the list, some households go on in the old name.
fn deaths(options: &ProvinceOptions, stream: &mut Stream, people: &mut [Person]) {
    let first = options.first_year();
    for person in people.iter_mut() {
        for year in 0..options.years() {
            let dies = stream.chance(0.008);
            let stays = stream.chance(0.1);
            let day = i32::try_from(stream.below(365)).unwrap_or_default();
            if dies && person.died.is_none() {
                let calendar = first + i16::try_from(year).unwrap_or_default();
                person.died = Some(days(calendar, day));
                if !stays {
                    person.filed[year + 1..].fill(false);
                }
            }
        }
    }
}

fn enact(
    options: &ProvinceOptions,
    stream: &mut Stream,
    village: &mut Village,
    event: &Event,
    again: &mut Again,
) {
    let people = &mut village.people;
    let share = (event.size.abs() * stream.between(0.8, 1.2)).min(1.0);
    let count = usize::try_from(nearest(share * people.len() as f64)).unwrap_or_default().max(1);
    let year = event.year;
    let chosen = stream.choose(people.len(), count);
    match event.kind {
        Kind::LateEnrolment => chosen.iter().for_each(|i| people[*i].filed[..year].fill(false)),
        Kind::Leaving => chosen.iter().for_each(|i| people[*i].filed[year..].fill(false)),
        Kind::LostRows => chosen.iter().for_each(|i| people[*i].filed[year] = false),
        Kind::MadeUp => {
            for i in chosen {
                people[i].filed[year - 1] = false;
                again.push((year, i, year - 1));
            }
        }
        Kind::Heirs => {
            for i in chosen {
                let since = options.first_year() + i16::try_from(year).unwrap_or_default();
                people[i].died.get_or_insert(days(since, 10) - 200);
            }
        }
        Kind::StaleClass => {
            for i in chosen {
                if let [only] = people[i].parcels.as_mut_slice() {
                    only.class = stream.pick(&BARREN).copied().unwrap_or("forest");
                }
            }
        }
        Kind::Cooperative => {
            if let Some(card) = chosen.first().map(|i| people[*i].account.clone()) {
                for &i in &chosen {
                    people[i].account = card.clone();
                }
            }
        }
        Kind::Allotment => allot(stream, village, &chosen, year),
        _ => {}
    }
}

fn allot(stream: &mut Stream, village: &mut Village, chosen: &[usize], year: usize) {
    let more = *stream.pick(&ALLOTTED).unwrap_or(&50);
    for &i in chosen {
        let person = &mut village.people[i];
        person.allotted = Some((year, more));
        for (areas, sown) in person.areas.iter_mut().zip(&mut village.sown).skip(year) {
            for (area, sown) in areas.iter_mut().zip(sown).filter(|(area, _)| **area > 0) {
                *area += more;
                *sown += more as f64 / 100.0;
            }
        }
    }
}

/// Part of the rows are paid short in one year, and exactly that much more in the next.
fn back_pay(stream: &mut Stream, rows: &mut [Vec<Row>], event: &Event) {
    let share = stream.between(0.05, 0.5);
    let (before, after) = rows.split_at_mut(event.year);
    let (Some(short), Some(paid)) = (before.last_mut(), after.first_mut()) else { return };
    for row in short.iter_mut() {
        let same = |r: &&mut Row| r.claimant == row.claimant && r.programme == row.programme;
        if !stream.chance(event.size) {
            continue;
        }
        if let Some(later) = paid.iter_mut().find(same) {
            let withheld = nearest(row.amount as f64 * share);
            row.amount -= withheld;
            later.amount += withheld;
        }
    }
}

/// People with land in the next village of the town claim there, too, every year and openly.
pub(crate) fn enclaves(options: &ProvinceOptions, villages: &mut [Village]) {
    for at in 1..villages.len() {
        let (before, after) = villages.split_at_mut(at);
        let (Some(home), Some(away)) = (before.last(), after.first_mut()) else { continue };
        let Some(event) = home.events.iter().find(|e| e.kind == Kind::Enclave) else { continue };
        if home.town != away.town {
            continue;
        }
        let mut stream = home.stream(options.seed, "province-enclave");
        let count = nearest(event.size * home.people.len() as f64).max(1);
        let chosen = stream.choose(home.people.len(), usize::try_from(count).unwrap_or(1));
        let areas: Vec<i64> = chosen.iter().map(|_| 60 + i64::from(stream.below(290))).collect();
        for (rows, there) in away.rows.iter_mut().zip(&home.rows) {
            for (i, area) in chosen.iter().zip(&areas) {
                let own = there.iter().find(|r| r.person == Some(*i) && r.kind.is_some());
                if let Some(own) = own {
                    let mut row = Row { person: None, parcel: None, ..own.clone() };
                    row.set(*area);
                    rows.push(row);
                }
            }
        }
    }
}

/// From a year on, a village is part of the next one: people, rows and sources go under the other code.
pub(crate) fn merge(options: &ProvinceOptions, county: &County, villages: &mut [Village]) {
    let mut stream = Stream::new(options.seed, "province-merger", &county.code);
    let happens = !options.classic() && stream.chance(0.4);
    let at = stream.whole(1, villages.len().max(2) - 1);
    let from = stream.whole(1, options.years().max(2) - 1);
    let (before, after) = villages.split_at_mut(at.min(villages.len()));
    let (Some(old), Some(new)) = (before.last_mut(), after.first_mut()) else { return };
    if !happens || old.town != new.town || from >= options.years() {
        return;
    }
    for (rows, moved) in new.rows.iter_mut().zip(&mut old.rows).skip(from) {
        rows.extend(moved.drain(..).map(|row| Row { person: None, ..row }));
    }
    for cell in new.cells.iter_mut().filter(|c| c.year >= from) {
        let key = (cell.source, cell.year, cell.season, cell.crop);
        let same = old.cells.iter().find(|c| (c.source, c.year, c.season, c.crop) == key);
        cell.area += same.map_or(0, |c| c.area);
    }
    // A source that saw only one of the two says nothing about both.
    let both = |c: &crate::province::row::Cell| {
        let same = |o: &&crate::province::row::Cell| (o.source, o.year) == (c.source, c.year);
        c.year < from || old.cells.iter().any(|o| same(&o))
    };
    new.cells.retain(both);
    old.cells.retain(|c| c.year < from);
    old.merged = Some((new.code.clone(), from));
}
