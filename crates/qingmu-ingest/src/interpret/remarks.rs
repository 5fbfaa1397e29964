//! What deserves a look in a sheet that was read, and refused values as they may be shown.

use super::{
    Warning,
    plan::{Bound, Plan, Role},
    record::Notes,
};
use crate::structure::Reconciled;
use qingmu_model::{ColumnKind, mask_account, mask_id, mask_name};
use qingmu_sheets::{RawSheet, Value, letters};

/// Warnings about what was read although it is unusual.
pub(crate) fn remarks(
    sheet: &RawSheet,
    plan: &Plan,
    totals: &[Reconciled],
    notes: Notes,
    foreign: bool,
) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let mut warn = |code, count: u64, zh: &str, en: &str| {
        if count > 0 {
            warnings.push(Warning::new(code, count, zh, en));
        }
    };
    warn(
        "hidden_sheet",
        u64::from(sheet.hidden),
        "工作表是隐藏的，内容已读取",
        "the sheet is hidden; its rows were read",
    );
    let hidden = sheet.hidden_rows.iter().filter(|r| sheet.rows.contains_key(r)).count();
    warn("hidden_rows", hidden as u64, "有隐藏行，内容已读取", "hidden rows were read");
    let hidden: Vec<String> =
        plan.bound.iter().filter(|b| sheet.hides(b.column)).map(|b| letters(b.column)).collect();
    let list = hidden.join(" ");
    warn(
        "hidden_columns",
        hidden.len() as u64,
        &format!("有隐藏列 {list}，内容已读取"),
        &format!("hidden columns {list} were read"),
    );
    warn(
        "second_table",
        u64::from(foreign),
        "表内出现列不同的另一张表，其后各行未采用；请拆分文件",
        "another table with other columns begins inside the sheet: its rows wait; split the file",
    );
    warn(
        "rounded",
        notes.rounded,
        "数值已按保留小数位四舍五入",
        "values were rounded to the decimals kept",
    );
    warn(
        "named_groups",
        notes.named_groups,
        "村民小组为名称而非编号，未保存",
        "village groups have names instead of numbers and were not stored",
    );
    warn(
        "unread_aside",
        notes.unread_aside,
        "附加列中有无法读取的单元格",
        "cells of additional columns could not be read",
    );
    warn(
        "old_codes",
        notes.old_codes,
        "用的是变更前的代码，入库时按区划变更表处理",
        "rows stand on codes that have changed since: the ledger books them by the table of changes",
    );
    warn(
        "unresolved",
        notes.unresolved,
        "没有村名录，村名未核对代码（入库前须提供）",
        "no villages table was given: names were not resolved; hand one over before keeping rows",
    );
    let differing = totals.iter().filter(|t| !t.agrees).count();
    warn(
        "totals_differ",
        differing as u64,
        "合计行与明细之和不符",
        "total rows differ from the sum of their rows",
    );
    for (crop, count) in notes.crops {
        warn(
            "unknown_crop",
            count,
            &format!("作物“{crop}”不在词表中"),
            &format!("crop {crop} is not in the list"),
        );
    }
    warnings
}

/// A refused value as it may be shown: ids, accounts and names never in full, wherever they stand.
pub(crate) fn masked(value: &Value, bound: Option<&Bound>) -> String {
    let text = match value {
        Value::Text(text) => text.trim().to_owned(),
        Value::Number(n) | Value::Serial(n) => n.to_string(),
        Value::Flag(flag) => flag.to_string(),
        Value::Error(word) => word.clone(),
    };
    let digits = text.chars().filter(|c| c.is_numeric()).count();
    let region = bound.is_some_and(|b| b.kind == ColumnKind::Village || b.role == Role::Region);
    match bound.map(|b| (b.kind, b.field)) {
        Some((ColumnKind::Account, _)) => mask_account(&text),
        Some((ColumnKind::Person, _)) => mask_id(&text),
        Some((_, "claimant_name" | "account_holder" | "household_id" | "name")) => mask_name(&text),
        // 12 digits are a region's code; a phone has 11, ids and accounts have 15 and more.
        _ if digits >= 14 || (digits >= 11 && !region) => mask_id(&text),
        _ => text.chars().take(40).collect(),
    }
}
