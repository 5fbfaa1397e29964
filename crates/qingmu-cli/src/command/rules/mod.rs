//! `qingmu rules`: what the rules say, and whether they hold.

mod columns;
mod lint;
mod list;
mod show;
mod test;

use crate::app::{base, positional};
use crate::exit::{Exit, Failure};
use crate::lang::pick;
use crate::ui::Ui;
use clap::{Arg, ArgMatches, Command, value_parser};
use qingmu_model::{Lang, ViewName};
use std::path::{Path, PathBuf};

pub(crate) fn command(lang: Lang) -> Command {
    base("rules", lang)
        .about(pick(lang, "规则：目录、单条说明、检查、自带测试", "rules: catalogue, one as a page, checks, their own tests"))
        .override_usage(pick(lang, "qingmu rules <命令>", "qingmu rules <COMMAND>"))
        .subcommand_required(true)
        .subcommand(
            inner(lang, "list", ("列出规则", "list the rules"), ("qingmu rules list [目录]", "qingmu rules list [DIR]"))
                .arg(folder(lang)),
        )
        .subcommand(
            inner(
                lang,
                "show",
                ("说明一条规则：条件、参数及理由、正当解释、依据、测试", "one rule as a page: condition, parameters with reasons, honest explanations, law, tests"),
                ("qingmu rules show <编号> [目录]", "qingmu rules show <ID> [DIR]"),
            )
            .arg(positional(lang, "id", ("编号", "ID"), "规则编号，如 V02", "rule id, such as V02").required(true))
            .arg(folder(lang)),
        )
        .subcommand(
            inner(
                lang,
                "columns",
                ("列出规则可用的列及其单位", "list the columns that rules may read, with their units"),
                ("qingmu rules columns [视图]", "qingmu rules columns [VIEW]"),
            )
            .arg(
                positional(lang, "view", ("视图", "VIEW"), "只列这个视图，如 village_year", "only this view, such as village_year")
                    .value_parser(ViewName::ALL.map(ViewName::as_str))
                    .hide_possible_values(true),
            ),
        )
        .subcommand(
            inner(lang, "lint", ("检查规则文件", "check rule files"), ("qingmu rules lint [目录]", "qingmu rules lint [DIR]"))
                .arg(folder(lang)),
        )
        .subcommand(
            inner(lang, "test", ("运行规则自带的测试", "run the rules' own tests"), ("qingmu rules test [目录]", "qingmu rules test [DIR]"))
                .arg(folder(lang)),
        )
}

fn inner(
    lang: Lang,
    name: &'static str,
    about: (&'static str, &'static str),
    usage: (&'static str, &'static str),
) -> Command {
    base(name, lang)
        .about(pick(lang, about.0, about.1))
        .override_usage(pick(lang, usage.0, usage.1))
}

fn folder(lang: Lang) -> Arg {
    positional(
        lang,
        "dir",
        ("目录", "DIR"),
        "规则目录（默认内置规则）",
        "rule folder (default: the built-in rules)",
    )
    .value_parser(value_parser!(PathBuf))
}

pub(crate) fn run(args: &ArgMatches, ui: Ui) -> Result<Exit, Failure> {
    let dir = |inner: &ArgMatches| inner.get_one::<PathBuf>("dir").cloned();
    match args.subcommand() {
        Some(("list", inner)) => list::run(dir(inner).as_deref(), ui),
        Some(("show", inner)) => {
            let id = inner.get_one::<String>("id").map(String::as_str).unwrap_or_default();
            show::run(id, dir(inner).as_deref(), ui)
        }
        Some(("columns", inner)) => {
            columns::run(inner.get_one::<String>("view").map(String::as_str), ui)
        }
        Some(("lint", inner)) => lint::run(dir(inner).as_deref(), ui),
        Some(("test", inner)) => test::run(dir(inner).as_deref(), ui),
        // clap requires one of the commands above.
        _ => Ok(Exit::Usage),
    }
}

/// The rules of a folder or the built-in ones, under the default configuration.
fn load(dir: Option<&Path>) -> Result<qingmu_rules::Pack, Failure> {
    crate::pipeline::pack(dir, &qingmu_model::Project::default())
}
