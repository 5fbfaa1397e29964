//! The numbers of a lead: one table per rule, a line per place, so that places can be compared.

use crate::RunReport;
use crate::figures::{NOTHING, measured};
use crate::grid::{Align, Grid, escaped};
use crate::words as w;
use qingmu_model::{Lang, Lead, RuleHit, Season, SubjectKey, Unit};
use std::collections::BTreeMap;

/// Hits of each rule in the order of the lead, rules by id.
pub(crate) fn by_rule<'a>(hits: &[&'a RuleHit]) -> BTreeMap<&'a str, Vec<&'a RuleHit>> {
    let mut rules: BTreeMap<&str, Vec<&RuleHit>> = BTreeMap::new();
    for hit in hits {
        rules.entry(hit.rule.as_str()).or_default().push(hit);
    }
    rules
}

/// A rule's title with its grade; that it is a draft where the coverage says so.
pub(crate) fn title(hit: &RuleHit, report: &RunReport<'_>, lang: Lang) -> String {
    let status = report.coverage.rules.iter().find(|r| r.rule == hit.rule.as_str());
    let draft = status.is_some_and(|r| r.status.split(' ').any(|word| word == "draft"));
    let draft = if draft { format!(", {}", w::DRAFT.get(lang)) } else { String::new() };
    format!("**{} {}** ({}{draft})", hit.rule, escaped(w::of(&hit.title, lang)), hit.grade)
}

/// All tables; `None` where no hit has a number.
pub(crate) fn tables(
    lead: &Lead,
    shown: &[&RuleHit],
    report: &RunReport<'_>,
    lang: Lang,
) -> Option<String> {
    let tables: Vec<String> = by_rule(shown)
        .values()
        .filter(|hits| hits.iter().any(|hit| !hit.numbers.is_empty()))
        .map(|hits| {
            let title = hits.first().map(|hit| title(hit, report, lang)).unwrap_or_default();
            format!("{title}\n\n{}", table(lead, hits, report.currency, lang).markdown())
        })
        .collect();
    (!tables.is_empty()).then(|| tables.join("\n"))
}

fn table(lead: &Lead, hits: &[&RuleHit], currency: &str, lang: Lang) -> Grid {
    // Hits of one rule have the same numbers; the first that has a name also has its unit.
    let mut names: Vec<(&str, Unit)> = Vec::new();
    for number in hits.iter().flat_map(|hit| &hit.numbers) {
        if !names.iter().any(|(name, _)| *name == number.name) {
            names.push((&number.name, number.unit));
        }
    }
    let heads: Vec<String> = names.iter().map(|(n, u)| head(n, *u, currency, lang)).collect();
    let mut columns = vec![(w::SUBJECT.get(lang), Align::Left)];
    columns.extend(heads.iter().map(|head| (head.as_str(), Align::Right)));
    let mut grid = Grid::new(&columns);
    for hit in hits {
        let mut cells = vec![subject(lead, hit, lang)];
        cells.extend(names.iter().map(|(name, _)| {
            let number = hit.numbers.iter().find(|number| number.name == *name);
            number.map_or(NOTHING.to_owned(), measured)
        }));
        grid.row(cells);
    }
    grid
}

fn head(name: &str, unit: Unit, currency: &str, lang: Lang) -> String {
    let money = w::money(currency, lang);
    match unit {
        Unit::ONE => name.to_owned(),
        Unit::MU => format!("{name} ({})", w::UNIT_MU.get(lang)),
        Unit::YUAN => format!("{name} ({money})"),
        Unit::RATE => format!("{name} ({money}/{})", w::UNIT_MU.get(lang)),
        other => format!("{name} ({other})"),
    }
}

/// Whom the numbers are about, in words: places by name, seasons said, and no year that the heading has already.
fn subject(lead: &Lead, hit: &RuleHit, lang: Lang) -> String {
    let year = lead.year.to_string();
    let keys = hit
        .subject
        .keys
        .iter()
        .filter(|(name, key)| name != "year" || *key != SubjectKey::Text(year.clone()));
    let text = |(name, key): &(String, SubjectKey)| {
        let SubjectKey::Text(value) = key else { return key.to_string() };
        match name.as_str() {
            "season" => {
                value.parse::<Season>().map_or(value.clone(), |s| s.name().get(lang).to_owned())
            }
            "village_code" => {
                let member = lead.members.iter().find(|m| m.village_code == *value);
                member.map_or(value.clone(), |m| m.village_name.clone())
            }
            "town_code" if *value == lead.region_code => crate::terminal::region(lead).to_owned(),
            _ => value.clone(),
        }
    };
    keys.map(text).collect::<Vec<_>>().join(" · ")
}
