//! Figures that someone made up: tests of each village's list against its peers. Advisory: they add reasons to a lead
//! and never make one. Never Benford's law: areas of parcels do not follow it.

mod change;
mod cohort;
mod copied;
mod list;
mod peers;

use crate::count::Ground;
use crate::evidence::{Fabrication, Test, TestResult};
use crate::pairs::{Changes, County};
use crate::rows::Table;
use list::List;
use qingmu_stats::acat;
use std::collections::BTreeMap;

/// Village-years that are this odd, or copies, are listed.
const LISTED: f64 = 0.05;

/// Counts and ranks are coarse: many p-values are exactly 1, which would silence every other in the combination.
const UNREMARKABLE: f64 = 0.9;

/// Fewer claims or pairs than this have no shape.
const LEAST: u32 = 30;

/// A test of one village-year.
type Tested = (usize, TestResult);

/// All tests of all village-years; those listed by village and year.
///
/// `code_changes`: villages and years in which their codes changed, which makes everyone new.
pub(crate) fn tests(
    ground: Ground<'_>,
    changes: &[Changes],
    counties: &[County],
    lines: &[bool],
    code_changes: &[(u32, usize)],
) -> Vec<Fabrication> {
    let table = ground.table;
    let lists = list::lists(ground, lines);
    let mut all: BTreeMap<usize, Vec<TestResult>> = BTreeMap::new();
    let mut results: Vec<Tested> = change::tests(table, changes, counties);
    results.extend(list::tests(table, &lists, code_changes));
    for (cell, result) in results {
        all.entry(cell).or_default().push(result);
    }
    let pairs: BTreeMap<usize, u32> = changes.iter().map(|c| (c.cell, c.len())).collect();
    let mut copies = cohort::copies(ground, lines);
    // Where the whole list is a copy, that says more.
    copies.extend(copied::copies(table, &lists));
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let place = |cell: usize| (number(cell / table.years), number(cell % table.years));
    let listed = |list: &List| {
        let mut tests = all.remove(&list.cell).unwrap_or_default();
        let copy_of = copies.get(&list.cell).map(|cell| place(*cell));
        let each: Vec<(f64, f64)> = tests.iter().map(|t| (t.p.min(UNREMARKABLE), 1.0)).collect();
        let p = acat(&each).unwrap_or(1.0);
        tests.sort_by_key(|t| t.test);
        let (village, year) = place(list.cell);
        (p <= LISTED || copy_of.is_some()).then(|| Fabrication {
            village,
            year,
            rows: number(list.areas.len()),
            pairs: pairs.get(&list.cell).copied().unwrap_or(0),
            p,
            tests,
            copy_of,
            equal_allotment: list.equal_allotment,
        })
    };
    lists.iter().filter_map(listed).collect()
}

/// Village and year of a cell as one number that does not depend on the input's other villages.
fn seed(table: &Table, cell: usize) -> u64 {
    let code = table.villages[cell / table.years].as_bytes();
    let year = table.calendar(cell % table.years).to_le_bytes();
    let bytes = code.iter().chain(&year);
    // FNV-1a: a seed, not a hash for joining.
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

fn result(test: Test, p: f64, zh: String, en: String) -> TestResult {
    TestResult { test, p, say: qingmu_model::Bilingual { zh, en } }
}

#[cfg(test)]
mod tests;
