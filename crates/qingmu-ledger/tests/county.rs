//! A county's raw files through the ledger to the scan: what the scan adds up is what the county has.
//!
//! Places are real, every person, account and figure is invented.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

mod office;

use office::{damaged, id, raw_files};
use qingmu_core::{ScanOptions, scan};
use qingmu_ingest::intake::{IntakeOptions, Isolation};
use qingmu_input::{RowQuery, discover, source_rows};
use qingmu_ledger::{Ingested, LedgerError, Request, ingest};
use qingmu_model::{Mu, Project, Yuan};
use qingmu_synth::{CountyOptions, county};
use std::{collections::BTreeSet, fmt::Write, path::Path};

fn take(dir: &Path, files: &[&str], max_rejects: f64) -> Result<Ingested, LedgerError> {
    ingest(Request {
        files: files.iter().map(|name| dir.join(name)).collect(),
        ledger: dir.join("ledger"),
        intake: IntakeOptions::new(Isolation::InProcess),
        key: None,
        credentials: None,
        max_rejects,
        replace: None,
        sealed: None,
    })
}

fn everything(table: &'static str) -> RowQuery {
    RowQuery {
        table,
        villages: BTreeSet::new(),
        years: BTreeSet::new(),
        claimants: None,
        accounts: None,
    }
}

#[test]
fn three_raw_files_hold_the_whole_county() {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path();
    let county = county(&CountyOptions { years: 2021..=2022, ..CountyOptions::default() });
    raw_files(&county, dir);
    let done = take(dir, &["台账.xls", "年鉴.csv", "村名录.csv"], 0.0).unwrap_or_else(|error| {
        let list = std::fs::read_to_string(dir.join("ledger.rejects.csv")).unwrap_or_default();
        panic!("{error}\n{}", list.lines().take(5).collect::<Vec<_>>().join("\n"))
    });
    let done = done.addition;
    assert!(!done.has_rejects());
    let totals = done.files.iter().flat_map(|f| &f.account.sheets).flat_map(|s| &s.totals);
    assert!(totals.clone().count() >= 12 && totals.clone().all(|t| t.agrees));
    let input = discover(&dir.join("ledger")).unwrap();
    let rows = source_rows(&input, &Project::default(), &everything("claims")).unwrap();
    assert_eq!(rows.len(), county.claims.len());
    let mut found: Vec<(String, i16, String, String, Mu, Yuan)> = rows
        .iter()
        .map(|r| {
            let programme = format!("{}/{}", r.programme.clone().unwrap_or_default(), r.season);
            let amount = r.amount.unwrap_or_default();
            (r.village_code.clone(), r.year, programme, r.crop.clone(), r.area, amount)
        })
        .collect();
    let mut made: Vec<(String, i16, String, String, Mu, Yuan)> = county
        .claims
        .iter()
        .map(|c| {
            let programme = format!("{}/{}", c.programme, c.season);
            let (village, crop) = (c.village_code.to_string(), c.crop.to_owned());
            (village, c.year, programme, crop, c.area_mu, c.amount_yuan)
        })
        .collect();
    found.sort();
    made.sort();
    assert!(found == made, "village, year, programme, season, crop, area and money of every claim");
    let people: BTreeSet<&str> = county.claims.iter().map(|c| &*c.claimant_id).collect();
    let told: BTreeSet<String> =
        rows.iter().filter_map(|r| Some(r.claimant.as_ref()?.reveal("test").to_owned())).collect();
    assert_eq!(told.len(), people.len(), "as many people as there are");
    for row in &rows {
        let (file, line) = row.place();
        assert!(file.starts_with("台账.xls!202") && line > 4, "{file} {line}");
    }
    let bases = source_rows(&input, &Project::default(), &everything("baselines")).unwrap();
    assert_eq!(bases.len(), county.baselines.len());
    let dependent = bases.iter().filter(|b| b.independent == Some(false)).count();
    let yearbook = county.baselines.iter().filter(|b| !b.independent).count();
    assert_eq!(dependent, yearbook, "the yearbook is compiled from reports");
}

/// A list of 300,000 people of whom 5 % have ids that a spreadsheet damaged; 30 claim in both villages.
/// Gives the rows of the damaged ones and the number of those who claim twice.
fn damaged_list(dir: &Path) -> (BTreeSet<u64>, usize) {
    let mut text = String::from(
        "2024年实际种粮农民一次性补贴公示表\n姓名,身份证号,村,作物,补贴面积（亩）,补贴金额（元）\n",
    );
    let (mut broken, mut twice, mut row) = (BTreeSet::new(), 0, 3);
    for n in 0..300_000 {
        let id = id(n);
        let is_broken = n % 20 == 7;
        let shown = if is_broken { damaged(&id, n / 20) } else { id.clone() };
        let village = if n % 2 == 0 { "东沟村" } else { "南庄村" };
        writeln!(text, "某甲,{shown},{village},小麦,6,60").unwrap();
        if is_broken {
            broken.insert(row);
        }
        row += 1;
        // A number that a double can hold is under suspicion where others of its column were doubles.
        let double = id.parse::<u64>().is_ok_and(|id| id % 128 == 0);
        if n % 10_000 == 0 && !double {
            writeln!(text, "某甲,{id},南庄村,小麦,7,70").unwrap();
            twice += 1;
            row += 1;
        }
    }
    std::fs::write(dir.join("台账.csv"), text).unwrap();
    (broken, twice)
}

#[test]
fn nobody_is_in_two_villages_because_of_a_damaged_id() {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path();
    let (broken, twice) = damaged_list(dir);
    assert!(twice > 20 && broken.len() == 15_000);
    let villages = "村代码,村名,乡镇\n990101101201,东沟村,甲山镇\n990101101202,南庄村,甲山镇\n";
    std::fs::write(dir.join("村.csv"), villages).unwrap();
    let base = "村代码,年度,作物,播种面积（亩）,数据来源\n990101101201,2024,小麦,900000,遥感\n";
    std::fs::write(dir.join("遥感.csv"), base).unwrap();
    let done = take(dir, &["台账.csv", "村.csv", "遥感.csv"], 10.0).unwrap().addition;
    let list = done.files.iter().find(|f| f.account.name == "台账.csv").unwrap();
    let waiting: BTreeSet<u64> = list.account.sheets[0].rejects.iter().map(|r| r.row).collect();
    assert_eq!(broken.difference(&waiting).count(), 0, "damaged ids that were kept");
    let honest = waiting.difference(&broken).count();
    assert!(honest < 3_500, "{honest}: one whole id in 128 is a number that a double can hold");
    let sheet = &list.account.sheets[0];
    assert_eq!(sheet.kept.rows + sheet.quarantined.rows, 300_000 + twice as u64);
    let input = discover(&dir.join("ledger")).unwrap();
    let project = Project::default();
    let found = scan(&input, &project, &ScanOptions::default(), &()).unwrap();
    assert!(found.rejects.is_empty());
    let view = found.view(qingmu_core::ViewName::ClaimantVillage, &project, &BTreeSet::new());
    assert_eq!(view.rows, 2 * twice, "only those who really stand in both lists");
}
