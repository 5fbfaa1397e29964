//! One and the same area added to many claimants.

use super::{BOUNDS, Found, Ground, Tally, entry};
use crate::pairs::{Changes, County, county_of, steps};
use crate::rows::Table;
use qingmu_input::MISSING_FIXED;
use qingmu_model::{Family, Mu, Yuan};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Fewer pairs than this have no most frequent change.
const LEAST_PAIRS: u32 = 30;

/// Below this share of the pairs a common change is clerical.
const CLERICAL: f64 = 0.03;

/// Below this share of the claimed area nobody gains by it: half of what counts as material.
const MATERIAL: f64 = 0.015;

/// Common factors that are tried: 1 + so many four-hundredths, up to half as much again.
const FACTORS: i64 = 200;

/// The honest tail is at least this wide: a share of one pair in a hundred is nothing.
const NARROWEST: f64 = 0.01;

/// Fewer peers than this on one grid: all grids together.
const LEAST_PEERS: usize = 20;

/// One or two alike are no crowd.
const LEAST_ALIKE: u32 = 3;

/// Half a mu, in steps of 0.01 mu.
const HALF_MU: i64 = 50;

/// Contracted area per village, source and year, from the registers among the baselines.
pub(crate) type Contracted = BTreeMap<(u32, String), Vec<Option<i64>>>;

/// The best step of one size class in one village-year.
#[derive(Debug, Clone, Copy, Default)]
struct Best {
    /// 0.01 mu; 0 for none.
    step: i64,
    /// Pairs that rise by it less pairs that fall by it, as a share of the pairs, above the share in the rest of the
    /// county.
    share: f64,
}

/// One village-year: its grid (0: 0.5 mu, 1: 0.1 mu, 2: 0.01 mu) and the best step of each class (up to the grid, up
/// to half a mu, above).
struct Look<'a> {
    changes: &'a Changes,
    grid: usize,
    best: [Best; 3],
}

/// Counts the claimants of the step that speaks most, in village-years where the contracted land did not move the same
/// way: then land really was allotted.
pub(crate) fn top_ups(
    ground: Ground<'_>,
    changes: &[Changes],
    counties: &[County],
    contract: &[Changes],
    contracted: &Contracted,
) -> Found {
    let table = ground.table;
    let looks: Vec<Look<'_>> = changes
        .par_iter()
        .filter(|village| village.len() >= LEAST_PAIRS)
        .map(|village| look(table, village, &counties[county_of(table, village.cell)]))
        .collect();
    let laws = laws(&looks);
    let mut found = Vec::new();
    for look in &looks {
        // A share of few pairs is as coarse as one of them.
        let coarse = 1.0 / f64::from(look.changes.len());
        let speaks = (0..3).map(|class| {
            let (half, scale) = laws[look.grid][class];
            (ln_bf(look.best[class], (half, scale.max(coarse))), class)
        });
        let speaks: Vec<(f64, usize)> = speaks.collect();
        let most = speaks.iter().max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        let Some((_, class)) = most.copied() else { continue };
        // A scheme has one step, of any class: the mean of their Bayes factors.
        let mean = speaks.iter().map(|(ln_bf, _)| ln_bf.exp()).sum::<f64>() / 3.0;
        let ln_bf = mean.ln();
        let step = look.best[class].step;
        if ln_bf <= 0.0 || look.changes.by(step) < LEAST_ALIKE {
            continue;
        }
        let tally = tally(ground, look.changes, step);
        let before = look.changes.pairs.iter().map(|p| table.rows[p.before as usize].area as f64);
        if (tally.area as f64) < MATERIAL * before.sum::<f64>() || is_factor(table, look, step) {
            continue;
        }
        if !allotted(ground, look.changes, &tally, contract, contracted) {
            found.push(entry(table, Family::TopUp, ln_bf, tally));
        }
    }
    found
}

fn look<'a>(table: &Table, changes: &'a Changes, county: &County) -> Look<'a> {
    let before = changes.pairs.iter().map(|p| steps(table.rows[p.before as usize].area));
    let on = |grid: i64| before.clone().filter(|area| area % grid == 0).count() as f64;
    let most = 0.9 * f64::from(changes.len());
    let (grid, width) = match (on(50) >= most, on(10) >= most) {
        (true, _) => (0, 50),
        (_, true) => (1, 10),
        _ => (2, 1),
    };
    let n = f64::from(changes.len());
    let others = f64::from(county.pairs - changes.len()).max(1.0);
    let mut best = [Best::default(); 3];
    for (step, ups) in changes.deltas.iter().filter(|(step, _)| *step > 0) {
        let net = f64::from(*ups) - f64::from(changes.by(-step));
        let rise = f64::from(county.by(*step) - ups);
        let fall = f64::from(county.by(-step) - changes.by(-step));
        let share = net / n - ((rise - fall) / others).max(0.0);
        let class = match *step {
            step if step <= width => 0,
            step if step <= HALF_MU => 1,
            _ => 2,
        };
        if share > best[class].share {
            best[class] = Best { step: *step, share };
        }
    }
    Look { changes, grid, best }
}

/// Whether one factor for all explains more of the changed claims than the step does: a new measurement or a common
/// coefficient moves small areas on a coarse grid by one and the same step, and larger ones by more.
fn is_factor(table: &Table, look: &Look<'_>, step: i64) -> bool {
    let width = [50, 10, 1][look.grid];
    let changed: Vec<(i64, i64)> = look
        .changes
        .pairs
        .iter()
        .map(|p| {
            (steps(table.rows[p.before as usize].area), steps(table.rows[p.now as usize].area))
        })
        .filter(|(before, now)| before != now)
        .collect();
    // Rounding before and after leaves a grid width of play.
    let fits = |factor: i64| {
        let play = |(before, now): &&(i64, i64)| (now * 400 - before * factor).abs() <= 400 * width;
        changed.iter().filter(play).count()
    };
    let most = (401..=400 + FACTORS).map(fits).max().unwrap_or(0);
    let by_step = changed.iter().filter(|(before, now)| now - before == step).count();
    most > by_step + changed.len() / 20
}

/// Per grid and class the median share and the scale of the exponential tail through it and the 90 % quantile.
fn laws(looks: &[Look<'_>]) -> [[(f64, f64); 3]; 3] {
    let law = |grid: Option<usize>, class: usize| {
        let peers = looks.iter().filter(|look| grid.is_none_or(|grid| look.grid == grid));
        let shares: Vec<f64> = peers.map(|look| look.best[class].share).collect();
        if grid.is_some() && shares.len() < LEAST_PEERS {
            return None;
        }
        let at = |p| qingmu_stats::quantile(&shares, p).unwrap_or(0.0);
        let (half, ninety) = (at(0.5), at(0.9));
        Some((half, ((ninety - half) / 5_f64.ln()).max(NARROWEST)))
    };
    std::array::from_fn(|grid| {
        std::array::from_fn(|class| {
            law(Some(grid), class).or_else(|| law(None, class)).unwrap_or((0.0, NARROWEST))
        })
    })
}

/// Log-uniform on 3–100 % of the pairs against the honest exponential tail.
fn ln_bf(best: Best, (half, scale): (f64, f64)) -> f64 {
    if best.share < CLERICAL || best.share <= half {
        return BOUNDS.0;
    }
    let made = -(best.share * -CLERICAL.ln()).ln();
    let honest = 0.5_f64.ln() - (best.share - half) / scale - scale.ln();
    (made - honest).clamp(BOUNDS.0, BOUNDS.1)
}

fn tally(ground: Ground<'_>, changes: &Changes, step: i64) -> Tally {
    let mut tally = Tally { cell: changes.cell, step: Some(step * 100), ..Tally::default() };
    for pair in &changes.pairs {
        let row = &ground.table.rows[pair.now as usize];
        let before = &ground.table.rows[pair.before as usize];
        if steps(row.area) - steps(before.area) != step {
            continue;
        }
        tally.count += 1;
        let added = row.area - before.area;
        tally.area = tally.area.saturating_add(added);
        // The row's own rate; without one, its amount in proportion.
        let money = if row.rate == MISSING_FIXED {
            let part = i128::from(row.amount) * i128::from(added) / i128::from(row.area.max(1));
            i64::try_from(part).ok()
        } else {
            Mu::from_raw(added).times_rate(Yuan::from_raw(row.rate)).map(Yuan::raw)
        };
        tally.money = tally.money.saturating_add(money.unwrap_or(0));
        tally.rows.push(pair.now as usize);
    }
    tally
}

/// Whether the contracted land of the same people, or the register of the village, moved the same way.
fn allotted(
    ground: Ground<'_>,
    changes: &Changes,
    tally: &Tally,
    contract: &[Changes],
    contracted: &Contracted,
) -> bool {
    let table = ground.table;
    let step = tally.step.unwrap_or(0) / 100;
    if let Ok(at) = contract.binary_search_by_key(&changes.cell, |c| c.cell) {
        let raised: Vec<u32> = tally.rows.iter().map(|at| table.rows[*at].claimant).collect();
        let (mut moved, mut all) = (0, 0);
        for pair in &contract[at].pairs {
            let row = &table.rows[pair.now as usize];
            if raised.binary_search(&row.claimant).is_ok() {
                all += 1;
                let delta = steps(row.area) - steps(table.rows[pair.before as usize].area);
                moved += u32::from(delta * 2 >= step);
            }
        }
        if all > 0 && moved * 2 >= all {
            return true;
        }
    }
    let (village, year) = (changes.cell / table.years, changes.cell % table.years);
    let number = u32::try_from(village).unwrap_or(u32::MAX);
    let registers = contracted.range((number, String::new())..(number + 1, String::new()));
    let moved = |areas: &Vec<Option<i64>>| {
        let rise = areas[year].zip(areas[year.saturating_sub(1)]).map(|(now, before)| now - before);
        rise.is_some_and(|rise| rise.saturating_mul(2) >= tally.area && rise > 0)
    };
    registers.map(|(_, areas)| areas).any(moved)
}
