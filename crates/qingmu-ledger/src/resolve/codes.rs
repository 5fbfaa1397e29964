//! Codes of villages that changed: rows stand in the ledger under today's codes.
//!
//! Today's code of a row is always worked out from the row as filed, so no change is ever applied twice.

use crate::{
    tables::LedgerTable,
    value::{Cell, Row},
};
use qingmu_ingest::CodeMap;
use qingmu_model::Mu;

/// Millionths of a village that went over whole.
const WHOLE: i128 = 1_000_000;

/// A row under today's codes.
pub(super) enum Today {
    /// As filed.
    Same,
    /// Under other codes, in several parts where its village was divided.
    Becomes(Vec<Row>),
    /// Which part of a divided village it belongs to cannot be told.
    Unclear,
}

/// A merged village is one village in every year. A divided one keeps its old code in the years in which it was one;
/// a baseline that still uses it later is divided by the shares, a claim that does waits.
pub(super) fn today(table: &LedgerTable, row: &Row, changes: &CodeMap) -> Today {
    let mut now: Option<Row> = None;
    for at in table.codes() {
        let Some(Cell::Text(code)) = &row.cells[at] else { continue };
        let targets = changes.today(code);
        match &targets[..] {
            [(new, WHOLE)] if **new == **code => {}
            [(new, WHOLE)] => {
                now.get_or_insert_with(|| row.clone()).cells[at] = Some(Cell::text(new));
            }
            _ if in_use(table, row, code, changes) => {}
            _ if table.name == "baselines" => {
                return Today::Becomes(parts(table, row, at, changes));
            }
            _ => return Today::Unclear,
        }
    }
    now.map_or(Today::Same, |row| Today::Becomes(vec![row]))
}

/// Whether the row's year is one in which the code was in use; tables without a year speak of today.
fn in_use(table: &LedgerTable, row: &Row, code: &str, changes: &CodeMap) -> bool {
    match table.year.map(|at| &row.cells[at]) {
        Some(Some(Cell::Integer(year))) => {
            i16::try_from(*year).is_ok_and(|year| changes.in_use(code, year))
        }
        _ => false,
    }
}

fn parts(table: &LedgerTable, row: &Row, at: usize, changes: &CodeMap) -> Vec<Row> {
    let Some(Cell::Text(code)) = &row.cells[at] else { return Vec::new() };
    let areas = ["area_mu", "se_mu"].map(|name| table.place(name));
    let mut rows: Vec<Row> = Vec::new();
    for (n, (new, _)) in changes.today(code).into_iter().enumerate() {
        let mut part = row.clone();
        part.cells[at] = Some(Cell::text(&new));
        for place in areas.into_iter().flatten() {
            if let Some(Cell::Fixed(raw)) = row.cells[place] {
                let split = changes.split(code, Mu::from_raw(raw));
                part.cells[place] = split.get(n).map(|(_, mu)| Cell::Fixed(mu.raw()));
            }
        }
        rows.push(part);
    }
    rows
}
