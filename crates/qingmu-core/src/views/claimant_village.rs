//! `claimant_village`: claimants with several villages in one season and programme.

use super::build::Builder;
use qingmu_input::id_hash;

pub(super) fn fill(b: &mut Builder<'_>) {
    let facts = b.facts;
    let rows = &facts.claimant_villages.rows;
    b.set_rows(rows.len(), facts.claimant_villages.not_listed);
    b.text("claimant_id", rows, |r| Some(r.claimant.clone()));
    b.number("year", rows, |r| Some(i64::from(r.year)));
    b.season(rows, |r| r.season);
    b.text("programme", rows, |r| Some(facts.programmes[r.programme as usize].clone()));
    b.place(rows, |r| r.village);
    b.number("area_mu", rows, |r| Some(r.area));
    b.number("amount_yuan", rows, |r| Some(r.amount));
    b.count("claims", rows, |r| r.claims);
    match &facts.leased {
        // With a register of leases at hand, who is not in it leases nothing.
        Some(leased) => b.number("leased_mu", rows, |r| {
            Some(leased.get(&id_hash(r.claimant.as_bytes())).copied().unwrap_or(0))
        }),
        None => b.missing("leased_mu"),
    }
}
