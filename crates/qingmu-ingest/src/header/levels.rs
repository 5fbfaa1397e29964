//! Header rows as labels: merged cells spread right and down, levels from top to bottom.

use qingmu_sheets::{RawSheet, Value};
use std::collections::BTreeMap;

/// The texts above one column, from top to bottom, without repeats.
pub(crate) type Levels = Vec<String>;

/// Labels of the header that begins at `first` and is `height` rows high, by column.
pub(crate) fn labels(sheet: &RawSheet, first: u32, height: u32) -> BTreeMap<u32, Levels> {
    let rows: Vec<BTreeMap<u32, String>> =
        (first..=first.saturating_add(height - 1)).map(|row| texts(sheet, row)).collect();
    let columns: std::collections::BTreeSet<u32> =
        rows.iter().flat_map(|row| row.keys().copied()).collect();
    let mut labels = BTreeMap::new();
    for column in columns {
        let mut levels: Levels = Vec::new();
        for (n, row) in rows.iter().enumerate() {
            let text = row.get(&column).cloned().or_else(|| inherited(&rows, n, column));
            if let Some(text) = text
                && levels.last() != Some(&text)
            {
                levels.push(text);
            }
        }
        labels.insert(column, levels);
    }
    labels
}

/// Texts of one row with merged regions spread over all their cells.
fn texts(sheet: &RawSheet, row: u32) -> BTreeMap<u32, String> {
    let mut texts: BTreeMap<u32, String> = BTreeMap::new();
    for (column, cell) in sheet.rows.get(&row).into_iter().flatten() {
        if let Some(text) = header_text(&cell.value) {
            texts.insert(*column, text);
        }
    }
    for merge in sheet.merges.iter().filter(|m| m.start.0 <= row && row <= m.end.0) {
        let anchor = sheet.rows.get(&merge.start.0).and_then(|r| r.get(&merge.start.1));
        if let Some(text) = anchor.and_then(|c| header_text(&c.value)) {
            // A hostile file may merge a million columns; a header has no use for more than these.
            for column in merge.start.1..=merge.end.1.min(merge.start.1.saturating_add(511)) {
                texts.insert(column, text.clone());
            }
        }
    }
    texts
}

/// CSV has no merged cells: a group's name stands over its first column alone, blanks follow.
fn inherited(rows: &[BTreeMap<u32, String>], level: usize, column: u32) -> Option<String> {
    let below = rows.get(level + 1)?;
    below.get(&column)?;
    let (left, text) = rows[level].range(..column).next_back()?;
    // Only where every column from the group's own on has something below it.
    (*left..=column).all(|c| below.contains_key(&c)).then(|| text.clone())
}

fn header_text(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::sheet;
    use qingmu_sheets::Merge;

    #[test]
    fn merged_and_unmerged_groups_read_alike() {
        let rows = "姓名,面积,,,金额\n,小麦,玉米,小计,";
        let unmerged = sheet(rows);
        let mut merged = sheet(rows);
        merged.merges = vec![
            Merge { start: (0, 0), end: (1, 0) },
            Merge { start: (0, 1), end: (0, 3) },
            Merge { start: (0, 4), end: (1, 4) },
        ];
        for sheet in [unmerged, merged] {
            let labels: Vec<String> =
                labels(&sheet, 0, 2).into_values().map(|l| l.join("/")).collect();
            assert_eq!(labels, ["姓名", "面积/小麦", "面积/玉米", "面积/小计", "金额"]);
        }
    }

    #[test]
    fn a_name_without_columns_below_does_not_spread() {
        let sheet = sheet("姓名,,面积,\n,证号,小麦,玉米");
        let labels: Vec<String> = labels(&sheet, 0, 2).into_values().map(|l| l.join("/")).collect();
        assert_eq!(labels, ["姓名", "证号", "面积/小麦", "面积/玉米"]);
    }
}
