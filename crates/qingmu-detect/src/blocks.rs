//! Dense blocks: people, accounts and offices that are tied to one another more closely than the same numbers of payments
//! give by chance (statistics.md 3.4). Shown to people; never added to a score.

use crate::assessments::Told;
use qingmu_clusters::{
    ColumnWeight, block_significance, densest_block, relation_blocks, relation_significance,
};
use qingmu_evidence::{RowAt, SharedRow};
use qingmu_model::Yuan;
use rayon::prelude::*;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Chance below which a block is told, over all counties and years looked at.
const LEAST_P: f64 = 0.05;
/// Edges of a block at the least.
const LEAST_EDGES: usize = 10;
/// Rewirings behind a chance.
const REPLICATES: usize = 99;
/// Blocks sought in one relation.
const MOST_BLOCKS: usize = 5;
/// Rows named of a block.
const MOST_ROWS: usize = 20;
/// Everything random follows from it.
const SEED: u64 = 0x51e7;

/// What a block ties.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BlockKind {
    /// People and the accounts they are paid on (FRAUDAR).
    ClaimantAccount,
    /// Recorders and the shared accounts they enter (FRAUDAR).
    RecorderAccount,
    /// Accounts, people, recorders and approvers together (M-Zoom).
    Office,
}

/// People and accounts tied together beyond chance within a county and year.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DenseBlock {
    /// What it ties.
    pub kind: BlockKind,
    /// Year.
    pub year: i16,
    /// Villages with its rows.
    pub villages: Vec<String>,
    /// People.
    pub claimants: usize,
    /// Accounts.
    pub accounts: usize,
    /// Recorders, where they are part of it.
    pub recorders: usize,
    /// Different ties.
    pub edges: usize,
    /// Density.
    pub density: f64,
    /// Chance, all counties and years of the run considered (Bonferroni).
    pub p: f64,
    /// Rows.
    pub rows: usize,
    /// Money on them, in yuan.
    pub amount_yuan: Yuan,
    /// The first rows, by file and row.
    pub first_rows: Vec<(String, u64)>,
}

/// Blocks of every county and year, the least probable first.
pub(crate) fn blocks(told: &Told<'_>) -> Vec<DenseBlock> {
    let mut parts: BTreeMap<(u32, u32), Vec<SharedRow>> = BTreeMap::new();
    for row in &told.evidence.shared {
        let county = told.frame.places[row.village as usize].county;
        parts.entry((county, row.year)).or_default().push(*row);
    }
    let tests = parts.len().max(1) as f64;
    let parts: Vec<Vec<SharedRow>> = parts.into_values().collect();
    let found: Vec<DenseBlock> =
        parts.par_iter().flat_map_iter(|rows| of_part(told, rows)).collect();
    let mut found: Vec<DenseBlock> = found
        .into_iter()
        .map(|block| DenseBlock { p: (block.p * tests).min(1.0), ..block })
        .filter(|block| block.p <= LEAST_P)
        .collect();
    found.sort_by(|a, b| {
        a.p.total_cmp(&b.p)
            .then_with(|| (a.year, a.kind, &a.villages).cmp(&(b.year, b.kind, &b.villages)))
    });
    found
}

/// One county and year.
fn of_part(told: &Told<'_>, rows: &[SharedRow]) -> Vec<DenseBlock> {
    let people = |r: &SharedRow| Some((r.claimant, r.account));
    let recorders = |r: &SharedRow| Some((r.recorder?, r.account));
    let two = [
        bipartite(told, rows, BlockKind::ClaimantAccount, &people),
        bipartite(told, rows, BlockKind::RecorderAccount, &recorders),
    ];
    two.into_iter().flatten().chain(offices(told, rows)).collect()
}

fn bipartite(
    told: &Told<'_>,
    rows: &[SharedRow],
    kind: BlockKind,
    edge: &dyn Fn(&SharedRow) -> Option<(u32, u32)>,
) -> Option<DenseBlock> {
    let edges: BTreeSet<(u32, u32)> = rows.iter().filter_map(edge).collect();
    let edges: Vec<(u32, u32)> = edges.into_iter().collect();
    let block = densest_block(&edges, &[], ColumnWeight::Log).ok().flatten()?;
    if block.edges < LEAST_EDGES {
        return None;
    }
    let p = block_significance(&edges, &[], ColumnWeight::Log, REPLICATES, SEED).ok().flatten()?;
    let inside = |r: &&SharedRow| {
        edge(r).is_some_and(|(row, column)| {
            block.rows.binary_search(&row).is_ok() && block.columns.binary_search(&column).is_ok()
        })
    };
    let rows: Vec<&SharedRow> = rows.iter().filter(inside).collect();
    Some(told_block(told, kind, (block.edges, block.density, p), &rows))
}

/// Accounts, people, recorders and approvers; by chance, accounts change places among what one approver approved.
fn offices(told: &Told<'_>, rows: &[SharedRow]) -> Vec<DenseBlock> {
    let key = |r: &SharedRow| Some([r.account, r.claimant, r.recorder?, r.approver?]);
    let tuples: BTreeSet<[u32; 4]> = rows.iter().filter_map(key).collect();
    let mut left: Vec<[u32; 4]> = tuples.into_iter().collect();
    let mut found = Vec::new();
    // Each block is tested without those before it.
    while found.len() < MOST_BLOCKS {
        let Some(block) = relation_blocks(&left, 1).into_iter().next() else { break };
        if block.tuples.len() < LEAST_EDGES {
            break;
        }
        let strata: Vec<u32> = left.iter().map(|t| t[3]).collect();
        let Some(p) = relation_significance(&left, (0, &strata), REPLICATES, SEED) else { break };
        let inside: BTreeSet<[u32; 4]> = block.tuples.iter().map(|at| left[*at]).collect();
        let own = |r: &&SharedRow| key(r).is_some_and(|k| inside.contains(&k));
        let own: Vec<&SharedRow> = rows.iter().filter(own).collect();
        let figures = (block.tuples.len(), block.density, p);
        found.push(told_block(told, BlockKind::Office, figures, &own));
        left.retain(|tuple| !inside.contains(tuple));
    }
    found
}

fn told_block(
    told: &Told<'_>,
    kind: BlockKind,
    (edges, density, p): (usize, f64, f64),
    rows: &[&SharedRow],
) -> DenseBlock {
    let count = |number: &dyn Fn(&SharedRow) -> Option<u32>| {
        rows.iter().filter_map(|r| number(r)).collect::<BTreeSet<u32>>().len()
    };
    let villages: BTreeSet<u32> = rows.iter().map(|r| r.village).collect();
    let mut places: Vec<RowAt> = rows.iter().map(|r| r.at).collect();
    places.sort_unstable();
    let file = |at: &RowAt| told.evidence.files.get(at.file as usize).cloned().unwrap_or_default();
    let amount = rows.iter().fold(0_i64, |sum, r| sum.saturating_add(r.amount.raw()));
    DenseBlock {
        kind,
        year: rows.first().map_or(0, |r| told.frame.year(r.year as usize)),
        villages: villages.iter().map(|v| told.frame.villages[*v as usize].to_string()).collect(),
        claimants: count(&|r| Some(r.claimant)),
        accounts: count(&|r| Some(r.account)),
        recorders: if kind == BlockKind::ClaimantAccount { 0 } else { count(&|r| r.recorder) },
        edges,
        density,
        p,
        rows: rows.len(),
        amount_yuan: Yuan::from_raw(amount),
        first_rows: places.iter().take(MOST_ROWS).map(|at| (file(at), at.row)).collect(),
    }
}
