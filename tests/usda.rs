//! Real payments of two US programmes, where the reference data are at hand.

use crate::running::{json, qingmu, root};
use std::path::PathBuf;
use std::process::Command;

/// Rows of the payments file, and their sum.
const ROWS: u64 = 94_959;

fn reference() -> Option<PathBuf> {
    let dir = std::env::var_os("QINGMU_REFERENCE_DATA")
        .map_or_else(|| root().join("../shared/data"), PathBuf::from)
        .join("usda");
    dir.join("payments_2014_2018.csv").exists().then_some(dir)
}

/// Sum of a column of dollars, in cents.
fn cents(path: &std::path::Path, column: &str) -> (u64, i64) {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let at = reader.headers().unwrap().iter().position(|h| h == column).unwrap();
    let mut rows = 0;
    let mut sum = 0;
    for record in reader.records() {
        let record = record.unwrap();
        rows += 1;
        sum += qingmu_model::Yuan::parse_rounded(&record[at]).unwrap().0.raw();
    }
    (rows, sum)
}

#[test]
#[allow(clippy::print_stdout, reason = "says why nothing was tested")]
fn every_real_payment_is_used_or_listed_and_every_cent_is_accounted_for() {
    let Some(source) = reference() else {
        println!("skipped: reference data not present");
        return;
    };
    let temp = tempfile::tempdir().unwrap();
    let script = root().join("datasets/usda/prepare.py");
    let data = temp.path().join("data");
    let made = Command::new("python3").arg(script).arg(&data).arg(&source).output();
    let Ok(made) = made else {
        println!("skipped: python3 not present");
        return;
    };
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let (rows, paid) = cents(&data.join("claims.csv"), "amount_yuan");
    assert_eq!(rows, ROWS);
    let rules = root().join("datasets/usda/rules");
    let args = [
        "scan",
        "data",
        "--out",
        "out",
        "--max-rejects",
        "100",
        "-q",
        "--rules",
        rules.to_str().unwrap(),
    ];
    let ran = qingmu(temp.path(), &args);
    assert!(matches!(ran.code, 0 | 3), "{}: {}", ran.code, ran.err);
    let manifest = json(&temp.path().join("out/manifest.json"));
    let claims = &manifest["totals"]["claims"];
    let count = |name: &str| claims[name].as_u64().unwrap();
    assert_eq!(count("rows_read"), ROWS);
    assert_eq!(count("rows_kept") + count("rows_rejected"), ROWS);
    // What was kept and what was refused add up to what was paid, to the cent.
    let refused: std::collections::BTreeSet<u64> = {
        let list = std::fs::read_to_string(temp.path().join("out/rejects.csv")).unwrap();
        let mut reader = csv::Reader::from_reader(list.trim_start_matches('\u{feff}').as_bytes());
        let rows = reader.records().map(Result::unwrap);
        rows.filter(|r| &r[0] == "claims.csv").map(|r| r[2].parse().unwrap()).collect()
    };
    assert_eq!(u64::try_from(refused.len()).unwrap(), count("rows_rejected"));
    let mut reader = csv::Reader::from_path(data.join("claims.csv")).unwrap();
    let at = reader.headers().unwrap().iter().position(|h| h == "amount_yuan").unwrap();
    let mut of_refused = 0;
    for (i, record) in reader.records().enumerate() {
        if refused.contains(&(i as u64 + 2)) {
            of_refused += qingmu_model::Yuan::parse_rounded(&record.unwrap()[at]).unwrap().0.raw();
        }
    }
    #[allow(clippy::cast_possible_truncation, reason = "25 billion dollars are 2.5e12 cents")]
    let cents = |name: &str| (claims[name].as_f64().unwrap() * 100.0).round() as i64;
    assert_eq!(cents("amount_yuan") + of_refused, paid);
    assert_eq!(cents("amount_rejected_yuan"), of_refused, "the account says so itself");
    assert_eq!((count("amount_unreadable"), count("area_unreadable")), (0, count("rows_rejected")));
}
