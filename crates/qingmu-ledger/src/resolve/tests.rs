//! What holds of many rows, whatever they are. All figures are invented.

#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use super::*;
use crate::{
    tables::find,
    value::{Cell, Origin},
};
use proptest::prelude::*;
use std::sync::Arc;

/// A claim: file, row, claimant, village, area, parcel.
type Given = (u8, u8, u8, u8, u8, Option<u8>);

fn row(table: &LedgerTable, (file, row, claimant, village, area, parcel): Given) -> Row {
    let mut cells: Vec<Option<Cell>> = vec![None; table.columns.len()];
    let mut put = |name: &str, cell: Cell| cells[table.place(name).unwrap()] = Some(cell);
    put("year", Cell::Integer(2024));
    put("programme", Cell::text("GRAIN"));
    put("crop", Cell::text("wheat"));
    put("village_code", Cell::text(&format!("99010110120{village}")));
    put("claimant_id", Cell::text(&format!("p{claimant}")));
    put("area_mu", Cell::Fixed(i64::from(area) * 10_000));
    put("amount_yuan", Cell::Fixed(i64::from(area) * 1_000));
    if let Some(parcel) = parcel {
        put("parcel_id", Cell::text(&format!("parcel{parcel}")));
    }
    let origin = Origin {
        file: Arc::from(format!("{file}.xls")),
        sha256: Arc::from(format!("{file:064}")),
        sheet: Arc::from("1"),
        row: u64::from(row),
    };
    Row { cells: cells.into(), origin, also: Vec::new() }
}

fn run(given: &[Given]) -> Resolved {
    let table = find("claims").unwrap();
    let rows = given.iter().map(|g| row(table, *g)).collect();
    resolve(table, rows, &CodeMap::default(), |_| None)
}

/// Standing and held places with their reasons.
fn ends(resolved: &Resolved) -> Vec<String> {
    let standing = resolved.standing.iter().map(|s| format!("{} stands", s.row.origin));
    let held = resolved.held.iter().map(|h| format!("{} {}", h.row.origin, h.reason.word()));
    let mut all: Vec<String> = standing.chain(held).collect();
    all.sort();
    all
}

#[test]
fn parcels_of_two_lists_stand_beside_each_other() {
    let parcel = Some(1);
    let other = Some(2);
    let apart = run(&[(1, 1, 1, 1, 5, parcel), (2, 1, 1, 1, 3, other)]);
    assert_eq!(ends(&apart), ["1.xls!1!1 stands", "2.xls!1!1 stands"]);
    let same = run(&[(1, 1, 1, 1, 5, parcel), (2, 1, 1, 1, 3, parcel)]);
    assert_eq!(ends(&same), ["1.xls!1!1 conflict", "2.xls!1!1 conflict"]);
    let unsaid = run(&[(1, 1, 1, 1, 5, parcel), (2, 1, 1, 1, 3, None)]);
    assert_eq!(ends(&unsaid), ["1.xls!1!1 conflict", "2.xls!1!1 conflict"]);
    let three = run(&[(1, 1, 1, 1, 5, None), (2, 1, 1, 1, 5, None), (3, 1, 1, 1, 4, None)]);
    assert!(three.standing.is_empty() && three.held.iter().all(|h| h.reason == Reason::Conflict));
}

#[test]
fn one_number_for_two_people_contradicts_itself() {
    let table = find("claims").unwrap();
    let at = table.place("stated_id").unwrap();
    let mut rows: Vec<Row> =
        [(1, 1, 1, 1, 5, None), (2, 1, 2, 1, 5, None)].map(|g| row(table, g)).to_vec();
    for (row, number) in rows.iter_mut().zip(["2024-000017", "2024-000017"]) {
        row.cells[at] = Some(Cell::text(number));
    }
    let found = resolve(table, rows.clone(), &CodeMap::default(), |_| None);
    assert_eq!(ends(&found), ["1.xls!1!1 conflict", "2.xls!1!1 conflict"]);
    for row in &mut rows {
        row.cells[at] = Some(Cell::text("17"));
    }
    let lines = resolve(table, rows, &CodeMap::default(), |_| None);
    assert_eq!(ends(&lines), ["1.xls!1!1 stands", "2.xls!1!1 stands"], "17 is a line of a list");
}

proptest! {
    #[test]
    fn every_row_has_one_end_in_any_order(
        given in proptest::collection::vec(
            (1_u8..4, 0_u8..6, 0_u8..4, 1_u8..3, 1_u8..3, proptest::option::of(1_u8..3)), 0..24),
        seed in any::<u64>(),
    ) {
        let first = run(&given);
        prop_assert_eq!(first.standing.len() + first.held.len(), given.len());
        let mut shuffled = given.clone();
        // A fixed shuffle by multiplication: enough to leave the order given.
        shuffled.sort_by_key(|g| {
            (u64::from(g.0) * 31 + u64::from(g.1) * 7 + u64::from(g.2)).wrapping_mul(seed | 1)
        });
        prop_assert_eq!(&run(&shuffled), &first);
        // Settling what stands and what is held once more changes nothing.
        let table = find("claims").unwrap();
        let mut rows: Vec<Row> = first.standing.iter().map(|s| s.row.clone()).collect();
        rows.extend(first.held.iter().map(|h| h.row.clone()));
        for row in &mut rows {
            row.also.clear();
            row.cells[table.place("claim_id").unwrap()] = None;
        }
        prop_assert_eq!(&resolve(table, rows, &CodeMap::default(), |_| None), &first);
        // A claim that two files have is in the ledger with the figures of one file, or not at all.
        for standing in &first.standing {
            let key = |row: &Row| table.key.iter().map(|at| row.cells[*at].clone()).collect::<Vec<_>>();
            let same = |s: &&Standing| {
                key(&s.row) == key(&standing.row)
                    && s.row.origin.sha256 != standing.row.origin.sha256
            };
            let beside = first.standing.iter().filter(same).count();
            let labelled = standing.row.get(table, "parcel_id").is_some();
            prop_assert!(beside == 0 || labelled);
        }
    }
}
