//! Registers about the same thing: what they say is put together; where they contradict each other, neither counts.

use super::{Candidate, Ends, Reason, Standing, described};
use crate::{
    tables::LedgerTable,
    value::{Cell, Row},
};
use qingmu_model::ColumnKind;

/// Registers of deaths and of cremations differ by days; the later date is the one that accuses nobody too early.
const DAYS_APART: i32 = 31;

/// Rows in force, one per key; the ends of rows that went into another or contradict each other are entered.
pub(super) fn settle(
    table: &LedgerTable,
    candidates: Vec<Candidate>,
    ends: &mut Ends,
) -> Vec<Standing> {
    let mut slots: Vec<Option<Candidate>> = candidates.into_iter().map(Some).collect();
    let key = |slots: &[Option<Candidate>], i: usize| -> Vec<Option<Cell>> {
        let row = slots[i].as_ref().map(|c| &c.row);
        table.key.iter().map(|at| row.and_then(|r| r.cells[*at].clone())).collect()
    };
    let mut order: Vec<(Vec<Option<Cell>>, usize)> =
        (0..slots.len()).map(|i| (key(&slots, i), i)).collect();
    order.sort();
    let mut standing = Vec::new();
    for group in order.chunk_by(|a, b| a.0 == b.0) {
        let members: Vec<Candidate> = group.iter().filter_map(|(_, i)| slots[*i].take()).collect();
        together(table, members, ends, &mut standing);
    }
    standing
}

fn together(
    table: &LedgerTable,
    members: Vec<Candidate>,
    ends: &mut Ends,
    standing: &mut Vec<Standing>,
) {
    let Some(first) = members.first() else { return };
    if members.len() == 1 {
        let derived = first.derived;
        standing.extend(members.into_iter().map(|c| Standing { row: c.row, derived }));
        return;
    }
    // What several registers say word for word needs no new row.
    if !first.derived && members.iter().all(|m| m.row.cells == first.row.cells) {
        let place = first.row.origin.to_string();
        let mut row = first.row.clone();
        for copy in members.into_iter().skip(1) {
            row.also.push(copy.row.origin.to_string());
            ends.out(copy, Reason::Copy, place.clone());
        }
        standing.push(Standing { row, derived: false });
        return;
    }
    let mut row = first.row.clone();
    let agreed = members[1..].iter().all(|other| add(table, &mut row, &other.row));
    let others: Vec<String> = (0..members.len())
        .map(|n| {
            let others = members.iter().enumerate().filter(|(m, _)| *m != n);
            others.map(|(_, o)| described(table, &o.row)).collect::<Vec<_>>().join("; ")
        })
        .collect();
    if agreed {
        row.also = members[1..].iter().map(|m| m.row.origin.to_string()).collect();
    }
    let place = row.origin.to_string();
    for (member, others) in members.into_iter().zip(others) {
        if agreed {
            ends.out(member, Reason::Merged, place.clone());
        } else {
            ends.out(member, Reason::Conflict, others);
        }
    }
    if agreed {
        standing.push(Standing { row, derived: true });
    }
}

/// Adds what another row says; `false` if it contradicts.
fn add(table: &LedgerTable, row: &mut Row, other: &Row) -> bool {
    for (at, column) in table.columns.iter().enumerate() {
        let (Some(theirs), ours) = (&other.cells[at], &row.cells[at]) else { continue };
        let Some(ours) = ours else {
            row.cells[at] = Some(theirs.clone());
            continue;
        };
        if ours == theirs {
            continue;
        }
        match (ours, theirs) {
            (Cell::Date(a), Cell::Date(b))
                if column.name == "deceased_on" && (a - b).abs() <= DAYS_APART =>
            {
                row.cells[at] = Some(Cell::Date(*a.max(b)));
            }
            // A name has many spellings, and a village many counts of its households.
            _ if table.name == "villages" || column.kind == ColumnKind::Text => {}
            _ => return false,
        }
    }
    true
}
