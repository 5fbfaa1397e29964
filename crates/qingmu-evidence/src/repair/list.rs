//! Whole lists in another unit: hectares, or ten times.

use super::{Block, Mark, Shows, Slip};
use crate::history::Own;
use crate::rows::runs;
use qingmu_input::MISSING_FIXED;
use qingmu_model::DataErrorKind;
use std::collections::BTreeSet;

/// People that must agree before a list is called wrong.
const LEAST_PEOPLE: usize = 10;

/// How near the median of a list must be to a unit by the people's own history, in log10.
const NEAR: f64 = 0.1;

/// The same by amounts, which are exact but for rounding.
const NEAR_AMOUNT: f64 = 0.02;

/// Share of a list's rows that must be near the unit by their amounts.
const MOST: f64 = 0.8;

/// Filed too small by 15 (hectares) or 10, or too large by 10: log10 of filed over true, and the repair.
const UNITS: [(f64, (i64, i64), DataErrorKind); 3] = [
    (-1.176_091_259_055_681_3, (15, 1), DataErrorKind::HectareList),
    (-1.0, (10, 1), DataErrorKind::TenFold),
    (1.0, (1, 10), DataErrorKind::TenFold),
];

/// A programme's list of a year first, then the lists of its single crops, which offices keep on sheets of their own.
pub(super) fn repair(block: &mut Block<'_>, history: &[Option<Own>]) -> Vec<Slip> {
    let programme =
        |block: &Block<'_>, at: usize| block.lines[block.rows[at].line as usize].programme;
    let mut slips = Vec::new();
    for by_crop in [false, true] {
        let list = |at: usize| {
            let crop = if by_crop { block.rows[at].line } else { 0 };
            (block.rows[at].year, programme(block, at), crop)
        };
        let mut order: Vec<((u16, u32, u32), usize)> = (0..block.rows.len())
            .filter(|at| block.mark[*at] == Mark::Kept)
            .map(|at| (list(at), at))
            .collect();
        order.sort_unstable();
        for run in runs(&order, |a, b| a.0 == b.0) {
            let (year, programme, _) = order[run.start].0;
            let rows: Vec<usize> = order[run].iter().map(|(_, at)| *at).collect();
            slips.extend(repaired(block, &rows, (year, programme), history));
        }
    }
    slips
}

/// Repairs one list where it is in another unit.
fn repaired(
    block: &mut Block<'_>,
    list: &[usize],
    (year, programme): (u16, u32),
    history: &[Option<Own>],
) -> Option<Slip> {
    let (unit, shows) = unit_of(block, list, history)?;
    let (up, down) = UNITS[unit].1;
    let (mut filed, mut used, mut rows) = (0_i64, 0_i64, 0);
    for at in list.iter().filter(|at| block.rows[**at].area != MISSING_FIXED) {
        block.used[*at] = block.used[*at].saturating_mul(up) / down;
        block.mark[*at] = Mark::List;
        filed = filed.saturating_add(block.rows[*at].area);
        used = used.saturating_add(block.used[*at]);
        rows += 1;
    }
    Some(Slip {
        kind: UNITS[unit].2,
        village: block.rows[list[0]].village,
        year,
        programme,
        row: None,
        rows,
        filed: Some(filed),
        used: Some(used),
        shows,
    })
}

/// The unit that a list is in, where it is not mu, and what shows it.
fn unit_of(block: &Block<'_>, list: &[usize], history: &[Option<Own>]) -> Option<(usize, Shows)> {
    let steps: Vec<(u32, f64)> = list
        .iter()
        .filter(|at| block.used[**at] > 0)
        .filter_map(|at| {
            let step = (block.used[*at] as f64 / history[*at]?.median).log10();
            Some((block.rows[*at].claimant, step))
        })
        .collect();
    if let Some(unit) = nearest(&steps, NEAR) {
        return Some((unit, Shows::History));
    }
    let owed: Vec<(u32, f64)> = list
        .iter()
        .filter(|at| block.rows[**at].area != MISSING_FIXED)
        .filter_map(|at| Some((block.rows[*at].claimant, block.by_amount(*at)?)))
        .collect();
    let unit = nearest(&owed, NEAR_AMOUNT)?;
    let near = owed.iter().filter(|(_, step)| (step - UNITS[unit].0).abs() < NEAR_AMOUNT).count();
    // Where the people's own history says that the areas are right, it is the rate that slipped.
    let right = steps.len() * 2 > list.len()
        && qingmu_stats::median(&values(&steps)).is_some_and(|m| m.abs() < NEAR);
    (near as f64 >= MOST * owed.len() as f64 && !right).then_some((unit, Shows::Amount))
}

fn values(steps: &[(u32, f64)]) -> Vec<f64> {
    steps.iter().map(|(_, step)| *step).collect()
}

fn nearest(steps: &[(u32, f64)], near: f64) -> Option<usize> {
    let people: BTreeSet<u32> = steps.iter().map(|(person, _)| *person).collect();
    if people.len() < LEAST_PEOPLE {
        return None;
    }
    let median = qingmu_stats::median(&values(steps))?;
    let distance = |unit: &usize| (median - UNITS[*unit].0).abs();
    let unit = (0..UNITS.len()).min_by(|a, b| distance(a).total_cmp(&distance(b)))?;
    (distance(&unit) < near).then_some(unit)
}
