//! Ledgers as input folders: the manifest alone says which files there are.
//!
//! An addition that was cut short leaves files that no manifest names; reading them would count rows twice.

use crate::{Format, InputError, InputFile, InputSet};
use qingmu_model::table;
use serde::Deserialize;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Component, Path},
};

/// Name of a ledger's manifest.
const MANIFEST: &str = "manifest.json";
/// What its `format` says; other programs' manifests are files that are passed over.
const FORMAT: &str = "qingmu-ledger";
/// What a ledger keeps beside its tables.
const OWN: [&str; 6] =
    [MANIFEST, "rejects.csv", "_held", "_sources", ".qingmu.lock", crate::input::PROJECT_FILE];

#[derive(Deserialize)]
struct Manifest {
    format: String,
    #[serde(default)]
    tables: BTreeMap<String, Vec<Part>>,
}

#[derive(Deserialize)]
struct Part {
    file: String,
}

/// The tables of a ledger; `None` for a folder that is none.
///
/// # Errors
/// [`InputError`] where a file that the manifest names is not there, or lies outside the ledger.
pub(crate) fn tables(root: &Path) -> Result<Option<InputSet>, InputError> {
    let Some(manifest) = manifest(root) else { return Ok(None) };
    let mut tables = BTreeMap::new();
    for (name, parts) in manifest.tables {
        let Some(known) = table(&name) else { continue };
        let mut files = Vec::new();
        for part in parts {
            let inside =
                Path::new(&part.file).components().all(|c| matches!(c, Component::Normal(_)));
            let path = root.join(&part.file);
            let io = |source| InputError::Io { path: path.clone(), source };
            if !inside {
                return Err(io(std::io::Error::from(std::io::ErrorKind::InvalidInput)));
            }
            fs::metadata(&path).map_err(io)?;
            files.push(InputFile { name: part.file, format: Format::Parquet, path });
        }
        files.sort_by(|a, b| a.name.cmp(&b.name));
        tables.insert(known.name.to_owned(), files);
    }
    let passed_over = passed_over(root, &tables)?;
    Ok(Some(InputSet { root: root.to_owned(), tables, passed_over }))
}

/// A manifest that is none of a ledger, or cannot be read, makes the folder an ordinary one.
fn manifest(root: &Path) -> Option<Manifest> {
    let bytes = fs::read(root.join(MANIFEST)).ok()?;
    let manifest: Manifest = serde_json::from_slice(&bytes).ok()?;
    (manifest.format == FORMAT).then_some(manifest)
}

/// Names in the ledger's folder that are neither its own nor a table of it.
fn passed_over(
    root: &Path,
    tables: &BTreeMap<String, Vec<InputFile>>,
) -> Result<Vec<String>, InputError> {
    let io = |source| InputError::Io { path: root.to_owned(), source };
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(root).map_err(io)? {
        let entry = entry.map_err(io)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !OWN.contains(&name.as_str()) && !tables.contains_key(&name) {
            let end = if entry.path().is_dir() { "/" } else { "" };
            names.insert(format!("{name}{end}"));
        }
    }
    Ok(names.into_iter().collect())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
    use crate::discover;
    use std::{fs, path::Path};

    fn put(root: &Path, name: &str, text: &str) {
        let path = root.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn names(root: &Path) -> Vec<String> {
        let set = discover(root).unwrap();
        set.tables.values().flatten().map(|f| f.name.clone()).collect()
    }

    const MANIFEST: &str = r#"{"format": "qingmu-ledger", "version": 1, "tables": {
        "claims": [{"file": "claims/year=2021/part-b.parquet", "rows": 1}, {"file": "claims/year=2020/part-a.parquet"}],
        "baselines": [{"file": "baselines/part-c.parquet"}]}}"#;

    #[test]
    fn only_what_the_manifest_names_is_there() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path();
        let parts = ["claims/year=2021/part-b", "claims/year=2020/part-a", "baselines/part-c"];
        for part in parts {
            put(root, &format!("{part}.parquet"), "");
        }
        // What an addition that was cut short leaves behind.
        put(root, "claims/year=2021/part-x.parquet", "");
        put(root, "rejects.csv", "");
        put(root, "_sources/a.json", "");
        put(root, "notes.txt", "");
        put(root, "manifest.json", MANIFEST);
        assert_eq!(
            names(root),
            [
                "baselines/part-c.parquet",
                "claims/year=2020/part-a.parquet",
                "claims/year=2021/part-b.parquet"
            ]
        );
        assert_eq!(discover(root).unwrap().passed_over, ["notes.txt"]);
    }

    #[test]
    fn a_file_that_is_gone_or_elsewhere_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path();
        put(root, "manifest.json", MANIFEST);
        let gone = root.join("baselines/part-c.parquet");
        let message = discover(root).map(|_| ()).unwrap_err().to_string();
        assert_eq!(message, format!("{}: No such file or directory (os error 2)", gone.display()));
        let out = MANIFEST.replace("baselines/part-c", "../part-c");
        put(root, "manifest.json", &out);
        let message = discover(root).map(|_| ()).unwrap_err().to_string();
        let path = root.join("../part-c.parquet");
        assert_eq!(message, format!("{}: invalid input parameter", path.display()));
    }

    #[test]
    fn other_manifests_are_files_that_are_passed_over() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path();
        put(root, "claims.csv", "");
        put(root, "baselines.csv", "");
        put(root, "manifest.json", r#"{"format": "qingmu-run"}"#);
        assert_eq!(names(root), ["baselines.csv", "claims.csv"]);
        assert_eq!(discover(root).unwrap().passed_over, ["manifest.json"]);
    }

    #[test]
    fn a_ledger_without_claims_says_so() {
        let dir = tempfile::tempdir().unwrap();
        put(dir.path(), "manifest.json", r#"{"format": "qingmu-ledger", "tables": {}}"#);
        let message = discover(dir.path()).map(|_| ()).unwrap_err().to_string();
        assert_eq!(
            message,
            format!(
                "{}: 没有 claims 表 / no claims table: expected claims.parquet, claims.csv or claims/**/*.parquet",
                dir.path().display()
            )
        );
    }
}
