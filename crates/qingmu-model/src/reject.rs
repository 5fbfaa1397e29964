//! Rows that were read and not used: counted per class, listed with file and row, never in a sum.

use crate::lang::Bilingual;
use serde::Serialize;
use std::fmt;

/// Class of damage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RejectCode {
    /// A required cell is empty.
    MissingValue,
    /// NaN in a number.
    NotANumber,
    /// Infinity in a number.
    Infinite,
    /// A negative area.
    NegativeArea,
    /// Text where a number is expected.
    BadNumber,
    /// Beyond the fixed-point range.
    OutOfRange,
    /// A damaged or foreign region code.
    BadRegion,
    /// A season that is none of S, A, Y.
    BadSeason,
    /// A year outside 1900–2200 or no whole number.
    BadYear,
    /// A row with another number of cells than the header.
    BadRow,
    /// Bytes that are no UTF-8.
    BadEncoding,
}

impl RejectCode {
    /// All classes, in the order of reports.
    pub const ALL: [Self; 11] = [
        Self::MissingValue,
        Self::NotANumber,
        Self::Infinite,
        Self::NegativeArea,
        Self::BadNumber,
        Self::OutOfRange,
        Self::BadRegion,
        Self::BadSeason,
        Self::BadYear,
        Self::BadRow,
        Self::BadEncoding,
    ];

    /// Stable code as written to `rejects.csv`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::MissingValue => "missing_value",
            Self::NotANumber => "not_a_number",
            Self::Infinite => "infinite",
            Self::NegativeArea => "negative_area",
            Self::BadNumber => "bad_number",
            Self::OutOfRange => "out_of_range",
            Self::BadRegion => "bad_region",
            Self::BadSeason => "bad_season",
            Self::BadYear => "bad_year",
            Self::BadRow => "bad_row",
            Self::BadEncoding => "bad_encoding",
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn remedy(self) -> Bilingual {
        let (zh, en) = match self {
            Self::MissingValue => {
                ("补填该单元格后重新提交", "fill the cell and hand the file over again")
            }
            Self::NotANumber | Self::Infinite => {
                ("核对公式，改为具体数值", "check the formula and write a plain number")
            }
            Self::NegativeArea => {
                ("核对是否为冲减行；冲减请另列", "if it is a correction, list corrections apart")
            }
            Self::BadNumber => (
                "改为阿拉伯数字，单位写在表头",
                "write digits only; the unit belongs in the header",
            ),
            Self::OutOfRange => ("核对单位是否写错", "check for a wrong unit"),
            Self::BadRegion => (
                "按文本格式导出区划代码，保留全部位数",
                "export region codes as text with all digits",
            ),
            Self::BadSeason => {
                ("改为 S（夏）、A（秋）或 Y（全年）", "write S (summer), A (autumn) or Y (year)")
            }
            Self::BadYear => ("改为四位年份", "write a four-digit year"),
            Self::BadRow => ("核对分隔符和引号", "check separators and quotes"),
            Self::BadEncoding => ("另存为 UTF-8", "save the file as UTF-8"),
        };
        Bilingual::new(zh, en)
    }

    /// The class in words.
    #[must_use]
    pub fn title(self) -> Bilingual {
        let (zh, en) = match self {
            Self::MissingValue => ("必填项为空", "required cell is empty"),
            Self::NotANumber => ("数值为 NaN", "number is NaN"),
            Self::Infinite => ("数值为无穷大", "number is infinite"),
            Self::NegativeArea => ("面积为负", "area is negative"),
            Self::BadNumber => ("不是数字", "not a number"),
            Self::OutOfRange => ("数值超出范围", "number is out of range"),
            Self::BadRegion => ("区划代码损坏", "region code is damaged"),
            Self::BadSeason => ("季别无法识别", "season is not known"),
            Self::BadYear => ("年份无法识别", "year is not usable"),
            Self::BadRow => ("列数与表头不符", "row does not fit the header"),
            Self::BadEncoding => ("编码不是 UTF-8", "bytes are no UTF-8"),
        };
        Bilingual::new(zh, en)
    }
}

impl fmt::Display for RejectCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// One row that was not used.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Reject {
    /// File, relative to the input folder, `/` as separator.
    pub file: String,
    /// Sheet, empty where the format has none.
    pub sheet: String,
    /// Row in the file: 1 is the first data row of a Parquet file, 2 that of a CSV file with a header.
    pub row: u64,
    /// Column.
    pub column: String,
    /// The value as read, masked where it may identify a person.
    pub value: String,
    /// Class.
    pub code: RejectCode,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_has_its_own_code_and_texts() {
        let mut codes: Vec<_> = RejectCode::ALL.iter().map(|c| c.code()).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), RejectCode::ALL.len());
        for code in RejectCode::ALL {
            assert!(!code.remedy().zh.is_empty() && !code.title().en.is_empty());
            assert_eq!(serde_json::to_string(&code).ok(), Some(format!("\"{}\"", code.code())));
        }
    }
}
