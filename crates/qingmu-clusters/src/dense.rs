//! Dense blocks of a two-sided graph, such as claimants and the accounts they are paid on.
//!
//! Hooi et al. (2016), FRAUDAR: Bounding Graph Fraud in the Face of Camouflage, KDD: nodes are peeled off in the order of
//! least contribution; the best prefix has at least half of the optimal density. Edges to columns that everybody uses
//! weigh less, so that camouflage does not hide a block.

use crate::error::ClusterError;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// How much an edge to a column of a given degree counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnWeight {
    /// 1.
    One,
    /// 1 / √(degree + 5).
    Root,
    /// 1 / ln(degree + 5).
    Log,
}

impl ColumnWeight {
    fn of(self, degree: usize) -> f64 {
        let d = degree as f64 + 5.0;
        match self {
            Self::One => 1.0,
            Self::Root => 1.0 / d.sqrt(),
            Self::Log => 1.0 / d.ln(),
        }
    }
}

/// The densest block found.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// Rows in it, sorted.
    pub rows: Vec<u32>,
    /// Columns in it, sorted.
    pub columns: Vec<u32>,
    /// Suspicion of its nodes and edges, per node.
    pub density: f64,
    /// Edges in it.
    pub edges: usize,
}

/// An order on finite numbers for sets.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Key(f64);
impl Eq for Key {}
impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Key {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

/// The block with the highest density, by greedy peeling; `None` for a graph without edges.
///
/// `suspicion` adds to rows (missing entries are 0). Repeated edges count once.
///
/// # Errors
/// [`ClusterError::Value`] where a suspicion is negative or not finite.
pub fn densest_block(
    edges: &[(u32, u32)],
    suspicion: &[f64],
    weight: ColumnWeight,
) -> Result<Option<Block>, ClusterError> {
    if let Some(row) = suspicion.iter().position(|s| !s.is_finite() || *s < 0.0) {
        return Err(ClusterError::Value { row, what: "a suspicion" });
    }
    let mut edges = edges.to_vec();
    edges.sort_unstable();
    edges.dedup();
    if edges.is_empty() {
        return Ok(None);
    }
    let graph = Graph::new(&edges, suspicion, weight);
    let (order, best, density) = graph.peel();
    let mut gone = vec![false; graph.nodes.len()];
    order[..best].iter().for_each(|node| gone[*node] = true);
    let left: Vec<usize> = (0..graph.nodes.len()).filter(|n| !gone[*n]).collect();
    let side = |column: bool| {
        let mut side: Vec<u32> = left
            .iter()
            .filter(|n| (**n >= graph.rows) == column)
            .map(|n| graph.nodes[*n])
            .collect();
        side.sort_unstable();
        side
    };
    let inside = graph.ends.iter().filter(|(r, c)| !gone[*r] && !gone[*c]).count();
    Ok(Some(Block { rows: side(false), columns: side(true), density, edges: inside }))
}

/// Rows first, then columns, as consecutive nodes.
struct Graph {
    rows: usize,
    /// Name of each node on its side.
    nodes: Vec<u32>,
    ends: Vec<(usize, usize)>,
    /// Neighbour and weight, by node.
    near: Vec<Vec<(usize, f64)>>,
    own: Vec<f64>,
}

impl Graph {
    fn new(edges: &[(u32, u32)], suspicion: &[f64], weight: ColumnWeight) -> Self {
        let names = |side: fn(&(u32, u32)) -> u32| {
            let names: BTreeSet<u32> = edges.iter().map(side).collect();
            names.into_iter().collect::<Vec<_>>()
        };
        let (rows, columns) = (names(|e| e.0), names(|e| e.1));
        let place = |list: &[u32], name: u32| list.partition_point(|n| *n < name);
        let ends: Vec<(usize, usize)> = edges
            .iter()
            .map(|(r, c)| (place(&rows, *r), rows.len() + place(&columns, *c)))
            .collect();
        let count = rows.len() + columns.len();
        let mut degree = vec![0_usize; count];
        for (_, column) in &ends {
            degree[*column] += 1;
        }
        let mut near = vec![Vec::new(); count];
        for (r, c) in &ends {
            let w = weight.of(degree[*c]);
            near[*r].push((*c, w));
            near[*c].push((*r, w));
        }
        let own = rows
            .iter()
            .map(|r| suspicion.get(*r as usize).copied().unwrap_or(0.0))
            .chain(columns.iter().map(|_| 0.0))
            .collect();
        let nodes = rows.iter().chain(&columns).copied().collect();
        Self { rows: rows.len(), nodes, ends, near, own }
    }

    /// Order of removal, how many to remove for the best density, and that density.
    fn peel(&self) -> (Vec<usize>, usize, f64) {
        let count = self.nodes.len();
        let mut share: Vec<f64> = (0..count)
            .map(|n| self.own[n] + self.near[n].iter().map(|(_, w)| w).sum::<f64>())
            .collect();
        let edges: f64 =
            self.near[..self.rows].iter().map(|n| n.iter().map(|(_, w)| w).sum::<f64>()).sum();
        let mut mass = self.own.iter().sum::<f64>() + edges;
        let mut queue: BTreeSet<(Key, usize)> =
            share.iter().enumerate().map(|(n, s)| (Key(*s), n)).collect();
        let mut order = Vec::with_capacity(count);
        let mut best = (0, mass / count as f64);
        let mut gone = vec![false; count];
        while let Some((Key(least), node)) = queue.pop_first() {
            order.push(node);
            gone[node] = true;
            mass -= least;
            for (other, w) in &self.near[node] {
                if !gone[*other] {
                    queue.remove(&(Key(share[*other]), *other));
                    share[*other] -= w;
                    queue.insert((Key(share[*other]), *other));
                }
            }
            let left = count - order.len();
            if left > 0 && mass / left as f64 > best.1 + 1e-12 {
                best = (order.len(), mass / left as f64);
            }
        }
        (order, best.0, best.1)
    }
}

/// Probability that chance alone gives a block as dense: `replicates` rewirings that keep every degree, and the tail of a
/// Gumbel distribution fitted to them by moments. `None` where the graph is too small to be rewired.
///
/// # Errors
/// As [`densest_block`].
pub fn block_significance(
    edges: &[(u32, u32)],
    suspicion: &[f64],
    weight: ColumnWeight,
    replicates: usize,
    seed: u64,
) -> Result<Option<f64>, ClusterError> {
    let Some(block) = densest_block(edges, suspicion, weight)? else { return Ok(None) };
    if replicates < 9 || edges.len() < 10 {
        return Ok(None);
    }
    let found: Vec<f64> = (0..replicates as u64)
        .into_par_iter()
        .map(|stream| {
            let rewired = rewire(edges, seed, stream);
            densest_block(&rewired, suspicion, weight).map(|b| b.map_or(0.0, |b| b.density))
        })
        .collect::<Result<_, _>>()?;
    Ok(Some(tail(block.density, &found)))
}

/// Chance of a density by those of rewired graphs: a Gumbel distribution fitted by moments.
pub(crate) fn tail(density: f64, found: &[f64]) -> f64 {
    let mean = found.iter().sum::<f64>() / found.len() as f64;
    let spread = found.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / found.len() as f64;
    let scale = (spread * 6.0).sqrt() / std::f64::consts::PI;
    if scale <= 1e-9 * mean {
        // Every rewiring gives one density: only more than that says anything.
        return if density > mean * (1.0 + 1e-9) { 1.0 / (found.len() + 1) as f64 } else { 1.0 };
    }
    let mode = mean - 0.577_215_664_901_532_9 * scale;
    -(-(-(density - mode) / scale).exp()).exp_m1()
}

/// Swaps ends of random pairs of edges, ten times the number of edges; swaps that would repeat an edge are left out.
fn rewire(edges: &[(u32, u32)], seed: u64, stream: u64) -> Vec<(u32, u32)> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    random.set_stream(stream);
    let mut edges = edges.to_vec();
    edges.sort_by_key(|e| Reverse(*e));
    edges.dedup();
    let mut present: BTreeSet<(u32, u32)> = edges.iter().copied().collect();
    for _ in 0..10 * edges.len() {
        let mut any = || random.random_range(0..edges.len());
        let pair = [any(), any()];
        let old = pair.map(|at| edges[at]);
        let new = [(old[0].0, old[1].1), (old[1].0, old[0].1)];
        if new.iter().any(|edge| present.contains(edge)) {
            continue;
        }
        for edge in old {
            present.remove(&edge);
        }
        for (at, edge) in pair.into_iter().zip(new) {
            present.insert(edge);
            edges[at] = edge;
        }
    }
    edges
}

#[cfg(test)]
#[path = "dense_tests.rs"]
mod tests;
