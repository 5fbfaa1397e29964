//! Several files together: lists of villages and changes of codes among them serve the others.

use super::{FileIntake, IntakeOptions, Outcome, Refusal, open, understand};
use crate::interpret::{CanonicalRow, FieldValue};
use qingmu_cells::{CodeChange, CodeMap, CodeMapError, VillageRow, Villages};
use qingmu_model::Decimal;
use std::path::PathBuf;

/// Reads files that belong together, in the order given. Villages and changes of codes found in any of them, and
/// those of the options, are known to all.
///
/// # Errors
/// [`CodeMapError`] where changes of codes contradict each other. A file that cannot be read is an entry.
pub fn read_all(
    paths: &[PathBuf],
    options: &IntakeOptions,
) -> Result<Vec<Result<FileIntake, Refusal>>, CodeMapError> {
    let given = options.known_villages();
    let mut villages = Vec::new();
    let mut changes = options.code_map.rows();
    let (known, told) = (villages.len(), changes.len());
    let mut files: Vec<Result<FileIntake, Refusal>> = Vec::new();
    for path in paths {
        files.push(open(path, options).map(|raw| {
            let file = understand(path, &raw, options, &given, &options.code_map);
            for row in rows(&file, "villages") {
                villages.extend(village(row));
            }
            for row in rows(&file, "code_map") {
                changes.extend(change(row));
            }
            file
        }));
    }
    if villages.len() == known && changes.len() == told {
        return Ok(files);
    }
    let town_digits = options.levels.width_of("town");
    let together = given.with(Villages::new(villages, town_digits));
    let code_map = CodeMap::new(changes)?;
    for (path, file) in paths.iter().zip(&mut files) {
        let Ok(before) = file else { continue };
        if before.sheets.iter().all(|s| matches!(s.table(), Some("villages" | "code_map"))) {
            continue;
        }
        *file =
            open(path, options).map(|raw| understand(path, &raw, options, &together, &code_map));
    }
    Ok(files)
}

fn rows<'a>(file: &'a FileIntake, table: &'a str) -> impl Iterator<Item = &'a CanonicalRow> {
    file.sheets
        .iter()
        .filter_map(move |s| match &s.outcome {
            Outcome::Read(read) if read.table == table => Some(read),
            _ => None,
        })
        .flat_map(|read| &read.rows)
}

fn text(row: &CanonicalRow, field: &str) -> Option<String> {
    match row.fields.get(field).map(|f| &f.value) {
        Some(FieldValue::Text(text)) => Some(text.clone()),
        _ => None,
    }
}

/// A row of `villages` as names are resolved against it.
#[must_use]
pub fn village(row: &CanonicalRow) -> Option<VillageRow> {
    Some(VillageRow {
        code: text(row, "village_code")?,
        name: text(row, "name")?,
        town: text(row, "town_name").unwrap_or_default(),
    })
}

/// A row of `code_map`.
#[must_use]
pub fn change(row: &CanonicalRow) -> Option<CodeChange> {
    let year = match row.fields.get("from_year")?.value {
        FieldValue::Integer(year) => i16::try_from(year).ok()?,
        _ => return None,
    };
    let share = match row.fields.get("share").map(|f| &f.value) {
        Some(FieldValue::Real(share)) => Some(Decimal::parse(&share.to_string()).ok()?),
        _ => None,
    };
    let (old_code, new_code) = (text(row, "old_code")?, text(row, "new_code")?);
    Some(CodeChange { old_code, new_code, from_year: year, share })
}
