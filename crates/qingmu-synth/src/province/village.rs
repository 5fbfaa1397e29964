//! A village: its people, its land, and what is sown on it each year, before anything is filed.

use crate::elementary::exp;
use crate::province::event::Event;
use crate::province::nature::County;
use crate::province::options::ProvinceOptions;
use crate::province::row::{Cell, Row};
use crate::stream::{Stream, nearest, pseudonym};
use std::sync::Arc;

/// A parcel of contracted land.
#[derive(Debug, Clone)]
pub(crate) struct Parcel {
    /// Id.
    pub(crate) id: Arc<str>,
    /// Hundredths of a mu.
    pub(crate) area: i64,
    /// `arable`, or a class that bears no crop.
    pub(crate) class: &'static str,
}

/// Somebody who claims. Everybody is invented.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    /// Pseudonym.
    pub(crate) id: Arc<str>,
    /// Household.
    pub(crate) household: Arc<str>,
    /// Pseudonym of the bank card.
    pub(crate) account: Arc<str>,
    /// Villagers' group.
    pub(crate) group: i16,
    /// Areas are multiples of so many hundredths of a mu.
    pub(crate) grid: i64,
    /// Contracted parcels.
    pub(crate) parcels: Vec<Parcel>,
    /// Land allotted to the first parcel from a year on.
    pub(crate) allotted: Option<(usize, i64)>,
    /// Relative size as a grower.
    pub(crate) weight: f64,
    /// First and last year in which the person grows anything.
    pub(crate) span: (usize, usize),
    /// Sown and claimable area, `[year][crop]`, hundredths of a mu.
    pub(crate) areas: Vec<Vec<i64>>,
    /// Whether the person's rows are on the list, by year.
    pub(crate) filed: Vec<bool>,
    /// Year of birth.
    pub(crate) born: i16,
    /// Day of death, days since 1970-01-01.
    pub(crate) died: Option<i32>,
    /// Whether the register of persons has the person.
    pub(crate) registered: bool,
    /// Village cadre.
    pub(crate) cadre: bool,
    /// Relative, as an index into the village's people.
    pub(crate) kin: Option<usize>,
}

impl Person {
    /// Contracted land in a year, hundredths of a mu.
    pub(crate) fn contract(&self, year: usize) -> i64 {
        let more = self.allotted.filter(|(from, _)| year >= *from).map_or(0, |(_, area)| area);
        self.parcels.iter().map(|p| p.area).sum::<i64>() + more
    }
}

/// A registered lease.
#[derive(Debug, Clone)]
pub(crate) struct Lease {
    /// Lessor.
    pub(crate) from: Arc<str>,
    /// Lessee.
    pub(crate) to: Arc<str>,
    /// Hundredths of a mu.
    pub(crate) area: i64,
    /// First year.
    pub(crate) since: i16,
}

/// Land of the village in mu.
#[derive(Debug, Clone)]
pub(crate) struct Land {
    /// Arable land.
    pub(crate) arable: f64,
    /// Grain land in an ordinary year.
    pub(crate) grain: f64,
    /// Vegetables in an ordinary year.
    pub(crate) vegetable: f64,
    /// Orchard.
    pub(crate) orchard: f64,
    /// Share of a change of grain that vegetables give or take.
    pub(crate) swap: f64,
}

/// A village and everything about it.
#[derive(Debug, Clone)]
pub(crate) struct Village {
    /// 12-digit code.
    pub(crate) code: Arc<str>,
    /// Town, counted from 0.
    pub(crate) town: usize,
    /// People by number.
    pub(crate) people: Vec<Person>,
    /// Households, those without a claim included.
    pub(crate) households: u32,
    /// Land.
    pub(crate) land: Land,
    /// Leases.
    pub(crate) leases: Vec<Lease>,
    /// What happened here, honestly.
    pub(crate) events: Vec<Event>,
    /// Truly sown area in mu, `[year][crop]`.
    pub(crate) sown: Vec<Vec<f64>>,
    /// Recorder and approver.
    pub(crate) desk: (Arc<str>, Arc<str>),
    /// Position on an invented map: latitude, longitude.
    pub(crate) position: (f64, f64),
    /// Filed rows by year.
    pub(crate) rows: Vec<Vec<Row>>,
    /// What the sources say.
    pub(crate) cells: Vec<Cell>,
    /// The village that it became part of, and from which year.
    pub(crate) merged: Option<(Arc<str>, usize)>,
}

impl Village {
    /// Code of the town.
    pub(crate) fn town_code(&self) -> &str {
        self.code.get(..9).unwrap_or(&self.code)
    }

    /// A stream of random numbers for one purpose in this village.
    pub(crate) fn stream(&self, seed: u64, purpose: &str) -> Stream {
        Stream::new(seed, purpose, &self.code)
    }

    /// Draws a village with the events that were planned for it.
    pub(crate) fn draw(
        options: &ProvinceOptions,
        county: &County,
        (town, number): (usize, usize),
        events: Vec<Event>,
    ) -> Self {
        let code: Arc<str> = format!("{}{:03}{:03}", county.code, 100 + town, 200 + number).into();
        let mut stream = Stream::new(options.seed, "province-village", &code);
        let people = people(options, county, (town, &code), &mut stream);
        let held: i64 = people.iter().map(|p| p.contract(0)).sum();
        let arable = held as f64 / 100.0 * stream.between(1.0, 1.25);
        let green = if county.vegetable[town] { (0.22, 0.40) } else { (0.03, 0.20) };
        let land = Land {
            arable,
            grain: arable * stream.between(0.42, 0.62),
            vegetable: arable * stream.between(green.0, green.1),
            orchard: arable * stream.between(0.0, 0.10),
            swap: stream.between(0.2, 0.9),
        };
        let without = stream.between(0.05, 0.4);
        let households = nearest(people.len() as f64 * (1.0 + without));
        let town_key = format!("{}{:03}", county.code, 100 + town);
        let desks = 1 + Stream::new(options.seed, "province-desks", &town_key).below(3) as usize;
        let approver = pseudonym(options.seed, "approver", &town_key, number % desks);
        let recorder = pseudonym(options.seed, "recorder", &town_key, number * 2 / 3);
        let centre = Stream::new(options.seed, "province-place", &town_key).between(0.0, 1.0);
        let mut village = Self {
            town,
            people,
            households: u32::try_from(households).unwrap_or_default(),
            land,
            leases: Vec::new(),
            events,
            sown: Vec::new(),
            desk: (recorder.into(), approver.into()),
            position: (
                30.0 + f64::from(county.number) * 0.4 + centre * 0.3 + 0.05 * stream.normal(),
                105.0 + town as f64 * 0.12 + 0.05 * stream.normal(),
            ),
            rows: Vec::new(),
            cells: Vec::new(),
            merged: None,
            code,
        };
        village.lease(options, &mut stream);
        village.sow(options, county, &mut stream);
        village.grow(options, county, &mut stream);
        village
    }

    /// One villager in forty farms the land of several others, with a registered lease.
    fn lease(&mut self, options: &ProvinceOptions, stream: &mut Stream) {
        let count = self.people.len();
        for grower in 0..count {
            if !stream.chance(0.025) {
                continue;
            }
            for lessor in stream.choose(count, 5) {
                let own = &self.people[lessor];
                if lessor == grower || own.weight <= 0.0 {
                    continue;
                }
                let share = stream.between(0.5, 1.0);
                let moved = own.weight * share;
                let area = nearest(own.contract(0) as f64 * share / 10.0) * 10;
                let since = options.first_year() - 1;
                let (from, to) = (own.id.clone(), self.people[grower].id.clone());
                self.leases.push(Lease { from, to, area, since });
                self.people[lessor].weight -= moved;
                self.people[grower].weight += moved;
            }
        }
    }

    /// The truly sown area of every year and crop.
    fn sow(&mut self, options: &ProvinceOptions, county: &County, stream: &mut Stream) {
        let shares: Vec<f64> = county
            .crops
            .iter()
            .map(|c| if stream.chance(c.spread) { c.share * stream.factor(0.15) } else { 0.0 })
            .collect();
        let mut own = 0.0;
        for year in 0..options.years() {
            own = county.spreads.memory * own + county.spreads.village * stream.normal();
            let events: f64 = self.events.iter().map(|e| e.real(year)).sum();
            let level = exp(county.real_shift[self.town][year] + own + events);
            let ordinary = self.land.grain * level;
            let each = shares
                .iter()
                .zip(&county.price)
                .map(|(share, price)| share * ordinary * exp(price[year] + 0.01 * stream.normal()));
            self.sown.push(each.collect());
        }
    }

    /// Divides what is claimable among the people; areas stay as they are unless something changed.
    fn grow(&mut self, options: &ProvinceOptions, county: &County, stream: &mut Stream) {
        let (persistent, transient) = county.spreads.claim;
        let own = persistent * stream.normal();
        for year in 0..options.years() {
            let shift = county.claim_shift[self.town][year] + own + transient * stream.normal();
            let rate = county.enrolled * exp(shift);
            for person in &mut self.people {
                person.areas.push(vec![0; county.crops.len()]);
            }
            for crop in 0..county.crops.len() {
                let target = self.sown[year][crop] * rate * 100.0;
                self.divide(stream, (year, crop), target, county.spreads.restless);
            }
        }
    }

    fn divide(
        &mut self,
        stream: &mut Stream,
        (year, crop): (usize, usize),
        target: f64,
        restless: f64,
    ) {
        let here: Vec<usize> = (0..self.people.len())
            .filter(|i| (self.people[*i].span.0..=self.people[*i].span.1).contains(&year))
            .collect();
        let all: f64 = here.iter().map(|i| self.people[*i].weight).sum();
        let before = |p: &Person| year.checked_sub(1).map_or(0, |last| p.areas[last][crop]);
        let mut areas: Vec<f64> = Vec::with_capacity(here.len());
        for &i in &here {
            let person = &self.people[i];
            let old = before(person);
            let fresh = year == 0 || year == person.span.0;
            let share = if all > 0.0 { target * person.weight / all } else { 0.0 };
            areas.push(if fresh { share * stream.between(0.8, 1.2) } else { old as f64 });
        }
        if year > 0 {
            change(stream, &mut areas, target, restless);
        }
        for (&i, area) in here.iter().zip(areas) {
            let person = &mut self.people[i];
            person.areas[year][crop] = nearest(area / person.grid as f64) * person.grid;
        }
    }
}

/// Moves a sum to `target` by changing the areas of some people, as few as the change allows.
fn change(stream: &mut Stream, areas: &mut [f64], target: f64, restless: f64) {
    let sum: f64 = areas.iter().sum();
    let delta = target - sum;
    let order: Vec<f64> = areas.iter().map(|_| stream.uniform()).collect();
    let mut share = restless;
    let weight = |share: f64, areas: &[f64]| -> f64 {
        areas.iter().zip(&order).filter(|(_, o)| **o < share).map(|(a, _)| *a).sum()
    };
    while share < 1.0 && weight(share, areas) < 3.0 * delta.abs() {
        share += 0.15;
    }
    let parts: Vec<f64> = areas
        .iter()
        .zip(&order)
        .map(|(a, o)| if *o < share { a * stream.between(0.2, 1.8) } else { 0.0 })
        .collect();
    let all: f64 = parts.iter().sum();
    if all > 0.0 {
        for (area, part) in areas.iter_mut().zip(parts) {
            *area = (*area + delta * part / all).max(0.1 * *area);
        }
    }
}

fn people(
    options: &ProvinceOptions,
    county: &County,
    (town, code): (usize, &Arc<str>),
    stream: &mut Stream,
) -> Vec<Person> {
    let years = options.years();
    let range = if options.classic() { (0.8, 1.2) } else { (0.5, 1.6) };
    let count = nearest(f64::from(options.claimants) * stream.between(range.0, range.1));
    let count = usize::try_from(count).unwrap_or_default().max(8);
    let groups = stream.whole(2, 6);
    let size = stream.between(400.0, 1_400.0);
    // Land was dealt out per head in some villages: equal areas inside a group are honest there.
    let per_head = (!options.classic() && stream.chance(0.25)).then(|| stream.between(80.0, 250.0));
    let mut people: Vec<Person> = Vec::with_capacity(count);
    let mut home = 0;
    while people.len() < count {
        home += 1;
        let members = 1 + usize::from(stream.chance(0.12)) + usize::from(stream.chance(0.02));
        let one_card = stream.chance(0.6);
        let group = 1 + people.len() * groups / count;
        for member in 0..members {
            let number = people.len();
            let grid = grid(stream, county.grids);
            let drawn = match per_head {
                Some(each) => (each + 10.0 * group as f64) * stream.whole(1, 6) as f64,
                None => size * stream.factor(0.5) / members as f64,
            };
            let contract = (nearest(drawn / grid as f64) * grid).max(grid);
            let card = if one_card { number - member } else { number };
            people.push(Person {
                id: pseudonym(options.seed, "claimant", code, number).into(),
                household: format!("{code}-H{home:03}").into(),
                account: pseudonym(options.seed, "account", code, card).into(),
                group: i16::try_from(group).unwrap_or(1),
                grid,
                parcels: parcels(stream, code, number, contract),
                allotted: None,
                weight: contract as f64 * stream.factor(0.25),
                span: span(stream, years),
                areas: Vec::with_capacity(years),
                filed: vec![true; years],
                born: 1935 + i16::try_from(stream.below(60)).unwrap_or_default(),
                died: None,
                registered: !stream.chance(county.unregistered[town]),
                cadre: false,
                kin: None,
            });
        }
    }
    cadres(stream, &mut people);
    people
}

fn grid(stream: &mut Stream, (halves, tenths): (f64, f64)) -> i64 {
    let drawn = stream.uniform();
    match drawn {
        d if d < halves => 50,
        d if d < halves + tenths => 10,
        _ => 1,
    }
}

fn span(stream: &mut Stream, years: usize) -> (usize, usize) {
    let last = years - 1;
    let drawn = stream.uniform();
    let year = stream.whole(0, last);
    match drawn {
        d if d < 0.06 => (year, last),
        d if d < 0.11 => (0, year),
        _ => (0, last),
    }
}

fn parcels(stream: &mut Stream, code: &str, number: usize, contract: i64) -> Vec<Parcel> {
    let count = if contract < 200 { 1 } else { stream.whole(1, 3) };
    let mut left = contract;
    (0..count)
        .map(|i| {
            let share = stream.between(0.3, 0.6);
            let own = if i + 1 == count { left } else { nearest(left as f64 * share) };
            left -= own;
            Parcel { id: format!("{code}-D{number:03}{i}").into(), area: own, class: "arable" }
        })
        .collect()
}

/// Three to six cadres and one to three relatives of each.
fn cadres(stream: &mut Stream, people: &mut [Person]) {
    let count = stream.whole(3, 6);
    for cadre in stream.choose(people.len(), count) {
        people[cadre].cadre = true;
        let relatives = stream.whole(1, 3);
        for relative in stream.choose(people.len(), relatives) {
            if relative != cadre && !people[relative].cadre {
                people[relative].kin = Some(cadre);
            }
        }
    }
}
