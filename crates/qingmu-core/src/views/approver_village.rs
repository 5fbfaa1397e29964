//! `approver_village`: what each approver passed in each village of a town.

use super::build::Builder;
use super::facts::ApproverVillage;

pub(super) fn fill(b: &mut Builder<'_>) {
    let facts = b.facts;
    let levels = &b.project.region;
    // The town leads the key; facts do not know towns.
    let town = |r: &ApproverVillage| levels.ring_of(&facts.villages[r.village as usize]);
    let mut rows: Vec<&ApproverVillage> = facts.approver_villages.iter().collect();
    rows.sort_by_key(|r| (town(r), r.approver, r.year, r.village));
    b.set_rows(rows.len(), 0);
    b.text("approver_id", &rows, |r| Some(facts.approvers[r.approver as usize].clone()));
    b.number("year", &rows, |r| Some(i64::from(r.year)));
    b.place(&rows, |r| r.village);
    b.count("claims", &rows, |r| r.claims);
    b.number("area_mu", &rows, |r| Some(r.area));
    b.number("amount_yuan", &rows, |r| Some(r.amount));
    b.missing("excused");
}
