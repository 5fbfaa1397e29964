//! Building a view column by column: keys always, the others where wanted.

use super::Facts;
use crate::catalogue;
use qingmu_model::{Column, Data, View, ViewName};
use qingmu_model::{Project, Season, Unit};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A column of exact values with their dependence on the village's own reports.
#[derive(Debug, Default, Clone)]
pub(super) struct Fixed {
    pub(super) values: Vec<Option<i64>>,
    pub(super) dependent: Vec<bool>,
}

/// Collects the columns of one view.
pub(super) struct Builder<'a> {
    pub(super) facts: &'a Facts,
    pub(super) project: &'a Project,
    wanted: &'a BTreeSet<String>,
    view: View,
}

impl<'a> Builder<'a> {
    pub(super) fn new(
        facts: &'a Facts,
        name: ViewName,
        project: &'a Project,
        wanted: &'a BTreeSet<String>,
    ) -> Self {
        let view = View { name, rows: 0, columns: Vec::new(), not_listed: 0 };
        Self { facts, project, wanted, view }
    }

    pub(super) fn set_rows(&mut self, rows: usize, not_listed: u64) {
        self.view.rows = rows;
        self.view.not_listed = not_listed;
    }

    pub(super) fn wants(&self, name: &str) -> bool {
        self.view.name.keys().contains(&name) || self.wanted.contains(name)
    }

    /// Wanted names of a family: what follows `prefix`, where the catalogue knows it.
    pub(super) fn family(&self, prefix: &str) -> Vec<&'a str> {
        let wanted: &'a BTreeSet<String> = self.wanted;
        wanted
            .iter()
            .filter(|name| catalogue::column_type(self.view.name, name, self.project).is_some())
            .filter_map(|name| name.strip_prefix(prefix))
            .collect()
    }

    /// Adds a column if it is wanted and the catalogue has it.
    fn push(&mut self, name: &str, data: impl FnOnce() -> Data, dependent: Vec<bool>) {
        if !self.wants(name) || self.view.column(name).is_some() {
            return;
        }
        if let Some(kind) = catalogue::column_type(self.view.name, name, self.project) {
            let (name, data) = (name.to_owned(), data());
            debug_assert_eq!(data.len(), self.view.rows);
            self.view.columns.push(Column { name, kind, data, dependent });
        }
    }

    pub(super) fn text<'t, T: 't>(
        &mut self,
        name: &str,
        rows: &'t [T],
        value: impl Fn(&'t T) -> Option<Arc<str>>,
    ) {
        self.push(name, || Data::Text(rows.iter().map(value).collect()), Vec::new());
    }

    /// A count, year, area or amount; the scale follows from the column's unit.
    pub(super) fn number<'t, T: 't>(
        &mut self,
        name: &str,
        rows: &'t [T],
        value: impl Fn(&'t T) -> Option<i64>,
    ) {
        let scale = self.scale(name);
        let data = || Data::Fixed { scale, values: rows.iter().map(value).collect() };
        self.push(name, data, Vec::new());
    }

    pub(super) fn count<'t, T: 't>(
        &mut self,
        name: &str,
        rows: &'t [T],
        value: impl Fn(&'t T) -> u64,
    ) {
        self.number(name, rows, |row| i64::try_from(value(row)).ok());
    }

    pub(super) fn fixed(&mut self, name: &str, column: Fixed) {
        let scale = self.scale(name);
        let any = column.dependent.contains(&true);
        let dependent = if any { column.dependent } else { Vec::new() };
        self.push(name, || Data::Fixed { scale, values: column.values }, dependent);
    }

    pub(super) fn real(&mut self, name: &str, values: impl FnOnce() -> Vec<Option<f64>>) {
        self.push(name, || Data::Real(values()), Vec::new());
    }

    /// A column that no table fills as yet.
    pub(super) fn missing(&mut self, name: &str) {
        let rows = self.view.rows;
        let kind = catalogue::column_type(self.view.name, name, self.project);
        let scale = self.scale(name);
        let data = || match kind {
            Some(crate::ColumnType::Flag) => Data::Flag(vec![None; rows]),
            Some(crate::ColumnType::Number(_)) => Data::Fixed { scale, values: vec![None; rows] },
            _ => Data::Text(vec![None; rows]),
        };
        self.push(name, data, Vec::new());
    }

    fn scale(&self, name: &str) -> u32 {
        match catalogue::column_type(self.view.name, name, self.project) {
            Some(crate::ColumnType::Number(Unit::MU)) => 4,
            Some(crate::ColumnType::Number(Unit::YUAN | Unit::RATE)) => 2,
            _ => 0,
        }
    }

    /// `village_code`, `town_code`, `county_code` and `name` of each row's village.
    pub(super) fn place<'t, T: 't>(&mut self, rows: &'t [T], village: impl Fn(&'t T) -> u32) {
        let facts = self.facts;
        self.text("village_code", rows, |row| Some(facts.villages[village(row) as usize].clone()));
        let levels = &self.project.region;
        for (name, key) in [("town_code", &levels.ring), ("county_code", &levels.peer)] {
            if !self.wants(name) {
                continue;
            }
            let mut pool = Pool::default();
            let of_village: Vec<Arc<str>> =
                facts.villages.iter().map(|code| pool.get(levels.cut(code, key))).collect();
            self.text(name, rows, |row| Some(of_village[village(row) as usize].clone()));
        }
        if self.wants("name") {
            let names: Vec<Arc<str>> = facts
                .villages
                .iter()
                .map(|code| match facts.village_names.get(&**code) {
                    Some(name) => Arc::from(name.as_str()),
                    // Without a name the code stands for the village, in texts too.
                    None => code.clone(),
                })
                .collect();
            self.text("name", rows, |row| Some(names[village(row) as usize].clone()));
        }
    }

    pub(super) fn season<'t, T: 't>(&mut self, rows: &'t [T], season: impl Fn(&'t T) -> Season) {
        let codes = Season::ALL.map(|s| Arc::<str>::from(s.code()));
        self.text("season", rows, |row| Some(codes[season(row) as usize].clone()));
    }

    /// The view, keys first.
    pub(super) fn finish(mut self) -> View {
        let keys = self.view.name.keys();
        let place = |c: &Column| keys.iter().position(|k| *k == c.name).unwrap_or(keys.len());
        self.view.columns.sort_by(|a, b| place(a).cmp(&place(b)).then_with(|| a.name.cmp(&b.name)));
        self.view
    }
}

/// One allocation per distinct text.
#[derive(Default)]
struct Pool(BTreeMap<String, Arc<str>>);

impl Pool {
    fn get(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.0.get(text) {
            return known.clone();
        }
        let new: Arc<str> = Arc::from(text);
        self.0.insert(text.to_owned(), new.clone());
        new
    }
}
