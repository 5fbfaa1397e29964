//! Detection on a small province whose truth is known: better than the rule in use, and silent where nothing is planted.

use crate::running::{in_english, qingmu, root};
use arrow::array::{Array, AsArray};
use arrow::datatypes::{Decimal128Type, Int16Type};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

/// One figure of `benches/detection/frozen.csv`: where it stands in an evaluation, its value, how far a run may fall
/// behind it (one village-year more or less moves a recall by 0.015), and which way is better.
struct Frozen {
    figure: String,
    value: f64,
    slack: f64,
    up: bool,
}

fn frozen() -> Vec<Frozen> {
    let path = root().join("benches/detection/frozen.csv");
    let mut reader = csv::Reader::from_path(path).unwrap();
    let rows = reader.records().map(Result::unwrap).map(|row| Frozen {
        figure: row[0].to_owned(),
        value: row[1].parse().unwrap(),
        slack: row[2].parse().unwrap(),
        up: &row[3] == "up",
    });
    let rows: Vec<Frozen> = rows.collect();
    assert!(rows.len() >= 6, "the file names every figure of the scoreboard");
    rows
}

fn eval(dir: &Path, leads: &str) -> Value {
    let ran = in_english(dir, &["eval", leads, "--truth", "data/truth.json", "--json"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    serde_json::from_str(&ran.out).unwrap()
}

fn made(dir: &Path, options: &[&str]) {
    let mut args = vec!["synth", "--province", "--out", "data", "--quiet"];
    args.extend(options);
    let ran = qingmu(dir, &args);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let ran = qingmu(dir, &["scan", "data", "--out", "out", "--quiet"]);
    assert!(matches!(ran.code, 0 | 3), "{}: {}", ran.code, ran.err);
}

/// The rule in use everywhere: more than 20 % above the year before.
fn year_on_year(dir: &Path) {
    let mut sums: BTreeMap<(String, i16), i128> = BTreeMap::new();
    for entry in std::fs::read_dir(dir.join("data/claims")).unwrap() {
        let file = std::fs::File::open(entry.unwrap().path()).unwrap();
        for batch in ParquetRecordBatchReaderBuilder::try_new(file).unwrap().build().unwrap() {
            let batch = batch.unwrap();
            let code = batch.column_by_name("village_code").unwrap().as_string::<i32>();
            let programme = batch.column_by_name("programme").unwrap().as_string::<i32>();
            let year = batch.column_by_name("year").unwrap().as_primitive::<Int16Type>();
            let area = batch.column_by_name("area_mu").unwrap().as_primitive::<Decimal128Type>();
            for i in (0..batch.num_rows()).filter(|i| programme.value(*i) != "FERTILITY") {
                let mu = if area.is_null(i) { 0 } else { area.value(i) };
                *sums.entry((code.value(i).to_owned(), year.value(i))).or_default() += mu;
            }
        }
    }
    let mut list = "village_code,year,score\n".to_owned();
    for ((code, year), area) in &sums {
        if let Some(before) = sums.get(&(code.clone(), year - 1)).filter(|before| **before > 0) {
            let growth = *area as f64 / *before as f64 - 1.0;
            if growth > 0.2 {
                writeln!(list, "{code},{year},{growth}").unwrap();
            }
        }
    }
    std::fs::write(dir.join("year_on_year.csv"), list).unwrap();
}

#[test]
fn a_small_province_is_judged_as_the_scoreboard_says() {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path();
    made(dir, &["--counties", "3", "--fraud-share", "0.05", "--seed", "101"]);
    let ours = eval(dir, "out");
    year_on_year(dir);
    let theirs = eval(dir, "year_on_year.csv");
    let of = |found: &Value, path: &str| found.pointer(path).and_then(Value::as_f64).unwrap();
    let precision = of(&ours, "/average_precision");
    assert!(precision > 3.0 * of(&theirs, "/average_precision"), "{ours}\n{theirs}");
    assert!(of(&ours, "/inspected/1/yuan_recall") > of(&theirs, "/inspected/1/yuan_recall"));
    for Frozen { figure, value, slack, up } in frozen() {
        let now = of(&ours, &figure);
        let behind = if up { value - now } else { now - value };
        assert!(
            behind <= slack,
            "{figure}: {value} in benches/detection/frozen.csv, {now} now; where the change is meant, \
             benches/detection/scoreboard.py --freeze writes that file anew"
        );
    }
}

#[test]
fn nothing_planted_gives_no_lead_that_is_called() {
    let temp = tempfile::tempdir().unwrap();
    made(temp.path(), &["--clean", "--counties", "2", "--seed", "201"]);
    let found = eval(temp.path(), "out");
    assert_eq!(found.pointer("/planted").and_then(Value::as_u64), Some(0));
    assert_eq!(found.pointer("/discoveries/0/leads").and_then(Value::as_u64), Some(0), "{found}");
}
