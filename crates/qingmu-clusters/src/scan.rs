//! Kulldorff's spatial scan for counts.
//!
//! Kulldorff, M. (1997), A spatial scan statistic, Communications in Statistics 26, 1481–1496: zones are circles around
//! every point, the statistic is the Poisson likelihood ratio, significance comes from replicates of the multinomial.

use crate::error::ClusterError;
use crate::neighbours::{Point, nearest};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

/// How to scan.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScanOptions {
    /// A zone may hold at most this share of the *expected* count.
    pub most_expected: f64,
    /// A zone must hold at least so many cases.
    pub least_cases: u64,
    /// Monte Carlo replicates; 0 gives no significance.
    pub replicates: usize,
    /// Everything random follows from it.
    pub seed: u64,
}

impl Default for ScanOptions {
    fn default() -> Self {
        Self { most_expected: 0.10, least_cases: 2, replicates: 999, seed: 1 }
    }
}

/// A zone in which cases gather.
#[derive(Debug, Clone, PartialEq)]
pub struct Cluster {
    /// Its centre.
    pub centre: u32,
    /// Members, nearest to the centre first.
    pub members: Vec<u32>,
    /// Cases in it.
    pub cases: u64,
    /// Cases expected in it.
    pub expected: f64,
    /// Logarithm of the likelihood ratio.
    pub llr: f64,
    /// Share of replicates whose best zone does as well, counting the data itself; `None` without replicates.
    pub p: Option<f64>,
}

/// Log likelihood ratio of `cases` in a zone that expects `expected` of `total`; 0 where there is no excess.
#[must_use]
pub fn kulldorff_llr(cases: u64, expected: f64, total: u64) -> f64 {
    let (c, all) = (cases as f64, total as f64);
    if c <= expected || expected <= 0.0 {
        return 0.0;
    }
    let rest = all - c;
    let outside = if rest > 0.0 { rest * (rest / (all - expected)).ln() } else { 0.0 };
    c * (c / expected).ln() + outside
}

/// Zones: for every centre its neighbours in order, cut where the expected count passes the cap.
struct Zones {
    members: Vec<Vec<u32>>,
    /// Expected count of each prefix.
    expected: Vec<Vec<f64>>,
}

impl Zones {
    fn new(points: &[Point], expected: &[f64], cap: f64) -> Self {
        let rows: Vec<(Vec<u32>, Vec<f64>)> = (0..points.len())
            .into_par_iter()
            .map(|centre| {
                let mut members = nearest(points, centre, points.len());
                let mut sums = Vec::new();
                let mut sum = 0.0;
                for member in &members {
                    sum += expected[*member as usize];
                    if sum > cap {
                        break;
                    }
                    sums.push(sum);
                }
                members.truncate(sums.len());
                (members, sums)
            })
            .collect();
        let (members, expected) = rows.into_iter().unzip();
        Self { members, expected }
    }

    /// Best prefix around one centre: its length and likelihood ratio.
    fn best(&self, centre: usize, cases: &[u64], total: u64, least: u64) -> (usize, f64) {
        let mut best = (0, 0.0);
        let mut sum = 0;
        for (i, (member, expected)) in
            self.members[centre].iter().zip(&self.expected[centre]).enumerate()
        {
            sum += cases[*member as usize];
            if sum >= least && sum as f64 > *expected {
                let llr = kulldorff_llr(sum, *expected, total);
                if llr > best.1 {
                    best = (i + 1, llr);
                }
            }
        }
        best
    }
}

/// Clusters without common members, most likely first.
///
/// `expected` is scaled so that it sums to the cases.
///
/// # Errors
/// [`ClusterError`] where slices differ in length, a coordinate is not finite, or an expected count is negative.
pub fn poisson_scan(
    points: &[Point],
    cases: &[u64],
    expected: &[f64],
    options: &ScanOptions,
) -> Result<Vec<Cluster>, ClusterError> {
    if points.len() != cases.len() || points.len() != expected.len() {
        return Err(ClusterError::Length("points, cases, expected"));
    }
    if let Some(row) = points.iter().position(|p| !p.is_finite()) {
        return Err(ClusterError::Value { row, what: "a coordinate" });
    }
    if let Some(row) = expected.iter().position(|e| !e.is_finite() || *e < 0.0) {
        return Err(ClusterError::Value { row, what: "an expected count" });
    }
    let total: u64 = cases.iter().sum();
    let whole: f64 = expected.iter().sum();
    if total == 0 || whole <= 0.0 {
        return Ok(Vec::new());
    }
    let expected: Vec<f64> = expected.iter().map(|e| e * total as f64 / whole).collect();
    let zones = Zones::new(points, &expected, options.most_expected * total as f64);
    let mut found: Vec<Cluster> = (0..points.len())
        .into_par_iter()
        .filter_map(|centre| {
            let (length, llr) = zones.best(centre, cases, total, options.least_cases);
            let members = zones.members[centre].get(..length).filter(|m| !m.is_empty())?.to_vec();
            Some(Cluster {
                centre: u32::try_from(centre).ok()?,
                cases: members.iter().map(|m| cases[*m as usize]).sum(),
                expected: zones.expected[centre][length - 1],
                members,
                llr,
                p: None,
            })
        })
        .collect();
    found.sort_by(|a, b| b.llr.total_cmp(&a.llr).then(a.centre.cmp(&b.centre)));
    let mut taken = vec![false; points.len()];
    found.retain(|cluster| {
        let free = cluster.members.iter().all(|m| !taken[*m as usize]);
        if free {
            cluster.members.iter().for_each(|m| taken[*m as usize] = true);
        }
        free
    });
    let null = replicates(&zones, &expected, total, options);
    if !null.is_empty() {
        for cluster in &mut found {
            let above = null.len() - null.partition_point(|x| *x < cluster.llr);
            cluster.p = Some((1 + above) as f64 / (null.len() + 1) as f64);
        }
    }
    Ok(found)
}

/// Best likelihood ratio of every replicate, sorted. Each replicate has a stream of its own.
fn replicates(zones: &Zones, expected: &[f64], total: u64, options: &ScanOptions) -> Vec<f64> {
    let mut sums = Vec::with_capacity(expected.len());
    let mut sum = 0.0;
    for e in expected {
        sum += e;
        sums.push(sum);
    }
    let mut null: Vec<f64> = (0..options.replicates as u64)
        .into_par_iter()
        .map(|stream| {
            let mut random = ChaCha8Rng::seed_from_u64(options.seed);
            random.set_stream(stream);
            let mut cases = vec![0_u64; expected.len()];
            for _ in 0..total {
                let at: f64 = random.random::<f64>() * sum;
                let place = sums.partition_point(|s| *s <= at).min(cases.len() - 1);
                cases[place] += 1;
            }
            (0..expected.len())
                .map(|centre| zones.best(centre, &cases, total, options.least_cases).1)
                .fold(0.0, f64::max)
        })
        .collect();
    null.sort_by(f64::total_cmp);
    null
}

#[cfg(test)]
#[path = "scan_tests.rs"]
mod tests;
