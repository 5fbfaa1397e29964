//! The scan against a naive second computation, and against itself on other threads, orders and files.
//! Every person, account and village here is invented.
#![allow(clippy::unwrap_used, reason = "a missing value fails the test, as it should")]

use super::*;
use crate::{Column, Data, column_names, discover};
use arrow::array::{ArrayRef, Decimal128Array, Float64Array, Int32Array, StringArray};
use proptest::prelude::*;
use qingmu_input::fixture::{CLAIMS, Tested, TextRows, arrays_file, csv_file};
use std::path::Path;
use std::sync::Arc;
use tempfile::{TempDir, tempdir};

const BASELINES: &str = "village_code,year,season,crop,area_mu,source\n\
990001001001,2021,A,maize,10,remote_sensing\n990001001001,2022,A,maize,11,remote_sensing\n\
990001001001,2022,S,wheat,12,remote_sensing\n990001001002,2022,Y,vegetable,4,remote_sensing\n\
990001001002,2022,Y,contracted,40,land_survey\n";

/// One claim in whole units of the fixed point.
#[derive(Debug, Clone)]
struct Row {
    year: i16,
    season: usize,
    programme: usize,
    crop: usize,
    village: usize,
    claimant: usize,
    account: Option<usize>,
    area: i64,
    rate: Option<i64>,
    amount: i64,
    approver: Option<usize>,
}

const SEASONS: [&str; 3] = ["S", "A", "Y"];
const PROGRAMMES: [&str; 4] = ["FERTILITY", "GRAIN", "MAIZE_SOY", "NEW"];
const CROPS: [&str; 4] = ["maize", "soybean", "wheat", "vegetable"];
const VILLAGES: [&str; 4] = ["990001001001", "990001001002", "990001002001", "990002001001"];

impl Row {
    fn cells(&self, id: usize) -> Vec<String> {
        let fixed = |v: i64, scale: u32| {
            if scale == 4 { Mu::from_raw(v).to_string() } else { Yuan::from_raw(v).to_string() }
        };
        vec![
            format!("c{id:05}"),
            self.year.to_string(),
            SEASONS[self.season].to_owned(),
            PROGRAMMES[self.programme].to_owned(),
            CROPS[self.crop].to_owned(),
            VILLAGES[self.village].to_owned(),
            format!("p{:03}", self.claimant),
            format!("h{}", self.claimant / 2),
            self.account.map_or(String::new(), |a| format!("acc{a}")),
            fixed(self.area, 4),
            self.rate.map_or(String::new(), |r| fixed(r, 2)),
            fixed(self.amount, 2),
            self.approver.map_or(String::new(), |a| format!("app{a}")),
        ]
    }
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let row = (
        (2021_i16..2023, 0_usize..3, 0_usize..4, 0_usize..4, 0_usize..4, 0_usize..9),
        proptest::option::of(0_usize..5),
        (0_i64..50_000, proptest::option::of(0_i64..20_000), -5_000_i64..90_000, any::<bool>()),
        proptest::option::of(0_usize..3),
    );
    let row = row.prop_map(|(key, account, (area, rate, amount, exact), approver)| {
        let (year, season, programme, crop, village, claimant) = key;
        let product = rate.and_then(|r| Mu::from_raw(area).times_rate(Yuan::from_raw(r)));
        let amount = product.filter(|_| exact).map_or(amount, Yuan::raw);
        Row {
            year,
            season,
            programme,
            crop,
            village,
            claimant,
            account,
            area,
            rate,
            amount,
            approver,
        }
    });
    proptest::collection::vec(row, 0..60)
}

fn table(rows: &[Row]) -> TextRows {
    rows.iter().enumerate().map(|(id, row)| row.cells(id)).collect()
}

/// A Parquet file as a ledger has it: decimals, an integer year, the rest text.
fn ledger_file(root: &Path, name: &str, rows: &TextRows) {
    let columns = CLAIMS.split(',').enumerate().map(|(at, column)| {
        let cell = |row: &Vec<String>| Some(row[at].clone()).filter(|c| !c.is_empty());
        let decimal = |scale: i8| -> ArrayRef {
            let digits = |text: String| {
                let yuan = || Yuan::parse(&text).unwrap().raw();
                i128::from(if scale == 4 { Mu::parse(&text).unwrap().raw() } else { yuan() })
            };
            let values = rows.iter().map(|row| cell(row).map(digits));
            let array = values.collect::<Decimal128Array>();
            Arc::new(array.with_precision_and_scale(18, scale).unwrap())
        };
        let array: ArrayRef = match column {
            "year" => Arc::new(
                rows.iter()
                    .map(|row| cell(row).map(|c| c.parse::<i32>().unwrap()))
                    .collect::<Int32Array>(),
            ),
            "area_mu" => decimal(4),
            "rate_yuan_per_mu" | "amount_yuan" => decimal(2),
            _ => Arc::new(rows.iter().map(cell).collect::<StringArray>()),
        };
        (column, array)
    });
    arrays_file(root, name, columns.collect()).unwrap();
}

fn folder() -> TempDir {
    let folder = tempdir().unwrap();
    std::fs::write(folder.path().join("baselines.csv"), BASELINES).unwrap();
    folder
}

fn scanned(root: &Path, threads: usize, memory_mib: usize) -> Result<Scan, CoreError> {
    scan(&discover(root)?, &Project::default(), &ScanOptions { threads, memory_mib }, &())
}

/// All views with all their columns.
fn everything(scan: &Scan) -> Vec<View> {
    let project = Project::default();
    let view = |name: ViewName| {
        scan.view(name, &project, &column_names(name, &project).into_iter().collect())
    };
    ViewName::ALL.into_iter().map(view).collect()
}

fn column<'a>(views: &'a [View], name: ViewName, column: &str) -> &'a Column {
    let view = views.iter().find(|v| v.name == name).unwrap();
    view.column(column).unwrap()
}

fn texts(views: &[View], name: ViewName, of: &str) -> Vec<String> {
    match &column(views, name, of).data {
        Data::Text(values) => {
            values.iter().map(|v| v.as_ref().map_or(String::new(), ToString::to_string)).collect()
        }
        _ => Vec::new(),
    }
}

fn numbers(views: &[View], name: ViewName, of: &str) -> Vec<i64> {
    match &column(views, name, of).data {
        Data::Fixed { values, .. } => values.iter().map(|v| v.unwrap()).collect(),
        _ => Vec::new(),
    }
}

/// Rows of a view as text keys and the named numbers.
fn lines(views: &[View], name: ViewName, of: &[&str]) -> Vec<(Vec<String>, Vec<i64>)> {
    let keys = name.keys().iter().map(|key| match column(views, name, key).data {
        Data::Text(_) => texts(views, name, key),
        _ => numbers(views, name, key).iter().map(ToString::to_string).collect(),
    });
    let keys: Vec<Vec<String>> = keys.collect();
    let values: Vec<Vec<i64>> = of.iter().map(|c| numbers(views, name, c)).collect();
    (0..keys[0].len())
        .map(|i| {
            (keys.iter().map(|k| k[i].clone()).collect(), values.iter().map(|v| v[i]).collect())
        })
        .collect()
}

/// Sums and distinct claimants by any key, the plain way.
fn naive(
    rows: &[Row],
    key: impl Fn(&[String]) -> Option<Vec<String>>,
) -> BTreeMap<Vec<String>, (i64, i64, i64, BTreeSet<String>)> {
    let mut all: BTreeMap<Vec<String>, (i64, i64, i64, BTreeSet<String>)> = BTreeMap::new();
    for (id, row) in rows.iter().enumerate() {
        let cells = row.cells(id);
        let Some(key) = key(&cells) else { continue };
        let sums = all.entry(key).or_default();
        sums.0 += row.area;
        sums.1 += row.amount;
        sums.2 += 1;
        sums.3.insert(cells[6].clone());
    }
    all
}

fn pick(cells: &[String], at: &[usize]) -> Vec<String> {
    at.iter().map(|i| cells[*i].clone()).collect()
}

/// Seasons sort as S, A, Y; texts of this test otherwise sort as their keys.
fn by_season(lines: &mut [(Vec<String>, Vec<i64>)], at: usize) {
    let rank = |key: &[String]| SEASONS.iter().position(|s| *s == key[at]);
    lines.sort_by(|a, b| {
        let head = a.0[..at].cmp(&b.0[..at]);
        head.then_with(|| rank(&a.0).cmp(&rank(&b.0))).then_with(|| a.0.cmp(&b.0))
    });
}

fn check_sums(views: &[View], rows: &[Row]) {
    let with_claimants = ["area_mu", "amount_yuan", "claims", "claimants"];
    let flat = |all: BTreeMap<Vec<String>, (i64, i64, i64, BTreeSet<String>)>| {
        let count = |set: BTreeSet<String>| i64::try_from(set.len()).unwrap();
        let lines = all.into_iter().map(|(k, v)| (k, vec![v.0, v.1, v.2, count(v.3)]));
        lines.collect::<Vec<_>>()
    };
    let mut panel = flat(naive(rows, |c| Some(pick(c, &[5, 1, 2, 3, 4]))));
    by_season(&mut panel, 2);
    assert_eq!(lines(views, ViewName::Panel, &with_claimants), panel);
    let years = flat(naive(rows, |c| Some(pick(c, &[5, 1]))));
    let years: Vec<_> = years.into_iter().map(|(k, v)| (k, v[2..].to_vec())).collect();
    assert_eq!(lines(views, ViewName::VillageYear, &["claims", "claimants"]), years);
    let mut terms = flat(naive(rows, |c| Some(pick(c, &[5, 1, 2, 3]))));
    by_season(&mut terms, 2);
    let terms: Vec<_> = terms.into_iter().map(|(k, v)| (k, v[2..].to_vec())).collect();
    let name = ViewName::VillageSeasonProgramme;
    assert_eq!(lines(views, name, &["claims", "claimants"]), terms);
    let approved = flat(naive(rows, |c| {
        let town = c[5][..9].to_owned();
        (!c[12].is_empty()).then(|| vec![town, c[12].clone(), c[1].clone(), c[5].clone()])
    }));
    let approved: Vec<_> = approved.into_iter().map(|(k, v)| (k, v[..3].to_vec())).collect();
    let sums = ["area_mu", "amount_yuan", "claims"];
    assert_eq!(lines(views, ViewName::ApproverVillage, &sums), approved);
}

fn check_people(views: &[View], rows: &[Row]) {
    let sums = ["area_mu", "amount_yuan", "claims"];
    let all = naive(rows, |c| Some(pick(c, &[6, 1, 2, 3, 5])));
    let mut villages: BTreeMap<Vec<String>, usize> = BTreeMap::new();
    for key in all.keys() {
        *villages.entry(key[..4].to_vec()).or_default() += 1;
    }
    let listed = all.into_iter().filter(|(k, _)| villages[&k[..4]] > 1);
    let mut listed: Vec<_> = listed.map(|(k, v)| (k, vec![v.0, v.1, v.2])).collect();
    by_season(&mut listed, 2);
    assert_eq!(lines(views, ViewName::ClaimantVillage, &sums), listed);
    let single = villages.values().filter(|n| **n == 1).count() as u64;
    assert_eq!(views[3].not_listed, single);

    let all = naive(rows, |c| Some(pick(c, &[8, 1, 6])).filter(|k| !k[0].is_empty()));
    let mut people: BTreeMap<Vec<String>, usize> = BTreeMap::new();
    for key in all.keys() {
        *people.entry(key[..2].to_vec()).or_default() += 1;
    }
    let listed = all.into_iter().filter(|(k, _)| people[&k[..2]] > 1);
    let listed: Vec<_> = listed.map(|(k, v)| (k, vec![v.0, v.1, v.2])).collect();
    assert_eq!(lines(views, ViewName::AccountClaimant, &sums), listed);
    assert_eq!(views[4].not_listed, people.values().filter(|n| **n == 1).count() as u64);
    let households = texts(views, ViewName::AccountClaimant, "household_id");
    for (household, (key, _)) in households.iter().zip(&listed) {
        let person: usize = key[2][1..].parse().unwrap();
        assert_eq!(*household, format!("h{}", person / 2));
    }

    let gaps = rows.iter().enumerate().filter_map(|(id, row)| {
        let product = Mu::from_raw(row.area).times_rate(Yuan::from_raw(row.rate?))?.raw();
        let key = pick(&row.cells(id), &[5, 1, 2, 3, 0]);
        (product != row.amount).then(|| (key, vec![product, row.amount - product]))
    });
    let mut gaps: Vec<_> = gaps.collect();
    by_season(&mut gaps, 2);
    assert_eq!(lines(views, ViewName::Claim, &["product_yuan", "gap_yuan"]), gaps);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn every_view_equals_the_plain_way_and_does_not_depend_on_the_run(
        rows in rows(), seed in any::<u64>(), threads in 1_usize..4, parts in 1_usize..4,
    ) {
        let one = folder();
        ledger_file(one.path(), "claims.parquet", &table(&rows));
        let first = scanned(one.path(), 1, 2048).unwrap();
        let views = everything(&first);
        check_sums(&views, &rows);
        check_people(&views, &rows);

        let mut shuffled = table(&rows);
        let mut state = seed;
        for i in (1..shuffled.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            shuffled.swap(i, usize::try_from(state >> 33).unwrap() % (i + 1));
        }
        let split = folder();
        let size = shuffled.len().div_ceil(parts).max(1);
        std::fs::create_dir(split.path().join("claims")).unwrap();
        ledger_file(split.path(), "claims/empty.parquet", &Vec::new());
        for (i, part) in shuffled.chunks(size).enumerate() {
            if i == 1 {
                let name = format!("claims/{i}.csv");
                csv_file(split.path(), &name, CLAIMS, &part.to_vec()).unwrap();
            } else {
                ledger_file(split.path(), &format!("claims/{i}.parquet"), &part.to_vec());
            }
        }
        // No memory at all: 256 record passes.
        let second = scanned(split.path(), threads, 0).unwrap();
        prop_assert_eq!(everything(&second), views);
        prop_assert_eq!(second.approvers(), first.approvers());
        prop_assert_eq!(second.coverage.years, first.coverage.years);
    }
}

fn sound(id: usize) -> Vec<String> {
    let row = Row {
        year: 2022,
        season: 1,
        programme: 1,
        crop: 0,
        village: 0,
        claimant: id,
        account: Some(1),
        area: 100_000,
        rate: Some(1_000),
        amount: 10_000,
        approver: Some(1),
    };
    row.cells(id)
}

#[test]
fn no_damaged_number_reaches_a_sum() -> Tested {
    let folder = folder();
    let text = |values: &[&str]| Arc::new(StringArray::from(values.to_vec())) as ArrayRef;
    let real = |values: &[f64]| Arc::new(Float64Array::from(values.to_vec())) as ArrayRef;
    let areas = [1.5, f64::NAN, f64::INFINITY, -0.5, 1e300, 0.123_45, 2.0, 3.0];
    let amounts = [10.0, 10.0, 10.0, 10.0, 10.0, -1.0, f64::NAN, 5.0];
    let columns = vec![
        ("claim_id", text(&["1", "2", "3", "4", "5", "6", "7", " "])),
        ("year", Arc::new(Int32Array::from(vec![2022; 8])) as ArrayRef),
        ("programme", text(&["GRAIN"; 8])),
        ("crop", text(&["maize"; 8])),
        ("village_code", text(&["990001001001"; 8])),
        ("claimant_id", text(&["p1", "p2", "p3", "p4", "p5", " p6 ", "p7", "p8"])),
        ("area_mu", real(&areas)),
        ("amount_yuan", real(&amounts)),
    ];
    arrays_file(folder.path(), "claims.parquet", columns)?;
    let scan = scanned(folder.path(), 2, 2048)?;
    let classes: Vec<(u64, &str, &str)> =
        scan.rejects.iter().map(|r| (r.row, r.column.as_str(), r.code.code())).collect();
    let expected = [
        (2, "area_mu", "not_a_number"),
        (3, "area_mu", "infinite"),
        (4, "area_mu", "negative_area"),
        (5, "area_mu", "out_of_range"),
        (7, "amount_yuan", "not_a_number"),
        (8, "claim_id", "missing_value"),
    ];
    assert_eq!(classes, expected);
    let views = everything(&scan);
    assert_eq!(numbers(&views, ViewName::Panel, "area_mu"), [15_000 + 1_235]);
    assert_eq!(numbers(&views, ViewName::Panel, "amount_yuan"), [1_000 - 100]);
    let claims = scan.inputs.iter().find(|i| i.table == "claims").unwrap();
    assert_eq!((claims.rows_read, claims.rows_kept, claims.rows_rejected), (8, 2, 6));
    assert_eq!((claims.area_rounded, claims.amount_rounded), (1, 0));
    assert_eq!(claims.area_mu, Some(Mu::from_raw(16_235)));
    // The row with a damaged amount has its area, and those with damaged areas have their amounts.
    assert_eq!((claims.area_rejected_mu, claims.area_unreadable), (Some(Mu::from_raw(50_000)), 4));
    let money = (claims.amount_rejected_yuan, claims.amount_unreadable);
    assert_eq!(money, (Some(Yuan::from_raw(4_500)), 1));
    Ok(())
}

#[test]
fn totals_beyond_the_range_stop_the_scan_and_name_the_file() -> Tested {
    for (column, value, message) in [
        (9, "922337203685477.0000", "the sum of the claimed areas"),
        (11, "-92233720368547757.00", "the sum of the amounts"),
    ] {
        let folder = folder();
        let mut rows: TextRows = (0..2).map(sound).collect();
        for row in &mut rows {
            value.clone_into(&mut row[column]);
            row[10] = String::new();
        }
        csv_file(folder.path(), "claims.csv", CLAIMS, &rows)?;
        let error = scanned(folder.path(), 1, 2048).map(|_| ()).unwrap_err();
        let file = folder.path().join("claims.csv");
        let expected = format!(
            "{}: {message} is out of range; check the input for a wrong unit",
            file.display()
        );
        assert_eq!(error.to_string(), expected);
    }
    Ok(())
}

#[test]
fn an_area_times_rate_beyond_the_range_names_the_file() -> Tested {
    let folder = folder();
    let mut row = sound(1);
    "900000000000.0000".clone_into(&mut row[9]);
    "900000000.00".clone_into(&mut row[10]);
    csv_file(folder.path(), "claims.csv", CLAIMS, &vec![row])?;
    let error = scanned(folder.path(), 1, 2048).map(|_| ()).unwrap_err();
    let file = folder.path().join("claims.csv");
    let expected = format!(
        "{}: an area times its rate is out of range; check the input for a wrong unit",
        file.display()
    );
    assert_eq!(error.to_string(), expected);
    Ok(())
}

#[test]
fn coverage_says_what_is_there_and_what_is_not() -> Tested {
    let folder = folder();
    std::fs::write(
        folder.path().join("villages.csv"),
        "village_code,name,town_name\n990001001001,甲村,乙镇\n",
    )?;
    std::fs::write(
        folder.path().join("transfers.csv"),
        "from_id,to_id,area_mu\np9,p000,3\np8,p000,4.5\n",
    )?;
    std::fs::write(folder.path().join("notes.txt"), "")?;
    let mut rows: TextRows = (0..3).map(|_| sound(0)).collect();
    "990001001002".clone_into(&mut rows[1][5]);
    "990002001001".clone_into(&mut rows[2][5]);
    csv_file(folder.path(), "claims.csv", CLAIMS, &rows)?;
    let scan = scanned(folder.path(), 1, 2048)?;
    let c = &scan.coverage;
    assert_eq!(c.years, [2022]);
    assert_eq!((c.villages, c.villages_without_baseline, c.villages_without_name), (3, 1, 2));
    assert_eq!(c.passed_over, ["notes.txt"]);
    assert_eq!(c.tables["claims"], 3);
    assert!(c.absent_claim_columns.contains(&"recorder_id".to_owned()));
    assert!(!c.absent_claim_columns.contains(&"account".to_owned()));
    assert!(c.absent.contains(&"persons".to_owned()));
    assert_eq!(scan.village_names()["990001001001"], "甲村");
    assert_eq!(scan.town_names()["990001001"], "乙镇");
    let views = everything(&scan);
    assert_eq!(numbers(&views, ViewName::ClaimantVillage, "leased_mu"), [75_000; 3]);
    assert_eq!(texts(&views, ViewName::Panel, "name"), ["甲村", "990001001002", "990002001001"]);
    Ok(())
}
