//! Rows before sums: slips are repaired for the statistics, listed as slips, and never held against anyone.
//!
//! The order matters: what has no area gets one, then whole lists, then single rows, then rows of another village.

mod list;
mod misplaced;
mod row;
mod say;

pub(crate) use misplaced::misplaced;
pub(crate) use say::data_errors;

use crate::history::own;
use crate::rows::{Line, Row, Table};
use qingmu_input::MISSING_FIXED;
use qingmu_model::DataErrorKind;
use rayon::prelude::*;

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Mark {
    /// As filed.
    #[default]
    Kept,
    /// Area from amount and rate.
    Filled,
    /// Part of a list in another unit.
    List,
    /// Ten times too large or small, or swapped digits.
    Slip,
    /// Of another village: in no series.
    Misplaced,
}

/// The areas that the statistics use, and what became of each row.
#[derive(Debug, Default)]
pub(crate) struct Repaired {
    /// Area per row, 0.0001 mu; 0 where there is none.
    pub(crate) used: Vec<i64>,
    /// Per row.
    pub(crate) mark: Vec<Mark>,
    /// What was repaired, by village, year and row.
    pub(crate) slips: Vec<Slip>,
}

impl Repaired {
    /// Whether a row may be counted for or against anyone.
    pub(crate) fn counts(&self, at: usize) -> bool {
        self.mark[at] != Mark::Misplaced
    }

    /// Whether a row's area is as filed.
    pub(crate) fn as_filed(&self, at: usize) -> bool {
        self.mark[at] == Mark::Kept
    }
}

/// How a slip shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Shows {
    /// Against the claimants' own other years.
    History,
    /// Against the amount.
    Amount,
    /// Another village has the same row.
    Twin(u32),
}

/// One slip.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Slip {
    pub(crate) kind: DataErrorKind,
    pub(crate) village: u32,
    pub(crate) year: u16,
    pub(crate) programme: u32,
    /// The row, where it is one.
    pub(crate) row: Option<usize>,
    pub(crate) rows: u64,
    pub(crate) filed: Option<i64>,
    pub(crate) used: Option<i64>,
    pub(crate) shows: Shows,
}

/// One village's rows, its part of the results, and where they stand in the table.
struct Block<'a> {
    rows: &'a [Row],
    used: &'a mut [i64],
    mark: &'a mut [Mark],
    lines: &'a [Line],
    first: usize,
}

/// All repairs but those that need the other villages.
pub(crate) fn repair(table: &Table) -> Repaired {
    let mut used: Vec<i64> = table.rows.iter().map(|row| row.area).collect();
    let mut mark = vec![Mark::Kept; used.len()];
    let mut blocks = Vec::with_capacity(table.blocks.len());
    let (mut used_left, mut mark_left) = (used.as_mut_slice(), mark.as_mut_slice());
    for range in &table.blocks {
        let (used, rest) = used_left.split_at_mut(range.len());
        let (mark, marks) = mark_left.split_at_mut(range.len());
        (used_left, mark_left) = (rest, marks);
        let rows = &table.rows[range.clone()];
        blocks.push(Block { rows, used, mark, lines: &table.lines, first: range.start });
    }
    let slips = blocks.into_par_iter().flat_map_iter(repair_village).collect();
    Repaired { used, mark, slips }
}

fn repair_village(mut block: Block<'_>) -> Vec<Slip> {
    let mut slips = fill(&mut block);
    let mut history = own(block.rows, block.used, block.lines);
    let lists = list::repair(&mut block, &history);
    if !lists.is_empty() {
        history = own(block.rows, block.used, block.lines);
    }
    slips.extend(lists);
    slips.extend(row::repair(&mut block, &history));
    slips.sort_unstable_by_key(|s| (s.year, s.kind, s.programme, s.row));
    slips
}

/// Areas that are missing, from amount and rate.
fn fill(block: &mut Block<'_>) -> Vec<Slip> {
    let mut slips = Vec::new();
    for at in 0..block.rows.len() {
        let row = &block.rows[at];
        if row.area != MISSING_FIXED {
            continue;
        }
        // A negative amount takes money back; it has no area of its own.
        let area = i128::from(row.amount.max(0)) * 10_000 / i128::from(row.rate.max(1));
        block.used[at] = i64::try_from(area).unwrap_or(0);
        block.mark[at] = Mark::Filled;
        slips.push(block.slip(at, DataErrorKind::MissingArea, Shows::Amount));
    }
    slips
}

impl Block<'_> {
    /// The slip of one row as it now stands.
    fn slip(&self, at: usize, kind: DataErrorKind, shows: Shows) -> Slip {
        let row = &self.rows[at];
        Slip {
            kind,
            village: row.village,
            year: row.year,
            programme: self.lines[row.line as usize].programme,
            row: Some(self.first + at),
            rows: 1,
            filed: Some(row.area).filter(|area| *area != MISSING_FIXED),
            used: Some(self.used[at]),
            shows,
        }
    }

    /// log10 of area x rate over amount; `None` where one of them is missing or not positive.
    fn by_amount(&self, at: usize) -> Option<f64> {
        let row = &self.rows[at];
        let all = self.used[at] > 0 && row.rate > 0 && row.amount > 0;
        let due = self.used[at] as f64 / 10_000.0 * row.rate as f64;
        all.then(|| (due / row.amount as f64).log10())
    }
}

#[cfg(test)]
mod tests;
