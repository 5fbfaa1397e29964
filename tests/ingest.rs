//! From the files that offices have to leads: three raw files, three commands, no configuration.
//!
//! Places are real, every person, account and figure is invented.

use crate::running::{Ran, command, finish, in_english, json, leads, qingmu};
use office::{damaged, id, raw_files};
use qingmu_model::{Mu, Yuan};
use qingmu_synth::{CountyOptions, county};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use tempfile::TempDir;

#[path = "../crates/qingmu-ledger/tests/office/mod.rs"]
mod office;

fn ingest(dir: &Path, args: &[&str]) -> Ran {
    let mut all = vec!["ingest", "--out", "ledger"];
    all.extend(args);
    qingmu(dir, &all)
}

#[test]
fn three_raw_files_become_leads_in_three_commands() {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path();
    let county = county(&CountyOptions::default());
    raw_files(&county, dir);

    let taken = ingest(dir, &["台账.xls", "年鉴.csv", "村名录.csv", "--json"]);
    assert_eq!((taken.code, taken.err.as_str()), (0, ""), "{}", taken.out);
    let document: serde_json::Value = serde_json::from_str(&taken.out).unwrap();
    let total = &document["tables"]["claims"];
    let mu = Mu::sum(county.claims.iter().map(|c| c.area_mu)).unwrap();
    let yuan = Yuan::sum(county.claims.iter().map(|c| c.amount_yuan)).unwrap();
    assert_eq!(total["rows"], county.claims.len());
    assert_eq!(total["area_mu"], mu.to_f64());
    assert_eq!(total["amount_yuan"], yuan.to_f64());
    assert_eq!(document["tables"]["baselines"]["rows"], county.baselines.len());
    assert!(document["key_made"].as_bool().unwrap());
    let ledger = &document["files"][0]["account"]["sheets"];
    for sheet in ledger.as_array().unwrap() {
        let totals = sheet["totals"].as_array().unwrap();
        assert!(totals.len() >= 2 && totals.iter().all(|t| t["agrees"] == true), "{totals:?}");
    }

    let scanned = qingmu(dir, &["scan", "ledger", "--out", "out"]);
    assert_eq!((scanned.code, scanned.err.as_str()), (0, ""), "{}", scanned.out);
    let manifest = json(&dir.join("out/manifest.json"));
    assert_eq!(manifest["totals"]["claims"]["rows_rejected"], 0, "{manifest}");
    let found = leads(&dir.join("out"));
    let planted: BTreeSet<&str> =
        county.truth.planted.iter().map(|p| p.village_code.as_str()).collect();
    let members: BTreeSet<&str> = found[0]["members"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|m| m["village_code"].as_str())
        .collect();
    assert!(planted.is_subset(&members), "{members:?}");

    let id = found[0]["lead_id"].as_str().unwrap();
    let told = qingmu(dir, &["explain", id, "--run", "out"]);
    assert_eq!(told.code, 0, "{}", told.err);
    assert!(told.out.contains("台账.xls!") && !told.out.contains("part-"), "{}", told.out);

    again(dir);
}

/// The same files once more, in another order: nothing changes, and it is said.
fn again(dir: &Path) {
    let ran = in_english(dir, &["ingest", "村名录.csv", "台账.xls", "--out", "ledger"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let said = "台账.xls (xls): the same bytes as 台账.xls, which is in the ledger; nothing changed (to read it once more: --replace 台账.xls)";
    assert!(ran.out.contains(said), "{}", ran.out);
    assert!(ran.out.contains("(addition 1, key "), "{}", ran.out);
    let quiet = ingest(dir, &["台账.xls", "--quiet"]);
    assert_eq!((quiet.code, quiet.out.as_str(), quiet.err.as_str()), (0, "", ""));
}

const VILLAGES: &str = "村代码,村名,乡镇\n990101101201,东沟村,甲山镇\n990101101202,南庄村,甲山镇\n";

fn small(rows: &str) -> TempDir {
    let temp = tempfile::tempdir().unwrap();
    std::fs::write(temp.path().join("村.csv"), VILLAGES).unwrap();
    let head =
        "2024年实际种粮农民一次性补贴公示表\n姓名,身份证号,村,作物,补贴面积（亩）,补贴金额（元）\n";
    std::fs::write(temp.path().join("台账.csv"), format!("{head}{rows}")).unwrap();
    temp
}

#[test]
fn rows_that_cannot_be_used_end_the_addition_or_are_listed() {
    let good: String = (0..3).map(|n| format!("某甲,{},东沟村,小麦,2,20\n", id(n))).collect();
    let temp = small(&format!("{good}某乙,619999195001011000,东沟村,小麦,3,30\n"));
    let dir = temp.path();
    let refused = ingest(dir, &["台账.csv", "村.csv"]);
    assert_eq!((refused.code, refused.out.as_str()), (65, ""));
    assert_eq!(
        refused.err,
        "错误：台账.csv: 25.00% 的行不能用，超过上限 1% / 25.00% of the rows cannot be used, more than 1%; nothing was added\n\
         处理：逐行原因见 ledger.rejects.csv；改正后重新登账，或用 --max-rejects 提高上限\n"
    );
    assert!(!dir.join("ledger").exists(), "nothing was written");
    let list = std::fs::read_to_string(dir.join("ledger.rejects.csv")).unwrap();
    assert!(
        list.contains("\"台账.csv\",\"\",6,\"B\",\"6199**********1000\",\"id_rounded\""),
        "{list}"
    );
    let taken = ingest(dir, &["台账.csv", "村.csv", "--max-rejects", "30"]);
    assert_eq!((taken.code, taken.err.as_str()), (3, ""), "{}", taken.out);
    for line in [
        "台账.csv (text UTF-8)：新增",
        "读入 6 行 = 采用 3 + 待核 1 + 跳过 2",
        "9.00 = 6.00 + 3.00 + 0.00 亩",
        "90.00 = 60.00 + 30.00 + 0.00 元",
        "未计入的行共 1 行，逐行原因和处理办法见 ledger/rejects.csv",
    ] {
        assert!(taken.out.contains(line), "{line}\n{}", taken.out);
    }
}

#[test]
fn a_mapping_written_once_serves_next_month_s_file() {
    let temp = small("");
    let dir = temp.path();
    let title = |month: u32| format!("2024年{month}月实际种粮农民一次性补贴公示表\n");
    let first = format!(
        "{}姓名,证照号,村,作物,补贴面积（亩）,补贴金额（元）\n某甲,{},东沟村,小麦,2,20\n",
        title(1),
        id(1)
    );
    // The columns moved, and one came in between.
    let second = format!(
        "{}村,补贴金额（元）,补贴面积（亩）,作物,农机,证照号,姓名\n南庄村,30,3,小麦,无,{},某乙\n",
        title(2),
        id(2)
    );
    std::fs::write(dir.join("一月.csv"), first).unwrap();
    std::fs::write(dir.join("二月.csv"), second).unwrap();
    let refused = in_english(dir, &["ingest", "一月.csv", "村.csv", "--out", "ledger"]);
    assert_eq!((refused.code, refused.out.as_str()), (65, ""));
    let said =
        "required columns are missing: claimant_id（身份证号）; columns not known: B“证照号”";
    assert!(refused.err.contains(said) && refused.err.contains("--map"), "{}", refused.err);
    let hand = "table = \"claims\"\n[[column]]\nheader = \"证照号\"\nfield = \"claimant_id\"\n";
    std::fs::write(dir.join("hand.toml"), hand).unwrap();
    let looked = qingmu(
        dir,
        &["inspect", "一月.csv", "村.csv", "--map", "hand.toml", "--write-mapping", "map.toml"],
    );
    assert_eq!((looked.code, looked.err.as_str()), (0, ""), "{}", looked.out);
    let written = std::fs::read_to_string(dir.join("map.toml")).unwrap();
    assert!(
        written.contains("header = \"补贴面积（亩）\"\nfield = \"area_mu\"\nunit = \"亩\""),
        "{written}"
    );
    for month in ["一月.csv", "二月.csv"] {
        let taken = ingest(dir, &[month, "村.csv", "--map", "map.toml", "--json"]);
        assert_eq!((taken.code, taken.err.as_str()), (0, ""), "{month} {}", taken.out);
    }
    let rows = crate::ledger_rows::rows(&dir.join("ledger"), "claims");
    let mut areas: Vec<(&str, &str)> =
        rows.iter().map(|r| (r["village_code"].as_str(), r["area_mu"].as_str())).collect();
    areas.sort_unstable();
    assert_eq!(areas, [("990101101201", "2.0000"), ("990101101202", "3.0000")]);
}

#[test]
fn keys_locks_and_folders_that_do_not_fit() {
    let temp = small(&format!("某甲,{},东沟村,小麦,2,20\n", id(1)));
    let dir = temp.path();
    assert_eq!(ingest(dir, &["台账.csv", "村.csv", "-q"]).code, 0);
    std::fs::rename(dir.join("ledger.key"), dir.join("away.key")).unwrap();
    let lost = ingest(dir, &["村.csv"]);
    assert_eq!(lost.code, 78);
    assert!(lost.err.contains("was not found at ledger.key; give it with --key"), "{}", lost.err);
    assert_eq!(ingest(dir, &["村.csv", "--key", "away.key"]).code, 0);
    let mut credential = command(dir, &["ingest", "村.csv", "--out", "ledger"]);
    std::fs::create_dir(dir.join("credentials")).unwrap();
    std::fs::copy(dir.join("away.key"), dir.join("credentials/qingmu-key")).unwrap();
    let ran = finish(credential.env("CREDENTIALS_DIRECTORY", dir.join("credentials")));
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let other = qingmu(dir, &["ingest", "村.csv", "--out", "other", "-q"]);
    assert_eq!(other.code, 0);
    let wrong = ingest(dir, &["村.csv", "--key", "other.key"]);
    assert_eq!(wrong.code, 78);
    assert!(wrong.err.contains("two keys would make one person two"), "{}", wrong.err);
    let lock = std::fs::File::open(dir.join("ledger/.qingmu.lock")).unwrap();
    lock.lock().unwrap();
    assert_eq!(ingest(dir, &["村.csv", "--key", "away.key"]).code, 75);
    drop(lock);
    std::fs::create_dir(dir.join("full")).unwrap();
    std::fs::write(dir.join("full/notes.txt"), "").unwrap();
    assert_eq!(qingmu(dir, &["ingest", "村.csv", "--out", "full"]).code, 73);
    assert_eq!(ingest(dir, &["nothing.csv", "--key", "away.key"]).code, 74);
}

#[test]
fn no_identity_hit_rests_on_a_damaged_id() {
    const PEOPLE: u32 = 300_000;
    let mut rows = String::new();
    let mut row = 3_u64;
    let (mut broken, mut twice) = (BTreeSet::new(), 0_u64);
    for n in 0..PEOPLE {
        let id = id(n);
        let is_broken = n % 20 == 7;
        let shown = if is_broken { damaged(&id, n / 20) } else { id.clone() };
        let village = if n % 2 == 0 { "东沟村" } else { "南庄村" };
        writeln!(rows, "某甲,{shown},{village},小麦,6,60").unwrap();
        if is_broken {
            broken.insert(row);
        }
        row += 1;
        // Planted: the same whole id in both villages. Numbers that a double can hold are under suspicion where
        // others of their column were doubles.
        let double = id.parse::<u64>().is_ok_and(|id| id % 128 == 0);
        if n % 10_000 < 2 && n % 2 == 0 && !double {
            writeln!(rows, "某甲,{id},南庄村,小麦,7,70").unwrap();
            twice += 1;
            row += 1;
        }
    }
    assert!(twice > 20 && broken.len() == 15_000);
    let temp = small(&rows);
    let dir = temp.path();
    let base = "村代码,年度,作物,播种面积（亩）,数据来源\n990101101201,2024,小麦,900000,遥感\n990101101202,2024,小麦,900000,遥感\n";
    std::fs::write(dir.join("遥感.csv"), base).unwrap();
    let taken = ingest(dir, &["台账.csv", "村.csv", "遥感.csv", "--max-rejects", "10", "-q"]);
    assert_eq!((taken.code, taken.err.as_str()), (3, ""));
    let list = std::fs::read_to_string(dir.join("ledger/rejects.csv")).unwrap();
    let waiting: BTreeSet<u64> =
        list.lines().skip(1).map(|l| l.split(',').nth(2).unwrap().parse().unwrap()).collect();
    let kept: Vec<&u64> = broken.difference(&waiting).collect();
    assert!(kept.is_empty(), "damaged ids that were kept, rows {kept:?}");
    let honest = waiting.difference(&broken).count();
    assert!(honest < 3_500, "{honest}: one whole id in 128 is a number that a double can hold");
    let scanned = qingmu(dir, &["scan", "ledger", "--out", "out", "-q"]);
    assert_eq!((scanned.code, scanned.err.as_str()), (0, ""));
    let coverage = json(&dir.join("out/coverage.json"));
    let rules = coverage["rules"].as_array().unwrap();
    let c06 = rules.iter().find(|r| r["rule"] == "C06").unwrap();
    assert_eq!(c06["hit"], twice, "the planted ones, and nobody who shares a damaged id: {c06}");
}
