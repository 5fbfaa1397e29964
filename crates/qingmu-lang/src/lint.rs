//! House rules for rules: what a reviewer would ask for before a rule may run on a county.

use crate::diagnostics::{Diagnostic, Sink, SourceFile};
use crate::file::{self, CheckEntry, RuleFile, Text};
use crate::ir::{BinaryOp, Expr, Node};
use crate::pack::Pack;
use crate::rule::{Rule, Status};
use qingmu_model::Outcome;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use toml::Spanned;

/// A house rule that a rule file breaks.
pub type Finding = Diagnostic;

/// Words that judge. A lead is a question to be checked; texts about it hold numbers.
const VERDICTS: [&str; 24] = [
    "骗", "贪", "诈", "冒领", "套取", "侵吞", "私吞", "挪用", "造假", "违法", "犯罪", "舞弊",
    "作案", "fraud", "embezzl", "corrupt", "swindl", "cheat", "steal", "stole", "theft", "crime",
    "criminal", "illegal",
];

/// Explanations that explain nothing.
const EMPTY_WORDS: [&str; 8] =
    ["unknown", "unlikely", "none", "other", "未知", "不详", "无", "其他"];

/// Folder of each rule family.
const FAMILIES: [(char, &str); 7] = [
    ('C', "claim"),
    ('H', "household"),
    ('N', "network"),
    ('P', "payment"),
    ('S', "statistical"),
    ('T', "temporal"),
    ('V', "village"),
];

/// Checks the house rules; what `load_pack` already refuses (names, units, placeholders) is not said again.
#[must_use]
pub fn lint(pack: &Pack) -> Vec<Finding> {
    let mut ids: BTreeMap<&str, &str> = BTreeMap::new();
    let mut findings = Vec::new();
    for rule in &pack.rules {
        let shown = format!("{}/{}", pack.root.trim_end_matches(['/', '\\']), rule.file);
        let source = SourceFile { path: rule.file.clone(), shown, text: rule.source.clone() };
        let mut sink = Sink::new(Arc::new(source));
        if let Some(file) = file::parse::<RuleFile>(&mut sink) {
            let first = ids.entry(rule.id.as_str()).or_insert(&rule.file);
            identity(rule, &file, pack, first, &mut sink);
            law(rule, &file, &mut sink);
            texts(&file, &mut sink);
            benign(rule, &file, &mut sink);
            used(rule, &file, &mut sink);
            quotients(rule, &mut sink);
            if rule.status != Status::Retired {
                shows(rule, &file, &mut sink);
            }
        }
        sink.list.sort_by_key(|d| (d.line, d.column));
        findings.extend(sink.list);
    }
    findings
}

/// Id unique and never reused; file name and folder follow from it.
fn identity(rule: &Rule, file: &RuleFile, pack: &Pack, first: &str, sink: &mut Sink) {
    let at = file.rule.id.span();
    if first != rule.file {
        let message = format!("id {} is already that of {first}", rule.id);
        sink.report("id", &at, message, "", "take a number that no rule ever had");
    }
    if pack.retired.contains(&rule.id) {
        let message = format!("id {} is retired and stays so", rule.id);
        sink.report("id", &at, message, "", "take a number that no rule ever had");
    }
    let family = FAMILIES.iter().find(|(letter, _)| *letter == rule.id.family());
    // U is for packs of a user's own: the letter stays free in the built-in pack, the folder is theirs to name.
    let own = rule.file.split('/').next().filter(|_| rule.id.family() == 'U');
    let Some(folder) = family.map(|(_, folder)| *folder).or(own) else {
        let message = format!("there is no rule family {}", rule.id.family());
        sink.report("id", &at, message, "", "families are C, H, N, P, S, T, V; U for your own");
        return;
    };
    let name = format!("{folder}/{}-{}.toml", rule.id, rule.slug);
    if rule.file != name {
        sink.report(
            "file-name",
            &at,
            format!("the file's name is not {name}"),
            "",
            "rename the file",
        );
    }
}

fn law(rule: &Rule, file: &RuleFile, sink: &mut Sink) {
    for law in &file.rule.law {
        filled(&law.cite, "law.cite", sink);
        filled(&law.gist, "law.gist", sink);
    }
    if rule.status == Status::Stable && rule.law.is_empty() {
        let help = "name the law that the eligibility rests on, or leave the rule on trial";
        let message = "a stable rule names its law";
        sink.report("law", &file.rule.status.span(), message, "", help);
    }
}

/// An empty text is no text.
fn filled(text: &Text, key: &str, sink: &mut Sink) -> bool {
    let empty = text.get_ref().trim().is_empty();
    if empty {
        let help = "write the text, or leave the key out where it may be";
        sink.report("empty", &text.span(), format!("`{key}` is empty"), "", help);
    }
    !empty
}

/// Chinese and English, without verdicts.
fn texts(file: &RuleFile, sink: &mut Sink) {
    // Spanned texts that stand for both languages, to be named beside the others.
    let single: Vec<Text> =
        file.legit.iter().filter_map(|entry| one(&entry.get_ref().check)).collect();
    let mut all = vec![
        ("title.zh", &file.rule.title.zh),
        ("title.en", &file.rule.title.en),
        ("say.zh", &file.say.zh),
        ("say.en", &file.say.en),
    ];
    for entry in &file.legit {
        let legit = entry.get_ref();
        all.extend([("legit.zh", &legit.zh), ("legit.en", &legit.en)]);
        if let CheckEntry::Both(check) = legit.check.get_ref() {
            all.extend([("legit.check.zh", &check.zh), ("legit.check.en", &check.en)]);
        }
    }
    all.extend(single.iter().map(|text| ("legit.check", text)));
    for (key, text) in all {
        if !filled(text, key, sink) {
            continue;
        }
        verdict(text, sink);
    }
}

/// A text about a lead holds no verdict.
pub(crate) fn verdict(text: &Text, sink: &mut Sink) {
    let value = text.get_ref().to_lowercase();
    let Some(word) = VERDICTS.iter().find(|word| value.contains(*word)) else { return };
    let map = crate::span::StringMap::new(&sink.file.text, &text.span(), text.get_ref());
    // Lower case moves bytes only in scripts that no rule is written in: then the whole text is shown.
    let at = if value.len() == text.get_ref().len() {
        value.find(word).map_or(0..0, |start| start..start + word.len())
    } else {
        0..text.get_ref().len()
    };
    let message = format!("`{word}` is a verdict; a lead is a question");
    let help = "say what the numbers are and ask for a check (请核查)";
    sink.report("verdict-word", &map.range(&at), message, "", help);
}

/// A text that stands for both languages, with its place.
fn one(check: &Spanned<CheckEntry>) -> Option<Text> {
    match check.get_ref() {
        CheckEntry::One(text) => Some(Text::new(check.span(), text.clone())),
        CheckEntry::Both(_) => None,
    }
}

/// At least one honest explanation, and each says something. Whoever checks reads how in their own language; a
/// pack of a user's own (family U) may have one language only.
fn benign(rule: &Rule, file: &RuleFile, sink: &mut Sink) {
    let single = file.legit.iter().map(|entry| &entry.get_ref().check);
    for text in single.filter_map(one).filter(|_| rule.id.family() != 'U') {
        let message = "`legit.check` is in one language only";
        let help = "write `check = { zh = \"…\", en = \"…\" }`";
        sink.report("language", &text.span(), message, "", help);
    }
    if file.legit.is_empty() {
        let help = "add [[legit]] with zh, en and how a person checks it";
        sink.report("legit", &file.rule.id.span(), "no honest explanation is named", "", help);
    }
    for entry in &file.legit {
        for text in [&entry.get_ref().zh, &entry.get_ref().en] {
            let word = text.get_ref().trim().to_lowercase();
            if EMPTY_WORDS.contains(&word.trim_end_matches(['.', '。'])) {
                let message = format!("`{}` explains nothing", text.get_ref());
                sink.report(
                    "legit",
                    &text.span(),
                    message,
                    "",
                    "name a cause that a person can check",
                );
            }
        }
    }
}

/// Every parameter and `let` is used; every parameter says why.
fn used(rule: &Rule, file: &RuleFile, sink: &mut Sink) {
    let mut params: BTreeSet<&str> = BTreeSet::new();
    let mut lets: BTreeSet<&str> = BTreeSet::new();
    for expression in rule.expressions() {
        expression.walk(&mut |node| match &node.expr {
            Expr::Param(name) => {
                params.insert(name);
            }
            Expr::Let(name) => {
                lets.insert(name);
            }
            _ => {}
        });
    }
    for (name, entry) in &file.param {
        if !params.contains(name.get_ref().as_str()) {
            let message = format!("parameter `{}` is never used", name.get_ref());
            sink.report("unused", &name.span(), message, "", "take it out");
        }
        filled(&entry.why, "why", sink);
    }
    for name in file.lets.keys().filter(|name| !lets.contains(name.get_ref().as_str())) {
        let message = format!("let `{}` is never used", name.get_ref());
        sink.report(
            "unused",
            &name.span(),
            message,
            "",
            "take it out, or show it under [evidence]",
        );
    }
}

/// A comparison with a quotient of data: where the divisor is zero it says nothing, and near zero too much.
fn quotients(rule: &Rule, sink: &mut Sink) {
    let compares =
        |op: &BinaryOp| matches!(op, BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge);
    rule.flag.when.walk(&mut |node| {
        let Expr::Binary(op, left, right) = &node.expr else { return };
        if !compares(op) {
            return;
        }
        for side in [left, right] {
            if let Expr::Binary(BinaryOp::Div, _, divisor) = &side.expr
                && rests_on_data(divisor)
            {
                let help = "multiply: write `a >= p.share * b`, not `a / b >= p.share`";
                let message = "a quotient is compared where a product would do";
                sink.report("quotient", &side.span, message, "", help);
            }
        }
    });
}

fn rests_on_data(node: &Node) -> bool {
    let mut found = false;
    node.walk(&mut |node| {
        found |= matches!(node.expr, Expr::Column { .. } | Expr::Let(_) | Expr::Aggregate { .. });
    });
    found
}

/// The rule's own tests show each outcome it can have.
fn shows(rule: &Rule, file: &RuleFile, sink: &mut Sink) {
    let shown: BTreeSet<Outcome> =
        rule.tests.iter().flat_map(|test| test.want.values()).map(|want| want.is).collect();
    let mut needed = vec![Outcome::Hit, Outcome::Clear, Outcome::Abstain];
    if rule.legit.iter().any(|legit| legit.clears.is_some()) {
        needed.push(Outcome::Cleared);
    }
    for outcome in needed {
        if !shown.contains(&outcome) {
            let at = file.test.first().map_or_else(|| file.rule.id.span(), Spanned::span);
            let message = format!("no test shows the outcome `{outcome}`");
            let help = match outcome {
                Outcome::Abstain => {
                    "add a row with a missing value (\"\") of what `given.known` lists"
                }
                Outcome::Cleared => "add a row that a `clears` covers",
                _ => "add such a row and its `want`",
            };
            sink.report("tests", &at, message, "", help);
        }
    }
}

#[cfg(test)]
mod tests;
