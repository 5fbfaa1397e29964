//! What an addition did.

use crate::account::{FileAccount, Sum};
use serde::Serialize;
use std::{collections::BTreeMap, path::PathBuf};

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum Status {
    /// Its rows were added.
    New,
    /// The same bytes are in the ledger: nothing changed.
    Again {
        /// Name under which they came.
        name: String,
    },
    /// Read once more, as `--replace` asked.
    Reread,
    /// The same bytes were in the ledger until another file took their place: nothing changed.
    Superseded {
        /// That file.
        by: String,
    },
}

/// Where the records of a file went. The sums are those of the records as the file gives them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Ends {
    /// In the ledger's tables.
    pub in_force: Sum,
    /// Of these, the ones that other files have too.
    pub shared: Sum,
    /// Another file has the same: counted there.
    pub copies: Sum,
    /// Another file says otherwise: counted nowhere.
    pub conflicting: Sum,
    /// Of a village that was divided, and of which part cannot be told: counted nowhere.
    pub divided: Sum,
    /// A later file took their place.
    pub superseded: Sum,
}

impl Ends {
    /// All of them.
    #[must_use]
    pub fn all(&self) -> Sum {
        let parts = [self.in_force, self.copies, self.conflicting, self.divided, self.superseded];
        parts.into_iter().fold(Sum::default(), Sum::plus)
    }
}

/// A file of an addition.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Added {
    /// Its account.
    pub account: FileAccount,
    /// What became of it.
    #[serde(flatten)]
    pub status: Status,
    /// Where its records went; nothing for a file that was there already.
    pub records: Ends,
}

/// Something that a correction took the place of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Replaced {
    /// File.
    pub what: String,
    /// File that took its place.
    pub by: String,
    /// Its records that are no longer in any sum.
    pub rows: Sum,
}

/// A row that another file contradicts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Contradiction {
    /// Table.
    pub table: String,
    /// Place of the row: `台账.xls!2024年!17`.
    pub place: String,
    /// The other places with their figures.
    pub others: String,
}

/// What an addition did.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Addition {
    /// The ledger.
    pub ledger: PathBuf,
    /// Whether anything is different from before.
    pub changed: bool,
    /// Additions so far.
    pub generation: u64,
    /// Files, by name.
    pub files: Vec<Added>,
    /// What was replaced.
    pub replaced: Vec<Replaced>,
    /// Rows of the whole ledger that contradict each other.
    pub contradictions: Vec<Contradiction>,
    /// The ledger's tables after the addition.
    pub tables: BTreeMap<String, Sum>,
    /// Rows listed in `rejects.csv`.
    pub rejects: u64,
    /// Key of the pseudonyms.
    pub key_id: String,
}

impl Addition {
    /// Whether rows of the new files are in quarantine or contradict others.
    #[must_use]
    pub fn has_rejects(&self) -> bool {
        self.files.iter().any(|f| {
            let sheets = f.account.sheets.iter().any(|s| s.quarantined.rows > 0);
            let fresh = matches!(f.status, Status::New | Status::Reread);
            fresh && (sheets || f.records.conflicting.rows > 0 || f.records.divided.rows > 0)
        })
    }
}
