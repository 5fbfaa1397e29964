//! Area of cadres and their kin against the others': shown beside a lead, never added to its evidence.

use crate::evidence::CadreStep;
use crate::registers::People;
use crate::repair::Repaired;
use crate::rows::Table;
use qingmu_model::Mu;

/// Steps of ln(cadre area / other area) of every village with cadres, each with the share of downward steps of all
/// villages that are at least as large: what fraud cannot produce says how large honest steps are.
pub(crate) fn steps(table: &Table, repaired: &Repaired, people: &People) -> Vec<CadreStep> {
    let mut areas = vec![(0_i64, 0_i64); table.cells()];
    for (at, row) in table.rows.iter().enumerate().filter(|(at, _)| repaired.counts(*at)) {
        if table.is_contract(row) && table.contract.contains(&false) {
            continue;
        }
        let sums = &mut areas[table.cell(row)];
        let side = if people.cadre[row.claimant as usize] { &mut sums.0 } else { &mut sums.1 };
        *side = side.saturating_add(repaired.used[at]);
    }
    let mut found = Vec::new();
    for (cell, now) in areas.iter().enumerate().filter(|(cell, _)| cell % table.years != 0) {
        let before = areas[cell - 1];
        if [now.0, now.1, before.0, before.1].iter().any(|area| *area <= 0) {
            continue;
        }
        let ratio = |(cadre, other): (i64, i64)| (cadre as f64 / other as f64).ln();
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        found.push(CadreStep {
            village: number(cell / table.years),
            year: number(cell % table.years),
            cadre_mu: Mu::from_raw(now.0),
            before_mu: Mu::from_raw(before.0),
            step: ratio(*now) - ratio(before),
            p: 1.0,
        });
    }
    let mut down: Vec<f64> = found.iter().map(|s| -s.step).filter(|s| *s > 0.0).collect();
    down.sort_unstable_by(f64::total_cmp);
    for step in found.iter_mut().filter(|s| s.step > 0.0) {
        let larger = down.len() - down.partition_point(|d| *d < step.step);
        step.p = (larger + 1) as f64 / (down.len() + 1) as f64;
    }
    found
}
