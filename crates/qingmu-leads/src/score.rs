//! Score of a lead, 0–100.
//!
//! PROVISIONAL: the weights order leads sensibly and are no probabilities. They stand until probabilities
//! calibrated on outcomes exist; `q_value`, intervals and `priority` stay empty until then.
//!
//! Rules of one village-year are joined as independent witnesses, `1 − Π(1 − w)`, each rule once with its
//! strongest hit, so that 200 small gaps weigh as one. Weights grow with grade and size; a hit without a size
//! counts as low. The villages of a ring share a cause, so their evidence is pooled only in part: with `m` the
//! mean of the members and `n` their number, `1 − (1 − m) · 0.8^(n−1)`, the power never below 0.2.

use crate::evidence::Evidence;
use qingmu_model::{Grade, Level};
use std::collections::BTreeMap;

/// Weight of one hit.
fn weight(grade: Grade, level: Option<Level>) -> f64 {
    let [low, medium, high] = match grade {
        Grade::E0 => [0.55, 0.70, 0.85],
        Grade::E1 => [0.45, 0.60, 0.75],
        Grade::E2 => [0.20, 0.30, 0.40],
        Grade::E3 => [0.0; 3],
    };
    match level {
        None | Some(Level::Low) => low,
        Some(Level::Medium) => medium,
        Some(Level::High) => high,
    }
}

/// Evidence of one village-year (or one group of claims), 0–1.
pub(crate) fn joined(evidence: &[&Evidence<'_>]) -> f64 {
    let mut rules: BTreeMap<&str, f64> = BTreeMap::new();
    for found in evidence.iter().filter(|e| e.counts) {
        let best = rules.entry(found.rule()).or_insert(0.0);
        *best = best.max(weight(found.hit.grade, found.hit.level));
    }
    1.0 - rules.values().fold(1.0, |left, w| left * (1.0 - w))
}

/// Evidence of a ring from that of its members, 0–1.
pub(crate) fn pooled(members: &[f64]) -> f64 {
    let mean = members.iter().sum::<f64>() / (members.len().max(1) as f64);
    // A loop, not powf: its last digit may differ from one machine to another.
    let left = members.iter().skip(1).fold(1.0_f64, |left, _| left * 0.8).max(0.2);
    1.0 - (1.0 - mean) * left
}

/// 0–1 as printed: 0–100, two decimals.
pub(crate) fn printed(share: f64) -> f64 {
    (share * 10_000.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_grow_with_grade_and_level() {
        let levels = [None, Some(Level::Medium), Some(Level::High)];
        for grade in [Grade::E0, Grade::E1, Grade::E2] {
            let [a, b, c] = levels.map(|l| weight(grade, l));
            assert!(a < b && b < c && c < 1.0);
        }
        assert!(weight(Grade::E0, None) > weight(Grade::E1, None));
        assert!(weight(Grade::E1, None) > weight(Grade::E2, Some(Level::High)));
        assert!(weight(Grade::E3, Some(Level::High)).abs() < f64::EPSILON);
    }

    #[test]
    fn a_ring_grows_with_its_members_and_stays_below_certainty() {
        let shown = |members: &[f64]| printed(pooled(members)).to_string();
        assert_eq!(shown(&[0.5; 3]), "68");
        assert_eq!(shown(&[0.5; 6]), "83.62");
        assert_eq!(shown(&[0.5; 400]), "90");
        assert_eq!(shown(&[]), "0");
    }
}
