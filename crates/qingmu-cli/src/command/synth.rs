//! `qingmu synth`: a generated county, with or without the planted case.

use crate::app::{base, flag, option};
use crate::exit::{Exit, Failure};
use crate::files::require_empty;
use crate::lang::pick;
use crate::ui::Ui;
use clap::{ArgMatches, Command, value_parser};
use qingmu_model::Lang;
use qingmu_synth::{CountyOptions, county, write};
use serde::Serialize;
use std::path::PathBuf;

pub(crate) fn command(lang: Lang) -> Command {
    base("synth", lang)
        .about(pick(
            lang,
            "生成一个虚构县的数据（真实地名，虚构的人和数字）",
            "generate a county: real places, invented people and figures",
        ))
        .override_usage(pick(
            lang,
            "qingmu synth --out <目录> [--seed <N>] [--clean]",
            "qingmu synth --out <DIR> [--seed <N>] [--clean]",
        ))
        .arg(
            option(lang, "out", ("目录", "DIR"), "写入此目录", "write into this folder")
                .required(true)
                .value_parser(value_parser!(PathBuf)),
        )
        .arg(
            option(
                lang,
                "seed",
                ("N", "N"),
                "随机种子（默认 7）；同一种子逐字节相同",
                "seed (default 7); the same seed gives the same bytes",
            )
            .value_parser(value_parser!(u64)),
        )
        .arg(flag(lang, "clean", "不植入案例", "without the planted case"))
        .arg(flag(lang, "force", "覆盖已有文件", "overwrite what is there"))
}

#[derive(Serialize)]
struct Written {
    out: PathBuf,
    files: Vec<String>,
    claims: usize,
    villages: usize,
    case: bool,
    seed: u64,
}

pub(crate) fn run(args: &ArgMatches, ui: Ui) -> Result<Exit, Failure> {
    let out = args.get_one::<PathBuf>("out").cloned().unwrap_or_default();
    require_empty(&out, args.get_flag("force"))?;
    let mut options = CountyOptions { case: !args.get_flag("clean"), ..CountyOptions::default() };
    if let Some(seed) = args.get_one::<u64>("seed") {
        options.seed = *seed;
    }
    let county = county(&options);
    let paths = write(&county, &out)?;
    let files = paths
        .iter()
        .map(|p| p.strip_prefix(&out).unwrap_or(p).to_string_lossy().replace('\\', "/"))
        .collect();
    let written = Written {
        out,
        files,
        claims: county.claims.len(),
        villages: county.villages.len(),
        case: options.case,
        seed: options.seed,
    };
    if ui.json {
        Ui::document(&written)?;
    } else {
        let shown = written.out.display();
        ui.text(&match ui.lang {
            Lang::Zh => format!(
                "已写入 {shown}：{} 个村，{} 条申报。下一步：qingmu scan {shown} --out 结果目录\n",
                written.villages, written.claims
            ),
            Lang::En => format!(
                "wrote {shown}: {} villages, {} claims. Next: qingmu scan {shown} --out DIR\n",
                written.villages, written.claims
            ),
        })?;
    }
    Ok(Exit::Done)
}
