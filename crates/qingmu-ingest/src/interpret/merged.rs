//! Cells under merged regions: a village's name holds for every row its cell spans.

use qingmu_sheets::{RawSheet, Value};
use std::collections::BTreeMap;

/// Regions that span rows inside one column, by column and first row.
#[derive(Debug, Default)]
pub(crate) struct Merged {
    regions: BTreeMap<u32, BTreeMap<u32, u32>>,
}

impl Merged {
    pub(crate) fn new(sheet: &RawSheet) -> Self {
        let mut regions: BTreeMap<u32, BTreeMap<u32, u32>> = BTreeMap::new();
        // A region over several columns is a note or a title, not a value of each of them.
        for merge in sheet.merges.iter().filter(|m| m.start.1 == m.end.1) {
            regions.entry(merge.start.1).or_default().insert(merge.start.0, merge.end.0);
        }
        Self { regions }
    }

    /// The cell at a place, or the one whose merged region covers it.
    pub(crate) fn value<'a>(
        &self,
        sheet: &'a RawSheet,
        row: u32,
        column: u32,
    ) -> Option<&'a Value> {
        let cell = |row| sheet.rows.get(&row).and_then(|r| r.get(&column)).map(|c| &c.value);
        if let Some(value) = cell(row) {
            return Some(value);
        }
        let (first, last) = self.regions.get(&column)?.range(..=row).next_back()?;
        if *last >= row { cell(*first) } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::sheet;
    use qingmu_sheets::Merge;

    #[test]
    fn a_region_holds_for_its_rows_only() {
        let mut sheet = sheet("甲,x\n,y\n,z");
        sheet.merges =
            vec![Merge { start: (0, 0), end: (1, 0) }, Merge { start: (0, 1), end: (2, 2) }];
        let merged = Merged::new(&sheet);
        let text = |row, column| merged.value(&sheet, row, column).cloned();
        assert_eq!(text(1, 0), Some(Value::Text("甲".into())));
        assert_eq!(text(2, 0), None);
        assert_eq!(text(2, 2), None, "a block over several columns fills nothing");
    }
}
