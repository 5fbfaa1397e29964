//! `claimant_account`: claimants who are paid on several accounts under one programme in a year.

use super::payments::Paid;
use super::register_facts::largest;
use crate::gather::Context;
use crate::ground::{NONE, Sums};
use crate::sheet::Sheet;
use hashbrown::{HashMap, HashSet};
use qingmu_model::{View, ViewName};
use std::collections::BTreeMap;

#[derive(Debug, Default)]
struct Own {
    sums: Sums,
    villages: BTreeMap<u32, i64>,
    days: Option<(i32, i32)>,
}

pub(super) fn make(context: &Context<'_>) -> View {
    let ground = context.ground;
    let paid = Paid::new(context);
    let mut people: BTreeMap<(u32, i16, u32), BTreeMap<u32, Own>> = BTreeMap::new();
    let mut shared: HashMap<(u32, i16), HashSet<u32>> = HashMap::new();
    for row in ground.rows.iter().filter(|r| r.account != NONE) {
        let of = people.entry((row.claimant, row.year, row.programme)).or_default();
        let own = of.entry(row.account).or_default();
        own.sums.add(row);
        *own.villages.entry(row.village).or_default() += row.area;
        for day in paid.of(row.id).filter_map(|p| p.paid_on) {
            let (first, last) = own.days.unwrap_or((day, day));
            own.days = Some((first.min(day), last.max(day)));
        }
        shared.entry((row.account, row.year)).or_default().insert(row.claimant);
    }
    let all = people.len();
    people.retain(|_, accounts| accounts.len() > 1);
    let not_listed = (all - people.len()) as u64;
    let rows: Vec<_> = people
        .iter()
        .flat_map(|(who, of)| of.iter().map(move |(account, own)| (*who, *account, own)))
        .collect();
    let mut sheet = Sheet::new(ViewName::ClaimantAccount, rows.len(), not_listed);
    sheet.text("claimant_id", rows.iter().map(|(w, ..)| ground.claimants.get(w.0)));
    sheet.number("year", rows.iter().map(|(w, ..)| Some(i64::from(w.1))));
    sheet.text("programme", rows.iter().map(|(w, ..)| ground.programmes.get(w.2)));
    sheet.text("account", rows.iter().map(|(_, a, _)| ground.accounts.get(*a)));
    let village = |own: &Own| largest(&own.villages).and_then(|v| ground.villages.get(v));
    sheet.text("village_code", rows.iter().map(|(.., own)| village(own)));
    sheet.number("area_mu", rows.iter().map(|(.., own)| Some(own.sums.area)));
    sheet.number("amount_yuan", rows.iter().map(|(.., own)| Some(own.sums.amount)));
    sheet.number("claims", rows.iter().map(|(.., own)| Some(own.sums.claims)));
    sheet.number("first_day", rows.iter().map(|(.., own)| own.days.map(|d| i64::from(d.0))));
    sheet.number("last_day", rows.iter().map(|(.., own)| own.days.map(|d| i64::from(d.1))));
    let people_on = |w: &(u32, i16, u32), account: u32| {
        shared.get(&(account, w.1)).and_then(|on| i64::try_from(on.len()).ok())
    };
    sheet.number("account_people", rows.iter().map(|(w, a, _)| people_on(w, *a)));
    sheet.finish()
}
