//! `leads.md`: the leads, what was judged and what not, the input, and at the end what the scores are not.

use crate::RunReport;
use crate::figures::count;
use crate::grid::{Align, Grid, escaped};
use crate::section::section;
use crate::terminal::{files, outcomes, unlocks, unreadable};
use crate::words as w;
use qingmu_model::{InputCoverage, Lang, RuleCoverage};

pub(crate) fn page(report: &RunReport<'_>, lang: Lang) -> String {
    let mut blocks =
        vec![format!("**{}**\n", w::CAVEAT.get(lang)), format!("# {}\n", w::TITLE.get(lang))];
    if report.leads.is_empty() {
        blocks.push(format!("{}\n", w::NO_LEADS.get(lang)));
    }
    for (n, lead) in report.leads.iter().enumerate() {
        blocks.push(section(n + 1, lead, report, lang));
    }
    blocks.push(coverage(report, lang));
    blocks.push(input(report, lang));
    blocks.push(rejects(&report.coverage.input, lang));
    if !report.leads.is_empty() {
        blocks.push(format!("*{}*\n", w::PROVISIONAL.get(lang)));
    }
    blocks.join("\n")
}

fn coverage(report: &RunReport<'_>, lang: Lang) -> String {
    let mut text = format!("## {}\n\n", w::COVERAGE.get(lang));
    let rules: Vec<&RuleCoverage> = report.coverage.rules.iter().collect();
    if rules.is_empty() {
        text.push_str(w::NO_RULES.get(lang));
        text.push('\n');
        return text;
    }
    text.push_str(&outcomes(&rules, true, lang).markdown());
    let mut notes = unlocks(&report.coverage.rules, lang);
    let villages = report.coverage.input.villages_without_baseline;
    if villages > 0 {
        notes
            .push(w::NO_BASELINE.with(lang, &[&count(villages), &w::several(report.lowest, lang)]));
    }
    text.push_str(&bullets(&notes));
    text
}

/// A list behind a table; nothing for no notes.
fn bullets(notes: &[String]) -> String {
    let lines: Vec<String> = notes.iter().map(|n| format!("\n- {}", escaped(n))).collect();
    if lines.is_empty() { String::new() } else { format!("{}\n", lines.concat()) }
}

fn input(report: &RunReport<'_>, lang: Lang) -> String {
    let mut text = format!("## {}\n\n", w::INPUT.get(lang));
    text.push_str(&files(report.inputs, report.currency, lang).markdown());
    let mut notes = vec![w::BALANCE.get(lang).to_owned()];
    notes.extend(unreadable(report.inputs, lang));
    let over = &report.coverage.input.passed_over;
    if !over.is_empty() {
        notes.push(w::PASSED_OVER.with(lang, &[&over.join(w::LIST.get(lang))]));
    }
    text.push_str(&bullets(&notes));
    text
}

fn rejects(input: &InputCoverage, lang: Lang) -> String {
    let mut text = format!("## {}\n\n", w::REJECTS.get(lang));
    let mut grid = Grid::new(&[
        (w::TABLE.get(lang), Align::Left),
        (w::CLASS.get(lang), Align::Left),
        (w::ROWS.get(lang), Align::Right),
        (w::REMEDY.get(lang), Align::Left),
    ]);
    let mut any = false;
    for (table, classes) in &input.rejects {
        for (code, rows) in classes.iter().filter(|(_, rows)| **rows > 0) {
            any = true;
            grid.row(vec![
                table.clone(),
                w::of(&code.title(), lang).to_owned(),
                count(*rows),
                w::of(&code.remedy(), lang).to_owned(),
            ]);
        }
    }
    if any {
        text.push_str(&grid.markdown());
    } else {
        text.push_str(w::NONE_REJECTED.get(lang));
        text.push('\n');
    }
    text
}
