//! The `qingmu` command: arguments in, exit code out.
//!
//! stdout is data, stderr is talk. Every command lives in its own file under `command/`, with its arguments and
//! its texts in both languages.

mod app;
mod command;
mod exit;
mod explain;
mod failures;
mod files;
mod lang;
mod lock;
mod pipeline;
mod progress;
mod results;
mod summary;
mod ui;
mod usage;

use exit::{Exit, Failure};
use qingmu_model::Lang;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let args: Vec<std::ffi::OsString> = std::env::args_os().collect();
    if let Some(exit) = command::read_untrusted::run(&args) {
        return exit;
    }
    let lang = lang::detect(&args, lang::from_environment);
    std::panic::set_hook(Box::new(move |info| exit::tell_panic(lang, info)));
    let exit = catch_unwind(AssertUnwindSafe(|| run(&args, lang))).unwrap_or(Exit::Bug);
    ExitCode::from(exit.code())
}

/// Parses, runs and reports; the only place that turns a failure into text.
fn run(args: &[std::ffi::OsString], lang: Lang) -> Exit {
    if args.len() <= 1 {
        return app::greet(lang);
    }
    let matches = match app::command(lang).try_get_matches_from(args) {
        Ok(matches) => matches,
        Err(error) => return usage::report(&error, lang, args),
    };
    let ui = ui::Ui::new(&matches, lang);
    match command::dispatch(&matches, ui) {
        Ok(exit) => exit,
        Err(failure) => ui.fail(&failure),
    }
}

impl From<std::io::Error> for Failure {
    /// Only for writing to stdout: every file error is given its path where it happens.
    fn from(error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::BrokenPipe {
            return Self::silent(Exit::Done);
        }
        Self::new(
            Exit::Io,
            format!("写标准输出失败：{error}"),
            format!("cannot write to standard output: {error}"),
        )
    }
}
