//! Rows entered under the wrong village.

use super::{Mark, Repaired, Shows, Slip};
use crate::abroad::Abroad;
use crate::rows::Table;
use qingmu_model::DataErrorKind;
use std::collections::BTreeMap;

/// More rows between two villages than this are no slip of the pen.
const MOST_ROWS: usize = 3;

/// Year, row, and whether it repeats exactly.
type Entry = (u16, usize, bool);

/// Marks one to three rows that repeat exactly in another village, in one year only, by people based there.
pub(crate) fn misplaced(table: &Table, abroad: &Abroad, repaired: &mut Repaired) {
    // Per pair of villages: rows of people who are in the first in one year only, and whether all repeat exactly.
    let mut pairs: BTreeMap<(u32, u32), Vec<Entry>> = BTreeMap::new();
    for shared in abroad.shared.iter().filter(|shared| shared.only_year) {
        let row = &table.rows[shared.row];
        let twin = &table.rows[shared.twin];
        let exact = (row.area, row.amount) == (twin.area, twin.amount);
        let list = pairs.entry((shared.charged, shared.witness)).or_default();
        list.push((row.year, shared.row, exact));
    }
    for ((village, twin), rows) in pairs {
        let one_year = rows.iter().all(|(year, ..)| *year == rows[0].0);
        if !one_year || rows.len() > MOST_ROWS || !rows.iter().all(|(.., exact)| *exact) {
            continue;
        }
        for (year, at, _) in rows {
            repaired.mark[at] = Mark::Misplaced;
            let row = &table.rows[at];
            repaired.slips.push(Slip {
                kind: DataErrorKind::WrongVillage,
                village,
                year,
                programme: table.programme(row),
                row: Some(at),
                rows: 1,
                filed: Some(row.area).filter(|area| *area != qingmu_input::MISSING_FIXED),
                used: None,
                shows: Shows::Twin(twin),
            });
        }
    }
}
