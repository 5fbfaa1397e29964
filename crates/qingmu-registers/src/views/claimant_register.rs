//! `claimant_register`: claimants about whom a register or the claims say something that a rule could ask about.

use crate::gather::Context;
use crate::ground::{NONE, Sums};
use crate::sheet::Sheet;
use hashbrown::{HashMap, HashSet};
use qingmu_input::id_hash;
use qingmu_model::{Season, View, ViewName};
use std::collections::BTreeMap;

/// Claimant, year, programme, village.
type Key = (u32, i16, u32, u32);
/// Village, year, programme.
type Place = (u32, i16, u32);

/// Ages outside of these are listed, so that a rule's parameters have room.
const AGES: std::ops::RangeInclusive<i64> = 18..=75;
/// Listed from this area on, if it is several times the village's median, 0.0001 mu.
const LARGE: i64 = 200_000;
/// Times the median.
const TIMES: i64 = 3;

#[derive(Debug, Default)]
struct Own {
    sums: Sums,
    seasons: BTreeMap<Season, i64>,
    household: Option<u32>,
    account_ids: Option<i64>,
}

impl Own {
    /// Land claimed: the largest season.
    fn land(&self) -> i64 {
        self.seasons.values().copied().max().unwrap_or_default()
    }
}

/// Claimants of one village, year and programme: their land, ascending, and the sum of all areas.
#[derive(Debug, Default)]
struct Peers {
    areas: Vec<i64>,
    total: i64,
}

impl Peers {
    /// The median, nearest rank.
    fn median(&self) -> Option<i64> {
        self.areas.get(self.areas.len().div_ceil(2).saturating_sub(1)).copied()
    }

    /// The 99th percentile of all but one of area `own`, nearest rank.
    fn high_beside(&self, own: i64) -> Option<i64> {
        let others = self.areas.len().checked_sub(1).filter(|n| *n > 0)?;
        let place = (99 * others).div_ceil(100) - 1;
        // Leaving one out moves everything behind it down a place.
        let gone = self.areas.partition_point(|area| *area < own);
        self.areas.get(if gone <= place { place + 1 } else { place }).copied()
    }
}

/// One listed row with all that is known.
#[derive(Debug, Default)]
struct Line {
    actual_grower: bool,
    organisation: bool,
    id_valid: Option<bool>,
    age: Option<i64>,
    dead_days: Option<i64>,
    cadre: Option<bool>,
    cadre_kin: Option<bool>,
    payroll: Option<bool>,
    payroll_allowed: Option<bool>,
    resident: Option<bool>,
    rural: Option<bool>,
    welfare: Option<bool>,
    lives_alone: Option<bool>,
    names: Option<i64>,
    leased: Option<i64>,
    median: Option<i64>,
    high: Option<i64>,
    claimants: i64,
    prev: Option<i64>,
    growth: Option<f64>,
    rep_cadre: Option<bool>,
    members: Option<i64>,
    claiming_members: Option<i64>,
}

struct Maker<'a, 'c> {
    context: &'a Context<'c>,
    own: BTreeMap<Key, Own>,
    peers: HashMap<Place, Peers>,
    /// Hashes of everybody who claims in a year.
    claiming: HashSet<(u128, i16)>,
}

pub(super) fn make(context: &Context<'_>) -> View {
    let maker = Maker::new(context);
    let mut rows: Vec<(Key, &Own, Line)> = Vec::new();
    let mut not_listed = 0;
    for (key, own) in &maker.own {
        let line = maker.line(*key, own);
        if notable(own, &line) {
            rows.push((*key, own, line));
        } else {
            not_listed += 1;
        }
    }
    sheet(context, &rows, not_listed)
}

/// Whether any rule could ask about a claimant.
fn notable(own: &Own, line: &Line) -> bool {
    let yes = |flag: Option<bool>| flag == Some(true);
    let large = own.land() >= LARGE
        && line.median.is_some_and(|median| own.land() >= median.saturating_mul(TIMES));
    line.organisation
        || line.id_valid == Some(false)
        || line.age.is_some_and(|age| !AGES.contains(&age))
        || line.dead_days.is_some_and(|days| days > 0)
        || [line.cadre, line.cadre_kin, line.payroll, line.welfare].into_iter().any(yes)
        || line.resident == Some(false)
        || line.rural == Some(false)
        || line.names.is_some_and(|n| n > 1)
        || own.account_ids.is_some_and(|n| n > 1)
        || large
}

impl<'a, 'c> Maker<'a, 'c> {
    fn new(context: &'a Context<'c>) -> Self {
        let ground = context.ground;
        let mut own: BTreeMap<Key, Own> = BTreeMap::new();
        let hashes: Vec<u128> =
            ground.claimants.list.iter().map(|id| id_hash(id.as_bytes())).collect();
        let mut claiming = HashSet::new();
        for row in &ground.rows {
            let entry =
                own.entry((row.claimant, row.year, row.programme, row.village)).or_default();
            entry.sums.add(row);
            *entry.seasons.entry(row.season).or_default() += row.area;
            entry.household = entry.household.or(Some(row.household).filter(|h| *h != NONE));
            if row.name != NONE && row.account != NONE {
                entry.account_ids = entry.account_ids.max(context.names.ids(row.account, row.name));
            }
            claiming.insert((hashes[row.claimant as usize], row.year));
        }
        let mut peers: HashMap<Place, Peers> = HashMap::new();
        for ((_, year, programme, village), own) in &own {
            let of = peers.entry((*village, *year, *programme)).or_default();
            of.areas.push(own.land());
            of.total = of.total.saturating_add(own.sums.area);
        }
        #[allow(clippy::iter_over_hash_type, reason = "each list is sorted by itself")]
        for of in peers.values_mut() {
            of.areas.sort_unstable();
        }
        Self { context, own, peers, claiming }
    }

    fn line(&self, key: Key, own: &Own) -> Line {
        let (claimant, year, programme, village) = key;
        let ground = self.context.ground;
        let people = &self.context.people;
        let id = &ground.claimants.list[claimant as usize];
        let hash = id_hash(id.as_bytes());
        let place = &ground.villages.list[village as usize];
        let of_programme = (&*ground.programmes.list[programme as usize], year);
        let schedule = &self.context.schedule;
        let eligible_on = schedule.eligible_on(of_programme, place);
        let person = people.get(hash);
        let here = self.peers.get(&(village, year, programme));
        let (prev, growth) = self.past(key, own);
        let mut line = Line {
            actual_grower: ground.actual_grower[programme as usize],
            organisation: people.is_organisation(hash, id),
            id_valid: people.id_valid(hash, id),
            age: people.age(hash, id, eligible_on),
            dead_days: person.filter(|p| !p.death_unreadable).map(|p| {
                p.deceased_on.map_or(0, |died| i64::from(eligible_on) - i64::from(died)).max(0)
            }),
            cadre: people.is_cadre(hash, place, year),
            cadre_kin: people.is_cadre_kin(hash, place, year),
            payroll: person.and_then(|p| p.on_public_payroll),
            payroll_allowed: schedule.first(of_programme, place, |r| r.payroll_allowed),
            resident: person.and_then(|p| p.resident_of.as_ref()).map(|home| home == place),
            rural: person.and_then(|p| p.rural),
            welfare: people.welfare(hash),
            lives_alone: people.lives_alone(hash),
            names: self.context.names.count(claimant),
            leased: self.context.entitlements.leased_in(hash, year),
            median: here.and_then(Peers::median),
            high: here.and_then(|p| p.high_beside(own.land())),
            claimants: here.map_or(0, |p| i64::try_from(p.areas.len()).unwrap_or(i64::MAX)),
            prev,
            growth,
            ..Line::default()
        };
        self.organisation(hash, place, year, &mut line);
        line
    }

    /// Own area of the year before, and what the village's others grew by.
    fn past(&self, key: Key, own: &Own) -> (Option<i64>, Option<f64>) {
        let (claimant, year, programme, village) = key;
        let Some(before) = self.peers.get(&(village, year - 1, programme)) else {
            return (None, None);
        };
        let prev = self.own.get(&(claimant, year - 1, programme, village));
        let prev = prev.map_or(0, |own| own.sums.area);
        let now = self.peers.get(&(village, year, programme)).map_or(0, |p| p.total);
        let (others, then) = (now - own.sums.area, before.total - prev);
        (Some(prev), (then > 0).then(|| others as f64 / then as f64))
    }

    fn organisation(&self, hash: u128, place: &str, year: i16, line: &mut Line) {
        let people = &self.context.people;
        let Some((reps, members)) = people.organisation(hash) else { return };
        let tied = |rep: &u128| {
            let own = people.is_cadre(*rep, place, year);
            let kin = people.is_cadre_kin(*rep, place, year);
            if own == Some(true) || kin == Some(true) { Some(true) } else { own.or(kin) }
        };
        let known: Vec<Option<bool>> = reps.iter().map(tied).collect();
        line.rep_cadre = if known.contains(&Some(true)) {
            Some(true)
        } else {
            known.iter().all(Option::is_some).then_some(false).filter(|_| !known.is_empty())
        };
        let active = |member: &&u128| {
            self.claiming.contains(&(**member, year))
                || self.context.entitlements.leases_out(**member, year)
        };
        line.members = i64::try_from(members.len()).ok();
        line.claiming_members = i64::try_from(members.iter().filter(active).count()).ok();
    }
}

fn sheet(context: &Context<'_>, rows: &[(Key, &Own, Line)], not_listed: u64) -> View {
    let ground = context.ground;
    let mut sheet = Sheet::new(ViewName::ClaimantRegister, rows.len(), not_listed);
    sheet.text("claimant_id", rows.iter().map(|(k, ..)| ground.claimants.get(k.0)));
    sheet.number("year", rows.iter().map(|(k, ..)| Some(i64::from(k.1))));
    sheet.text("programme", rows.iter().map(|(k, ..)| ground.programmes.get(k.2)));
    sheet.text("village_code", rows.iter().map(|(k, ..)| ground.villages.get(k.3)));
    let household = |own: &Own| own.household.and_then(|h| ground.households.get(h));
    sheet.text("household_id", rows.iter().map(|(_, own, _)| household(own)));
    let mut own = |name: &str, value: &dyn Fn(&Own) -> Option<i64>| {
        sheet.number(name, rows.iter().map(|(_, own, _)| value(own)));
    };
    own("area_mu", &|o| Some(o.sums.area));
    own("land_mu", &|o| Some(o.land()));
    own("amount_yuan", &|o| Some(o.sums.amount));
    own("claims", &|o| Some(o.sums.claims));
    own("account_ids", &|o| o.account_ids);
    let mut number = |name: &str, value: &dyn Fn(&Line) -> Option<i64>| {
        sheet.number(name, rows.iter().map(|(.., line)| value(line)));
    };
    number("age", &|l| l.age);
    number("dead_days", &|l| l.dead_days);
    number("names", &|l| l.names);
    number("leased_mu", &|l| l.leased);
    number("village_median_mu", &|l| l.median);
    number("village_high_mu", &|l| l.high);
    number("village_claimants", &|l| Some(l.claimants));
    number("prev_mu", &|l| l.prev);
    number("members", &|l| l.members);
    number("claiming_members", &|l| l.claiming_members);
    sheet.real("others_growth", rows.iter().map(|(.., line)| line.growth));
    let mut flag = |name: &str, value: &dyn Fn(&Line) -> Option<bool>| {
        sheet.flag(name, rows.iter().map(|(.., line)| value(line)));
    };
    flag("actual_grower", &|l| Some(l.actual_grower));
    flag("organisation", &|l| Some(l.organisation));
    flag("id_valid", &|l| l.id_valid);
    flag("cadre", &|l| l.cadre);
    flag("cadre_kin", &|l| l.cadre_kin);
    flag("payroll", &|l| l.payroll);
    flag("payroll_allowed", &|l| l.payroll_allowed);
    flag("resident", &|l| l.resident);
    flag("rural", &|l| l.rural);
    flag("welfare", &|l| l.welfare);
    flag("lives_alone", &|l| l.lives_alone);
    flag("rep_cadre", &|l| l.rep_cadre);
    sheet.finish()
}
