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

/// The square of a scale by median absolute deviation over n normal values errs by this over √n, relatively.
const MAD_ERROR: f64 = 2.33;

/// Standard deviation of the shift, plain templates by series, among the groups of one tie.
///
/// The spread of group medians less what villages that share nothing would give; both by median absolute deviations,
/// so that a few rings do not pass for honest custom. What is shared is first measured as a share of the villages' own
/// scatter, and a template has another share than the middle one only as far as chance does not explain it: a hundred
/// towns measure one template's so coarsely that a ring would drown in it.
pub(crate) fn spread(table: &Table, groups: &[&Group]) -> Vec<f64> {
    let (templates, series) = (table.plain.len(), table.series);
    let mut all = vec![0.0; templates * series];
    for s in 0..series {
        let looks: Vec<Look> = (0..templates).map(|p| look(table, groups, p, s)).collect();
        let known = || looks.iter().filter(|look| look.own > 0.0);
        let shares: Vec<f64> = known().map(|look| look.share).collect();
        let middle = median(&shares).unwrap_or(0.0);
        for (p, look) in looks.iter().enumerate() {
            let apart = look.share - middle;
            let share = middle + apart.signum() * (apart.abs() - look.error).max(0.0);
            let beyond = look.own * share.max(0.0);
            let square = (look.groups * beyond + SEEN.0 * SEEN.1 * SEEN.1) / (look.groups + SEEN.0);
            all[p * series + s] = square.sqrt();
        }
    }
    all
}

/// What the groups of one tie show in one template and series.
struct Look {
    /// Groups with enough members.
    groups: f64,
    /// Variance of a village within its group.
    own: f64,
    /// Variance that a group's members share, over `own`; below 0 where chance had it so.
    share: f64,
    /// Standard error of `share`.
    error: f64,
}

fn look(table: &Table, groups: &[&Group], p: usize, series: usize) -> Look {
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
    let (own, between) = (square(mad(&apart)), square(mad(&middles)));
    let groups = middles.len() as f64;
    if own <= 0.0 {
        return Look { groups, own: 0.0, share: 0.0, error: 0.0 };
    }
    let ratio = between / own;
    let share = ratio - median(&shares).unwrap_or(0.0);
    Look { groups, own, share, error: MAD_ERROR * ratio / groups.sqrt() }
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
