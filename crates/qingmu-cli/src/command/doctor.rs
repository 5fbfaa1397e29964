//! `qingmu doctor`: what this machine can do and what to change.

use crate::app::base;
use crate::exit::{Exit, Failure};
use crate::lang::{from_environment, pick};
use crate::ui::Ui;
use clap::{ArgMatches, Command};
use qingmu_model::{Bilingual, Lang};
use serde::Serialize;
use std::fmt::Write;
use std::path::Path;

pub(crate) fn command(lang: Lang) -> Command {
    base("doctor", lang)
        .about(pick(
            lang,
            "检查本机环境：处理器、内存、磁盘、语言、写权限、规则包",
            "check this machine: processors, memory, disk, locale, write permission, rule pack",
        ))
        .override_usage(pick(lang, "qingmu doctor [--json]", "qingmu doctor [--json]"))
}

/// State of one check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
enum State {
    Ok,
    Warn,
    Fail,
}

#[derive(Debug, Serialize)]
struct Check {
    name: Bilingual,
    state: State,
    found: Bilingual,
    remedy: Option<Bilingual>,
}

pub(crate) fn run(_args: &ArgMatches, ui: Ui) -> Result<Exit, Failure> {
    let here = Path::new(".");
    let checks = [version(), processors(), memory(), disk(here), locale(), writable(here), rules()];
    let worst = checks.iter().any(|c| c.state == State::Fail);
    if ui.json {
        Ui::document(&checks)?;
    } else {
        ui.text(&table(&checks, ui.lang))?;
    }
    Ok(if worst { Exit::Config } else { Exit::Done })
}

fn table(checks: &[Check], lang: Lang) -> String {
    let mut text = String::new();
    for check in checks {
        let state = match check.state {
            State::Ok => "OK  ",
            State::Warn => "WARN",
            State::Fail => "FAIL",
        };
        let colon = pick(lang, "：", ": ");
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{state}  {}{colon}{}", check.name.get(lang), check.found.get(lang));
        if let Some(remedy) = &check.remedy {
            let _ =
                writeln!(text, "      {}{}", pick(lang, "处理：", "remedy: "), remedy.get(lang));
        }
    }
    text
}

fn check(name: (&str, &str), state: State, zh: String, en: String) -> Check {
    Check {
        name: Bilingual::new(name.0, name.1),
        state,
        found: Bilingual::new(zh, en),
        remedy: None,
    }
}

impl Check {
    fn remedy(mut self, zh: &str, en: &str) -> Self {
        if self.state != State::Ok {
            self.remedy = Some(Bilingual::new(zh, en));
        }
        self
    }
}

fn version() -> Check {
    let text = format!("qingmu {} ({})", env!("CARGO_PKG_VERSION"), std::env::consts::ARCH);
    check(("版本", "version"), State::Ok, text.clone(), text)
}

fn processors() -> Check {
    let name = ("处理器", "processors");
    match std::thread::available_parallelism() {
        Ok(n) => check(name, State::Ok, format!("{n} 个"), n.to_string()),
        Err(e) => {
            check(name, State::Warn, format!("数不出（{e}）"), format!("cannot be counted ({e})"))
                .remedy("用 --threads 给出线程数", "give the number of threads with --threads")
        }
    }
}

/// Enough for the default `--memory-mib` of a scan with room for the system.
const WANTED_MIB: u64 = 3 * 1024;

fn memory() -> Check {
    let mut system = sysinfo::System::new();
    system.refresh_memory();
    let mib = |bytes: u64| bytes / (1 << 20);
    let (free, total) = (mib(system.available_memory()), mib(system.total_memory()));
    let state = if free >= WANTED_MIB { State::Ok } else { State::Warn };
    check(
        ("内存", "memory"),
        state,
        format!("可用 {free} MiB，共 {total} MiB"),
        format!("{free} MiB available of {total} MiB"),
    )
    .remedy("扫描时用 --memory-mib 减少用量", "scan with a smaller --memory-mib")
}

const WANTED_DISK_MIB: u64 = 1024;

fn disk(dir: &Path) -> Check {
    let name = ("磁盘", "disk");
    match fs4::available_space(dir) {
        Ok(bytes) => {
            let mib = bytes / (1 << 20);
            let state = if mib >= WANTED_DISK_MIB { State::Ok } else { State::Warn };
            check(name, state, format!("当前目录可用 {mib} MiB"), format!("{mib} MiB free here"))
                .remedy("清理磁盘，或把 --out 放到别处", "free some space, or put --out elsewhere")
        }
        Err(e) => check(name, State::Warn, format!("查不到（{e}）"), format!("unknown ({e})"))
            .remedy("换到本地磁盘上运行", "run on a local disk"),
    }
}

fn locale() -> Check {
    let found = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .find_map(|n| from_environment(n).filter(|v| !v.is_empty()).map(|v| format!("{n}={v}")));
    let name = ("语言环境", "locale");
    let Some(text) = found else {
        return check(name, State::Warn, "未设置".to_owned(), "not set".to_owned()).remedy(
            "设置 LC_ALL=zh_CN.UTF-8，否则终端可能显示不出中文",
            "set LC_ALL, for example en_US.UTF-8; texts are Chinese without it",
        );
    };
    let utf8 = text.to_ascii_lowercase().replace('-', "").contains("utf8");
    let state = if utf8 { State::Ok } else { State::Warn };
    check(name, state, text.clone(), text).remedy(
        "改用 UTF-8，如 LC_ALL=zh_CN.UTF-8，否则中文可能显示为乱码",
        "use UTF-8, such as LC_ALL=en_US.UTF-8, or Chinese names may not show",
    )
}

fn writable(dir: &Path) -> Check {
    let name = ("写权限", "writing");
    match tempfile::Builder::new().prefix(".qingmu-").tempfile_in(dir) {
        Ok(_) => check(
            name,
            State::Ok,
            "当前目录可写".to_owned(),
            "this folder can be written".to_owned(),
        ),
        Err(e) => check(
            name,
            State::Fail,
            format!("当前目录不可写（{e}）"),
            format!("this folder cannot be written ({e})"),
        )
        .remedy("换一个目录，或用 --out 指定", "go to another folder, or point --out to one"),
    }
}

fn rules() -> Check {
    let name = ("内置规则", "built-in rules");
    let project = qingmu_model::Project::default();
    match qingmu_rules::load_pack(&qingmu_rules::PackSource::Builtin, &project) {
        Ok(pack) => {
            let (count, findings) = (pack.rules.len(), qingmu_rules::lint(&pack).len());
            let state = if findings == 0 { State::Ok } else { State::Warn };
            check(
                name,
                state,
                format!("{count} 条，{findings} 处问题"),
                format!("{count} rules, {findings} findings"),
            )
            .remedy("用 `qingmu rules lint` 查看", "see `qingmu rules lint`")
        }
        Err(error) => {
            let mistakes = error.list.len();
            let (zh, en) = (format!("{mistakes} 处错误"), format!("{mistakes} mistakes"));
            check(name, State::Fail, zh, en).remedy("重新安装 qingmu", "install qingmu again")
        }
    }
}
