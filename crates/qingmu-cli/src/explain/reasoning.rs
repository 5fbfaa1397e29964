//! The rule's reasoning on a hit: the value of every part of its condition.

use qingmu_core::View;
use qingmu_model::Outcome;
use qingmu_rules::{Rule, Step, Trace, trace};
use serde_json::{Value, json};

/// Every node of the rule on the hit's rows, by the reference interpreter.
///
/// The hit stands: both engines judged it. A trace that says otherwise would be of other rows, and is not shown.
pub(super) fn reasoning(rule: &Rule, view: &View, rows: &[usize]) -> Option<Trace> {
    Some(trace(rule, view, rows)).filter(|t| t.outcome == Outcome::Hit)
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
