//! What the README shows is what the command does.
//!
//! Convention: in a fenced block marked `console`, a line that starts with `$ qingmu ` is run, all commands of one
//! README in one empty folder, in order. The lines up to the next `$ ` line or the end of the block are its stdout
//! and stderr, exactly; a line `…` stands for any number of lines. `$ echo $?` after a command shows its exit code;
//! without it the code must be 0 or 3. Commands that do not start with `qingmu` are not run.

use crate::running::{finish, root};
use std::path::Path;

#[derive(Debug, PartialEq, Eq)]
struct Shown {
    command: String,
    output: Vec<String>,
    code: Option<i32>,
}

/// What the lines of a block belong to.
enum Reading {
    Nothing,
    Output,
    Code,
}

/// Commands of a page with what it shows of them.
fn shown(page: &str) -> Vec<Shown> {
    let mut found: Vec<Shown> = Vec::new();
    let mut inside = false;
    let mut reading = Reading::Nothing;
    for line in page.lines() {
        if line.starts_with("```") {
            inside = line == "```console";
            reading = Reading::Nothing;
        } else if !inside {
            // Prose.
        } else if let Some(rest) = line.strip_prefix("$ qingmu") {
            found.push(Shown { command: format!("qingmu{rest}"), output: Vec::new(), code: None });
            reading = Reading::Output;
        } else if line.starts_with("$ ") {
            reading = if line == "$ echo $?" { Reading::Code } else { Reading::Nothing };
        } else if let Some(last) = found.last_mut() {
            match reading {
                Reading::Output => last.output.push(line.to_owned()),
                Reading::Code => last.code = line.trim().parse().ok(),
                Reading::Nothing => {}
            }
        }
    }
    found
}

/// Whether `actual` has the shown pieces in order, the first at its start and the last at its end; the earliest
/// place of each piece is as good as any other, so nothing is tried twice.
fn matches(expected: &[String], actual: &[&str]) -> bool {
    let same = |line: &&str, shown: &String| line.trim_end() == shown.trim_end();
    let at = |piece: &[String], from: usize| {
        actual
            .get(from..from + piece.len())
            .is_some_and(|part| part.iter().zip(piece).all(|(a, e)| same(a, e)))
    };
    let pieces: Vec<&[String]> = expected.split(|line| line == "…").collect();
    let [first, middle @ .., last] = pieces.as_slice() else {
        return pieces.first().is_some_and(|only| only.len() == actual.len() && at(only, 0));
    };
    let mut from = first.len();
    if !at(first, 0) {
        return false;
    }
    for piece in middle {
        let Some(found) = (from..=actual.len()).find(|place| at(piece, *place)) else {
            return false;
        };
        from = found + piece.len();
    }
    actual.len().checked_sub(last.len()).is_some_and(|place| place >= from && at(last, place))
}

fn run_page(name: &str, locale: &str) -> usize {
    let Ok(page) = std::fs::read_to_string(root().join(name)) else { return 0 };
    let temp = tempfile::tempdir().unwrap();
    let commands = shown(&page);
    for shown in &commands {
        let ran = finish(&mut shell(temp.path(), &shown.command, locale));
        let said = format!("{}{}", ran.out, ran.err);
        let actual: Vec<&str> = said.lines().collect();
        assert!(
            shown.code.map_or(matches!(ran.code, 0 | 3), |code| code == ran.code),
            "{name}: `{}` ended with {}:\n{said}",
            shown.command,
            ran.code
        );
        assert!(matches(&shown.output, &actual), "{name}: `{}` printed:\n{said}", shown.command);
    }
    commands.len()
}

/// Through a shell, as a reader would type it; `qingmu` is the one under test.
fn shell(dir: &Path, command: &str, locale: &str) -> std::process::Command {
    let binary = Path::new(env!("CARGO_BIN_EXE_qingmu"));
    let path = std::env::join_paths(
        std::iter::once(binary.parent().unwrap().to_owned())
            .chain(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())),
    )
    .unwrap();
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", command]).current_dir(dir).env("PATH", path).env("LC_ALL", locale);
    shell
}

#[test]
fn the_chinese_readme_shows_what_happens() {
    assert!(root().join("README.md").exists(), "README.md is missing");
    assert!(run_page("README.md", "zh_CN.UTF-8") > 0, "README.md shows at least one command");
}

#[test]
fn the_english_readme_shows_what_happens() {
    run_page("README.en.md", "en_US.UTF-8");
}

#[test]
fn the_test_command_that_continuous_integration_runs_is_in_the_readme() {
    let page = std::fs::read_to_string(root().join("README.md")).unwrap();
    let found: Vec<&str> = page
        .lines()
        .map(str::trim)
        .filter(|l| l.trim_start_matches("$ ").starts_with("cargo test"))
        .collect();
    assert_eq!(found.len(), 1, "exactly one line of README.md is the test command: {found:?}");
}

#[test]
fn the_reader_of_examples_reads_them() {
    let page = "```console\n$ qingmu a\none\n…\nlast\n$ echo $?\n3\n$ ls\nfiles\n$ qingmu b\n```\n```sh\n$ qingmu no\n```\n";
    assert_eq!(
        shown(page),
        [
            Shown {
                command: "qingmu a".to_owned(),
                output: vec!["one".to_owned(), "…".to_owned(), "last".to_owned()],
                code: Some(3)
            },
            Shown { command: "qingmu b".to_owned(), output: vec![], code: None },
        ]
    );
    let expected: Vec<String> = ["one", "…", "last"].map(str::to_owned).to_vec();
    assert!(matches(&expected, &["one", "x", "y", "last"]) && matches(&expected, &["one", "last"]));
    assert!(!matches(&expected, &["one", "x"]) && !matches(&expected, &["one", "last", "more"]));
}
