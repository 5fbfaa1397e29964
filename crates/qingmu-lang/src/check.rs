//! From a rule file to a checked rule: names, types, units, order.

mod call;
mod expr;
pub(crate) mod head;
mod lets;
mod scope;

pub(crate) use expr::{Place, check as expression, is_zero, said, take_unit};
pub(crate) use scope::Scope;

use crate::cases;
use crate::catalogue::Catalogue;
use crate::diagnostics::Sink;
use crate::file::{CheckEntry, FlagEntry, LegitEntry, RowsEntry, RuleFile, Text};
use crate::ir::{Expr, Node, Type};
use crate::rule::{Bands, EvidenceRows, Flag, Legit, Rule, Template};
use crate::source::Files;
use crate::{parse, template};
use qingmu_model::{Bilingual, Unit};
use std::collections::BTreeMap;
use toml::Spanned;

/// Checks one file; every mistake found is in the sink, and only a rule without any is returned.
pub(crate) fn rule(
    file: &RuleFile,
    files: &Files,
    catalogue: &dyn Catalogue,
    sink: &mut Sink,
) -> Option<Rule> {
    let head = head::read(&file.rule, catalogue, sink);
    let params = head::params(&file.param, sink);
    // Without a view no name has a meaning: what is wrong so far is all that can be said.
    let head = head?;
    let mut scope = Scope {
        view: head.scan,
        catalogue,
        by: head.by.clone(),
        params: params.iter().map(|(name, p)| (name.clone(), p.as_ref().map(|p| p.unit))).collect(),
        lets: BTreeMap::new(),
        amounts: BTreeMap::new(),
    };
    let lets = lets::check(&file.lets, &mut scope, sink);
    let parts = parts(file, &mut scope, sink);
    spread_fits(file, &head, sink);
    let tests = cases::read(file, &head, files, &scope, sink);
    if !sink.list.is_empty() {
        return None;
    }
    let (lets, parts) = (lets?, parts?);
    Some(Rule {
        params: params.into_iter().filter_map(|(name, p)| Some((name, p?))).collect(),
        lets,
        known: parts.known,
        need: parts.need,
        flag: parts.flag,
        say_zh: parts.say_zh,
        say_en: parts.say_en,
        evidence: parts.evidence,
        evidence_rows: parts.evidence_rows,
        legit: parts.legit,
        tests,
        file: sink.file.path.clone(),
        source: sink.file.text.clone(),
        digest: crate::source::digest(&sink.file.text),
        id: head.id,
        slug: head.slug,
        status: head.status,
        grade: head.grade,
        scan: head.scan,
        by: head.by,
        spread: head.spread,
        title: head.title,
        law: head.law,
    })
}

/// What follows from the `let`s.
struct Parts {
    known: Vec<Node>,
    need: Option<Node>,
    flag: Flag,
    say_zh: Template,
    say_en: Template,
    evidence: Vec<(String, Node)>,
    evidence_rows: Option<EvidenceRows>,
    legit: Vec<Legit>,
}

/// Checks conditions, flag, evidence and messages; all of them, whichever is wrong.
fn parts(file: &RuleFile, scope: &mut Scope<'_>, sink: &mut Sink) -> Option<Parts> {
    let known: Vec<Option<Node>> =
        file.given.known.iter().map(|text| any_type(text, scope, sink)).collect();
    let need = file.given.need.as_ref().map(|text| condition(text, "need", scope, sink));
    let flag = flag(&file.flag, scope, sink);
    let legit: Vec<Option<Legit>> =
        file.legit.iter().map(|entry| legit(entry.get_ref(), scope, sink)).collect();
    let rows = file.evidence.rows.as_ref().map(|rows| evidence_rows(rows, scope, sink));
    let evidence = evidence(file, scope, flag.as_ref(), sink);
    if file.flag.mu.is_some() {
        scope.amounts.insert("mu", Unit::MU);
    }
    if file.flag.yuan.is_some() {
        scope.amounts.insert("yuan", Unit::YUAN);
    }
    let say_zh = template::read(&file.say.zh, scope, sink);
    let say_en = template::read(&file.say.en, scope, sink);
    Some(Parts {
        known: known.into_iter().collect::<Option<_>>()?,
        need: need.unwrap_or_default(),
        flag: flag?,
        say_zh: say_zh?,
        say_en: say_en?,
        evidence,
        evidence_rows: rows.unwrap_or_default(),
        legit: legit.into_iter().collect::<Option<_>>()?,
    })
}

/// An expression of any type about the subject.
fn any_type(text: &Text, scope: &Scope<'_>, sink: &mut Sink) -> Option<Node> {
    let ast = parse::expression(text, sink)?;
    expression(&ast, scope, Place::Subject, sink)
}

fn condition(text: &Text, of: &str, scope: &Scope<'_>, sink: &mut Sink) -> Option<Node> {
    let ast = parse::expression(text, sink)?;
    expr::condition(&ast, of, scope, Place::Subject, sink)
}

/// A number in a given unit.
fn amount(text: &Text, name: &str, unit: Unit, scope: &Scope<'_>, sink: &mut Sink) -> Option<Node> {
    let ast = parse::expression(text, sink)?;
    let mut node = expr::number(&ast, name, scope, Place::Subject, sink)?;
    if is_zero(&node) {
        take_unit(&mut node, unit);
    }
    if node.ty == Type::Number(unit) {
        return Some(node);
    }
    let message = format!("`{name}` must be in {unit}");
    let help = "products and quotients multiply and divide units: yuan/mu * mu = yuan";
    sink.report("unit", &node.span, message, format!("this is {}", said(&node)), help);
    None
}

fn flag(entry: &FlagEntry, scope: &Scope<'_>, sink: &mut Sink) -> Option<Flag> {
    let when = condition(&entry.when, "when", scope, sink);
    let level = match &entry.level {
        None => Some(None),
        Some(level) => {
            let level = level.get_ref();
            let by = parse::expression(&level.by, sink)
                .and_then(|ast| expr::number(&ast, "level.by", scope, Place::Subject, sink));
            let bounds = [&level.low, &level.medium, &level.high];
            let values = bounds.map(|bound| *bound.get_ref());
            let rising = values.iter().all(|v| v.is_finite())
                && values.windows(2).all(|pair| pair[0] < pair[1]);
            if !rising {
                let message = "the bounds of `level` must rise: low < medium < high";
                let help = "write low < medium < high in the unit of `by`";
                sink.report("level", &level.medium.span(), message, "", help);
            }
            by.filter(|_| rising).map(|by| Some(Bands { by, bounds: values }))
        }
    };
    let mu = entry.mu.as_ref().map(|text| amount(text, "mu", Unit::MU, scope, sink));
    let yuan = entry.yuan.as_ref().map(|text| amount(text, "yuan", Unit::YUAN, scope, sink));
    Some(Flag {
        when: when?,
        level: level?,
        mu: mu.map_or(Some(None), |node| node.map(Some))?,
        yuan: yuan.map_or(Some(None), |node| node.map(Some))?,
    })
}

/// A group's excess needs a column to lie on its villages by; a row needs none.
fn spread_fits(file: &RuleFile, head: &head::Head, sink: &mut Sink) {
    let excess = file.flag.mu.is_some() || file.flag.yuan.is_some();
    match (&file.rule.by, &file.rule.spread) {
        (Some(by), None) if excess => {
            let help = "write `spread = \"area_mu\"` or another column of the view";
            let message =
                "the excess of a group is shared over its rows by `spread`, which is missing";
            sink.report("spread", &by.span(), message, "", help);
        }
        (None, Some(spread)) => {
            let message = "`spread` shares a group over its rows, but there is no `by`";
            sink.report("spread", &spread.span(), message, "", "leave it out");
        }
        (Some(_), Some(spread)) if head.spread.is_none() => {
            let message = format!("`{}` is no number column of {}", spread.get_ref(), head.scan);
            let help = "take a column in mu or yuan, such as `area_mu`";
            sink.report("spread", &spread.span(), message, "", help);
        }
        _ => {}
    }
}

fn legit(entry: &LegitEntry, scope: &Scope<'_>, sink: &mut Sink) -> Option<Legit> {
    let clears = entry.clears.as_ref().map(|text| condition(text, "clears", scope, sink));
    let check = match entry.check.get_ref() {
        CheckEntry::Both(say) => Bilingual::new(say.zh.get_ref(), say.en.get_ref()),
        CheckEntry::One(text) => Bilingual::new(text, text),
    };
    Some(Legit {
        text: Bilingual::new(entry.zh.get_ref().clone(), entry.en.get_ref().clone()),
        check,
        clears: clears.map_or(Some(None), |node| node.map(Some))?,
    })
}

/// The numbers shown with a hit; `mu` and `yuan` stand for the flag's own expressions.
fn evidence(
    file: &RuleFile,
    scope: &Scope<'_>,
    flag: Option<&Flag>,
    sink: &mut Sink,
) -> Vec<(String, Node)> {
    let mut all = Vec::new();
    for text in &file.evidence.columns {
        let name = text.get_ref().clone();
        let node = match (name.as_str(), flag) {
            ("mu", Some(Flag { mu: Some(node), .. }))
            | ("yuan", Some(Flag { yuan: Some(node), .. })) => Some(node.clone()),
            _ => any_type(text, scope, sink),
        };
        let Some(node) = node else { continue };
        let named = matches!(node.expr, Expr::Column { .. } | Expr::Let(_) | Expr::Param(_));
        if named || name == "mu" || name == "yuan" {
            all.push((name, node));
        } else {
            let help = "give the expression a name under [let]";
            sink.report("evidence", &node.span, "evidence lists names, not expressions", "", help);
        }
    }
    all
}

fn evidence_rows(entry: &RowsEntry, scope: &Scope<'_>, sink: &mut Sink) -> Option<EvidenceRows> {
    let before = sink.list.len();
    let from = entry.from.get_ref();
    let table = qingmu_model::table(from).filter(|t| matches!(t.name, "claims" | "baselines"));
    if table.is_none() {
        let message = format!("evidence rows come from claims or baselines, not `{from}`");
        sink.report("evidence", &entry.from.span(), message, "", "write `from = \"claims\"`");
    }
    for key in entry.keys.get_ref() {
        let name = key.get_ref().as_str();
        let in_subject = match &scope.by {
            Some(by) => by.iter().any(|b| b == name),
            None => scope.view.keys().contains(&name),
        };
        if !in_subject || table.is_some_and(|t| t.column(name).is_none()) {
            let message = format!("`{name}` must be a key of the subject and a column of {from}");
            let keys = match &scope.by {
                Some(by) => by.join(", "),
                None => scope.view.keys().join(", "),
            };
            let help = format!("the keys of the subject are {keys}");
            sink.report("evidence", &key.span(), message, "", help);
        }
    }
    let years = entry.years_back.as_ref().map_or(0, |years| *years.get_ref());
    let has_year = entry.keys.get_ref().iter().any(|key| key.get_ref() == "year");
    if let Some(span) = entry.years_back.as_ref().map(Spanned::span)
        && (!(0..=10).contains(&years) || (years > 0 && !has_year))
    {
        sink.report(
            "evidence",
            &span,
            "`years_back` is 0 to 10 and needs `year` among the keys",
            "",
            "add `year` to `keys`, or leave `years_back` out",
        );
    }
    let limit = usize::try_from(*entry.limit.get_ref()).ok().filter(|limit| *limit > 0);
    if limit.is_none() {
        let help = "write how many rows a report shows, such as 500";
        sink.report("evidence", &entry.limit.span(), "`limit` is at least 1", "", help);
    }
    (sink.list.len() == before).then_some(EvidenceRows {
        from: from.clone(),
        keys: entry.keys.get_ref().iter().map(|key| key.get_ref().clone()).collect(),
        years_back: i16::try_from(years).ok()?,
        limit: limit?,
    })
}

#[cfg(test)]
mod head_tests;
#[cfg(test)]
mod tests;
