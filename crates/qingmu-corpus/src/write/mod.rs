//! Writers of the formats that offices send: each small, by hand, and able to write what is wrong on purpose.

mod compound;
pub mod ods;
mod parquet;
mod text;
pub mod xls;
pub mod xlsx;

pub use compound::compound;
pub use parquet::parquet;
pub use text::{Encoding, csv, encode, tsv};

use crate::sheet::Sheet;
use std::io::{Cursor, Write as _};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

/// A format to write sheets in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Office Open XML.
    Xlsx,
    /// BIFF8, strings in UTF-16.
    Xls,
    /// BIFF5, strings in GBK.
    Xls5,
    /// OpenDocument.
    Ods,
    /// Comma-separated, in an encoding.
    Csv(Encoding),
    /// Tab-separated, in an encoding.
    Tsv(Encoding),
    /// Parquet: the first row names the columns.
    Parquet,
}

impl Format {
    /// Ending of file names.
    #[must_use]
    pub fn ending(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::Xls | Self::Xls5 => "xls",
            Self::Ods => "ods",
            Self::Csv(_) => "csv",
            Self::Tsv(_) => "tsv",
            Self::Parquet => "parquet",
        }
    }

    /// The sheets as a file; text and Parquet hold the first alone.
    #[must_use]
    pub fn file(self, sheets: &[Sheet]) -> Vec<u8> {
        let first = || sheets.first().cloned().unwrap_or_default();
        match self {
            Self::Xlsx => xlsx::file(sheets),
            Self::Xls => xls::file(sheets),
            Self::Xls5 => xls::file5(sheets),
            Self::Ods => ods::file(sheets),
            Self::Csv(encoding) => encode(&csv(&first()), encoding),
            Self::Tsv(encoding) => encode(&tsv(&first()), encoding),
            Self::Parquet => parquet(&first()),
        }
    }

    /// Whether cells keep their kind: text files turn everything into text and lose merges and hidden rows.
    #[must_use]
    pub fn typed(self) -> bool {
        !matches!(self, Self::Csv(_) | Self::Tsv(_))
    }
}

/// A zip of parts, packed.
#[must_use]
pub fn zip(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        writer.start_file(name.as_str(), options).expect("a part of a zip in memory");
        writer.write_all(content).expect("memory takes every byte");
    }
    writer.finish().expect("a zip in memory").into_inner()
}

/// Text for XML.
#[must_use]
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
