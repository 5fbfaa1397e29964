//! Running the command as a user does, in a folder of its own.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// What a run left behind.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// A command in `dir`, in Chinese, with nothing of the caller's locale.
pub(crate) fn command(dir: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_qingmu"));
    command.args(args).current_dir(dir).stdin(Stdio::null());
    for name in ["LC_ALL", "LC_MESSAGES", "LANG", "NO_COLOR"] {
        command.env_remove(name);
    }
    command.env("LC_ALL", "C.UTF-8");
    command
}

/// Runs `qingmu ARGS` in `dir`.
pub(crate) fn qingmu(dir: &Path, args: &[&str]) -> Ran {
    finish(&mut command(dir, args))
}

/// Runs `qingmu --lang en ARGS` in `dir`.
pub(crate) fn in_english(dir: &Path, args: &[&str]) -> Ran {
    let mut all = args.to_vec();
    all.extend(["--lang", "en"]);
    qingmu(dir, &all)
}

pub(crate) fn finish(command: &mut Command) -> Ran {
    let Output { status, stdout, stderr } = command.output().expect("the command starts");
    Ran {
        code: status.code().unwrap_or(-1),
        out: String::from_utf8(stdout).expect("stdout is UTF-8"),
        err: String::from_utf8(stderr).expect("stderr is UTF-8"),
    }
}

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the repository")
}

/// A folder with the bundled sample in `data` and its results in `out`; the exit code was 0.
pub(crate) fn scanned_sample() -> TempDir {
    let temp = tempfile::tempdir().expect("a temporary folder");
    copy(&root().join("datasets/anwu"), &temp.path().join("data"));
    let ran = qingmu(temp.path(), &["scan", "data", "--out", "out", "--quiet"]);
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, "", ""));
    temp
}

/// Copies a folder with all its files.
pub(crate) fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// All files of a folder, sorted, relative to it.
pub(crate) fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![dir.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { open.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found.iter().map(|path| path.strip_prefix(dir).unwrap().to_owned()).collect()
}

/// A JSON file.
pub(crate) fn json(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// The leads of a run, in the order of `leads.jsonl`.
pub(crate) fn leads(out: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(out.join("leads.jsonl")).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}
