//! p-values against peers: by rank among lists of like size, or by a law fitted to the county.

use qingmu_stats::BetaBinomial;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Lower ends of the size bins.
const BINS: [u32; 5] = [30, 75, 150, 300, 600];

/// Fewer villages than this make no law of a county: the whole input's serves.
const LEAST_VILLAGES: usize = 5;

/// Conformal p-values: the share of village-years of like size, itself included, whose statistic is at least as large.
/// `None` below the smallest bin or where there is no statistic.
pub(super) fn by_rank(sizes_and_statistics: &[(u32, Option<f64>)]) -> Vec<Option<f64>> {
    let bin = |size: u32| BINS.partition_point(|least| *least <= size);
    let mut bins: Vec<Vec<f64>> = vec![Vec::new(); BINS.len() + 1];
    for (size, statistic) in sizes_and_statistics {
        bins[bin(*size)].extend(statistic);
    }
    for values in &mut bins {
        values.sort_unstable_by(f64::total_cmp);
    }
    let rank = |(size, statistic): &(u32, Option<f64>)| {
        let statistic = (*statistic)?;
        let values = &bins[bin(*size).checked_sub(1)? + 1];
        let larger = values.len() - values.partition_point(|v| *v < statistic);
        // The village-year itself is among the larger: one more would count it twice.
        Some(larger.max(1) as f64 / values.len() as f64)
    };
    sizes_and_statistics.iter().map(rank).collect()
}

/// Upper tails of hits among trials by the beta-binomial law of the other members of each group (a county's year):
/// a village that is odd must not make itself usual.
pub(super) fn by_law(groups_and_counts: &[(usize, u32, u32)]) -> Vec<Option<f64>> {
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, (group, ..)) in groups_and_counts.iter().enumerate() {
        groups.entry(*group).or_default().push(at);
    }
    let count = |at: &usize| (groups_and_counts[*at].1, groups_and_counts[*at].2);
    let all: Vec<(u32, u32)> = (0..groups_and_counts.len()).map(|at| count(&at)).collect();
    let overall = BetaBinomial::fit(&all);
    let groups: Vec<Vec<usize>> = groups.into_values().collect();
    let of_group = |members: &Vec<usize>| -> Vec<(usize, Option<f64>)> {
        let tail = |at: &usize| {
            let others = members.iter().filter(|other| *other != at);
            let others: Vec<(u32, u32)> = others.map(count).collect();
            let own = (members.len() >= LEAST_VILLAGES).then(|| BetaBinomial::fit(&others));
            let (hits, of) = count(at);
            let law = own.flatten().or(overall).filter(|_| of > 0);
            (*at, law.map(|law| law.tail(hits, of)))
        };
        members.iter().map(tail).collect()
    };
    let mut tails = vec![None; groups_and_counts.len()];
    for (at, tail) in groups.par_iter().map(of_group).flatten().collect::<Vec<_>>() {
        tails[at] = tail;
    }
    tails
}
