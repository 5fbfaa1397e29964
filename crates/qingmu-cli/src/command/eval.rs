//! `qingmu eval`: a list of leads measured against what was planted.

use crate::app::{base, option, positional};
use crate::exit::{Exit, Failure};
use crate::lang::pick;
use crate::ui::Ui;
use clap::{ArgMatches, Command, value_parser};
use qingmu_eval::{EvalError, evaluate, only_year, read_leads, read_truth};
use qingmu_model::Lang;
use std::path::PathBuf;

pub(crate) fn command(lang: Lang) -> Command {
    base("eval", lang)
        .about(pick(
            lang,
            "用已知答案评估线索：精度、查出率、误列比例、区间命中",
            "measure leads against a known truth: precision, recall, false share, intervals",
        ))
        .override_usage(pick(
            lang,
            "qingmu eval <结果目录|leads.csv|leads.parquet> --truth <truth.json>",
            "qingmu eval <FOLDER|leads.csv|leads.parquet> --truth <truth.json>",
        ))
        .arg(
            positional(
                lang,
                "leads",
                ("线索", "LEADS"),
                "扫描结果目录或线索文件",
                "folder of a scan, or its list",
            )
            .required(true)
            .value_parser(value_parser!(PathBuf)),
        )
        .arg(
            option(
                lang,
                "truth",
                ("文件", "FILE"),
                "`qingmu synth` 写出的 truth.json",
                "truth.json of `qingmu synth`",
            )
            .required(true)
            .value_parser(value_parser!(PathBuf)),
        )
        .arg(
            option(
                lang,
                "villages",
                ("N", "N"),
                "村的总数（答案里没有时）",
                "villages in all, where the truth does not say",
            )
            .value_parser(value_parser!(usize)),
        )
        .arg(
            option(lang, "year", ("年", "YEAR"), "只评估这一年", "this year alone")
                .value_parser(value_parser!(i16)),
        )
}

pub(crate) fn run(args: &ArgMatches, ui: Ui) -> Result<Exit, Failure> {
    let path = |name: &str| args.get_one::<PathBuf>(name).cloned().unwrap_or_default();
    let mut truths = read_truth(&path("truth"))?;
    let mut leads = read_leads(&path("leads"))?;
    if let Some(year) = args.get_one::<i16>("year") {
        only_year(&mut leads, &mut truths, *year);
    }
    let found = evaluate(&leads, &truths, args.get_one::<usize>("villages").copied())?;
    if ui.json {
        Ui::document(&found)?;
    } else {
        ui.text(&found.page(ui.lang))?;
    }
    Ok(Exit::Done)
}

impl From<EvalError> for Failure {
    fn from(error: EvalError) -> Self {
        let text = error.to_string();
        let exit = match error {
            EvalError::Read { .. } => Exit::Io,
            EvalError::NoVillages | EvalError::TooFewVillages { .. } => Exit::Usage,
            _ => Exit::Refused,
        };
        Self::new(exit, format!("无法评估：{text}"), text)
    }
}
