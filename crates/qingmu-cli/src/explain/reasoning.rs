//! The rule's reasoning on a hit: the value of every part of its condition.

use super::columns::Reads;
use qingmu_core::{Column, ColumnType, Data, View};
use qingmu_model::{Outcome, Project, RuleHit};
use qingmu_rules::{Rule, Step, Trace, column_type, trace};
use serde_json::{Value, json};

/// Every node of the rule on the hit's rows, by the reference interpreter.
///
/// `view` holds what the scan makes. Measured columns are taken from the hit's own numbers, which hold them for
/// the subject's row; a rule that measures groups of rows, or does not show what it measures, is not traced.
pub(super) fn reasoning(
    hit: &RuleHit,
    rule: &Rule,
    view: &View,
    rows: &[usize],
    reads: &Reads,
    project: &Project,
) -> Option<Trace> {
    let measured: Vec<&String> =
        reads.columns.iter().filter(|c| view.column(c).is_none()).collect();
    if !measured.is_empty() && (rule.by.is_some() || rows.len() != 1) {
        return None;
    }
    let mut whole = view.clone();
    for name in measured {
        let kind = column_type(view.name, name, project)?;
        let number = hit.numbers.iter().find(|n| n.name == *name)?.value;
        let mut values = vec![None; view.rows];
        *values.get_mut(*rows.first()?)? = number;
        if !matches!(kind, ColumnType::Number(_)) {
            return None;
        }
        let data = Data::Real(values);
        whole.columns.push(Column { name: name.clone(), kind, data, dependent: Vec::new() });
    }
    // The hit stands: both engines judged it. A trace that says otherwise would lack something, and is not shown.
    Some(trace(rule, &whole, rows)).filter(|t| t.outcome == Outcome::Hit)
}

/// One line per part; the condition with everything inside it.
pub(super) fn lines(trace: &Trace) -> Vec<String> {
    let mut all = Vec::new();
    for (name, step) in &trace.parts {
        all.push(format!("{name}: {}", line(step)));
        if name == "flag.when" {
            inside(step, 1, &mut all);
        }
    }
    all
}

fn inside(step: &Step, depth: usize, all: &mut Vec<String>) {
    for part in &step.parts {
        all.push(format!("{:indent$}{}", "", line(part), indent = 2 * depth));
        inside(part, depth + 1, all);
    }
}

fn line(step: &Step) -> String {
    let unit = step.unit.map(|u| format!(" {u}")).unwrap_or_default();
    if step.text == step.value {
        return step.text.clone();
    }
    format!("{} = {}{unit}", step.text, step.value)
}

/// The whole trace.
pub(super) fn document(trace: &Trace) -> Value {
    let parts =
        trace.parts.iter().map(|(name, step)| json!({"name": name, "step": step_json(step)}));
    json!(parts.collect::<Vec<_>>())
}

fn step_json(step: &Step) -> Value {
    json!({
        "text": step.text,
        "value": step.value,
        "unit": step.unit.map(|u| u.to_string()),
        "rows": step.rows,
        "parts": step.parts.iter().map(step_json).collect::<Vec<_>>(),
    })
}
