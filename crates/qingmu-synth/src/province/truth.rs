//! What is planted in a province, and what only looks like it.

use crate::province::options::ProvinceOptions;
use qingmu_model::{Mu, Yuan};
use serde::Serialize;

/// One scheme in one village and year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Planted {
    /// Village.
    pub village_code: String,
    /// Year.
    pub year: i16,
    /// Scheme.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// By which rows: `enlarged`, `invented`, `scaled`, or what the scheme itself says.
    pub how: &'static str,
    /// Area on the rows beyond what is due.
    pub excess_mu: Mu,
    /// Money on the rows beyond what is due.
    pub excess_yuan: Yuan,
    /// Area of the same programme that was honestly claimed.
    pub honest_mu: Mu,
    /// Whether the yearbook was raised to match.
    pub yearbook_matched: bool,
    /// Number of the ring, where the village is part of one.
    pub ring: Option<u32>,
}

/// One honest event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Honest {
    /// What happened.
    pub kind: &'static str,
    /// Village, town or county.
    pub region: String,
    /// Year; of lasting ones the first.
    pub year: i16,
}

impl Honest {
    /// An event of a village in a year counted from the first one.
    pub(crate) fn village(kind: &'static str, code: &str, year: usize) -> Self {
        Self { kind, region: code.to_owned(), year: i16::try_from(year).unwrap_or_default() }
    }
}

/// `truth.json` of a province.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ProvinceTruth {
    /// Plain words about the nature of the figures.
    pub note_zh: &'static str,
    /// Plain words about the nature of the figures.
    pub note_en: &'static str,
    /// What was asked for.
    pub options: ProvinceOptions,
    /// Villages in all.
    pub villages: usize,
    /// First year.
    pub first_year: i16,
    /// Number of years.
    pub years: usize,
    /// All excess area.
    pub excess_mu: Mu,
    /// All excess money.
    pub excess_yuan: Yuan,
    /// By village and year.
    pub planted: Vec<Planted>,
    /// Honest look-alikes.
    pub honest: Vec<Honest>,
}

/// What `truth.json` says about itself.
pub(crate) const NOTES: (&str, &str) = (
    "全部虚构：地区代码以99开头，不存在；人员、账户、面积、金额均由随机种子生成。",
    "All invented: region codes begin with 99 and do not exist; persons, accounts, areas and money come from a seed.",
);
