//! A file of mappings: one per layout, chosen by the headers that a sheet has.

use crate::header::{Mapping, MappingError, detect};
use qingmu_sheets::RawSheet;
use serde::{Deserialize, Serialize};

/// Mappings of one or more layouts. One stands in its file as it is, several as `[[mapping]]`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MappingFile {
    mappings: Vec<Mapping>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Several {
    mapping: Vec<Mapping>,
}

impl MappingFile {
    /// One mapping per layout: equal ones once, in the order given.
    #[must_use]
    pub fn new<'a>(all: impl IntoIterator<Item = &'a Mapping>) -> Self {
        let mut file = Self::default();
        for mapping in all {
            if !file.mappings.iter().any(|m| m.same_layout(mapping)) {
                file.mappings.push(mapping.clone());
            }
        }
        file
    }

    /// The mappings.
    #[must_use]
    pub fn mappings(&self) -> &[Mapping] {
        &self.mappings
    }

    /// From the text of a mapping file.
    ///
    /// # Errors
    /// [`MappingError`] naming what is wrong.
    pub fn from_toml(text: &str) -> Result<Self, MappingError> {
        let wrong = |e: toml::de::Error| MappingError::Toml(e.to_string().trim().to_owned());
        let value: toml::Table = toml::from_str(text).map_err(wrong)?;
        if !value.contains_key("mapping") {
            return Ok(Self { mappings: vec![Mapping::from_toml(text)?] });
        }
        let several: Several = toml::from_str(text).map_err(wrong)?;
        for mapping in &several.mapping {
            mapping.check()?;
        }
        Ok(Self { mappings: several.mapping })
    }

    /// The text of a mapping file.
    ///
    /// # Errors
    /// [`MappingError::Toml`] if a text cannot be written as TOML.
    pub fn to_toml(&self) -> Result<String, MappingError> {
        if let [one] = &self.mappings[..] {
            return one.to_toml();
        }
        let several = Several { mapping: self.mappings.clone() };
        toml::to_string_pretty(&several).map_err(|e| MappingError::Toml(e.to_string()))
    }

    /// The mapping of a sheet: the one of which most headers stand in it; one without columns fits every sheet.
    pub(crate) fn of(&self, sheet: &RawSheet) -> Option<&Mapping> {
        let fits = |mapping: &Mapping| {
            if mapping.columns.is_empty() {
                return Some(0);
            }
            let found = detect(sheet, &mapping.table, Some(mapping)).ok()?;
            let stated = found.labels.values().filter(|l| mapping.stated(l).is_some()).count();
            (stated > 0).then_some(stated)
        };
        let best = self.mappings.iter().rev().filter_map(|m| Some((fits(m)?, m)));
        best.max_by_key(|(stated, _)| *stated).map(|(_, mapping)| mapping)
    }
}
