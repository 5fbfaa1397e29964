//! `parcel_claimant`: parcels that several claim, that are claimed beyond their area, or that a collective holds.

use super::register_facts::largest;
use crate::gather::Context;
use crate::ground::{NONE, Sums, season};
use crate::sheet::Sheet;
use hashbrown::HashMap;
use qingmu_input::id_hash;
use qingmu_input::tables::ParcelRow;
use qingmu_model::{Season, View, ViewName};
use std::collections::BTreeMap;

type Place = (u32, i16, Season, u32);

#[derive(Debug, Default)]
struct Part {
    sums: Sums,
    villages: BTreeMap<u32, i64>,
    household: Option<u32>,
}

/// Words for a holder that is no household.
const COLLECTIVE: [&str; 6] = ["collective", "集体", "机动地", "村委会", "合作社", "国有"];

fn is_collective(context: &Context<'_>, row: &ParcelRow) -> Option<bool> {
    let named = |text: &str| COLLECTIVE.iter().any(|word| text.to_lowercase().contains(word));
    let kind = row.holder_kind.as_deref().map(named);
    let class = row.land_class.as_deref().is_some_and(|class| class.contains("机动地"));
    let listed = row.holder.is_some_and(|holder| context.people.organisation(holder).is_some());
    if class || listed { Some(true) } else { kind }
}

pub(super) fn make(context: &Context<'_>) -> View {
    let ground = context.ground;
    let mut register: HashMap<u32, &ParcelRow> = HashMap::new();
    for row in context.tables.parcels.iter().flatten() {
        if let Some(parcel) = ground.parcels.of_hash(row.parcel) {
            // A parcel listed twice keeps the larger area: the doubt is in its favour.
            let known = register.entry(parcel).or_insert(row);
            if row.area > known.area {
                *known = row;
            }
        }
    }
    let mut groups: BTreeMap<Place, BTreeMap<u32, Part>> = BTreeMap::new();
    for row in ground.rows.iter().filter(|r| r.parcel != NONE) {
        let group = groups.entry((row.parcel, row.year, row.season, row.programme)).or_default();
        let part = group.entry(row.claimant).or_default();
        part.sums.add(row);
        *part.villages.entry(row.village).or_default() += row.area;
        part.household = part.household.or(Some(row.household).filter(|h| *h != NONE));
    }
    let mut not_listed = 0;
    groups.retain(|place, group| {
        let entry = register.get(&place.0);
        let total: i64 = group.values().map(|p| p.sums.area).fold(0, i64::saturating_add);
        let beyond = entry.is_some_and(|e| total > e.area.raw());
        let collective = entry.and_then(|e| is_collective(context, e)) == Some(true);
        let listed = group.len() > 1 || beyond || collective;
        not_listed += u64::from(!listed);
        listed
    });
    let rows: Vec<(&Place, u32, &Part)> =
        groups.iter().flat_map(|(p, g)| g.iter().map(move |(c, part)| (p, *c, part))).collect();
    let entry = |place: &Place| register.get(&place.0).copied();
    let leased = |place: &Place, claimant: u32| {
        let holder = entry(place).and_then(|e| e.holder)?;
        let id = &ground.claimants.list[claimant as usize];
        context.entitlements.leased_from(id_hash(id.as_bytes()), holder, place.1)
    };
    let mut sheet = Sheet::new(ViewName::ParcelClaimant, rows.len(), not_listed);
    sheet.text("parcel_id", rows.iter().map(|(p, ..)| ground.parcels.get(p.0)));
    sheet.number("year", rows.iter().map(|(p, ..)| Some(i64::from(p.1))));
    sheet.text("season", rows.iter().map(|(p, ..)| Some(season(p.2))));
    sheet.text("programme", rows.iter().map(|(p, ..)| ground.programmes.get(p.3)));
    sheet.text("claimant_id", rows.iter().map(|(_, c, _)| ground.claimants.get(*c)));
    let village = |part: &Part| largest(&part.villages).and_then(|v| ground.villages.get(v));
    sheet.text("village_code", rows.iter().map(|(.., part)| village(part)));
    let household = |part: &Part| part.household.and_then(|h| ground.households.get(h));
    sheet.text("household_id", rows.iter().map(|(.., part)| household(part)));
    sheet.number("area_mu", rows.iter().map(|(.., part)| Some(part.sums.area)));
    sheet.number("amount_yuan", rows.iter().map(|(.., part)| Some(part.sums.amount)));
    sheet.number("claims", rows.iter().map(|(.., part)| Some(part.sums.claims)));
    sheet.number("parcel_mu", rows.iter().map(|(p, ..)| entry(p).map(|e| e.area.raw())));
    sheet
        .text("land_class", rows.iter().map(|(p, ..)| entry(p).and_then(|e| e.land_class.clone())));
    let collective = |p: &Place| entry(p).and_then(|e| is_collective(context, e));
    sheet.flag("collective", rows.iter().map(|(p, ..)| collective(p)));
    sheet.number("leased_mu", rows.iter().map(|(p, c, _)| leased(p, *c)));
    sheet.finish()
}
