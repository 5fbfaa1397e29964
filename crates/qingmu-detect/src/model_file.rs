//! `model.json`: every parameter of a run, so that any village can be scored again as it was.

use crate::error::DetectError;
use qingmu_deviation as deviation;
use qingmu_fusion as fusion;
use serde::{Deserialize, Serialize};

/// Version of the form; raised when an old file can no longer be read.
pub const MODEL_FORMAT: u32 = 1;

/// One series' model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeriesModel {
    /// `programme/group`.
    pub name: String,
    /// Programmes whose claims add up.
    pub programmes: Vec<String>,
    /// Crops of the baselines that add up.
    pub crops: Vec<String>,
    /// Centres and variances.
    pub model: deviation::Model,
}

/// Contents of `model.json`: with it, scoring is a pure function of the input.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelFile {
    /// [`MODEL_FORMAT`].
    pub format: u32,
    /// Version of the program that learned it.
    pub version: String,
    /// First year.
    pub first_year: i16,
    /// Number of years.
    pub years: usize,
    /// Constants of the deviation model.
    pub deviation: deviation::Config,
    /// Constants of the fusion.
    pub fusion: fusion::Options,
    /// Series, by name.
    pub series: Vec<SeriesModel>,
    /// Learned rates and weights.
    pub parameters: fusion::Parameters,
    /// What inspections taught; absent before any did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taught: Option<crate::outcomes::Taught>,
}

impl ModelFile {
    /// Reads a model.
    ///
    /// # Errors
    /// [`DetectError::Model`] for text that is none, or of another form.
    pub fn parse(text: &str) -> Result<Self, DetectError> {
        let model: Self = serde_json::from_str(text)
            .map_err(|e| DetectError::Model(format!("cannot be read ({e})")))?;
        if model.format != MODEL_FORMAT {
            let found = model.format;
            return Err(DetectError::Model(format!(
                "has form {found}, this program reads form {MODEL_FORMAT}"
            )));
        }
        Ok(model)
    }

    /// The text of `model.json`.
    ///
    /// # Errors
    /// [`DetectError::Model`] where a parameter cannot be written as JSON.
    pub fn text(&self) -> Result<String, DetectError> {
        let text = serde_json::to_string(self);
        text.map(|t| t + "\n").map_err(|e| DetectError::Model(format!("cannot be written ({e})")))
    }

    /// Refuses a record of other years.
    pub(crate) fn fits(&self, first_year: i16, years: usize) -> Result<(), DetectError> {
        if (self.first_year, self.years) == (first_year, years) {
            return Ok(());
        }
        let last =
            |first: i16, years: usize| i32::from(first) + i32::try_from(years).unwrap_or(0) - 1;
        Err(DetectError::Model(format!(
            "was learned on {}-{}, the input holds {}-{}",
            self.first_year,
            last(self.first_year, self.years),
            first_year,
            last(first_year, years)
        )))
    }

    pub(crate) fn series(&self, name: &str) -> Result<&deviation::Model, DetectError> {
        let found = self.series.iter().find(|s| s.name == name).map(|s| &s.model);
        found.ok_or_else(|| DetectError::Model(format!("has no series {name}")))
    }
}
