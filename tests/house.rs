//! House rules that a machine can hold.

use crate::running::{files, root};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Lines of a source file, tests included.
const MOST_LINES: usize = 500;
/// Lines of code in a crate's `src`, without its tests.
const MOST_IN_CRATE: usize = 4_000;
/// Names that say nothing about what is inside.
const EMPTY_NAMES: [&str; 5] = ["utils", "util", "helpers", "misc", "common"];

/// Rust files of the repository, relative to its root.
fn sources() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for folder in ["crates", "tests", "benches"] {
        let dir = root().join(folder);
        if dir.exists() {
            found.extend(files(&dir).into_iter().map(|name| Path::new(folder).join(name)));
        }
    }
    found.retain(|path| path.extension().is_some_and(|e| e == "rs"));
    found.retain(|path| !path.components().any(|c| c.as_os_str() == "target"));
    found
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(root().join(path)).unwrap()
}

#[test]
fn files_and_crates_stay_small_enough_to_read() {
    let mut crates: BTreeMap<String, usize> = BTreeMap::new();
    let mut long = Vec::new();
    for path in sources() {
        let text = text(&path);
        let lines = text.lines().count();
        if lines > MOST_LINES {
            long.push(format!("{}: {lines} lines", path.display()));
        }
        let mut parts = path.components().map(|c| c.as_os_str().to_string_lossy().into_owned());
        if parts.next().as_deref() == Some("crates") && !is_test(&path) {
            *crates.entry(parts.next().unwrap()).or_insert(0) += code_lines(&text);
        }
    }
    assert!(crates.len() >= 8, "{crates:?}");
    assert_eq!(long, Vec::<String>::new());
    // A generator of test files is test code, whatever folder it lies in.
    crates.remove("qingmu-corpus");
    crates.retain(|_, lines| *lines > MOST_IN_CRATE);
    assert_eq!(crates, BTreeMap::new());
}

/// A file of tests only, by the names that this project gives them.
fn is_test(path: &Path) -> bool {
    let name = path.file_stem().unwrap().to_string_lossy();
    let part = |name: &str| path.components().any(|c| c.as_os_str() == name);
    name == "tests"
        || name.ends_with("_tests")
        || name == "testkit"
        || name == "fixture"
        || part("tests")
}

/// Lines of code before the tests at the end of a file; documentation and blank lines cost nothing.
fn code_lines(text: &str) -> usize {
    let lines: Vec<&str> = text.lines().collect();
    let starts = |i: &usize| {
        lines[*i] == "#[cfg(test)]"
            && lines.get(i + 1).is_some_and(|l| l.starts_with("mod tests {"))
    };
    let end = (0..lines.len()).find(starts).unwrap_or(lines.len());
    let is_code = |line: &&&str| !line.trim().is_empty() && !line.trim_start().starts_with("//");
    lines[..end].iter().filter(is_code).count()
}

#[test]
fn modules_say_what_they_hold() {
    let empty = |path: &PathBuf| {
        path.components().any(|part| {
            let part = part.as_os_str().to_string_lossy();
            EMPTY_NAMES.contains(&part.trim_end_matches(".rs"))
        })
    };
    assert_eq!(sources().into_iter().filter(empty).collect::<Vec<_>>(), Vec::<PathBuf>::new());
}

#[test]
fn nothing_is_left_undone_and_nothing_names_a_machine() {
    // Written in pieces, so that this file does not find itself.
    let words = [
        ["to", "do!("].concat(),
        ["unimple", "mented!("].concat(),
        ["#[ig", "nore"].concat(),
        ["/ro", "ot/"].concat(),
        ["/ho", "me/"].concat(),
        ["/wo", "rk/"].concat(),
        ["C:\\", "Users"].concat(),
    ];
    let mut found = Vec::new();
    for path in tracked() {
        let Ok(text) = std::fs::read_to_string(root().join(&path)) else { continue };
        for (i, line) in text.lines().enumerate() {
            for word in words.iter().filter(|word| line.contains(word.as_str())) {
                found.push(format!("{}:{}: {word}", path.display(), i + 1));
            }
        }
    }
    assert_eq!(found, Vec::<String>::new());
}

/// Files that belong to the project.
fn tracked() -> Vec<PathBuf> {
    let tops = ["crates", "tests", "benches", "rules", "datasets", ".ci", ".cargo"];
    let mut found: Vec<PathBuf> = tops
        .iter()
        .filter(|top| root().join(top).exists())
        .flat_map(|top| {
            files(&root().join(top)).into_iter().map(move |name| Path::new(top).join(name))
        })
        .collect();
    found.extend(files(&root()).into_iter().filter(|path| {
        path.components().count() == 1 && path.extension().is_some_and(|e| e == "md" || e == "toml")
    }));
    found
}

#[test]
fn every_test_and_bench_file_belongs_to_a_target() {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
        .current_dir(root())
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut roots: Vec<PathBuf> = Vec::new();
    for package in metadata["packages"].as_array().unwrap() {
        for target in package["targets"].as_array().unwrap() {
            let path = Path::new(target["src_path"].as_str().unwrap());
            roots.extend(path.canonicalize());
        }
    }
    let is_reached = |path: &Path| {
        let full = root().join(path).canonicalize().unwrap();
        if roots.contains(&full) {
            return true;
        }
        // A module of a target: declared by name in a root file that lies above it.
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let declared = format!("mod {name};");
        roots.iter().any(|r| {
            full.starts_with(r.parent().unwrap())
                && std::fs::read_to_string(r)
                    .unwrap()
                    .lines()
                    .any(|line| line.trim_end().ends_with(&declared))
        })
    };
    let lost: Vec<PathBuf> = sources()
        .into_iter()
        .filter(|path| path.starts_with("tests") || path.starts_with("benches"))
        .filter(|path| !is_reached(path))
        .collect();
    assert_eq!(lost, Vec::<PathBuf>::new());
}
