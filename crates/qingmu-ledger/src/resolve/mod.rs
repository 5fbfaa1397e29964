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
use std::{cmp::Ordering, collections::BTreeMap};

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

/// What becomes of the rows as filed.
#[derive(Debug, Default)]
struct Ends {
    /// The row, where it is not on its way as a candidate.
    rows: Vec<Option<Row>>,
    reasons: Vec<Option<(Reason, String)>>,
}

impl Ends {
    /// A row that is held.
    fn hold(&mut self, filed: usize, reason: Reason, other: String) {
        self.reasons[filed] = Some((reason, other));
    }

    /// A candidate that does not stand: as filed it comes back.
    fn out(&mut self, candidate: Candidate, reason: Reason, other: String) {
        self.hold(candidate.filed, reason, other);
        if !candidate.derived {
            self.rows[candidate.filed] = Some(candidate.row);
        }
    }

    fn held(self) -> Vec<Held> {
        let pairs = self.rows.into_iter().zip(self.reasons);
        pairs
            .filter_map(|(row, end)| {
                let (reason, other) = end?;
                Some(Held { row: row?, reason, other })
            })
            .collect()
    }
}

/// Settles all rows of one part of a table. `superseded` names what took a row's place.
pub(crate) fn resolve(
    table: &LedgerTable,
    mut rows: Vec<Row>,
    changes: &CodeMap,
    superseded: impl Fn(&Row) -> Option<String>,
) -> Resolved {
    rows.sort_by(|a, b| (&a.origin, &a.cells).cmp(&(&b.origin, &b.cells)));
    let mut candidates = Vec::with_capacity(rows.len());
    let mut ends = Ends { reasons: vec![None; rows.len()], rows: Vec::with_capacity(rows.len()) };
    for (filed, row) in rows.into_iter().enumerate() {
        let row = if let Some(by) = superseded(&row) {
            ends.hold(filed, Reason::Superseded, by);
            Some(row)
        } else {
            match codes::today(table, &row, changes) {
                codes::Today::Same => {
                    candidates.push(Candidate { row, filed, derived: false });
                    None
                }
                codes::Today::Becomes(list) => {
                    ends.hold(filed, Reason::Recoded, String::new());
                    let part = |row| Candidate { row, filed, derived: true };
                    candidates.extend(list.into_iter().map(part));
                    Some(row)
                }
                codes::Today::Unclear => {
                    ends.hold(filed, Reason::Divided, String::new());
                    Some(row)
                }
            }
        };
        ends.rows.push(row);
    }
    let mut standing = match table.sameness {
        Sameness::Copies => {
            let verdicts = copies::settle(table, &candidates);
            split(candidates, verdicts, &mut ends)
        }
        Sameness::Merge => merge::settle(table, candidates, &mut ends),
    };
    if table.name == "claims" {
        ids::assign(table, &mut standing);
    }
    standing.sort_by(|a, b| order(table, &a.row, &b.row));
    Resolved { standing, held: ends.held() }
}

/// By village, then by what the rows are about, then by place.
fn order(table: &LedgerTable, a: &Row, b: &Row) -> Ordering {
    let places = table.village.iter().chain(&table.key);
    let differ = places.map(|at| a.cells[*at].cmp(&b.cells[*at])).find(|o| o.is_ne());
    differ.unwrap_or_else(|| (&a.origin, &a.cells).cmp(&(&b.origin, &b.cells)))
}

/// Candidates that are kept; the ends of the others are entered.
fn split(candidates: Vec<Candidate>, verdicts: Vec<Verdict>, ends: &mut Ends) -> Vec<Standing> {
    let mut also: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    let mut firsts: BTreeMap<usize, String> = BTreeMap::new();
    for (copy, verdict) in verdicts.iter().enumerate() {
        if let Verdict::CopyOf(first) = verdict {
            also.entry(*first).or_default().push(candidates[copy].row.origin.to_string());
            firsts.entry(*first).or_insert_with(|| candidates[*first].row.origin.to_string());
        }
    }
    let mut kept = Vec::with_capacity(candidates.len());
    for (i, (candidate, verdict)) in candidates.into_iter().zip(verdicts).enumerate() {
        match verdict {
            Verdict::Keep => {
                let Candidate { mut row, derived, filed } = candidate;
                row.also = also.remove(&i).unwrap_or_default();
                kept.push((filed, Standing { row, derived }));
            }
            Verdict::CopyOf(first) => {
                let place = firsts.get(&first).cloned().unwrap_or_default();
                ends.out(candidate, Reason::Copy, place);
            }
            Verdict::Conflict(others) => ends.out(candidate, Reason::Conflict, others),
        }
    }
    // One part of a divided row that does not stand takes the others with it.
    let stands = |filed: &usize| {
        ends.reasons[*filed].as_ref().is_none_or(|(reason, _)| *reason == Reason::Recoded)
    };
    kept.into_iter().filter(|(filed, _)| stands(filed)).map(|(_, standing)| standing).collect()
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
