//! Every number of a lead can be followed to its rows and comes out the same, or the difference is told.

use crate::running::{in_english, leads, qingmu, scanned_sample};
use serde_json::Value;
use std::fs;
use std::path::Path;

fn first_id(dir: &Path) -> String {
    leads(&dir.join("out"))[0]["lead_id"].as_str().unwrap().to_owned()
}

#[test]
fn every_figure_of_every_lead_is_re_added_and_equal() {
    let run = scanned_sample();
    let mut figures = 0;
    let mut all = leads(&run.path().join("out"));
    // The first rests on the model too; of the others only rules have figures to re-add.
    let first = all.remove(0);
    all.retain(|lead| !lead["hits"].as_array().unwrap().is_empty());
    for lead in std::iter::once(first).chain(all) {
        let id = lead["lead_id"].as_str().unwrap();
        let ran = qingmu(run.path(), &["explain", id, "--run", "out", "--json"]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        let document: Value = serde_json::from_str(&ran.out).unwrap();
        assert_eq!(document["equal"], true);
        assert_eq!(document["lead"]["lead_id"], id);
        for hit in document["hits"].as_array().unwrap() {
            assert!(!hit["figures"].as_array().unwrap().is_empty(), "{}", hit["rule"]);
            for figure in hit["figures"].as_array().unwrap() {
                figures += 1;
                check(figure);
            }
        }
    }
    assert!(figures > 50, "only {figures} figures");
}

/// A third way: the rows that are listed, added here.
fn check(figure: &Value) {
    assert_eq!(figure["equal"], true, "{figure}");
    let column = figure["column"].as_str().unwrap();
    let rows = figure["rows"].as_array().unwrap();
    let field = if column.starts_with("paid.") || column == "amount_yuan" {
        "amount_yuan"
    } else {
        "area_mu"
    };
    if column.ends_with("_se")
        || column.ends_with("_se_mu")
        || ["claims", "claimants", "villages"].contains(&column)
    {
        return;
    }
    let sum: f64 = rows.iter().filter_map(|row| row[field].as_f64()).sum();
    if let Some(value) = figure["value"].as_f64() {
        assert!((sum - value).abs() < 1e-3, "{column} at {}: {sum} != {value}", figure["at"]);
    }
}

#[test]
fn text_names_files_rows_rule_and_reasons() {
    let run = scanned_sample();
    let id = first_id(run.path());
    let ran = in_english(run.path(), &["explain", &id, "--run", "out", "--rows", "1"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    for part in [
        "every number of leads.jsonl: equal",
        "claims/2022.parquet row ",
        "baselines.csv row ",
        "village/V02-veg-steady-grain-up.toml",
        "honest explanation",
        "    how to check: reclamation register; orchard baseline of both years\n",
        "A lead, not a finding: please check.",
    ] {
        assert!(ran.out.contains(part), "{part} is missing:\n{}", ran.out);
    }
    assert!(
        ran.out.lines().last().unwrap().ends_with("figures re-added from source rows, all equal")
    );
    let short = qingmu(run.path(), &["explain", &id[..9], "--run", "out", "--rows", "1"]);
    assert_eq!(short.code, 0, "an unambiguous beginning is enough");
}

#[test]
fn a_changed_input_is_named() {
    let run = scanned_sample();
    let id = first_id(run.path());
    let path = run.path().join("data/baselines.csv");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, format!("{text}610423113215,2022,Y,orchard,1,land_survey,,true\n")).unwrap();
    let ran = in_english(run.path(), &["explain", &id, "--run", "out"]);
    assert_eq!(
        (ran.code, ran.out.as_str(), ran.err),
        (
            65,
            "",
            format!(
                "error: changed since the scan: baselines.csv\nremedy: restore the files as they were (scanned by version {}), or scan again\n",
                env!("CARGO_PKG_VERSION")
            )
        )
    );
    fs::write(&path, text).unwrap();
    fs::write(run.path().join("data/qingmu.toml"), "").unwrap();
    let ran = in_english(run.path(), &["explain", &id, "--run", "out"]);
    assert!(ran.err.starts_with("error: changed since the scan: qingmu.toml\n"), "{}", ran.err);
    fs::remove_file(run.path().join("data/qingmu.toml")).unwrap();
    fs::write(run.path().join("data/petitions.csv"), "petition_id,village_code\n").unwrap();
    let ran = in_english(run.path(), &["explain", &id, "--run", "out"]);
    assert_eq!(ran.code, 65);
}

#[test]
fn a_changed_lead_file_is_told_apart() {
    let run = scanned_sample();
    let id = first_id(run.path());
    let path = run.path().join("out/leads.jsonl");
    let text = fs::read_to_string(&path).unwrap();
    let score = leads(&run.path().join("out"))[0]["score"].clone();
    fs::write(&path, text.replacen(&format!("\"score\":{score}"), "\"score\":1.0", 1)).unwrap();
    let ran = in_english(run.path(), &["explain", &id, "--run", "out", "--rows", "1"]);
    assert_eq!(ran.code, 70);
    assert!(
        ran.out.contains(&format!("differs from leads.jsonl:\n  score: 1.0 != {score}\n")),
        "{}",
        ran.out
    );
}

#[test]
fn an_input_that_moved_is_found_with_input() {
    let run = scanned_sample();
    let id = first_id(run.path());
    fs::rename(run.path().join("data"), run.path().join("moved")).unwrap();
    let lost = qingmu(run.path(), &["explain", &id, "--run", "out"]);
    assert_eq!(lost.code, 74, "{}", lost.err);
    let found =
        qingmu(run.path(), &["explain", &id, "--run", "out", "--input", "moved", "--rows", "1"]);
    assert_eq!((found.code, found.err.as_str()), (0, ""));
}

#[test]
fn a_lead_or_a_run_that_is_not_there_is_said() {
    let run = scanned_sample();
    let ran = in_english(run.path(), &["explain", "QM-NONE", "--run", "out"]);
    assert_eq!(
        (ran.code, ran.err.as_str()),
        (
            2,
            "error: out/leads.jsonl has no lead `QM-NONE` (or the id is too short to tell)\n\
             remedy: leads.md and leads.csv list the ids\n"
        )
    );
    let ran = in_english(run.path(), &["explain", "QM-NONE", "--run", "data"]);
    assert_eq!(ran.code, 65);
    assert_eq!(
        ran.err,
        "error: data: not the result of a whole scan (No such file or directory (os error 2))\n\
         remedy: point --run to a folder that `qingmu scan --out` wrote\n"
    );
}
