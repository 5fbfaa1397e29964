//! Years in the names of columns: 2023年补贴面积 beside 2024年补贴面积.

use super::Warning;
use crate::header::Found;
use qingmu_model::{ColumnKind, TableSchema};
use qingmu_sheets::letters;
use std::collections::{BTreeMap, BTreeSet};

/// Figures of another year than the sheet's are not its figures: their columns are left out and named. Where nothing
/// states the year and the columns name one alone, that is the sheet's.
pub(crate) fn settle(
    table: &TableSchema,
    found: &mut Found,
    given: &mut BTreeMap<&'static str, String>,
) -> Option<Warning> {
    table.column("year")?;
    if found.meanings.values().any(|m| m.field == "year") {
        return None;
    }
    let stored = |field: &str| table.column(field).is_some_and(|c| figures(c.kind));
    let named: BTreeSet<i16> = found
        .meanings
        .values()
        .filter(|m| stored(m.field) || m.field == "land_area")
        .filter_map(|m| m.year)
        .collect();
    let stated = given.get("year").and_then(|y| y.trim().trim_end_matches('年').parse().ok());
    let Some(year) = stated else {
        if let [only] = named.into_iter().collect::<Vec<_>>()[..] {
            given.insert("year", only.to_string());
        }
        return None;
    };
    let other = |year: i16, own: Option<i16>| own.is_some_and(|own| own != year);
    let left: Vec<u32> =
        found.meanings.iter().filter(|(_, m)| other(year, m.year)).map(|(c, _)| *c).collect();
    found.meanings.retain(|_, m| !other(year, m.year));
    let list = left.iter().map(|c| letters(*c)).collect::<Vec<_>>().join(" ");
    (!left.is_empty()).then(|| {
        Warning::new(
            "other_year",
            left.len() as u64,
            format!("{list} 列是其他年度的数，未采用（本表为{year}年）"),
            format!("columns {list} are of other years than {year} and were not used"),
        )
    })
}

fn figures(kind: ColumnKind) -> bool {
    matches!(kind, ColumnKind::Mu | ColumnKind::Yuan | ColumnKind::Rate)
}
