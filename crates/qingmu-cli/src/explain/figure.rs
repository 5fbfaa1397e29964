//! Figures of a hit: the view's sums beside the sums of the rows they are made of.

use super::columns::Reads;
use qingmu_core::recount::{Key, RowSet, is_standard_error};
use qingmu_core::{ColumnType, Data, SourceRow, View};
use qingmu_model::{Project, RuleHit, Season, SubjectKey, Unit};
use std::collections::BTreeSet;

/// One figure and what the rows say of it.
#[derive(Debug)]
pub(super) struct Figure<'a> {
    /// Column of the view.
    pub(super) column: String,
    /// Row of the view, masked.
    pub(super) at: String,
    pub(super) unit: Unit,
    /// Value of the scan in the smallest unit, with its decimals.
    pub(super) value: Option<i64>,
    pub(super) scale: u32,
    /// The rows added up again.
    pub(super) again: Option<i64>,
    pub(super) rows: Vec<&'a SourceRow>,
}

/// A standard error is a root; two ways of rounding it may differ in the last digits kept.
const ROOT_SLACK: u64 = 2;

impl Figure<'_> {
    /// Whether both ways agree.
    pub(super) fn is_equal(&self) -> bool {
        match (self.value, self.again) {
            (Some(a), Some(b)) if is_standard_error(&self.column) => a.abs_diff(b) <= ROOT_SLACK,
            (a, b) => a == b,
        }
    }
}

/// A row of the view that belongs to a hit.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) row: usize,
    pub(super) key: Key,
    /// Masked text of the key.
    pub(super) shown: String,
}

const PURPOSE: &str = "find the rows of a lead";

/// Rows of the view that a hit speaks of.
pub(super) fn own_rows(hit: &RuleHit, view: &View) -> Vec<usize> {
    (0..view.rows).filter(|row| belongs(hit, view, *row)).collect()
}

/// These rows, and those of the year before where the rule looks back.
pub(super) fn places(own: &[usize], view: &View, reads: &Reads) -> Vec<Place> {
    let mut rows = own.to_vec();
    if reads.looks_back {
        rows.extend(own.iter().filter_map(|row| year_before(view, *row)));
    }
    rows.sort_unstable();
    rows.dedup();
    rows.into_iter().map(|row| place(view, row)).collect()
}

fn belongs(hit: &RuleHit, view: &View, row: usize) -> bool {
    hit.subject.keys.iter().all(|(name, value)| {
        let Some(column) = view.column(name) else { return false };
        match value {
            SubjectKey::Missing => false,
            SubjectKey::Text(text) => cell_text(column, row).as_deref() == Some(text),
            SubjectKey::Person(id) => column.text(row).map(|t| &**t) == Some(id.reveal(PURPOSE)),
            SubjectKey::Account(id) => column.text(row).map(|t| &**t) == Some(id.reveal(PURPOSE)),
        }
    })
}

fn cell_text(column: &qingmu_core::Column, row: usize) -> Option<String> {
    match &column.data {
        Data::Text(_) => column.text(row).map(ToString::to_string),
        _ => column.number(row).map(|n| n.to_string()),
    }
}

fn year_before(view: &View, row: usize) -> Option<usize> {
    let keys: Vec<&qingmu_core::Column> =
        view.name.keys().iter().filter_map(|name| view.column(name)).collect();
    (0..view.rows).find(|other| {
        keys.iter().all(|column| {
            if column.name == "year" {
                year(column, *other).zip(year(column, row)).is_some_and(|(a, b)| a + 1 == b)
            } else {
                column.text(*other) == column.text(row)
            }
        })
    })
}

/// Years are checked to be 1900 to 2200.
fn year(column: &qingmu_core::Column, row: usize) -> Option<i16> {
    match &column.data {
        Data::Fixed { values, .. } => i16::try_from(values.get(row).copied().flatten()?).ok(),
        _ => None,
    }
}

fn place(view: &View, row: usize) -> Place {
    let text = |name: &str| view.column(name).and_then(|c| c.text(row)).map(ToString::to_string);
    let year = view.column("year").and_then(|c| year(c, row));
    let keyed = |name: &str| view.name.keys().contains(&name).then(|| text(name)).flatten();
    let key = Key {
        village: keyed("village_code"),
        year,
        season: keyed("season").and_then(|s| s.parse::<Season>().ok()),
        programme: keyed("programme"),
        crop: keyed("crop"),
        claimant: keyed("claimant_id"),
        account: keyed("account"),
        approver: keyed("approver_id"),
        claim_id: keyed("claim_id"),
    };
    let parts: Vec<String> = view
        .name
        .keys()
        .iter()
        .filter_map(|name| view.column(name))
        .map(|column| match column.kind {
            ColumnType::Id(kind) => column.text(row).map_or("?".to_owned(), |t| mask(kind, t)),
            _ => cell_text(column, row).unwrap_or_else(|| "?".to_owned()),
        })
        .collect();
    Place { row, key, shown: parts.join("/") }
}

fn mask(kind: qingmu_model::IdKind, text: &str) -> String {
    match kind {
        qingmu_model::IdKind::Person => qingmu_model::mask_id(text),
        qingmu_model::IdKind::Account => qingmu_model::mask_account(text),
    }
}

/// Every figure of a place that is a sum over rows.
pub(super) fn figures<'a>(
    place: &Place,
    view: &View,
    columns: &BTreeSet<String>,
    ledger: &RowSet<'a>,
) -> Vec<Figure<'a>> {
    columns
        .iter()
        .filter(|name| !view.name.keys().contains(&name.as_str()))
        .filter_map(|name| {
            let column = view.column(name)?;
            let (Data::Fixed { scale, values }, ColumnType::Number(unit)) =
                (&column.data, column.kind)
            else {
                return None;
            };
            let again = ledger.readd(view.name, &place.key, name)?;
            Some(Figure {
                column: name.clone(),
                at: place.shown.clone(),
                unit,
                value: values.get(place.row).copied().flatten(),
                scale: *scale,
                again: again.value,
                rows: again.rows,
            })
        })
        .collect()
}

/// Only columns that the scan itself makes; measured ones are no sums.
pub(super) fn core_columns(
    view: qingmu_core::ViewName,
    reads: &Reads,
    project: &Project,
) -> BTreeSet<String> {
    let known = |name: &&String| qingmu_core::column_type(view, name, project).is_some();
    reads.columns.iter().filter(known).cloned().collect()
}
