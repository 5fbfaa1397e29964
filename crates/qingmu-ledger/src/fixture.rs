//! Office files for tests. Every person, account, village and figure is invented; ids are made to fit their check
//! digit and belong to nobody known here.

#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use crate::{AddOptions, Addition, LedgerError, MANIFEST, add, disk::Disk};
use qingmu_ingest::{
    MasterKey, Pseudonyms,
    intake::{FileIntake, IntakeOptions, Isolation, read_all},
};
use std::{
    collections::BTreeMap,
    fmt::Write,
    path::{Path, PathBuf},
};
use tempfile::TempDir;

/// A village list of three villages in two towns.
pub(crate) const VILLAGES: &str = "村代码,村名,乡镇\n\
990101101201,东沟村,甲山镇\n990101101202,南庄村,甲山镇\n990101102201,北原村,乙水镇\n";

/// An office with a key, and a ledger that it fills.
pub(crate) struct Office {
    pub(crate) dir: TempDir,
    pub(crate) ledger: PathBuf,
    pub(crate) intake: IntakeOptions,
    pub(crate) options: AddOptions,
}

impl Office {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let key = MasterKey::generate(&dir.path().join("office.key")).unwrap();
        let intake = IntakeOptions {
            pseudonyms: Some(Pseudonyms::new(&key)),
            ..IntakeOptions::new(Isolation::InProcess)
        };
        let ledger = dir.path().join("ledger");
        Self { ledger, intake, options: AddOptions::new(&key.id()), dir }
    }

    /// Another ledger of the same office, with the same key.
    pub(crate) fn beside(&self, name: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        Self {
            ledger: dir.path().join(name),
            intake: self.intake.clone(),
            options: self.options.clone(),
            dir,
        }
    }

    /// Writes files and reads them as an intake does, villages and changes of codes of the ledger known.
    pub(crate) fn read(&self, files: &[(&str, &str)]) -> Vec<FileIntake> {
        self.read_for(None, files)
    }

    fn read_for(&self, replace: Option<&str>, files: &[(&str, &str)]) -> Vec<FileIntake> {
        let folder = tempfile::tempdir_in(self.dir.path()).unwrap();
        let mut paths = Vec::new();
        for (n, (name, text)) in files.iter().enumerate() {
            let path = folder.path().join(n.to_string()).join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, text).unwrap();
            paths.push(path);
        }
        let ledger = crate::Ledger::open(&self.ledger).unwrap();
        let ledger = ledger.clone().without(replace).unwrap_or(ledger);
        let intake = IntakeOptions {
            villages: Some(ledger.villages(&self.options.levels).unwrap()),
            code_map: ledger.code_map().unwrap(),
            ..self.intake.clone()
        };
        read_all(&paths, &intake).unwrap().into_iter().map(Result::unwrap).collect()
    }

    pub(crate) fn try_add(&self, files: &[(&str, &str)]) -> Result<Addition, LedgerError> {
        add(&self.ledger, &self.read(files), &self.options)
    }

    pub(crate) fn add(&self, files: &[(&str, &str)]) -> Addition {
        self.try_add(files).unwrap()
    }

    /// Adds with `--replace`.
    pub(crate) fn replace(
        &self,
        key: &str,
        files: &[(&str, &str)],
    ) -> Result<Addition, LedgerError> {
        let options = AddOptions { replace: Some(key.to_owned()), ..self.options.clone() };
        add(&self.ledger, &self.read_for(Some(key), files), &options)
    }

    pub(crate) fn add_on(
        &self,
        disk: Disk<'_>,
        files: &[FileIntake],
    ) -> Result<Addition, LedgerError> {
        crate::add::add_on(disk, &self.ledger, files, &self.options)
    }

    /// All files of the ledger but its lock, with their bytes.
    pub(crate) fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let mut found = BTreeMap::new();
        walk(&self.ledger, &self.ledger, &mut found);
        found.remove(crate::lock::LOCK);
        found
    }

    /// Data files alone: what does not depend on the number of additions.
    pub(crate) fn data(&self) -> BTreeMap<String, Vec<u8>> {
        let mut files = self.files();
        files.remove(MANIFEST);
        files
    }
}

fn walk(root: &Path, folder: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(root, &path, found);
        } else {
            let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
            found.insert(name, std::fs::read(&path).unwrap());
        }
    }
}

/// Weights of the first seventeen digits (GB 11643-1999).
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/// An id of 18 characters with its check digit (GB 11643), born in 1970 or later.
pub(crate) fn id(n: u32) -> String {
    let body = format!(
        "619999{:04}{:02}{:02}{:03}",
        1970 + n / 9000,
        1 + n / 750 % 12,
        1 + n / 30 % 25,
        101 + n % 30
    );
    let sum: u32 = body.bytes().zip(WEIGHTS).map(|(b, w)| u32::from(b - b'0') * w).sum();
    let check = b"10X98765432"[(sum % 11) as usize];
    format!("{body}{}", char::from(check))
}

/// A list of claims of 2024: id number, village, crop, mu; 10 yuan per mu.
pub(crate) fn claims(rows: &[(u32, &str, &str, &str)]) -> String {
    let mut text = String::from(
        "2024年实际种粮农民一次性补贴公示表\n姓名,身份证号,村,作物,补贴面积（亩）,补贴金额（元）\n",
    );
    for (n, village, crop, mu) in rows {
        let yuan = mu.parse::<f64>().unwrap() * 10.0;
        writeln!(text, "某{n},{},{village},{crop},{mu},{yuan:.2}", id(*n)).unwrap();
    }
    text
}
