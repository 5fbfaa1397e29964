//! Rows of a register that belong to others: members of a household without figures, sums that stand above their rows.

use super::plan::{Bound, Plan, Role};
use crate::structure::{Line, Numbers, below, total_label};
use qingmu_cells::{half_width, read_amount};
use qingmu_model::ColumnKind;
use qingmu_sheets::{RawSheet, Row, Value};
use std::collections::BTreeSet;

/// Words for the one of a household who claims.
const HEADS: [&str; 8] =
    ["户主", "本人", "本户", "承包方代表", "代表人", "承包方", "自己", "户主本人"];

/// Whether a row lists a member of the household above: a relation that is not the head's, and no figure.
pub(crate) fn is_member(plan: &Plan, row: &Row, numbers: &Numbers) -> bool {
    let relation = plan.found.meanings.iter().find(|(_, m)| m.field == "relation");
    let Some(cell) = relation.and_then(|(column, _)| row.get(column)) else { return false };
    let Value::Text(text) = &cell.value else { return false };
    let text: String = half_width(text).chars().filter(|c| !c.is_whitespace()).collect();
    let nothing = numbers.values().all(|n| n.is_some_and(|n| n.mantissa == 0));
    plan.table.name == "claims" && nothing && !text.is_empty() && !HEADS.contains(&text.as_str())
}

/// Rows of claims that name nobody and hold exactly the sums of the rows below them, down to the next such row: a
/// village's line above its people.
pub(crate) fn sums_above(sheet: &RawSheet, plan: &Plan) -> BTreeSet<u32> {
    let whose = |b: &&Bound| {
        matches!(b.kind, ColumnKind::Person | ColumnKind::Account) || b.field == "claimant_name"
    };
    let people: Vec<u32> = plan.bound.iter().filter(whose).map(|b| b.column).collect();
    if plan.table.name != "claims" || people.is_empty() {
        return BTreeSet::new();
    }
    let nobody = |row: &Row| !people.iter().any(|c| row.get(c).is_some_and(|c| filled(&c.value)));
    let label = |row: &Row| {
        row.values().take(3).any(|c| matches!(&c.value, Value::Text(t) if total_label(t).is_some()))
    };
    let rows = || sheet.rows.range(plan.found.last.saturating_add(1)..);
    let candidate = |row: &Row| nobody(row) && !label(row) && !figures(plan, row).is_empty();
    if !rows().any(|(_, row)| candidate(row)) {
        return BTreeSet::new();
    }
    let lines: Vec<Line> = rows()
        .map(|(at, row)| {
            let numbers = figures(plan, row);
            if nobody(row) && !numbers.is_empty() {
                Line::Above(*at, numbers)
            } else {
                Line::Data(numbers)
            }
        })
        .collect();
    let is_sum = |(n, line): (usize, &Line)| {
        let Line::Above(row, numbers) = line else { return None };
        let sums = below(&lines[n + 1..]);
        let agrees = |(column, stated): (&u32, &Option<qingmu_model::Decimal>)| {
            stated.zip(sums.get(column)).is_some_and(|(stated, sum)| sum.is(stated))
        };
        // One row may have the same figures by chance.
        let rows = lines[n + 1..].iter().take_while(|line| matches!(line, Line::Data(_)));
        let some = numbers.values().flatten().any(|n| n.mantissa != 0);
        (some && rows.count() > 1 && numbers.iter().all(agrees)).then_some(*row)
    };
    let labelled = |row: &u32| sheet.rows.get(row).is_some_and(label);
    lines.iter().enumerate().filter_map(is_sum).filter(|row| !labelled(row)).collect()
}

/// Areas and money of a row as the file writes them.
fn figures(plan: &Plan, row: &Row) -> Numbers {
    let measured =
        |b: &&Bound| matches!(b.kind, ColumnKind::Mu | ColumnKind::Yuan) && b.role != Role::Aside;
    let of = |b: &Bound| {
        let read = read_amount(&row.get(&b.column)?.value);
        match read {
            Ok(None) => None,
            Ok(Some(amount)) => Some((b.column, Some(amount.value))),
            Err(_) => Some((b.column, None)),
        }
    };
    plan.bound.iter().filter(measured).filter_map(of).collect()
}

fn filled(value: &Value) -> bool {
    !matches!(value, Value::Text(text) if text.trim().is_empty())
}
