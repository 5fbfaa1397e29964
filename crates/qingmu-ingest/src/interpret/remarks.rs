//! What deserves a look in a sheet that was read, and refused values as they may be shown.

use super::{
    Warning,
    plan::{Bound, Plan, Role},
    record::{CARDS, NUMBERED, Notes, card_like, may_hold_no_name},
};
use crate::structure::Reconciled;
use qingmu_model::{
    ColumnKind, mask_account, mask_id, mask_name, mask_place, mask_quoted, mask_refused,
    may_be_name,
};
use qingmu_sheets::{RawSheet, Value, letters};
use std::collections::{BTreeMap, BTreeSet};

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
        let crop = crop_shown(&crop, count);
        warn(
            "unknown_crop",
            count,
            &format!("作物“{crop}”不在词表中"),
            &format!("crop {crop} is not in the list"),
        );
    }
    warnings
}

/// Ends of names of places: a heading stands in any column.
const PLACES: [&str; 5] = ["村", "社区", "镇", "乡", "街道"];

/// Rows from which an unknown word is quoted whole and kept: what stands less often may be somebody's name.
pub(crate) const COMMON: u64 = 5;

fn crop_shown(crop: &str, count: u64) -> String {
    let quoted = mask_quoted(crop);
    if count >= COMMON || quoted != crop { quoted } else { mask_name(crop) }
}

/// Words of a column that look like names and stand too often to be one.
pub(crate) fn common(sheet: &RawSheet, plan: &Plan) -> BTreeMap<u32, BTreeSet<String>> {
    let texts = |b: &&Bound| b.kind == ColumnKind::Text && may_hold_no_name(b.field);
    let stored = plan.bound.iter().filter(|b| matches!(b.role, Role::Stored | Role::Aside));
    let columns: Vec<u32> = stored.filter(texts).map(|b| b.column).collect();
    let mut counts: BTreeMap<u32, BTreeMap<&str, u64>> = BTreeMap::new();
    for (_, row) in sheet.rows.range(plan.found.last.saturating_add(1)..) {
        for column in &columns {
            if let Some(Value::Text(text)) = row.get(column).map(|cell| &cell.value)
                && may_be_name(text)
            {
                *counts.entry(*column).or_default().entry(text.trim()).or_default() += 1;
            }
        }
    }
    let often = |words: BTreeMap<&str, u64>| -> BTreeSet<String> {
        let often = words.into_iter().filter(|(_, n)| *n >= COMMON);
        often.map(|(word, _)| word.to_owned()).collect()
    };
    let mut common: BTreeMap<u32, BTreeSet<String>> =
        counts.into_iter().map(|(column, words)| (column, often(words))).collect();
    for bound in plan.bound.iter().filter(|b| NUMBERED.contains(&b.field)) {
        let below = sheet.rows.range(plan.found.last.saturating_add(1)..);
        let cells = below.filter_map(|(_, row)| row.get(&bound.column));
        let (mut cards, mut others) = (0_u64, 0_u64);
        for cell in cells {
            match &cell.value {
                Value::Text(text) if card_like(text) => cards += 1,
                _ => others += 1,
            }
        }
        if cards > others {
            common.entry(bound.column).or_default().insert(CARDS.to_owned());
        }
    }
    common
}

/// A refused value as it may be shown: ids, accounts and names never in full, wherever they stand.
pub(crate) fn masked(value: &Value, bound: Option<&Bound>) -> String {
    let text = match value {
        Value::Text(text) => text.trim().to_owned(),
        Value::Number(n) | Value::Serial(n) => n.to_string(),
        Value::Flag(flag) => flag.to_string(),
        Value::Error(word) => word.clone(),
    };
    let region = bound.is_some_and(|b| b.kind == ColumnKind::Village || b.role == Role::Region);
    let number = text.chars().all(|c| c.is_ascii_digit() || matches!(c, 'X' | 'x'));
    match bound.map(|b| (b.kind, b.field)) {
        Some((ColumnKind::Account, _)) if number => mask_account(&text),
        Some((ColumnKind::Person, _)) if number => mask_id(&text),
        Some((_, "claimant_name" | "account_holder" | "household_id" | "name")) => mask_name(&text),
        // A region's code has at most 12 digits; ids and accounts have 15 and more.
        _ if region && number && text.len() <= 12 => text,
        // A heading stands in any column.
        _ if region || PLACES.iter().any(|end| text.ends_with(end)) => mask_place(&text),
        _ => mask_refused(&text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(kind: ColumnKind, field: &'static str, role: Role, text: &str) -> String {
        let bound = Bound { column: 0, kind, field, crop: None, unit: None, role };
        masked(&Value::Text(text.to_owned()), Some(&bound))
    }

    // Invented numbers and names.
    #[test]
    fn a_refused_value_never_shows_a_person_wherever_it_stands() {
        let stored = Role::Stored;
        for (kind, field, role, text, expected) in [
            (ColumnKind::Mu, "area_mu", stored, "佢嚟嬲亩", "[汉字4]"),
            (ColumnKind::Mu, "area_mu", stored, "约3亩", "约3亩"),
            (ColumnKind::Yuan, "amount_yuan", stored, "6299990000000070874", "62***"),
            (
                ColumnKind::Person,
                "claimant_id",
                stored,
                "佢嚟嬲 610423197001011230",
                "[汉字3] 61***",
            ),
            (ColumnKind::Person, "claimant_id", stored, "610423197001011230", "6104**********1230"),
            (ColumnKind::Account, "account_no", stored, "6299990000000070874佢", "62***[汉字1]"),
            (ColumnKind::Village, "village_code", stored, "610423101201", "610423101201"),
            (ColumnKind::Text, "village_name", Role::Region, "东沟村", "东沟村"),
            (ColumnKind::Text, "village_name", Role::Region, "佢嚟嬲", "佢**"),
            (ColumnKind::Text, "town_name", Role::Region, "王嬲", "王*"),
            (ColumnKind::Village, "village_code", stored, "王嬲", "王*"),
            (ColumnKind::Text, "row_no", Role::RowNumber, "王嬲孖", "[汉字3]"),
            (ColumnKind::Text, "row_no", Role::RowNumber, "西坡村", "西坡村"),
            (
                ColumnKind::Text,
                "village_name",
                Role::Region,
                "佢嚟610423197001011230",
                "[汉字2]61***",
            ),
            (ColumnKind::Text, "crop", stored, "佢嚟嬲（6299990000000070874）", "[汉字3]（62***）"),
        ] {
            assert_eq!(shown(kind, field, role, text), expected, "{text}");
        }
    }

    #[test]
    fn an_unknown_crop_that_stands_once_may_be_a_name() {
        assert_eq!(crop_shown("佢嚟嬲", 1), "佢**");
        assert_eq!(crop_shown("芝麻", 5), "芝麻");
        assert_eq!(crop_shown("芝麻", 4), "芝*");
        assert_eq!(crop_shown("佢嚟13900000000", 9), "[汉字2]13***");
    }
}
