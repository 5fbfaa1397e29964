//! What can stop a file from being read: always with its name, what is wrong, and what to do.

use qingmu_model::Bilingual;
use std::path::{Path, PathBuf};

/// Class of a refusal; the code is stable and listed in the manual.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum RefusalCode {
    /// Content is no table this tool reads.
    UnknownFormat,
    /// A known kind of table that has to be saved in another format first.
    OtherFormat,
    /// Password-protected.
    Password,
    /// Damaged: truncated, checksum wrong, structure broken.
    Damaged,
    /// Larger than the limits allow.
    TooLarge,
    /// A container part has a name that leaves its folder, or two parts share a name.
    BadPart,
    /// The file claims more than it can hold.
    FalseClaim,
    /// Text encoding cannot be told or is not known.
    Encoding,
    /// The reader of the file crashed.
    Crash,
    /// The reader of the file ran over its memory, time or output limit.
    Limit,
    /// The file changed while it was being read.
    Changed,
}

impl RefusalCode {
    /// All codes.
    pub const ALL: [Self; 11] = [
        Self::UnknownFormat,
        Self::OtherFormat,
        Self::Password,
        Self::Damaged,
        Self::TooLarge,
        Self::BadPart,
        Self::FalseClaim,
        Self::Encoding,
        Self::Crash,
        Self::Limit,
        Self::Changed,
    ];

    /// Stable code for messages and logs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::UnknownFormat => "QM-IN-101",
            Self::OtherFormat => "QM-IN-102",
            Self::Password => "QM-IN-103",
            Self::Damaged => "QM-IN-104",
            Self::TooLarge => "QM-IN-105",
            Self::BadPart => "QM-IN-106",
            Self::FalseClaim => "QM-IN-107",
            Self::Encoding => "QM-IN-108",
            Self::Crash => "QM-IN-109",
            Self::Limit => "QM-IN-110",
            Self::Changed => "QM-IN-111",
        }
    }

    /// The code's class, `None` for a code that is not ours.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.code() == code)
    }

    /// What to do about it.
    #[must_use]
    pub fn remedy(self) -> Bilingual {
        let (zh, en) = match self {
            Self::UnknownFormat => (
                "请提供 xlsx、xls、ods、csv、tsv 或 parquet 表格",
                "hand over the table as xlsx, xls, ods, csv, tsv or parquet",
            ),
            Self::OtherFormat => (
                "用 WPS 或 Excel 打开后另存为 xlsx",
                "open it in a spreadsheet and save it as xlsx",
            ),
            Self::Password => ("取消密码后另存一份", "remove the password and save the file again"),
            Self::Damaged => {
                ("请报送单位重新导出该文件", "ask the office for a fresh export of the file")
            }
            Self::TooLarge => (
                "拆分文件，或确认来源后放宽上限",
                "split the file, or raise the limit once its origin is certain",
            ),
            Self::BadPart | Self::FalseClaim => (
                "文件结构异常，请核实来源后重新导出",
                "the file is built in an unusual way: check its origin and export it again",
            ),
            Self::Encoding => (
                "用 --encoding 指定编码，或另存为 UTF-8",
                "state it with --encoding, or save the file as UTF-8",
            ),
            Self::Crash | Self::Limit => (
                "文件可能损坏或被构造，请用表格软件另存为 xlsx 后重试",
                "the file may be damaged or crafted: save it as xlsx in a spreadsheet and try again",
            ),
            Self::Changed => ("等文件写完后重试", "try again once nobody writes to the file"),
        };
        Bilingual::new(zh, en)
    }
}

/// Why a file was not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Class.
    pub code: RefusalCode,
    /// What is wrong, with the place inside the file where there is one; never a cell's value.
    pub what: Bilingual,
}

impl Refusal {
    /// A refusal with its texts.
    #[must_use]
    pub fn new(code: RefusalCode, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { code, what: Bilingual::new(zh, en) }
    }

    /// A file damaged at a place.
    #[must_use]
    pub fn damaged(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::new(RefusalCode::Damaged, zh, en)
    }

    /// The refusal of a file.
    #[must_use]
    pub fn of(self, path: &Path, sha256: &str) -> IngestError {
        IngestError::Refused { path: path.to_path_buf(), sha256: sha256.to_owned(), refusal: self }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let remedy = self.code.remedy();
        write!(f, "{} {}；{}", self.code.code(), self.what.zh, remedy.zh)?;
        write!(f, " / {}; {}", self.what.en, remedy.en)
    }
}

/// Why reading stopped.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IngestError {
    /// The file system refused.
    #[error("{}: 无法读取 / cannot be read: {source}", path.display())]
    Io {
        /// File.
        path: PathBuf,
        /// Cause.
        #[source]
        source: std::io::Error,
    },
    /// The file is refused; nothing of it is used.
    #[error("{}: {refusal} (sha256 {sha256})", path.display())]
    Refused {
        /// File.
        path: PathBuf,
        /// Digest of the bytes that were refused, lower-case hex.
        sha256: String,
        /// Why.
        refusal: Refusal,
    },
    /// The reading process could not be started.
    #[error("{}: 读取进程无法启动 / the reading process cannot be started: {source}", path.display())]
    Start {
        /// File that was to be read.
        path: PathBuf,
        /// Cause.
        #[source]
        source: std::io::Error,
    },
}

impl IngestError {
    /// Exit code of the command line: 65 refused, 74 input or output failed, 70 internal.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Refused { .. } => 65,
            Self::Io { .. } => 74,
            Self::Start { .. } => 70,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{IngestError, Refusal, RefusalCode};
    use std::path::Path;

    #[test]
    fn every_code_is_unique_has_a_remedy_and_parses_back() {
        for code in RefusalCode::ALL {
            assert_eq!(RefusalCode::parse(code.code()), Some(code));
            assert!(!code.remedy().zh.is_empty() && !code.remedy().en.is_empty());
        }
        assert_eq!(RefusalCode::parse("QM-IN-999"), None);
    }

    #[test]
    fn a_refusal_reads_chinese_first_with_remedy_and_digest() {
        let error = Refusal::new(RefusalCode::Password, "文件已加密", "the file is encrypted")
            .of(Path::new("台账.xlsx"), "ab12");
        assert_eq!(
            error.to_string(),
            "台账.xlsx: QM-IN-103 文件已加密；取消密码后另存一份 / the file is encrypted; \
             remove the password and save the file again (sha256 ab12)"
        );
        assert_eq!(error.exit_code(), 65);
    }

    #[test]
    fn a_missing_file_is_no_refusal() {
        let source = std::io::Error::from(std::io::ErrorKind::NotFound);
        let error = IngestError::Io { path: "无.csv".into(), source };
        assert_eq!(error.to_string(), "无.csv: 无法读取 / cannot be read: entity not found");
        assert_eq!(error.exit_code(), 74);
    }
}
