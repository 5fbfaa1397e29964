//! The end of a run, for a terminal.

use crate::RunReport;
use crate::figures::{about_mu, about_yuan, count, mu, yuan};
use crate::grid::{Align, Grid, cut, plain};
use crate::markdown::headline;
use crate::words::{self as w, Words};
use qingmu_leads::TableTotal;
use qingmu_model::{Bilingual, InputAccount, Lang, Lead, RuleCoverage};
use std::collections::BTreeMap;

/// Leads shown.
const TOP: usize = 10;
/// Rules shown.
const MOST_RULES: usize = 8;
/// Lines of one kind of note.
const MOST_NOTES: usize = 3;
/// Display width of a region's name.
const NAME_WIDTH: usize = 24;

pub(crate) fn summary(report: &RunReport<'_>, lang: Lang) -> String {
    let parts = [
        format!("{}\n", w::CAVEAT.get(lang)),
        input(report, lang),
        rules(report, lang),
        leads(report, lang),
        next(report.leads, lang),
    ];
    parts.join("\n")
}

/// A heading with its lines; `note` lines are indented like tables.
fn heading(title: Words, lang: Lang) -> String {
    format!("{}\n", title.get(lang))
}

fn note(text: &str) -> String {
    format!("  {}\n", plain(text))
}

fn input(report: &RunReport<'_>, lang: Lang) -> String {
    let mut text = heading(w::INPUT, lang);
    match TableTotal::of(report.inputs) {
        Ok(totals) => text.push_str(&account(&totals, report.currency, lang).terminal()),
        Err(error) => text.push_str(&note(&error.to_string())),
    }
    text.push_str(&note(w::BALANCE.get(lang)));
    if let Some(line) = unreadable(report.inputs, lang) {
        text.push_str(&note(&line));
    }
    let input = &report.coverage.input;
    if input.villages_without_baseline > 0 {
        let villages = count(input.villages_without_baseline);
        let name = w::several(report.lowest, lang);
        text.push_str(&note(&w::NO_BASELINE.with(lang, &[&villages, &name])));
    }
    if !input.passed_over.is_empty() {
        let shown = some_of(&input.passed_over, 5, w::LIST.get(lang));
        text.push_str(&note(&w::PASSED_OVER.with(lang, &[&shown])));
    }
    text
}

/// How many cells of rejected rows are in no sum; nothing where there are none.
pub(crate) fn unreadable(inputs: &[InputAccount], lang: Lang) -> Option<String> {
    let area: u64 = inputs.iter().map(|i| i.area_unreadable).sum();
    let amount: u64 = inputs.iter().map(|i| i.amount_unreadable).sum();
    (area + amount > 0).then(|| w::UNREADABLE.with(lang, &[&count(area), &count(amount)]))
}

/// The first `most` of a list, and an ellipsis for the rest.
fn some_of(list: &[String], most: usize, separator: &str) -> String {
    let mut shown = list.iter().take(most).cloned().collect::<Vec<_>>().join(separator);
    if list.len() > most {
        shown.push_str(separator);
        shown.push('…');
    }
    shown
}

/// Rows and sums by table.
fn account(totals: &BTreeMap<String, TableTotal>, currency: &str, lang: Lang) -> Grid {
    let amount = w::AMOUNT.with(lang, &[w::money(currency, lang)]);
    let amount_rejected = w::AMOUNT_REJECTED.with(lang, &[w::money(currency, lang)]);
    let rejected = totals.values().any(|total| total.rows_rejected > 0);
    let mut columns = vec![
        (w::TABLE.get(lang), Align::Left),
        (w::FILES.get(lang), Align::Right),
        (w::READ.get(lang), Align::Right),
        (w::KEPT.get(lang), Align::Right),
        (w::REJECTED.get(lang), Align::Right),
        (w::AREA.get(lang), Align::Right),
        (amount.as_str(), Align::Right),
    ];
    if rejected {
        columns.push((&amount_rejected, Align::Right));
    }
    let mut grid = Grid::new(&columns);
    for (table, total) in totals {
        let mut cells = vec![
            table.clone(),
            count(total.files),
            count(total.rows_read),
            count(total.rows_kept),
            count(total.rows_rejected),
            mu(total.area_mu),
            yuan(total.amount_yuan),
        ];
        if rejected {
            cells.push(yuan(total.amount_rejected_yuan));
        }
        grid.row(cells);
    }
    grid
}

/// Rows and sums by file, for the page.
pub(crate) fn files(inputs: &[InputAccount], currency: &str, lang: Lang) -> Grid {
    let amount = w::AMOUNT.with(lang, &[w::money(currency, lang)]);
    let amount_rejected = w::AMOUNT_REJECTED.with(lang, &[w::money(currency, lang)]);
    let rejected = inputs.iter().any(|input| input.rows_rejected > 0);
    let mut columns = vec![
        (w::FILE.get(lang), Align::Left),
        (w::TABLE.get(lang), Align::Left),
        (w::READ.get(lang), Align::Right),
        (w::KEPT.get(lang), Align::Right),
        (w::REJECTED.get(lang), Align::Right),
        (w::AREA.get(lang), Align::Right),
        (amount.as_str(), Align::Right),
    ];
    if rejected {
        columns.push((w::AREA_REJECTED.get(lang), Align::Right));
        columns.push((&amount_rejected, Align::Right));
    }
    let mut grid = Grid::new(&columns);
    for input in inputs {
        let mut cells = vec![
            input.file.clone(),
            input.table.clone(),
            count(input.rows_read),
            count(input.rows_kept),
            count(input.rows_rejected),
            mu(input.area_mu),
            yuan(input.amount_yuan),
        ];
        if rejected {
            cells.extend([mu(input.area_rejected_mu), yuan(input.amount_rejected_yuan)]);
        }
        grid.row(cells);
    }
    grid
}

/// Outcomes by rule; the missing columns where `all` is asked for.
pub(crate) fn outcomes(rules: &[&RuleCoverage], all: bool, lang: Lang) -> Grid {
    let mut columns = vec![
        (w::RULE.get(lang), Align::Left),
        (w::STATUS.get(lang), Align::Left),
        (w::SUBJECTS.get(lang), Align::Right),
        (w::HIT.get(lang), Align::Right),
        (w::CLEARED.get(lang), Align::Right),
        (w::CLEAR.get(lang), Align::Right),
        (w::ABSTAIN.get(lang), Align::Right),
    ];
    if all {
        columns.push((w::LACKING.get(lang), Align::Left));
    }
    let mut grid = Grid::new(&columns);
    for rule in rules {
        let mut cells = vec![rule.rule.clone(), rule.status.clone()];
        let counts = [rule.subjects, rule.hit, rule.cleared, rule.clear, rule.abstain];
        cells.extend(counts.map(count));
        if all {
            let lacking = rule.missing.iter().map(|(c, n)| format!("{c} ({})", count(*n)));
            cells.push(lacking.collect::<Vec<_>>().join(w::LIST.get(lang)));
        }
        grid.row(cells);
    }
    grid
}

/// Which table would let which rules judge more.
pub(crate) fn unlocks(rules: &[RuleCoverage], lang: Lang) -> Vec<String> {
    let mut wanted: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for rule in rules {
        for table in &rule.wanted_tables {
            wanted.entry(table).or_default().push(&rule.rule);
        }
    }
    let line = |(table, rules): (&str, Vec<&str>)| {
        w::UNLOCK.with(lang, &[table, &rules.join(w::LIST.get(lang))])
    };
    wanted.into_iter().map(line).collect()
}

fn rules(report: &RunReport<'_>, lang: Lang) -> String {
    let rules = &report.coverage.rules;
    let mut text = heading(w::RULES, lang);
    if rules.is_empty() {
        text.push_str(&note(w::NO_RULES.get(lang)));
        return text;
    }
    let mut shown: Vec<&RuleCoverage> = rules.iter().collect();
    if shown.len() > MOST_RULES {
        // Most hits first, to choose; the table itself keeps the order of ids.
        shown.sort_by_key(|r| (std::cmp::Reverse(r.hit), &r.rule));
        shown.truncate(MOST_RULES);
        shown.sort_by_key(|r| &r.rule);
    }
    text.push_str(&outcomes(&shown, false, lang).terminal());
    if rules.len() > shown.len() {
        let more = count((rules.len() - shown.len()) as u64);
        text.push_str(&note(&w::MORE_RULES.with(lang, &[&more])));
    }
    for line in unlocks(rules, lang).iter().take(MOST_NOTES) {
        text.push_str(&note(line));
    }
    text
}

fn leads(report: &RunReport<'_>, lang: Lang) -> String {
    let mut text = heading(w::TITLE, lang);
    let (leads, weak) = headline(report.leads);
    let weak = (!weak.is_empty())
        .then(|| note(&w::INSUFFICIENT_LINE.with(lang, &[&count(weak.len() as u64)])));
    if leads.is_empty() {
        text.push_str(&note(w::NO_LEADS.get(lang)));
        text.push_str(&weak.unwrap_or_default());
        return text;
    }
    let money = w::EXCESS_MONEY.with(lang, &[w::money(report.currency, lang)]);
    let mut grid = Grid::new(&[
        (w::LEAD.get(lang), Align::Left),
        (w::KIND.get(lang), Align::Left),
        (w::REGION.get(lang), Align::Left),
        (w::YEAR.get(lang), Align::Left),
        (w::SCORE.get(lang), Align::Right),
        (w::EXCESS_MU.get(lang), Align::Right),
        (&money, Align::Right),
        (w::RULE_IDS.get(lang), Align::Left),
    ]);
    for lead in leads.iter().take(TOP) {
        grid.row(vec![
            lead.lead_id.to_string(),
            w::kind(lead, report.lowest, lang),
            place(lead, report.lowest, lang),
            lead.year.to_string(),
            format!("{:.2}", lead.score),
            about_mu(lead.excess_mu),
            about_yuan(lead.excess_yuan),
            lead.rules.join(" "),
        ]);
    }
    text.push_str(&grid.terminal());
    if leads.len() > TOP {
        let more = count((leads.len() - TOP) as u64);
        text.push_str(&note(&w::MORE_LEADS.with(lang, &[&more])));
    }
    text.push_str(&weak.unwrap_or_default());
    text
}

/// Region and, for several, how many places inside it.
fn place(lead: &Lead, lowest: &Bilingual, lang: Lang) -> String {
    let name = cut(&plain(region(lead)), NAME_WIDTH);
    match lead.members.len() {
        0 | 1 => name,
        n => w::VILLAGES.with(lang, &[&name, &count(n as u64), &w::several(lowest, lang)]),
    }
}

/// Name of the lead's region; a dash where no single region holds all members.
pub(crate) fn region(lead: &Lead) -> &str {
    if lead.region_name.is_empty() { crate::figures::NOTHING } else { &lead.region_name }
}

fn next(leads: &[Lead], lang: Lang) -> String {
    let (command, why) = match leads.first() {
        Some(lead) => (format!("qingmu explain {}", lead.lead_id), w::EXPLAIN),
        None => ("qingmu rules list".to_owned(), w::RULES_LIST),
    };
    format!("{}{}", heading(w::NEXT, lang), note(&format!("{command}    # {}", why.get(lang))))
}
