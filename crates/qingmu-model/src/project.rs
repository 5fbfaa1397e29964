//! What differs from country to country and county to county: levels, units, crop groups, programmes.

use crate::region::{RegionError, RegionLevels};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Unit in which areas of the input are written; inside everything is mu.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AreaUnit {
    /// 亩, 1/15 hectare.
    #[default]
    Mu,
    /// 公顷.
    Hectare,
    /// International acre, 4,046.8564224 m².
    Acre,
    /// 平方米.
    SquareMetre,
}

impl AreaUnit {
    /// Exact number of mu per unit as a fraction.
    #[must_use]
    pub const fn mu_ratio(self) -> (i128, i128) {
        match self {
            Self::Mu => (1, 1),
            Self::Hectare => (15, 1),
            Self::Acre => (60_702_846_336, 10_000_000_000),
            Self::SquareMetre => (15, 10_000),
        }
    }
}

/// What a programme pays on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Area sown with a crop; counts as use of land in its season.
    #[default]
    Planting,
    /// Contracted or certified land, whatever grows there (耕地地力保护补贴).
    Contract,
}

/// One subsidy programme as the statistics need it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Programme {
    /// Planting (default) or contract.
    #[serde(default)]
    pub basis: Basis,
    /// Baseline crops, groups or land classes its area is compared with, best first; empty: its own crops.
    #[serde(default)]
    pub reference: Vec<String>,
    /// Programmes of one such group never pay twice on the same land, so their areas add up.
    #[serde(default)]
    pub exclusive: Option<String>,
}

/// Configuration of a scan (`qingmu.toml` in the input folder).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Project {
    /// Currency of every amount, as printed.
    pub currency: String,
    /// Unit of areas in the input files.
    pub area_unit: AreaUnit,
    /// Region levels.
    pub region: RegionLevels,
    /// Crop groups: name to crops.
    pub crop_group: BTreeMap<String, Vec<String>>,
    /// Baseline names that are classes of land, not crops.
    pub land_class: Vec<String>,
    /// Crops that hold land against grain in a season's budget.
    pub competing: Vec<String>,
    /// Programmes by code; unknown ones are planting programmes without a reference of their own.
    pub programme: BTreeMap<String, Programme>,
    /// Baseline sources, most trusted first; decides ties only.
    pub source_order: Vec<String>,
}

/// A configuration that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProjectError {
    /// Levels or their roles.
    #[error(transparent)]
    Region(#[from] RegionError),
    /// Two meanings for one name.
    #[error("crop group `{0}` has the name of a crop or land class; rename the group")]
    GroupIsCrop(String),
    /// `all` is taken.
    #[error("crop group `all` is built in; rename the group")]
    GroupAll,
}

impl Default for Project {
    fn default() -> Self {
        let words = |list: &[&str]| list.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>();
        let groups = [
            (
                "grain",
                words(&[
                    "wheat",
                    "maize",
                    "rice",
                    "soybean",
                    "millet",
                    "sorghum",
                    "barley",
                    "oats",
                    "potato",
                    "sweet_potato",
                    "buckwheat",
                ]),
            ),
            ("oil", words(&["rapeseed", "peanut", "sesame", "sunflower"])),
        ];
        let contract = Programme {
            basis: Basis::Contract,
            reference: words(&["contracted", "arable"]),
            exclusive: None,
        };
        let planting = |reference: &[&str]| Programme {
            basis: Basis::Planting,
            reference: words(reference),
            exclusive: None,
        };
        let programmes = [
            ("FERTILITY", contract),
            ("GRAIN", planting(&["grain"])),
            ("MAIZE_SOY", planting(&[])),
            ("RICE", planting(&["rice"])),
        ];
        Self {
            currency: "CNY".to_owned(),
            area_unit: AreaUnit::Mu,
            region: RegionLevels::china(),
            crop_group: groups.into_iter().map(|(k, v)| (k.to_owned(), v)).collect(),
            land_class: words(&["arable", "contracted", "forest", "facility", "fallow"]),
            competing: words(&["vegetable", "orchard", "nursery", "tea", "facility"]),
            programme: programmes.into_iter().map(|(k, v)| (k.to_owned(), v)).collect(),
            source_order: words(&[
                "land_survey",
                "contract_register",
                "remote_sensing",
                "insurance",
                "stat_yearbook",
            ]),
        }
    }
}

impl Project {
    /// Checks that names are unambiguous and levels usable.
    ///
    /// # Errors
    /// [`ProjectError`] naming the key.
    pub fn validate(&self) -> Result<(), ProjectError> {
        self.region.validate()?;
        for name in self.crop_group.keys() {
            if name == "all" {
                return Err(ProjectError::GroupAll);
            }
            let is_crop = self.crop_group.values().flatten().any(|crop| crop == name);
            if is_crop || self.land_class.contains(name) {
                return Err(ProjectError::GroupIsCrop(name.clone()));
            }
        }
        Ok(())
    }

    /// The programme's entry, or the default for an unknown one.
    #[must_use]
    pub fn programme(&self, code: &str) -> Programme {
        self.programme.get(code).cloned().unwrap_or_default()
    }

    /// Crops of a group; a crop is the group of itself; `None` for `all`.
    #[must_use]
    pub fn crops_of<'a>(&'a self, name: &'a str) -> Option<Vec<&'a str>> {
        if name == "all" {
            return None;
        }
        Some(match self.crop_group.get(name) {
            Some(crops) => crops.iter().map(String::as_str).collect(),
            None => vec![name],
        })
    }

    /// Every crop, group and land class the configuration names, sorted; what `claimed.X` may end in.
    #[must_use]
    pub fn known_names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self
            .crop_group
            .iter()
            .flat_map(|(group, crops)| {
                std::iter::once(group.as_str()).chain(crops.iter().map(String::as_str))
            })
            .chain(self.land_class.iter().map(String::as_str))
            .chain(self.competing.iter().map(String::as_str))
            .chain(std::iter::once("all"))
            .collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_is_usable_and_survives_toml() {
        let project = Project::default();
        assert_eq!(project.validate(), Ok(()));
        let text = toml::to_string(&project).unwrap_or_default();
        assert_eq!(toml::from_str::<Project>(&text).ok(), Some(project.clone()));
        assert_eq!(project.programme("FERTILITY").basis, Basis::Contract);
        assert_eq!(project.programme("NEW").basis, Basis::Planting);
    }

    #[test]
    fn ambiguous_names_are_refused() {
        let mut project = Project::default();
        project.crop_group.insert("wheat".to_owned(), vec!["wheat".to_owned()]);
        assert_eq!(
            project.validate().map_err(|e| e.to_string()),
            Err("crop group `wheat` has the name of a crop or land class; rename the group"
                .to_owned())
        );
        project.crop_group.remove("wheat");
        project.crop_group.insert("all".to_owned(), Vec::new());
        assert_eq!(
            project.validate().map_err(|e| e.to_string()),
            Err("crop group `all` is built in; rename the group".to_owned())
        );
    }
}
