//! The same claim in two files: equal copies once, contradicting ones not at all.
//!
//! What a row is about (claimant, village, year, programme, season, crop) makes two rows of *different* files the
//! same, since offices number their lists as they please; rows of one file are never taken for each other. Where
//! every row has a number that tells rows apart (of the claim, of the parcel), equal numbers only are compared.

use super::{Candidate, Verdict, described};
use crate::{
    tables::LedgerTable,
    value::{Cell, Row},
};
use std::{collections::BTreeMap, sync::Arc};

/// Shorter numbers count the lines of a list.
pub(super) const DISTINCT: usize = 8;

/// Verdicts in the order of the candidates.
pub(super) fn settle(table: &LedgerTable, candidates: &[Candidate]) -> Vec<Verdict> {
    let mut verdicts = vec![Verdict::Keep; candidates.len()];
    let mut order: Vec<usize> = (0..candidates.len()).collect();
    let key = |i: &usize| {
        let row = &candidates[*i].row;
        table.key.iter().map(|at| row.cells[*at].as_ref()).collect::<Vec<_>>()
    };
    // Stable: inside a key the rows keep the order of files.
    order.sort_by_cached_key(key);
    for group in order.chunk_by(|a, b| key(a) == key(b)) {
        let rows = |i: &usize| &candidates[*i].row;
        if group.iter().all(|i| rows(i).origin.sha256 == rows(&group[0]).origin.sha256) {
            continue;
        }
        for part in by_label(table, group, candidates) {
            compare(table, &part, candidates, &mut verdicts);
        }
    }
    if table.name == "claims" {
        same_number(table, candidates, &mut verdicts);
    }
    verdicts
}

/// One group per label where every row has one, else all together.
fn by_label(table: &LedgerTable, group: &[usize], candidates: &[Candidate]) -> Vec<Vec<usize>> {
    for at in &table.labels {
        let mut parts: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        let label = |i: &usize| number(table, &candidates[*i].row, *at);
        if group.iter().all(|i| label(i).is_some()) {
            for i in group {
                parts.entry(label(i).unwrap_or_default()).or_default().push(*i);
            }
            return parts.into_values().collect();
        }
    }
    vec![group.to_vec()]
}

/// A number that tells rows apart.
fn number<'a>(table: &LedgerTable, row: &'a Row, at: usize) -> Option<&'a str> {
    match &row.cells[at] {
        Some(Cell::Text(text)) => {
            let distinct =
                table.columns[at].name != "stated_id" || text.chars().count() >= DISTINCT;
            distinct.then_some(&**text)
        }
        _ => None,
    }
}

/// Rows of one thing, by file: all files equal, or none of them counts.
fn compare(
    table: &LedgerTable,
    part: &[usize],
    candidates: &[Candidate],
    verdicts: &mut [Verdict],
) {
    let mut files: Vec<(&Arc<str>, Vec<usize>)> = Vec::new();
    for i in part {
        let sha = &candidates[*i].row.origin.sha256;
        match files.iter_mut().find(|(known, _)| *known == sha) {
            Some((_, list)) => list.push(*i),
            None => files.push((sha, vec![*i])),
        }
    }
    let [(_, first), others @ ..] = &mut files[..] else { return };
    if others.is_empty() {
        return;
    }
    let figures = |i: &usize| {
        let row = &candidates[*i].row;
        table.figures.iter().map(|at| row.cells[*at].as_ref()).collect::<Vec<_>>()
    };
    first.sort_by_cached_key(figures);
    let mut equal = true;
    for (_, other) in others.iter_mut() {
        other.sort_by_cached_key(figures);
        equal &= other.len() == first.len()
            && first.iter().zip(other.iter()).all(|(a, b)| agree(&figures(a), &figures(b)));
    }
    if equal {
        for (_, other) in others.iter() {
            for (a, b) in first.iter().zip(other) {
                verdicts[*b] = Verdict::CopyOf(*a);
            }
        }
        return;
    }
    for (n, (_, list)) in files.iter().enumerate() {
        let elsewhere = files.iter().enumerate().filter(|(m, _)| *m != n);
        let places: Vec<String> = elsewhere
            .flat_map(|(_, (_, rows))| rows)
            .map(|i| described(table, &candidates[*i].row))
            .collect();
        for i in list {
            verdicts[*i] = Verdict::Conflict(places.join("; "));
        }
    }
}

/// Figures that both have must be equal.
fn agree(a: &[Option<&Cell>], b: &[Option<&Cell>]) -> bool {
    a.iter().zip(b).all(|pair| !matches!(pair, (Some(a), Some(b)) if a != b))
}

/// A number of a claim and what it is paid for.
type Scope<'a> = (&'a str, Vec<Option<&'a Cell>>);

/// One number of a claim for two villages or claimants in two files contradicts itself.
fn same_number(table: &LedgerTable, candidates: &[Candidate], verdicts: &mut [Verdict]) {
    let Some(at) = table.place("stated_id") else { return };
    let names = ["year", "programme", "season", "crop"];
    let scope: Vec<usize> = names.iter().filter_map(|name| table.place(name)).collect();
    let mut groups: BTreeMap<Scope<'_>, Vec<usize>> = BTreeMap::new();
    for (i, candidate) in candidates.iter().enumerate() {
        let Some(number) = number(table, &candidate.row, at) else { continue };
        if verdicts[i] == Verdict::Keep {
            let cells = scope.iter().map(|at| candidate.row.cells[*at].as_ref()).collect();
            groups.entry((number, cells)).or_default().push(i);
        }
    }
    for group in groups.into_values() {
        let origin = |i: &usize| &candidates[*i].row.origin;
        if group.iter().all(|i| origin(i).sha256 == origin(&group[0]).sha256) {
            continue;
        }
        for i in &group {
            let others = group.iter().filter(|j| origin(j).sha256 != origin(i).sha256);
            let places: Vec<String> =
                others.map(|j| described(table, &candidates[*j].row)).collect();
            verdicts[*i] = Verdict::Conflict(places.join("; "));
        }
    }
}
