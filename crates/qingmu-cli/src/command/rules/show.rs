//! `qingmu rules show ID`: one rule as a page.

use super::{list::status, load};
use crate::exit::{Exit, Failure};
use crate::ui::Ui;
use qingmu_model::{Bilingual, Lang, Unit};
use qingmu_rules::{Node, Piece, Rule};
use serde::Serialize;
use std::fmt::Write;
use std::path::Path;

#[derive(Serialize)]
struct Page<'a> {
    id: &'a str,
    title: &'a Bilingual,
    status: &'static str,
    grade: String,
    view: &'static str,
    by: Option<&'a [String]>,
    file: &'a str,
    digest: &'a str,
    params: Vec<ParamLine<'a>>,
    lets: Vec<(&'a str, &'a str)>,
    known: Vec<&'a str>,
    need: Option<&'a str>,
    when: &'a str,
    mu: Option<&'a str>,
    yuan: Option<&'a str>,
    say: Bilingual,
    legit: Vec<LegitLine<'a>>,
    law: Vec<(&'a str, &'a str)>,
    tests: Vec<&'a str>,
}

#[derive(Serialize)]
struct ParamLine<'a> {
    name: &'a str,
    is: f64,
    unit: Unit,
    why: &'a str,
}

#[derive(Serialize)]
struct LegitLine<'a> {
    text: &'a Bilingual,
    check: &'a Bilingual,
    clears: Option<&'a str>,
}

pub(super) fn run(id: &str, dir: Option<&Path>, ui: Ui) -> Result<Exit, Failure> {
    let pack = load(dir)?;
    let Some(rule) = pack.rules.iter().find(|r| r.id.as_str().eq_ignore_ascii_case(id)) else {
        return Err(Failure::new(
            Exit::Usage,
            format!("没有规则 `{id}`"),
            format!("there is no rule `{id}`"),
        )
        .remedy(
            "用 `qingmu rules list` 看有哪些规则",
            "`qingmu rules list` shows the rules there are",
        ));
    };
    let page = page(rule);
    if ui.json {
        Ui::document(&page)?;
    } else {
        ui.text(&text(&page, ui.lang))?;
    }
    Ok(Exit::Done)
}

fn page(rule: &Rule) -> Page<'_> {
    let source = |node: &Node| rule.source.get(node.span.clone()).unwrap_or_default();
    Page {
        id: rule.id.as_str(),
        title: &rule.title,
        status: status(rule.status),
        grade: rule.grade.to_string(),
        view: rule.scan.as_str(),
        by: rule.by.as_deref(),
        file: &rule.file,
        digest: &rule.digest,
        params: rule
            .params
            .iter()
            .map(|(name, p)| ParamLine { name, is: p.is, unit: p.unit, why: &p.why })
            .collect(),
        lets: rule.lets.iter().map(|(name, node)| (name.as_str(), source(node))).collect(),
        known: rule.known.iter().map(source).collect(),
        need: rule.need.as_ref().map(source),
        when: source(&rule.flag.when),
        mu: rule.flag.mu.as_ref().map(source),
        yuan: rule.flag.yuan.as_ref().map(source),
        say: Bilingual::new(message(rule, &rule.say_zh), message(rule, &rule.say_en)),
        legit: rule
            .legit
            .iter()
            .map(|l| LegitLine {
                text: &l.text,
                check: &l.check,
                clears: l.clears.as_ref().map(source),
            })
            .collect(),
        law: rule.law.iter().map(|l| (l.cite.as_str(), l.gist.as_str())).collect(),
        tests: rule.tests.iter().map(|t| t.name.as_str()).collect(),
    }
}

/// The message with its placeholders as written.
fn message(rule: &Rule, template: &[Piece]) -> String {
    template
        .iter()
        .map(|piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Value(node, _) => {
                let name = rule.source.get(node.span.clone()).unwrap_or_default();
                format!("{{{name}}}")
            }
        })
        .collect()
}

fn text(page: &Page<'_>, lang: Lang) -> String {
    let word = |zh: &'static str, en: &'static str| crate::lang::pick(lang, zh, en);
    let mut out = String::new();
    // Writing to a String cannot fail.
    let mut line = |text: String| {
        let _ = writeln!(out, "{text}");
    };
    line(format!("{} {}", page.id, page.title.get(lang)));
    line(format!(
        "{} {}  {} {}  {} {}  {} {}",
        word("等级", "grade"),
        page.grade,
        word("状态", "status"),
        page.status,
        word("视图", "view"),
        page.view,
        word("文件", "file"),
        page.file
    ));
    if let Some(by) = page.by {
        line(format!("{} {}", word("按组判断：", "judged by group:"), by.join(", ")));
    }
    line(format!("\n{}\n  {}", word("说什么", "What it says"), page.say.get(lang)));
    line(format!("\n{}", word("条件", "Condition")));
    for known in &page.known {
        line(format!("  {} {known}", word("须已知", "known")));
    }
    if let Some(need) = page.need {
        line(format!("  {} {need}", word("须成立", "need ")));
    }
    line(format!("  {} {}", word("命中", "hit  "), page.when));
    for (label, value) in [("mu   ", page.mu), ("yuan ", page.yuan)] {
        if let Some(value) = value {
            line(format!("  {label} {value}"));
        }
    }
    for (name, expression) in &page.lets {
        line(format!("    {name} = {expression}"));
    }
    line(format!("\n{}", word("参数及理由", "Parameters and their reasons")));
    for p in &page.params {
        line(format!("  {} = {} {}: {}", p.name, p.is, p.unit, p.why));
    }
    line(format!("\n{}", word("正当解释及核查办法", "Honest explanations and how to check them")));
    for l in &page.legit {
        line(format!("  - {} ({})", l.text.get(lang), l.check.get(lang)));
        if let Some(clears) = l.clears {
            line(format!("    {} {clears}", word("数据可证：", "shown by the data when:")));
        }
    }
    line(format!("\n{}", word("依据", "Law")));
    for (cite, gist) in &page.law {
        line(format!("  - {cite}: {gist}"));
    }
    line(format!("\n{}", word("自带测试", "Tests")));
    for name in &page.tests {
        line(format!("  - {name}"));
    }
    out
}
