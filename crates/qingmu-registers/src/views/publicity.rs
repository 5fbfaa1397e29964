//! `village_programme_year` and `publicity_claimant`: what was posted for the village to read.

use super::payments::Paid;
use crate::gather::Context;
use crate::ground::Sums;
use crate::sheet::Sheet;
use hashbrown::{HashMap, HashSet};
use qingmu_input::tables::PublicityRow;
use qingmu_model::{View, ViewName};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Village, year, programme.
type Place = (u32, i16, u32);

/// Rows posted by place, and the counties and years of which anything is known.
struct Posted<'a> {
    rows: HashMap<Place, Vec<&'a PublicityRow>>,
    covered: HashSet<(Arc<str>, i16)>,
}

impl<'a> Posted<'a> {
    fn new(context: &'a Context<'_>) -> Self {
        let ground = context.ground;
        let mut all = Self { rows: HashMap::new(), covered: HashSet::new() };
        for row in context.tables.publicity.iter().flatten() {
            let county = context.project.region.peer_of(&row.village);
            all.covered.insert((Arc::from(county), row.year));
            let village = ground.villages.find(&row.village);
            let programme = ground.programmes.find(&row.programme);
            if let (Some(village), Some(programme)) = (village, programme) {
                all.rows.entry((village, row.year, programme)).or_default().push(row);
            }
        }
        all
    }

    fn days(&self, place: &Place) -> Option<i64> {
        let days = |row: &&PublicityRow| Some(i64::from(row.to?) - i64::from(row.from?) + 1);
        self.rows.get(place)?.iter().filter_map(days).max()
    }

    fn end(&self, place: &Place) -> Option<i32> {
        self.rows.get(place)?.iter().filter_map(|row| row.to).max()
    }
}

pub(super) fn villages(context: &Context<'_>) -> View {
    let ground = context.ground;
    let posted = Posted::new(context);
    let paid = Paid::new(context);
    let mut rows: BTreeMap<Place, (Sums, Option<i32>)> = BTreeMap::new();
    for row in &ground.rows {
        let entry = rows.entry((row.village, row.year, row.programme)).or_default();
        entry.0.add(row);
        let day = paid.of(row.id).filter_map(|p| p.paid_on).min();
        entry.1 = entry.1.into_iter().chain(day).min();
    }
    let mut sheet = Sheet::new(ViewName::VillageProgrammeYear, rows.len(), 0);
    sheet.text("village_code", rows.keys().map(|k| ground.villages.get(k.0)));
    sheet.number("year", rows.keys().map(|k| Some(i64::from(k.1))));
    sheet.text("programme", rows.keys().map(|k| ground.programmes.get(k.2)));
    sheet.number("claims", rows.values().map(|(s, _)| Some(s.claims)));
    sheet.number("area_mu", rows.values().map(|(s, _)| Some(s.area)));
    sheet.number("amount_yuan", rows.values().map(|(s, _)| Some(s.amount)));
    let is_posted = |place: &Place| {
        let county = Arc::clone(&ground.county[place.0 as usize]);
        posted.covered.contains(&(county, place.1)).then(|| posted.rows.contains_key(place))
    };
    sheet.flag("posted", rows.keys().map(is_posted));
    sheet.number("posted_days", rows.keys().map(|k| posted.days(k)));
    let required = |place: &Place| {
        let programme = &ground.programmes.list[place.2 as usize];
        let village = &ground.villages.list[place.0 as usize];
        context.schedule.first((programme, place.1), village, |r| r.publicity_days).map(i64::from)
    };
    sheet.number("required_days", rows.keys().map(required));
    let after = |(place, (_, day)): (&Place, &(Sums, Option<i32>))| {
        Some(i64::from((*day)?) - i64::from(posted.end(place)?))
    };
    sheet.number("paid_after_days", rows.iter().map(after));
    sheet.finish()
}

/// One claimant: claimed and posted.
#[derive(Debug, Default)]
struct Own {
    sums: Sums,
    posted: bool,
    area: Option<i64>,
    amount: Option<i64>,
}

pub(super) fn claimants(context: &Context<'_>) -> View {
    let ground = context.ground;
    let posted = Posted::new(context);
    let mut rows: BTreeMap<(Place, Arc<str>), Own> = BTreeMap::new();
    // A list without names says nothing of single claimants.
    let named: HashSet<Place> = {
        let has = |rows: &Vec<&PublicityRow>| rows.iter().any(|row| row.claimant.is_some());
        posted.rows.iter().filter(|(_, rows)| has(rows)).map(|(place, _)| *place).collect()
    };
    for row in &ground.rows {
        let place = (row.village, row.year, row.programme);
        if named.contains(&place) {
            let id = Arc::clone(&ground.claimants.list[row.claimant as usize]);
            rows.entry((place, id)).or_default().sums.add(row);
        }
    }
    #[allow(clippy::iter_over_hash_type, reason = "fills a sorted map: order cannot show")]
    for (place, list) in &posted.rows {
        for row in list {
            let Some(id) = &row.claimant else { continue };
            let own = rows.entry((*place, Arc::clone(id))).or_default();
            own.posted = true;
            let add = |sum: Option<i64>, raw: Option<i64>| {
                raw.map(|raw| sum.unwrap_or(0).saturating_add(raw)).or(sum)
            };
            own.area = add(own.area, row.area.map(qingmu_model::Mu::raw));
            own.amount = add(own.amount, row.amount.map(qingmu_model::Yuan::raw));
        }
    }
    let all = rows.len();
    let differs = |posted: Option<i64>, own: i64| posted.is_some_and(|posted| posted != own);
    rows.retain(|_, own| {
        !own.posted
            || own.sums.claims == 0
            || differs(own.area, own.sums.area)
            || differs(own.amount, own.sums.amount)
    });
    let mut sheet = Sheet::new(ViewName::PublicityClaimant, rows.len(), (all - rows.len()) as u64);
    sheet.text("village_code", rows.keys().map(|(p, _)| ground.villages.get(p.0)));
    sheet.number("year", rows.keys().map(|(p, _)| Some(i64::from(p.1))));
    sheet.text("programme", rows.keys().map(|(p, _)| ground.programmes.get(p.2)));
    sheet.text("claimant_id", rows.keys().map(|(_, id)| Some(Arc::clone(id))));
    sheet.number("area_mu", rows.values().map(|o| Some(o.sums.area)));
    sheet.number("amount_yuan", rows.values().map(|o| Some(o.sums.amount)));
    sheet.flag("posted", rows.values().map(|o| Some(o.posted)));
    sheet.flag("claimed", rows.values().map(|o| Some(o.sums.claims > 0)));
    sheet.number("posted_mu", rows.values().map(|o| o.area));
    sheet.number("posted_yuan", rows.values().map(|o| o.amount));
    sheet.finish()
}
