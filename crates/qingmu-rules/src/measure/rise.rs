//! Each approver's part in a village's rise beyond the county.

use super::{MU, real};
use qingmu_model::{Column, View};
use std::collections::BTreeMap;

/// Key of a village-year; the year as the bits of its number.
type Place<'a> = (&'a str, u64);

fn place(view: &View, row: usize) -> Option<Place<'_>> {
    let village = view.column("village_code")?.text(row)?;
    Some((village.as_ref(), view.column("year")?.number(row)?.to_bits()))
}

/// Appends `rise_mu` to `approver_village`: the positive part of `jump.all_mu` of the village-year, shared
/// among its approvers by approved area. Missing where the jump is, so a village without a past year
/// neither raises nor lowers anybody.
///
/// `years` is `village_year` with `jump.all_mu`.
pub(super) fn add(view: &mut View, years: &View) {
    let Some(jump) = years.column("jump.all_mu") else { return };
    let rises: BTreeMap<Place<'_>, f64> = (0..years.rows)
        .filter_map(|row| Some((place(years, row)?, jump.number(row)?.max(0.0))))
        .collect();
    let area = |row: usize| view.column("area_mu")?.number(row).map(|a| a.max(0.0));
    let mut totals: BTreeMap<Place<'_>, f64> = BTreeMap::new();
    for row in 0..view.rows {
        if let (Some(place), Some(area)) = (place(view, row), area(row)) {
            *totals.entry(place).or_default() += area;
        }
    }
    let values = (0..view.rows).map(|row| {
        let place = place(view, row)?;
        let total = totals.get(&place).copied().filter(|t| *t > 0.0)?;
        Some(rises.get(&place)? * (area(row)? / total))
    });
    let data = real(values);
    if view.column("rise_mu").is_none() {
        let name = "rise_mu".to_owned();
        view.columns.push(Column { name, kind: MU, data, dependent: Vec::new() });
    }
}
