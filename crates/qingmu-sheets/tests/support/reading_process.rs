//! The reading process of the tests.

use std::process::ExitCode;

fn main() -> ExitCode {
    qingmu_sheets::isolate::child_main(std::env::args_os().skip(1))
}
