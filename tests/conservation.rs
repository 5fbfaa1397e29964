//! Nothing appears and nothing disappears: every row is used or listed, every hit's parts add up to the hit.

use crate::running::{json, leads, qingmu, scanned_sample};
use serde_json::Value;
use std::path::Path;

/// A number of a JSON document in steps of `1 / scale`, exactly.
fn steps(value: &Value, scale: f64) -> i64 {
    let scaled = value.as_f64().unwrap() * scale;
    assert!((scaled - scaled.round()).abs() < 1e-3, "{value} is finer than 1/{scale}");
    #[allow(clippy::cast_possible_truncation, reason = "checked to be whole just above")]
    let steps = scaled.round() as i64;
    steps
}

#[test]
fn shares_of_a_hit_add_up_to_the_hit() {
    let run = scanned_sample();
    let mut hits = 0;
    for lead in leads(&run.path().join("out")) {
        for hit in lead["hits"].as_array().unwrap() {
            for (field, scale) in [("mu", 10_000.0), ("yuan", 100.0)] {
                if hit[field].is_null() {
                    continue;
                }
                let parts = hit["shares"].as_array().unwrap().iter();
                let sum: i64 = parts
                    .map(|s| &s[field])
                    .filter(|v| !v.is_null())
                    .map(|v| steps(v, scale))
                    .sum();
                assert_eq!(sum, steps(&hit[field], scale), "{} {}", lead["lead_id"], hit["rule"]);
                hits += 1;
            }
        }
        let of_members: Vec<&Value> = lead["members"]
            .as_array()
            .unwrap()
            .iter()
            .map(|m| &m["excess_mu"])
            .filter(|v| !v.is_null())
            .collect();
        if !of_members.is_empty() {
            let sum: i64 = of_members.into_iter().map(|v| steps(v, 10_000.0)).sum();
            assert_eq!(sum, steps(&lead["excess_mu"], 10_000.0), "{}", lead["lead_id"]);
        }
    }
    assert!(hits > 0, "the sample has hits with an excess");
}

/// Invented claims of two villages, each line of damage of another kind.
const CLAIMS: &str = "\
claim_id,year,season,programme,crop,village_code,claimant_id,area_mu,amount_yuan
c1,2022,S,GRAIN,wheat,610423113201,p1,10.5,1050.00
c2,2022,S,GRAIN,wheat,610423113201,p2,0.0001,0.01
c3,2022,S,GRAIN,wheat,610423113202,p3,-3,300
c4,2022,S,GRAIN,wheat,610423113202,p4,NaN,300
c5,2022,S,GRAIN,wheat,6.10423E+11,p5,3,300
c6,2022,X,GRAIN,wheat,610423113202,p6,3,300
c7,2022,S,GRAIN,wheat,610423113202,p7,3,
c8,22,S,GRAIN,wheat,610423113202,p8,3,300
c9,2022,A,GRAIN,maize,610423113202,p9,7.25,-25.50
";
const BASELINES: &str = "\
village_code,year,season,crop,area_mu,source
610423113201,2022,S,wheat,11,land_survey
610423113202,2022,A,maize,8,land_survey
";

fn damaged(dir: &Path) {
    std::fs::create_dir_all(dir).unwrap();
    std::fs::write(dir.join("claims.csv"), CLAIMS).unwrap();
    std::fs::write(dir.join("baselines.csv"), BASELINES).unwrap();
}

#[test]
fn every_row_is_used_or_listed_with_its_reason() {
    let temp = tempfile::tempdir().unwrap();
    damaged(&temp.path().join("data"));
    let ran = qingmu(temp.path(), &["scan", "data", "--out", "out", "--max-rejects", "90", "-q"]);
    assert_eq!((ran.code, ran.err.as_str()), (3, ""));
    let manifest = json(&temp.path().join("out/manifest.json"));
    let claims = &manifest["totals"]["claims"];
    assert_eq!((claims["rows_read"].as_u64(), claims["rows_kept"].as_u64()), (Some(9), Some(3)));
    assert_eq!(claims["rows_rejected"], 6);
    assert_eq!(
        (claims["area_mu"].as_f64(), claims["amount_yuan"].as_f64()),
        (Some(17.7501), Some(1024.51))
    );
    let list = std::fs::read_to_string(temp.path().join("out/rejects.csv")).unwrap();
    assert!(list.starts_with('\u{feff}') && list.contains("\r\n"), "{list}");
    let mut reader = csv::Reader::from_reader(list.trim_start_matches('\u{feff}').as_bytes());
    let found: Vec<(String, String, String)> = reader
        .records()
        .map(Result::unwrap)
        .map(|r| (r[2].to_owned(), r[3].to_owned(), r[5].to_owned()))
        .collect();
    let expected = [
        ("4", "area_mu", "negative_area"),
        ("5", "area_mu", "not_a_number"),
        ("6", "village_code", "bad_region"),
        ("7", "season", "bad_season"),
        ("8", "amount_yuan", "missing_value"),
        ("9", "year", "bad_year"),
    ];
    let expected: Vec<(String, String, String)> = expected
        .iter()
        .map(|(a, b, c)| ((*a).to_owned(), (*b).to_owned(), (*c).to_owned()))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn beyond_the_cap_the_input_is_refused_and_the_reasons_are_kept() {
    let temp = tempfile::tempdir().unwrap();
    damaged(&temp.path().join("data"));
    let ran = crate::running::in_english(temp.path(), &["scan", "data", "--out", "out"]);
    assert_eq!((ran.code, ran.out.as_str()), (65, ""));
    assert_eq!(
        ran.err,
        "error: 66.67% of the rows of claims cannot be used, more than 1%; no lead was written\n\
         remedy: out/rejects.csv has the reason for each row; correct the input, or raise --max-rejects\n"
    );
    let names = crate::running::files(&temp.path().join("out"));
    let names: Vec<_> = names.iter().map(|n| n.to_string_lossy().into_owned()).collect();
    assert_eq!(names, ["coverage.json", "rejects.csv"]);
    // A corrected input may follow into the same folder without force only once these are moved away.
    let again = crate::running::in_english(temp.path(), &["scan", "data", "--out", "out"]);
    assert_eq!(again.code, 73);
}
