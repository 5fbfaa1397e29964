//! `qingmu eval` and `qingmu synth --province` from the command line.

use crate::running::{files, in_english, qingmu};
use serde_json::Value;
use std::fmt::Write as _;

const SMALL: [&str; 10] = [
    "synth",
    "--province",
    "--counties",
    "1",
    "--towns",
    "3",
    "--claimants",
    "12",
    "--out",
    "data",
];

#[test]
fn a_province_is_made_and_a_list_is_measured_against_it() {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path();
    let ran = in_english(dir, &[&SMALL[..], &["--fraud-share", "0.2"]].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.starts_with("wrote data: ") && ran.out.contains(" villages, "), "{}", ran.out);
    let truth = std::fs::read_to_string(dir.join("data/truth.json")).unwrap();
    let truth: Value = serde_json::from_str(&truth).unwrap();
    let planted = truth["planted"].as_array().unwrap();
    assert!(planted.len() >= 3, "{planted:?}");
    let mut list = "village_code,year,score\n".to_owned();
    for case in planted {
        let code = case["village_code"].as_str().unwrap();
        writeln!(list, "{code},{},1", case["year"]).unwrap();
    }
    std::fs::write(dir.join("known.csv"), list).unwrap();
    let args = ["eval", "known.csv", "--truth", "data/truth.json"];
    let ran = qingmu(dir, &args);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert!(ran.out.contains("平均精度 1.000\n"), "{}", ran.out);
    let ran = qingmu(dir, &[&args[..], &["--json"]].concat());
    let found: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(found["average_precision"].as_f64(), Some(1.0));
    let ran = in_english(dir, &[&args[..], &["--year", "1999"]].concat());
    assert!(ran.out.contains("0 village-years planted"), "{}", ran.out);
}

#[test]
fn a_clean_province_plants_nothing_and_a_seed_is_a_province() {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path();
    let clean = [&SMALL[..], &["--clean", "--quiet"]].concat();
    assert_eq!(qingmu(dir, &clean).code, 0);
    let truth = std::fs::read_to_string(dir.join("data/truth.json")).unwrap();
    assert!(truth.contains("\"planted\": []"));
    let first: Vec<Vec<u8>> = files(&dir.join("data"))
        .iter()
        .map(|f| std::fs::read(dir.join("data").join(f)).unwrap())
        .collect();
    assert_eq!(qingmu(dir, &[&clean[..], &["--force"]].concat()).code, 0);
    let second: Vec<Vec<u8>> = files(&dir.join("data"))
        .iter()
        .map(|f| std::fs::read(dir.join("data").join(f)).unwrap())
        .collect();
    assert!(first == second);
    let names: Vec<String> =
        files(&dir.join("data")).iter().map(|f| f.display().to_string()).collect();
    let (claims, others): (Vec<String>, Vec<String>) =
        names.into_iter().partition(|name| name.starts_with("claims"));
    assert_eq!(claims.len(), 1, "one file for each county: {claims:?}");
    let tables = ["baselines", "code_map", "households", "parcels", "persons", "transfers"];
    let mut expected: Vec<String> = tables.iter().map(|t| format!("{t}.parquet")).collect();
    expected.extend(["truth.json".to_owned(), "villages.parquet".to_owned()]);
    assert_eq!(others, expected);
}

#[test]
fn what_cannot_be_measured_is_refused_with_its_reason() {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path();
    std::fs::write(dir.join("list.csv"), "village_code,year,score\nv,2020,1\n").unwrap();
    std::fs::write(dir.join("bare.csv"), "village_code,year\n").unwrap();
    std::fs::write(dir.join("truth.json"), "{\"planted\":[]}").unwrap();
    for (args, code, words) in [
        (
            ["list.csv", "truth.json"],
            2,
            "error: the truth does not say how many villages there are; give --villages N\n",
        ),
        (
            ["bare.csv", "truth.json"],
            65,
            "error: bare.csv: no column `score`; a list needs village_code, year and score\n",
        ),
        (
            ["list.csv", "list.csv"],
            65,
            "error: list.csv: no JSON (expected value at line 1 column 1); give the truth.json that `qingmu synth` wrote\n",
        ),
    ] {
        let ran = in_english(dir, &["eval", args[0], "--truth", args[1]]);
        assert_eq!((ran.code, ran.err.as_str()), (code, words));
    }
    let ran = in_english(dir, &["synth", "--province", "--out", "data", "--counties", "91"]);
    let words = "error: counties = 91 is outside 1..90; give a value in this range\n";
    assert_eq!((ran.code, ran.err.as_str()), (2, words));
    let ran = in_english(dir, &["synth", "--out", "data", "--counties", "3"]);
    assert_eq!(ran.code, 2, "--counties is an option of a province: {}", ran.err);
}
