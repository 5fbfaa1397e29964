//! `qingmu rules list`.

use super::load;
use crate::exit::{Exit, Failure};
use crate::ui::Ui;
use qingmu_model::{Bilingual, Lang};
use qingmu_rules::{Rule, Status};
use serde::Serialize;
use std::fmt::Write;
use std::path::Path;

#[derive(Serialize)]
struct Line<'a> {
    id: &'a str,
    title: &'a Bilingual,
    status: &'static str,
    grade: String,
    view: &'static str,
    file: &'a str,
    digest: &'a str,
}

pub(super) fn run(dir: Option<&Path>, ui: Ui) -> Result<Exit, Failure> {
    let pack = load(dir)?;
    let lines: Vec<Line<'_>> = pack.rules.iter().map(line).collect();
    if ui.json {
        Ui::document(&lines)?;
        return Ok(Exit::Done);
    }
    let mut text = String::new();
    for line in &lines {
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "{}  {}  {}  {}",
            line.id,
            line.grade,
            status_padded(line.status, ui.lang),
            line.title.get(ui.lang)
        );
    }
    ui.text(&text)?;
    Ok(Exit::Done)
}

fn line(rule: &Rule) -> Line<'_> {
    Line {
        id: rule.id.as_str(),
        title: &rule.title,
        status: status(rule.status),
        grade: rule.grade.to_string(),
        view: rule.scan.as_str(),
        file: &rule.file,
        digest: &rule.digest,
    }
}

/// Life cycle as rule files write it.
pub(super) const fn status(status: Status) -> &'static str {
    match status {
        Status::Draft => "draft",
        Status::Trial => "trial",
        Status::Stable => "stable",
        Status::Retired => "retired",
    }
}

fn status_padded(status: &str, lang: Lang) -> String {
    match (lang, status) {
        (Lang::Zh, "draft") => "草稿".to_owned(),
        (Lang::Zh, "trial") => "试用".to_owned(),
        (Lang::Zh, "stable") => "稳定".to_owned(),
        (Lang::Zh, _) => "退役".to_owned(),
        (Lang::En, other) => format!("{other:<7}"),
    }
}
