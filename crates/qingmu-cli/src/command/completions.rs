//! `qingmu completions SHELL`.

use crate::app::{base, positional};
use crate::exit::{Exit, Failure};
use crate::lang::pick;
use crate::ui::Ui;
use clap::{ArgMatches, Command, value_parser};
use clap_complete::Shell;
use qingmu_model::Lang;

pub(crate) fn command(lang: Lang) -> Command {
    base("completions", lang)
        .about(pick(lang, "输出命令行补全脚本", "print a completion script for a shell"))
        .override_usage(pick(lang, "qingmu completions <SHELL>", "qingmu completions <SHELL>"))
        .arg(
            positional(
                lang,
                "shell",
                ("SHELL", "SHELL"),
                "bash、zsh、fish、powershell 或 elvish",
                "bash, zsh, fish, powershell or elvish",
            )
            .required(true)
            .hide_possible_values(true)
            .value_parser(value_parser!(Shell)),
        )
}

pub(crate) fn run(args: &ArgMatches, ui: Ui) -> Result<Exit, Failure> {
    if let Some(shell) = args.get_one::<Shell>("shell") {
        let mut script = Vec::new();
        clap_complete::generate(*shell, &mut crate::app::command(ui.lang), "qingmu", &mut script);
        Ui::raw(&script)?;
    }
    Ok(Exit::Done)
}
