//! Numbers for claims that have none, or only a line number: made from what the claim is about, so that they are
//! the same in every copy and after every addition.

use super::{Standing, copies::DISTINCT};
use crate::{
    tables::LedgerTable,
    value::{Cell, Row},
};
use sha2::{Digest, Sha256};
use std::{collections::BTreeMap, sync::Arc};

/// Beginning of made numbers.
const MADE: &str = "qm-";

/// Gives every claim its number: the one its file states if that tells claims apart, else a made one.
pub(super) fn assign(table: &LedgerTable, claims: &mut [Standing]) {
    let (Some(at), Some(own)) = (table.place("claim_id"), table.place("stated_id")) else { return };
    let stated = |row: &Row| match &row.cells[own] {
        Some(Cell::Text(text)) if text.chars().count() >= DISTINCT => Some(text.clone()),
        _ => None,
    };
    let mut known: BTreeMap<Arc<str>, u64> = BTreeMap::new();
    for text in claims.iter().filter_map(|claim| stated(&claim.row)) {
        *known.entry(text).or_default() += 1;
    }
    let mut order: Vec<usize> = (0..claims.len()).collect();
    order.sort_by(|a, b| {
        let place = |i: &usize| (&claims[*i].row.origin, &claims[*i].row.cells);
        place(a).cmp(&place(b))
    });
    let mut seen: BTreeMap<String, u64> = BTreeMap::new();
    for i in order {
        let row = &mut claims[i].row;
        let unique = stated(row).filter(|text| known.get(text) == Some(&1));
        let id = unique.map_or_else(
            || {
                let base = made(table, row);
                let count = seen.entry(base.clone()).or_default();
                *count += 1;
                if *count == 1 { base } else { format!("{base}-{count}") }
            },
            |text| text.to_string(),
        );
        row.cells[at] = Some(Cell::text(&id));
    }
}

/// 96 bits of the digest of the key.
fn made(table: &LedgerTable, row: &Row) -> String {
    let mut hasher = Sha256::new();
    for at in &table.key {
        let column = &table.columns[*at];
        if let Some(cell) = &row.cells[*at] {
            hasher.update(match cell {
                Cell::Text(text) => text.as_bytes().to_vec(),
                other => other.shown(column.kind).into_bytes(),
            });
        }
        // No cell holds this character, so no two keys run together.
        hasher.update([0x1f]);
    }
    let digest = hasher.finalize();
    format!("{MADE}{}", crate::part::hex(&digest[..12]))
}
