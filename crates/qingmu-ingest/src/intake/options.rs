//! What is known about files beside the files.

use super::MappingFile;
use crate::header::distance;
use qingmu_cells::{CodeMap, IdRule, Pseudonyms, Villages};
use qingmu_model::{Bilingual, RegionLevels};
use qingmu_sheets::Limits;
use std::collections::BTreeMap;

/// Values that hold for every row, by canonical column: `year`, `season`, `programme`, `crop`, `village_code`,
/// `source`, …; and `area_unit`, `money_unit` for columns that name none. What a row says itself wins.
pub type Constants = BTreeMap<String, String>;

/// Where files are parsed.
#[derive(Debug, Clone)]
pub enum Isolation {
    /// In a process of its own, with limits: for every file that somebody handed over.
    Child(qingmu_sheets::isolate::Isolation),
    /// In this process: tests only.
    InProcess,
}

/// What to do with village names where no villages table was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Names {
    /// A sheet with names is refused: nothing may be booked on a name.
    #[default]
    Resolve,
    /// Names stay as written, with a warning: for looking at a file, never for keeping its rows.
    AsWritten,
}

/// A statement that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SetError {
    /// No `=` in it.
    Form,
    /// No table has such a field.
    Field {
        /// Field as written.
        field: String,
        /// The field nearest to it.
        near: String,
    },
}

impl SetError {
    /// What is wrong.
    #[must_use]
    pub fn what(&self) -> Bilingual {
        match self {
            Self::Form => Bilingual::new("应写成 字段=值", "write FIELD=VALUE"),
            Self::Field { field, near } => Bilingual::new(
                format!("没有字段 {field}，是否为 {near}？"),
                format!("there is no field {field}; did you mean {near}?"),
            ),
        }
    }
}

/// How files are taken in.
#[derive(Debug, Clone)]
pub struct IntakeOptions {
    /// Text encoding, if it is known.
    pub encoding: Option<String>,
    /// Mappings stated by the user.
    pub map: Option<MappingFile>,
    /// Values that hold for every row.
    pub constants: Constants,
    /// Town (name or code) that the files are about.
    pub town: Option<String>,
    /// Digits of the county's code that the files are about: villages elsewhere are not known.
    pub county: Option<String>,
    /// Table of every sheet; `None`: told from the columns.
    pub table: Option<String>,
    /// Villages that names are resolved against.
    pub villages: Option<Villages>,
    /// Changes of codes.
    pub code_map: CodeMap,
    /// Levels of region codes.
    pub levels: RegionLevels,
    /// Rules that ids are held against.
    pub id_rule: IdRule,
    /// Key of the pseudonyms; without it clear ids stay in memory, masked in print.
    pub pseudonyms: Option<Pseudonyms>,
    /// Names without a villages table.
    pub names: Names,
    /// Where files are parsed.
    pub isolation: Isolation,
    /// What a file may ask for.
    pub limits: Limits,
}

impl IntakeOptions {
    /// China's rules and nothing stated.
    #[must_use]
    pub fn new(isolation: Isolation) -> Self {
        Self {
            encoding: None,
            map: None,
            constants: Constants::new(),
            town: None,
            county: None,
            table: None,
            villages: None,
            code_map: CodeMap::default(),
            levels: RegionLevels::china(),
            id_rule: IdRule::default(),
            pseudonyms: None,
            names: Names::default(),
            isolation,
            limits: Limits::default(),
        }
    }

    /// Takes a statement `field=value` that holds for every row, or for the file: `town`, `county`, `area_unit`,
    /// `money_unit`.
    ///
    /// # Errors
    /// [`SetError`] where there is no such field.
    pub fn set(&mut self, text: &str) -> Result<(), SetError> {
        let (field, value) = text.split_once('=').ok_or(SetError::Form)?;
        let (field, value) = (field.trim(), value.trim().to_owned());
        match field {
            "town" => self.town = Some(value),
            "county" => self.county = Some(value),
            _ => {
                let of_a_table =
                    qingmu_model::TABLES.iter().flat_map(|t| t.columns).map(|c| c.name);
                let known: Vec<&str> =
                    of_a_table.chain(["area_unit", "money_unit", "town", "county"]).collect();
                if !known.contains(&field) {
                    let near = known.into_iter().min_by_key(|name| distance(name, field));
                    return Err(SetError::Field {
                        field: field.to_owned(),
                        near: near.unwrap_or_default().to_owned(),
                    });
                }
                self.constants.insert(field.to_owned(), value);
            }
        }
        Ok(())
    }

    /// The villages given, of the county given.
    pub(super) fn known_villages(&self) -> Villages {
        let villages = self.villages.clone().unwrap_or_default();
        match &self.county {
            Some(county) => villages.within(county),
            None => villages,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_taken_or_answered() {
        let mut options = IntakeOptions::new(Isolation::InProcess);
        for text in ["year = 2024", "town=安吴镇", "county=610423", "area_unit=亩"] {
            assert_eq!(options.set(text), Ok(()), "{text}");
        }
        let constants = [("area_unit", "亩"), ("year", "2024")];
        let constants = constants.map(|(k, v)| (k.to_owned(), v.to_owned()));
        assert_eq!(options.constants, BTreeMap::from(constants));
        let towns = (options.town.as_deref(), options.county.as_deref());
        assert_eq!(towns, (Some("安吴镇"), Some("610423")));
        let wrong = |text: &str| {
            let mut options = IntakeOptions::new(Isolation::InProcess);
            options.set(text).map_err(|e| (e.what().zh, e.what().en))
        };
        let said = |zh: &str, en: &str| Err((zh.to_owned(), en.to_owned()));
        assert_eq!(wrong("year"), said("应写成 字段=值", "write FIELD=VALUE"));
        assert_eq!(
            wrong("yaer=2024"),
            said("没有字段 yaer，是否为 year？", "there is no field yaer; did you mean year?")
        );
    }
}
