//! Whether a run can be repeated: the same files, the same rules, the same numbers.

use crate::exit::{Exit, Failure};
use crate::pipeline::Prepared;
use crate::results::{not_a_run, rule_digests};
use qingmu_core::sha256_file;
use qingmu_model::Lead;
use serde::Deserialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// What `explain` needs of `manifest.json`.
#[derive(Debug, Deserialize)]
pub(super) struct StoredManifest {
    pub(super) version: String,
    pub(super) options: BTreeMap<String, String>,
    pub(super) inputs: Vec<StoredInput>,
    pub(super) rules: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct StoredInput {
    pub(super) file: String,
    pub(super) digest: String,
}

/// Reads `manifest.json`.
pub(super) fn manifest(run: &Path) -> Result<StoredManifest, Failure> {
    let path = run.join(crate::files::MANIFEST);
    let bytes = std::fs::read(&path).map_err(|e| not_a_run(run, &e.to_string()))?;
    serde_json::from_slice(&bytes).map_err(|e| not_a_run(&path, &e.to_string()))
}

/// The stored record of a lead, by id or by an unambiguous beginning of it.
pub(super) fn stored_lead(run: &Path, wanted: &str) -> Result<(String, Value), Failure> {
    let path = run.join("leads.jsonl");
    let text = std::fs::read_to_string(&path).map_err(|e| not_a_run(run, &e.to_string()))?;
    let mut found = Vec::new();
    for line in text.lines() {
        let value: Value =
            serde_json::from_str(line).map_err(|e| not_a_run(&path, &e.to_string()))?;
        let id = value.get("lead_id").and_then(Value::as_str).unwrap_or_default().to_owned();
        if id == wanted {
            return Ok((id, value));
        }
        if id.to_ascii_uppercase().starts_with(&wanted.to_ascii_uppercase()) {
            found.push((id, value));
        }
    }
    let one = (found.len() == 1).then(|| found.pop()).flatten();
    one.ok_or_else(|| {
        Failure::new(
            Exit::Usage,
            format!("{} 里没有线索 `{wanted}`（或编号不够长）", path.display()),
            format!("{} has no lead `{wanted}` (or the id is too short to tell)", path.display()),
        )
        .remedy("编号见 leads.md 或 leads.csv", "leads.md and leads.csv list the ids")
    })
}

/// Everything that is no longer as the run read it.
pub(super) fn changes(
    stored: &StoredManifest,
    prepared: &Prepared,
) -> Result<Vec<String>, Failure> {
    let mut changed = Vec::new();
    let files = prepared.input.tables.values().flatten();
    let mut now: BTreeMap<&str, &Path> =
        files.map(|f| (f.name.as_str(), f.path.as_path())).collect();
    for input in &stored.inputs {
        match now.remove(input.file.as_str()) {
            Some(path) if sha256_file(path)? == input.digest => {}
            _ => changed.push(input.file.clone()),
        }
    }
    changed.extend(now.into_keys().map(str::to_owned));
    let project = prepared.project_digest.as_deref().unwrap_or("default");
    if stored.options.get("project").map(String::as_str) != Some(project) {
        changed.push("qingmu.toml".to_owned());
    }
    let rules = rule_digests(prepared);
    let names: BTreeSet<&String> = rules.keys().chain(stored.rules.keys()).collect();
    for name in names {
        if rules.get(name) != stored.rules.get(name) {
            changed.push(format!("rules/{name}"));
        }
    }
    changed.sort();
    Ok(changed)
}

/// Refuses (65) when something changed, naming it.
pub(super) fn unchanged(stored: &StoredManifest, prepared: &Prepared) -> Result<(), Failure> {
    let changed = changes(stored, prepared)?;
    if changed.is_empty() {
        return Ok(());
    }
    let list = changed.join(", ");
    let version = &stored.version;
    Err(Failure::new(
        Exit::Refused,
        format!("与扫描时不同：{list}"),
        format!("changed since the scan: {list}"),
    )
    .remedy(
        format!("恢复扫描时的文件（扫描版本 {version}），或重新扫描"),
        format!("restore the files as they were (scanned by version {version}), or scan again"),
    ))
}

/// The stored lead and the recomputed one, number by number; empty when equal.
pub(super) fn differences(stored: &Value, lead: &Lead) -> Vec<String> {
    let mut line = Vec::new();
    if qingmu_leads::write_jsonl(std::slice::from_ref(lead), &mut line).is_err() {
        return vec!["lead".to_owned()];
    }
    let again: Value = serde_json::from_slice(&line).unwrap_or(Value::Null);
    let mut found = Vec::new();
    compare("", stored, &again, &mut found);
    found
}

fn compare(path: &str, old: &Value, new: &Value, found: &mut Vec<String>) {
    match (old, new) {
        (Value::Object(a), Value::Object(b)) => {
            let names: BTreeSet<&String> = a.keys().chain(b.keys()).collect();
            for name in names {
                let part = |map: &serde_json::Map<String, Value>| map.get(name).cloned();
                let (old, new) = (part(a).unwrap_or(Value::Null), part(b).unwrap_or(Value::Null));
                let dot = if path.is_empty() { "" } else { "." };
                compare(&format!("{path}{dot}{name}"), &old, &new, found);
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (i, (old, new)) in a.iter().zip(b).enumerate() {
                compare(&format!("{path}[{i}]"), old, new, found);
            }
        }
        (a, b) if a == b => {}
        (a, b) => found.push(format!("{path}: {a} != {b}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_are_named_by_their_path() {
        let old = serde_json::json!({"mu": 1.5, "hits": [{"rule": "V02"}], "gone": 1});
        let new = serde_json::json!({"mu": 1.6, "hits": [{"rule": "V03"}]});
        let mut found = Vec::new();
        compare("", &old, &new, &mut found);
        assert_eq!(
            found,
            ["gone: 1 != null", "hits[0].rule: \"V02\" != \"V03\"", "mu: 1.5 != 1.6"]
        );
        found.clear();
        compare("", &old, &old, &mut found);
        assert_eq!(found, Vec::<String>::new());
    }
}
