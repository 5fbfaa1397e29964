//! Why a sheet is refused as a whole: what, where, what to do.

/// A sheet that cannot be interpreted. Bad rows are no errors: they are rejects.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InterpretError {
    /// No row looks like a header.
    #[error(
        "{place}: 前30行中找不到表头{nearest} / no header among the first 30 rows{nearest}; name the columns with --map"
    )]
    NoHeader {
        /// File and sheet.
        place: String,
        /// What was nearest, empty if nothing was.
        nearest: String,
    },
    /// Required columns are missing.
    #[error(
        "{place}: 缺少必需的列 {missing}；未识别的列 {unknown} / required columns are missing: {missing}; columns not known: {unknown}; state them with --map or as constants"
    )]
    Columns {
        /// File and sheet.
        place: String,
        /// Names of the fields.
        missing: String,
        /// Columns not known, each with the nearest spellings.
        unknown: String,
    },
    /// Two columns have one meaning.
    #[error(
        "{place}: {first} 与 {second} 两列都是 {field} / columns {first} and {second} both mean `{field}`; state with --map which one holds"
    )]
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
    #[error(
        "{place}: {columns} 是补贴面积、承包面积还是土地面积无法判断 / whether {columns} is claimed, contracted or surveyed land cannot be told; state it with --map"
    )]
    Area {
        /// File and sheet.
        place: String,
        /// Columns.
        columns: String,
    },
    /// No unit, or two.
    #[error(
        "{place}!{column}: {header} 没有单位 / the unit of {header} is not stated; write it into the header (亩, 公顷, 元 …), above the table (单位：亩、元) or into --map"
    )]
    Unit {
        /// File and sheet.
        place: String,
        /// Column letter.
        column: String,
        /// Header.
        header: String,
    },
    /// A stated unit that measures something else.
    #[error("{place}!{column}: {header} 的单位不能是 {unit} / {unit} is no unit for {header}")]
    WrongUnit {
        /// File and sheet.
        place: String,
        /// Column letter.
        column: String,
        /// Header.
        header: String,
        /// Unit.
        unit: String,
    },
    /// A constant that its field cannot hold.
    #[error(
        "{place}: 给定的 {field} = {value} 无法使用（{reason}）/ the given {field} = {value} cannot be used: {reason}"
    )]
    Constant {
        /// File and sheet.
        place: String,
        /// Field.
        field: String,
        /// Value as given.
        value: String,
        /// Class of the damage.
        reason: String,
    },
    /// Names of villages and nothing to resolve them with.
    #[error(
        "{place}!{column}: 村名需要村名录才能对应代码 / names of villages need the villages table; hand over the list of villages with its codes together with this file"
    )]
    NoVillages {
        /// File and sheet.
        place: String,
        /// Column letter.
        column: String,
    },
    /// A table that does not exist.
    #[error("{place}: 没有 {table} 表 / there is no table `{table}`")]
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
        matches!(self, Self::NoHeader { nearest, .. } if nearest.is_empty())
    }
}

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
