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
    /// A yes or no that is neither.
    BadFlag,
    /// A date that is none.
    BadDate,
    /// A cell with another unit than its column.
    BadUnit,
    /// A village name that the villages table does not know in that town.
    UnknownVillage,
    /// A village name that fits several villages.
    AmbiguousVillage,
    /// An id whose last digits a spreadsheet rounded away.
    IdRounded,
    /// An id in scientific notation.
    IdScientific,
    /// An id stored as a number.
    IdNumber,
    /// An id with lost or surplus digits.
    IdLength,
    /// A masked id.
    IdMasked,
    /// An id that fails its check digit or birth date.
    IdCheck,
    /// An account that a spreadsheet turned into a number.
    AccountDamaged,
    /// A cut or too long account.
    AccountLength,
    /// A masked account.
    AccountMasked,
    /// A card number that fails its check digit.
    AccountCheck,
    /// An amount for several crops that cannot be told apart.
    NoSplit,
    /// Figures of one row that contradict each other.
    Disagrees,
    /// A row that is neither data nor a known kind of other row.
    OutOfPlace,
    /// Another file says otherwise of the same thing.
    Conflict,
}

impl RejectCode {
    /// All classes, in the order of reports.
    pub const ALL: [Self; 30] = [
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
        Self::BadFlag,
        Self::BadDate,
        Self::BadUnit,
        Self::UnknownVillage,
        Self::AmbiguousVillage,
        Self::IdRounded,
        Self::IdScientific,
        Self::IdNumber,
        Self::IdLength,
        Self::IdMasked,
        Self::IdCheck,
        Self::AccountDamaged,
        Self::AccountLength,
        Self::AccountMasked,
        Self::AccountCheck,
        Self::NoSplit,
        Self::Disagrees,
        Self::OutOfPlace,
        Self::Conflict,
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
            Self::BadFlag => "bad_flag",
            Self::BadDate => "bad_date",
            Self::BadUnit => "bad_unit",
            Self::UnknownVillage => "unknown_village",
            Self::AmbiguousVillage => "ambiguous_village",
            Self::IdRounded => "id_rounded",
            Self::IdScientific => "id_scientific",
            Self::IdNumber => "id_number",
            Self::IdLength => "id_length",
            Self::IdMasked => "id_masked",
            Self::IdCheck => "id_check",
            Self::AccountDamaged => "account_damaged",
            Self::AccountLength => "account_length",
            Self::AccountMasked => "account_masked",
            Self::AccountCheck => "account_check",
            Self::NoSplit => "no_split",
            Self::Disagrees => "disagrees",
            Self::OutOfPlace => "out_of_place",
            Self::Conflict => "conflict",
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
            later => return later.remedy_of_ingest(),
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
            later => return later.title_of_ingest(),
        };
        Bilingual::new(zh, en)
    }
}

impl RejectCode {
    /// Remedies of the classes that only raw files have; empty for the others.
    fn remedy_of_ingest(self) -> Bilingual {
        let (zh, en) = match self {
            Self::BadFlag => ("改为 是 或 否", "write 是 or 否"),
            Self::BadDate => ("写成 2022-03-05 的形式", "write the date as 2022-03-05"),
            Self::BadUnit => {
                ("统一单位，只写在表头", "use one unit per column, named in the header")
            }
            Self::UnknownVillage => (
                "核对村名和乡镇，或改用12位代码",
                "check village and town, or use the 12-digit code",
            ),
            Self::AmbiguousVillage => {
                ("注明乡镇，或改用12位代码", "state the town, or use the 12-digit code")
            }
            Self::IdRounded | Self::IdScientific | Self::IdNumber | Self::AccountDamaged => {
                ("请原单位按文本格式重新导出", "ask the office to export the column as text")
            }
            Self::IdLength => ("向原单位索取完整证件号", "ask the office for the complete id"),
            Self::IdMasked | Self::AccountMasked => {
                ("向原单位索取未遮盖的名单", "ask the office for the list without masks")
            }
            Self::IdCheck => ("与原始证件核对", "compare with the original document"),
            Self::AccountLength => {
                ("向原单位索取完整账号", "ask the office for the complete account")
            }
            Self::AccountCheck => ("与存折或银行卡核对", "compare with the passbook or card"),
            Self::NoSplit => {
                ("每种作物单列金额，或注明补贴标准", "give an amount per crop, or state the rate")
            }
            Self::Disagrees => {
                ("核对该行面积、标准和金额", "check area, rate and amount of the row")
            }
            Self::OutOfPlace => {
                ("删除该行，或补全为一条记录", "remove the row, or complete it as a record")
            }
            Self::Conflict => (
                "两处核对；更正件用 --replace 重新提交",
                "compare both places; hand in a correction with --replace",
            ),
            _ => ("", ""),
        };
        Bilingual::new(zh, en)
    }

    /// Titles of the classes that only raw files have; empty for the others.
    fn title_of_ingest(self) -> Bilingual {
        let (zh, en) = match self {
            Self::BadFlag => ("是否列无法识别", "neither yes nor no"),
            Self::BadDate => ("日期无法识别", "date is not usable"),
            Self::BadUnit => ("单元格单位与表头不同", "the cell's unit is not its column's"),
            Self::UnknownVillage => ("村名录中无此村", "no such village in the villages table"),
            Self::AmbiguousVillage => ("村名对应多个村", "village name fits several villages"),
            Self::IdRounded => {
                ("证件号末位被表格软件改写", "a spreadsheet rounded the id's last digits")
            }
            Self::IdScientific => ("证件号成了科学计数", "id is in scientific notation"),
            Self::IdNumber => ("证件号存成了数值", "id is stored as a number"),
            Self::IdLength => ("证件号位数不对", "id has lost or surplus digits"),
            Self::IdMasked => ("证件号已遮盖", "id is masked"),
            Self::IdCheck => ("证件号校验不符", "id fails its check digit or birth date"),
            Self::AccountDamaged => ("账号被表格软件改写", "a spreadsheet damaged the account"),
            Self::AccountLength => ("账号位数不对", "account is cut or too long"),
            Self::AccountMasked => ("账号已遮盖", "account is masked"),
            Self::AccountCheck => ("卡号校验不符", "card number fails its check digit"),
            Self::NoSplit => {
                ("多种作物的金额无法分开", "one amount for several crops cannot be told apart")
            }
            Self::Disagrees => ("同一行数字互相矛盾", "figures of the row contradict each other"),
            Self::OutOfPlace => {
                ("既不是数据也不是已知的其他行", "neither data nor a known kind of other row")
            }
            Self::Conflict => {
                ("另一份文件对同一事项说法不同", "another file says otherwise of the same thing")
            }
            _ => ("", ""),
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
            assert!(!code.remedy().zh.is_empty() && !code.remedy().en.is_empty(), "{code}");
            assert!(!code.title().zh.is_empty() && !code.title().en.is_empty(), "{code}");
            assert_eq!(serde_json::to_string(&code).ok(), Some(format!("\"{}\"", code.code())));
        }
    }
}
