//! `manifest.json`: what the ledger consists of. A file that it does not name does not exist.

use crate::{error::LedgerError, part::Unit};
use qingmu_model::{Mu, Yuan};
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

/// Name of the manifest.
pub const MANIFEST: &str = "manifest.json";
/// Every row of every file that is in no sum, with reason and remedy.
pub const REJECTS: &str = "rejects.csv";
/// Folder of one account per file.
pub(crate) const SOURCES: &str = "_sources";
/// What tells a ledger's manifest from others; readers of input folders look for it.
pub const FORMAT: &str = "qingmu-ledger";
const VERSION: u32 = 1;

/// The state of a ledger.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// [`FORMAT`].
    pub format: String,
    /// Version of the layout.
    pub version: u32,
    /// Additions so far.
    pub generation: u64,
    /// Key of the pseudonyms.
    pub key_id: String,
    /// Files by table, in the order of their names.
    pub tables: BTreeMap<String, Vec<Part>>,
    /// Files of rows that are in no sum, by table.
    pub held: BTreeMap<String, Vec<Part>>,
    /// Office files, in the order of name and digest.
    pub sources: Vec<Source>,
    /// Rows replaced by what they are about.
    pub supersessions: Vec<Supersession>,
}

/// A file of the ledger.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Name relative to the ledger, `/` as separator.
    pub file: String,
    /// What it holds.
    pub unit: Unit,
    /// Rows.
    pub rows: u64,
    /// Area of the rows.
    pub area_mu: Mu,
    /// Money of the rows.
    pub amount_yuan: Yuan,
}

/// An office file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Name without folders.
    pub name: String,
    /// Addition in which it came.
    pub added: u64,
    /// Digest of the file that took its place; its rows are in no sum.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub superseded_by: Option<String>,
    /// Parts of the ledger that hold its rows.
    pub units: Vec<Unit>,
}

/// Rows of earlier files that later ones replaced by what the rows are about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Supersession {
    /// Table.
    pub table: String,
    /// Columns.
    pub columns: Vec<String>,
    /// Values of these columns whose earlier rows are in no sum.
    pub values: Vec<Vec<String>>,
    /// Addition that brought the correction: rows of earlier ones are replaced.
    pub generation: u64,
    /// Name of the correcting file.
    pub by: String,
}

impl Manifest {
    /// Of a ledger without rows.
    pub(crate) fn new(key_id: &str) -> Self {
        Self {
            format: FORMAT.to_owned(),
            version: VERSION,
            generation: 0,
            key_id: key_id.to_owned(),
            tables: BTreeMap::new(),
            held: BTreeMap::new(),
            sources: Vec::new(),
            supersessions: Vec::new(),
        }
    }

    /// Reads the manifest of a folder; `None` where there is none.
    pub(crate) fn load(ledger: &Path) -> Result<Option<Self>, LedgerError> {
        let path = ledger.join(MANIFEST);
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(LedgerError::io(&path, e)),
        };
        let wrong = |why: String| LedgerError::Manifest { path: path.clone(), why };
        let manifest: Self = serde_json::from_slice(&bytes).map_err(|e| wrong(e.to_string()))?;
        if manifest.format != FORMAT || manifest.version != VERSION {
            let (format, version) = (&manifest.format, manifest.version);
            return Err(wrong(format!("{format} {version}, not {FORMAT} {VERSION}")));
        }
        Ok(Some(manifest))
    }

    /// Bytes of the manifest.
    pub(crate) fn bytes(&self) -> Result<Vec<u8>, LedgerError> {
        let mut bytes = serde_json::to_vec_pretty(self)
            .map_err(|e| LedgerError::Encode { file: MANIFEST.to_owned(), why: e.to_string() })?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// Files in force of the office.
    pub(crate) fn active(&self) -> impl Iterator<Item = &Source> {
        self.sources.iter().filter(|s| s.superseded_by.is_none())
    }

    /// Files of a unit: of standing and of held rows.
    pub(crate) fn parts(&self, unit: &Unit) -> (Option<&Part>, Option<&Part>) {
        let of = |parts: &'_ Vec<Part>| parts.iter().position(|p| p.unit == *unit);
        let standing = self.tables.get(&unit.table);
        let held = self.held.get(&unit.table);
        (
            standing.and_then(|parts| parts.get(of(parts)?)),
            held.and_then(|parts| parts.get(of(parts)?)),
        )
    }

    /// Every file that the manifest names, beside itself and the list of rejects.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        let parts = self.tables.values().chain(self.held.values()).flatten();
        let parts = parts.map(|p| PathBuf::from(&p.file));
        parts.chain(self.sources.iter().map(|s| source_file(&s.sha256))).collect()
    }
}

/// The account of an office file.
pub(crate) fn source_file(sha256: &str) -> PathBuf {
    Path::new(SOURCES).join(format!("{sha256}.json"))
}
