//! The process that reads one file handed over by somebody else; started by this program, listed nowhere.

use std::ffi::OsString;
use std::process::ExitCode;

/// Runs if the arguments call for it: before anything else of the program does.
pub(crate) fn run(args: &[OsString]) -> Option<ExitCode> {
    let called = args.get(1).is_some_and(|a| a == qingmu_sheets::isolate::SUBCOMMAND);
    called.then(|| qingmu_sheets::isolate::child_main(args.iter().skip(2).cloned()))
}
