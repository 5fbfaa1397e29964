//! `account_claimant`: accounts that several claimants share in a year.

use super::build::Builder;

pub(super) fn fill(b: &mut Builder<'_>) {
    let facts = b.facts;
    let rows = &facts.account_claimants.rows;
    b.set_rows(rows.len(), facts.account_claimants.not_listed);
    b.text("account", rows, |r| Some(r.account.clone()));
    b.number("year", rows, |r| Some(i64::from(r.year)));
    b.text("claimant_id", rows, |r| Some(r.claimant.clone()));
    b.place(rows, |r| r.village);
    b.text("household_id", rows, |r| r.household.clone());
    b.count("villages", rows, |r| r.villages);
    b.number("area_mu", rows, |r| Some(r.area));
    b.number("amount_yuan", rows, |r| Some(r.amount));
    b.count("claims", rows, |r| r.claims);
    b.missing("collective");
}
