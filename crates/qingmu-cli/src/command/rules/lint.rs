//! `qingmu rules lint`: what a reviewer would ask for.

use super::load;
use crate::exit::{Exit, Failure};
use crate::ui::Ui;
use qingmu_model::Lang;
use qingmu_rules::{Diagnostic, lint};
use serde::Serialize;
use std::path::Path;

#[derive(Serialize)]
struct Found<'a> {
    code: &'a str,
    file: &'a str,
    line: usize,
    column: usize,
    message: &'a str,
    help: Option<&'a str>,
}

#[derive(Serialize)]
struct Document<'a> {
    rules: usize,
    findings: Vec<Found<'a>>,
}

pub(super) fn run(dir: Option<&Path>, ui: Ui) -> Result<Exit, Failure> {
    let pack = load(dir)?;
    let findings = lint(&pack);
    if ui.json {
        let findings = findings.iter().map(line).collect();
        Ui::document(&Document { rules: pack.rules.len(), findings })?;
    } else {
        for finding in &findings {
            // Findings are what was asked for, not talk: they come even under --quiet.
            Ui::raw(format!("{}\n\n", finding.render(false)).as_bytes())?;
        }
        let (rules, count) = (pack.rules.len(), findings.len());
        ui.text(&match ui.lang {
            Lang::Zh => format!("{rules} 条规则，{count} 处问题\n"),
            Lang::En => format!("{rules} rules, {count} findings\n"),
        })?;
    }
    Ok(if findings.is_empty() { Exit::Done } else { Exit::Config })
}

fn line(finding: &Diagnostic) -> Found<'_> {
    Found {
        code: finding.code,
        file: &finding.file,
        line: finding.line,
        column: finding.column,
        message: &finding.message,
        help: finding.help.as_deref(),
    }
}
