//! What to generate.

use std::str::FromStr;

/// Kind of province.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Setting {
    /// The noise of the published simulation plan: wheat and maize, three sources, four level schemes, no row traces.
    Classic,
    /// Everything: wide noise, every honest event, every scheme.
    Mixed,
    /// As mixed, and schemes that move money without a larger list, or leave the list and not the land.
    Wide,
    /// As mixed, but every excess is 5–10 %.
    Faint,
    /// As mixed, with nothing planted but one ring of six villages in a vegetable town.
    Ring,
}

/// A setting that does not exist.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no setting `{0}`; use classic, mixed, wide, faint or ring")]
pub struct SettingError(pub String);

impl FromStr for Setting {
    type Err = SettingError;

    fn from_str(text: &str) -> Result<Self, SettingError> {
        match text {
            "classic" => Ok(Self::Classic),
            "mixed" => Ok(Self::Mixed),
            "wide" => Ok(Self::Wide),
            "faint" => Ok(Self::Faint),
            "ring" => Ok(Self::Ring),
            other => Err(SettingError(other.to_owned())),
        }
    }
}

/// What to generate. Same options, same bytes.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct ProvinceOptions {
    /// Everything random follows from it.
    pub seed: u64,
    /// Kind of province.
    pub setting: Setting,
    /// Counties.
    pub counties: u32,
    /// Towns of a county.
    pub towns: u32,
    /// Villages of a town: exactly so many in the classic setting, about so many elsewhere.
    pub villages: u32,
    /// Years of claims, the last one being 2024.
    pub years: u32,
    /// Claimants of a village on average.
    pub claimants: u32,
    /// Relative excess of every level scheme at its height; drawn (mean 0.25, tail to 0.8) where absent.
    pub excess: Option<f64>,
    /// Share of villages with a scheme.
    pub fraud_share: f64,
    /// Plant nothing. The honest rows are the same.
    pub clean: bool,
}

impl Default for ProvinceOptions {
    fn default() -> Self {
        Self {
            seed: 7,
            setting: Setting::Mixed,
            counties: 50,
            towns: 12,
            villages: 14,
            years: 6,
            claimants: 30,
            excess: None,
            fraud_share: 0.03,
            clean: false,
        }
    }
}

/// Options out of range.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum OptionsError {
    /// A number outside its range.
    #[error("{name} = {value} is outside {low}..{high}; give a value in this range")]
    Range {
        /// Option.
        name: &'static str,
        /// What was given.
        value: f64,
        /// Least.
        low: f64,
        /// Greatest.
        high: f64,
    },
}

impl ProvinceOptions {
    /// Checks every number.
    ///
    /// # Errors
    /// [`OptionsError`] naming the option, its value and its range.
    pub fn check(&self) -> Result<(), OptionsError> {
        let numbers = [
            ("counties", f64::from(self.counties), 1.0, 90.0),
            ("towns", f64::from(self.towns), 1.0, 100.0),
            ("villages", f64::from(self.villages), 2.0, 300.0),
            ("years", f64::from(self.years), 1.0, 10.0),
            ("claimants", f64::from(self.claimants), 10.0, 1_000.0),
            ("excess", self.excess.unwrap_or(0.1), 0.01, 2.0),
            ("fraud-share", self.fraud_share, 0.0, 0.3),
        ];
        for (name, value, low, high) in numbers {
            if !(low..=high).contains(&value) {
                return Err(OptionsError::Range { name, value, low, high });
            }
        }
        Ok(())
    }

    /// First year of claims.
    #[must_use]
    pub fn first_year(&self) -> i16 {
        2025 - i16::try_from(self.years).unwrap_or(1)
    }

    pub(crate) fn years(&self) -> usize {
        self.years as usize
    }

    pub(crate) fn classic(&self) -> bool {
        self.setting == Setting::Classic
    }
}
