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

pub(super) fn repair(block: &mut Block<'_>, history: &[Option<Own>]) -> Vec<Slip> {
    let programme = |at: usize| block.lines[block.rows[at].line as usize].programme;
    let mut order: Vec<(u16, u32, usize)> =
        (0..block.rows.len()).map(|at| (block.rows[at].year, programme(at), at)).collect();
    order.sort_unstable();
    let mut slips = Vec::new();
    for run in runs(&order, |a, b| (a.0, a.1) == (b.0, b.1)) {
        let list = &order[run];
        let Some((unit, shows)) = unit_of(block, list, history) else { continue };
        let (up, down) = UNITS[unit].1;
        let (mut filed, mut used, mut rows) = (0_i64, 0_i64, 0);
        for (_, _, at) in list.iter().filter(|(_, _, at)| block.rows[*at].area != MISSING_FIXED) {
            block.used[*at] = block.used[*at].saturating_mul(up) / down;
            block.mark[*at] = Mark::List;
            filed = filed.saturating_add(block.rows[*at].area);
            used = used.saturating_add(block.used[*at]);
            rows += 1;
        }
        slips.push(Slip {
            kind: UNITS[unit].2,
            village: block.rows[list[0].2].village,
            year: list[0].0,
            programme: list[0].1,
            row: None,
            rows,
            filed: Some(filed),
            used: Some(used),
            shows,
        });
    }
    slips
}

/// The unit that a list is in, where it is not mu, and what shows it.
fn unit_of(
    block: &Block<'_>,
    list: &[(u16, u32, usize)],
    history: &[Option<Own>],
) -> Option<(usize, Shows)> {
    let steps: Vec<(u32, f64)> = list
        .iter()
        .filter(|(_, _, at)| block.used[*at] > 0)
        .filter_map(|(_, _, at)| {
            let step = (block.used[*at] as f64 / history[*at]?.median).log10();
            Some((block.rows[*at].claimant, step))
        })
        .collect();
    if let Some(unit) = nearest(&steps, NEAR) {
        return Some((unit, Shows::History));
    }
    let owed: Vec<(u32, f64)> = list
        .iter()
        .filter(|(_, _, at)| block.rows[*at].area != MISSING_FIXED)
        .filter_map(|(_, _, at)| Some((block.rows[*at].claimant, block.by_amount(*at)?)))
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
