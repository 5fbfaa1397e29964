//! The model behind a scan: its file, its order, its errors, and the page it writes for an inspector.

use crate::running::{in_english, leads, qingmu, scanned_sample};
use std::fs;
use std::path::Path;

fn bytes(run: &Path, out: &str, name: &str) -> Vec<u8> {
    fs::read(run.join(out).join(name)).unwrap()
}

fn table(run: &Path, name: &str) -> Vec<csv::StringRecord> {
    let text = fs::read_to_string(run.join(name)).unwrap();
    let text = text.trim_start_matches('\u{feff}');
    csv::Reader::from_reader(text.as_bytes()).records().map(Result::unwrap).collect()
}

#[test]
fn a_frozen_model_gives_the_same_leads_and_another_is_refused() {
    let run = scanned_sample();
    let args = ["scan", "data", "--out", "again", "--model", "out/model.json", "-q"];
    let ran = qingmu(run.path(), &args);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    for name in ["leads.jsonl", "leads.csv", "leads.parquet", "data_errors.csv", "model.json"] {
        assert!(bytes(run.path(), "out", name) == bytes(run.path(), "again", name), "{name}");
    }
    let id = leads(&run.path().join("again"))[0]["lead_id"].as_str().unwrap().to_owned();
    let ran = qingmu(run.path(), &["explain", &id, "--run", "again", "--rows", "1"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "explain scores with the same model");

    let text = fs::read_to_string(run.path().join("out/model.json")).unwrap();
    fs::write(
        run.path().join("other.json"),
        text.replacen("\"first_year\":2019", "\"first_year\":2018", 1),
    )
    .unwrap();
    let args = ["scan", "data", "--out", "none", "--model", "other.json"];
    let ran = in_english(run.path(), &args);
    assert_eq!(
        (ran.code, ran.err.as_str()),
        (
            78,
            "error: model.json: was learned on 2018-2021, the input holds 2019-2022; score with a model of this county's record, or leave --model out to learn one\n"
        )
    );
    fs::write(run.path().join("other.json"), text.replacen("\"format\":1", "\"format\":9", 1))
        .unwrap();
    let ran = in_english(run.path(), &args);
    assert!(ran.err.contains("has form 9, this program reads form 1"), "{}", ran.err);
}

#[test]
fn leads_may_be_ordered_by_the_money_of_a_day() {
    let run = scanned_sample();
    let ran = qingmu(run.path(), &["scan", "data", "--out", "money", "--order", "priority", "-q"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let column = |name: &str, at: usize| -> Vec<f64> {
        let rows = table(run.path(), name);
        rows.iter().map(|r| r[at].parse().unwrap_or(-1.0)).collect()
    };
    let falls = |values: &[f64]| values.windows(2).all(|pair| pair[0] >= pair[1]);
    assert!(falls(&column("money/leads.csv", 7)), "priority");
    assert!(falls(&column("out/leads.csv", 6)), "score");
    assert!(!falls(&column("out/leads.csv", 7)), "the orders differ");
}

#[test]
fn every_village_year_stands_in_one_row_with_its_interval() {
    let run = scanned_sample();
    let rows = table(run.path(), "out/leads.csv");
    let places: Vec<(&str, &str)> = rows.iter().map(|r| (&r[3], &r[5])).collect();
    let mut once = places.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), places.len());
    let number = |row: &csv::StringRecord, at: usize| row[at].parse::<f64>().unwrap();
    for row in &rows {
        assert!(
            number(row, 11) <= number(row, 10) && number(row, 10) <= number(row, 12),
            "{row:?}"
        );
        assert!(
            number(row, 14) <= number(row, 13) && number(row, 13) <= number(row, 15),
            "{row:?}"
        );
        assert!((0.0..=1.0).contains(&number(row, 9)), "q {row:?}");
    }
    let ring = rows.iter().filter(|r| &r[1] == "ring");
    assert!(ring.count() >= 12, "the planted village-years are in leads");
    // Each row keeps its own village's score and grade: a lead may join villages that do not stand by themselves.
    let standing = rows.iter().filter(|r| &r[8] != "E3");
    assert!(standing.clone().count() >= 4, "two villages of each year stand");
    for row in standing {
        assert!(number(row, 6) >= 50.0, "no fact speaks in the sample: {row:?}");
    }
}

#[test]
fn slips_stand_beside_the_leads_and_ids_in_them_are_masked() {
    let run = scanned_sample();
    let text = fs::read_to_string(run.path().join("out/data_errors.csv")).unwrap();
    let header = text.trim_start_matches('\u{feff}').lines().next().unwrap();
    assert_eq!(
        header,
        "kind,village_code,year,programme,source,claimant_id,file,row,rows,filed_mu,used_mu,say_zh,say_en"
    );
    for row in table(run.path(), "out/data_errors.csv") {
        assert!(row[5].is_empty() || row[5].contains('*'), "{row:?}");
        assert!(!row[11].is_empty() && !row[12].is_empty(), "{row:?}");
    }
}

#[test]
fn a_lead_is_a_page_that_an_inspector_can_read() {
    let run = scanned_sample();
    let id = leads(&run.path().join("out"))[0]["lead_id"].as_str().unwrap().to_owned();
    let en = in_english(run.path(), &["explain", &id, "--run", "out", "--rows", "1"]).out;
    let zh = qingmu(run.path(), &["explain", &id, "--run", "out", "--rows", "1"]).out;
    for part in [
        "\nHow sure\n",
        "\nHow much\n",
        "= borne, # beyond, . short",
        "  remote sensing\n",
        "\nSide by side",
        "\nWhere the evidence comes from\n",
        "\nHonest explanations, tested one by one\n",
        "the county re-surveyed its land or changed the basis [tested, does not cover it]",
    ] {
        assert!(en.contains(part), "{part} is missing:\n{en}");
    }
    for part in ["有多大把握", "多出多少", "各村并列", "依据来自哪里", "逐项检验过的正当解释"]
    {
        assert!(zh.contains(part), "{part} is missing:\n{zh}");
    }
    let page = fs::read_to_string(run.path().join("out/leads.md")).unwrap();
    assert!(page.contains("有多大把握"), "the page of all leads has it too");
}
