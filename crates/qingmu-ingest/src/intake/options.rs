//! What is known about files beside the files.

use super::MappingFile;
use qingmu_cells::{CodeMap, IdRule, Pseudonyms, Villages};
use qingmu_model::RegionLevels;
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

    /// The villages given, of the county given.
    pub(super) fn known_villages(&self) -> Villages {
        let villages = self.villages.clone().unwrap_or_default();
        match &self.county {
            Some(county) => villages.within(county),
            None => villages,
        }
    }
}
