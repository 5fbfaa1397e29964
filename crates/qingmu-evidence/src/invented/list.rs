//! One year's list: repeated areas, round areas, last digits, new claimants.

use super::{LEAST, Tested, peers, result, seed};
use crate::count::Ground;
use crate::evidence::Test;
use crate::pairs::{county_of, steps};
use crate::rows::{Table, runs};
use qingmu_input::MISSING_GROUP;
use qingmu_stats::{dirichlet_concentration, dirichlet_multinomial_p, g_statistic, ln_phi};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Share of equal pairs that stand inside one group where equal allotment explains them.
const INSIDE: f64 = 0.8;

/// Draws of the digits' law.
const DRAWS: u32 = 10_000;

/// Above this approximate p-value digits are unremarkable and not drawn for.
const DULL: f64 = 0.1;

/// Claims of one village-year, as filed.
#[derive(Debug, Default)]
pub(super) struct List {
    pub(super) cell: usize,
    /// Areas in 0.01 mu, ascending.
    pub(super) areas: Vec<i64>,
    /// Claimants, ascending.
    pub(super) claimants: Vec<u32>,
    /// Claimants who were not there the year before; `None` where the village was not.
    new: Option<u32>,
    /// Repeated areas are those of equal allotment inside groups.
    pub(super) equal_allotment: bool,
}

/// The lists of all village-years with claims of the lines, village by village, year by year.
pub(super) fn lists(ground: Ground<'_>, lines: &[bool]) -> Vec<List> {
    let table = ground.table;
    let of_village = |block: &std::ops::Range<usize>| {
        let mut order: Vec<usize> = block
            .clone()
            .filter(|at| lines[table.rows[*at].line as usize] && ground.repaired.as_filed(*at))
            .collect();
        order.sort_by_key(|at| table.rows[*at].year);
        let mut found: Vec<List> = Vec::new();
        for run in runs(&order, |a, b| table.rows[*a].year == table.rows[*b].year) {
            let mut list = one(table, &order[run]);
            let before = found.last().filter(|before| before.cell + 1 == list.cell);
            list.new = before.map(|before| {
                let known = |c: &&u32| before.claimants.binary_search(c).is_err();
                u32::try_from(list.claimants.iter().filter(known).count()).unwrap_or(u32::MAX)
            });
            found.push(list);
        }
        found
    };
    table.blocks.par_iter().flat_map_iter(of_village).collect()
}

/// Rows of one village-year, by claimant.
fn one(table: &Table, rows: &[usize]) -> List {
    let mut areas: Vec<i64> = rows.iter().map(|at| steps(table.rows[*at].area)).collect();
    areas.sort_unstable();
    let mut claimants: Vec<u32> = rows.iter().map(|at| table.rows[*at].claimant).collect();
    claimants.dedup();
    let grouped = rows.iter().map(|at| (steps(table.rows[*at].area), table.rows[*at].group));
    List {
        cell: table.cell(&table.rows[rows[0]]),
        areas,
        claimants,
        new: None,
        equal_allotment: equal_allotment(grouped.collect()),
    }
}

/// Whether equal areas stand together in villagers' groups: land divided per head gives exact repeats inside each.
fn equal_allotment(mut areas: Vec<(i64, i16)>) -> bool {
    areas.retain(|(area, group)| area % 50 != 0 && *group != MISSING_GROUP);
    areas.sort_unstable();
    let pairs = |n: usize| n * n.saturating_sub(1) / 2;
    let (mut inside, mut all) = (0, 0);
    for equal in runs(&areas, |a, b| a.0 == b.0) {
        all += pairs(equal.len());
        let groups = runs(&areas[equal], |a, b| a.1 == b.1);
        inside += groups.iter().map(|group| pairs(group.len())).sum::<usize>();
    }
    let mut groups: Vec<i16> = areas.iter().map(|(_, group)| *group).collect();
    groups.sort_unstable();
    groups.dedup();
    groups.len() > 1 && all > 0 && inside as f64 >= INSIDE * all as f64
}

/// F4, F5, F6 and F8.
pub(super) fn tests(table: &Table, lists: &[List], code_changes: &[(u32, usize)]) -> Vec<Tested> {
    let used: Vec<&List> = lists.iter().filter(|l| l.areas.len() >= LEAST as usize).collect();
    let mut found = repeats(&used);
    found.extend(heaps(table, &used));
    found.extend(digits(table, &used));
    found.extend(newcomers(table, &used, code_changes));
    found
}

fn size(list: &List) -> u32 {
    u32::try_from(list.areas.len()).unwrap_or(u32::MAX)
}

/// Share of equal pairs among all pairs of areas that are no multiples of half a mu.
fn repeats(used: &[&List]) -> Vec<Tested> {
    let statistic = |list: &&List| {
        let n = list.areas.len() as f64;
        let equal = runs(&list.areas, |a, b| a == b);
        let odd = equal.iter().filter(|run| list.areas[run.start] % 50 != 0);
        let most = odd.clone().map(|run| (run.len(), list.areas[run.start])).max();
        let pairs: f64 = odd.map(|run| (run.len() * (run.len() - 1) / 2) as f64).sum();
        (pairs / (n * (n - 1.0) / 2.0), most)
    };
    let all: Vec<(f64, Option<(usize, i64)>)> = used.iter().map(statistic).collect();
    let sized: Vec<(u32, Option<f64>)> = used
        .iter()
        .zip(&all)
        .map(|(list, (s, _))| (size(list), (!list.equal_allotment).then_some(*s)))
        .collect();
    let mut found = Vec::new();
    for ((list, (_, most)), p) in used.iter().zip(&all).zip(peers::by_rank(&sized)) {
        let (Some(p), Some((times, area))) = (p, most) else { continue };
        let mu = qingmu_model::Mu::from_raw(area * 100);
        let zh = format!("同一面积 {mu:.2} 亩出现 {times} 次");
        let en = format!("one area, {mu:.2} mu, stands there {times} times");
        found.push((list.cell, result(Test::Repeats, p, zh, en)));
    }
    found
}

/// Multiples of half a mu and of a mu; the odder of the two, doubled.
fn heaps(table: &Table, used: &[&List]) -> Vec<Tested> {
    let tails = |grid: i64| {
        let count = |list: &&List| {
            let on = list.areas.iter().filter(|area| *area % grid == 0).count();
            let on = u32::try_from(on).unwrap_or(u32::MAX);
            (county_of(table, list.cell), on, size(list))
        };
        let counts: Vec<(usize, u32, u32)> = used.iter().map(count).collect();
        (peers::by_law(&counts), counts)
    };
    let ((half, counts), (whole, _)) = (tails(50), tails(100));
    let mut found = Vec::new();
    for (at, list) in used.iter().enumerate() {
        let (Some(half), Some(whole)) = (half[at], whole[at]) else { continue };
        let (_, on, of) = counts[at];
        let zh = format!("{of} 行面积中 {on} 行为半亩的整数倍");
        let en = format!("{on} of {of} areas are multiples of half a mu");
        let p = (2.0 * half.min(whole)).min(1.0);
        found.push((list.cell, result(Test::Heaping, p, zh, en)));
    }
    found
}

/// Last digits (0.01 mu) against the county's, which scatter from village to village.
fn digits(table: &Table, used: &[&List]) -> Vec<Tested> {
    let count = |list: &&List| {
        let mut counts = [0_u32; 10];
        for area in &list.areas {
            counts[usize::try_from(area.rem_euclid(10)).unwrap_or(0)] += 1;
        }
        counts
    };
    let counts: Vec<[u32; 10]> = used.iter().map(count).collect();
    let mut counties: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, list) in used.iter().enumerate() {
        counties.entry(county_of(table, list.cell)).or_default().push(at);
    }
    let counties: Vec<Vec<usize>> = counties.into_values().collect();
    let of_county = |members: &Vec<usize>| {
        let mut sums = [0_f64; 10];
        for at in members {
            sums.iter_mut().zip(&counts[*at]).for_each(|(sum, c)| *sum += f64::from(*c));
        }
        let all: f64 = sums.iter().sum();
        let shares = sums.map(|sum| sum / all.max(1.0));
        let lists: Vec<&[u32]> = members.iter().map(|at| &counts[*at][..]).collect();
        // Two or three villages have no scatter worth the name.
        let law = dirichlet_concentration(&lists, &shares).filter(|_| members.len() >= 5);
        let test = |at: &usize| {
            let p = digits_p(&counts[*at], &shares, law?, seed(table, used[*at].cell))?;
            let n = used[*at].areas.len();
            let zh = format!("{n} 行面积的末位数字分布与全县其他村不同");
            let en = format!("last digits of {n} areas are unlike those of the county");
            Some((used[*at].cell, result(Test::Digits, p, zh, en)))
        };
        members.iter().filter_map(test).collect::<Vec<Tested>>()
    };
    counties.par_iter().flat_map_iter(of_county).collect()
}

fn digits_p(counts: &[u32], shares: &[f64], concentration: f64, seed: u64) -> Option<f64> {
    let n: u32 = counts.iter().sum();
    let free = shares.iter().filter(|p| **p > 0.0).count().checked_sub(2)? as f64 + 1.0;
    let wider = (f64::from(n) + concentration) / (1.0 + concentration);
    let scaled = g_statistic(counts, shares)?.max(0.0) / (wider * free);
    // Wilson and Hilferty 1931: the cube root of χ²/k is nearly normal.
    let spread = 2.0 / (9.0 * free);
    let rough = ln_phi(-(scaled.cbrt() - (1.0 - spread)) / spread.sqrt()).exp();
    if rough > DULL {
        return Some(rough);
    }
    dirichlet_multinomial_p(counts, shares, concentration, DRAWS, seed)
}

fn newcomers(table: &Table, used: &[&List], code_changes: &[(u32, usize)]) -> Vec<Tested> {
    let changed = |cell: usize| {
        let village = u32::try_from(cell / table.years).unwrap_or(u32::MAX);
        code_changes.binary_search(&(village, cell % table.years)).is_ok()
    };
    let mut lists = Vec::new();
    let mut counts = Vec::new();
    for list in used {
        if let Some(new) = list.new.filter(|_| !changed(list.cell)) {
            let of = u32::try_from(list.claimants.len()).unwrap_or(u32::MAX);
            lists.push(list.cell);
            counts.push((county_of(table, list.cell), new, of));
        }
    }
    let mut found = Vec::new();
    for ((cell, (_, new, of)), p) in lists.iter().zip(&counts).zip(peers::by_law(&counts)) {
        let Some(p) = p else { continue };
        let zh = format!("{of} 户中 {new} 户上年不在册");
        let en = format!("{new} of {of} claimants were not there the year before");
        found.push((*cell, result(Test::NewClaimants, p, zh, en)));
    }
    found
}
