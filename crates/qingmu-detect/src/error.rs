//! What stops a detection run.

use qingmu_deviation::DeviationError;
use qingmu_fusion::FusionError;
use qingmu_input::InputError;

/// A detection run that cannot be done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DetectError {
    /// The input folder.
    #[error(transparent)]
    Input(#[from] InputError),
    /// One programme's claims and sources.
    #[error("{programme}: {source}")]
    Deviation {
        /// Programme.
        programme: String,
        /// What was refused.
        source: DeviationError,
    },
    /// Evidence that does not fit together, or a frozen model of another record.
    #[error(transparent)]
    Fusion(#[from] FusionError),
    /// A frozen model that does not fit this input.
    #[error(
        "model.json: {0}; score with a model of this county's record, or leave --model out to learn one"
    )]
    Model(String),
    /// An outcome that cannot be learned from.
    #[error("outcomes: {0}")]
    Outcome(String),
    /// Threads that could not be started.
    #[error("cannot start threads: {0}; ask for fewer with --threads")]
    Threads(String),
}
