//! How far claims and each source err, from the differences between all pairs of them. statistics.md 1.3.
//!
//! Grubbs 1948 and the three-cornered hat: the variance of a difference is the sum of two variances, so three or more
//! series tell each one's own without any truth at hand. Medians make it robust, least squares without negative
//! values (Lawson and Hanson) over all classes of size at once makes it possible.

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
    let unknown = Curve { flat: UNKNOWN, per_square: 0.0 };
    let yearly = split(&classes, table.sources + 1, config, |p| (p.yearly, p.yearly));
    let lasting =
        split(&classes, table.sources + 1, config, |p| (p.lasting, p.lasting.abs() + p.yearly));
    let spread = |a: usize, wide: Option<Spread>| Spread {
        yearly: yearly[a].or(wide.map(|w| w.yearly)).unwrap_or(unknown),
        lasting: lasting[a].or(wide.map(|w| w.lasting)).unwrap_or(unknown),
    };
    let mut claims = spread(0, wide.map(|w| w.claims));
    let alone = yearly[0].is_none().then(|| claims_alone(&classes, config)).flatten();
    let walk = alone.map_or_else(|| walk(&classes, &claims, config), |(_, walk)| Some(walk));
    claims.yearly = alone.map_or(claims.yearly, |(own, _)| own);
    let sources: Vec<Spread> = (0..table.sources)
        .map(|b| spread(b + 1, wide.and_then(|w| w.sources.get(b)).copied()))
        .collect();
    let stated = (0..table.sources).map(|b| stated(table, members, b, &sources[b], config));
    Stratum {
        villages: members.len(),
        claims,
        stated: stated.collect(),
        walk: walk.or(wide.map(|w| w.walk)).unwrap_or(unknown),
        sources,
    }
}

/// Scatter of the differences of villages of about one size.
struct Class {
    size: f64,
    /// Per pair of series (0 the claims).
    pairs: Vec<(usize, usize, Pair)>,
    /// Squared scale of changes of the claims over 1, 2, … years.
    steps: Vec<Option<f64>>,
}

impl Class {
    fn of(table: &Table, members: &[usize], config: &Config) -> Self {
        let mut size: Vec<f64> = members.iter().map(|v| table.size[*v]).collect();
        let (mut pairs, mut room) = (Vec::new(), Room::default());
        for a in 0..=table.sources {
            for b in a + 1..=table.sources {
                pairs.extend(room.pair(table, members, a, b, config).map(|p| (a, b, p)));
            }
        }
        let steps = (1..table.years).map(|years| room.steps(table, members, years, config));
        Self { size: middle(&mut size).max(f64::MIN_POSITIVE), pairs, steps: steps.collect() }
    }

    /// What a `per_square` in units of the square of `size` weighs in this class.
    fn smallness(&self, size: f64) -> f64 {
        (size / self.size).powi(2)
    }
}

/// Size in whose square the fits below count, for the sake of rounding.
fn reference(classes: &[Class]) -> f64 {
    middle(&mut classes.iter().map(|c| c.size).collect::<Vec<_>>())
}

/// Transient variance and covariance of two years of the difference between two series.
#[derive(Debug, Clone, Copy)]
struct Pair {
    yearly: f64,
    lasting: f64,
}

#[derive(Default)]
struct Room {
    levels: Vec<f64>,
    changes: Vec<f64>,
    sums: Vec<f64>,
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
        self.sums.clear();
        for v in members {
            let row = table.row(*v);
            self.row.clear();
            let differences = row.series(a).iter().zip(row.series(b)).map(|(x, y)| x - y);
            self.row.extend(differences.filter(|d| !d.is_nan()));
            for (i, d) in self.row.iter().enumerate() {
                let later = &self.row[i + 1..];
                self.changes.extend(later.iter().map(|later| later - d));
                self.sums.extend(later.iter().map(|later| later + d));
            }
            self.levels.append(&mut self.row);
        }
        if self.levels.len() < config.least_pairs {
            return None;
        }
        let least = config.least_pair_variance;
        if self.changes.len() < config.least_pairs {
            // No village has two years: half and half.
            let half = (0.5 * squared_mad(&mut self.levels)).max(least);
            return Some(Pair { yearly: half, lasting: half });
        }
        let (changes, sums) = (squared_mad(&mut self.changes), squared_mad(&mut self.sums));
        // Covariance of two years (Gnanadesikan and Kettenring 1972): sums and differences have tails alike, so that
        // heavy transient errors do not pass for a smaller persistent one.
        Some(Pair { yearly: (0.5 * changes).max(least), lasting: 0.25 * (sums - changes) })
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
}

/// Shares the variances of pairs out to single series, as functions of size, by one least-squares fit without negative
/// values over all classes; `of` gives a pair's variance and its scatter. `None` for a series without any pair.
fn split(
    classes: &[Class],
    series: usize,
    config: &Config,
    of: impl Fn(&Pair) -> (f64, f64),
) -> Vec<Option<Curve>> {
    let (size, share) = (reference(classes), config.claims_share);
    let (mut rows, mut right) = (Vec::new(), Vec::new());
    let mut known = vec![false; series];
    for class in classes {
        let small = class.smallness(size);
        let mut add = |entries: [(usize, f64); 2], value: f64| {
            let mut row = vec![0.0; 2 * series];
            for (a, entry) in entries {
                (row[2 * a], row[2 * a + 1]) = (entry, entry * small);
            }
            rows.extend(row);
            right.push(value);
        };
        for (a, b, pair) in &class.pairs {
            let (value, scatter) = of(pair);
            let unit = 1.0 / scatter;
            (known[*a], known[*b]) = (true, true);
            add([(*a, unit), (*b, unit)], value * unit);
            if *a == 0 {
                add([(0, (1.0 - share) * ANCHOR * unit), (*b, -share * ANCHOR * unit)], 0.0);
            }
        }
    }
    let found = nnls(&rows, &right, 2 * series).unwrap_or_default();
    let curve = |a: usize| {
        let fitted = found.get(2 * a).zip(found.get(2 * a + 1))?;
        Some(Curve { flat: *fitted.0, per_square: fitted.1 * size * size }).filter(|_| known[a])
    };
    (0..series).map(curve).collect()
}

/// q by size: what changes from year to year beyond the claims' own errors.
fn walk(classes: &[Class], claims: &Spread, config: &Config) -> Option<Curve> {
    let size = reference(classes);
    let (mut rows, mut right) = (Vec::new(), Vec::new());
    for class in classes {
        let Some(step) = class.steps.first().copied().flatten() else { continue };
        let own = claims.yearly.at(class.size, config.least_variance);
        let unit = 1.0 / step.max(config.least_walk);
        rows.extend([unit, unit * class.smallness(size)]);
        right.push(unit * (step - 2.0 * own).max(config.least_walk));
    }
    let found = nnls(&rows, &right, 2).filter(|_| !right.is_empty())?;
    Some(Curve { flat: found[0], per_square: found[1] * size * size })
}

/// Claims without any source: the variance of a change over L years is L·q + 2σ². Returns σ² and q by size.
fn claims_alone(classes: &[Class], config: &Config) -> Option<(Curve, Curve)> {
    let size = reference(classes);
    let (mut rows, mut right) = (Vec::new(), Vec::new());
    for class in classes {
        let small = class.smallness(size);
        for (i, step) in class.steps.iter().enumerate() {
            let Some(step) = *step else { continue };
            let unit = 1.0 / step.max(config.least_pair_variance);
            let (own, walk) = (2.0 * unit, (i + 1) as f64 * unit);
            rows.extend([own, own * small, walk, walk * small]);
            right.push(unit * step);
            // Where only one distance is known: half of it each.
            let (own, walk) = (2.0 * ANCHOR * unit, -ANCHOR * unit);
            rows.extend([own, own * small, walk, walk * small]);
            right.push(0.0);
        }
    }
    let found = nnls(&rows, &right, 4).filter(|_| !right.is_empty())?;
    let curve = |k: usize| Curve { flat: found[k], per_square: found[k + 1] * size * size };
    Some((curve(0), curve(2)))
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
