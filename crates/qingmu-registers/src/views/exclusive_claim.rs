//! `exclusive_claim`: claimants under two programmes that exclude one another.

use super::register_facts::{Claimed, Who, claimed};
use crate::gather::Context;
use crate::ground::NONE;
use crate::programmes::listed;
use crate::sheet::Sheet;
use hashbrown::HashMap;
use qingmu_model::{View, ViewName};
use std::collections::{BTreeMap, BTreeSet};

/// Area by claimant, year, parcel and programme.
type Parcels = HashMap<(u32, i16), BTreeMap<(u32, u32), i64>>;

/// Pairs of programme numbers, the smaller first, by year and by whether a village is in the region of the row.
fn pairs(context: &Context<'_>, village: u32, year: i16) -> BTreeSet<(u32, u32)> {
    let ground = context.ground;
    let village = &ground.villages.list[village as usize];
    let mut pairs = BTreeSet::new();
    for (number, programme) in (0_u32..).zip(&ground.programmes.list) {
        for row in context.schedule.at(programme, year, village) {
            let others = row.exclusive_with.as_deref().into_iter().flat_map(listed);
            for other in others.filter_map(|name| ground.programmes.find(name)) {
                if other != number {
                    pairs.insert((number.min(other), number.max(other)));
                }
            }
        }
    }
    pairs
}

pub(super) fn make(context: &Context<'_>) -> View {
    let ground = context.ground;
    if context.tables.programmes.is_none() {
        return Sheet::new(ViewName::ExclusiveClaim, 0, 0).finish();
    }
    let all = claimed(ground);
    let mut people: BTreeMap<(u32, i16), Vec<(u32, &Claimed)>> = BTreeMap::new();
    for ((claimant, year, programme), claims) in &all {
        people.entry((*claimant, *year)).or_default().push((*programme, claims));
    }
    let mut parcels: Parcels = HashMap::new();
    for row in ground.rows.iter().filter(|r| r.parcel != NONE) {
        let of = parcels.entry((row.claimant, row.year)).or_default();
        let area = of.entry((row.parcel, row.programme)).or_default();
        *area = (*area).max(row.area);
    }
    let mut known: HashMap<(u32, i16), BTreeSet<(u32, u32)>> = HashMap::new();
    let mut rows: Vec<(Who, u32, &Claimed, &Claimed)> = Vec::new();
    let mut not_listed = 0;
    for ((claimant, year), programmes) in &people {
        let mut listed = false;
        for (at, (programme, claims)) in programmes.iter().enumerate() {
            for (other, others) in &programmes[at + 1..] {
                let Some(village) = claims.village() else { continue };
                let pairs =
                    known.entry((village, *year)).or_insert_with(|| pairs(context, village, *year));
                if pairs.contains(&(*programme, *other)) {
                    rows.push(((*claimant, *year, *programme), *other, claims, others));
                    listed = true;
                }
            }
        }
        not_listed += u64::from(!listed);
    }
    sheet(context, &rows, &parcels, not_listed)
}

fn sheet(
    context: &Context<'_>,
    rows: &[(Who, u32, &Claimed, &Claimed)],
    parcels: &Parcels,
    not_listed: u64,
) -> View {
    let ground = context.ground;
    let same = |who: &Who, other: u32| -> Option<i64> {
        let of = parcels.get(&(who.0, who.1))?;
        let both = of.iter().filter(|((_, programme), _)| *programme == who.2);
        Some(both.filter_map(|((p, _), area)| Some((*area).min(*of.get(&(*p, other))?))).sum())
    };
    let entitled = |who: &Who| {
        let household = *context.entitlements.household_of.get(&who.0)?;
        context.entitlements.land(ground, household, who.1, true).entitled
    };
    let village = |c: &Claimed| c.village().and_then(|v| ground.villages.get(v));
    let mut sheet = Sheet::new(ViewName::ExclusiveClaim, rows.len(), not_listed);
    sheet.text("claimant_id", rows.iter().map(|(w, ..)| ground.claimants.get(w.0)));
    sheet.number("year", rows.iter().map(|(w, ..)| Some(i64::from(w.1))));
    sheet.text("programme", rows.iter().map(|(w, ..)| ground.programmes.get(w.2)));
    sheet.text("other_programme", rows.iter().map(|(_, other, ..)| ground.programmes.get(*other)));
    sheet.text("village_code", rows.iter().map(|(.., own, _)| village(own)));
    sheet.number("area_mu", rows.iter().map(|(.., own, _)| Some(own.land())));
    sheet.number("amount_yuan", rows.iter().map(|(.., own, _)| Some(own.amount)));
    sheet.number("other_mu", rows.iter().map(|(.., other)| Some(other.land())));
    sheet.number("other_yuan", rows.iter().map(|(.., other)| Some(other.amount)));
    sheet.number("same_parcel_mu", rows.iter().map(|(w, other, ..)| same(w, *other)));
    sheet.number("entitled_mu", rows.iter().map(|(w, ..)| entitled(w)));
    sheet.finish()
}
