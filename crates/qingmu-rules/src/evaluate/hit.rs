//! A hit with everything a lead needs of it.

use crate::interpret::Interpreter;
use crate::judge::Judgement;
use crate::render;
use crate::spread::spread;
use crate::uses::share_columns;
use crate::value::Value;
use qingmu_lang::{Rule, Type};
use qingmu_model::{
    AccountId, ClaimantId, Column, ColumnType, Data, IdKind, LegitCheck, Measured, Mu, RuleHit,
    Season, Share, Subject, SubjectKey, Unit, View, Yuan,
};

/// The subject that a row belongs to.
pub(crate) fn subject(rule: &Rule, view: &View, row: u32) -> Subject {
    let names: Vec<&str> = match &rule.by {
        Some(by) => by.iter().map(String::as_str).collect(),
        None => rule.scan.keys().to_vec(),
    };
    let key = |name: &str| (name.to_owned(), key(view.column(name), row as usize));
    Subject { keys: names.into_iter().map(key).collect() }
}

fn key(column: Option<&Column>, row: usize) -> SubjectKey {
    let Some(column) = column else { return SubjectKey::Missing };
    if let Some(text) = column.text(row) {
        let text = text.to_string();
        return match column.kind {
            ColumnType::Id(IdKind::Person) => SubjectKey::Person(ClaimantId::new(text)),
            ColumnType::Id(IdKind::Account) => SubjectKey::Account(AccountId::new(text)),
            ColumnType::Number(_) | ColumnType::Text | ColumnType::Flag => SubjectKey::Text(text),
        };
    }
    let number = column.number(row).map(render::short);
    let flag = column.flag(row).map(|flag| flag.to_string());
    number.or(flag).map_or(SubjectKey::Missing, SubjectKey::Text)
}

/// A subject as inline tests write it, identities clear: their data are invented.
pub(crate) fn clear_text(subject: &Subject) -> String {
    let purpose = "the subjects of a rule's own tests";
    let clear = |key: &SubjectKey| match key {
        SubjectKey::Person(id) => id.reveal(purpose).to_owned(),
        SubjectKey::Account(id) => id.reveal(purpose).to_owned(),
        SubjectKey::Text(_) | SubjectKey::Missing => key.to_string(),
    };
    subject.keys.iter().map(|(_, key)| clear(key)).collect::<Vec<_>>().join("/")
}

/// The hit on the subject made of `rows`.
pub(super) fn hit(interpreter: &Interpreter<'_>, rows: &[u32], judged: &Judgement) -> RuleHit {
    let (rule, view) = (interpreter.rule, interpreter.view);
    let row = rows.first().copied().unwrap_or_default();
    let legit = rule.legit.iter().zip(interpreter.clears(row)).map(|(legit, clears)| LegitCheck {
        text: legit.text.clone(),
        check: legit.check.clone(),
        clears,
    });
    RuleHit {
        rule: rule.id.clone(),
        rule_digest: rule.digest.clone(),
        title: rule.title.clone(),
        grade: rule.grade,
        level: judged.level,
        view: view.name.to_string(),
        subject: subject(rule, view, row),
        mu: judged.mu,
        yuan: judged.yuan,
        shares: shares(rule, view, rows, judged),
        numbers: numbers(interpreter, row),
        say: render::say(interpreter, row),
        legit: legit.collect(),
    }
}

/// The evidence columns that are numbers or conditions (1 or 0); areas and money at the scale of facts.
fn numbers(interpreter: &Interpreter<'_>, row: u32) -> Vec<Measured> {
    let evidence = interpreter.rule.evidence.iter();
    let measured = evidence.filter_map(|(name, node)| {
        let unit = match node.ty {
            Type::Number(unit) => unit,
            Type::Bool => Unit::ONE,
            Type::Text => return None,
        };
        let value = match interpreter.value(node, row) {
            Value::Number(v) => Some(at_scale(v, unit)),
            Value::Bool(v) => Some(f64::from(u8::from(v))),
            Value::Text(_) | Value::Missing => None,
        };
        Some(Measured { name: name.clone(), value, unit })
    });
    measured.collect()
}

fn at_scale(value: f64, unit: Unit) -> f64 {
    let fact = if unit == Unit::MU {
        Mu::from_f64(value).map(|(mu, _)| mu.to_f64())
    } else if unit == Unit::YUAN {
        Yuan::from_f64(value).map(|(yuan, _)| yuan.to_f64())
    } else {
        None
    };
    fact.unwrap_or(value)
}

/// A subject's excess on its rows. Without `by` one share, the row; with it the rows that have a positive
/// value of the spread column, in proportion to it, or all rows alike where none has.
fn shares(rule: &Rule, view: &View, rows: &[u32], judged: &Judgement) -> Vec<Share> {
    let column = rule.spread.as_deref().and_then(|name| view.column(name));
    let weights: Vec<i64> = rows.iter().map(|row| weight(column, *row as usize)).collect();
    let weighted = weights.iter().any(|w| *w > 0);
    let kept = |i: &usize| !weighted || weights[*i] > 0;
    let kept: Vec<usize> = (0..rows.len()).filter(kept).collect();
    let weights: Vec<i64> = kept.iter().map(|i| weights[*i]).collect();
    let mu = judged.mu.map(|mu| spread(mu.raw(), &weights));
    let yuan = judged.yuan.map(|yuan| spread(yuan.raw(), &weights));
    kept.iter()
        .enumerate()
        .map(|(part, i)| {
            let mut share = place(view, rows[*i] as usize);
            share.mu = mu.as_ref().and_then(|parts| parts.get(part).copied().map(Mu::from_raw));
            share.yuan =
                yuan.as_ref().and_then(|parts| parts.get(part).copied().map(Yuan::from_raw));
            share
        })
        .collect()
}

/// A row's weight in the smallest unit of its column; 0 where missing.
fn weight(column: Option<&Column>, row: usize) -> i64 {
    let Some(column) = column else { return 0 };
    match &column.data {
        Data::Fixed { values, .. } => values.get(row).copied().flatten().unwrap_or(0),
        // Statistics count in millionths.
        Data::Real(_) => {
            column.number(row).and_then(|v| Mu::from_f64(v * 100.0)).map_or(0, |(v, _)| v.raw())
        }
        Data::Text(_) | Data::Flag(_) => 0,
    }
}

/// Where a row lies, by the key columns of its view and [`share_columns`].
fn place(view: &View, row: usize) -> Share {
    let has =
        |name: &str| view.name.keys().contains(&name) || share_columns(view.name).contains(&name);
    let text = |name: &str| {
        let column = if has(name) { view.column(name) } else { None };
        column.and_then(|c| c.text(row)).map(ToString::to_string)
    };
    let year = view.column("year").and_then(|c| c.number(row)).unwrap_or_default();
    #[allow(
        clippy::cast_possible_truncation,
        reason = "years of views are i16; the cast saturates"
    )]
    let year = year as i16;
    Share {
        village_code: text("village_code").unwrap_or_else(|| "?".to_owned()),
        year,
        season: text("season").and_then(|s| s.parse::<Season>().ok()),
        programme: text("programme"),
        claimant: text("claimant_id").map(ClaimantId::new),
        approver: text("approver_id").map(ClaimantId::new),
        mu: None,
        yuan: None,
    }
}
