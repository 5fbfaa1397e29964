//! `qingmu learn`: what inspections found moves the weights, and a scan with the new model shows it.

use crate::running::{in_english, json, qingmu};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

const HEAD: &str = "village_code,year,verdict,inclusion,control,cause\n";

/// A small province with schemes, scanned into `out`.
fn scanned(dir: &Path) {
    let made = ["synth", "--province", "--counties", "1", "--villages", "24", "--claimants", "12"];
    let ran = qingmu(dir, &[&made[..], &["--fraud-share", "0.1", "--out", "data", "-q"]].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    let ran = qingmu(dir, &["scan", "data", "--out", "out", "-q"]);
    assert!(matches!(ran.code, 0 | 3), "{}", ran.err);
}

/// Score of every listed village-year.
fn scores(dir: &Path, out: &str) -> BTreeMap<(String, String), f64> {
    let text = std::fs::read_to_string(dir.join(out).join("leads.csv")).unwrap();
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let rows = reader.records().map(Result::unwrap).filter(|r| &r[1] != "claims");
    rows.map(|r| ((r[3].to_owned(), r[5].to_owned()), r[6].parse().unwrap())).collect()
}

/// The most suspicious village-years, the same verdict for all, and as many controls that were clean.
fn outcomes(dir: &Path, count: usize, verdict: &str, cause: &str) -> String {
    let scores = scores(dir, "out");
    let mut listed: Vec<(&(String, String), &f64)> = scores.iter().collect();
    listed.sort_by(|a, b| b.1.total_cmp(a.1).then(a.0.cmp(b.0)));
    let mut text = HEAD.to_owned();
    for ((village, year), _) in listed.iter().take(count) {
        writeln!(text, "{village},{year},{verdict},1,false,{cause}").unwrap();
    }
    let villages: BTreeSet<&String> = scores.keys().map(|(village, _)| village).collect();
    let quiet = villages.iter().flat_map(|v| (2019..2025).map(move |y| ((**v).clone(), y)));
    let quiet = quiet.filter(|(v, y)| !scores.contains_key(&(v.clone(), y.to_string())));
    for (village, year) in quiet.take(count) {
        writeln!(text, "{village},{year},cleared,0.5,true,").unwrap();
    }
    text
}

fn learn(dir: &Path, text: &str, more: &[&str]) -> crate::running::Ran {
    std::fs::write(dir.join("outcomes.csv"), text).unwrap();
    let args = ["learn", "out", "--outcomes", "outcomes.csv", "--out", "next.json"];
    in_english(dir, &[&args[..], more].concat())
}

#[test]
fn outcomes_move_the_scores_of_the_next_scan_and_blank_ones_would_not() {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path();
    scanned(dir);
    let before = scores(dir, "out");
    // Whatever looked worst was found in order: the model was too sure.
    let text = outcomes(dir, 30, "cleared", "");
    let ran = learn(dir, &text, &["--json"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let told: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((told["version"].as_u64(), told["confirmed"].as_u64()), (Some(1), Some(0)));
    assert!(told["intercept"].as_f64().unwrap() < -0.2, "{told}");
    let brier = &told["brier"];
    assert!(brier[1].as_f64() <= brier[0].as_f64(), "{told}");
    let args = ["scan", "data", "--out", "again", "--model", "next.json", "-q"];
    let ran = qingmu(dir, &args);
    assert!(matches!(ran.code, 0 | 3), "{}", ran.err);
    let after = scores(dir, "again");
    let fell = before.iter().filter(|(key, score)| {
        **score > 1.0 && after.get(*key).is_none_or(|new| *new < **score - 0.5)
    });
    let rose = after.iter().filter(|(key, new)| before.get(*key).is_some_and(|s| **new > s + 0.01));
    assert_eq!(rose.count(), 0);
    assert!(fell.count() >= 10);
    let model = json(&dir.join("again/model.json"));
    assert_eq!(model.pointer("/taught/weights/version").and_then(Value::as_u64), Some(1));
    let manifest = json(&dir.join("again/manifest.json"));
    assert_eq!(manifest.pointer("/options/weights").and_then(Value::as_str), Some("1"));
    let manifest = json(&dir.join("out/manifest.json"));
    assert_eq!(manifest.pointer("/options/weights").and_then(Value::as_str), Some("0"));

    // All outcomes again, from the scan with the learned model: the prior is what was fused, so nothing is counted twice.
    let ran = in_english(
        dir,
        &["learn", "again", "--outcomes", "outcomes.csv", "--out", "third.json", "--json"],
    );
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let third: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(third["version"].as_u64(), Some(2));
    assert_eq!(third["intercept"], told["intercept"]);
}

#[test]
fn a_county_with_an_honest_reason_gets_a_factor_of_its_own() {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path();
    scanned(dir);
    let mut text = outcomes(dir, 16, "confirmed", "");
    let explained = outcomes(dir, 44, "cleared", "re_survey");
    let explained: Vec<&str> =
        explained.lines().skip(17).filter(|l| l.ends_with("re_survey")).collect();
    assert!(explained.len() >= 8, "{}", explained.len());
    for line in explained {
        text.push_str(line);
        text.push('\n');
    }
    let ran = learn(dir, &text, &["--json"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let told: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(told["counties"][0][1].as_str(), Some("re_survey"), "{told}");
    let factor = told["counties"][0][2].as_f64().unwrap();
    assert!(factor > 0.5 && factor < 1.0, "{told}");
}

#[test]
fn too_few_outcomes_and_rows_that_say_nothing_are_refused_and_told() {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path();
    scanned(dir);
    let text = outcomes(dir, 14, "confirmed", "");
    let ran = learn(dir, &text, &[]);
    assert_eq!(ran.code, 65);
    let said =
        " outcomes can be used (0 rows could not be read), 30 are needed; no model was written\n";
    assert!(ran.err.starts_with("error: only 2") && ran.err.contains(said), "{}", ran.err);
    assert!(!dir.join("next.json").exists());
    let zh = qingmu(dir, &["learn", "out", "--outcomes", "outcomes.csv", "--out", "next.json"]);
    assert!(zh.err.starts_with("错误：只有 2") && zh.err.contains("至少要 30 条"), "{}", zh.err);

    let mut text = outcomes(dir, 20, "confirmed", "");
    text.push_str("990199001001,2023,insufficient,1,,\n990199001001,2022,cleared,1,,\n");
    text.push_str("x,2022,cleared,1,,\n");
    let ran = learn(dir, &text, &[]);
    assert_eq!(ran.code, 3, "{}", ran.err);
    assert!(ran.err.contains("outcomes.csv row 44, column village_code"), "{}", ran.err);
    assert!(ran.out.contains("not used: 1 without a result, "), "{}", ran.out);
    let ran = learn(dir, &text, &[]);
    assert_eq!(ran.code, 73, "what is there is not overwritten: {}", ran.err);

    let first = text.lines().nth(1).unwrap().replace("confirmed", "cleared");
    let ran = learn(dir, &format!("{text}{first}\n"), &["--force"]);
    assert_eq!(ran.code, 65);
    assert!(ran.err.contains("has two different outcomes; keep one of them"), "{}", ran.err);
    let ran = learn(dir, "village_code,year\n", &["--force"]);
    assert!(ran.code == 65 && ran.err.contains("verdict"), "{}", ran.err);
}
