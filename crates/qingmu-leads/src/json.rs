//! `leads.jsonl`, `coverage.json`, `manifest.json`.

use crate::error::LeadError;
use crate::id::check_ids;
use crate::manifest::{CoverageReport, Manifest};
use qingmu_model::Lead;
use serde::Serialize;
use serde_json::{Map, Value};
use std::io::Write;

/// Writes `leads.jsonl`: the full record of each lead, one per line, in the order given.
///
/// # Errors
/// [`LeadError`] when ids collide or `out` refuses.
pub fn write_jsonl(leads: &[Lead], mut out: impl Write) -> Result<(), LeadError> {
    const OUTPUT: &str = "leads.jsonl";
    check_ids(leads)?;
    for lead in leads {
        let text = serde_json::to_string(lead)
            .map_err(|source| LeadError::Json { output: OUTPUT, source })?;
        writeln!(out, "{text}").map_err(|source| LeadError::Write { output: OUTPUT, source })?;
    }
    out.flush().map_err(|source| LeadError::Write { output: OUTPUT, source })
}

/// Writes `coverage.json`.
///
/// # Errors
/// [`LeadError::Write`] when `out` refuses.
pub fn write_coverage(report: &CoverageReport, out: impl Write) -> Result<(), LeadError> {
    pretty("coverage.json", report, out)
}

/// Writes `manifest.json`.
///
/// # Errors
/// [`LeadError::Unbalanced`] when rows disappeared, [`LeadError::AbsolutePath`] for a path of one machine,
/// [`LeadError::Write`] when `out` refuses.
pub fn write_manifest(manifest: &Manifest, out: impl Write) -> Result<(), LeadError> {
    manifest.check()?;
    pretty("manifest.json", manifest, out)
}

/// Indented, keys sorted, newline at the end: two runs can be compared line by line.
fn pretty(
    output: &'static str,
    value: &impl Serialize,
    mut out: impl Write,
) -> Result<(), LeadError> {
    let text = serde_json::to_value(value)
        .and_then(|value| serde_json::to_string_pretty(&sorted(value)))
        .map_err(|source| LeadError::Json { output, source })?;
    writeln!(out, "{text}")
        .and_then(|()| out.flush())
        .map_err(|source| LeadError::Write { output, source })
}

/// Sorts keys whether or not some crate of the build turned on insertion order in `serde_json`.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<(String, Value)> = map.into_iter().collect();
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Object(entries.into_iter().map(|(k, v)| (k, sorted(v))).collect::<Map<_, _>>())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        other => other,
    }
}
