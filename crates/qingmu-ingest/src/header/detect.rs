//! Which rows of a sheet are its header: the ones whose labels are known best.

use super::{
    Mapping, aliases,
    levels::{Levels, labels},
    matching::{Meaning, meaning},
};
use qingmu_cells::{SourceUnit, plain};
use qingmu_sheets::{Cell, RawSheet, Value};
use std::collections::BTreeMap;

/// Rows looked through.
const ROWS: usize = 30;
/// Rows a header may have.
const HEIGHT: u32 = 3;
/// Columns a header needs before it is one.
const COLUMNS: usize = 2;

/// A header row block with what its columns mean.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Found {
    /// First row, 0-based.
    pub(crate) first: u32,
    /// Last row, 0-based.
    pub(crate) last: u32,
    /// Labels by column.
    pub(crate) labels: BTreeMap<u32, Levels>,
    /// Meanings by column; absent where nothing known fits.
    pub(crate) meanings: BTreeMap<u32, Meaning>,
}

impl Found {
    fn score(&self) -> f64 {
        // A title of a group spreads over its columns: what they are is said by the row below it, once each.
        let mut best: BTreeMap<(&str, Option<&str>, bool), f64> = BTreeMap::new();
        for meaning in self.meanings.values() {
            let score = best.entry((meaning.field, meaning.crop, meaning.subtotal)).or_default();
            *score = score.max(meaning.score);
        }
        let known: f64 = best.values().sum();
        known - 0.02 * f64::from(self.last - self.first)
    }
}

/// The best header for a table; `Err` holds the best guess of a row that is none.
pub(crate) fn detect(
    sheet: &RawSheet,
    table: &str,
    stated: Option<&Mapping>,
) -> Result<Found, Option<Found>> {
    let mut best: Option<Found> = None;
    for row in sheet.rows.keys().copied().take(ROWS) {
        for height in 1..=HEIGHT {
            let Some(last) = row.checked_add(height - 1) else { continue };
            let labels = labels(sheet, row, height);
            let meanings = meanings(table, &labels, stated);
            let found = Found { first: row, last, labels, meanings };
            if best.as_ref().is_none_or(|b| found.score() > b.score() + 1e-9) {
                best = Some(found);
            }
        }
    }
    let whole = |found| with_numbers(sheet, with_units(sheet, table, stated, found));
    match best.map(whole) {
        Some(found) if found.meanings.len() >= COLUMNS => Ok(found),
        other => Err(other),
    }
}

/// A row of nothing but units right below the names belongs to the header.
fn with_units(sheet: &RawSheet, table: &str, stated: Option<&Mapping>, found: Found) -> Found {
    let unit = |cell: &Cell| match &cell.value {
        Value::Text(text) => {
            let text = plain(text);
            text.with.is_empty() || SourceUnit::parse(&text.with).is_some()
        }
        _ => false,
    };
    let Some(last) = found.last.checked_add(1) else { return found };
    let named = |cell: &Cell| matches!(&cell.value, Value::Text(t) if !t.trim().is_empty());
    let units =
        sheet.rows.get(&last).is_some_and(|row| row.values().any(named) && row.values().all(unit));
    if !units {
        return found;
    }
    let labels = labels(sheet, found.first, last - found.first + 1);
    let meanings = meanings(table, &labels, stated);
    if meanings.len() < found.meanings.len() {
        found
    } else {
        Found { last, labels, meanings, ..found }
    }
}

/// A row right below the names that only numbers the columns (栏次 甲 乙 1 2 3=1×2) belongs to the header.
fn with_numbers(sheet: &RawSheet, found: Found) -> Found {
    let Some(last) = found.last.checked_add(1) else { return found };
    let Some(row) = sheet.rows.get(&last) else { return found };
    let texts = || row.values().filter_map(|c| numbering(&c.value));
    let counts = texts().filter_map(|t| t.parse::<u32>().ok());
    let numbers: Vec<u32> = counts.collect();
    let counted = numbers.len() >= 2 && numbers.windows(2).all(|pair| pair[1] == pair[0] + 1);
    let starts = numbers.first().is_some_and(|n| *n <= 1);
    let all = texts().count() == row.len();
    if counted && starts && all { Found { last, ..found } } else { found }
}

/// The number of a column as such a row writes it: `3`, `(3)`, `3=1×2`, 甲, 栏次; `None` for anything else.
fn numbering(value: &Value) -> Option<String> {
    let text = match value {
        Value::Number(n) if *n >= 0.0 && *n < 100.0 && n.fract() == 0.0 => n.to_string(),
        Value::Text(text) => plain(text).with,
        _ => return None,
    };
    if matches!(text.as_str(), "" | "甲" | "乙" | "丙" | "丁" | "戊" | "栏次" | "行次" | "序号")
    {
        return Some(text);
    }
    let (number, formula) = text.split_once('=').unwrap_or((&text, ""));
    let plain = number.len() <= 2 && !number.is_empty();
    let digits = plain && number.bytes().all(|b| b.is_ascii_digit());
    let signs = |c: char| c.is_ascii_digit() || "+-*/×÷()[]".contains(c);
    (digits && formula.chars().all(signs)).then(|| number.to_owned())
}

fn meanings(
    table: &str,
    labels: &BTreeMap<u32, Levels>,
    stated: Option<&Mapping>,
) -> BTreeMap<u32, Meaning> {
    let one = |(column, levels): (&u32, &Levels)| Some((*column, of(table, levels, stated)?));
    labels.iter().filter_map(one).collect()
}

/// What the user states wins over what is known.
fn of(table: &str, levels: &[String], stated: Option<&Mapping>) -> Option<Meaning> {
    let known = meaning(table, levels);
    let Some(column) = stated.and_then(|m| m.stated(levels)) else { return known };
    let field = column.field.as_deref()?;
    let field = aliases::field_name(table, field)?;
    Some(Meaning {
        field,
        crop: column.crop.as_deref().and_then(|c| qingmu_cells::word("crop", c)),
        subtotal: column.subtotal,
        unit: column
            .unit
            .as_deref()
            .and_then(SourceUnit::parse)
            .or_else(|| known.and_then(|k| k.unit)),
        score: 1.0,
        rank: 0,
        year: None,
    })
}

/// Known spellings nearest to a label.
pub(crate) fn nearest(table: &str, levels: &[String]) -> Vec<String> {
    let name = levels.last().map(|text| plain(text).without).unwrap_or_default();
    aliases::nearest(table, &name).into_iter().map(|(name, _)| name).collect()
}

/// The row of a sheet whose texts come nearest to known spellings, with these: `“播种面机”（播种面积?）`.
pub(crate) fn similar(sheet: &RawSheet, table: &str) -> String {
    let of_row = |row: u32| -> Vec<String> {
        let texts = labels(sheet, row, 1);
        let near = |levels: &Levels| {
            let near = nearest(table, levels);
            let name = levels.last().filter(|_| !near.is_empty())?;
            Some(format!("“{}”（{}?）", qingmu_model::mask_quoted(name), near.join(" ")))
        };
        texts.values().filter_map(near).collect()
    };
    let rows = sheet.rows.keys().copied().take(ROWS).map(of_row);
    // The first of rows with equally many.
    let best = rows
        .fold(Vec::new(), |best: Vec<String>, row| if row.len() > best.len() { row } else { best });
    if best.len() >= COLUMNS { best.join(" ") } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::sheet;

    #[test]
    fn titles_above_and_data_below_are_no_header() {
        let sheet = sheet(
            "某镇2024年耕地地力保护补贴公示表\n单位：亩、元\n序号,户主姓名,身份证号,面积,,,补贴金额\n,,,小麦,玉米,小计,\n1,甲,x,1,2,3,9\n2,乙,y,1,2,3,9",
        );
        let found = detect(&sheet, "claims", None);
        let rows = found.map(|f| (f.first, f.last, f.meanings.len()));
        assert_eq!(rows.map_err(|_| ()), Ok((2, 3, 7)));
    }

    #[test]
    fn a_merged_group_is_not_three_columns_of_one_meaning() {
        let mut sheet = sheet("姓名,身份证号,面积,,,补贴金额\n,,小麦,玉米,小计,\n甲,x,1,2,3,9");
        let merge = |start, end| qingmu_sheets::Merge { start, end };
        sheet.merges = vec![
            merge((0, 0), (1, 0)),
            merge((0, 1), (1, 1)),
            merge((0, 2), (0, 4)),
            merge((0, 5), (1, 5)),
        ];
        let found = detect(&sheet, "claims", None);
        let rows = found.map(|f| (f.first, f.last, f.meanings.len()));
        assert_eq!(rows.map_err(|_| ()), Ok((0, 1, 6)));
    }

    #[test]
    fn a_row_of_units_belongs_to_the_header() {
        let sheet = sheet("姓名,身份证号,补贴面积,补贴金额\n,,（公顷）,元\n甲,x,1,2");
        let found = detect(&sheet, "claims", None);
        let rows = found.map(|f| {
            let unit = |c| f.meanings.get(&c).and_then(|m| m.unit).map(SourceUnit::word);
            (f.first, f.last, unit(2), unit(3))
        });
        assert_eq!(rows.map_err(|_| ()), Ok((0, 1, Some("公顷"), Some("元"))));
    }

    #[test]
    fn one_known_word_is_no_header() {
        let sheet = sheet("姓名,甲\n乙,丙");
        assert!(detect(&sheet, "claims", None).is_err());
        assert_eq!(detect(&RawSheet::default(), "claims", None), Err(None));
    }

    #[test]
    fn a_stated_mapping_wins() {
        let sheet = sheet("姓名,甲列\n乙,3");
        let stated = Mapping::from_toml(
            "table = \"claims\"\n[[column]]\nheader = \"甲列\"\nfield = \"land_area\"\nunit = \"亩\"\n[[column]]\nheader = \"姓名\"\nfield = \"account_holder\"",
        );
        let found = detect(&sheet, "claims", stated.as_ref().ok());
        let fields = found.map(|f| f.meanings.values().map(|m| m.field).collect::<Vec<_>>());
        assert_eq!(fields.ok(), Some(vec!["account_holder", "land_area"]));
    }

    #[test]
    fn the_last_rows_of_a_sheet_are_safe() {
        let mut sheet = sheet("x");
        let row = sheet.rows.remove(&0).unwrap_or_default();
        sheet.rows.insert(u32::MAX, row);
        assert!(detect(&sheet, "claims", None).is_err());
    }
}
