//! Library errors as exit codes, with what to do where the error does not say it itself.

use crate::exit::{Exit, Failure};
use qingmu_core::CoreError;
use qingmu_detect::DetectError;
use qingmu_leads::LeadError;
use qingmu_ledger::{Class, LedgerError};
use qingmu_rules::{Diagnostics, RuleError};
use qingmu_synth::SynthError;

impl From<CoreError> for Failure {
    fn from(error: CoreError) -> Self {
        let (exit, remedy) = match &error {
            CoreError::Io { path, source } => return Self::io(path, source),
            CoreError::Config { .. } => {
                (Exit::Config, ("改正 qingmu.toml 后重新运行", "correct qingmu.toml and run again"))
            }
            _ => (
                Exit::Refused,
                (
                    "改正输入后重新运行；未写出任何线索",
                    "correct the input and run again; no lead was written",
                ),
            ),
        };
        let text = error.to_string();
        Self::new(exit, text.clone(), text).remedy(remedy.0, remedy.1)
    }
}

impl From<DetectError> for Failure {
    fn from(error: DetectError) -> Self {
        let text = error.to_string();
        match error {
            DetectError::Input(error) => error.into(),
            DetectError::Model(_) => Self::new(Exit::Config, format!("模型不能用：{text}"), text),
            DetectError::Outcome(_) => {
                Self::new(Exit::Refused, format!("核查结论不能用：{text}"), text)
            }
            DetectError::Threads(_) => Self::new(Exit::Io, format!("不能启动线程：{text}"), text),
            _ => Self::new(Exit::Bug, format!("检测出错：{text}"), text),
        }
    }
}

impl From<Diagnostics> for Failure {
    /// The first line names the first mistake, since `--quiet` prints no more.
    fn from(error: Diagnostics) -> Self {
        let first = error.list.first().map(|d| format!("{}:{}: {}", d.file, d.line, d.message));
        let first = first.unwrap_or_default();
        Self::new(
            Exit::Config,
            format!("规则文件有误，未运行：{first}\n{error}"),
            format!("the rule files are wrong, nothing was run: {first}\n{error}"),
        )
        .remedy(
            "改正后用 `qingmu rules lint` 检查",
            "correct them and check with `qingmu rules lint`",
        )
    }
}

impl From<RuleError> for Failure {
    fn from(error: RuleError) -> Self {
        let text = error.to_string();
        match error {
            RuleError::TooManyRows { .. } => {
                Self::new(Exit::Refused, format!("数据量超出规则引擎的上限：{text}"), text)
                    .remedy("按年或按县分开扫描", "scan fewer years or one county at a time")
            }
            _ => Self::new(Exit::Bug, format!("规则引擎出错：{text}"), text),
        }
    }
}

impl From<LeadError> for Failure {
    fn from(error: LeadError) -> Self {
        let text = error.to_string();
        match error {
            LeadError::Write { .. } => Self::new(Exit::Io, format!("写线索文件失败：{text}"), text)
                .remedy("检查磁盘空间", "check free disk space"),
            _ => Self::new(Exit::Bug, format!("线索文件未写出：{text}"), text),
        }
    }
}

impl From<SynthError> for Failure {
    fn from(error: SynthError) -> Self {
        let text = error.to_string();
        match error {
            SynthError::Write { .. } => {
                Self::new(Exit::CannotCreate, format!("样本未写出：{text}"), text)
                    .remedy("换一个有写权限的目录", "give a folder that you may write to")
            }
            SynthError::Options(_) => Self::new(Exit::Usage, format!("样本未写出：{text}"), text),
            _ => Self::new(Exit::Bug, format!("样本未写出：{text}"), text),
        }
    }
}

impl From<LedgerError> for Failure {
    fn from(error: LedgerError) -> Self {
        let text = error.to_string();
        let (exit, zh, en) = match error.class() {
            Class::Refused => (
                Exit::Refused,
                "改正文件后重新登账；账库未动",
                "correct the files and ingest again; the ledger is as it was",
            ),
            Class::CannotCreate => {
                (Exit::CannotCreate, "换一个空目录", "give an empty folder with --out")
            }
            Class::Io => (
                Exit::Io,
                "检查路径、权限和磁盘空间；账库未动",
                "check paths, permissions and free disk space; the ledger is as it was",
            ),
            Class::Locked => (Exit::Locked, "等它结束后再登账", "wait for it and ingest again"),
            Class::Key => (
                Exit::Config,
                "核对密钥；密钥不进命令行，也不放在账库里",
                "check the key; it is no argument and not inside the ledger",
            ),
            Class::Bug => return Self::new(Exit::Bug, text.clone(), text),
        };
        let failure = Self::new(exit, text.clone(), text);
        match error {
            LedgerError::OverCap { list, conflicts, .. } => {
                let list = list.display();
                let (more_zh, more_en) = if conflicts > 0 {
                    (
                        "；若是更正件，用 --replace 写明取代哪份文件",
                        "; for a correction say with --replace what it takes the place of",
                    )
                } else {
                    ("", "")
                };
                failure.remedy(
                    format!("逐行原因见 {list}；改正后重新登账，或用 --max-rejects 提高上限{more_zh}"),
                    format!("{list} has the reason for each row; correct the files, or raise --max-rejects{more_en}"),
                )
            }
            _ => failure.remedy(zh, en),
        }
    }
}
