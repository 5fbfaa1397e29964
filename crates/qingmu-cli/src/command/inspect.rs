//! `qingmu inspect`: what office files hold and what would become of them; writes nothing.

use crate::app::{base, option, positional};
use crate::exit::{Exit, Failure};
use crate::lang::pick;
use crate::ui::Ui;
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use qingmu_ingest::intake::{IntakeOptions, Isolation, MappingFile, Names, read_all};
use qingmu_inspect::Inspection;
use qingmu_model::Lang;
use std::path::{Path, PathBuf};

pub(crate) fn command(lang: Lang) -> Command {
    base("inspect", lang)
        .about(pick(
            lang,
            "查看办公表格：工作表、列的对应、单位、合计、控制数、坏数据；不写任何文件",
            "look at office tables: sheets, columns, units, totals, control totals, damage; writes nothing",
        ))
        .override_usage(pick(lang, "qingmu inspect <文件>… [选项]", "qingmu inspect <FILE>… [OPTIONS]"))
        .arg(
            positional(
                lang,
                "file",
                ("文件", "FILE"),
                "xlsx、xls、ods、csv、tsv 或 parquet；村名录一起给出时，用它核对村名",
                "xlsx, xls, ods, csv, tsv or parquet; a list of villages among them resolves the names of the others",
            )
            .required(true)
            .num_args(1..)
            .value_parser(value_parser!(PathBuf)),
        )
        .args(intake_args(lang))
        .arg(
            option(
                lang,
                "write-mapping",
                ("文件", "FILE"),
                "把列的对应写成文件，改好后用 --map 使用，下月的表也能用",
                "write the mapping of the columns to a file, to correct and use with --map, next month as well",
            )
            .value_parser(value_parser!(PathBuf)),
        )
}

/// Options about what files mean.
pub(crate) fn intake_args(lang: Lang) -> [Arg; 4] {
    [
        option(
            lang,
            "set",
            ("字段=值", "FIELD=VALUE"),
            "整表相同的值，可多次：year=2024 programme=GRAIN season=S town=安吴镇 area_unit=亩 …",
            "what holds for all rows, repeatable: year=2024 programme=GRAIN season=S town=安吴镇 area_unit=亩 …",
        )
        .action(ArgAction::Append),
        option(lang, "table", ("表", "TABLE"), "各表都是这种表，如 claims", "every sheet is of this table, such as claims"),
        option(lang, "map", ("文件", "FILE"), "列的对应", "mapping of the columns")
            .value_parser(value_parser!(PathBuf)),
        option(
            lang,
            "encoding",
            ("编码", "NAME"),
            "文本编码，如 gb18030、utf-8、utf-16le（默认自动判断）",
            "text encoding, such as gb18030, utf-8, utf-16le (told from the bytes by default)",
        ),
    ]
}

/// Options of the intake as the arguments state them, with files read in processes of their own.
pub(crate) fn intake_options(args: &ArgMatches) -> Result<IntakeOptions, Failure> {
    let child = qingmu_sheets::isolate::Isolation::this_binary()
        .map_err(|error| Failure::io(Path::new("qingmu"), &error))?;
    let mut options = IntakeOptions::new(Isolation::Child(child));
    options.encoding = args.get_one::<String>("encoding").cloned();
    options.table = args.get_one::<String>("table").cloned();
    for text in args.get_many::<String>("set").into_iter().flatten() {
        options.set(text).map_err(|error| {
            let what = error.what();
            Failure::new(
                Exit::Usage,
                format!("--set {text}：{}", what.zh),
                format!("--set {text}: {}", what.en),
            )
        })?;
    }
    if let Some(path) = args.get_one::<PathBuf>("map") {
        let text = std::fs::read_to_string(path).map_err(|error| Failure::io(path, &error))?;
        let map = MappingFile::from_toml(&text).map_err(|error| {
            let text = format!("{}: {error}", path.display());
            Failure::new(Exit::Config, text.clone(), text)
                .remedy("改正映射文件", "correct the mapping")
        })?;
        options.map = Some(map);
    }
    Ok(options)
}

pub(crate) fn run(args: &ArgMatches, ui: Ui) -> Result<Exit, Failure> {
    let mut options = intake_options(args)?;
    options.names = Names::AsWritten;
    let paths: Vec<PathBuf> = args.get_many("file").into_iter().flatten().cloned().collect();
    let files = read_all(&paths, &options).map_err(|error| {
        let text = error.to_string();
        Failure::new(Exit::Refused, text.clone(), text)
    })?;
    let shown = Inspection::new(paths.iter().map(PathBuf::as_path).zip(&files));
    if ui.json {
        Ui::document(&shown)?;
    } else {
        ui.text(&shown.to_text(ui.lang))?;
    }
    if let Some(path) = args.get_one::<PathBuf>("write-mapping") {
        let sheets = files.iter().flatten().flat_map(|f| &f.sheets);
        let map = MappingFile::new(sheets.filter_map(|s| s.mapping()));
        let text = map.to_toml().map_err(|error| {
            let text = error.to_string();
            Failure::new(Exit::Bug, text.clone(), text)
        })?;
        std::fs::write(path, text).map_err(|error| Failure::io(path, &error))?;
    }
    Ok(match shown.exit {
        0 => Exit::Done,
        3 => Exit::Rejected,
        74 => Exit::Io,
        70 => Exit::Bug,
        _ => Exit::Refused,
    })
}
