//! The detection run: from an input folder's rows and baselines to an assessment of every village-year.
//!
//! [`run`] gathers the rows (`qingmu-evidence`), sets the claims of every planting programme beside its sources, fits
//! and weighs them (`qingmu-deviation`), fuses all evidence (`qingmu-fusion`) and tells what came of it in the words
//! of the domain. Missing data abstain: they neither accuse nor clear.

mod assessments;
mod blocks;
mod centres;
mod clusters;
mod coverage;
mod error;
mod expected;
mod groups;
mod judged;
mod model_file;
mod notes;
mod outcomes;
mod panels;
mod places;
mod reasons;
mod run;
mod series;
mod sources;
mod summary;
mod tested;

pub use blocks::{BlockKind, DenseBlock};
pub use centres::{CentreKind, CountyCentre};
pub use clusters::{ApproverEffect, Clusters, Gathering, PostChange};
pub use coverage::{Coverage, HealthCheck, SeriesCoverage};
pub use error::DetectError;
pub use model_file::{MODEL_FORMAT, ModelFile, SeriesModel};
pub use outcomes::{Taught, Update, learn_from};
pub use qingmu_fusion::learning::{Channel, Learned};
pub use qingmu_input::outcomes::{OutcomeRow, Verdict, read_outcomes};
pub use run::{Detection, Options, run};
pub use summary::Summary;
