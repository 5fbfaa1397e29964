//! The mapping of a file's columns: shown with its scores, written to TOML, used again next month.

use qingmu_cells::{SourceUnit, plain};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One column of a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MappedColumn {
    /// Header as read, levels joined with `/`.
    pub header: String,
    /// Our field; absent: the column is not used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Crop that the column is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub crop: Option<String>,
    /// Sum over the crop columns of the same field.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub subtotal: bool,
    /// Unit word such as 亩 or 万元.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// 0-based column in the sheet; a reused mapping finds columns by header, not by place.
    #[serde(skip)]
    pub column: u32,
    /// How sure: 1 for a known spelling or one stated by the user.
    #[serde(skip)]
    pub score: f64,
    /// Nearest known spellings of a column that is not used.
    #[serde(skip)]
    pub nearest: Vec<String>,
}

/// Columns and constants of a sheet.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// Table that the rows belong to.
    pub table: String,
    /// Values that hold for every row, by field (`year = "2024"`, `programme = "FERTILITY"`).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub constants: BTreeMap<String, String>,
    /// Unit of areas whose column names none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area_unit: Option<String>,
    /// Unit of money whose column names none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub money_unit: Option<String>,
    /// Columns, in the order of the sheet.
    #[serde(default, rename = "column")]
    pub columns: Vec<MappedColumn>,
    /// Header rows of the sheet, 0-based, first and last.
    #[serde(skip)]
    pub header: (u32, u32),
}

/// A mapping file that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MappingError {
    /// Not TOML, or keys that no mapping has.
    #[error("映射文件无法读取 / the mapping cannot be read: {0}")]
    Toml(String),
    /// Unknown table.
    #[error("没有 {0} 表 / there is no table `{0}`; write one of: {1}")]
    Table(String, String),
    /// A field the table does not have.
    #[error(
        "列 {header} 对应的 {field} 不是 {table} 表的字段 / `{field}` of column {header} is no field of {table}"
    )]
    Field {
        /// Header.
        header: String,
        /// Field as written.
        field: String,
        /// Table.
        table: String,
    },
    /// An unknown unit.
    #[error(
        "单位 {0} 无法识别 / unit `{0}` is not known; write one of 亩 万亩 分 公顷 平方米 英亩 元 万元 元/亩 元/公顷"
    )]
    Unit(String),
    /// An unknown crop.
    #[error("作物 {0} 无法识别 / crop `{0}` is not known")]
    Crop(String),
}

impl Mapping {
    /// From the text of a mapping file.
    ///
    /// # Errors
    /// [`MappingError`] naming what is wrong.
    pub fn from_toml(text: &str) -> Result<Self, MappingError> {
        let mapping: Self = toml::from_str(text)
            .map_err(|e| MappingError::Toml(e.to_string().trim().to_owned()))?;
        mapping.check()?;
        Ok(mapping)
    }

    /// The text of a mapping file.
    ///
    /// # Errors
    /// [`MappingError::Toml`] if a text cannot be written as TOML.
    pub fn to_toml(&self) -> Result<String, MappingError> {
        toml::to_string_pretty(self).map_err(|e| MappingError::Toml(e.to_string()))
    }

    pub(crate) fn check(&self) -> Result<(), MappingError> {
        if qingmu_model::table(&self.table).is_none() {
            let known: Vec<&str> = qingmu_model::TABLES.iter().map(|t| t.name).collect();
            return Err(MappingError::Table(self.table.clone(), known.join(" ")));
        }
        let field_error = |header: &str, field: &str| MappingError::Field {
            header: header.to_owned(),
            field: field.to_owned(),
            table: self.table.clone(),
        };
        for field in self.constants.keys() {
            if !super::aliases::is_field(&self.table, field) {
                return Err(field_error("[constants]", field));
            }
        }
        let units = self.columns.iter().filter_map(|c| c.unit.as_ref());
        for unit in units.chain(&self.area_unit).chain(&self.money_unit) {
            if SourceUnit::parse(unit).is_none() {
                return Err(MappingError::Unit(unit.clone()));
            }
        }
        for column in &self.columns {
            if let Some(field) = &column.field
                && !super::aliases::is_field(&self.table, field)
            {
                return Err(field_error(&column.header, field));
            }
            if let Some(crop) = &column.crop
                && qingmu_cells::word("crop", crop).is_none()
            {
                return Err(MappingError::Crop(crop.clone()));
            }
        }
        Ok(())
    }

    /// What the user states about a column with these header levels.
    pub(crate) fn stated(&self, levels: &[String]) -> Option<&MappedColumn> {
        let name = header_key(&levels.join("/"));
        self.columns.iter().find(|c| header_key(&c.header) == name)
    }

    /// Whether another mapping says the same of the same headers.
    pub(crate) fn same_layout(&self, other: &Self) -> bool {
        let said = |m: &Self| -> Vec<_> {
            let column = |c: &MappedColumn| {
                (header_key(&c.header), c.field.clone(), c.crop.clone(), c.unit.clone())
            };
            m.columns.iter().map(column).collect()
        };
        self.table == other.table
            && said(self) == said(other)
            && (&self.constants, &self.area_unit, &self.money_unit)
                == (&other.constants, &other.area_unit, &other.money_unit)
    }

    /// Mean score of the columns in use; 0 without any.
    #[must_use]
    pub fn score(&self) -> f64 {
        let used: Vec<f64> =
            self.columns.iter().filter(|c| c.field.is_some()).map(|c| c.score).collect();
        if used.is_empty() { 0.0 } else { used.iter().sum::<f64>() / used.len() as f64 }
    }
}

/// Header as compared with next month's: years and blanks do not count.
fn header_key(header: &str) -> String {
    header.split('/').map(|level| plain(level).with).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"table = "claims"
area_unit = "亩"

[constants]
programme = "FERTILITY"

[[column]]
header = "甲面积/小麦"
field = "area_mu"
crop = "wheat"
unit = "公顷"

[[column]]
header = "无关"
"#;

    #[test]
    fn a_mapping_round_trips() {
        let mapping = Mapping::from_toml(TEXT);
        let again = mapping.as_ref().map(Mapping::to_toml).ok().and_then(Result::ok);
        assert_eq!(again.as_deref(), Some(TEXT));
        let mapping = mapping.unwrap_or_default();
        let levels = ["2025年甲 面积".to_owned(), "小麦*".to_owned()];
        assert_eq!(mapping.stated(&levels).map(|c| c.unit.as_deref()), Some(Some("公顷")));
        assert_eq!(mapping.stated(&levels[..1]), None);
        assert!(mapping.score().abs() < 1e-9, "scores are not stored");
    }

    #[test]
    fn what_cannot_be_used_says_why() {
        let wrong = |from: &str, to: &str| {
            Mapping::from_toml(&TEXT.replace(from, to)).map_err(|e| e.to_string())
        };
        for (from, to, message) in [
            (
                "\"area_mu\"",
                "\"area\"",
                "列 甲面积/小麦 对应的 area 不是 claims 表的字段 / `area` of column 甲面积/小麦 is no field of claims",
            ),
            (
                "programme =",
                "program =",
                "列 [constants] 对应的 program 不是 claims 表的字段 / `program` of column [constants] is no field of claims",
            ),
            (
                "公顷",
                "垧",
                "单位 垧 无法识别 / unit `垧` is not known; write one of 亩 万亩 分 公顷 平方米 英亩 元 万元 元/亩 元/公顷",
            ),
            ("\"wheat\"", "\"麦\"", "作物 麦 无法识别 / crop `麦` is not known"),
            (
                "\"claims\"",
                "\"claim\"",
                "没有 claim 表 / there is no table `claim`; write one of: claims baselines villages persons households parcels transfers payments programmes posts code_map petitions publicity inspections organisations flows funds inspectors",
            ),
        ] {
            assert_eq!(wrong(from, to), Err(message.to_owned()));
        }
        let unknown_key = wrong("header = \"无关\"", "title = \"无关\"").err().unwrap_or_default();
        let start = "映射文件无法读取 / the mapping cannot be read: ";
        assert!(unknown_key.starts_with(start), "{unknown_key}");
    }
}
