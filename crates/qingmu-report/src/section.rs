//! One lead on the page.

use crate::RunReport;
use crate::figures::{NOTHING, about_mu, about_yuan, count};
use crate::grid::{Align, Grid, escaped};
use crate::numbers::{by_rule, tables, title};
use crate::terminal::region;
use crate::words as w;
use qingmu_model::{Lang, Lead, LeadKind, RuleHit, Tie};
use std::collections::{BTreeMap, BTreeSet};

/// Hits of one rule that a section spells out; the others are in `leads.jsonl`.
const MOST_HITS: usize = 20;
/// Claimants that the reason names.
const MOST_CLAIMANTS: usize = 3;

/// A lead: why, its places and the numbers, then what was hit in words, and what would explain it honestly.
pub(crate) fn section(number: usize, lead: &Lead, report: &RunReport<'_>, lang: Lang) -> String {
    let (shown, left) = chosen(&lead.hits);
    let head = format!(
        "## {number}. {} · {} · {} · {}\n\n*{}*\n",
        lead.lead_id,
        escaped(region(lead)),
        lead.year,
        escaped(&w::kind(lead, report.lowest, lang)),
        w::CAVEAT_SHORT.get(lang)
    );
    let reason = format!(
        "**{}**{}{}\n",
        w::WHY.get(lang),
        w::COLON.get(lang),
        escaped(&why(lead, report, lang))
    );
    let places = w::MEMBERS.with(lang, &[&w::several(report.lowest, lang)]);
    let mut blocks = vec![
        head,
        reason,
        facts(lead, report.currency, lang).markdown(),
        titled(&places, &members(lead, report.currency, lang).markdown()),
    ];
    let page = crate::inspector::page(lead, report.currency, lang);
    if !page.is_empty() {
        blocks.push(format!("```text\n{page}```\n"));
    }
    if let Some(numbers) = tables(lead, &shown, report, lang) {
        blocks.push(titled(w::NUMBERS.get(lang), &numbers));
    }
    if !shown.is_empty() {
        blocks.push(titled(w::HITS.get(lang), &hits(&shown, &left, report, lang)));
    }
    if let Some(legit) = legit(&lead.hits, lang) {
        blocks.push(titled(w::LEGIT.get(lang), &legit.markdown()));
    }
    blocks.push(format!("`qingmu explain {}` — {}\n", lead.lead_id, w::EXPLAIN.get(lang)));
    blocks.join("\n")
}

fn titled(title: &str, text: &str) -> String {
    format!("### {}\n\n{text}", escaped(title))
}

/// The first hits of each rule, and how many of each are left out.
fn chosen(hits: &[RuleHit]) -> (Vec<&RuleHit>, BTreeMap<&str, usize>) {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let mut shown = Vec::new();
    for hit in hits {
        let n = seen.entry(hit.rule.as_str()).or_default();
        *n += 1;
        if *n <= MOST_HITS {
            shown.push(hit);
        }
    }
    let left = seen.into_iter().filter(|(_, n)| *n > MOST_HITS);
    (shown, left.map(|(rule, n)| (rule, n - MOST_HITS)).collect())
}

/// The reason in one sentence.
fn why(lead: &Lead, report: &RunReport<'_>, lang: Lang) -> String {
    let place = region(lead);
    let year = lead.year.to_string();
    let rules = lead.rules.join(w::LIST.get(lang));
    let grade = lead.grade.to_string();
    let meaning = w::grade(lead.grade).get(lang);
    let excess = excess(lead, report.currency, lang);
    let ties = ties(lead, report, lang);
    let places = w::several(report.lowest, lang);
    let amount = |n: usize| count(n as u64);
    if lead.kind != LeadKind::Claims && lead.members.iter().any(|m| m.assessment.is_some()) {
        let (score, n) = (format!("{:.1}%", lead.score), amount(lead.members.len()));
        let also =
            if rules.is_empty() { String::new() } else { w::WHY_RULES.with(lang, &[&rules]) };
        let parts = [place, &year, &score, &n, &places, &grade, meaning, &excess, also.trim()];
        return w::WHY_MODEL.with(lang, &parts).trim_end().to_owned();
    }
    match lead.kind {
        LeadKind::Village => {
            let n = amount(lead.rules.len());
            w::WHY_VILLAGE.with(lang, &[place, &year, &n, &rules, &grade, meaning, &excess])
        }
        LeadKind::Ring => {
            let n = amount(lead.members.len());
            w::WHY_RING
                .with(lang, &[place, &year, &n, &places, &rules, &ties, &grade, meaning, &excess])
        }
        LeadKind::Claims => {
            let n = amount(lead.hits.len());
            w::WHY_CLAIMS.with(lang, &[place, &year, &n, &rules, &ties, &grade, meaning, &excess])
        }
    }
}

fn excess(lead: &Lead, currency: &str, lang: Lang) -> String {
    let area = lead.excess_mu.map(|v| format!("{} {}", about_mu(Some(v)), w::UNIT_MU.get(lang)));
    let money =
        lead.excess_yuan.map(|v| format!("{} {}", about_yuan(Some(v)), w::money(currency, lang)));
    let known: Vec<String> = area.into_iter().chain(money).collect();
    if known.is_empty() {
        return w::WITHOUT_EXCESS.get(lang).to_owned();
    }
    w::WITH_EXCESS.with(lang, &[&known.join(w::LIST.get(lang))])
}

fn ties(lead: &Lead, report: &RunReport<'_>, lang: Lang) -> String {
    let claimants = lead.ties.iter().filter(|t| matches!(t, Tie::Claimant { .. })).count();
    let mut named = 0;
    let mut texts = Vec::new();
    for tie in &lead.ties {
        texts.push(match tie {
            Tie::Approver { approver } => w::TIE_APPROVER.with(lang, &[&approver.to_string()]),
            // Which level it is differs from country to country, so the text does not say town.
            Tie::Town { code } if *code == lead.region_code => {
                w::TIE_AREA.with(lang, &[region(lead)])
            }
            Tie::Town { code } => w::TIE_AREA.with(lang, &[code]),
            Tie::Claimant { claimant } => {
                named += 1;
                if named > MOST_CLAIMANTS {
                    continue;
                }
                w::TIE_CLAIMANT.with(lang, &[&claimant.to_string()])
            }
            Tie::Account => w::TIE_ACCOUNT.get(lang).to_owned(),
            Tie::Recorder { recorder } => w::TIE_RECORDER.with(lang, &[&recorder.to_string()]),
            Tie::Neighbours => w::TIE_NEIGHBOURS.get(lang).to_owned(),
        });
    }
    if claimants > MOST_CLAIMANTS {
        let more = count((claimants - MOST_CLAIMANTS) as u64);
        texts.push(w::TIE_MORE.with(lang, &[&more]));
    }
    if texts.is_empty() {
        return w::TIE_NONE.with(lang, &[report.lowest.get(lang)]);
    }
    w::TIED.with(lang, &[&texts.join(w::JOIN.get(lang))])
}

fn facts(lead: &Lead, currency: &str, lang: Lang) -> Grid {
    let money = w::EXCESS_MONEY.with(lang, &[w::money(currency, lang)]);
    let mut grid = Grid::new(&[
        (w::SCORE.get(lang), Align::Right),
        (w::GRADE.get(lang), Align::Left),
        (w::EXCESS_MU.get(lang), Align::Right),
        (&money, Align::Right),
        (w::RULE_IDS.get(lang), Align::Left),
    ]);
    grid.row(vec![
        format!("{:.2}", lead.score),
        lead.grade.to_string(),
        about_mu(lead.excess_mu),
        about_yuan(lead.excess_yuan),
        lead.rules.join(" "),
    ]);
    grid
}

fn members(lead: &Lead, currency: &str, lang: Lang) -> Grid {
    let money = w::EXCESS_MONEY.with(lang, &[w::money(currency, lang)]);
    let mut grid = Grid::new(&[
        (w::CODE.get(lang), Align::Left),
        (w::NAME.get(lang), Align::Left),
        (w::EXCESS_MU.get(lang), Align::Right),
        (&money, Align::Right),
        (w::RULE_IDS.get(lang), Align::Left),
    ]);
    for member in &lead.members {
        grid.row(vec![
            member.village_code.clone(),
            member.village_name.clone(),
            about_mu(member.excess_mu),
            about_yuan(member.excess_yuan),
            member.rules.join(" "),
        ]);
    }
    grid
}

/// One line of each rule's title, then what it says of each subject.
fn hits(
    shown: &[&RuleHit],
    left: &BTreeMap<&str, usize>,
    report: &RunReport<'_>,
    lang: Lang,
) -> String {
    let rules = by_rule(shown).into_iter().map(|(rule, hits)| {
        let mut text = hits.first().map(|hit| title(hit, report, lang)).unwrap_or_default();
        text.push_str("\n\n");
        for hit in hits {
            let size = |l| format!(" ({})", w::SIZE.with(lang, &[w::level(l).get(lang)]));
            let level = hit.level.map(size);
            let say = escaped(w::of(&hit.say, lang));
            text.extend(["- ", &say, &level.unwrap_or_default(), "\n"]);
        }
        if let Some(more) = left.get(rule) {
            let line = w::MORE_HITS.with(lang, &[rule, &count(*more as u64)]);
            text.extend(["- ", &line, "\n"]);
        }
        text
    });
    rules.collect::<Vec<_>>().join("\n")
}

/// Every honest explanation once per rule and state, in the order of the hits.
fn legit(hits: &[RuleHit], lang: Lang) -> Option<Grid> {
    let mut grid = Grid::new(&[
        (w::RULE.get(lang), Align::Left),
        (w::EXPLANATION.get(lang), Align::Left),
        (w::CHECK.get(lang), Align::Left),
        (w::TESTED.get(lang), Align::Left),
    ]);
    let mut seen = BTreeSet::new();
    for hit in hits {
        for legit in &hit.legit {
            let text = w::of(&legit.text, lang);
            if seen.insert((&hit.rule, text, legit.clears)) {
                let check = match w::of(&legit.check, lang) {
                    "" => NOTHING,
                    check => check,
                };
                grid.row(vec![
                    hit.rule.to_string(),
                    text.to_owned(),
                    check.to_owned(),
                    w::tested(legit.clears).get(lang).to_owned(),
                ]);
            }
        }
    }
    (!seen.is_empty()).then_some(grid)
}
