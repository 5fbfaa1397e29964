//! Readers: one file per format, all of them feeding a [`Sink`].

mod biff;
mod cfb;
mod delimited;
mod detect;
mod encoding;
mod ods;
mod parquet;
mod serial;
mod xls;
mod xlsx;
mod xlsx_marks;

use crate::Limits;
use crate::error::{IngestError, Refusal, RefusalCode};
use crate::workbook::{Found, Metered, Note, RawWorkbook, SheetBuilder, Sink};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

/// How to read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReadOptions {
    /// Text encoding if it is known; otherwise it is told from the bytes.
    pub encoding: Option<String>,
    /// What the file may ask for.
    pub limits: Limits,
}

/// Reads a file in this process. For files of unknown origin use [`crate::isolate::Isolation`]: a reader may panic or
/// ask for too much memory, and only a process of its own survives that.
///
/// # Errors
/// [`IngestError::Io`] where the file system refuses, [`IngestError::Refused`] with the digest where the file does.
pub fn read_file(path: &Path, options: &ReadOptions) -> Result<RawWorkbook, IngestError> {
    let mut builder = SheetBuilder::default();
    let (found, digest) = read_into(path, options, &mut builder)?;
    Ok(RawWorkbook {
        sheets: builder.finish(),
        format: found.format,
        encoding: found.encoding,
        digest,
        notes: found.notes,
    })
}

/// Reads a file into a sink; the digest is that of the very bytes that were read.
///
/// # Errors
/// As [`read_file`]; what reached the sink before a refusal must not be used.
pub fn read_into<S: Sink>(
    path: &Path,
    options: &ReadOptions,
    sink: &mut S,
) -> Result<(Found, String), IngestError> {
    let io = |source| IngestError::Io { path: path.to_path_buf(), source };
    let limit = options.limits.file_bytes;
    let mut file = open(path).map_err(io)?;
    let length = file.metadata().map_err(io)?.len();
    if length > limit {
        let digest = digest_of(&mut file).map_err(io)?;
        return Err(Refusal::new(
            RefusalCode::TooLarge,
            format!("文件超过 {limit} 字节"),
            format!("the file has more than {limit} bytes"),
        )
        .of(path, &digest));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
    file.take(limit).read_to_end(&mut bytes).map_err(io)?;
    let digest = hex(&Sha256::digest(&bytes));
    let extension = path.extension().map(|e| e.to_string_lossy().to_lowercase());
    let mut metered = Metered::new(sink, &options.limits);
    let found = detect::read(bytes, options, &mut metered).map_err(|r| r.of(path, &digest))?;
    Ok((with_extension(found, extension), digest))
}

/// SHA-256 of a regular file, lower-case hex.
///
/// # Errors
/// Where the file system refuses, and for anything that is not a regular file.
pub fn digest(path: &Path) -> std::io::Result<String> {
    digest_of(&mut open(path)?)
}

fn digest_of(file: &mut File) -> std::io::Result<String> {
    let mut hasher = Sha256::new();
    let mut buffer = vec![0u8; 256 << 10];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok(hex(&hasher.finalize())),
            Ok(read) => hasher.update(&buffer[..read]),
            Err(e) if e.kind() == ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
}

/// Lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|b| [b >> 4, b & 15])
        .map(|d| char::from(b"0123456789abcdef"[usize::from(d)]))
        .collect()
}

/// Opens regular files only: opening a pipe would wait for ever, a device never ends.
fn open(path: &Path) -> std::io::Result<File> {
    if !std::fs::metadata(path)?.is_file() {
        return Err(std::io::Error::new(
            ErrorKind::InvalidInput,
            "不是普通文件 / not a regular file",
        ));
    }
    File::open(path)
}

fn with_extension(mut found: Found, extension: Option<String>) -> Found {
    if let Some(extension) = extension
        && !found.format.extensions().contains(&extension.as_str())
    {
        found.notes.insert(0, Note::ExtensionMismatch { extension });
    }
    found
}

/// Stands for a formula whose result the file does not hold: the cell is there, its value is not.
pub const NO_VALUE: &str = "#NOVALUE!";
