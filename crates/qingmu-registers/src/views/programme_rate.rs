//! `programme_rate`: what was paid per mu beside the schedule and the county's usual rate.

use crate::gather::Context;
use crate::ground::Sums;
use crate::sheet::Sheet;
use qingmu_model::{View, ViewName};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Village, year, programme, crop, rate.
type Key = (u32, i16, u32, u32, Option<i64>);

/// Rates and their claims by county, year, programme and crop.
type Usual<'a> = BTreeMap<(&'a Arc<str>, i16, u32, u32), BTreeMap<i64, i64>>;

pub(super) fn make(context: &Context<'_>) -> View {
    let ground = context.ground;
    let mut groups: BTreeMap<Key, Sums> = BTreeMap::new();
    let mut usual: Usual<'_> = BTreeMap::new();
    for row in &ground.rows {
        let key = (row.village, row.year, row.programme, row.crop, row.rate);
        groups.entry(key).or_default().add(row);
        if let Some(rate) = row.rate {
            let key = (ground.county(row), row.year, row.programme, row.crop);
            *usual.entry(key).or_default().entry(rate).or_default() += 1;
        }
    }
    // The most frequent rate and its share of the claims; of two as frequent the lower.
    let mode = |key: &Key| -> Option<(i64, f64)> {
        let county = &ground.county[key.0 as usize];
        let rates = usual.get(&(county, key.1, key.2, key.3))?;
        let all: i64 = rates.values().sum();
        let (rate, most) = rates.iter().max_by_key(|(rate, n)| (**n, std::cmp::Reverse(**rate)))?;
        Some((*rate, *most as f64 / all as f64))
    };
    let scheduled = |key: &Key| -> Vec<i64> {
        let (village, programme) =
            (&ground.villages.list[key.0 as usize], &ground.programmes.list[key.2 as usize]);
        let crop = &ground.crops.list[key.3 as usize];
        context.schedule.rates((programme, key.1), village, crop, context.project)
    };
    let rates: Vec<Vec<i64>> = groups.keys().map(scheduled).collect();
    let mut sheet = Sheet::new(ViewName::ProgrammeRate, groups.len(), 0);
    sheet.text("village_code", groups.keys().map(|k| ground.villages.get(k.0)));
    sheet.number("year", groups.keys().map(|k| Some(i64::from(k.1))));
    sheet.text("programme", groups.keys().map(|k| ground.programmes.get(k.2)));
    sheet.text("crop", groups.keys().map(|k| ground.crops.get(k.3)));
    sheet.number("rate_yuan_per_mu", groups.keys().map(|k| k.4));
    sheet.number("claims", groups.values().map(|s| Some(s.claims)));
    sheet.number("area_mu", groups.values().map(|s| Some(s.area)));
    sheet.number("amount_yuan", groups.values().map(|s| Some(s.amount)));
    let nearest = groups.keys().zip(&rates).map(|(key, rates)| match key.4 {
        Some(rate) => rates.iter().min_by_key(|r| (**r - rate).abs()).copied(),
        None => rates.first().copied().filter(|_| rates.len() == 1),
    });
    sheet.number("schedule_yuan_per_mu", nearest);
    let has = context.tables.programmes.is_some();
    let count = |rates: &Vec<i64>| i64::try_from(rates.len()).ok().filter(|_| has);
    sheet.number("schedule_rates", rates.iter().map(count));
    sheet.number("modal_yuan_per_mu", groups.keys().map(|k| mode(k).map(|m| m.0)));
    sheet.real("modal_share", groups.keys().map(|k| mode(k).map(|m| m.1)));
    sheet.finish()
}
