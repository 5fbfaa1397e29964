//! How areas change from one year to the next: by one step, by one factor, and up rather than down.

use super::{LEAST, Tested, peers, result};
use crate::evidence::Test;
use crate::pairs::{Changes, County, county_of, steps};
use crate::rows::Table;
use qingmu_model::Mu;
use qingmu_stats::poisson_log10_tail;
use rayon::prelude::*;

/// Factors 1.01 to 2.00 by 0.01.
const FACTORS: usize = 100;

/// Pairs by factor.
type ByFactor = [u32; FACTORS];

/// F1, F2 and F3.
pub(super) fn tests(table: &Table, changes: &[Changes], counties: &[County]) -> Vec<Tested> {
    let used: Vec<&Changes> = changes.iter().filter(|c| c.len() >= LEAST).collect();
    let mut found = steps_of(table, &used, counties);
    found.extend(factors_of(table, &used));
    found.extend(signs_of(table, &used));
    found
}

/// Surprise of a count: −log10 of the chance of as many where the rest of the county has `others` of `of`.
fn surprise(n: u32, count: u32, others: u32, of: u32) -> f64 {
    let mean = f64::from(n) * (f64::from(others) + 0.5) / (f64::from(of) + 1_000.0);
    poisson_log10_tail(count, mean).map_or(0.0, |tail| -tail)
}

fn steps_of(table: &Table, used: &[&Changes], counties: &[County]) -> Vec<Tested> {
    let most = |village: &&Changes| {
        let (n, county) = (village.len(), &counties[county_of(table, village.cell)]);
        let rises = village.deltas.iter().filter(|(step, count)| *step > 0 && *count > 1);
        let each = rises.map(|(step, count)| {
            let others = county.by(*step) - count;
            (surprise(n, *count, others, county.pairs - n), *step, *count)
        });
        each.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1))).unwrap_or((0.0, 0, 0))
    };
    let best: Vec<(f64, i64, u32)> = used.par_iter().map(most).collect();
    let sized: Vec<(u32, Option<f64>)> =
        used.iter().zip(&best).map(|(c, (s, ..))| (c.len(), Some(*s))).collect();
    let mut found = Vec::new();
    for ((village, (_, step, count)), p) in used.iter().zip(&best).zip(peers::by_rank(&sized)) {
        let Some(p) = p else { continue };
        let (n, mu) = (village.len(), Mu::from_raw(step * 100));
        let zh = format!("{n} 户次中 {count} 个比上年恰好多 {mu:.2} 亩");
        let en = format!("{count} of {n} claims are exactly {mu:.2} mu above the year before");
        found.push((village.cell, result(Test::ChangeMode, p, zh, en)));
    }
    found
}

fn factors_of(table: &Table, used: &[&Changes]) -> Vec<Tested> {
    let by_factor: Vec<ByFactor> = used.par_iter().map(|c| factors(table, c)).collect();
    let counties = table.county.last().map_or(0, |last| *last as usize + 1);
    let mut sums = vec![([0_u32; FACTORS], 0_u32); counties * table.years];
    for (village, counts) in used.iter().zip(&by_factor) {
        let sum = &mut sums[county_of(table, village.cell)];
        sum.0.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
        sum.1 += village.len();
    }
    let most = |(village, counts): (&&Changes, &ByFactor)| {
        let (sum, of) = &sums[county_of(table, village.cell)];
        let n = village.len();
        let each = counts.iter().zip(sum).enumerate().filter(|(_, (count, _))| **count > 1);
        let each =
            each.map(|(at, (count, sum))| (surprise(n, *count, sum - count, of - n), at, *count));
        each.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1))).unwrap_or((0.0, 0, 0))
    };
    let best: Vec<(f64, usize, u32)> = used.iter().zip(&by_factor).map(most).collect();
    let sized: Vec<(u32, Option<f64>)> =
        used.iter().zip(&best).map(|(c, (s, ..))| (c.len(), Some(*s))).collect();
    let mut found = Vec::new();
    for ((village, (_, at, count)), p) in used.iter().zip(&best).zip(peers::by_rank(&sized)) {
        let Some(p) = p else { continue };
        let (n, percent) = (village.len(), at + 1);
        let zh = format!("{n} 户次中 {count} 个比上年恰好多 {percent}%");
        let en = format!("{count} of {n} claims are exactly {percent} % above the year before");
        found.push((village.cell, result(Test::RatioMode, p, zh, en)));
    }
    found
}

/// Pairs whose areas stand in each factor, up to the rounding of both: |now − ρ·before| ≤ 1 + ρ/2 steps.
fn factors(table: &Table, changes: &Changes) -> ByFactor {
    let mut counts = [0; FACTORS];
    for pair in &changes.pairs {
        let before = steps(table.rows[pair.before as usize].area);
        let now = steps(table.rows[pair.now as usize].area);
        if before <= 0 || now <= before {
            continue;
        }
        // In hundredths of ρ and doubled steps: |200·now − 2·r·before| ≤ 200 + r.
        let fits = |r: i64| (200 * now - 2 * r * before).abs() <= 200 + r;
        let middle = 100 * now / before;
        let reach = 100 / before + 2;
        for r in (middle - reach).max(101)..=(middle + reach).min(200) {
            if fits(r) {
                counts[usize::try_from(r - 101).unwrap_or(0)] += 1;
            }
        }
    }
    counts
}

fn signs_of(table: &Table, used: &[&Changes]) -> Vec<Tested> {
    let signs = |village: &&Changes| {
        let sum = |up: bool| -> u32 {
            let side = village.deltas.iter().filter(|(step, _)| (*step > 0) == up && *step != 0);
            side.map(|(_, count)| count).sum()
        };
        (county_of(table, village.cell), sum(true), sum(true) + sum(false))
    };
    let counts: Vec<(usize, u32, u32)> = used.iter().map(signs).collect();
    let mut found = Vec::new();
    for ((village, (_, up, of)), p) in used.iter().zip(&counts).zip(peers::by_law(&counts)) {
        let Some(p) = p else { continue };
        let zh = format!("面积变动的 {of} 个户次中 {up} 个是增加");
        let en = format!("{up} of the {of} claims that change rise");
        found.push((village.cell, result(Test::Sign, p, zh, en)));
    }
    found
}
