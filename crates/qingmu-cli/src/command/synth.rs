//! `qingmu synth`: a generated county, with or without the planted case.

use crate::app::{base, flag, option};
use crate::exit::{Exit, Failure};
use crate::files::require_empty;
use crate::lang::pick;
use crate::ui::Ui;
use clap::{Arg, ArgMatches, Command, value_parser};
use qingmu_model::Lang;
use qingmu_synth::{CountyOptions, ProvinceOptions, Setting, county, write, write_province};
use serde::Serialize;
use std::path::PathBuf;

pub(crate) fn command(lang: Lang) -> Command {
    base("synth", lang)
        .about(pick(
            lang,
            "生成一个虚构县的数据（真实地名，虚构的人和数字），或整个虚构的省",
            "generate a county (real places, invented people and figures) or an invented province",
        ))
        .override_usage(pick(
            lang,
            "qingmu synth --out <目录> [--seed <N>] [--clean] [--province [选项]]",
            "qingmu synth --out <DIR> [--seed <N>] [--clean] [--province [OPTIONS]]",
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
        .arg(flag(
            lang,
            "province",
            "生成一个虚构的省，含各种手法和看似异常的正常情形",
            "an invented province with every scheme and its honest look-alikes",
        ))
        .args(province(lang))
}

/// Options of a province only.
fn province(lang: Lang) -> [Arg; 8] {
    let number = |name, zh, en| {
        option(lang, name, ("N", "N"), zh, en).requires("province").value_parser(value_parser!(u32))
    };
    let share = |name, zh, en| {
        option(lang, name, ("X", "X"), zh, en).requires("province").value_parser(value_parser!(f64))
    };
    [
        option(
            lang,
            "setting",
            ("名称", "NAME"),
            "classic 公开模拟方案 | mixed 各种手法（默认）| wide 再加弃耕冒领、换作物、克扣、重复发放、空壳大户 | faint 只有 5–10 % | ring 一个菜乡的窝案",
            "classic, as published | mixed, many schemes (default) | wide, also fallow land claimed, switched crops, skimming, rows paid twice, shell growers | faint, 5-10 % only | ring, one vegetable town",
        )
        .requires("province")
        .value_parser(|text: &str| text.parse::<Setting>()),
        number("counties", "县数（默认 50）", "counties (default 50)"),
        number("towns", "每县乡镇数（默认 12）", "towns of a county (default 12)"),
        number("villages", "每乡镇村数（默认 14）", "villages of a town (default 14)"),
        number("years", "年数（默认 6），到 2024 年", "years (default 6), up to 2024"),
        number("claimants", "每村申领人数（默认 30）", "claimants of a village (default 30)"),
        share("excess", "面积类手法的超额比例，如 0.3", "relative excess of level schemes, such as 0.3"),
        share("fraud-share", "有手法的村的比例（默认 0.03）", "share of villages with a scheme (default 0.03)"),
    ]
}

fn province_options(args: &ArgMatches) -> ProvinceOptions {
    let usual = ProvinceOptions::default();
    let number = |name: &str, usual: u32| args.get_one::<u32>(name).copied().unwrap_or(usual);
    ProvinceOptions {
        seed: args.get_one::<u64>("seed").copied().unwrap_or(usual.seed),
        setting: args.get_one::<Setting>("setting").copied().unwrap_or(usual.setting),
        counties: number("counties", usual.counties),
        towns: number("towns", usual.towns),
        villages: number("villages", usual.villages),
        years: number("years", usual.years),
        claimants: number("claimants", usual.claimants),
        excess: args.get_one::<f64>("excess").copied(),
        fraud_share: args.get_one::<f64>("fraud-share").copied().unwrap_or(usual.fraud_share),
        clean: args.get_flag("clean"),
    }
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
    let written = if args.get_flag("province") {
        let options = province_options(args);
        let made = write_province(&options, &out)?;
        let (case, seed) = (!options.clean, options.seed);
        let villages = made.truth.villages;
        Written { out, files: made.files, claims: made.claims, villages, case, seed }
    } else {
        of_county(args, out)?
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

fn of_county(args: &ArgMatches, out: PathBuf) -> Result<Written, Failure> {
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
    let (claims, villages) = (county.claims.len(), county.villages.len());
    Ok(Written { out, files, claims, villages, case: options.case, seed: options.seed })
}
