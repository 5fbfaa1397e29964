//! `qingmu learn`: what inspections found moves the weights of the model.

use crate::app::{base, flag, option, positional};
use crate::exit::{Exit, Failure};
use crate::lang::pick;
use crate::results::{not_a_run, read_place};
use crate::ui::Ui;
use clap::{ArgMatches, Command, value_parser};
use qingmu_core::{discover, load_project};
use qingmu_detect::{DetectError, Learned, ModelFile, learn_from, read_outcomes};
use qingmu_model::{Lang, Reject};
use std::path::{Path, PathBuf};

pub(crate) fn command(lang: Lang) -> Command {
    base("learn", lang)
        .about(pick(
            lang,
            "用核查结论校正模型权重（至少 30 条结论），写出新的 model.json，供 scan --model 使用",
            "correct the model's weights by what inspections found (30 outcomes at least); writes a model.json for scan --model",
        ))
        .override_usage(pick(
            lang,
            "qingmu learn <结果目录> --outcomes <文件> --out <model.json>",
            "qingmu learn <RUN> --outcomes <FILE> --out <model.json>",
        ))
        .arg(
            positional(
                lang,
                "run",
                ("结果目录", "RUN"),
                "选取核查对象时的扫描结果",
                "the scan that the inspections were selected from",
            )
            .required(true)
            .value_parser(value_parser!(PathBuf)),
        )
        .args(files(lang))
        .after_help(pick(lang, HELP_ZH, HELP_EN))
}

const HELP_ZH: &str = "核查结论表（csv 或 parquet）：village_code、year、verdict（confirmed 属实 / cleared 不属实 / insufficient 证据不足），\n可有 inclusion（被抽中的概率，缺省 1）、control（随机对照抽中）、cause（查明的正当理由代码）。每次放入迄今全部结论。";
const HELP_EN: &str = "The table of outcomes (csv or parquet): village_code, year, verdict (confirmed, cleared or insufficient); it may have\ninclusion (probability of selection, 1 where missing), control (selected at random), cause (code of the honest reason\nfound). Put all outcomes so far into it, every time.";

fn files(lang: Lang) -> [clap::Arg; 4] {
    [
        option(lang, "outcomes", ("文件", "FILE"), "核查结论表", "the table of outcomes")
            .required(true)
            .value_parser(value_parser!(PathBuf)),
        option(lang, "out", ("文件", "FILE"), "新的 model.json", "the new model.json")
            .required(true)
            .value_parser(value_parser!(PathBuf)),
        option(
            lang,
            "input",
            ("目录", "DIR"),
            "输入目录已搬走时，指出现在的位置",
            "where the input folder is now, if it has moved",
        )
        .value_parser(value_parser!(PathBuf)),
        flag(lang, "force", "覆盖已有的文件", "overwrite the file if it is there"),
    ]
}

pub(crate) fn run(args: &ArgMatches, ui: Ui) -> Result<Exit, Failure> {
    let path = |name: &str| args.get_one::<PathBuf>(name).cloned();
    let (run, out) = (path("run").unwrap_or_default(), path("out").unwrap_or_default());
    if out.exists() && !args.get_flag("force") {
        return Err(taken(&out));
    }
    let place = read_place(&run)?;
    let input = path("input").unwrap_or_else(|| run.join(&place.input));
    let (input, project) = (discover(&input)?, load_project(&input)?);
    let file = run.join("model.json");
    let text =
        std::fs::read_to_string(&file).map_err(|e| not_a_run(&run, &format!("model.json: {e}")))?;
    let table = path("outcomes").unwrap_or_default();
    let (rows, _, rejects) = read_outcomes(&table, &project).map_err(DetectError::from)?;
    let update = learn_from(&input, &project, (ModelFile::parse(&text)?, 0), &rows)?;
    if let Learned::Nothing { outcomes, needed } = update.learned {
        return Err(too_few(outcomes, needed, &rejects));
    }
    let model = update.model.text()?;
    write(&out, &model)?;
    let told = update.summary(rejects.len());
    if ui.json {
        Ui::document(&told)?;
    } else {
        ui.text(&told.page(&out.display().to_string(), ui.lang))?;
    }
    for reject in &rejects {
        Ui::line(&line(reject, ui.lang));
    }
    Ok(if rejects.is_empty() { Exit::Done } else { Exit::Rejected })
}

fn line(reject: &Reject, lang: Lang) -> String {
    let Reject { file, row, column, value, code, .. } = reject;
    let code = code.code();
    match lang {
        Lang::Zh => {
            format!("{file} 第 {row} 行 {column} 列：“{value}”不能用（{code}），该行未采用")
        }
        Lang::En => {
            format!(
                "{file} row {row}, column {column}: `{value}` cannot be used ({code}); row left out"
            )
        }
    }
}

fn too_few(outcomes: usize, needed: usize, rejects: &[Reject]) -> Failure {
    let refused = rejects.len();
    Failure::new(
        Exit::Refused,
        format!("只有 {outcomes} 条可用的结论（另有 {refused} 行不能读），至少要 {needed} 条；未写出模型"),
        format!(
            "only {outcomes} outcomes can be used ({refused} rows could not be read), {needed} are needed; no model was written"
        ),
    )
    .remedy(
        "继续核查，积累到 30 条以上再学习；有正当理由（cause）的结论只调整县的系数，不计入",
        "go on inspecting until there are 30; outcomes with a cause correct a county's factor and do not count",
    )
}

fn taken(out: &Path) -> Failure {
    let shown = out.display();
    Failure::new(
        Exit::CannotCreate,
        format!("{shown}：已存在，未覆盖"),
        format!("{shown}: is there already; nothing was overwritten"),
    )
    .remedy("换一个文件名，或加 --force 覆盖", "give another name, or --force to overwrite")
}

/// Whole or not at all.
fn write(out: &Path, text: &str) -> Result<(), Failure> {
    let folder = out.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let fail = |e: &std::io::Error| Failure::io(out, e);
    let mut temp = tempfile::NamedTempFile::new_in(folder).map_err(|e| fail(&e))?;
    std::io::Write::write_all(&mut temp, text.as_bytes()).map_err(|e| fail(&e))?;
    temp.as_file().sync_all().map_err(|e| fail(&e))?;
    temp.persist(out).map_err(|e| fail(&e.error))?;
    Ok(())
}
