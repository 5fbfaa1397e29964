//! `qingmu explain LEAD`: every number of a lead, down to source file and row.

use crate::app::{base, option, positional};
use crate::command::scan::DEFAULT_MIB;
use crate::exit::{Exit, Failure};
use crate::explain::{Question, answer, default_run};
use crate::lang::pick;
use crate::ui::Ui;
use clap::{ArgMatches, Command, value_parser};
use qingmu_model::Lang;
use std::path::PathBuf;

/// Rows listed per figure unless asked otherwise; the count is always of all.
const DEFAULT_ROWS: usize = 3;

pub(crate) fn command(lang: Lang) -> Command {
    base("explain", lang)
        .about(pick(
            lang,
            "把一条线索的每个数字追到源文件和行号，并复加核对",
            "every number of a lead, down to source file and row, and added up again",
        ))
        .override_usage(pick(
            lang,
            "qingmu explain <线索编号> [--run <目录>] [--input <目录>] [--rows <N>]",
            "qingmu explain <LEAD> [--run <DIR>] [--input <DIR>] [--rows <N>]",
        ))
        .arg(
            positional(
                lang,
                "lead",
                ("线索编号", "LEAD"),
                "如 QM-0123456789AB，或足以区分的开头",
                "such as QM-0123456789AB, or as much of it as tells it from others",
            )
            .required(true),
        )
        .arg(
            option(
                lang,
                "run",
                ("目录", "DIR"),
                "scan 写出的目录（默认 demo/out）",
                "folder that a scan wrote (default demo/out)",
            )
            .value_parser(value_parser!(PathBuf)),
        )
        .arg(
            option(
                lang,
                "input",
                ("目录", "DIR"),
                "输入目录已搬走时，指出现在的位置",
                "where the input folder is now, if it has moved",
            )
            .value_parser(value_parser!(PathBuf)),
        )
        .arg(
            option(
                lang,
                "rows",
                ("N", "N"),
                "每个数字列出多少行（默认 3）；总数总是全部",
                "rows to list per figure (default 3); counts are always of all",
            )
            .value_parser(value_parser!(usize)),
        )
}

pub(crate) fn run(args: &ArgMatches, ui: Ui) -> Result<Exit, Failure> {
    let question = Question {
        lead: args.get_one::<String>("lead").cloned().unwrap_or_default(),
        run: args.get_one::<PathBuf>("run").cloned().unwrap_or_else(default_run),
        input: args.get_one::<PathBuf>("input").cloned(),
        rows: args.get_one("rows").copied().unwrap_or(DEFAULT_ROWS),
        threads: 0,
        memory_mib: DEFAULT_MIB,
    };
    answer(&question, ui)
}
