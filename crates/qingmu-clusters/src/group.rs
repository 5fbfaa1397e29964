//! Effects of groups of villages, such as those of one approver, and of a change of post.
//!
//! Weights and shrinkage after Paule & Mandel (1982), Consensus values and weighting factors, Journal of Research of the
//! National Bureau of Standards 87, 377–385: the spread between groups is the one at which their weighted squares equal
//! their degrees of freedom.

use crate::error::ClusterError;
use qingmu_stats::median;
use std::collections::BTreeMap;

/// Groups with fewer villages say nothing of their own.
const LEAST_MEMBERS: usize = 3;

/// What a group's villages have in common beyond their county.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GroupEffect {
    /// Group.
    pub group: u32,
    /// Villages.
    pub members: usize,
    /// Weighted mean of their deviations.
    pub mean: f64,
    /// Its standard error.
    pub se: f64,
    /// The mean over standard error and honest spread together.
    pub z: f64,
    /// The mean as far as it is to be believed: shrunk towards 0 by the honest spread.
    pub shrunk: f64,
}

/// Effects of all groups of at least three villages, by group.
///
/// `deviation`, `se` and `group` have one entry per village; `spread` is the standard deviation between villages of one
/// group beyond `se`.
///
/// # Errors
/// [`ClusterError`] where slices differ in length or a value is not finite, or a standard error is not positive.
pub fn group_effects(
    deviation: &[f64],
    se: &[f64],
    group: &[u32],
    spread: f64,
) -> Result<Vec<GroupEffect>, ClusterError> {
    if deviation.len() != se.len() || deviation.len() != group.len() {
        return Err(ClusterError::Length("deviation, se, group"));
    }
    if let Some(row) = deviation.iter().position(|x| !x.is_finite()) {
        return Err(ClusterError::Value { row, what: "a deviation" });
    }
    if let Some(row) = se.iter().position(|x| !x.is_finite() || *x <= 0.0) {
        return Err(ClusterError::Value { row, what: "a standard error" });
    }
    let mut sums: BTreeMap<u32, (usize, f64, f64)> = BTreeMap::new();
    for ((d, s), g) in deviation.iter().zip(se).zip(group) {
        let weight = 1.0 / (s * s + spread * spread);
        let entry = sums.entry(*g).or_default();
        *entry = (entry.0 + 1, entry.1 + weight * d, entry.2 + weight);
    }
    sums.retain(|_, (members, _, _)| *members >= LEAST_MEMBERS);
    let mut means: Vec<(f64, f64)> =
        sums.values().map(|(_, sum, weight)| (sum / weight, 1.0 / weight)).collect();
    means.sort_by(|a, b| a.0.abs().total_cmp(&b.0.abs()));
    // The honest spread is that of the three quarters least remarkable groups.
    let honest = (3 * means.len()).div_ceil(4);
    let between = paule_mandel(&means[..honest]);
    Ok(sums
        .into_iter()
        .map(|(group, (members, sum, weight))| {
            let (mean, variance) = (sum / weight, 1.0 / weight);
            GroupEffect {
                group,
                members,
                mean,
                se: variance.sqrt(),
                z: mean / (variance + between).sqrt(),
                shrunk: mean * between / (between + variance),
            }
        })
        .collect())
}

/// Variance between means with known variances; 0 where they differ no more than these explain.
fn paule_mandel(means: &[(f64, f64)]) -> f64 {
    if means.len() < 2 {
        return 0.0;
    }
    let freedom = (means.len() - 1) as f64;
    let excess = |between: f64| {
        let weights: Vec<f64> = means.iter().map(|(_, v)| 1.0 / (v + between)).collect();
        let all: f64 = weights.iter().sum();
        let centre = means.iter().zip(&weights).map(|((m, _), w)| m * w).sum::<f64>() / all;
        let squares: f64 =
            means.iter().zip(&weights).map(|((m, _), w)| w * (m - centre) * (m - centre)).sum();
        squares - freedom
    };
    if excess(0.0) <= 0.0 {
        return 0.0;
    }
    let mut high = 1e-6;
    while excess(high) > 0.0 && high < 1e12 {
        high *= 4.0;
    }
    let mut low = 0.0;
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if excess(middle) > 0.0 { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}

/// What changed in a group's villages when its post changed hands, against the county's other villages.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Change {
    /// Mean change of its own villages minus that of the others.
    pub difference: f64,
    /// Standard error from the spread between villages on both sides.
    pub se: f64,
    /// Difference over standard error.
    pub z: f64,
    /// Own villages.
    pub own: usize,
    /// Others.
    pub others: usize,
}

/// Difference in differences, with the median as what the others have in common (the others may hold groups of their own)
/// and robust spreads on both sides.
///
/// `own` and `others` are each village's mean after minus its mean before.
///
/// # Errors
/// [`ClusterError`] where a value is not finite or a side has fewer than three villages.
pub fn change_of_post(own: &[f64], others: &[f64]) -> Result<Change, ClusterError> {
    let side = |values: &[f64]| -> Result<(f64, f64), ClusterError> {
        if let Some(row) = values.iter().position(|x| !x.is_finite()) {
            return Err(ClusterError::Value { row, what: "a change" });
        }
        if values.len() < LEAST_MEMBERS {
            return Err(ClusterError::Underdetermined("each side needs at least 3 villages"));
        }
        let centre = median(values).unwrap_or(0.0);
        let away: Vec<f64> = values.iter().map(|x| (x - centre).abs()).collect();
        let spread = 1.4826 * median(&away).unwrap_or(0.0);
        // The median's variance is pi/2 times that of the mean.
        Ok((centre, spread * spread * std::f64::consts::FRAC_PI_2 / values.len() as f64))
    };
    let ((own_centre, own_variance), (centre, variance)) = (side(own)?, side(others)?);
    let se = (own_variance + variance).sqrt();
    let difference = own_centre - centre;
    let z = if se > 0.0 { difference / se } else { 0.0 };
    Ok(Change { difference, se, z, own: own.len(), others: others.len() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paule_and_mandel_balance_squares_and_freedom() {
        // Equal variances: the spread is the sample variance less the variance of a mean.
        let means = [(1.0, 0.5), (3.0, 0.5), (5.0, 0.5)];
        assert!((paule_mandel(&means) - 3.5).abs() < 1e-9);
        assert!(paule_mandel(&[(1.0, 4.0), (1.5, 4.0)]).abs() < f64::EPSILON);
        assert!(paule_mandel(&[(9.0, 1.0)]).abs() < f64::EPSILON);
    }

    #[test]
    fn one_group_stands_out_and_does_not_widen_the_honest_spread() {
        let mut deviation = Vec::new();
        let mut group = Vec::new();
        for g in 0..12_u32 {
            for v in 0..10_u32 {
                let noise = (f64::from((g * 31 + v * 17) % 11) - 5.0) / 100.0;
                deviation.push(if g == 4 { 0.10 } else { 0.0 } + noise);
                group.push(g);
            }
        }
        let se = vec![0.03; deviation.len()];
        let found = group_effects(&deviation, &se, &group, 0.0).unwrap_or_default();
        let top = found.iter().max_by(|a, b| a.z.total_cmp(&b.z));
        assert_eq!(top.map(|g| (g.group, g.members)), Some((4, 10)));
        assert!(top.is_some_and(|g| g.z > 5.0 && g.shrunk < g.mean));
        assert!(found.iter().filter(|g| g.group != 4).all(|g| g.z.abs() < 3.0));
    }

    #[test]
    fn a_change_counts_against_what_changed_everywhere() {
        let others: Vec<f64> = (0..30).map(|i| 0.05 + f64::from(i % 5) / 100.0).collect();
        let own = [0.18, 0.17, 0.19, 0.16];
        let change = change_of_post(&own, &others);
        assert!(change.is_ok_and(|c| (c.difference - 0.105).abs() < 1e-9 && c.z > 5.0));
        let none = change_of_post(&others[..6], &others).map(|c| c.z.abs() < 1.0);
        assert_eq!(none, Ok(true));
        assert_eq!(
            change_of_post(&own[..2], &others).map_err(|e| e.to_string()),
            Err("each side needs at least 3 villages".to_owned())
        );
    }

    #[test]
    fn wrong_slices_are_refused() {
        let said = |d: &[f64], s: &[f64]| {
            group_effects(d, s, &[0], 0.0).err().map(|e| e.to_string()).unwrap_or_default()
        };
        assert_eq!(said(&[], &[1.0]), "slices differ in length: deviation, se, group");
        assert_eq!(said(&[f64::NAN], &[1.0]), "row 0: a deviation is not a finite number in range");
        assert_eq!(said(&[0.0], &[0.0]), "row 0: a standard error is not a finite number in range");
    }
}
