//! Reading real formats and hostile files; every file is made here, every person in it is invented.

#![allow(clippy::unwrap_used, reason = "a test that cannot build its file should stop there")]
#![allow(
    clippy::format_collect,
    reason = "small files are written for a reader's eye, not for speed"
)]

mod formats;
mod hostile;
mod isolation;
mod make;
mod parquet;
mod refusals;

use qingmu_sheets::isolate::Isolation;
use qingmu_sheets::{IngestError, RawWorkbook, ReadOptions, Refusal};
use std::path::PathBuf;
use tempfile::TempDir;

/// A file of these bytes in a folder of its own.
fn file(name: &str, bytes: &[u8]) -> (TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    (dir, path)
}

/// The reading process of this crate.
fn isolation() -> Isolation {
    Isolation::program(env!("CARGO_BIN_EXE_qingmu-read-untrusted").into(), [])
}

/// Reads bytes in a child process.
fn isolated(name: &str, bytes: &[u8], options: &ReadOptions) -> Result<RawWorkbook, IngestError> {
    let (_dir, path) = file(name, bytes);
    isolation().read(&path, options)
}

/// Reads bytes in this process.
fn direct(name: &str, bytes: &[u8], options: &ReadOptions) -> Result<RawWorkbook, IngestError> {
    let (_dir, path) = file(name, bytes);
    qingmu_sheets::read_file(&path, options)
}

/// The refusal of a result; stops where there is none.
fn refused(result: Result<RawWorkbook, IngestError>) -> Refusal {
    match result {
        Err(IngestError::Refused { refusal, sha256, .. }) => {
            assert_eq!(sha256.len(), 64);
            refusal
        }
        other => panic!("no refusal: {other:?}"),
    }
}
