//! Who is paid onto accounts that several people share: the edges that dense blocks are sought in.

use crate::evidence::{RowAt, SharedRow};
use crate::repair::Repaired;
use crate::rows::{NONE, Table, runs};
use qingmu_input::MISSING_ID;
use qingmu_model::Yuan;

/// Most people on an account of people who name no household: couples are the rule, and not to be told from others.
const COUPLE: usize = 2;

/// Rows of accounts that people of several households share within one year; accounts of one household, and of two
/// people whose household nobody names, are left out.
///
/// By year, account, claimant and row. People and accounts are numbers that hold within one run alone.
pub(crate) fn shared(table: &Table, repaired: &Repaired) -> Vec<SharedRow> {
    let rows = table.rows.iter().enumerate();
    let paid = rows.filter(|(at, row)| row.account != NONE && repaired.counts(*at));
    let mut order: Vec<(u16, u32, u32, usize)> =
        paid.map(|(at, row)| (row.year, row.account, row.claimant, at)).collect();
    order.sort_unstable();
    let mut found = Vec::new();
    for run in runs(&order, |a, b| (a.0, a.1) == (b.0, b.1)) {
        let card = &order[run];
        if is_shared(table, card) {
            found.extend(card.iter().map(|(.., at)| row(table, *at)));
        }
    }
    found
}

/// One account in one year.
fn is_shared(table: &Table, card: &[(u16, u32, u32, usize)]) -> bool {
    let people = runs(card, |a, b| a.2 == b.2);
    if people.len() < 2 {
        return false;
    }
    let household = |claimant: u32| table.households[claimant as usize];
    let mut households: Vec<u128> = people.iter().map(|p| household(card[p.start].2)).collect();
    let unknown = households.contains(&MISSING_ID);
    households.sort_unstable();
    households.dedup();
    if unknown { people.len() > COUPLE } else { households.len() > 1 }
}

fn row(table: &Table, at: usize) -> SharedRow {
    let row = &table.rows[at];
    let officer = |number: u32| (number != NONE).then_some(number);
    SharedRow {
        village: row.village,
        year: u32::from(row.year),
        claimant: row.claimant,
        account: row.account,
        recorder: officer(row.recorder),
        approver: officer(row.approver),
        amount: Yuan::from_raw(row.amount),
        at: RowAt { file: row.file, row: u64::from(row.at) },
    }
}
