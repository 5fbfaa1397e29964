//! The bundled sample holds a re-enactment of a case in six villages: it must come out first and alone.

use crate::running::{files, in_english, json, leads, qingmu, root};
use std::collections::BTreeSet;

#[test]
fn the_first_lead_is_the_ring_of_exactly_the_six_planted_villages() {
    let temp = tempfile::tempdir().unwrap();
    let ran = qingmu(temp.path(), &["demo"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let truth = json(&root().join("datasets/anwu/truth.json"));
    let villages = |values: &serde_json::Value| -> BTreeSet<String> {
        let codes = values.as_array().unwrap().iter().filter_map(|v| v["village_code"].as_str());
        codes.map(str::to_owned).collect()
    };
    let planted = villages(&truth["planted"]);
    assert_eq!(planted.len(), 6);

    let leads = leads(&temp.path().join("demo/out"));
    let first = &leads[0];
    assert_eq!(first["kind"], "ring");
    assert_eq!(villages(&first["members"]), planted);
    let years: BTreeSet<i64> =
        truth["planted"].as_array().unwrap().iter().filter_map(|p| p["year"].as_i64()).collect();
    assert!(years.contains(&first["year"].as_i64().unwrap()), "{years:?}");
    assert!(first["excess_yuan"].as_f64().unwrap() > 0.0);
    assert!(ran.out.contains(first["lead_id"].as_str().unwrap()), "{}", ran.out);
}

#[test]
fn a_lead_about_others_never_stands_above_the_planted_villages() {
    let temp = tempfile::tempdir().unwrap();
    assert_eq!(qingmu(temp.path(), &["demo", "-q"]).code, 0);
    let truth = json(&root().join("datasets/anwu/truth.json"));
    let planted: BTreeSet<&str> = truth["planted"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|p| p["village_code"].as_str())
        .collect();
    let mut others_seen = false;
    for lead in leads(&temp.path().join("demo/out")) {
        let members = lead["members"].as_array().unwrap();
        let about_them =
            members.iter().any(|m| planted.contains(m["village_code"].as_str().unwrap()));
        assert!(!(about_them && others_seen && lead["kind"] != "claims"), "{}", lead["lead_id"]);
        others_seen |= !about_them;
    }
}

#[test]
fn the_demo_writes_the_sample_as_committed_and_refuses_to_write_twice() {
    let temp = tempfile::tempdir().unwrap();
    let first = in_english(temp.path(), &["demo", "here"]);
    assert_eq!(first.code, 0);
    let tail: Vec<&str> = first.out.lines().rev().take(3).collect();
    assert!(
        tail[2].contains("qingmu explain QM-") && tail[2].contains("--run here/out"),
        "{}",
        first.out
    );
    assert_eq!(tail[1], "  qingmu rules show V02    # what a rule says");
    assert_eq!(tail[0], "  qingmu scan here/data --out DIR    # the same with your own data");
    let (bundled, written) = (root().join("datasets/anwu"), temp.path().join("here/data"));
    assert_eq!(files(&written), files(&bundled));
    for name in files(&bundled) {
        assert_eq!(
            std::fs::read(written.join(&name)).unwrap(),
            std::fs::read(bundled.join(&name)).unwrap()
        );
    }
    let second = in_english(temp.path(), &["demo", "here"]);
    assert_eq!(second.code, 73);
    assert_eq!(
        second.err,
        "error: here: the folder is not empty; nothing was overwritten\nremedy: give another folder, or --force to overwrite\n"
    );
    let third = in_english(temp.path(), &["demo", "here", "--force"]);
    assert_eq!((third.code, third.err.as_str()), (0, ""));
    assert_eq!(third.out, first.out);
}

#[test]
fn the_demo_as_json_is_one_document() {
    let temp = tempfile::tempdir().unwrap();
    let ran = qingmu(temp.path(), &["demo", "--json"]);
    let document: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(document["exit"], 0);
    assert_eq!(document["leads"][0]["villages"], 6);
    let claims = &document["totals"]["claims"];
    assert_eq!(claims["rows_read"], claims["rows_kept"]);
}
