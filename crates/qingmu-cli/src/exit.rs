//! How a run ends: exit codes and failures in both languages.

use qingmu_model::{Bilingual, Lang};
use std::io::Write;
use std::panic::PanicHookInfo;
use std::path::Path;

/// Exit codes; frozen, scripts and timers rely on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done, whatever was found.
    Done,
    /// Leads at or above `--fail-on`.
    Leads,
    /// The command line is wrong.
    Usage,
    /// Done; some rows were quarantined within the cap.
    Rejected,
    /// The input is refused.
    Refused,
    /// A bug of the tool.
    Bug,
    /// The output cannot be created, or exists.
    CannotCreate,
    /// Reading or writing failed.
    Io,
    /// Another run holds the output folder.
    Locked,
    /// Rule files or `qingmu.toml` are wrong.
    Config,
}

impl Exit {
    /// The number the process ends with.
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Leads => 1,
            Self::Usage => 2,
            Self::Rejected => 3,
            Self::Refused => 65,
            Self::Bug => 70,
            Self::CannotCreate => 73,
            Self::Io => 74,
            Self::Locked => 75,
            Self::Config => 78,
        }
    }
}

/// Why a command did not do what it was asked.
#[derive(Debug)]
pub(crate) struct Failure {
    /// Exit code.
    pub(crate) exit: Exit,
    /// What happened, and where.
    pub(crate) what: Bilingual,
    /// What to do about it.
    pub(crate) remedy: Option<Bilingual>,
}

impl Failure {
    /// A failure with its sentence in both languages.
    pub(crate) fn new(exit: Exit, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { exit, what: Bilingual::new(zh, en), remedy: None }
    }

    /// Adds what to do.
    pub(crate) fn remedy(mut self, zh: impl Into<String>, en: impl Into<String>) -> Self {
        self.remedy = Some(Bilingual::new(zh, en));
        self
    }

    /// Ends without a word: nobody reads the output any more, or everything was said already.
    pub(crate) fn silent(exit: Exit) -> Self {
        Self { exit, what: Bilingual::default(), remedy: None }
    }

    /// Whether there is nothing left to say.
    pub(crate) fn is_silent(&self) -> bool {
        self.what.zh.is_empty()
    }

    /// A file that could not be read or written.
    pub(crate) fn io(path: &Path, error: &std::io::Error) -> Self {
        let shown = path.display();
        Self::new(Exit::Io, format!("{shown}：{}", io_zh(error)), format!("{shown}: {error}"))
            .remedy(
                "检查路径、权限和磁盘空间",
                "check the path, its permissions and free disk space",
            )
    }
}

/// The usual refusals of a file system in Chinese; the system's own words for the others.
pub(crate) fn io_zh(error: &std::io::Error) -> String {
    use std::io::ErrorKind;
    let words = match error.kind() {
        ErrorKind::NotFound => "没有这个文件或目录",
        ErrorKind::PermissionDenied => "没有权限",
        ErrorKind::StorageFull => "磁盘已满",
        ErrorKind::ReadOnlyFilesystem => "文件系统只读",
        ErrorKind::NotADirectory => "不是目录",
        _ => return error.to_string(),
    };
    words.to_owned()
}

/// What to do when the tool itself is wrong.
pub(crate) fn bug_remedy() -> Bilingual {
    Bilingual::new(
        "这是程序错误，不是数据问题。请把这段文字和 `qingmu doctor` 的输出报告给维护者",
        "this is a bug of the tool, not of the data: please report this text with the output of `qingmu doctor`",
    )
}

/// Panic hook: one sentence and where it happened, no backtrace with machine paths.
pub(crate) fn tell_panic(lang: Lang, info: &PanicHookInfo<'_>) {
    // A decoder that gives up on a damaged file is no fault of the program: the refusal of the file tells of it.
    if qingmu_core::decoding() {
        return;
    }
    let payload = info.payload();
    let why = payload
        .downcast_ref::<&str>()
        .map(ToString::to_string)
        .or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_default();
    let place = info.location().map(|l| format!("{}:{}", l.file(), l.line())).unwrap_or_default();
    let head = match lang {
        Lang::Zh => "程序内部错误",
        Lang::En => "internal error",
    };
    let mut err = std::io::stderr().lock();
    // Nothing is left to do when even stderr is closed.
    let _ = writeln!(err, "{head}: {why} ({place})\n{}", bug_remedy().get(lang));
}
