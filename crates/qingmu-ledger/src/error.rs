//! What can stop an addition: what, where, what to do. Nothing was changed when one of these is returned.

use qingmu_ingest::{CodeMapError, KeyError, intake::Refusal};
use std::path::{Path, PathBuf};

/// How a caller should end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// The files cannot be taken.
    Refused,
    /// The folder cannot hold a ledger.
    CannotCreate,
    /// Reading or writing failed.
    Io,
    /// Somebody else is writing.
    Locked,
    /// The key does not fit.
    Key,
    /// A figure does not come out: the tool is wrong.
    Bug,
}

/// A failure that leaves the ledger as it was.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LedgerError {
    /// The file system refused something.
    #[error("{}: {source}", path.display())]
    Io {
        /// File or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The folder holds something else.
    #[error(
        "{}: 目录不是账库且不为空（{found}）/ the folder is no ledger and holds {found}; give an empty or a new one",
        path.display()
    )]
    Foreign {
        /// The folder.
        path: PathBuf,
        /// A name in it.
        found: String,
    },
    /// A ledger of another version, or a damaged manifest.
    #[error("{}: 账库清单无法读取 / the manifest cannot be read: {why}", path.display())]
    Manifest {
        /// The manifest.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// A file of the ledger that is no longer what was written.
    #[error("{}: 账库文件损坏 / the ledger's file is damaged: {why}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// Rows could not be written as Parquet.
    #[error("{file}: 不能写成 Parquet / cannot be written as Parquet: {why}")]
    Encode {
        /// File in the ledger.
        file: String,
        /// What the writer said.
        why: String,
    },
    /// Somebody else is writing.
    #[error(
        "{}: 另一个 qingmu（进程号 {pid}）正在写入 / another qingmu (pid {pid}) is writing here; wait for it",
        path.display()
    )]
    Locked {
        /// The ledger.
        path: PathBuf,
        /// Its process.
        pid: String,
    },
    /// The key is not the ledger's.
    #[error(
        "{}: 账库的密钥编号是 {ledger}，给出的是 {given} / the ledger was made with key {ledger}, not {given}; two keys would make one person two, give the ledger's own with --key",
        path.display()
    )]
    OtherKey {
        /// The ledger.
        path: PathBuf,
        /// Key id of the ledger.
        ledger: String,
        /// Key id given.
        given: String,
    },
    /// A key that cannot be used.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The ledger has a key and none was found.
    #[error(
        "{}: 找不到账库的密钥（编号 {id}）/ the ledger's key {id} was not found at {}; give it with --key",
        path.display(), expected.display()
    )]
    NoKey {
        /// The ledger.
        path: PathBuf,
        /// Key id.
        id: String,
        /// Where it was looked for.
        expected: PathBuf,
    },
    /// Files that cannot be read.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Files(Vec<Refusal>),
    /// A sheet that looks like a table and cannot be understood.
    #[error("{0}")]
    Sheet(String),
    /// Too many rows of a file cannot be used.
    #[error(
        "{file}: {percent:.2}% 的行不能用，超过上限 {cap}% / {percent:.2}% of the rows cannot be used, more than {cap}%; nothing was added"
    )]
    OverCap {
        /// File.
        file: String,
        /// Rows that cannot be used, in percent of its records.
        percent: f64,
        /// Most that may be.
        cap: f64,
        /// Rows among them that contradict what other files say.
        conflicts: u64,
        /// Where the rows are listed.
        list: PathBuf,
    },
    /// `--replace` names nothing.
    #[error(
        "--replace {key}: 账库中没有这份文件，也不是列名 / no file of the ledger has this name or digest, and it is no list of columns such as year+programme+village; files: {known}"
    )]
    NothingToReplace {
        /// As given.
        key: String,
        /// Names of the ledger's files.
        known: String,
    },
    /// `--replace` names several files.
    #[error(
        "--replace {key}: 有多份文件同名 / several files have this name, give the digest of one: {known}"
    )]
    ManyToReplace {
        /// As given.
        key: String,
        /// Their digests.
        known: String,
    },
    /// `--replace` by columns that a table does not have.
    #[error("--replace {key}: {table} 表没有列 {column} / table {table} has no column {column}")]
    ReplaceColumn {
        /// As given.
        key: String,
        /// Table of the new files.
        table: String,
        /// Column.
        column: String,
    },
    /// Changes of codes that contradict each other.
    #[error(transparent)]
    Codes(#[from] CodeMapError),
    /// Rows went missing or appeared.
    #[error("{file}: 行数或金额不平衡 / rows or sums do not come out: {what}")]
    Unbalanced {
        /// File.
        file: String,
        /// What differs.
        what: String,
    },
    /// A sealed store that cannot be opened.
    #[error("{}: 密封文件无法打开 / the sealed file cannot be opened: {why}", path.display())]
    Sealed {
        /// The file.
        path: PathBuf,
        /// Why.
        why: String,
    },
}

impl LedgerError {
    /// A refusal of the file system.
    pub(crate) fn io(path: &Path, source: std::io::Error) -> Self {
        Self::Io { path: path.to_owned(), source }
    }

    /// How a caller should end.
    #[must_use]
    pub fn class(&self) -> Class {
        match self {
            Self::Io { .. } => Class::Io,
            Self::Files(list) if !list.iter().any(|e| matches!(e, Refusal::Refused { .. })) => {
                Class::Io
            }
            Self::Foreign { .. } => Class::CannotCreate,
            Self::Locked { .. } => Class::Locked,
            Self::OtherKey { .. } | Self::Key(_) | Self::NoKey { .. } | Self::Sealed { .. } => {
                Class::Key
            }
            Self::Encode { .. } | Self::Unbalanced { .. } => Class::Bug,
            _ => Class::Refused,
        }
    }
}
