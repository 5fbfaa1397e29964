//! Columns of `village_year`: what became of the money, and what inspections found due.

use super::payments::Paid;
use crate::gather::Context;
use crate::ground::NONE;
use hashbrown::HashMap;
use qingmu_input::tables::FlowRow;
use qingmu_input::{id_hash, year_start};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Facts of one village and year.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Money(BTreeMap<&'static str, i64>);

impl Money {
    pub(crate) fn get(&self, name: &str) -> Option<i64> {
        self.0.get(name).copied()
    }

    fn add(&mut self, name: &'static str, value: i64) {
        let sum = self.0.entry(name).or_default();
        *sum = sum.saturating_add(value);
    }
}

type Place = (u32, i16);

/// Days within which money passed on is held against the payment.
const ONWARD_DAYS: i32 = 7;
/// Days within which a withdrawal is of the subsidy.
const WITHDRAWN_DAYS: i32 = 30;

/// Words for cash.
const CASH: [&str; 5] = ["withdraw", "cash", "取现", "取款", "现金"];

pub(crate) fn money(context: &Context<'_>) -> BTreeMap<(Arc<str>, i16), Money> {
    let ground = context.ground;
    let mut all: BTreeMap<Place, Money> = BTreeMap::new();
    for row in &ground.rows {
        all.entry((row.village, row.year)).or_default().add("subsidy_yuan", row.amount);
    }
    flows(context, &mut all);
    inspections(context, &mut all);
    let named = |((village, year), money): (Place, Money)| {
        Some(((ground.villages.get(village)?, year), money))
    };
    all.into_iter().filter_map(named).collect()
}

/// First payment of each account in a village and year: its day, or the first day of the year where none is known.
fn paid_accounts(context: &Context<'_>) -> BTreeMap<Place, BTreeMap<u128, (i32, bool)>> {
    let ground = context.ground;
    let paid = Paid::new(context);
    let mut all: BTreeMap<Place, BTreeMap<u128, (i32, bool)>> = BTreeMap::new();
    for row in &ground.rows {
        let of = all.entry((row.village, row.year)).or_default();
        for payment in paid.of(row.id) {
            if let (Some(account), Some(day)) = (payment.account, payment.paid_on) {
                let known = of.entry(account).or_insert((day, true));
                *known = if known.1 { (known.0.min(day), true) } else { (day, true) };
            }
        }
        if row.account != NONE {
            let account = id_hash(ground.accounts.list[row.account as usize].as_bytes());
            of.entry(account).or_insert((year_start(i32::from(row.year)), false));
        }
    }
    all
}

fn flows(context: &Context<'_>, all: &mut BTreeMap<Place, Money>) {
    let Some(flows) = &context.tables.flows else { return };
    let mut by_account: HashMap<u128, Vec<&FlowRow>> = HashMap::new();
    for flow in flows {
        by_account.entry(flow.account).or_default().push(flow);
    }
    for (place, accounts) in paid_accounts(context) {
        let mut cash: BTreeMap<(&str, i32), (i64, BTreeSet<u128>)> = BTreeMap::new();
        let mut onward: BTreeMap<u128, (i64, BTreeSet<u128>)> = BTreeMap::new();
        let mut total = 0_i64;
        for (account, (day, known)) in accounts {
            let year = year_start(i32::from(place.1)) + 365;
            let until = |days: i32| if known { day + days } else { year };
            for flow in by_account.get(&account).into_iter().flatten() {
                let yuan = flow.amount.raw();
                if flow.flow_on < day || flow.flow_on > until(WITHDRAWN_DAYS) {
                    continue;
                }
                total = total.saturating_add(yuan);
                let kind = flow.kind.as_deref().unwrap_or_default().to_lowercase();
                let is_cash = CASH.iter().any(|word| kind.contains(word));
                if let (Some(to), true) = (flow.to, flow.flow_on <= until(ONWARD_DAYS)) {
                    let sum = onward.entry(to).or_default();
                    sum.0 = sum.0.saturating_add(yuan);
                    sum.1.insert(account);
                } else if let (Some(outlet), true) = (flow.outlet.as_deref(), is_cash) {
                    let sum = cash.entry((outlet, flow.flow_on)).or_default();
                    sum.0 = sum.0.saturating_add(yuan);
                    sum.1.insert(account);
                }
            }
        }
        if total == 0 {
            continue;
        }
        let size = |set: &BTreeSet<u128>| i64::try_from(set.len()).unwrap_or(i64::MAX);
        let money = all.entry(place).or_default();
        money.add("flow_yuan", total);
        // The first of equals, by key.
        let top = cash.values().rev().max_by_key(|(yuan, _)| *yuan);
        money.add("top_withdrawal_yuan", top.map_or(0, |(yuan, _)| *yuan));
        money.add("top_withdrawal_accounts", top.map_or(0, |(_, of)| size(of)));
        let top = onward
            .values()
            .filter(|(_, of)| of.len() > 1)
            .max_by_key(|(yuan, of)| (*yuan, of.len()));
        money.add("onward_yuan", top.map_or(0, |(yuan, _)| *yuan));
        money.add("onward_accounts", top.map_or(0, |(_, of)| size(of)));
    }
}

/// Latest day that the data know: what is overdue is overdue by then, whenever the program runs.
fn as_of(context: &Context<'_>) -> Option<i32> {
    let tables = context.tables;
    let inspections = tables.inspections.iter().flatten().filter_map(|r| r.inspected_on);
    let payments = tables.payments.iter().flatten().filter_map(|r| r.paid_on);
    let flows = tables.flows.iter().flatten().map(|r| r.flow_on);
    let claims = context.ground.rows.iter().filter_map(|r| r.approved_on.max(r.submitted_on));
    inspections.chain(payments).chain(flows).chain(claims).max()
}

fn inspections(context: &Context<'_>, all: &mut BTreeMap<Place, Money>) {
    let ground = context.ground;
    let now = as_of(context);
    // Years with claims of each village: what is found later stands in the last of them.
    let mut years: HashMap<u32, BTreeSet<i16>> = HashMap::new();
    for row in &ground.rows {
        years.entry(row.village).or_default().insert(row.year);
    }
    for row in context.tables.inspections.iter().flatten() {
        let Some(proven) = row.proven.map(qingmu_model::Yuan::raw) else { continue };
        let village = row.village.as_ref().and_then(|code| ground.villages.find(code));
        let Some((village, known)) = village.and_then(|v| Some((v, years.get(&v)?))) else {
            continue;
        };
        let Some(year) = known
            .iter()
            .rev()
            .find(|year| row.inspected_on.is_none_or(|day| year_start(i32::from(**year)) <= day))
        else {
            continue;
        };
        let place = (village, *year);
        let money = all.entry(place).or_default();
        money.add("assessed_yuan", proven);
        let recovered = row.recovered.map(qingmu_model::Yuan::raw);
        if let Some(recovered) = recovered {
            money.add("recovered_yuan", recovered);
        }
        if let (Some(due), Some(now)) = (row.due_on, now) {
            let late = i64::from(now) - i64::from(due);
            let open = recovered.is_none_or(|recovered| recovered < proven);
            money.add("due_yuan", if late > 0 { proven } else { 0 });
            let days = if late > 0 && open { late } else { 0 };
            let known = money.0.entry("overdue_days").or_default();
            *known = (*known).max(days);
        }
    }
}
