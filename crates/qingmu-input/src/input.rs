//! Which files of a folder are tables, and which are passed over.

use crate::{InputError, ledger};
use qingmu_model::TABLES;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// Format of a table file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// Parquet.
    Parquet,
    /// Comma-separated values, UTF-8 with or without a byte-order mark.
    Csv,
}

/// One file of a table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct InputFile {
    /// Where it is.
    pub path: PathBuf,
    /// Its name relative to the input folder, `/` as separator.
    pub name: String,
    /// Its format.
    pub format: Format,
}

/// The tables of an input folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputSet {
    /// The folder as given.
    pub root: PathBuf,
    /// Table to its files, sorted by name. `claims` and `baselines` are always there.
    pub tables: BTreeMap<String, Vec<InputFile>>,
    /// Files that are no table, relative to the folder; a folder that is no table ends in `/`. Sorted.
    pub passed_over: Vec<String>,
}

/// Tables that a scan cannot do without.
const REQUIRED: [&str; 2] = ["claims", "baselines"];

/// Name of the configuration.
pub(crate) const PROJECT_FILE: &str = "qingmu.toml";

/// Finds the tables of a folder.
///
/// A table `T` is `T.parquet`, `T.csv`, or the Parquet and CSV files at any depth of the folder `T`.
/// Names that start with `.` or `_` are passed over, as other writers of Parquet folders do. Symbolic
/// links are followed. The tables of a ledger are the files that its manifest names.
///
/// # Errors
/// [`InputError`] for a folder that cannot be read, links that form a loop, a missing claims or baselines
/// table, and a table in two forms or a file under two names (its rows would count twice).
pub fn discover(root: &Path) -> Result<InputSet, InputError> {
    let meta = fs::metadata(root).map_err(|source| io(root, source))?;
    if !meta.is_dir() {
        return Err(InputError::NotAFolder { path: root.to_owned() });
    }
    if let Some(ledger) = ledger::tables(root)? {
        required(root, &ledger.tables)?;
        return Ok(ledger);
    }
    let mut found: BTreeMap<&'static str, Vec<Found>> = BTreeMap::new();
    let mut passed_over = Vec::new();
    for entry in entries(root)? {
        let name = entry.name.clone();
        match (entry.table(), entry.is_dir) {
            (Some(table), true) => {
                let mut walk = Walk::start(root, &entry.path)?;
                walk.folder(&entry.path, &format!("{name}/"))?;
                passed_over.append(&mut walk.passed_over);
                let files = walk.files.into_iter();
                found.entry(table).or_default().extend(files.map(|f| Found::under(&name, f)));
            }
            (Some(table), false) => {
                let file = input_file(&entry, &name)?;
                found.entry(table).or_default().push(Found { form: name, file });
            }
            (None, true) => passed_over.push(format!("{name}/")),
            (None, false) if name == PROJECT_FILE => {}
            (None, false) => passed_over.push(name),
        }
    }
    passed_over.sort();
    let tables = settle(root, found)?;
    Ok(InputSet { root: root.to_owned(), tables, passed_over })
}

/// A table file and the form of its table: a file or a folder in the root.
struct Found {
    form: String,
    file: InputFile,
}

impl Found {
    fn under(folder: &str, file: InputFile) -> Self {
        Self { form: format!("{folder}/"), file }
    }
}

/// One form for each table, one name for each file, every required table.
fn settle(
    root: &Path,
    found: BTreeMap<&'static str, Vec<Found>>,
) -> Result<BTreeMap<String, Vec<InputFile>>, InputError> {
    let mut seen: BTreeMap<PathBuf, PathBuf> = BTreeMap::new();
    let mut tables = BTreeMap::new();
    for (table, mut files) in found {
        files.sort_by(|a, b| a.file.cmp_name(&b.file));
        let forms = forms(&files);
        if forms.len() > 1 {
            return Err(InputError::TwoForms { folder: root.to_owned(), table, forms });
        }
        for Found { file, .. } in &files {
            let real = fs::canonicalize(&file.path).map_err(|source| io(&file.path, source))?;
            if let Some(first) = seen.insert(real, file.path.clone()) {
                return Err(InputError::SameFile { first, second: file.path.clone() });
            }
        }
        if !files.is_empty() {
            tables.insert(table.to_owned(), files.into_iter().map(|f| f.file).collect());
        }
    }
    required(root, &tables)?;
    Ok(tables)
}

fn required<T>(root: &Path, tables: &BTreeMap<String, T>) -> Result<(), InputError> {
    let missing = REQUIRED.into_iter().find(|table| !tables.contains_key(*table));
    missing.map_or(Ok(()), |table| Err(InputError::NoTable { folder: root.to_owned(), table }))
}

/// The forms in which a table is there, where there is more than one: a file and a folder, or one name in
/// both formats.
fn forms(files: &[Found]) -> Vec<String> {
    let forms: BTreeSet<&String> = files.iter().map(|f| &f.form).collect();
    if forms.len() > 1 {
        return forms.into_iter().cloned().collect();
    }
    let mut stems: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for Found { file, .. } in files {
        let stem = file.name.rsplit_once('.').map_or(file.name.as_str(), |(stem, _)| stem);
        stems.entry(stem).or_default().push(file.name.clone());
    }
    stems.into_values().find(|names| names.len() > 1).unwrap_or_default()
}

impl InputFile {
    fn cmp_name(&self, other: &Self) -> std::cmp::Ordering {
        self.name.cmp(&other.name)
    }
}

/// One name in a folder, links followed.
struct Entry {
    path: PathBuf,
    name: String,
    is_utf8: bool,
    is_dir: bool,
    is_file: bool,
}

impl Entry {
    /// The table that a name in the root stands for.
    fn table(&self) -> Option<&'static str> {
        let stem = if self.is_dir {
            self.name.as_str()
        } else {
            self.format()?;
            self.name.rsplit_once('.')?.0
        };
        TABLES.iter().map(|t| t.name).find(|name| name.eq_ignore_ascii_case(stem))
    }

    fn format(&self) -> Option<Format> {
        if !self.is_file || self.name.starts_with(['.', '_']) {
            return None;
        }
        let (_, extension) = self.name.rsplit_once('.')?;
        if extension.eq_ignore_ascii_case("parquet") {
            Some(Format::Parquet)
        } else if extension.eq_ignore_ascii_case("csv") {
            Some(Format::Csv)
        } else {
            None
        }
    }
}

fn input_file(entry: &Entry, name: &str) -> Result<InputFile, InputError> {
    match entry.format() {
        Some(format) if entry.is_utf8 => {
            Ok(InputFile { path: entry.path.clone(), name: name.to_owned(), format })
        }
        _ => Err(InputError::FileName { path: entry.path.clone() }),
    }
}

/// Names in a folder, sorted, so that errors and outputs do not depend on the file system's order.
fn entries(folder: &Path) -> Result<Vec<Entry>, InputError> {
    let mut list = Vec::new();
    for entry in fs::read_dir(folder).map_err(|source| io(folder, source))? {
        let entry = entry.map_err(|source| io(folder, source))?;
        let path = entry.path();
        let meta = fs::metadata(&path).map_err(|source| io(&path, source))?;
        let name = entry.file_name();
        list.push(Entry {
            name: name.to_string_lossy().into_owned(),
            is_utf8: name.to_str().is_some(),
            is_dir: meta.is_dir(),
            is_file: meta.is_file(),
            path,
        });
    }
    list.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(list)
}

/// The walk through a table's folder.
struct Walk {
    /// Real paths of the folders above, to see loops.
    above: Vec<PathBuf>,
    files: Vec<InputFile>,
    passed_over: Vec<String>,
}

impl Walk {
    fn start(root: &Path, folder: &Path) -> Result<Self, InputError> {
        let mut walk = Self { above: Vec::new(), files: Vec::new(), passed_over: Vec::new() };
        let real = fs::canonicalize(root).map_err(|source| io(folder, source))?;
        walk.above.push(real);
        Ok(walk)
    }

    fn folder(&mut self, folder: &Path, prefix: &str) -> Result<(), InputError> {
        let real = fs::canonicalize(folder).map_err(|source| io(folder, source))?;
        if self.above.contains(&real) {
            return Err(InputError::SymlinkLoop { path: folder.to_owned() });
        }
        self.above.push(real);
        for entry in entries(folder)? {
            let name = format!("{prefix}{}", entry.name);
            if entry.is_dir && !entry.name.starts_with(['.', '_']) {
                self.folder(&entry.path, &format!("{name}/"))?;
            } else if entry.is_dir {
                self.passed_over.push(format!("{name}/"));
            } else if entry.format().is_some() {
                self.files.push(input_file(&entry, &name)?);
            } else {
                self.passed_over.push(name);
            }
        }
        self.above.pop();
        Ok(())
    }
}

fn io(path: &Path, source: std::io::Error) -> InputError {
    InputError::Io { path: path.to_owned(), source }
}

#[cfg(test)]
#[path = "input_tests.rs"]
mod tests;
