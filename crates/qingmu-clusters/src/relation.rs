//! Dense blocks of a relation with several columns, such as accounts, claimants, recorders and approvers.
//!
//! Shin, Hooi and Faloutsos (2016), M-Zoom: Fast Dense-Block Detection in Tensors with Quality Guarantees, ECML PKDD:
//! values are taken away in the order of least mass; the best block on the way has at least 1/K of the best density there
//! is. Density is arithmetic: tuples over the mean number of values per column.

use crate::dense::tail;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
use std::collections::BTreeSet;

/// A block of a relation with K columns.
#[derive(Debug, Clone, PartialEq)]
pub struct RelationBlock<const K: usize> {
    /// Values in it, by column, sorted.
    pub values: [Vec<u32>; K],
    /// Places of its tuples among those handed in.
    pub tuples: Vec<usize>,
    /// Tuples over the mean number of values per column.
    pub density: f64,
}

/// The densest blocks, one after another, each without the tuples of those before; at most `most`.
#[must_use]
pub fn relation_blocks<const K: usize>(tuples: &[[u32; K]], most: usize) -> Vec<RelationBlock<K>> {
    let mut left: Vec<usize> = (0..tuples.len()).collect();
    let mut found = Vec::new();
    while found.len() < most {
        let part: Vec<[u32; K]> = left.iter().map(|at| tuples[*at]).collect();
        let Some(mut block) = densest(&part) else { break };
        let inside: BTreeSet<usize> = block.tuples.iter().copied().collect();
        block.tuples.iter_mut().for_each(|at| *at = left[*at]);
        left = (0..part.len()).filter(|at| !inside.contains(at)).map(|at| left[at]).collect();
        found.push(block);
    }
    found
}

/// Probability that chance alone gives a block as dense as the densest: `replicates` times the values of one column change
/// places among the tuples of one stratum, so that every value keeps its number of tuples; the tail is that of a Gumbel
/// distribution fitted by moments. `None` for fewer than ten tuples or nine replicates, and where the strata are not as many
/// as the tuples.
#[must_use]
pub fn relation_significance<const K: usize>(
    tuples: &[[u32; K]],
    (column, strata): (usize, &[u32]),
    replicates: usize,
    seed: u64,
) -> Option<f64> {
    let block = densest(tuples)?;
    if replicates < 9 || tuples.len() < 10 || strata.len() != tuples.len() || column >= K {
        return None;
    }
    let mut order: Vec<usize> = (0..tuples.len()).collect();
    order.sort_by_key(|at| (strata[*at], *at));
    let groups: Vec<&[usize]> = order.chunk_by(|a, b| strata[*a] == strata[*b]).collect();
    let replicate = |stream: u64| {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        random.set_stream(stream);
        let mut changed = tuples.to_vec();
        for group in &groups {
            // Fisher and Yates.
            for at in (1..group.len()).rev() {
                let other = random.random_range(0..=at);
                let (a, b) = (group[at], group[other]);
                let kept = changed[a][column];
                changed[a][column] = changed[b][column];
                changed[b][column] = kept;
            }
        }
        densest(&changed).map_or(0.0, |b| b.density)
    };
    let found: Vec<f64> = (0..replicates as u64).into_par_iter().map(replicate).collect();
    Some(tail(block.density, &found))
}

/// The densest block on the way of peeling; `None` for no tuples.
fn densest<const K: usize>(tuples: &[[u32; K]]) -> Option<RelationBlock<K>> {
    if tuples.is_empty() || K == 0 {
        return None;
    }
    let mut nodes: Vec<(usize, u32)> =
        tuples.iter().flat_map(|t| t.iter().copied().enumerate()).collect();
    nodes.sort_unstable();
    nodes.dedup();
    let place = |node: (usize, u32)| nodes.partition_point(|other| *other < node);
    let ends: Vec<[usize; K]> =
        tuples.iter().map(|t| std::array::from_fn(|k| place((k, t[k])))).collect();
    let mut of: Vec<Vec<usize>> = vec![Vec::new(); nodes.len()];
    for (at, tuple) in ends.iter().enumerate() {
        for node in tuple {
            of[*node].push(at);
        }
    }
    let mut mass: Vec<usize> = of.iter().map(Vec::len).collect();
    let mut queue: BTreeSet<(usize, usize)> =
        mass.iter().enumerate().map(|(node, mass)| (*mass, node)).collect();
    let density = |tuples: usize, nodes: usize| tuples as f64 * K as f64 / nodes as f64;
    let (mut alive, mut left) = (vec![true; tuples.len()], tuples.len());
    let mut order = Vec::with_capacity(nodes.len());
    let mut best = (0, density(left, nodes.len()));
    while let Some((_, node)) = queue.pop_first() {
        order.push(node);
        for at in &of[node] {
            if !std::mem::replace(&mut alive[*at], false) {
                continue;
            }
            left -= 1;
            for other in ends[*at].iter().filter(|other| **other != node) {
                queue.remove(&(mass[*other], *other));
                mass[*other] -= 1;
                queue.insert((mass[*other], *other));
            }
        }
        let kept = nodes.len() - order.len();
        if kept > 0 && density(left, kept) > best.1 + 1e-12 {
            best = (order.len(), density(left, kept));
        }
    }
    let gone: BTreeSet<usize> = order[..best.0].iter().copied().collect();
    let inside = |tuple: &[usize; K]| tuple.iter().all(|node| !gone.contains(node));
    let tuples: Vec<usize> = (0..ends.len()).filter(|at| inside(&ends[*at])).collect();
    let values = std::array::from_fn(|k| {
        let kept = nodes.iter().enumerate().filter(|(at, n)| n.0 == k && !gone.contains(at));
        kept.map(|(_, node)| node.1).collect()
    });
    Some(RelationBlock { values, tuples, density: best.1 })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Thirty people with a card of their own at three desks, and six people paid on all of four cards at one of them.
    fn planted() -> Vec<[u32; 3]> {
        let mut tuples: Vec<[u32; 3]> = (0..30).map(|i| [100 + i, 200 + i, i % 3]).collect();
        tuples.extend((0..24).map(|i| [i / 4, i % 4, 0]));
        tuples
    }

    #[test]
    fn a_planted_block_is_found_with_its_tuples_and_is_not_chance() {
        let tuples = planted();
        let blocks = relation_blocks(&tuples, 2);
        let desk: Vec<u32> = vec![0];
        assert_eq!(blocks[0].values, [(0..6).collect(), (0..4).collect(), desk]);
        assert_eq!(blocks[0].tuples, (30..54).collect::<Vec<usize>>());
        assert!((blocks[0].density - 24.0 * 3.0 / 11.0).abs() < 1e-12);
        assert!(blocks[1].tuples.iter().all(|at| *at < 30), "{blocks:?}");
        let strata: Vec<u32> = tuples.iter().map(|t| t[2]).collect();
        let p = relation_significance(&tuples, (1, &strata), 99, 1);
        assert!(p.is_some_and(|p| p < 1e-3), "{p:?}");
        assert_eq!(p, relation_significance(&tuples, (1, &strata), 99, 1), "a seed is a result");
    }

    #[test]
    fn cards_that_many_share_are_no_block_where_each_has_one_card() {
        // Two co-operatives of fifteen members, each on the co-operative's card.
        let tuples: Vec<[u32; 2]> = (0..30).map(|i| [i, 100 + i / 15]).collect();
        let p = relation_significance(&tuples, (1, &[0; 30]), 99, 1);
        assert_eq!(p, Some(1.0));
    }

    #[test]
    fn the_best_of_all_blocks_is_never_more_than_k_times_as_dense() {
        let mut random = ChaCha8Rng::seed_from_u64(5);
        for _ in 0..50 {
            let tuples: BTreeSet<[u32; 2]> =
                (0..9).map(|_| [random.random_range(0..4), random.random_range(0..4)]).collect();
            let tuples: Vec<[u32; 2]> = tuples.into_iter().collect();
            let found = densest(&tuples).map_or(0.0, |b| b.density);
            // Every choice of rows and columns.
            let best = (1_u32..256)
                .filter_map(|mask| {
                    let kept = |t: &&[u32; 2]| mask >> t[0] & 1 == 1 && mask >> (4 + t[1]) & 1 == 1;
                    let inside = tuples.iter().filter(kept).count();
                    (inside > 0).then(|| inside as f64 * 2.0 / f64::from(mask.count_ones()))
                })
                .fold(0.0, f64::max);
            assert!(found <= best + 1e-12 && found >= best / 2.0, "{found} {best}");
        }
    }

    #[test]
    fn nothing_gives_nothing() {
        assert_eq!(relation_blocks::<3>(&[], 5), []);
        assert_eq!(relation_significance::<2>(&[], (0, &[]), 99, 1), None);
        assert_eq!(relation_significance(&planted(), (1, &[0; 3]), 99, 1), None, "strata");
    }
}
