//! The command tree, built in the user's language at run time.

use crate::command;
use crate::exit::Exit;
use crate::lang::pick;
use crate::ui::Ui;
use clap::{Arg, ArgAction, Command};
use qingmu_model::Lang;

/// Options of every command stand behind its own.
const LAST: usize = 900;

/// The whole command tree.
pub(crate) fn command(lang: Lang) -> Command {
    let root = base("qingmu", lang)
        .about(pick(
            lang,
            "清亩：把种粮补贴申报与种植面积基线逐村比对，找出对不上的村和窝案，给出可复核的线索（线索不是结论）",
            "qingmu: compares crop subsidy claims with planted-area baselines and hands auditors leads that can be checked (a lead, not a finding)",
        ))
        .override_usage(pick(lang, "qingmu <命令> [选项]", "qingmu <COMMAND> [OPTIONS]"))
        .version(env!("CARGO_PKG_VERSION"))
        .subcommand_required(true)
        .arg(
            Arg::new("lang")
                .long("lang")
                .global(true)
                .display_order(LAST)
                .value_name("zh|en")
                .value_parser(["zh", "en"])
                .hide_possible_values(true)
                .help_heading(options_heading(lang))
                .help(pick(
                    lang,
                    "语言（默认取 LC_ALL、LC_MESSAGES、LANG，否则中文）",
                    "language (default: from LC_ALL, LC_MESSAGES, LANG, else Chinese)",
                )),
        )
        .arg(global_flag(lang, "json", "以一个 JSON 文档输出到标准输出", "print one JSON document to stdout"))
        .arg(global_flag(lang, "quiet", "成功时不输出任何文字", "print nothing on success").short('q'))
        .arg(
            flag(lang, "help", "显示帮助", "print help")
                .short('h')
                .global(true)
                .display_order(LAST)
                .action(ArgAction::Help),
        )
        .arg(flag(lang, "version", "显示版本", "print the version").short('V').action(ArgAction::Version));
    command::all(lang).into_iter().fold(root, Command::subcommand)
}

/// A command with this project's help layout; clap's built-in English words are replaced.
pub(crate) fn base(name: &'static str, lang: Lang) -> Command {
    let usage = pick(lang, "用法：", "Usage: ");
    Command::new(name)
        .help_template(format!(
            "{{about-with-newline}}\n{usage}{{usage}}\n\n{{all-args}}{{after-help}}"
        ))
        .subcommand_help_heading(pick(lang, "命令", "Commands"))
        .subcommand_value_name(pick(lang, "命令", "COMMAND"))
        .disable_help_flag(true)
        .disable_help_subcommand(true)
        .disable_version_flag(true)
}

/// `--name`, without a value.
pub(crate) fn flag(lang: Lang, name: &'static str, zh: &'static str, en: &'static str) -> Arg {
    Arg::new(name)
        .long(name)
        .action(ArgAction::SetTrue)
        .help_heading(options_heading(lang))
        .help(pick(lang, zh, en))
}

/// `--name VALUE`.
pub(crate) fn option(
    lang: Lang,
    name: &'static str,
    value: (&'static str, &'static str),
    zh: &'static str,
    en: &'static str,
) -> Arg {
    Arg::new(name)
        .long(name)
        .value_name(pick(lang, value.0, value.1))
        .help_heading(options_heading(lang))
        .hide_default_value(true)
        .help(pick(lang, zh, en))
}

/// A positional argument.
pub(crate) fn positional(
    lang: Lang,
    name: &'static str,
    value: (&'static str, &'static str),
    zh: &'static str,
    en: &'static str,
) -> Arg {
    Arg::new(name)
        .value_name(pick(lang, value.0, value.1))
        .help_heading(pick(lang, "参数", "Arguments"))
        .hide_default_value(true)
        .help(pick(lang, zh, en))
}

fn global_flag(lang: Lang, name: &'static str, zh: &'static str, en: &'static str) -> Arg {
    flag(lang, name, zh, en).global(true).display_order(LAST)
}

const fn options_heading(lang: Lang) -> &'static str {
    pick(lang, "选项", "Options")
}

/// `qingmu` alone: what it is and the three first commands.
pub(crate) fn greet(lang: Lang) -> Exit {
    Ui::line(pick(lang, GREETING_ZH, GREETING_EN));
    Exit::Usage
}

const GREETING_ZH: &str = "\
清亩 qingmu：种粮补贴申报与种植面积基线比对，找出对不上的村和窝案

  qingmu demo                         用内置样例走一遍（不联网，几秒钟）
  qingmu scan 输入目录 --out 结果目录   扫描自己的数据
  qingmu explain 线索编号              把一条线索的每个数字追到源文件和行号
  qingmu rules list                   看有哪些规则
  qingmu doctor                       检查本机环境

输入目录里要有 claims（补贴申报发放）和 baselines（种植面积基线），parquet 或 csv。
线索不是结论：每一条都要由人核实。
全部命令：qingmu --help（英文：--lang en）";

const GREETING_EN: &str = "\
qingmu (清亩): compares crop subsidy claims with planted-area baselines and lists what does not fit

  qingmu demo                       a walk through the bundled sample (offline, seconds)
  qingmu scan INPUT --out DIR       scan your own data
  qingmu explain LEAD               every number of a lead, down to source file and row
  qingmu rules list                 the rules there are
  qingmu doctor                     check this machine

INPUT holds claims (subsidy claims and payments) and baselines (planted areas) as parquet or csv.
A lead is not a finding: a person checks each one.
All commands: qingmu --help (Chinese: --lang zh)";
