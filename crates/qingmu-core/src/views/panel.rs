//! `panel`: village x year x season x programme x crop.

use super::baseline::Series;
use super::build::{Builder, Fixed};
use super::village_year::push;
use qingmu_model::Season;
use std::collections::BTreeMap;

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
    // Rows of one village follow each other; its series serve all its years.
    let mut known: (u32, BTreeMap<(Season, u32), Series>) = (u32::MAX, BTreeMap::new());
    for row in &facts.panel {
        if known.0 != row.village {
            known = (row.village, BTreeMap::new());
        }
        let series = known.1.entry((row.season, row.crop)).or_insert_with(|| {
            let village = facts.baselines.of(&facts.villages[row.village as usize]);
            let crop = &*facts.crops[row.crop as usize];
            village
                .map(|v| v.series(&[crop], None, Some(row.season), b.project))
                .unwrap_or_default()
        });
        push(&mut base, &mut se, series.get(row.year));
    }
    (base, se)
}
