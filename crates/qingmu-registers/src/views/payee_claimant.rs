//! `payee_claimant`: money that went to an account of somebody else.

use super::payments::{Paid, is_collective};
use super::register_facts::largest;
use crate::gather::Context;
use crate::ground::NONE;
use crate::sheet::Sheet;
use qingmu_input::id_hash;
use qingmu_model::{View, ViewName};
use std::collections::BTreeMap;
use std::sync::Arc;

#[derive(Debug, Default)]
struct Own {
    villages: BTreeMap<u32, i64>,
    household: Option<u32>,
    area: i64,
    paid: i64,
    payments: i64,
    /// Every payment has a proxy on file; `None` where some do not say and none lacks one.
    proxy: Option<bool>,
    collective: Option<bool>,
}

pub(super) fn make(context: &Context<'_>) -> View {
    let ground = context.ground;
    let paid = Paid::new(context);
    let mut rows: BTreeMap<(Arc<str>, i16, u32), Own> = BTreeMap::new();
    let mut not_listed = 0;
    for row in ground.rows.iter().filter(|r| r.id != NONE) {
        let claimant = &ground.claimants.list[row.claimant as usize];
        for (first, payment) in paid.of(row.id).enumerate().map(|(i, p)| (i == 0, p)) {
            let Some(holder) = payment.holder.as_ref().filter(|h| *h != claimant) else {
                not_listed += 1;
                continue;
            };
            let key = (Arc::clone(holder), row.year, row.claimant);
            let new = !rows.contains_key(&key);
            let own = rows.entry(key).or_default();
            *own.villages.entry(row.village).or_default() += row.area;
            own.household = own.household.or(Some(row.household).filter(|h| *h != NONE));
            own.area = own.area.saturating_add(if first { row.area } else { 0 });
            own.paid = own.paid.saturating_add(payment.amount.raw());
            own.payments += 1;
            own.proxy =
                if new { payment.proxy_on_file } else { every(own.proxy, payment.proxy_on_file) };
            own.collective = own.collective.max(is_collective(payment));
        }
    }
    sheet(context, &rows, not_listed)
}

fn every(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    match (a, b) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

fn sheet(
    context: &Context<'_>,
    rows: &BTreeMap<(Arc<str>, i16, u32), Own>,
    not_listed: u64,
) -> View {
    let ground = context.ground;
    let mut sheet = Sheet::new(ViewName::PayeeClaimant, rows.len(), not_listed);
    sheet.text("payee_id", rows.keys().map(|k| Some(Arc::clone(&k.0))));
    sheet.number("year", rows.keys().map(|k| Some(i64::from(k.1))));
    sheet.text("claimant_id", rows.keys().map(|k| ground.claimants.get(k.2)));
    let village = |own: &Own| largest(&own.villages).and_then(|v| ground.villages.get(v));
    sheet.text("village_code", rows.values().map(village));
    let household = |own: &Own| own.household.and_then(|h| ground.households.get(h));
    sheet.text("household_id", rows.values().map(household));
    let of_payee = |id: &Arc<str>| {
        let claimant = ground.claimants.find(id)?;
        ground.households.get(context.entitlements.household_of.get(&claimant)?.1)
    };
    sheet.text("payee_household_id", rows.keys().map(|k| of_payee(&k.0)));
    sheet.number("area_mu", rows.values().map(|o| Some(o.area)));
    sheet.number("paid_yuan", rows.values().map(|o| Some(o.paid)));
    sheet.number("payments", rows.values().map(|o| Some(o.payments)));
    sheet.flag("proxy", rows.values().map(|o| o.proxy));
    let kin = |key: &(Arc<str>, i16, u32)| {
        let claimant = &ground.claimants.list[key.2 as usize];
        context.people.are_kin(id_hash(key.0.as_bytes()), id_hash(claimant.as_bytes()))
    };
    sheet.flag("kin", rows.keys().map(kin));
    let collective = |(key, own): (&(Arc<str>, i16, u32), &Own)| {
        if context.people.is_organisation(id_hash(key.0.as_bytes()), &key.0) {
            Some(true)
        } else {
            own.collective
        }
    };
    sheet.flag("collective", rows.iter().map(collective));
    sheet.finish()
}
