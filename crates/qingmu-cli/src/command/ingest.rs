//! `qingmu ingest`: office files into the ledger, all of them or none.

use crate::app::{base, option, positional};
use crate::command::inspect::{intake_args, intake_options};
use crate::command::scan::{DEFAULT_CAP, percent};
use crate::exit::{Exit, Failure};
use crate::lang::{from_environment, pick};
use crate::ui::Ui;
use clap::{Arg, ArgMatches, Command, value_parser};
use qingmu_ledger::{Addition, Request};
use qingmu_model::Lang;
use serde::Serialize;
use std::path::{Path, PathBuf};

pub(crate) fn command(lang: Lang) -> Command {
    base("ingest", lang)
        .about(pick(
            lang,
            "把办公表格登入账库：逐行有去处，金额对得上，证件号只留密文；要么全部登入，要么不动",
            "take office files into the ledger: every row accounted for, sums that come out, ids as pseudonyms; all or nothing",
        ))
        .override_usage(pick(
            lang,
            "qingmu ingest <文件>… --out <账库> [选项]",
            "qingmu ingest <FILE>… --out <LEDGER> [OPTIONS]",
        ))
        .arg(
            positional(
                lang,
                "file",
                ("文件", "FILE"),
                "xlsx、xls、ods、csv、tsv 或 parquet，先后次序不影响结果；村名录可一起给出",
                "xlsx, xls, ods, csv, tsv or parquet, in any order; the list of villages may be among them",
            )
            .required(true)
            .num_args(1..)
            .value_parser(value_parser!(PathBuf)),
        )
        .args(ledger_args(lang))
        .args(stated_args(lang))
        .args(intake_args(lang))
        .after_help(pick(lang, EXITS_ZH, EXITS_EN))
}

const EXITS_ZH: &str = "退出码：0 完成；3 完成，但有行待核；65 文件被拒，账库未动；74 读写失败；75 账库正被写入；78 密钥不符";
const EXITS_EN: &str = "Exit codes: 0 done; 3 done, rows were quarantined; 65 files refused, the ledger is as it was; 74 reading or writing failed; 75 the ledger is being written; 78 the key does not fit";

fn ledger_args(lang: Lang) -> [Arg; 5] {
    let path = |name, zh, en| {
        option(lang, name, ("文件", "FILE"), zh, en).value_parser(value_parser!(PathBuf))
    };
    [
        option(
            lang,
            "out",
            ("账库", "LEDGER"),
            "账库目录，没有则新建",
            "folder of the ledger, made if absent",
        )
        .required(true)
        .value_parser(value_parser!(PathBuf)),
        path(
            "key",
            "密钥文件（权限 0600）；默认用 systemd 凭据 qingmu-key，再用账库旁的 账库.key，没有则生成",
            "key file (mode 0600); by default systemd's credential qingmu-key, then LEDGER.key beside the ledger, made if absent",
        ),
        option(
            lang,
            "max-rejects",
            ("百分比", "PERCENT"),
            "任一文件不能用的行超过此比例则拒收（默认 1）",
            "refuse a file of which more rows cannot be used (default 1)",
        )
        .value_parser(move |text: &str| percent(text, lang)),
        option(
            lang,
            "replace",
            ("对象", "KEY"),
            "更正件取代什么：旧文件名或其摘要，或列名如 year+programme+village",
            "what a correction takes the place of: name or digest of the old file, or columns such as year+programme+village",
        ),
        path(
            "sealed",
            "另存证件号明文的加密文件；不写则不保留明文",
            "encrypted file for the clear ids; without it no clear id is kept",
        ),
    ]
}

/// What the files are about, each a `--set` of its own name.
const STATED: [&str; 4] = ["year", "programme", "town", "county"];

fn stated_args(lang: Lang) -> [Arg; 4] {
    [
        option(
            lang,
            "year",
            ("年份", "YEAR"),
            "表中没写的年度",
            "year, where the files do not say",
        ),
        option(
            lang,
            "programme",
            ("项目", "NAME"),
            "表中没写的补贴项目",
            "programme, where the files do not say",
        ),
        option(
            lang,
            "town",
            ("乡镇", "TOWN"),
            "文件所属乡镇：村名只在其中找",
            "town of the files: names of villages mean those in it",
        ),
        option(
            lang,
            "county",
            ("代码", "CODE"),
            "文件所属县的代码",
            "code of the county of the files",
        ),
    ]
}

/// The document of `--json`.
#[derive(Serialize)]
struct Document<'a> {
    exit: u8,
    key_file: &'a Path,
    key_made: bool,
    #[serde(flatten)]
    addition: &'a Addition,
}

pub(crate) fn run(args: &ArgMatches, ui: Ui) -> Result<Exit, Failure> {
    let path = |name: &str| args.get_one::<PathBuf>(name).cloned();
    let mut intake = intake_options(args)?;
    for name in STATED {
        let Some(value) = args.get_one::<String>(name) else { continue };
        intake.set(&format!("{name}={value}")).map_err(|error| {
            let what = error.what();
            let (zh, en) = (what.zh, what.en);
            Failure::new(
                Exit::Usage,
                format!("--{name} {value}：{zh}"),
                format!("--{name} {value}: {en}"),
            )
        })?;
    }
    let done = qingmu_ledger::ingest(Request {
        files: args.get_many("file").into_iter().flatten().cloned().collect(),
        ledger: path("out").unwrap_or_default(),
        intake,
        key: path("key"),
        credentials: from_environment("CREDENTIALS_DIRECTORY").map(PathBuf::from),
        max_rejects: args.get_one("max-rejects").copied().unwrap_or(DEFAULT_CAP),
        replace: args.get_one::<String>("replace").cloned(),
        sealed: path("sealed"),
    })?;
    let exit = if done.addition.has_rejects() { Exit::Rejected } else { Exit::Done };
    if ui.json {
        Ui::document(&Document {
            exit: exit.code(),
            key_file: &done.key.path,
            key_made: done.key.made,
            addition: &done.addition,
        })?;
    } else {
        ui.text(&qingmu_ledger::text(&done, ui.lang))?;
    }
    Ok(exit)
}
