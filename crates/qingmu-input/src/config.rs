//! `qingmu.toml`: what differs from county to county, checked before anything is read.

use crate::{InputError, input::PROJECT_FILE};
use qingmu_model::{Project, ProjectError};
use std::{fs, io::ErrorKind, path::Path};

/// The configuration of an input folder: its `qingmu.toml`, or the defaults where there is none.
///
/// # Errors
/// [`InputError::Config`] with file, line and key for text that is no TOML, unknown keys, wrong types and
/// ambiguous names; [`InputError::Io`] if the file is there and cannot be read.
pub fn load_project(root: &Path) -> Result<Project, InputError> {
    let path = root.join(PROJECT_FILE);
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Project::default()),
        Err(source) => return Err(InputError::Io { path, source }),
    };
    let fail = |(line, key, message)| InputError::Config { path: path.clone(), line, key, message };
    let text = String::from_utf8(bytes).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..good].split(|byte| *byte == b'\n').count();
        fail((Some(line), None, "bytes are no UTF-8; save the file as UTF-8".to_owned()))
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let project: Project = toml::from_str(text).map_err(|error| fail(parse_fault(text, &error)))?;
    project.validate().map_err(|error| fail(meaning_fault(text, &error)))?;
    Ok(project)
}

type Fault = (Option<usize>, Option<String>, String);

/// Place and message of a fault that the TOML reader found.
fn parse_fault(text: &str, error: &toml::de::Error) -> Fault {
    let message = error.message().replace('\n', "; ");
    match error.span() {
        Some(span) => {
            let (line, key) = key_at(text, span.start);
            (Some(line), key, message)
        }
        None => (None, None, message),
    }
}

/// Place and message of a value that is well written and cannot be meant.
fn meaning_fault(text: &str, error: &ProjectError) -> Fault {
    let (table, name) = match error {
        ProjectError::GroupIsCrop(name) => ("crop_group", name.as_str()),
        ProjectError::GroupAll => ("crop_group", "all"),
        ProjectError::Region(_) => ("region", ""),
    };
    let mut offset = 0;
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let (_, key) = key_at(text, offset);
        let wanted = if name.is_empty() { table.to_owned() } else { format!("{table}.{name}") };
        if key.is_some_and(|k| k == wanted || (name.is_empty() && k.starts_with("region."))) {
            return (Some(index + 1), Some(wanted), error.to_string());
        }
        offset += line.len();
    }
    (None, Some(table.to_owned()), error.to_string())
}

/// Line (1-based) of a byte and the key that this line sets, with the table it stands in.
fn key_at(text: &str, offset: usize) -> (usize, Option<String>) {
    let before = text.get(..offset).unwrap_or(text);
    let number = before.matches('\n').count();
    let table = text.lines().take(number + 1).filter_map(table_header).last().unwrap_or_default();
    let line = text.lines().nth(number).unwrap_or_default().trim();
    let key = match line.split_once('=') {
        _ if line.starts_with('[') => table,
        Some((key, _)) if table.is_empty() => clean(key),
        Some((key, _)) => format!("{table}.{}", clean(key)),
        None => table,
    };
    (number + 1, (!key.is_empty()).then_some(key))
}

/// `a.b` of a line `[a.b]` or `[[a.b]]`.
fn table_header(line: &str) -> Option<String> {
    let inner = line.trim().strip_prefix('[')?;
    let inner = inner.strip_prefix('[').unwrap_or(inner);
    inner.split_once(']').map(|(name, _)| clean(name))
}

/// A dotted key without quotes and white space.
fn clean(key: &str) -> String {
    key.split('.').map(|part| part.trim().trim_matches(['"', '\''])).collect::<Vec<_>>().join(".")
}

#[cfg(test)]
#[path = "config_tests.rs"]
mod tests;
