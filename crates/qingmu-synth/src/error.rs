//! What can go wrong while a county is written.

use std::path::PathBuf;

/// A county that could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SynthError {
    /// Options out of range.
    #[error(transparent)]
    Options(#[from] crate::province::OptionsError),
    /// A file could not be encoded.
    #[error("{file}: cannot encode: {why}")]
    Encode {
        /// File, relative to the folder.
        file: String,
        /// What the encoder says.
        why: String,
    },
    /// A file or folder could not be written.
    #[error("{path}: cannot write; choose a folder that can be written to")]
    Write {
        /// Where.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

impl SynthError {
    pub(crate) fn encode(file: &str, why: &impl ToString) -> Self {
        Self::Encode { file: file.to_owned(), why: why.to_string() }
    }
}
