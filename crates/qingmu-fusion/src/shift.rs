//! What the claims of a group share for honest reasons: a shift whose size towns themselves show, up and down alike.
//!
//! Without it every town whose office is a little more thorough than its neighbours' is a ring of all its villages.

use crate::case::Group;
use crate::table::Table;
use qingmu_stats::{mad, median};

/// Members with a level from which a group's shift is measured.
const LEAST: usize = 4;
/// Groups as if already seen, and the standard deviation that they showed. Judgement.
const SEEN: (f64, f64) = (6.0, 0.01);
/// The shift is summed over at most this many points, out to this many standard deviations.
const POINTS: usize = 33;
const REACH: f64 = 4.0;
/// Points are as close as this (log), or as 0.75 standard deviations.
const CLOSE: f64 = 0.015;

/// Standard deviation of the shift, plain templates by series, among the groups of one tie.
///
/// The spread of group medians less what villages that share nothing would give; both by median absolute deviations,
/// so that a few rings do not pass for honest custom.
pub(crate) fn spread(table: &Table, groups: &[&Group]) -> Vec<f64> {
    let mut all = Vec::with_capacity(table.plain.len() * table.series);
    for p in 0..table.plain.len() {
        for series in 0..table.series {
            all.push(one(table, groups, p, series));
        }
    }
    all
}

fn one(table: &Table, groups: &[&Group], p: usize, series: usize) -> f64 {
    let (mut middles, mut apart, mut shares) = (Vec::new(), Vec::new(), Vec::new());
    for group in groups {
        let level = |m: &crate::GroupMember| table.level(m.village as usize, p, series);
        let members: Vec<f64> =
            group.members.iter().filter_map(level).map(|level| level.estimate).collect();
        let Some(middle) = median(&members).filter(|_| members.len() >= LEAST) else { continue };
        let n = members.len() as f64;
        apart.extend(members.iter().map(|x| (x - middle) * (n / (n - 1.0)).sqrt()));
        // A median's variance is π/2 times a mean's.
        shares.push(std::f64::consts::FRAC_PI_2 / n);
        middles.push(middle);
    }
    let square = |x: Option<f64>| x.map_or(0.0, |x| x * x);
    let own = square(mad(&apart)) * median(&shares).unwrap_or(0.0);
    let beyond = (square(mad(&middles)) - own).max(0.0);
    let n = middles.len() as f64;
    ((n * beyond + SEEN.0 * SEEN.1 * SEEN.1) / (n + SEEN.0)).sqrt()
}

/// Points (in standard deviations) and logarithms of their prior weights: Student's t with 4 degrees of freedom,
/// since towns now and then do something quite their own.
pub(crate) fn points(spread: &[f64]) -> Vec<(f64, f64)> {
    let widest = spread.iter().copied().fold(0.0, f64::max);
    if widest <= 0.0 {
        return vec![(0.0, 0.0)];
    }
    let step = (CLOSE / widest).clamp(2.0 * REACH / (POINTS - 1) as f64, 0.75);
    let half = (0..POINTS).take_while(|i| *i as f64 * step <= REACH).count() - 1;
    let place = |i: usize| (i as f64 - half as f64) * step;
    let weight = |x: f64| (1.0 + 0.25 * x * x).powf(-2.5);
    let total: f64 = (0..=2 * half).map(|i| weight(place(i))).sum();
    (0..=2 * half).map(|i| (place(i), (weight(place(i)) / total).ln())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_even_weighted_and_few() {
        assert_eq!(points(&[0.0]), [(0.0, 0.0)]);
        for sd in [0.001, 0.02, 0.3] {
            let points = points(&[sd, 0.0]);
            let total: f64 = points.iter().map(|(_, ln)| ln.exp()).sum();
            assert!((total - 1.0).abs() < 1e-12);
            assert!(points.len() <= POINTS && points.len() >= 11, "{}", points.len());
            assert!(points.iter().any(|(x, _)| *x == 0.0));
        }
    }
}
