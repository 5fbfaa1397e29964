//! Views and columns that registers fill, with the places of their villages.

use super::Facts;
use qingmu_model::{Column, ColumnType, Data, Project, Season, View, ViewName};
use qingmu_registers::Registers;
use std::collections::BTreeSet;
use std::sync::Arc;

/// A view that registers make, cut to its keys and the wanted columns, with the place of each row's village.
pub(super) fn own(
    facts: &Facts,
    registers: &Registers,
    name: ViewName,
    project: &Project,
    wanted: &BTreeSet<String>,
) -> View {
    let mut view = registers.view(name);
    for key in name.keys() {
        if view.column(key).is_none() && view.rows == 0 {
            let kind = crate::column_type(name, key, project).unwrap_or(ColumnType::Text);
            let data = match kind {
                ColumnType::Number(_) => Data::Fixed { scale: 0, values: Vec::new() },
                _ => Data::Text(Vec::new()),
            };
            let column = Column { name: (*key).to_owned(), kind, data, dependent: Vec::new() };
            view.columns.push(column);
        }
    }
    let levels = &project.region;
    let villages: Vec<Option<Arc<str>>> = match view.column("village_code") {
        Some(column) => (0..view.rows).map(|row| column.text(row).cloned()).collect(),
        None => vec![None; view.rows],
    };
    let shown = |code: &Arc<str>| match facts.village_names.get(&**code) {
        Some(name) => Arc::from(name.as_str()),
        None => Arc::clone(code),
    };
    let mut place = |name: &str, value: &dyn Fn(&Arc<str>) -> Arc<str>| {
        if wanted.contains(name) {
            let data = Data::Text(villages.iter().map(|v| v.as_ref().map(value)).collect());
            let (name, kind) = (name.to_owned(), ColumnType::Text);
            view.columns.push(Column { name, kind, data, dependent: Vec::new() });
        }
    };
    place("name", &shown);
    place("town_code", &|code| Arc::from(levels.ring_of(code)));
    place("county_code", &|code| Arc::from(levels.peer_of(code)));
    view.columns.retain(|c| name.keys().contains(&c.name.as_str()) || wanted.contains(&c.name));
    view
}

/// Adds the wanted columns that registers fill to a view of claims.
pub(super) fn fill(registers: &Registers, view: &mut View, wanted: &BTreeSet<String>) {
    let names = qingmu_registers::column_names(view.name).filter(|name| wanted.contains(*name));
    let names: Vec<&str> = names.collect();
    if names.is_empty() {
        return;
    }
    let text = |name: &str, row: usize| view.column(name).and_then(|c| c.text(row)).cloned();
    let year = |row: usize| match view.column("year").map(|c| &c.data) {
        Some(Data::Fixed { values, .. }) => {
            values.get(row).copied().flatten().and_then(|y| i16::try_from(y).ok()).unwrap_or(0)
        }
        _ => 0,
    };
    let village = |row: usize| text("village_code", row).unwrap_or_else(|| Arc::from(""));
    let mut filled: Vec<(&str, Data)> = Vec::new();
    match view.name {
        ViewName::VillageYear => {
            let rows: Vec<_> = (0..view.rows).map(|row| (village(row), year(row))).collect();
            for name in names {
                filled.extend(registers.village_year(name, &rows).map(|data| (name, data)));
            }
        }
        ViewName::VillageSeasonProgramme => {
            let season = |row: usize| -> Season {
                text("season", row).and_then(|s| s.parse().ok()).unwrap_or(Season::Y)
            };
            let programme = |row: usize| text("programme", row).unwrap_or_else(|| Arc::from(""));
            let rows: Vec<_> = (0..view.rows)
                .map(|row| (village(row), year(row), season(row), programme(row)))
                .collect();
            for name in names {
                let data = registers.village_season_programme(name, &rows);
                filled.extend(data.map(|data| (name, data)));
            }
        }
        _ => {}
    }
    for (name, data) in filled {
        let kind = qingmu_registers::column_type(view.name, name).unwrap_or(ColumnType::Text);
        view.columns.push(Column { name: name.to_owned(), kind, data, dependent: Vec::new() });
    }
}
