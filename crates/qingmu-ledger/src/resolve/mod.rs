//! What holds of all rows that the files of a ledger give: a pure function of the rows, whatever the order in
//! which their files came.

mod codes;
mod copies;
mod ids;
mod merge;

#[cfg(test)]
mod tests;

use crate::{
    tables::{LedgerTable, Sameness},
    value::Row,
};
use qingmu_ingest::CodeMap;
use std::collections::BTreeMap;

/// Why a row that a file gives is in no sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reason {
    /// Another file has the same; that one is counted.
    Copy,
    /// Another file says otherwise; neither is counted.
    Conflict,
    /// Stands in the ledger under today's code.
    Recoded,
    /// Its village was divided, and which part it belongs to cannot be told.
    Divided,
    /// Stands in the ledger together with other rows of the same key.
    Merged,
    /// A later file took its place.
    Superseded,
}

impl Reason {
    const ALL: [(Self, &'static str); 6] = [
        (Self::Copy, "copy"),
        (Self::Conflict, "conflict"),
        (Self::Recoded, "recoded"),
        (Self::Divided, "divided"),
        (Self::Merged, "merged"),
        (Self::Superseded, "superseded"),
    ];

    /// Word in the files of the ledger.
    pub(crate) fn word(self) -> &'static str {
        Self::ALL.iter().find(|(r, _)| *r == self).map_or("", |(_, word)| word)
    }

    /// Of a word.
    pub(crate) fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, w)| *w == word).map(|(reason, _)| *reason)
    }

    /// Whether the row's figures stand in the ledger in another form.
    pub(crate) fn counted(self) -> bool {
        matches!(self, Self::Recoded | Self::Merged)
    }
}

/// A row in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) row: Row,
    /// Made from held rows: made again from them whenever the ledger changes.
    pub(crate) derived: bool,
}

/// A row that is kept and in no sum of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Held {
    /// As its file gives it.
    pub(crate) row: Row,
    pub(crate) reason: Reason,
    /// The other place and what it says.
    pub(crate) other: String,
}

/// All rows of a part of a table, each with its end.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Resolved {
    pub(crate) standing: Vec<Standing>,
    pub(crate) held: Vec<Held>,
}

/// A row on today's codes on its way to its end.
#[derive(Debug)]
struct Candidate {
    row: Row,
    /// Which of the given rows it is.
    filed: usize,
    /// No longer as filed.
    derived: bool,
}

/// What becomes of a candidate.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Verdict {
    Keep,
    /// Another candidate says the same.
    CopyOf(usize),
    Conflict(String),
}

/// Settles all rows of one part of a table. `superseded` names what took a row's place.
pub(crate) fn resolve(
    table: &LedgerTable,
    mut rows: Vec<Row>,
    changes: &CodeMap,
    superseded: impl Fn(&Row) -> Option<String>,
) -> Resolved {
    rows.sort_by(|a, b| (&a.origin, &a.cells).cmp(&(&b.origin, &b.cells)));
    let mut resolved = Resolved::default();
    let mut ends: Vec<Option<(Reason, String)>> = vec![None; rows.len()];
    let mut candidates = Vec::with_capacity(rows.len());
    for (filed, row) in rows.iter().enumerate() {
        if let Some(by) = superseded(row) {
            ends[filed] = Some((Reason::Superseded, by));
            continue;
        }
        match codes::today(table, row, changes) {
            codes::Today::Same => {
                candidates.push(Candidate { row: row.clone(), filed, derived: false });
            }
            codes::Today::Becomes(list) => {
                ends[filed] = Some((Reason::Recoded, String::new()));
                let derived = true;
                candidates.extend(list.into_iter().map(|row| Candidate { row, filed, derived }));
            }
            codes::Today::Unclear => ends[filed] = Some((Reason::Divided, String::new())),
        }
    }
    let made = match table.sameness {
        Sameness::Copies => {
            let verdicts = copies::settle(table, &candidates);
            split(candidates, verdicts, &mut ends)
        }
        Sameness::Merge => merge::settle(table, candidates, &mut ends),
    };
    resolved.standing = made;
    if table.name == "claims" {
        ids::assign(table, &mut resolved.standing);
    }
    let village = table.village;
    let order = |s: &Standing| {
        let first = village.and_then(|at| s.row.cells[at].clone());
        let key: Vec<_> = table.key.iter().map(|at| s.row.cells[*at].clone()).collect();
        (first, key, s.row.origin.clone(), s.row.cells.clone())
    };
    resolved.standing.sort_by_cached_key(order);
    for (row, end) in rows.into_iter().zip(ends) {
        if let Some((reason, other)) = end {
            resolved.held.push(Held { row, reason, other });
        }
    }
    resolved
}

/// Candidates that are kept; the ends of the others are entered.
fn split(
    candidates: Vec<Candidate>,
    verdicts: Vec<Verdict>,
    ends: &mut [Option<(Reason, String)>],
) -> Vec<Standing> {
    let origins: Vec<String> = candidates.iter().map(|c| c.row.origin.to_string()).collect();
    let mut also: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for (copy, verdict) in verdicts.iter().enumerate() {
        if let Verdict::CopyOf(first) = verdict {
            also.entry(*first).or_default().push(origins[copy].clone());
        }
    }
    let mut kept = Vec::with_capacity(candidates.len());
    for (i, (candidate, verdict)) in candidates.into_iter().zip(verdicts).enumerate() {
        match verdict {
            Verdict::Keep => {
                let Candidate { mut row, derived, .. } = candidate;
                row.also = also.remove(&i).unwrap_or_default();
                kept.push(Standing { row, derived });
            }
            Verdict::CopyOf(first) => {
                ends[candidate.filed] = Some((Reason::Copy, origins[first].clone()));
            }
            // A conflict of one part of a divided row says more than that it was divided.
            Verdict::Conflict(others) => ends[candidate.filed] = Some((Reason::Conflict, others)),
        }
    }
    kept
}

/// `台账.xls!1!17 (3.5000 亩, 241.00 元)`: a place and its figures.
fn described(table: &LedgerTable, row: &Row) -> String {
    let shown: Vec<String> = table
        .figures
        .iter()
        .copied()
        .chain(table.place("deceased_on"))
        .filter_map(|at| Some((&table.columns[at], row.cells[at].as_ref()?)))
        .map(|(column, cell)| format!("{}={}", column.name, cell.shown(column.kind)))
        .collect();
    if shown.is_empty() {
        row.origin.to_string()
    } else {
        format!("{} ({})", row.origin, shown.join(", "))
    }
}
