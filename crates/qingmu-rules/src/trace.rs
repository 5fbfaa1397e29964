//! The value of every part of a rule on one subject, for a person who asks why.

use crate::evaluate::subject;
use crate::interpret::Interpreter;
use crate::judge::{self, Reasons};
use crate::render;
use crate::uses::children;
use crate::value::Value;
use qingmu_lang::{Expr, Node, Rule, Type};
use qingmu_model::{Lang, Outcome, Subject, Unit, View};
use std::fmt;
use std::ops::Range;

/// Rows of an aggregate that are traced one by one; the count is always of all.
const ROWS: usize = 8;

/// A rule's reasoning on one subject.
#[derive(Debug, Clone, PartialEq)]
pub struct Trace {
    /// Rule id.
    pub rule: String,
    /// What was judged, masked.
    pub subject: Subject,
    /// The outcome.
    pub outcome: Outcome,
    /// For an abstention: what is missing.
    pub missing: Vec<String>,
    /// `let`s in order, then conditions and measures, each under its name in the rule file.
    pub parts: Vec<(String, Step)>,
}

/// One expression with its value and those of its parts.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// As the rule file writes it.
    pub text: String,
    /// Bytes of the rule file.
    pub span: Range<usize>,
    /// Value as text, identities masked, `missing` where it is.
    pub value: String,
    /// Unit of a number other than `1`.
    pub unit: Option<Unit>,
    /// Rows that an aggregate ran over.
    pub rows: Option<usize>,
    /// Parts, literals left out; of an aggregate the first rows.
    pub parts: Vec<Step>,
}

/// Evaluates every node of a rule on the subject made of `rows` of a view, by the reference interpreter.
#[must_use]
pub fn trace(rule: &Rule, view: &View, rows: &[usize]) -> Trace {
    let interpreter = Interpreter::new(rule, view);
    let rows: Vec<u32> = rows.iter().filter_map(|row| u32::try_from(*row).ok()).collect();
    let row = rows.first().copied().unwrap_or_default();
    let judgement = interpreter.judge(&Reasons::of(rule, view), &rows);
    let parts =
        sections(rule).into_iter().map(|(name, node)| (name, step(&interpreter, node, row)));
    Trace {
        rule: rule.id.to_string(),
        subject: subject(rule, view, row),
        outcome: judgement.outcome,
        missing: judgement.missing,
        parts: parts.collect(),
    }
}

/// The rule's expressions that decide, in reading order.
fn sections(rule: &Rule) -> Vec<(String, &Node)> {
    let mut all: Vec<(String, &Node)> =
        rule.lets.iter().map(|(name, node)| (format!("let {name}"), node)).collect();
    all.extend(rule.known.iter().map(|node| ("given.known".to_owned(), node)));
    all.extend(rule.need.iter().map(|node| ("given.need".to_owned(), node)));
    all.push(("flag.when".to_owned(), &rule.flag.when));
    all.extend(rule.flag.mu.iter().map(|node| ("flag.mu".to_owned(), node)));
    all.extend(rule.flag.yuan.iter().map(|node| ("flag.yuan".to_owned(), node)));
    all.extend(rule.flag.level.iter().map(|bands| ("flag.level".to_owned(), &bands.by)));
    let clears = rule.legit.iter().filter_map(|legit| legit.clears.as_ref());
    all.extend(clears.map(|node| ("legit.clears".to_owned(), node)));
    all
}

fn step(interpreter: &Interpreter<'_>, node: &Node, row: u32) -> Step {
    let rule = interpreter.rule;
    let value = interpreter.value(node, row);
    let of = |row: u32| {
        children(node)
            .into_iter()
            .filter(|child| !is_literal(child))
            .map(move |child| step(interpreter, child, row))
    };
    let (rows, parts) = match &node.expr {
        Expr::Aggregate { over, .. } => {
            let rows = interpreter.scope_rows(over.as_deref(), row);
            (Some(rows.len()), rows.iter().take(ROWS).flat_map(|row| of(*row)).collect())
        }
        Expr::Lag(_) => {
            (None, interpreter.previous(row).map(|row| of(row).collect()).unwrap_or_default())
        }
        _ => (None, of(row).collect()),
    };
    let unit = match node.ty {
        Type::Number(unit) if unit != Unit::ONE && !value.is_missing() => Some(unit),
        _ => None,
    };
    let shown = match &value {
        Value::Missing => "missing".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(_) | Value::Text(_) => render::show(rule, node, &value, None, Lang::En),
    };
    let text = judge::text(rule, node).to_owned();
    Step { text, span: node.span.clone(), value: shown, unit, rows, parts }
}

const fn is_literal(node: &Node) -> bool {
    matches!(node.expr, Expr::Number(_) | Expr::Bool(_) | Expr::Text(_))
}

impl Step {
    fn write(&self, f: &mut fmt::Formatter<'_>, depth: usize) -> fmt::Result {
        write!(f, "{:indent$}{} = {}", "", self.text, self.value, indent = 2 * depth)?;
        if let Some(unit) = self.unit {
            write!(f, " {unit}")?;
        }
        if let Some(rows) = self.rows {
            write!(f, " ({rows} {})", if rows == 1 { "row" } else { "rows" })?;
        }
        writeln!(f)?;
        self.parts.iter().try_for_each(|part| part.write(f, depth + 1))
    }
}

impl fmt::Display for Trace {
    /// Indented, one `expression = value` per line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.rule, self.subject, self.outcome)?;
        if !self.missing.is_empty() {
            write!(f, " for want of {}", self.missing.join(", "))?;
        }
        writeln!(f)?;
        for (name, step) in &self.parts {
            writeln!(f, "{name}")?;
            step.write(f, 1)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
