//! People and land of one village, every year, before any claim is written. Areas in hundredths of a mu.

use crate::gazetteer::{ANWU, Place};
use crate::plan::Plan;
use crate::stream::{Stream, nearest, pseudonym};
use std::sync::Arc;

/// Grain of one person in one year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Grain {
    /// Wheat, summer harvest.
    pub(crate) wheat: i64,
    /// Spring potato, summer harvest.
    pub(crate) potato: i64,
    /// Maize, autumn harvest.
    pub(crate) maize: i64,
}

/// Someone who claims in a village: a villager, or somebody from elsewhere with land here.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    /// Number in the village's list.
    pub(crate) slot: usize,
    /// Pseudonym.
    pub(crate) id: Arc<str>,
    /// Household.
    pub(crate) household: Arc<str>,
    /// Account.
    pub(crate) account: Arc<str>,
    /// Villagers' group.
    pub(crate) group: i16,
    /// Contracted land; 0 for who only leases here.
    pub(crate) contracted: i64,
    /// Grain, year by year.
    pub(crate) grain: Vec<Grain>,
    /// First and last index of the years in which the person is enrolled.
    pub(crate) enrolled: (usize, usize),
    /// Party of a lease: not touched by anything else.
    pub(crate) leases: bool,
}

/// Land of the village as it truly is, year by year.
#[derive(Debug, Clone)]
pub(crate) struct Land {
    /// Arable land.
    pub(crate) arable: i64,
    /// Contract register.
    pub(crate) contracted: i64,
    /// Share of sown grain that anyone claims.
    pub(crate) coverage: f64,
    /// Vegetables per season: summer, autumn.
    pub(crate) vegetable: Vec<[i64; 2]>,
    /// Orchard.
    pub(crate) orchard: Vec<i64>,
    /// Rapeseed, summer harvest.
    pub(crate) rapeseed: Vec<i64>,
}

/// A village.
#[derive(Debug, Clone)]
pub(crate) struct Village {
    /// Where it is.
    pub(crate) place: Place,
    /// Villagers by slot, then people from elsewhere.
    pub(crate) people: Vec<Person>,
    /// Households, those without a claim included.
    pub(crate) households: u32,
    /// Land.
    pub(crate) land: Land,
}

/// Shares of arable land.
struct Shares {
    vegetable: f64,
    orchard: f64,
    rapeseed: f64,
    potato: f64,
    wheat: f64,
    maize: f64,
}

impl Village {
    pub(crate) fn draw(plan: &Plan, place: &Place) -> Self {
        let shares = shares(plan, place);
        let mut people = villagers(plan, place);
        let mut stream = Stream::new(plan.seed, "land", &place.code);
        let held: i64 = people.iter().map(|p| p.contracted).sum();
        let arable = nearest(held as f64 / (0.93 + 0.008 * stream.normal()));
        let contracted = nearest(held as f64 * stream.between(1.0, 1.02));
        let coverage = 0.94 + 0.013 * stream.normal();
        let without = stream.between(0.06, 0.15);
        let homes: std::collections::BTreeSet<&str> =
            people.iter().map(|p| &*p.household).collect();
        let households = u32::try_from(nearest(homes.len() as f64 * (1.0 + without)));
        let households = households.unwrap_or_default();
        first_year(&mut stream, &shares, &mut people);
        let mut land = Land {
            arable,
            contracted,
            coverage,
            vegetable: vec![[
                part(arable, shares.vegetable),
                part(arable, shares.vegetable * stream.between(0.94, 1.0)),
            ]],
            orchard: vec![part(arable, shares.orchard)],
            rapeseed: vec![part(arable, shares.rapeseed)],
        };
        for index in 1..plan.years.len() {
            later_year(plan, place, index, &mut people, &mut land);
        }
        if place.code == plan.restored {
            restore(plan, &mut people, &mut land);
        }
        Self { place: place.clone(), people, households, land }
    }

    /// True sown area of a grain crop: what all people grow here, claimed or not.
    pub(crate) fn sown(&self, index: usize, crop: impl Fn(&Grain) -> i64) -> i64 {
        let grown: i64 = self.people.iter().filter_map(|p| p.grain.get(index)).map(crop).sum();
        nearest(grown as f64 / self.land.coverage)
    }
}

fn part(whole: i64, share: f64) -> i64 {
    nearest(whole as f64 * share)
}

/// Wheat and maize country; An'wu a vegetable town, orchards towards the northern hills, some potatoes.
fn shares(plan: &Plan, place: &Place) -> Shares {
    let mut stream = Stream::new(plan.seed, "shares", &place.code);
    let north = matches!(place.town_code(), "610423104" | "610423105" | "610423114");
    let vegetable = if place.town_code() == ANWU {
        stream.between(0.24, 0.31)
    } else if place.code == plan.restored {
        0.24
    } else {
        stream.between(0.04, 0.13)
    };
    let orchard = if north { stream.between(0.08, 0.16) } else { stream.between(0.02, 0.06) };
    let rapeseed = if stream.chance(0.3) { stream.between(0.008, 0.03) } else { 0.0 };
    let potato = if stream.chance(0.3) { stream.between(0.008, 0.025) } else { 0.0 };
    let fallow = stream.between(0.06, 0.10);
    let wheat = 1.0 - vegetable - orchard - rapeseed - potato - fallow;
    let maize = wheat - stream.between(0.0, 0.04);
    Shares { vegetable, orchard, rapeseed, potato, wheat, maize }
}

fn villagers(plan: &Plan, place: &Place) -> Vec<Person> {
    let mut stream = Stream::new(plan.seed, "people", &place.code);
    let count = if place.town_code() == ANWU || place.code == plan.restored {
        44 + stream.below(12) as usize
    } else {
        27 + stream.below(29) as usize
    };
    let last = plan.years.len().saturating_sub(1);
    let mut people: Vec<Person> = Vec::with_capacity(count);
    let mut home = 0;
    while people.len() < count {
        home += 1;
        let members = if stream.chance(0.01) { 3 } else { 1 + usize::from(stream.chance(0.08)) };
        let shared_card = stream.chance(0.6);
        let group = i16::try_from(1 + home * 5 / count).unwrap_or(1);
        let size = 3.0 + 18.0 * (stream.uniform() + stream.uniform()) / 2.0;
        for member in 0..members {
            let slot = people.len();
            let card = if shared_card { slot - member } else { slot };
            let mut contracted = nearest(size / members as f64 * 100.0);
            if stream.chance(0.3) {
                contracted = (contracted + 25) / 50 * 50;
            }
            people.push(Person {
                slot,
                id: pseudonym(plan.seed, "claimant", &place.code, slot).into(),
                household: format!("{}-H{home:03}", place.code).into(),
                account: pseudonym(plan.seed, "account", &place.code, card).into(),
                group,
                contracted,
                grain: Vec::with_capacity(last + 1),
                enrolled: (0, last),
                leases: false,
            });
        }
    }
    enrol(&mut stream, &mut people, last);
    people
}

/// At most one villager a year starts and one stops claiming; every fifth slot only, so that leases, which
/// take other slots, stay whole.
fn enrol(stream: &mut Stream, people: &mut [Person], last: usize) {
    let fifth = u32::try_from(people.len() / 5).unwrap_or_default();
    for year in 1..=last {
        let slots = [stream.below(fifth), stream.below(fifth)].map(|s| s as usize * 5 + 4);
        let moves = [stream.chance(0.25), stream.chance(0.2)];
        if let Some(person) = people.get_mut(slots[0]).filter(|p| moves[0] && p.enrolled.0 == 0) {
            person.enrolled.0 = year;
        }
        let stays = |p: &&mut Person| p.enrolled == (0, last);
        if let Some(person) = people.get_mut(slots[1]).filter(|p| moves[1] && stays(p)) {
            person.enrolled.1 = year - 1;
        }
    }
}

fn first_year(stream: &mut Stream, shares: &Shares, people: &mut [Person]) {
    for person in people {
        let land = person.contracted as f64;
        let cap = person.contracted * 95 / 100;
        let taste = stream.between(0.85, 1.15);
        person.grain.push(Grain {
            wheat: nearest(land * shares.wheat * taste).min(cap),
            potato: if stream.chance(0.2) { nearest(land * shares.potato * 5.0) } else { 0 },
            maize: nearest(land * shares.maize * stream.between(0.9, 1.1) * taste).min(cap),
        });
    }
}

/// A fifth of the people changes what they sow; the village as a whole moves by about 1 % (domain: honest
/// change is far smaller than honest difference of level).
fn later_year(plan: &Plan, place: &Place, index: usize, people: &mut [Person], land: &mut Land) {
    let year = plan.years[index];
    let mut stream = Stream::new(plan.seed, "change", &format!("{}/{year}", place.code));
    let drift = plan.town_change(place.town_code(), year) + 0.006 * stream.normal();
    for person in people.iter_mut() {
        let before = person.grain[index - 1];
        let changes = stream.chance(0.2);
        let factor = 1.0 + 5.0 * drift + 0.05 * stream.normal();
        let cap = person.contracted * 95 / 100;
        let next = |area: i64| nearest(area as f64 * factor).clamp(0, cap);
        let after = Grain { wheat: next(before.wheat), maize: next(before.maize), ..before };
        person.grain.push(if changes { after } else { before });
    }
    // Vegetables of the six villages stay as they are: that is what the case is about.
    let flat = plan.six.contains(&place.code);
    let mut move_by = |area: i64, sd: f64| {
        let change = sd * stream.normal();
        nearest(area as f64 * (1.0 + if flat { 0.001 * change.abs() } else { change }))
    };
    let [summer, autumn] = land.vegetable[index - 1];
    land.vegetable.push([move_by(summer, 0.008), move_by(autumn, 0.008)]);
    land.orchard.push(move_by(land.orchard[index - 1], 0.004));
    land.rapeseed.push(move_by(land.rapeseed[index - 1], 0.04));
}

/// In the last year half the people of one village give up vegetables for grain; the land is the same.
fn restore(plan: &Plan, people: &mut [Person], land: &mut Land) {
    let last = plan.years.len() - 1;
    if last == 0 {
        return;
    }
    let mut added = [0, 0];
    for person in people.iter_mut().filter(|p| p.slot % 2 == 0) {
        let cap = person.contracted * 95 / 100;
        let now = &mut person.grain[last];
        let next = |area: i64| nearest(area as f64 * 1.36).clamp(area, cap);
        let (wheat, maize) = (next(now.wheat), next(now.maize));
        added = [added[0] + wheat - now.wheat, added[1] + maize - now.maize];
        (now.wheat, now.maize) = (wheat, maize);
    }
    for (area, added) in land.vegetable[last].iter_mut().zip(added) {
        *area -= nearest(added as f64 / land.coverage).min(*area);
    }
}
