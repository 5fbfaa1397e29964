//! `account_change`: claimants whose account was changed shortly before it was paid on, by bank branch.

use super::payments::Paid;
use crate::gather::Context;
use crate::ground::NONE;
use crate::sheet::Sheet;
use hashbrown::{HashMap, HashSet};
use qingmu_input::id_hash;
use qingmu_model::{View, ViewName};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Changes are listed up to this many days before a payment.
const DAYS: i32 = 90;

#[derive(Debug)]
struct Own {
    area: i64,
    paid: i64,
    days: i32,
}

pub(super) fn make(context: &Context<'_>) -> View {
    let ground = context.ground;
    let paid = Paid::new(context);
    let account = |code: u32| -> Option<u128> {
        ground.accounts.list.get(code as usize).map(|a| id_hash(a.as_bytes()))
    };
    // Accounts on which a claimant was paid, or which their claims named, with the first day or year.
    let mut used: HashMap<u32, HashSet<(u128, i16)>> = HashMap::new();
    for row in &ground.rows {
        let of = used.entry(row.claimant).or_default();
        of.extend(account(row.account).map(|a| (a, row.year)));
        of.extend(paid.of(row.id).filter_map(|p| p.account).map(|a| (a, row.year)));
    }
    let mut rows: BTreeMap<(Arc<str>, i16, u32, u32), Own> = BTreeMap::new();
    let mut branches: HashMap<(Arc<str>, i16), HashSet<u128>> = HashMap::new();
    let mut not_listed = 0;
    for row in ground.rows.iter().filter(|r| r.id != NONE) {
        for payment in paid.of(row.id) {
            let (Some(branch), Some(on)) = (&payment.branch, payment.account) else { continue };
            branches.entry((Arc::clone(branch), row.year)).or_default().insert(on);
            let days =
                payment.paid_on.zip(payment.account_since_on).map(|(paid, since)| paid - since);
            let earlier = used
                .get(&row.claimant)
                .is_some_and(|of| of.iter().any(|(other, year)| *other != on && *year <= row.year));
            // A first account is no change.
            let Some(days) = days.filter(|days| earlier && (0..=DAYS).contains(days)) else {
                not_listed += 1;
                continue;
            };
            let key = (Arc::clone(branch), row.year, row.village, row.claimant);
            let own = rows.entry(key).or_insert(Own { area: 0, paid: 0, days });
            own.area = own.area.saturating_add(row.area);
            own.paid = own.paid.saturating_add(payment.amount.raw());
            own.days = own.days.min(days);
        }
    }
    let mut sheet = Sheet::new(ViewName::AccountChange, rows.len(), not_listed);
    sheet.text("branch", rows.keys().map(|k| Some(Arc::clone(&k.0))));
    sheet.number("year", rows.keys().map(|k| Some(i64::from(k.1))));
    sheet.text("village_code", rows.keys().map(|k| ground.villages.get(k.2)));
    sheet.text("claimant_id", rows.keys().map(|k| ground.claimants.get(k.3)));
    sheet.number("area_mu", rows.values().map(|o| Some(o.area)));
    sheet.number("paid_yuan", rows.values().map(|o| Some(o.paid)));
    sheet.number("days_before", rows.values().map(|o| Some(i64::from(o.days))));
    let accounts = |k: &(Arc<str>, i16, u32, u32)| {
        let of = branches.get(&(Arc::clone(&k.0), k.1))?;
        i64::try_from(of.len()).ok()
    };
    sheet.number("branch_accounts", rows.keys().map(accounts));
    sheet.finish()
}
