//! One file per command: its arguments and what it does.

mod completions;
mod demo;
mod doctor;
mod eval;
mod explain;
mod ingest;
pub(crate) mod inspect;
mod learn;
mod man;
pub(crate) mod read_untrusted;
mod rules;
pub(crate) mod scan;
mod synth;

use crate::exit::{Exit, Failure};
use crate::ui::Ui;
use clap::{ArgMatches, Command};
use qingmu_model::Lang;

/// Every command, in the order of the help page.
pub(crate) fn all(lang: Lang) -> Vec<Command> {
    vec![
        demo::command(lang),
        inspect::command(lang),
        ingest::command(lang),
        scan::command(lang),
        explain::command(lang),
        learn::command(lang),
        rules::command(lang),
        synth::command(lang),
        eval::command(lang),
        doctor::command(lang),
        completions::command(lang),
        man::command(lang),
    ]
}

/// Runs the command that was called.
pub(crate) fn dispatch(matches: &ArgMatches, ui: Ui) -> Result<Exit, Failure> {
    match matches.subcommand() {
        Some(("demo", args)) => demo::run(args, ui),
        Some(("inspect", args)) => inspect::run(args, ui),
        Some(("ingest", args)) => ingest::run(args, ui),
        Some(("scan", args)) => scan::run(args, ui),
        Some(("explain", args)) => explain::run(args, ui),
        Some(("learn", args)) => learn::run(args, ui),
        Some(("rules", args)) => rules::run(args, ui),
        Some(("synth", args)) => synth::run(args, ui),
        Some(("eval", args)) => eval::run(args, ui),
        Some(("doctor", args)) => doctor::run(args, ui),
        Some(("completions", args)) => completions::run(args, ui),
        Some(("man", args)) => man::run(args, ui),
        // clap requires one of the commands above.
        _ => Ok(crate::app::greet(ui.lang)),
    }
}
