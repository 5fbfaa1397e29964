//! The reading process: its limits hold, and whatever end it finds is a refusal of the file.

use crate::make::{register, xlsx};
use crate::{file, isolation, refused};
use qingmu_sheets::isolate::Isolation;
use qingmu_sheets::{IngestError, Limits, ReadOptions, RefusalCode};
use std::io::Read as _;
use std::process::{Command, Stdio};

/// A shell line in the place of the reading process; `$0`, `$1`, `$2` are limits, encoding and path.
fn shell(line: &str) -> Isolation {
    Isolation::program("/bin/sh".into(), ["-c".into(), line.into()])
}

fn end(line: &str, limits: Limits) -> (RefusalCode, String) {
    let (_dir, path) = file("a.xlsx", &xlsx::file(&register()));
    let options = ReadOptions { encoding: None, limits };
    let refusal = refused(shell(line).read(&path, &options));
    (refusal.code, refusal.what.en)
}

#[test]
fn every_end_without_a_whole_answer_is_a_refusal() {
    use RefusalCode::{Crash, Limit};
    let child = env!("CARGO_BIN_EXE_qingmu-read-untrusted");
    let one = Limits { wall_seconds: 1, ..Limits::default() };
    let invalid = "the answer of the reading process is not valid";
    let cases = [
        ("exit 0".to_owned(), Limits::default(), Crash, "the reading process failed (exit code 0)"),
        (
            "exit 101".to_owned(),
            Limits::default(),
            Crash,
            "the reading process failed (exit code 101)",
        ),
        (
            "kill -SEGV $$".to_owned(),
            Limits::default(),
            Crash,
            "the reading process failed (signal 11)",
        ),
        (
            "ulimit -c 0; ulimit -t 1; while :; do :; done".to_owned(),
            Limits::default(),
            Limit,
            "the system ended the reading (processor limit 300 seconds)",
        ),
        (
            "echo 'memory allocation of 9 bytes failed' >&2; kill -ABRT $$".to_owned(),
            Limits::default(),
            Limit,
            "reading needs more memory than 2147483648 bytes",
        ),
        ("exec sleep 60".to_owned(), one.clone(), Limit, "reading took more than 1 seconds"),
        ("exec sleep 60 >&-".to_owned(), one, Limit, "reading took more than 1 seconds"),
        ("exec cat /dev/zero".to_owned(), Limits::default(), Crash, invalid),
        // A true answer that is cut, or followed by something, or whose process failed after it.
        (
            format!("'{child}' \"$0\" \"$1\" \"$2\" | head -c 3000; exit 0"),
            Limits::default(),
            Crash,
            "the reading process failed (exit code 0)",
        ),
        (format!("'{child}' \"$0\" \"$1\" \"$2\"; echo more"), Limits::default(), Crash, invalid),
        (
            format!("'{child}' \"$0\" \"$1\" \"$2\"; exit 9"),
            Limits::default(),
            Crash,
            "the reading process failed (exit code 9)",
        ),
    ];
    for (line, limits, code, words) in cases {
        assert_eq!(end(&line, limits), (code, words.to_owned()), "{line}");
    }
}

#[test]
fn an_answer_beyond_its_limit_is_refused() {
    let (_dir, path) = file("a.xlsx", &xlsx::file(&register()));
    let limits = Limits { output_bytes: 1_000, ..Limits::default() };
    let refusal = refused(isolation().read(&path, &ReadOptions { encoding: None, limits }));
    assert_eq!(refusal.code, RefusalCode::Limit);
    assert_eq!(refusal.what.zh, "读取结果超过 1000 字节");
}

#[test]
fn a_file_that_changes_under_the_reader_is_refused() {
    let child = env!("CARGO_BIN_EXE_qingmu-read-untrusted");
    let line = format!("printf 'a,b\\n' > \"$2\"; '{child}' \"$0\" \"$1\" \"$2\"");
    let (code, words) = end(&line, Limits::default());
    assert_eq!(code, RefusalCode::Changed);
    assert_eq!(words, "the file changed while it was being read");
    let line = format!("rm \"$2\"; '{child}' \"$0\" \"$1\" \"$2\"");
    let (code, words) = end(&line, Limits::default());
    assert_eq!(code, RefusalCode::Changed);
    assert_eq!(words, "the file went away while it was being read");
}

#[test]
fn a_program_that_is_not_there_is_an_error_of_its_own() {
    let (_dir, path) = file("a.csv", b"a,b\n");
    let none = Isolation::program("/nonexistent/qingmu".into(), []);
    let error = none.read(&path, &ReadOptions::default()).err().unwrap();
    assert!(matches!(error, IngestError::Start { .. }) && error.exit_code() == 70, "{error}");
}

#[test]
fn memory_beyond_the_limit_is_a_refusal() {
    let (_dir, path) = file("a.csv", &b"0123456789,abcdef\n".repeat(4 << 20));
    let limits = Limits { address_space: 48 << 20, ..Limits::default() };
    let options = ReadOptions { encoding: None, limits };
    let refusal = refused(isolation().read(&path, &options));
    assert_eq!(refusal.code, RefusalCode::Limit);
    assert_eq!(refusal.what.zh, "读取需要的内存超过 50331648 字节");
}

#[test]
fn wrong_arguments_end_the_process_before_any_file() {
    let child = env!("CARGO_BIN_EXE_qingmu-read-untrusted");
    for arguments in [&["x", "", "a.csv"][..], &[], &["1,2"]] {
        let output = Command::new(child).args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(64));
        assert!(output.stdout.is_empty() && output.stderr.is_empty());
    }
}

#[cfg(target_os = "linux")]
#[test]
fn the_limits_hold_in_the_process_while_it_reads() {
    let (_dir, path) = file("a.csv", &b"0123456789,abcdef\n".repeat(1 << 18));
    let limits = Limits { address_space: 300 << 20, cpu_seconds: 77, ..Limits::default() };
    let mut child = Command::new(env!("CARGO_BIN_EXE_qingmu-read-untrusted"))
        .args([limits.encode(), String::new()])
        .arg(&path)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    // The first byte comes after the limits; the rest of the answer does not fit into the pipe.
    let mut first = [0u8; 1];
    child.stdout.as_mut().unwrap().read_exact(&mut first).unwrap();
    let table = std::fs::read_to_string(format!("/proc/{}/limits", child.id())).unwrap();
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    let hard = |name: &str| {
        let line = table.lines().find(|l| l.starts_with(name)).unwrap();
        line[name.len()..].split_whitespace().take(2).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(hard("Max address space"), ["314572800", "314572800"]);
    assert_eq!(hard("Max cpu time"), ["77", "79"]);
    assert_eq!(hard("Max core file size"), ["0", "0"]);
    assert_eq!(hard("Max file size"), ["0", "0"]);
    assert_eq!(hard("Max open files"), ["16", "16"]);
    assert!(status.lines().any(|l| l == "NoNewPrivs:\t1"), "{status}");
}
