//! `qingmu demo`: the bundled sample, from files to leads, offline.

use crate::app::{base, flag, positional};
use crate::command::scan::{self, DEFAULT_CAP, DEFAULT_MIB, Request};
use crate::exit::{Exit, Failure};
use crate::files::write_whole;
use crate::lang::pick;
use crate::pipeline::Task;
use crate::summary;
use crate::ui::Ui;
use clap::{ArgMatches, Command, value_parser};
use include_dir::{Dir, include_dir};
use qingmu_model::Lang;
use std::path::{Path, PathBuf};

/// Invented figures on a real gazetteer.
static SAMPLE: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../datasets/anwu");

pub(crate) fn command(lang: Lang) -> Command {
    base("demo", lang)
        .about(pick(
            lang,
            "写出内置样例（含六村案例）并扫描，不联网",
            "write the bundled sample (with the six-village case) and scan it, offline",
        ))
        .override_usage(pick(lang, "qingmu demo [目录] [--force]", "qingmu demo [DIR] [--force]"))
        .arg(
            positional(
                lang,
                "dir",
                ("目录", "DIR"),
                "写入此目录（默认 demo）",
                "folder to write (default demo)",
            )
            .value_parser(value_parser!(PathBuf)),
        )
        .arg(flag(lang, "force", "覆盖上一次的样例", "overwrite an earlier sample"))
}

pub(crate) fn run(args: &ArgMatches, ui: Ui) -> Result<Exit, Failure> {
    let dir = args.get_one::<PathBuf>("dir").cloned().unwrap_or_else(|| PathBuf::from("demo"));
    let force = args.get_flag("force");
    crate::files::require_empty(&dir, force)?;
    let input = dir.join("data");
    write_sample(&input)?;
    let request = Request {
        task: Task {
            input,
            rules: None,
            year: None,
            threads: 0,
            memory_mib: DEFAULT_MIB,
            model: None,
            order: qingmu_leads::Order::Score,
        },
        out: dir.join("out"),
        force,
        cap: DEFAULT_CAP,
        fail_on: None,
    };
    let done = scan::perform(&request, ui)?;
    if ui.json {
        Ui::document(&summary::document(&request, &done))?;
        return Ok(done.exit);
    }
    ui.text(&done.text)?;
    ui.text(&next(&request.task.input, ui.lang))?;
    Ok(done.exit)
}

/// Two more commands to go on with; the summary ends with the first one.
fn next(input: &Path, lang: Lang) -> String {
    let input = input.display();
    match lang {
        Lang::Zh => format!(
            "  qingmu rules show V02    # 看一条规则写了什么\n  qingmu scan {input} --out 结果目录    # 换成自己的数据再扫一遍\n"
        ),
        Lang::En => format!(
            "  qingmu rules show V02    # what a rule says\n  qingmu scan {input} --out DIR    # the same with your own data\n"
        ),
    }
}

fn write_sample(dir: &Path) -> Result<(), Failure> {
    let mut open = vec![&SAMPLE];
    while let Some(folder) = open.pop() {
        open.extend(folder.dirs());
        for file in folder.files() {
            write_whole(&dir.join(file.path()), file.contents())?;
        }
    }
    Ok(())
}
