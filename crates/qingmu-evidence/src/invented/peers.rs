//! p-values against peers: by rank among lists of like size, or by a law fitted to the county.

use qingmu_stats::BetaBinomial;
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

/// Upper tails of hits among trials by the beta-binomial law of each group (a county's year).
pub(super) fn by_law(groups_and_counts: &[(usize, u32, u32)]) -> Vec<Option<f64>> {
    let mut groups: BTreeMap<usize, Vec<(u32, u32)>> = BTreeMap::new();
    for (group, hits, of) in groups_and_counts {
        groups.entry(*group).or_default().push((*hits, *of));
    }
    let all: Vec<(u32, u32)> = groups_and_counts.iter().map(|(_, hits, of)| (*hits, *of)).collect();
    let overall = BetaBinomial::fit(&all);
    let laws: BTreeMap<usize, Option<BetaBinomial>> = groups
        .into_iter()
        .map(|(group, counts)| {
            let own =
                (counts.len() >= LEAST_VILLAGES).then(|| BetaBinomial::fit(&counts)).flatten();
            (group, own.or(overall))
        })
        .collect();
    let tail = |(group, hits, of): &(usize, u32, u32)| {
        laws.get(group).copied().flatten().filter(|_| *of > 0).map(|law| law.tail(*hits, *of))
    };
    groups_and_counts.iter().map(tail).collect()
}
