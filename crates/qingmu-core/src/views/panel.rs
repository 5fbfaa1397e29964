//! `panel`: village x year x season x programme x crop.

use super::build::{Builder, Fixed};

pub(super) fn fill(b: &mut Builder<'_>) {
    let facts = b.facts;
    let rows = &facts.panel;
    b.set_rows(rows.len(), 0);
    b.place(rows, |r| r.village);
    b.number("year", rows, |r| Some(i64::from(r.year)));
    b.season(rows, |r| r.season);
    b.text("programme", rows, |r| Some(facts.programmes[r.programme as usize].clone()));
    b.text("crop", rows, |r| Some(facts.crops[r.crop as usize].clone()));
    b.number("area_mu", rows, |r| Some(r.area));
    b.number("amount_yuan", rows, |r| Some(r.amount));
    b.count("claims", rows, |r| r.claims);
    b.count("claimants", rows, |r| r.claimants);
    if b.wants("base_mu") || b.wants("base_se_mu") {
        let (base, se) = baselines(b);
        b.fixed("base_mu", base);
        b.fixed("base_se_mu", se);
    }
}

/// Baseline of the cell's own crop in its season.
fn baselines(b: &Builder<'_>) -> (Fixed, Fixed) {
    let facts = b.facts;
    let (mut base, mut se) = (Fixed::default(), Fixed::default());
    for row in &facts.panel {
        let crop = &*facts.crops[row.crop as usize];
        let value = facts.baselines.of(&facts.villages[row.village as usize]).and_then(|village| {
            village.series(&[crop], None, Some(row.season), b.project).get(row.year)
        });
        base.values.push(value.map(|v| v.area));
        base.dependent.push(value.is_some_and(|v| v.dependent));
        se.values.push(value.and_then(|v| v.se));
        se.dependent.push(value.is_some_and(|v| v.dependent));
    }
    (base, se)
}
