//! How far claims and each source err, from the differences between all pairs of them. statistics.md 1.3.
//!
//! Grubbs 1948 and the three-cornered hat: the variance of a difference is the sum of two variances, so three or more
//! series tell each one's own without any truth at hand. Medians make it robust, least squares without negative
//! values (Lawson and Hanson) makes it possible.

use crate::centre::Regions;
use crate::config::Config;
use crate::model::{Curve, Spread, Stratum};
use crate::table::Table;
use crate::village::middle;
use qingmu_stats::{MAD_TO_SD, nnls};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Weight of the rows that hold the claims' share of a variance where nothing else settles it.
const ANCHOR: f64 = 0.01;

/// Variance of a series of which nothing is known: a standard deviation of one half (log).
const UNKNOWN: f64 = 0.25;

/// Variances of every prefecture with enough villages, and of the others together.
pub(crate) fn strata(
    table: &Table,
    regions: &Regions,
    config: &Config,
) -> (BTreeMap<u32, Stratum>, Stratum) {
    let own = |members: &Vec<usize>| members.len() >= config.stratum_villages;
    let (large, small): (Vec<_>, Vec<_>) =
        regions.prefecture.iter().partition(|(_, members)| own(members));
    let mut rest: Vec<usize> =
        small.into_iter().flat_map(|(_, members)| members).copied().collect();
    if rest.len() < config.stratum_villages {
        rest.clone_from(&regions.whole);
    }
    let whole = stratum(table, &rest, config, None);
    let fitted = large
        .into_par_iter()
        .map(|(prefecture, members)| (*prefecture, stratum(table, members, config, Some(&whole))));
    (fitted.collect(), whole)
}

/// One stratum; a series that cannot be measured in it takes its variances from `wide`.
fn stratum(table: &Table, members: &[usize], config: &Config, wide: Option<&Stratum>) -> Stratum {
    let mut sorted = members.to_vec();
    sorted.sort_by(|a, b| table.size[*a].total_cmp(&table.size[*b]).then(a.cmp(b)));
    let count = (sorted.len() / config.class_villages.max(1)).clamp(1, config.size_classes.max(1));
    let classes: Vec<Class> = (0..count)
        .into_par_iter()
        .map(|k| {
            let members = &sorted[k * sorted.len() / count..(k + 1) * sorted.len() / count];
            let stride = members.len().div_ceil(config.class_sample.max(1)).max(1);
            let sample: Vec<usize> = members.iter().copied().step_by(stride).collect();
            Class::of(table, &sample, config)
        })
        .collect();
    let curve = |of: &dyn Fn(&Class) -> Option<f64>, wide: Option<Curve>| {
        curve(&classes, of).or(wide).unwrap_or(Curve { flat: UNKNOWN, per_square: 0.0 })
    };
    let spread = |a: usize, wide: Option<Spread>| Spread {
        yearly: curve(&|c| c.yearly[a], wide.map(|w| w.yearly)),
        lasting: curve(&|c| c.lasting[a], wide.map(|w| w.lasting)),
    };
    let sources: Vec<Spread> = (0..table.sources)
        .map(|b| spread(b + 1, wide.and_then(|w| w.sources.get(b)).copied()))
        .collect();
    let stated = (0..table.sources).map(|b| stated(table, members, b, &sources[b], config));
    Stratum {
        villages: members.len(),
        claims: spread(0, wide.map(|w| w.claims)),
        stated: stated.collect(),
        walk: curve(&|c| c.walk, wide.map(|w| w.walk)),
        sources,
    }
}

/// Variances of villages of about one size; `None` where they cannot be measured.
struct Class {
    size: f64,
    yearly: Vec<Option<f64>>,
    lasting: Vec<Option<f64>>,
    walk: Option<f64>,
}

impl Class {
    fn of(table: &Table, members: &[usize], config: &Config) -> Self {
        let series = table.sources + 1;
        let mut size: Vec<f64> = members.iter().map(|v| table.size[*v]).collect();
        let mut pairs = Vec::new();
        let mut room = Room::default();
        for a in 0..series {
            for b in a + 1..series {
                pairs.extend(room.pair(table, members, a, b, config).map(|p| (a, b, p)));
            }
        }
        let yearly = split(&pairs, series, config, |p| p.yearly);
        let lasting = split(&pairs, series, config, |p| p.lasting);
        let mut class = Self { size: middle(&mut size), yearly, lasting, walk: None };
        if let Some(own) = class.yearly[0] {
            let step = room.steps(table, members, 1, config);
            class.walk = step.map(|s| (s - 2.0 * own).max(config.least_walk));
        } else if let Some((own, walk)) = room.alone(table, members, config) {
            (class.yearly[0], class.walk) = (Some(own), Some(walk));
        }
        class
    }
}

/// Transient and persistent variance of the difference between two series.
#[derive(Debug, Clone, Copy)]
struct Pair {
    yearly: f64,
    lasting: f64,
}

#[derive(Default)]
struct Room {
    levels: Vec<f64>,
    changes: Vec<f64>,
    row: Vec<f64>,
}

impl Room {
    fn pair(
        &mut self,
        table: &Table,
        members: &[usize],
        a: usize,
        b: usize,
        config: &Config,
    ) -> Option<Pair> {
        self.levels.clear();
        self.changes.clear();
        for v in members {
            let row = table.row(*v);
            self.row.clear();
            let differences = row.series(a).iter().zip(row.series(b)).map(|(x, y)| x - y);
            self.row.extend(differences.filter(|d| !d.is_nan()));
            for (i, d) in self.row.iter().enumerate() {
                self.changes.extend(self.row[i + 1..].iter().map(|later| later - d));
            }
            self.levels.append(&mut self.row);
        }
        if self.levels.len() < config.least_pairs {
            return None;
        }
        let total = squared_mad(&mut self.levels);
        let yearly = if self.changes.len() < config.least_pairs {
            // No village has two years: half and half.
            0.5 * total
        } else {
            0.5 * squared_mad(&mut self.changes)
        };
        let least = config.least_pair_variance;
        Some(Pair { yearly: yearly.max(least), lasting: (total - yearly).max(least) })
    }

    /// Squared scale of the changes of claims over some years.
    fn steps(
        &mut self,
        table: &Table,
        members: &[usize],
        years: usize,
        config: &Config,
    ) -> Option<f64> {
        self.changes.clear();
        for v in members {
            let claims = table.row(*v).series(0);
            let changes = claims.iter().zip(claims.iter().skip(years)).map(|(x, y)| y - x);
            self.changes.extend(changes.filter(|d| !d.is_nan()));
        }
        (self.changes.len() >= config.least_pairs).then(|| squared_mad(&mut self.changes))
    }

    /// Claims without any source: the variance of a change over L years is L·q + 2σ².
    fn alone(&mut self, table: &Table, members: &[usize], config: &Config) -> Option<(f64, f64)> {
        let (mut rows, mut right) = (Vec::new(), Vec::new());
        for years in 1..table.years {
            let Some(step) = self.steps(table, members, years, config) else { continue };
            let step = step.max(config.least_pair_variance);
            rows.extend([2.0 / step, years as f64 / step]);
            right.push(1.0);
            // Where only one distance is known: half of it each.
            rows.extend([2.0 * ANCHOR / step, -ANCHOR / step]);
            right.push(0.0);
        }
        let found = nnls(&rows, &right, 2).filter(|_| !right.is_empty())?;
        Some((found[0].max(config.least_variance), found[1].max(config.least_walk)))
    }
}

/// Shares the variances of pairs out to single series by relative least squares without negative values.
fn split(
    pairs: &[(usize, usize, Pair)],
    series: usize,
    config: &Config,
    of: impl Fn(&Pair) -> f64,
) -> Vec<Option<f64>> {
    let (mut rows, mut right) = (Vec::new(), Vec::new());
    let mut add = |entries: [(usize, f64); 2], value: f64| {
        let mut row = vec![0.0; series];
        for (column, entry) in entries {
            row[column] = entry;
        }
        rows.extend(row);
        right.push(value);
    };
    let share = config.claims_share;
    for (a, b, pair) in pairs {
        let unit = 1.0 / of(pair);
        add([(*a, unit), (*b, unit)], 1.0);
        if *a == 0 {
            add([(0, (1.0 - share) * ANCHOR * unit), (*b, -share * ANCHOR * unit)], 0.0);
        }
    }
    let found = nnls(&rows, &right, series).unwrap_or_default();
    let known = |a: usize| pairs.iter().any(|(x, y, _)| *x == a || *y == a);
    (0..series)
        .map(|a| found.get(a).filter(|_| known(a)).map(|v| v.max(config.least_variance)))
        .collect()
}

/// `flat + per_square / A²` through the values of the classes.
fn curve(classes: &[Class], of: &dyn Fn(&Class) -> Option<f64>) -> Option<Curve> {
    let known: Vec<(f64, f64)> =
        classes.iter().filter_map(|c| Some((c.size.max(f64::MIN_POSITIVE), of(c)?))).collect();
    let mut values: Vec<f64> = known.iter().map(|(_, v)| *v).collect();
    let typical = middle(&mut values);
    if known.len() < 3 {
        return (!known.is_empty()).then_some(Curve { flat: typical, per_square: 0.0 });
    }
    let mut sizes: Vec<f64> = known.iter().map(|(size, _)| *size).collect();
    let size = middle(&mut sizes);
    let (mut rows, mut right) = (Vec::new(), Vec::new());
    for (own, value) in &known {
        let weight = 1.0 / (value + typical);
        rows.extend([weight, weight * (size / own).powi(2)]);
        right.push(weight * value);
    }
    let found = nnls(&rows, &right, 2)?;
    Some(Curve { flat: found[0], per_square: found[1] * size * size })
}

/// Factor from a source's stated relative variances to its measured one, where it states enough of them.
fn stated(
    table: &Table,
    members: &[usize],
    b: usize,
    spread: &Spread,
    config: &Config,
) -> Option<f64> {
    let (mut cells, mut values, mut own) = (0_usize, Vec::new(), Vec::new());
    for v in members {
        cells += table.row(*v).series(b + 1).iter().filter(|r| !r.is_nan()).count();
        values.extend(table.stated(*v, b).iter().filter(|s| !s.is_nan()));
        own.push(spread.yearly.at(table.size[*v], config.least_variance));
    }
    let enough = !values.is_empty() && values.len() as f64 >= config.se_coverage * cells as f64;
    let typical = middle(&mut values);
    (enough && typical > 0.0).then(|| middle(&mut own) / typical)
}

/// Square of the scale of a buffer (median absolute deviation as a standard deviation); its order is lost.
pub(crate) fn squared_mad(values: &mut [f64]) -> f64 {
    let centre = quick_median(values);
    for value in values.iter_mut() {
        *value = (*value - centre).abs();
    }
    (MAD_TO_SD * quick_median(values)).powi(2)
}

/// Median in linear time; 0 for nothing.
fn quick_median(values: &mut [f64]) -> f64 {
    let n = values.len();
    if n == 0 {
        return 0.0;
    }
    let (below, high, _) = values.select_nth_unstable_by(n / 2, f64::total_cmp);
    if n % 2 == 1 {
        return *high;
    }
    let low = below.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    f64::midpoint(low, *high)
}
