//! What can go wrong while leads are written.

use std::io;

/// A lead file that could not be written, or must not be.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LeadError {
    /// The disk or the pipe.
    #[error("{output}: cannot write: {source}; check free space and rights of the output folder")]
    Write {
        /// Name of the output.
        output: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// The Parquet encoder.
    #[error("{output}: cannot encode: {source}; this is a bug, please report it")]
    Parquet {
        /// Name of the output.
        output: &'static str,
        /// What the encoder said.
        source: parquet::errors::ParquetError,
    },
    /// The JSON encoder.
    #[error("{output}: cannot encode: {source}; this is a bug, please report it")]
    Json {
        /// Name of the output.
        output: &'static str,
        /// What the encoder said.
        source: serde_json::Error,
    },
    /// Two different leads with one id.
    #[error(
        "leads {first} and {second} share the id {id}; nothing is written, because a decision on one would hit the other"
    )]
    SameId {
        /// The id.
        id: String,
        /// Kind, region and year of one.
        first: String,
        /// Kind, region and year of the other.
        second: String,
    },
    /// Rows that are neither kept nor rejected.
    #[error(
        "manifest.json: {file}: {read} rows read, but {kept} kept + {rejected} rejected; a row disappeared, nothing is written"
    )]
    Unbalanced {
        /// File of the input.
        file: String,
        /// Rows read.
        read: u64,
        /// Rows kept.
        kept: u64,
        /// Rows rejected.
        rejected: u64,
    },
    /// A path of one machine would make the same run look different elsewhere.
    #[error("manifest.json: {key} is the absolute path `{path}`; give it relative to the input")]
    AbsolutePath {
        /// Option or input.
        key: String,
        /// The path.
        path: String,
    },
    /// A total beyond the fixed-point range.
    #[error("manifest.json: table {table}: {source}")]
    Total {
        /// Table.
        table: String,
        /// What left the range.
        source: qingmu_model::QuantityError,
    },
}
