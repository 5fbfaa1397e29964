use super::*;
use crate::fixture::{
    BASELINE, BASELINES, CLAIM, CLAIMS, Tested, TextRows, arrays_file, cells as line, csv_file,
    parquet_file, with,
};
use arrow::array::{
    ArrayRef, BooleanArray, Decimal128Array, Float64Array, Int32Array, Int64Array, StringArray,
    TimestampSecondArray,
};
use proptest::prelude::*;
use std::{error::Error, path::Path};

/// An input whose only claims row is sound.
fn input(root: &Path, table: &str, files: Vec<InputFile>) -> Result<InputSet, Box<dyn Error>> {
    let claims = csv_file(root, "claims.csv", CLAIMS, &vec![line(CLAIM)])?;
    let mut tables = std::collections::BTreeMap::new();
    tables.insert("claims".to_owned(), vec![claims]);
    tables.insert(table.to_owned(), files);
    Ok(InputSet { root: root.to_owned(), tables, passed_over: Vec::new() })
}

/// Refused rows as text.
fn listed(rejects: &[Reject]) -> Vec<String> {
    let list = rejects.iter();
    list.map(|r| format!("{} {} {} {:?} {}", r.file, r.row, r.column, r.value, r.code)).collect()
}

#[test]
fn baselines_are_read_checked_and_accounted() -> Tested {
    let dir = tempfile::tempdir()?;
    let rows = vec![
        line(BASELINE),
        with(BASELINES, BASELINE, "independent", "否"),
        with(BASELINES, BASELINE, "area_mu", "1.23456"),
        with(BASELINES, BASELINE, "se_mu", ""),
        with(BASELINES, BASELINE, "source", ""),
        with(BASELINES, BASELINE, "se_mu", "-1"),
        with(BASELINES, BASELINE, "independent", "perhaps"),
        with(BASELINES, BASELINE, "season", "winter"),
    ];
    let file = csv_file(dir.path(), "baselines.csv", BASELINES, &rows)?;
    let bytes = fs::metadata(&file.path)?.len();
    let digest = crate::sha256_file(&file.path)?;
    let set = input(dir.path(), "baselines", vec![file])?;
    let (rows, accounts, rejects) = read_baselines(&set, &Project::default())?;
    assert_eq!(rows.len(), 4);
    assert_eq!(
        rows[0],
        BaselineRow {
            village: "990001001001".into(),
            year: 2023,
            season: Season::A,
            crop: "maize".into(),
            area: Mu::from_raw(8_000_000),
            source: "remote_sensing".into(),
            se: Some(Mu::from_raw(400_000)),
            independent: Some(true),
        }
    );
    assert_eq!((rows[1].independent, rows[3].se), (Some(false), None));
    assert_eq!(
        accounts,
        [InputAccount {
            file: "baselines.csv".to_owned(),
            table: "baselines".to_owned(),
            digest,
            bytes,
            rows_read: 8,
            rows_kept: 4,
            rows_rejected: 4,
            area_mu: Some(Mu::from_raw(24_012_346)),
            amount_yuan: None,
            area_rejected_mu: Some(Mu::from_raw(32_000_000)),
            amount_rejected_yuan: None,
            area_unreadable: 0,
            amount_unreadable: 0,
            area_rounded: 1,
            amount_rounded: 0,
        }]
    );
    assert_eq!(
        listed(&rejects),
        [
            "baselines.csv 6 source \"\" missing_value",
            "baselines.csv 7 se_mu \"-1\" negative_area",
            "baselines.csv 8 independent \"perhaps\" bad_number",
            "baselines.csv 9 season \"winter\" bad_season",
        ]
    );
    Ok(())
}

#[test]
fn typed_parquet_and_text_csv_give_the_same_rows() -> Tested {
    let dir = tempfile::tempdir()?;
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("observed_at", Arc::new(TimestampSecondArray::from(vec![0, 1, 2]))),
        ("independent", Arc::new(BooleanArray::from(vec![Some(true), Some(false), None]))),
        ("source", Arc::new(StringArray::from(vec!["remote_sensing"; 3]))),
        ("area_mu", {
            let raw = vec![Some(80_000), Some(1_234), None];
            Arc::new(Decimal128Array::from(raw).with_precision_and_scale(18, 4)?)
        }),
        ("se_mu", Arc::new(Float64Array::from(vec![Some(0.5), Some(f64::NAN), None]))),
        ("crop", Arc::new(StringArray::from(vec!["maize"; 3]))),
        ("year", Arc::new(Int32Array::from(vec![2023, 2024, 2025]))),
        ("village_code", Arc::new(Int64Array::from(vec![990_001_001_001; 3]))),
    ];
    let typed = arrays_file(dir.path(), "baselines/1.parquet", columns)?;
    let rows =
        ["2023,Y,maize,8,remote_sensing,0.5,true", "2024,,maize,0.1234,remote_sensing,NaN,0"]
            .map(|rest| line(&format!("990001001001,{rest}")));
    let mut rows: TextRows = rows.to_vec();
    rows.push(line("990001001001,2025,,maize,,remote_sensing,,"));
    let plain = csv_file(dir.path(), "baselines.csv", BASELINES, &rows)?;
    let project = Project::default();
    let typed = read_baselines(&input(dir.path(), "baselines", vec![typed])?, &project)?;
    let plain = read_baselines(&input(dir.path(), "baselines", vec![plain])?, &project)?;
    assert_eq!(typed.0, plain.0);
    assert_eq!(typed.0.len(), 1);
    let faults = |rejects: &[Reject], first: u64| -> Vec<String> {
        let show = |r: &Reject| format!("{} {} {} {}", r.row - first, r.column, r.value, r.code);
        rejects.iter().map(show).collect()
    };
    assert_eq!(faults(&typed.2, 1), ["1 se_mu NaN not_a_number", "2 area_mu  missing_value"]);
    assert_eq!(faults(&plain.2, 2), faults(&typed.2, 1));
    Ok(())
}

#[test]
fn villages_and_transfers() -> Tested {
    let dir = tempfile::tempdir()?;
    let header = "village_code,name,town_name";
    let rows = vec![line("990001001001,甲村,乙镇"), line("990001001002,,乙镇"), line("1,丙村,")];
    let file = csv_file(dir.path(), "villages.csv", header, &rows)?;
    let set = input(dir.path(), "villages", vec![file])?;
    let project = Project::default();
    let (rows, accounts, rejects) = read_villages(&set, &project)?;
    assert_eq!(
        rows,
        [VillageRow {
            village: "990001001001".into(),
            name: "甲村".into(),
            town_name: Some("乙镇".into()),
            county_name: None,
        }]
    );
    assert_eq!((accounts[0].rows_read, accounts[0].area_mu), (3, None));
    let codes: Vec<&str> = rejects.iter().map(|r| r.code.code()).collect();
    assert_eq!(codes, ["missing_value", "bad_region"]);
    assert_eq!(read_transfers(&set, &project)?, (Vec::new(), Vec::new(), Vec::new()));

    let rows = vec![line("p1,p2,10"), line("p1,,10"), line("p1,p2,ten")];
    let file = parquet_file(dir.path(), "transfers.parquet", "from_id,to_id,area_mu", &rows)?;
    let set = input(dir.path(), "transfers", vec![file])?;
    let (rows, accounts, rejects) = read_transfers(&set, &project)?;
    let expected = TransferRow {
        from: id_hash(b"p1"),
        to: id_hash(b"p2"),
        area: Mu::from_raw(100_000),
        start_on: None,
        end_on: None,
        subsidy_follows: None,
    };
    assert_eq!(rows, [expected]);
    assert_eq!(accounts[0].area_mu, Some(Mu::from_raw(100_000)));
    let refused = (accounts[0].area_rejected_mu, accounts[0].area_unreadable);
    assert_eq!(
        refused,
        (Some(Mu::from_raw(100_000)), 1),
        "a missing person has an area, `ten` is none"
    );
    let codes: Vec<(u64, &str)> = rejects.iter().map(|r| (r.row, r.code.code())).collect();
    assert_eq!(codes, [(2, "missing_value"), (3, "bad_number")]);
    Ok(())
}

#[test]
fn other_tables_are_counted() -> Tested {
    let dir = tempfile::tempdir()?;
    let rows = vec![line("x1,done"), line("x2,done"), line("x3")];
    let csv = csv_file(dir.path(), "persons.csv", "claimant_id,note", &rows)?;
    let parquet = parquet_file(dir.path(), "2.parquet", "claimant_id,note", &rows)?;
    let set = input(dir.path(), "persons", vec![csv, parquet])?;
    let accounts = count_other(&set)?;
    let counts: Vec<(&str, u64, u64, u64)> = accounts
        .iter()
        .map(|a| (a.table.as_str(), a.rows_read, a.rows_kept, a.rows_rejected))
        .collect();
    assert_eq!(counts, [("persons", 3, 3, 0), ("persons", 3, 3, 0)]);
    assert!(absent(&set).contains(&"transfers".to_owned()));
    assert!(!absent(&set).contains(&"persons".to_owned()));
    Ok(())
}

#[test]
fn files_that_are_no_tables_say_why() -> Tested {
    let dir = tempfile::tempdir()?;
    let project = Project::default();
    let message = |file: InputFile| -> Result<String, Box<dyn Error>> {
        let path = file.path.display().to_string();
        let set = input(dir.path(), "baselines", vec![file])?;
        let text = read_baselines(&set, &project).map(|_| ()).map_err(|e| e.to_string());
        Ok(text.err().unwrap_or_default().replace(&path, "in"))
    };
    let columns: Vec<(&str, ArrayRef)> = BASELINES
        .split(',')
        .map(|name| match name {
            "year" => (name, Arc::new(TimestampSecondArray::from(vec![0])) as ArrayRef),
            _ => (name, Arc::new(StringArray::from(vec!["1"])) as ArrayRef),
        })
        .collect();
    assert_eq!(
        message(arrays_file(dir.path(), "b.parquet", columns)?)?,
        "in: 列 year 的类型 Timestamp(s) 无法读取 / column `year` is Timestamp(s): write it as text, a \
         number, a boolean or a date"
    );
    let mut file = csv_file(dir.path(), "b.parquet", BASELINES, &vec![line(BASELINE)])?;
    file.format = crate::Format::Parquet;
    assert_eq!(
        message(file)?,
        "in: 不是完好的 Parquet 文件 / no sound Parquet file: Parquet error: Invalid Parquet file. \
         Corrupt footer"
    );
    let rows = vec![line(BASELINE); 40];
    let cut = parquet_file(dir.path(), "b.parquet", BASELINES, &rows)?;
    let mut bytes = fs::read(&cut.path)?;
    bytes[20..400].fill(0xee);
    fs::write(&cut.path, bytes)?;
    assert_eq!(
        message(cut)?,
        "in: 列数据损坏 / damaged column data: Parquet argument error: EOF: eof decoding byte array"
    );
    let huge = with(BASELINES, BASELINE, "area_mu", "900000000000000");
    let file = csv_file(dir.path(), "b.csv", BASELINES, &vec![huge.clone(), huge])?;
    assert_eq!(message(file)?, "in: a sum of mu is out of range; check the input for a wrong unit");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 32, failure_persistence: None, ..ProptestConfig::default()
    })]

    /// Rows read are rows kept and rows refused, in both formats alike, whatever the damage.
    #[test]
    fn every_row_is_kept_or_refused(
        damage in prop::collection::vec((0..8_usize, "(|NaN|-2|inf|x|7\\.00001|[0-9]{12}|[ -~]{0,5})"), 1..25),
        cut in 0..25_usize,
    ) {
        let mut rows: TextRows = damage
            .iter()
            .map(|(place, value)| {
                let mut row = line(BASELINE);
                row[*place].clone_from(value);
                row
            })
            .collect();
        let tried = |rows: &TextRows, parquet: bool| -> Result<TableRows<BaselineRow>, Box<dyn Error>> {
            let dir = tempfile::tempdir()?;
            let file = if parquet {
                parquet_file(dir.path(), "b.parquet", BASELINES, rows)?
            } else {
                csv_file(dir.path(), "b.csv", BASELINES, rows)?
            };
            Ok(read_baselines(&input(dir.path(), "baselines", vec![file])?, &Project::default())?)
        };
        let fail = |e: Box<dyn Error>| TestCaseError::fail(e.to_string());
        let (kept, accounts, rejects) = tried(&rows, false).map_err(fail)?;
        let (kept_2, accounts_2, rejects_2) = tried(&rows, true).map_err(fail)?;
        prop_assert_eq!(&kept, &kept_2);
        let sums = |a: &InputAccount| (
            (a.rows_read, a.rows_kept, a.rows_rejected, a.area_mu, a.area_rounded),
            (a.area_rejected_mu, a.area_unreadable),
        );
        prop_assert_eq!(sums(&accounts[0]), sums(&accounts_2[0]));
        let faults = |list: &[Reject], first: u64| -> Vec<_> {
            list.iter().map(|r| (r.row - first, r.column.clone(), r.value.clone(), r.code)).collect()
        };
        prop_assert_eq!(faults(&rejects, 2), faults(&rejects_2, 1));
        prop_assert_eq!(accounts[0].rows_read, rows.len() as u64);
        prop_assert_eq!(accounts[0].rows_read, accounts[0].rows_kept + accounts[0].rows_rejected);
        // One row cut short: it is refused, and the others stay as they are.
        let place = cut % rows.len();
        let was_kept = !rejects.iter().any(|r| r.row == place as u64 + 2);
        rows[place].truncate(7);
        let (again, _, refused) = tried(&rows, false).map_err(fail)?;
        prop_assert_eq!(again.len(), kept.len() - usize::from(was_kept));
        prop_assert_eq!(refused.iter().filter(|r| r.code.code() == "bad_row").count(), 1);
    }
}

/// Files with a few bytes replaced: read, or refused by an error that names the file; never a panic.
#[test]
fn damaged_bytes_never_end_the_program() -> Tested {
    let dir = tempfile::tempdir()?;
    let project = Project::default();
    let file = parquet_file(dir.path(), "b.parquet", BASELINES, &vec![line(BASELINE); 30])?;
    let good = fs::read(&file.path)?;
    let set = input(dir.path(), "baselines", vec![file.clone()])?;
    // Marsaglia's xorshift64, so that every run tries the same files.
    let mut state = 88_172_645_463_325_252_u64;
    let mut refused = 0;
    for _ in 0..1_500 {
        let mut bytes = good.clone();
        for _ in 0..2 {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            let place = usize::try_from(state % good.len() as u64)?;
            bytes[place] = state.to_le_bytes()[5];
        }
        fs::write(&file.path, bytes)?;
        if let Err(error) = read_baselines(&set, &project) {
            let text = error.to_string();
            assert!(text.starts_with(&format!("{}: ", file.path.display())), "{text}");
            refused += 1;
        }
    }
    assert!(refused > 1_000, "most of them are damaged beyond reading: {refused}");
    Ok(())
}
