//! A ledger as it stands: its manifest and the rows behind it.

use crate::{
    error::LedgerError,
    manifest::Manifest,
    part::{self, Unit},
    replace::Replace,
    resolve::Held,
    tables::{LedgerTable, find},
    value::{Cell, Row},
};
use qingmu_ingest::{CodeChange, CodeMap, VillageRow, Villages};
use qingmu_model::{Decimal, RegionLevels};
use std::path::{Path, PathBuf};

/// An existing or future ledger.
#[derive(Debug, Clone)]
pub struct Ledger {
    root: PathBuf,
    manifest: Option<Manifest>,
    /// Digest of a file that is about to be replaced: what it says is not asked.
    leaving: Option<String>,
}

impl Ledger {
    /// Opens a folder; one that does not exist is a ledger without rows.
    ///
    /// # Errors
    /// [`LedgerError`] for a manifest that cannot be read.
    pub fn open(root: &Path) -> Result<Self, LedgerError> {
        Ok(Self { root: root.to_owned(), manifest: Manifest::load(root)?, leaving: None })
    }

    /// Without what the file says that `--replace` names.
    ///
    /// # Errors
    /// [`LedgerError::NothingToReplace`] and [`LedgerError::ManyToReplace`].
    pub fn without(mut self, replace: Option<&str>) -> Result<Self, LedgerError> {
        if let (Some(key), Some(manifest)) = (replace, &self.manifest)
            && let Replace::File(sha256) = Replace::parse(key, manifest)?
        {
            self.leaving = Some(sha256);
        }
        Ok(self)
    }

    /// Its manifest; `None` before the first addition.
    #[must_use]
    pub fn manifest(&self) -> Option<&Manifest> {
        self.manifest.as_ref()
    }

    /// Villages that names are resolved against.
    ///
    /// # Errors
    /// [`LedgerError`] naming the file that cannot be read.
    pub fn villages(&self, levels: &RegionLevels) -> Result<Villages, LedgerError> {
        let Some(table) = find("villages") else { return Ok(Villages::default()) };
        let text = |row: &Row, name: &str| {
            row.text(table, name).map(ToString::to_string).unwrap_or_default()
        };
        let rows = self.rows(table)?.into_iter().map(|row| VillageRow {
            code: text(&row, "village_code"),
            name: text(&row, "name"),
            town: text(&row, "town_name"),
        });
        Ok(Villages::new(rows, levels.width_of("town")))
    }

    /// Changes of codes.
    ///
    /// # Errors
    /// [`LedgerError`] naming the file that cannot be read, or the code whose changes contradict each other.
    pub fn code_map(&self) -> Result<CodeMap, LedgerError> {
        let Some(table) = find("code_map") else { return Ok(CodeMap::default()) };
        code_map(table, self.rows(table)?.iter())
    }

    /// Rows of a table as filed, held ones too: what a list says of a village holds although another says more.
    fn rows(&self, table: &LedgerTable) -> Result<Vec<Row>, LedgerError> {
        let Some(manifest) = &self.manifest else { return Ok(Vec::new()) };
        let mut rows = Vec::new();
        for part in manifest.tables.get(table.name).into_iter().flatten() {
            rows.extend(part::standing(table, &self.root.join(&part.file))?);
        }
        for part in manifest.held.get(table.name).into_iter().flatten() {
            let held = part::held(table, &self.root.join(&part.file))?;
            rows.extend(held.into_iter().filter(|h| h.reason.counted()).map(|h| h.row));
        }
        rows.retain(|row| self.leaving.as_deref() != Some(&*row.origin.sha256));
        Ok(rows)
    }
}

/// Changes of codes from rows of `code_map`; the same change twice is one.
pub(crate) fn code_map<'a>(
    table: &LedgerTable,
    rows: impl Iterator<Item = &'a Row>,
) -> Result<CodeMap, LedgerError> {
    let mut changes: Vec<CodeChange> = Vec::new();
    for row in rows {
        let text = |name| row.text(table, name).map(ToString::to_string).unwrap_or_default();
        let share = match row.get(table, "share") {
            Some(Cell::Real(share)) => Decimal::parse(&share.to_string()).ok(),
            _ => None,
        };
        let from_year = match row.get(table, "from_year") {
            Some(Cell::Integer(year)) => i16::try_from(*year).unwrap_or_default(),
            _ => 0,
        };
        let change =
            CodeChange { old_code: text("old_code"), new_code: text("new_code"), from_year, share };
        if !changes.contains(&change) {
            changes.push(change);
        }
    }
    Ok(CodeMap::new(changes)?)
}

/// All rows of a unit as filed, and those held.
pub(crate) fn load(root: &Path, manifest: &Manifest, unit: &Unit) -> Result<Vec<Row>, LedgerError> {
    let Some(table) = unit.table() else { return Ok(Vec::new()) };
    let (standing, _) = manifest.parts(unit);
    let mut rows = match standing {
        Some(part) => part::standing(table, &root.join(&part.file))?,
        None => Vec::new(),
    };
    rows.extend(held(root, manifest, unit)?.into_iter().map(|h| h.row));
    Ok(rows)
}

/// Rows of a unit that are in no sum.
pub(crate) fn held(
    root: &Path,
    manifest: &Manifest,
    unit: &Unit,
) -> Result<Vec<Held>, LedgerError> {
    let Some(table) = unit.table() else { return Ok(Vec::new()) };
    match manifest.parts(unit).1 {
        Some(part) => part::held(table, &root.join(&part.file)),
        None => Ok(Vec::new()),
    }
}
