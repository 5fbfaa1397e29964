//! Every command with its exit codes and exact messages.

use crate::running::{command, files, finish, in_english, json, qingmu, scanned_sample};
use serde_json::Value;
use std::fs;
use std::io::Read;
use std::process::Stdio;

fn nowhere() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

#[test]
fn alone_it_says_in_25_lines_what_it_is() {
    let temp = nowhere();
    for ran in
        [qingmu(temp.path(), &[]), finish(command(temp.path(), &[]).env("LC_ALL", "en_US.UTF-8"))]
    {
        assert_eq!((ran.code, ran.out.as_str()), (2, ""));
        assert!(ran.err.lines().count() <= 25, "{}", ran.err);
        for word in ["qingmu demo", "qingmu scan", "qingmu explain", "qingmu --help"] {
            assert!(ran.err.contains(word), "{word} is missing:\n{}", ran.err);
        }
    }
}

#[test]
fn slips_of_the_finger_are_answered_with_the_right_word() {
    let temp = nowhere();
    for (args, zh, en) in [
        (
            vec!["scna"],
            "错误：没有命令 `scna`\n是否为 `scan`？\n用法见 `qingmu --help`\n",
            "error: there is no command `scna`\ndid you mean `scan`?\nsee `qingmu --help`\n",
        ),
        (
            vec!["scan", "x", "--out", "o", "--yaer", "2022"],
            "错误：不认识参数 `--yaer`\n是否为 `--year`？\n用法见 `qingmu scan --help`\n",
            "error: unexpected argument `--yaer`\ndid you mean `--year`?\nsee `qingmu scan --help`\n",
        ),
        (
            vec!["rules", "lst"],
            "错误：没有命令 `lst`\n是否为 `list`？\n用法见 `qingmu rules --help`\n",
            "error: there is no command `lst`\ndid you mean `list`?\nsee `qingmu rules --help`\n",
        ),
        (
            vec!["scan", "x"],
            "错误：缺少 --out <目录>\n用法见 `qingmu scan --help`\n",
            "error: --out <DIR> is missing\nsee `qingmu scan --help`\n",
        ),
        (
            vec!["scan", "x", "--out", "o", "--year", "22"],
            "错误：`--year <年份>` 的值 `22` 无效：应为四位年份\n用法见 `qingmu scan --help`\n",
            "error: `22` is no value for `--year <YEAR>`: expected a year of four digits\nsee `qingmu scan --help`\n",
        ),
        (
            vec!["scan", "x", "--out", "o", "--max-rejects", "-1"],
            "错误：不认识参数 `-1`\n用法见 `qingmu scan --help`\n",
            "error: unexpected argument `-1`\nsee `qingmu scan --help`\n",
        ),
        (
            vec!["scan", "x", "--out", "o", "--fail-on", "101"],
            "错误：`--fail-on <分数>` 的值 `101` 无效：应为 0 到 100 的数\n用法见 `qingmu scan --help`\n",
            "error: `101` is no value for `--fail-on <SCORE>`: expected a number from 0 to 100\nsee `qingmu scan --help`\n",
        ),
        (
            vec!["scan", "x", "--out", "o", "--threads", "0"],
            "错误：`--threads <N>` 的值 `0` 无效：应为正整数\n用法见 `qingmu scan --help`\n",
            "error: `0` is no value for `--threads <N>`: expected a whole number above 0\nsee `qingmu scan --help`\n",
        ),
        (
            vec!["scan", "x", "--out", "a", "--out", "b"],
            "错误：`--out <目录>` 写了不止一次\n用法见 `qingmu scan --help`\n",
            "error: `--out <DIR>` is given more than once\nsee `qingmu scan --help`\n",
        ),
        (
            vec!["rules"],
            "错误：缺少子命令：list, show, columns, lint, test\n用法见 `qingmu rules --help`\n",
            "error: a subcommand is missing: list, show, columns, lint, test\nsee `qingmu rules --help`\n",
        ),
        (
            vec!["completions", "bsh"],
            "错误：`<SHELL>` 的值 `bsh` 无效，可用：bash, elvish, fish, powershell, zsh\n是否为 `bash`？\n用法见 `qingmu completions --help`\n",
            "error: `bsh` is no value for `<SHELL>`; use one of bash, elvish, fish, powershell, zsh\ndid you mean `bash`?\nsee `qingmu completions --help`\n",
        ),
    ] {
        let ran = qingmu(temp.path(), &args);
        assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (2, "", zh));
        let ran = in_english(temp.path(), &args);
        assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (2, "", en));
    }
}

/// Help texts of every command, in one language.
fn help_pages(lang: &str) -> Vec<(String, String)> {
    let commands: [&[&str]; 14] = [
        &[],
        &["demo"],
        &["scan"],
        &["explain"],
        &["learn"],
        &["rules"],
        &["rules", "list"],
        &["rules", "show"],
        &["rules", "lint"],
        &["rules", "test"],
        &["synth"],
        &["doctor"],
        &["completions"],
        &["man"],
    ];
    let temp = nowhere();
    commands
        .iter()
        .map(|path| {
            let mut args = path.to_vec();
            args.extend(["--help", "--lang", lang]);
            let ran = qingmu(temp.path(), &args);
            assert_eq!((ran.code, ran.err.as_str()), (0, ""));
            (path.join(" "), ran.out)
        })
        .collect()
}

#[test]
fn help_speaks_one_language_at_a_time() {
    let is_chinese = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    for (name, page) in help_pages("en") {
        let page = page.replace("清亩", "");
        assert!(!page.chars().any(is_chinese), "{name}:\n{page}");
    }
    for (name, page) in help_pages("zh") {
        assert!(page.chars().any(is_chinese), "{name}:\n{page}");
        for line in page.lines() {
            // Names of options, shells and programs stay; a sentence would be several plain words in a row.
            let words = line
                .split_whitespace()
                .map(|w| w.chars().all(|c| c.is_ascii_lowercase()) && w.len() > 1);
            let longest = words.fold((0, 0), |(run, most), plain| {
                let run = if plain { run + 1 } else { 0 };
                (run, most.max(run))
            });
            assert!(longest.1 < 3, "{name}: an English sentence in Chinese help: {line}");
        }
    }
}

#[test]
fn help_goes_to_stdout_and_a_reader_that_leaves_is_no_error() {
    let temp = scanned_sample();
    let id =
        crate::running::leads(&temp.path().join("out"))[0]["lead_id"].as_str().unwrap().to_owned();
    for args in [
        vec!["--help"],
        vec!["explain", &id, "--run", "out", "--rows", "100000"],
        vec!["completions", "zsh"],
    ] {
        let mut child = command(temp.path(), &args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // Closing the reading end at once is what `| head -0` does.
        drop(child.stdout.take());
        let mut said = String::new();
        child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        assert_eq!((child.wait().unwrap().code(), said.as_str()), (Some(0), ""), "{args:?}");
    }
}

#[test]
fn the_version_is_that_of_the_package() {
    let ran = qingmu(nowhere().path(), &["--version"]);
    assert_eq!((ran.code, ran.out), (0, format!("qingmu {}\n", env!("CARGO_PKG_VERSION"))));
}

#[test]
fn input_that_cannot_be_used_is_refused_with_its_reason() {
    let temp = nowhere();
    fs::create_dir(temp.path().join("empty")).unwrap();
    fs::write(temp.path().join("file"), "x").unwrap();
    for (input, code, en) in [
        (
            "gone",
            74,
            "error: gone: No such file or directory (os error 2)\nremedy: check the path, its permissions and free disk space\n",
        ),
        (
            "file",
            65,
            "error: file: 不是文件夹，请给出存放各表的文件夹 / not a folder: give the folder that holds the tables\nremedy: correct the input and run again; no lead was written\n",
        ),
        (
            "empty",
            65,
            "error: empty: 没有 claims 表 / no claims table: expected claims.parquet, claims.csv or claims/**/*.parquet\nremedy: correct the input and run again; no lead was written\n",
        ),
    ] {
        let ran = in_english(temp.path(), &["scan", input, "--out", "out"]);
        assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (code, "", en));
        assert!(!temp.path().join("out").exists(), "nothing is made for an input that is no input");
    }
    let ran = qingmu(temp.path(), &["scan", "gone", "--out", "out", "-q"]);
    assert_eq!((ran.code, ran.err.as_str()), (74, "错误：gone：没有这个文件或目录\n"));
    let ran = qingmu(temp.path(), &["scan", "gone", "--out", "out", "-q", "--json"]);
    let document: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((ran.code, document["error"]["exit"].as_i64()), (74, Some(74)));
    assert_eq!(document["error"]["what"]["en"], "gone: No such file or directory (os error 2)");
}

#[test]
fn a_wrong_configuration_is_78() {
    let temp = scanned_sample();
    fs::write(temp.path().join("data/qingmu.toml"), "curency = \"CNY\"\n").unwrap();
    let ran = in_english(temp.path(), &["scan", "data", "--out", "two"]);
    assert_eq!(ran.code, 78, "{}", ran.err);
    assert!(ran.err.starts_with("error: data/qingmu.toml:1"), "{}", ran.err);
    assert!(ran.err.ends_with("remedy: correct qingmu.toml and run again\n"), "{}", ran.err);
}

#[test]
fn results_of_another_run_are_not_overwritten() {
    let temp = scanned_sample();
    let before = fs::read(temp.path().join("out/leads.jsonl")).unwrap();
    let ran = in_english(temp.path(), &["scan", "data", "--out", "out", "--year", "2019"]);
    assert_eq!(
        (ran.code, ran.err.as_str()),
        (
            73,
            "error: out: holds the results of another run (leads.jsonl); nothing was overwritten\n\
             remedy: give another folder, or --force to overwrite\n"
        )
    );
    assert_eq!(fs::read(temp.path().join("out/leads.jsonl")).unwrap(), before);
    let forced = in_english(
        temp.path(),
        &["scan", "data", "--out", "out", "--year", "2019", "--force", "-q"],
    );
    assert_eq!((forced.code, forced.out.as_str(), forced.err.as_str()), (0, "", ""));
    assert_ne!(fs::read(temp.path().join("out/leads.jsonl")).unwrap(), before);
    assert_eq!(json(&temp.path().join("out/manifest.json"))["options"]["year"], "2019");
}

#[test]
fn results_never_become_input() {
    let temp = scanned_sample();
    let ran = in_english(temp.path(), &["scan", "data", "--out", "data/claims/out"]);
    assert_eq!(
        (ran.code, ran.err.as_str()),
        (
            73,
            "error: the output folder lies in the input's claims folder: the next run would read it\n\
             remedy: put --out outside the input folder\n"
        )
    );
    assert!(!temp.path().join("data/claims/out/leads.jsonl").exists());
    // Beside the tables it does no harm, and a second run gives the same bytes.
    for _ in 0..2 {
        let ran =
            in_english(temp.path(), &["scan", "data", "--out", "data/results", "--force", "-q"]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    }
    let coverage = |out: &str| fs::read(temp.path().join(out).join("coverage.json")).unwrap();
    assert_eq!(coverage("data/results"), coverage("out"));
}

#[cfg(unix)]
#[test]
fn an_output_folder_that_cannot_be_made_is_73() {
    let temp = scanned_sample();
    fs::write(temp.path().join("occupied"), "a file").unwrap();
    let ran = in_english(temp.path(), &["scan", "data", "--out", "occupied"]);
    assert_eq!(ran.code, 73);
    assert_eq!(
        ran.err,
        "error: occupied: cannot be created (File exists (os error 17))\nremedy: check the path and its permissions\n"
    );
}

#[test]
fn one_writer_at_a_time() {
    let temp = scanned_sample();
    let lock = fs::File::create(temp.path().join("out/.qingmu.lock")).unwrap();
    lock.lock().unwrap();
    fs::write(temp.path().join("out/.qingmu.lock"), "4711").unwrap();
    let ran = in_english(temp.path(), &["scan", "data", "--out", "out", "--force"]);
    assert_eq!(
        (ran.code, ran.err.as_str()),
        (
            75,
            "error: out: another qingmu (pid 4711) is writing here\n\
             remedy: wait for it, or give another folder with --out\n"
        )
    );
    drop(lock);
    let ran = in_english(temp.path(), &["scan", "data", "--out", "out", "--force", "-q"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert!(!temp.path().join("out/.qingmu.lock").exists());
}

#[test]
fn fail_on_tells_a_timer_that_leads_are_there() {
    let temp = scanned_sample();
    let top = crate::running::leads(&temp.path().join("out"))[0]["score"].as_f64().unwrap();
    let at = |score: f64| {
        let text = score.to_string();
        qingmu(temp.path(), &["scan", "data", "--out", "out", "--force", "-q", "--fail-on", &text])
    };
    assert_eq!(at(top).code, 1);
    assert_eq!(at(top + 0.01).code, 0);
}

#[test]
fn quiet_says_nothing_and_no_run_prints_escape_codes() {
    let temp = scanned_sample();
    let ran = qingmu(temp.path(), &["scan", "data", "--out", "two"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert!(ran.out.contains("QM-") && !ran.out.contains('\u{1b}'), "{}", ran.out);
    let quiet = qingmu(temp.path(), &["scan", "data", "--out", "three", "--quiet"]);
    assert_eq!((quiet.code, quiet.out.as_str(), quiet.err.as_str()), (0, "", ""));
}

#[cfg(unix)]
#[test]
fn a_killed_run_leaves_no_file_under_a_final_name() {
    let temp = scanned_sample();
    for wait in [0, 5, 20, 60, 120] {
        let mut child = command(temp.path(), &["scan", "data", "--out", "killed", "-q", "--force"])
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_millis(wait));
        let _ = child.kill();
        let _ = child.wait();
        let folder = temp.path().join("killed");
        let there: Vec<String> = if folder.exists() {
            files(&folder).iter().map(|p| p.display().to_string()).collect()
        } else {
            Vec::new()
        };
        // Either nothing has its name yet, or files are whole; the manifest comes last and says so.
        if there.iter().any(|name| name == "manifest.json") {
            assert_eq!(
                fs::read(temp.path().join("killed/leads.jsonl")).unwrap(),
                fs::read(temp.path().join("out/leads.jsonl")).unwrap()
            );
        }
        for name in there.iter().filter(|name| !name.starts_with(".qingmu")) {
            let read = |out: &str| fs::read(temp.path().join(out).join(name)).unwrap();
            assert!(read("killed") == read("out"), "{name} is half written");
        }
    }
    let ran = qingmu(temp.path(), &["scan", "data", "--out", "killed", "-q", "--force"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_eq!(files(&temp.path().join("killed")), files(&temp.path().join("out")));
}

#[cfg(unix)]
#[test]
fn inputs_are_only_read() {
    use std::os::unix::fs::PermissionsExt;
    let temp = scanned_sample();
    let data = temp.path().join("data");
    let state = || -> Vec<(Vec<u8>, std::time::SystemTime)> {
        let of = |name: &std::path::PathBuf| {
            let path = data.join(name);
            (fs::read(&path).unwrap(), fs::metadata(&path).unwrap().modified().unwrap())
        };
        files(&data).iter().map(of).collect()
    };
    for name in files(&data) {
        fs::set_permissions(data.join(name), fs::Permissions::from_mode(0o400)).unwrap();
    }
    let before = state();
    let ran = qingmu(temp.path(), &["scan", "data", "--out", "two", "-q"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert!(before == state());
}

#[test]
fn doctor_gives_a_state_and_a_remedy_for_each_check() {
    let temp = nowhere();
    let ran = finish(command(temp.path(), &["doctor", "--lang", "en"]).env("LC_ALL", "C"));
    assert_eq!(ran.code, 0, "{}", ran.out);
    assert!(ran.out.contains("OK    built-in rules: "), "{}", ran.out);
    assert!(
        ran.out.contains(
            "WARN  locale: LC_ALL=C\n      remedy: use UTF-8, such as LC_ALL=en_US.UTF-8"
        ),
        "{}",
        ran.out
    );
    let ran = qingmu(temp.path(), &["doctor", "--json"]);
    let checks: Value = serde_json::from_str(&ran.out).unwrap();
    for check in checks.as_array().unwrap() {
        let state = check["state"].as_str().unwrap();
        assert!(["OK", "WARN", "FAIL"].contains(&state), "{check}");
        assert_eq!(check["remedy"].is_null(), state == "OK", "{check}");
    }
    assert_eq!(checks.as_array().unwrap().len(), 7);
}

#[test]
fn completions_and_manual_pages_know_every_command() {
    let temp = nowhere();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ran = qingmu(temp.path(), &["completions", shell]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        for word in ["demo", "scan", "explain", "rules", "doctor", "--out", "--max-rejects"] {
            let word = if shell == "fish" { word.trim_start_matches("--") } else { word };
            assert!(ran.out.contains(word), "{shell} lacks {word}");
        }
    }
    let page = qingmu(temp.path(), &["man"]);
    assert!(page.out.starts_with(".ie ") && page.out.contains(".TH qingmu 1"), "{}", page.out);
    assert_eq!(in_english(temp.path(), &["man", "--out", "man"]).code, 0);
    let names: Vec<String> =
        files(&temp.path().join("man")).iter().map(|p| p.display().to_string()).collect();
    assert!(names.contains(&"qingmu-rules-lint.1".to_owned()) && names.len() == 18, "{names:?}");
    let scan = fs::read_to_string(temp.path().join("man/qingmu-scan.1")).unwrap();
    assert!(scan.contains("max\\-rejects") && scan.contains("scan an input folder"), "{scan}");
}

#[test]
fn synth_gives_the_same_county_for_the_same_seed() {
    let temp = nowhere();
    for out in ["a", "b"] {
        let ran = qingmu(temp.path(), &["synth", "--seed", "5", "--out", out, "-q"]);
        assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, "", ""));
    }
    for name in files(&temp.path().join("a")) {
        let read = |out: &str| fs::read(temp.path().join(out).join(&name)).unwrap();
        assert!(read("a") == read("b"), "{}", name.display());
    }
    let ran = in_english(temp.path(), &["synth", "--out", "a"]);
    assert_eq!(ran.code, 73);
    assert_eq!(
        ran.err,
        "error: a: the folder is not empty; nothing was overwritten\nremedy: give another folder, or --force to overwrite\n"
    );
    let ran = in_english(temp.path(), &["synth", "--clean", "--out", "c", "--json"]);
    let document: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((document["case"].as_bool(), document["seed"].as_u64()), (Some(false), Some(7)));
}
