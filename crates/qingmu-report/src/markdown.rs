//! `leads.md`: the leads, what was judged and what not, the input, and at the end what the scores are not.

use crate::RunReport;
use crate::figures::{about_mu, about_yuan, count};
use crate::grid::{Align, Grid, escaped};
use crate::section::section;
use crate::terminal::{files, outcomes, region, unlocks, unreadable};
use crate::words as w;
use qingmu_model::{Grade, InputCoverage, Lang, Lead, RuleCoverage};

/// Leads with a section of their own; the files for machines have all.
const MOST_SECTIONS: usize = 200;
/// Lines of what is listed for want of evidence.
const MOST_WEAK: usize = 50;

pub(crate) fn page(report: &RunReport<'_>, lang: Lang) -> String {
    let mut blocks =
        vec![format!("**{}**\n", w::CAVEAT.get(lang)), format!("# {}\n", w::TITLE.get(lang))];
    let (leads, weak) = headline(report.leads);
    if leads.is_empty() {
        blocks.push(format!("{}\n", w::NO_LEADS.get(lang)));
    }
    for (n, lead) in leads.iter().take(MOST_SECTIONS).enumerate() {
        blocks.push(section(n + 1, lead, report, lang));
    }
    if leads.len() > MOST_SECTIONS {
        let more = count((leads.len() - MOST_SECTIONS) as u64);
        blocks.push(format!("{}\n", w::MORE_SECTIONS.with(lang, &[&more])));
    }
    blocks.extend(insufficient(&weak, report, lang));
    blocks.push(coverage(report, lang));
    blocks.push(input(report, lang));
    blocks.push(rejects(&report.coverage.input, lang));
    let assessed = |l: &&Lead| l.members.iter().any(|m| m.assessment.is_some());
    if leads.iter().any(|lead| !assessed(lead)) {
        blocks.push(format!("*{}*\n", w::PROVISIONAL.get(lang)));
    }
    if assessed_at_all(report) {
        blocks.push(format!("*{}*\n", w::SLIPS.get(lang)));
    }
    blocks.join("\n")
}

/// Leads, and what is listed for want of evidence.
pub(crate) fn headline(leads: &[Lead]) -> (Vec<&Lead>, Vec<&Lead>) {
    leads.iter().partition(|lead| lead.grade < Grade::E3)
}

/// Whether the model ran.
fn assessed_at_all(report: &RunReport<'_>) -> bool {
    report.coverage.detection.is_some()
}

/// What is listed for want of evidence: no section of its own, the most probable first.
fn insufficient(weak: &[&Lead], report: &RunReport<'_>, lang: Lang) -> Option<String> {
    if weak.is_empty() {
        return None;
    }
    let money = w::EXCESS_MONEY.with(lang, &[w::money(report.currency, lang)]);
    let mut grid = Grid::new(&[
        (w::LEAD.get(lang), Align::Left),
        (w::REGION.get(lang), Align::Left),
        (w::YEAR.get(lang), Align::Left),
        (w::SCORE.get(lang), Align::Right),
        (w::EXCESS_MU.get(lang), Align::Right),
        (&money, Align::Right),
        (w::RULE_IDS.get(lang), Align::Left),
    ]);
    for lead in weak.iter().take(MOST_WEAK) {
        grid.row(vec![
            lead.lead_id.to_string(),
            region(lead).to_owned(),
            lead.year.to_string(),
            format!("{:.2}", lead.score),
            about_mu(lead.excess_mu),
            about_yuan(lead.excess_yuan),
            lead.rules.join(" "),
        ]);
    }
    let mut text = format!("## {}\n\n{}", w::INSUFFICIENT.get(lang), grid.markdown());
    if weak.len() > MOST_WEAK {
        let more = count((weak.len() - MOST_WEAK) as u64);
        text.push_str(&format!("\n{}\n", w::INSUFFICIENT_LINE.with(lang, &[&more])));
    }
    Some(text)
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
