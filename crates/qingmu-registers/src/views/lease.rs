//! `lease`: leases whose lessor and lessee both claim under one programme in a year.

use super::register_facts::{Claimed, Who, claimed};
use crate::entitled::{Follows, follows};
use crate::gather::Context;
use crate::sheet::Sheet;
use qingmu_input::tables::TransferRow;
use qingmu_input::{id_hash, year_start};
use qingmu_model::{View, ViewName};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Lessor, lessee, year, programme.
type Key = (u32, u32, i16, u32);

#[derive(Debug)]
struct Line<'a> {
    lease: i64,
    /// Last day of the latest lease; `None` where one has no end.
    end_on: Option<i32>,
    follows: Option<Follows>,
    from: &'a Claimed,
    to: &'a Claimed,
}

pub(super) fn make(context: &Context<'_>) -> View {
    let ground = context.ground;
    let all = claimed(ground);
    let mut by_person: BTreeMap<u32, Vec<(&Who, &Claimed)>> = BTreeMap::new();
    for (who, claims) in &all {
        by_person.entry(who.0).or_default().push((who, claims));
    }
    let mut rows: BTreeMap<Key, Line<'_>> = BTreeMap::new();
    for lease in context.tables.transfers.iter().flatten() {
        let (Some(from), Some(to)) =
            (ground.claimants.of_hash(lease.from), ground.claimants.of_hash(lease.to))
        else {
            continue;
        };
        for (who, claims) in by_person.get(&from).into_iter().flatten() {
            let other = all.get(&(to, who.1, who.2));
            if let Some(other) = other.filter(|_| from != to && begun(lease, who.1)) {
                take(&mut rows, (from, to, who.1, who.2), lease, claims, other);
            }
        }
    }
    sheet(context, &rows)
}

/// Whether a lease had begun by the end of a year.
fn begun(lease: &TransferRow, year: i16) -> bool {
    lease.start_on.is_none_or(|start| start < year_start(i32::from(year) + 1))
}

fn take<'a>(
    rows: &mut BTreeMap<Key, Line<'a>>,
    key: Key,
    lease: &TransferRow,
    from: &'a Claimed,
    to: &'a Claimed,
) {
    let new = Line { lease: 0, end_on: lease.end_on, follows: follows(lease), from, to };
    let line = rows.entry(key).or_insert(new);
    line.lease = line.lease.saturating_add(lease.area.raw());
    line.end_on = line.end_on.zip(lease.end_on).map(|(a, b)| a.max(b));
    // Two agreements that differ leave it open.
    line.follows = line.follows.filter(|f| Some(*f) == follows(lease));
}

fn sheet(context: &Context<'_>, rows: &BTreeMap<Key, Line<'_>>) -> View {
    let ground = context.ground;
    let grower = |key: &Key| ground.actual_grower[key.3 as usize];
    let expired = |key: &Key, line: &Line<'_>| {
        line.end_on.map(|end| i64::from(year_start(i32::from(key.2))) - i64::from(end))
    };
    // A lease that has run out gives the land, and its subsidy, back.
    let right = |key: &Key, line: &Line<'_>| {
        let default = if grower(key) { Follows::Lessee } else { Follows::Lessor };
        let ended = expired(key, line).is_some_and(|days| days > 0);
        if ended { Follows::Lessor } else { line.follows.unwrap_or(default) }
    };
    let word = |key: &Key, line: &Line<'_>| {
        Arc::<str>::from(if right(key, line) == Follows::Lessee { "lessee" } else { "lessor" })
    };
    let wrong = |key: &Key, line: &Line<'_>| -> (u32, i64, i64, Option<u32>) {
        let (who, claims) =
            if right(key, line) == Follows::Lessee { (key.0, line.from) } else { (key.1, line.to) };
        (who, claims.land(), claims.amount, claims.village())
    };
    let hash = |claimant: u32| id_hash(ground.claimants.list[claimant as usize].as_bytes());
    let mut sheet = Sheet::new(ViewName::Lease, rows.len(), 0);
    sheet.text("from_id", rows.keys().map(|k| ground.claimants.get(k.0)));
    sheet.text("to_id", rows.keys().map(|k| ground.claimants.get(k.1)));
    sheet.number("year", rows.keys().map(|k| Some(i64::from(k.2))));
    sheet.text("programme", rows.keys().map(|k| ground.programmes.get(k.3)));
    sheet.text("claimant_id", rows.iter().map(|(k, l)| ground.claimants.get(wrong(k, l).0)));
    let village = |(k, l): (&Key, &Line<'_>)| wrong(k, l).3.and_then(|v| ground.villages.get(v));
    sheet.text("village_code", rows.iter().map(village));
    sheet.number("lease_mu", rows.values().map(|l| Some(l.lease)));
    sheet.number("from_mu", rows.values().map(|l| Some(l.from.land())));
    sheet.number("to_mu", rows.values().map(|l| Some(l.to.land())));
    sheet.number("from_yuan", rows.values().map(|l| Some(l.from.amount)));
    sheet.number("to_yuan", rows.values().map(|l| Some(l.to.amount)));
    let kept = |k: &Key| context.entitlements.kept(ground, k.0, k.2);
    sheet.number("from_kept_mu", rows.keys().map(kept));
    let other = |k: &Key| context.entitlements.other(ground, k.1, hash(k.0), k.2);
    sheet.number("to_other_mu", rows.keys().map(other));
    let beyond = |(k, l): (&Key, &Line<'_>)| {
        let own = if right(k, l) == Follows::Lessee { kept(k) } else { other(k) };
        own.map(|own| (wrong(k, l).1 - own).max(0).min(l.lease))
    };
    sheet.number("beyond_mu", rows.iter().map(beyond));
    sheet.number("party_mu", rows.iter().map(|(k, l)| Some(wrong(k, l).1)));
    sheet.number("party_yuan", rows.iter().map(|(k, l)| Some(wrong(k, l).2)));
    sheet.text("follows", rows.iter().map(|(k, l)| Some(word(k, l))));
    sheet.number("expired_days", rows.iter().map(|(k, l)| expired(k, l)));
    sheet.flag("actual_grower", rows.keys().map(|k| Some(grower(k))));
    sheet.finish()
}
