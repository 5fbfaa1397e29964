//! `qingmu scan`: the main job.

use crate::app::{base, flag, option, positional};
use crate::exit::{Exit, Failure};
use crate::files::RunFolder;
use crate::lang::pick;
use crate::pipeline::{Judged, Prepared, Task, keep_apart, over_cap};
use crate::results::{self, Accounts};
use crate::summary;
use crate::ui::Ui;
use clap::{ArgMatches, Command, value_parser};
use qingmu_core::Scan;
use qingmu_leads::Order;
use qingmu_model::Lang;
use qingmu_rules::Evaluation;
use std::path::{Path, PathBuf};

/// Rows that may be refused before the whole input is, in percent of a table's rows.
pub(crate) const DEFAULT_CAP: f64 = 1.0;
/// Memory for the scan's hash partitions.
pub(crate) const DEFAULT_MIB: usize = 2048;

pub(crate) fn command(lang: Lang) -> Command {
    base("scan", lang)
        .about(pick(
            lang,
            "扫描一个输入目录，写出线索、覆盖情况和对账清单",
            "scan an input folder: leads, coverage and an account of every row",
        ))
        .override_usage(pick(
            lang,
            "qingmu scan <输入目录> --out <目录> [选项]",
            "qingmu scan <INPUT> --out <DIR> [OPTIONS]",
        ))
        .arg(
            positional(
                lang,
                "input",
                ("输入目录", "INPUT"),
                "存放 claims、baselines 等表的目录",
                "folder with the tables claims, baselines and others",
            )
            .required(true)
            .value_parser(value_parser!(PathBuf)),
        )
        .args(output_args(lang))
        .args(selection_args(lang))
        .args(machine_args(lang))
        .after_help(pick(lang, EXITS_ZH, EXITS_EN))
}

const EXITS_ZH: &str = "退出码：0 完成；1 有线索达到 --fail-on；3 完成，但有行待核；65 输入被拒；73 输出目录已有结果；78 规则或配置有误";
const EXITS_EN: &str = "Exit codes: 0 done; 1 leads reach --fail-on; 3 done, rows were quarantined; 65 input refused; 73 output exists; 78 rules or configuration wrong";

fn output_args(lang: Lang) -> [clap::Arg; 2] {
    [
        option(
            lang,
            "out",
            ("目录", "DIR"),
            "结果写入此目录",
            "write the results into this folder",
        )
        .required(true)
        .value_parser(value_parser!(PathBuf)),
        flag(
            lang,
            "force",
            "覆盖该目录中上一次的结果",
            "overwrite the results of another run there",
        ),
    ]
}

fn selection_args(lang: Lang) -> [clap::Arg; 6] {
    [
        option(
            lang,
            "rules",
            ("目录", "DIR"),
            "用此目录的规则代替内置规则",
            "rules of this folder instead of the built-in ones",
        )
        .value_parser(value_parser!(PathBuf)),
        option(
            lang,
            "year",
            ("年份", "YEAR"),
            "只出这一年的线索（往年数据仍用于比较）",
            "only leads of this year (other years still serve for comparison)",
        )
        .value_parser(move |text: &str| year(text, lang)),
        option(
            lang,
            "model",
            ("文件", "FILE"),
            "用另一次扫描写出的 model.json 评分，不重新学习",
            "score with the model.json of another scan instead of learning one",
        )
        .value_parser(value_parser!(PathBuf)),
        option(
            lang,
            "order",
            ("score|priority", "score|priority"),
            "线索按概率（score，默认）或每个核查日可追回金额（priority）排序",
            "order leads by probability (score, default) or by recoverable money per day (priority)",
        )
        .value_parser(["score", "priority"])
        .hide_possible_values(true),
        option(
            lang,
            "max-rejects",
            ("百分比", "PERCENT"),
            "任一表被隔离的行超过此比例则拒收（默认 1）",
            "refuse the input when more of a table's rows are quarantined (default 1)",
        )
        .value_parser(move |text: &str| percent(text, lang)),
        option(
            lang,
            "fail-on",
            ("分数", "SCORE"),
            "有线索达到此分数（0–100）时退出码为 1",
            "exit with 1 when a lead has this score (0 to 100) or more",
        )
        .value_parser(move |text: &str| percent(text, lang)),
    ]
}

fn machine_args(lang: Lang) -> [clap::Arg; 2] {
    [
        option(
            lang,
            "threads",
            ("N", "N"),
            "线程数（默认全部）；不影响结果",
            "threads (default all); never changes the result",
        )
        .value_parser(move |text: &str| count(text, lang)),
        option(
            lang,
            "memory-mib",
            ("N", "N"),
            "去重计数可用的内存（默认 2048）；不影响结果",
            "memory for distinct counts (default 2048); never changes the result",
        )
        .value_parser(move |text: &str| count(text, lang)),
    ]
}

fn year(text: &str, lang: Lang) -> Result<i16, String> {
    let year = text.parse::<i16>().ok().filter(|y| (1900..=2200).contains(y));
    year.ok_or_else(|| pick(lang, "应为四位年份", "expected a year of four digits").to_owned())
}

pub(crate) fn percent(text: &str, lang: Lang) -> Result<f64, String> {
    let number = text.parse::<f64>().ok().filter(|p| (0.0..=100.0).contains(p));
    number.ok_or_else(|| {
        pick(lang, "应为 0 到 100 的数", "expected a number from 0 to 100").to_owned()
    })
}

fn count(text: &str, lang: Lang) -> Result<usize, String> {
    let number = text.parse::<usize>().ok().filter(|n| (1..=1 << 20).contains(n));
    number.ok_or_else(|| pick(lang, "应为正整数", "expected a whole number above 0").to_owned())
}

/// Everything a scan is told.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) task: Task,
    pub(crate) out: PathBuf,
    pub(crate) force: bool,
    pub(crate) cap: f64,
    pub(crate) fail_on: Option<f64>,
}

pub(crate) fn run(args: &ArgMatches, ui: Ui) -> Result<Exit, Failure> {
    let path = |name: &str| args.get_one::<PathBuf>(name).cloned();
    let request = Request {
        task: Task {
            input: path("input").unwrap_or_default(),
            rules: path("rules"),
            year: args.get_one("year").copied(),
            threads: args.get_one("threads").copied().unwrap_or(0),
            memory_mib: args.get_one("memory-mib").copied().unwrap_or(DEFAULT_MIB),
            model: path("model"),
            order: match args.get_one::<String>("order").map(String::as_str) {
                Some("priority") => Order::Priority,
                _ => Order::Score,
            },
        },
        out: path("out").unwrap_or_default(),
        force: args.get_flag("force"),
        cap: args.get_one("max-rejects").copied().unwrap_or(DEFAULT_CAP),
        fail_on: args.get_one("fail-on").copied(),
    };
    let done = perform(&request, ui)?;
    if ui.json {
        Ui::document(&summary::document(&request, &done))?;
    } else {
        ui.text(&done.text)?;
    }
    Ok(done.exit)
}

/// A finished scan.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) exit: Exit,
    pub(crate) judged: Judged,
    pub(crate) totals: std::collections::BTreeMap<String, qingmu_leads::TableTotal>,
    pub(crate) files: Vec<&'static str>,
    /// The summary for people.
    pub(crate) text: String,
}

/// Scans, judges and writes.
pub(crate) fn perform(request: &Request, ui: Ui) -> Result<Done, Failure> {
    let mut prepared = Prepared::new(request.task.clone())?;
    let folder = RunFolder::open(&request.out, request.force)?;
    keep_apart(&request.task.input, &request.out)?;
    forget_output(&mut prepared, &request.out);
    let mut scan = prepared.scan(ui)?;
    let refuse = |scan: &Scan, folder: RunFolder, (table, percent): (String, f64)| {
        let none = Evaluation::default();
        let accounts = Accounts::new(&prepared, scan, &none, None, request.cap)?;
        results::write_refusal(folder, scan, &accounts)?;
        Err(refused(&request.out, &table, percent, request.cap))
    };
    if let Some(over) = over_cap(&scan, request.cap) {
        return refuse(&scan, folder, over);
    }
    let detection = prepared.detect(&mut scan)?;
    if let Some(over) = over_cap(&scan, request.cap) {
        return refuse(&scan, folder, over);
    }
    let judged = prepared.judge(&scan, &detection)?;
    let told = (&judged.evaluation, Some(&detection));
    let accounts = Accounts::new(&prepared, &scan, told.0, told.1, request.cap)?;
    let totals = accounts.manifest.totals.clone();
    let text = summary::text(&judged, &accounts, &request.out, ui.lang);
    let page = summary::page(&judged, &accounts, ui.lang);
    let files = results::write(folder, &prepared, &scan, (&judged, &detection), accounts, &page)?;
    let exit = exit_of(&scan, &judged, request.fail_on);
    Ok(Done { exit, judged, totals, files, text })
}

fn exit_of(scan: &Scan, judged: &Judged, fail_on: Option<f64>) -> Exit {
    let reached = |least: f64| judged.leads.iter().any(|lead| lead.score >= least);
    // What the caller asked to be told of comes before what nobody asked.
    if fail_on.is_some_and(reached) {
        Exit::Leads
    } else if scan.rejects.is_empty() {
        Exit::Done
    } else {
        Exit::Rejected
    }
}

/// An output folder inside the input folder is no file that was passed over.
fn forget_output(prepared: &mut Prepared, out: &Path) {
    let root = prepared.input.root.clone();
    let Ok(out) = out.canonicalize() else { return };
    prepared
        .input
        .passed_over
        .retain(|name| root.join(name).canonicalize().map_or(true, |path| !out.starts_with(&path)));
}

fn refused(out: &Path, table: &str, percent: f64, cap: f64) -> Failure {
    let list = out.join("rejects.csv");
    let list = list.display();
    Failure::new(
        Exit::Refused,
        format!("{table} 表有 {percent:.2}% 的行不能用，超过上限 {cap}%；未写出线索"),
        format!("{percent:.2}% of the rows of {table} cannot be used, more than {cap}%; no lead was written"),
    )
    .remedy(
        format!("逐行原因见 {list}；改正输入，或用 --max-rejects 提高上限"),
        format!("{list} has the reason for each row; correct the input, or raise --max-rejects"),
    )
}
