//! `qingmu rules columns`: what a rule may read of each view.

use crate::exit::{Exit, Failure};
use crate::ui::Ui;
use qingmu_model::{Bilingual, ColumnType, Project, ViewName};
use qingmu_rules::{column_about, column_names, column_type};
use serde::Serialize;
use std::fmt::Write;

#[derive(Serialize)]
struct Line {
    view: &'static str,
    column: String,
    kind: String,
    /// What a measured column is; facts say it by their names.
    about: Option<Bilingual>,
}

pub(super) fn run(view: Option<&str>, ui: Ui) -> Result<Exit, Failure> {
    let project = Project::default();
    let views = ViewName::ALL.into_iter().filter(|v| view.is_none_or(|only| only == v.as_str()));
    let lines: Vec<Line> = views
        .flat_map(|v| column_names(v, &project).into_iter().map(move |name| (v, name)))
        .filter_map(|(v, name)| {
            let kind = kind(column_type(v, &name, &project)?);
            let about = column_about(v, &name);
            Some(Line { view: v.as_str(), column: name, kind, about })
        })
        .collect();
    if ui.json {
        Ui::document(&lines)?;
        return Ok(Exit::Done);
    }
    let wide = |get: fn(&Line) -> usize| lines.iter().map(get).max().unwrap_or(0);
    let (first, second) = (wide(|l| l.view.len()), wide(|l| l.column.len()));
    let mut text = String::new();
    for Line { view, column, kind, about } in &lines {
        let about = about.as_ref().map_or("", |about| about.get(ui.lang));
        let line = format!("{view:first$}  {column:second$}  {kind:8}  {about}");
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{}", line.trim_end());
    }
    ui.text(&text)?;
    Ok(Exit::Done)
}

fn kind(kind: ColumnType) -> String {
    match kind {
        ColumnType::Number(unit) => unit.to_string(),
        ColumnType::Text => "text".to_owned(),
        ColumnType::Id(_) => "id".to_owned(),
        ColumnType::Flag => "flag".to_owned(),
    }
}
