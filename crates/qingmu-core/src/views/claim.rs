//! `claim`: single claims whose amount is not their area times their rate.

use super::build::Builder;

pub(super) fn fill(b: &mut Builder<'_>) {
    let facts = b.facts;
    let rows = &facts.gaps.rows;
    b.set_rows(rows.len(), facts.gaps.not_listed);
    b.place(rows, |r| r.village);
    b.number("year", rows, |r| Some(i64::from(r.year)));
    b.season(rows, |r| r.season);
    b.text("programme", rows, |r| Some(facts.programmes[r.programme as usize].clone()));
    b.text("claim_id", rows, |r| Some(r.claim_id.clone()));
    b.text("crop", rows, |r| Some(facts.crops[r.crop as usize].clone()));
    b.text("claimant_id", rows, |r| Some(r.claimant.clone()));
    b.text("approver_id", rows, |r| r.approver.map(|a| facts.approvers[a as usize].clone()));
    b.number("area_mu", rows, |r| Some(r.area));
    b.number("rate_yuan_per_mu", rows, |r| Some(r.rate));
    b.number("amount_yuan", rows, |r| Some(r.amount));
    b.number("product_yuan", rows, |r| Some(r.product));
    b.number("gap_yuan", rows, |r| r.amount.checked_sub(r.product));
}
