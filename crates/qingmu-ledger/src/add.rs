//! Adding files: all of it or nothing.

mod outcome;
mod settle;
mod write;

#[cfg(test)]
mod tests;

pub use outcome::{Added, Addition, Contradiction, Ends, Replaced, Status};

use crate::{
    account::FileAccount,
    disk::Disk,
    error::LedgerError,
    key,
    lock::Lock,
    manifest::{Manifest, Source},
    part::Unit,
    replace::{self, Replace},
    tables::{LedgerTable, find},
    value::{Origin, Row, from_canonical},
};
use qingmu_ingest::intake::FileIntake;
use qingmu_model::RegionLevels;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::Arc,
};

/// How files are added.
#[derive(Debug, Clone)]
pub struct AddOptions {
    /// Key whose pseudonyms the files carry.
    pub key_id: String,
    /// Levels of region codes.
    pub levels: RegionLevels,
    /// Records of a file that may be unusable before it is refused, in percent.
    pub max_rejects: f64,
    /// What the files take the place of: a file by name or digest, or columns joined with `+`.
    pub replace: Option<String>,
}

impl AddOptions {
    /// China's codes, at most 1 % rejects, nothing replaced.
    #[must_use]
    pub fn new(key_id: &str) -> Self {
        Self {
            key_id: key_id.to_owned(),
            levels: RegionLevels::china(),
            max_rejects: 1.0,
            replace: None,
        }
    }
}

/// Adds files to a ledger, which is made where there is none. The result does not depend on the order of the files,
/// nor on whether they come in one addition or in several.
///
/// # Errors
/// [`LedgerError`]; the ledger is as it was.
pub fn add(
    ledger: &Path,
    files: &[FileIntake],
    options: &AddOptions,
) -> Result<Addition, LedgerError> {
    add_on(Disk::real(), ledger, files, options)
}

/// As [`add`], on a disk that may fail.
pub(crate) fn add_on(
    disk: Disk<'_>,
    ledger: &Path,
    files: &[FileIntake],
    options: &AddOptions,
) -> Result<Addition, LedgerError> {
    let _lock = Lock::take(ledger)?;
    let before = Manifest::load(ledger)?;
    key::check(ledger, before.as_ref().map(|m| m.key_id.as_str()), &options.key_id)?;
    write::sweep(disk, ledger, before.as_ref())?;
    let before = before.unwrap_or_else(|| Manifest::new(&options.key_id));
    let replace = match &options.replace {
        Some(key) => Some((key.as_str(), Replace::parse(key, &before)?)),
        None => None,
    };
    let mut plan = Plan::new(ledger, before, options, replace.as_ref().map(|(_, r)| r));
    plan.sort_in(files)?;
    if plan.new.is_empty() {
        return write::unchanged(disk, plan);
    }
    if let Some((key, replace)) = &replace {
        plan.replace(key, replace)?;
    }
    let settled = settle::settle(plan)?;
    write::commit(disk, settled)
}

/// New rows of one table.
struct NewRows {
    table: &'static LedgerTable,
    rows: Vec<Row>,
}

/// What an addition is about to do.
struct Plan<'a> {
    root: PathBuf,
    options: &'a AddOptions,
    /// The ledger as it was.
    before: Manifest,
    /// The ledger as it is to be; parts are entered when they are settled.
    after: Manifest,
    /// Accounts of all files given, with what becomes of each.
    files: Vec<(FileAccount, Status)>,
    /// Rows of new files.
    new: Vec<NewRows>,
    /// Digests whose rows leave the ledger.
    gone: BTreeSet<String>,
    /// Digests that came with this addition.
    came: BTreeSet<String>,
    replaced: Vec<Replaced>,
    /// File that this addition replaces.
    target: Option<String>,
}

impl<'a> Plan<'a> {
    fn new(
        root: &Path,
        before: Manifest,
        options: &'a AddOptions,
        replace: Option<&Replace>,
    ) -> Self {
        let mut after = before.clone();
        after.generation += 1;
        let target = match replace {
            Some(Replace::File(sha256)) => Some(sha256.clone()),
            _ => None,
        };
        Self {
            root: root.to_owned(),
            options,
            before,
            after,
            files: Vec::new(),
            new: Vec::new(),
            gone: BTreeSet::new(),
            came: BTreeSet::new(),
            replaced: Vec::new(),
            target,
        }
    }

    /// Takes the files in the order of name and digest.
    fn sort_in(&mut self, files: &[FileIntake]) -> Result<(), LedgerError> {
        let mut sorted: Vec<&FileIntake> = files.iter().collect();
        sorted.sort_by(|a, b| (&a.name, &a.sha256).cmp(&(&b.name, &b.sha256)));
        for file in sorted {
            let account = FileAccount::new(file)?;
            let status = self.status(file);
            if matches!(status, Status::New | Status::Reread) {
                self.take(file);
            }
            self.files.push((account, status));
        }
        Ok(())
    }

    fn status(&self, file: &FileIntake) -> Status {
        if self.came.contains(&file.sha256) {
            return Status::Again { name: file.name.clone() };
        }
        match self.before.sources.iter().find(|s| s.sha256 == file.sha256) {
            None => Status::New,
            Some(_) if self.target.as_ref() == Some(&file.sha256) => Status::Reread,
            Some(Source { superseded_by: Some(by), .. }) => {
                let name = self.before.sources.iter().find(|s| s.sha256 == *by);
                let by = name.map_or_else(|| by.clone(), |s| s.name.clone());
                Status::Superseded { by }
            }
            Some(known) => Status::Again { name: known.name.clone() },
        }
    }

    fn take(&mut self, file: &FileIntake) {
        self.came.insert(file.sha256.clone());
        let name: Arc<str> = Arc::from(file.name.as_str());
        let sha256: Arc<str> = Arc::from(file.sha256.as_str());
        for sheet in &file.sheets {
            let Some(read) = sheet.interpreted() else { continue };
            let Some(table) = find(read.table) else { continue };
            let at = Origin {
                file: name.clone(),
                sha256: sha256.clone(),
                sheet: Arc::from(sheet.sheet.as_str()),
                row: 0,
            };
            let rows = read.rows.iter().map(|row| from_canonical(row, table, &at)).collect();
            self.new.push(NewRows { table, rows });
        }
        let at = self.after.sources.iter().position(|s| s.sha256 == file.sha256);
        let source = Source {
            sha256: file.sha256.clone(),
            name: file.name.clone(),
            added: self.after.generation,
            superseded_by: None,
            units: Vec::new(),
        };
        match at {
            Some(at) => {
                self.gone.insert(file.sha256.clone());
                self.after.sources[at] = source;
            }
            None => self.after.sources.push(source),
        }
        self.after.sources.sort_by(|a, b| (&a.name, &a.sha256).cmp(&(&b.name, &b.sha256)));
    }

    /// Takes the place of a file, or of the rows that are about the same.
    fn replace(&mut self, key: &str, replace: &Replace) -> Result<(), LedgerError> {
        let fresh =
            |(_, status): &&(FileAccount, Status)| matches!(status, Status::New | Status::Reread);
        let Some((by, _)) = self.files.iter().find(fresh) else { return Ok(()) };
        match replace {
            Replace::File(sha256) => {
                let by = by.clone();
                for source in self.after.sources.iter_mut().filter(|s| s.sha256 == *sha256) {
                    if source.sha256 != by.sha256 && !self.came.contains(sha256) {
                        source.superseded_by = Some(by.sha256.clone());
                    }
                    self.replaced.push(Replaced {
                        what: source.name.clone(),
                        by: by.name.clone(),
                        rows: crate::Sum::default(),
                    });
                }
                self.gone.insert(sha256.clone());
            }
            Replace::Columns(columns) => {
                let rows = self.new.iter().flat_map(|n| n.rows.iter().map(|r| (n.table, r)));
                let at = (self.after.generation, by.name.as_str());
                let levels = &self.options.levels;
                let entries = replace::supersessions(key, columns, rows, levels, at)?;
                self.after.supersessions.extend(entries);
            }
        }
        Ok(())
    }

    /// Units that must be settled anew beside those of the new rows.
    fn touched(&self, codes_changed: bool) -> BTreeSet<Unit> {
        let parts = self.before.tables.values().chain(self.before.held.values()).flatten();
        let mut units: BTreeSet<Unit> = BTreeSet::new();
        // A correction by columns may reach any part of its table.
        let wide: BTreeSet<&str> = self
            .after
            .supersessions
            .iter()
            .filter(|s| s.generation == self.after.generation)
            .map(|s| s.table.as_str())
            .collect();
        for part in parts {
            if codes_changed || wide.contains(part.unit.table.as_str()) {
                units.insert(part.unit.clone());
            }
        }
        let gone = self.before.sources.iter().filter(|s| self.gone.contains(&s.sha256));
        units.extend(gone.flat_map(|s| s.units.iter().cloned()));
        units
    }

    /// Names of files by digest.
    fn names(&self) -> BTreeMap<&str, &str> {
        self.after.sources.iter().map(|s| (s.sha256.as_str(), s.name.as_str())).collect()
    }
}
