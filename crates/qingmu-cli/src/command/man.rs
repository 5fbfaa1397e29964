//! `qingmu man`: manual pages, generated from the same table as the help.

use crate::app::{base, option};
use crate::exit::{Exit, Failure};
use crate::files::write_whole;
use crate::lang::pick;
use crate::ui::Ui;
use clap::{ArgMatches, Command, value_parser};
use clap_mangen::Man;
use qingmu_model::Lang;
use std::path::{Path, PathBuf};

pub(crate) fn command(lang: Lang) -> Command {
    base("man", lang)
        .about(pick(
            lang,
            "输出手册页；给出 --out 时每个命令写一个文件",
            "print the manual page; with --out, write one file per command",
        ))
        .override_usage(pick(lang, "qingmu man [--out <目录>]", "qingmu man [--out <DIR>]"))
        .arg(
            option(lang, "out", ("目录", "DIR"), "写入此目录", "write into this folder")
                .value_parser(value_parser!(PathBuf)),
        )
}

pub(crate) fn run(args: &ArgMatches, ui: Ui) -> Result<Exit, Failure> {
    let root = crate::app::command(ui.lang);
    let Some(dir) = args.get_one::<PathBuf>("out") else {
        Ui::raw(&page(root)?)?;
        return Ok(Exit::Done);
    };
    write(&root, "qingmu", dir)?;
    Ok(Exit::Done)
}

fn write(command: &Command, name: &str, dir: &Path) -> Result<(), Failure> {
    // clap names a page after the command; `qingmu-rules-lint` is how manuals name subcommands.
    let titled = command.clone().name(name.to_owned()).display_name(name.to_owned());
    write_whole(&dir.join(format!("{name}.1")), &page(titled)?)?;
    for inner in command.get_subcommands() {
        write(inner, &format!("{name}-{}", inner.get_name()), dir)?;
    }
    Ok(())
}

fn page(command: Command) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    Man::new(command).render(&mut bytes)?;
    Ok(bytes)
}
