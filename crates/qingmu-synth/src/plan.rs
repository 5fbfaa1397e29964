//! What the seed decides for the county as a whole before any village is drawn.

use crate::county::{CountyOptions, FERTILITY};
use crate::gazetteer::{ANWU, LUOWU, Place};
use crate::stream::{Stream, nearest, pseudonym};
use qingmu_model::Yuan;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The county-wide decisions.
pub(crate) struct Plan {
    /// Seed.
    pub(crate) seed: u64,
    /// Years in order.
    pub(crate) years: Vec<i16>,
    /// The six villages of the re-enactment, planted or not.
    pub(crate) six: BTreeSet<Arc<str>>,
    /// The village that turns vegetables back into grain, honestly, in the last year.
    pub(crate) restored: Arc<str>,
    /// The town that entered the ledger one year late.
    pub(crate) late_town: String,
    /// Approver of each village.
    pub(crate) approver: BTreeMap<Arc<str>, Arc<str>>,
}

/// Per cent by which the re-survey of the second year enlarged every area on paper.
const RESURVEY_PERCENT: i64 = 104;

impl Plan {
    pub(crate) fn new(options: &CountyOptions, rural: &[Place]) -> Self {
        let seed = options.seed;
        let mut stream = Stream::new(seed, "plan", "county");
        let towns: BTreeSet<&str> = rural.iter().map(Place::town_code).collect();
        let others: Vec<&str> = towns.iter().copied().filter(|t| *t != ANWU).collect();
        let single: BTreeSet<String> = others
            .iter()
            .enumerate()
            .filter(|(i, _)| i % 4 == 3)
            .map(|(_, t)| (*t).into())
            .collect();
        let several: Vec<&str> = others.iter().copied().filter(|t| !single.contains(*t)).collect();
        let late_town = pick(&mut stream, &several).copied().unwrap_or_default().to_owned();
        let candidates: Vec<&Place> =
            rural.iter().filter(|p| single.contains(p.town_code())).collect();
        let restored = pick(&mut stream, &candidates).map(|p| p.code.clone()).unwrap_or_default();
        let six = six_villages(&mut stream, rural);
        let approver = approvers(seed, rural, &six, &single);
        let years = options.years.clone().collect();
        Self { seed, years, six, restored, late_town, approver }
    }

    /// First year in which a town claims at all.
    pub(crate) fn first_year(&self, town: &str) -> i16 {
        let first = self.years.first().copied().unwrap_or_default();
        if town == self.late_town { first.saturating_add(1) } else { first }
    }

    /// Relative change of a town's grain in a year: the county's 0.1 % a year (domain: Dengfeng's audit)
    /// and what the town's farmers do in common.
    pub(crate) fn town_change(&self, town: &str, year: i16) -> f64 {
        let county = Stream::new(self.seed, "county-change", &year.to_string()).normal();
        let town = Stream::new(self.seed, "town-change", &format!("{town}/{year}")).normal();
        0.001 * county + 0.005 * town
    }

    /// Rate of a programme in the county and year, invented.
    pub(crate) fn rate(&self, programme: &str, index: usize) -> Yuan {
        let step = i64::try_from(index).unwrap_or_default();
        let year = self.years.get(index).copied().unwrap_or_default();
        let place = format!("{programme}/{year}");
        let cents = nearest(Stream::new(self.seed, "rate", &place).between(0.0, 60.0));
        let base = if programme == FERTILITY { 6_600 } else { 2_950 };
        Yuan::from_raw(base + step * 180 + cents)
    }
}

/// Area on paper (hundredths of a mu) in the year numbered `index`: after the re-survey of the second year it
/// is the same land, four per cent larger.
pub(crate) fn on_paper(index: usize, hundredths: i64) -> i64 {
    if index == 0 { hundredths } else { (hundredths * RESURVEY_PERCENT + 50) / 100 }
}

fn pick<'a, T>(stream: &mut Stream, from: &'a [T]) -> Option<&'a T> {
    let index = stream.below(u32::try_from(from.len()).unwrap_or_default());
    from.get(index as usize)
}

/// Luowu and five others of An'wu town. Which others were involved in reality is not public.
fn six_villages(stream: &mut Stream, rural: &[Place]) -> BTreeSet<Arc<str>> {
    let of_town = |p: &&Place| p.town_code() == ANWU && &*p.code != LUOWU;
    let mut rest: Vec<&Place> = rural.iter().filter(of_town).collect();
    let mut six: BTreeSet<Arc<str>> = BTreeSet::from([Arc::from(LUOWU)]);
    while six.len() < 6 && !rest.is_empty() {
        let index = stream.below(u32::try_from(rest.len()).unwrap_or_default()) as usize;
        six.insert(rest.remove(index).code.clone());
    }
    six
}

/// Villages of a town are divided among its approvers by code; in An'wu the first approver has the six and
/// two more, whether or not the case is planted.
fn approvers(
    seed: u64,
    rural: &[Place],
    six: &BTreeSet<Arc<str>>,
    single: &BTreeSet<String>,
) -> BTreeMap<Arc<str>, Arc<str>> {
    let mut towns: BTreeMap<&str, Vec<&Place>> = BTreeMap::new();
    for place in rural {
        towns.entry(place.town_code()).or_default().push(place);
    }
    let mut approver = BTreeMap::new();
    for (town, mut villages) in towns {
        if town == ANWU {
            villages.sort_by_key(|p| (!six.contains(&p.code), p.code.clone()));
        }
        let desks = if single.contains(town) { 1 } else { 2 + usize::from(villages.len() > 14) };
        for (i, place) in villages.iter().enumerate() {
            let id = pseudonym(seed, "approver", town, i * desks / villages.len());
            approver.insert(place.code.clone(), Arc::from(id));
        }
    }
    approver
}
