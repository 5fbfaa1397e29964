//! Why a sheet is refused as a whole: what, where, what to do.

use qingmu_model::Bilingual;
use std::fmt;

/// A sheet that cannot be interpreted. Bad rows are no errors: they are rejects.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum InterpretError {
    /// No row looks like a header.
    NoHeader {
        /// File and sheet.
        place: String,
        /// Row that comes nearest, as people count.
        nearest: Option<u64>,
        /// Texts of that row with the nearest known spellings, empty where nothing is near.
        similar: String,
    },
    /// Required columns are missing.
    Columns {
        /// File and sheet.
        place: String,
        /// Names of the fields.
        missing: String,
        /// Columns not known, each with the nearest spellings.
        unknown: String,
        /// Whether it has a column of areas, money, codes or ids: without one there is nothing in it to lose.
        substance: bool,
        /// Whether no column says who claims.
        nobody: bool,
    },
    /// Two columns have one meaning.
    Duplicate {
        /// File and sheet.
        place: String,
        /// First column.
        first: String,
        /// Second column.
        second: String,
        /// Field.
        field: String,
    },
    /// 面积 may be claimed, contracted or surveyed land.
    Area {
        /// File and sheet.
        place: String,
        /// Columns.
        columns: String,
    },
    /// No unit, or two.
    Unit {
        /// File, sheet and column.
        place: String,
        /// Header.
        header: String,
    },
    /// A stated unit that measures something else.
    WrongUnit {
        /// File, sheet and column.
        place: String,
        /// Header.
        header: String,
        /// Unit.
        unit: String,
    },
    /// A constant that its field cannot hold.
    Constant {
        /// File and sheet.
        place: String,
        /// Field.
        field: String,
        /// Value as given.
        value: String,
        /// Class of the damage.
        reason: Bilingual,
    },
    /// Names of villages and nothing to resolve them with.
    NoVillages {
        /// File, sheet and column.
        place: String,
    },
    /// A table that does not exist.
    Table {
        /// File and sheet.
        place: String,
        /// Name as given.
        table: String,
    },
}

impl InterpretError {
    /// Whether nothing in the sheet looks like a table.
    #[must_use]
    pub fn no_table(&self) -> bool {
        match self {
            Self::NoHeader { nearest, similar, .. } => nearest.is_none() && similar.is_empty(),
            Self::Columns { substance, .. } => !substance,
            _ => false,
        }
    }

    /// Whether it has figures and no column that says whose they are.
    #[must_use]
    pub fn names_nobody(&self) -> bool {
        matches!(self, Self::Columns { nobody: true, .. })
    }

    /// File, sheet and, where one is to blame, column: `台账.xlsx!2024年!F`.
    #[must_use]
    pub fn place(&self) -> &str {
        match self {
            Self::NoHeader { place, .. }
            | Self::Columns { place, .. }
            | Self::Duplicate { place, .. }
            | Self::Area { place, .. }
            | Self::Unit { place, .. }
            | Self::WrongUnit { place, .. }
            | Self::Constant { place, .. }
            | Self::NoVillages { place }
            | Self::Table { place, .. } => place,
        }
    }

    /// What is wrong.
    #[must_use]
    pub fn what(&self) -> Bilingual {
        match self {
            Self::NoHeader { nearest, similar, .. } => {
                let row =
                    nearest.map(|r| (format!("，第{r}行最接近"), format!("; row {r} is nearest")));
                let (zh, en) = row.unwrap_or_default();
                let dots = if similar.is_empty() { "" } else { "：" };
                Bilingual::new(
                    format!("前30行中找不到表头{zh}{dots}{similar}"),
                    format!(
                        "no header among the first 30 rows{en}{}{similar}",
                        dots.replace('：', ": ")
                    ),
                )
            }
            Self::Columns { missing, unknown, .. } => Bilingual::new(
                format!("缺少必需的列 {missing}；未识别的列 {unknown}"),
                format!("required columns are missing: {missing}; columns not known: {unknown}"),
            ),
            Self::Duplicate { first, second, field, .. } => Bilingual::new(
                format!("{first} 与 {second} 两列都是 {field}"),
                format!("columns {first} and {second} both mean {field}"),
            ),
            Self::Area { columns, .. } => Bilingual::new(
                format!("{columns} 是补贴面积、承包面积还是土地面积无法判断"),
                format!("whether {columns} is claimed, contracted or surveyed land cannot be told"),
            ),
            Self::Unit { header, .. } => Bilingual::new(
                format!("{header} 没有单位"),
                format!("the unit of {header} is not stated"),
            ),
            Self::WrongUnit { header, unit, .. } => Bilingual::new(
                format!("{header} 的单位不能是 {unit}"),
                format!("{unit} is no unit for {header}"),
            ),
            Self::Constant { field, value, reason, .. } => Bilingual::new(
                format!("给定的 {field} = {value} 无法使用（{}）", reason.zh),
                format!("the given {field} = {value} cannot be used ({})", reason.en),
            ),
            Self::NoVillages { .. } => Bilingual::new(
                "村名需要村名录才能对应代码",
                "names of villages need the list of villages with their codes",
            ),
            Self::Table { table, .. } => {
                Bilingual::new(format!("没有 {table} 表"), format!("there is no table {table}"))
            }
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn remedy(&self) -> Bilingual {
        let (zh, en) = match self {
            Self::NoHeader { .. } => ("用 --map 指明各列", "name the columns with --map"),
            Self::Columns { .. } => (
                "用 --map 指明列，或用 --set 字段=值 给出整表相同的值",
                "name the columns with --map, or give what holds for all rows with --set FIELD=VALUE",
            ),
            Self::Duplicate { .. } => {
                ("用 --map 指明以哪一列为准", "state with --map which one holds")
            }
            Self::Area { .. } => ("用 --map 指明", "state it with --map"),
            Self::Unit { .. } => (
                "写进表头（亩、公顷、元…）或表上方（单位：亩、元），或用 --set area_unit=亩、--set money_unit=元",
                "write it into the header (亩, 公顷, 元 …) or above the table (单位：亩、元), or use --set area_unit=亩, --set money_unit=元",
            ),
            Self::WrongUnit { .. } => ("改正表头的单位", "correct the unit in the header"),
            Self::Constant { .. } => {
                ("改正 --set 或映射文件中的值", "correct the value of --set or of the mapping")
            }
            Self::NoVillages { .. } => (
                "把村名录（村代码、村名、乡镇）与本文件一起交来",
                "hand over the list of villages (code, name, town) together with this file",
            ),
            Self::Table { .. } => (
                "改为 claims、baselines、villages 等表名",
                "write the name of a table, such as claims, baselines or villages",
            ),
        };
        Bilingual::new(zh, en)
    }
}

impl fmt::Display for InterpretError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (what, remedy) = (self.what(), self.remedy());
        write!(f, "{}: {}；{}", self.place(), what.zh, remedy.zh)?;
        write!(f, " / {}; {}", what.en, remedy.en)
    }
}

impl std::error::Error for InterpretError {}

/// File and sheet as messages name them: `台账.xlsx!2024年`.
pub(crate) fn place(file: &str, sheet: &str) -> String {
    if sheet.is_empty() { file.to_owned() } else { format!("{file}!{sheet}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_name_file_and_sheet() {
        assert_eq!(place("a.csv", ""), "a.csv");
        assert_eq!(place("台账.xlsx", "2024年"), "台账.xlsx!2024年");
    }
}
