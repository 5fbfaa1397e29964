use super::*;
use crate::fixture::{
    BASELINE, BASELINES, CLAIM, CLAIMS, Tested, cells, csv_file, parquet_file, with,
};
use std::{collections::BTreeMap, error::Error, path::Path};

fn input(root: &Path) -> Result<InputSet, Box<dyn Error>> {
    let rows = vec![
        cells(CLAIM),
        with(CLAIMS, CLAIM, "year", "2022"),
        with(CLAIMS, CLAIM, "area_mu", "NaN"),
        with(CLAIMS, CLAIM, "village_code", "990001001002"),
        with(CLAIMS, CLAIM, "claimant_id", "p2"),
        with(CLAIMS, CLAIM, "account", ""),
    ];
    let claims = vec![
        csv_file(root, "1.csv", CLAIMS, &rows)?,
        parquet_file(root, "2.parquet", CLAIMS, &rows)?,
    ];
    let base = vec![cells(BASELINE), with(BASELINES, BASELINE, "area_mu", "x")];
    let baselines = vec![csv_file(root, "baselines.csv", BASELINES, &base)?];
    let tables =
        BTreeMap::from([("claims".to_owned(), claims), ("baselines".to_owned(), baselines)]);
    Ok(InputSet { root: root.to_owned(), tables, passed_over: Vec::new() })
}

fn query(table: &'static str) -> RowQuery {
    RowQuery {
        table,
        villages: BTreeSet::new(),
        years: BTreeSet::new(),
        claimants: None,
        accounts: None,
    }
}

fn places(rows: &[SourceRow]) -> Vec<(&str, u64)> {
    rows.iter().map(|r| (r.file.as_str(), r.row)).collect()
}

#[test]
fn a_query_finds_its_rows_in_every_file() -> Tested {
    let dir = tempfile::tempdir()?;
    let set = input(dir.path())?;
    let project = Project::default();
    let all = source_rows(&set, &project, &query("claims"))?;
    let csv = [2, 3, 5, 6, 7].map(|row| ("1.csv", row));
    let parquet = [1, 2, 4, 5, 6].map(|row| ("2.parquet", row));
    assert_eq!(places(&all), [csv, parquet].concat(), "refused rows are left out");

    let villages = BTreeSet::from(["990001001001".to_owned()]);
    let years = BTreeSet::from([2023]);
    let claimants = Some(BTreeSet::from(["p2".to_owned()]));
    let narrow = RowQuery { villages, years, claimants, ..query("claims") };
    let found = source_rows(&set, &project, &narrow)?;
    assert_eq!(places(&found), [("1.csv", 6), ("2.parquet", 5)]);

    let accounts = Some(BTreeSet::from(["6217000012345678".to_owned()]));
    let found = source_rows(&set, &project, &RowQuery { accounts, ..query("claims") })?;
    let csv = [2, 3, 5, 6].map(|row| ("1.csv", row));
    let parquet = [1, 2, 4, 5].map(|row| ("2.parquet", row));
    assert_eq!(places(&found), [csv, parquet].concat(), "a row without account is in no set");
    assert_eq!(source_rows(&set, &project, &query("villages"))?, []);
    Ok(())
}

#[test]
fn rows_come_whole_and_masked() -> Tested {
    let dir = tempfile::tempdir()?;
    let set = input(dir.path())?;
    let mut rows = source_rows(&set, &Project::default(), &query("claims"))?;
    let row = rows.remove(0);
    assert_eq!(row.programme.as_deref(), Some("GRAIN"));
    assert_eq!((row.year, row.season, row.crop.as_str()), (2023, Season::A, "maize"));
    assert_eq!(row.claim_id.as_deref(), Some("c1"));
    assert_eq!((row.area, row.amount), (Mu::from_raw(125_000), Some(Yuan::from_raw(125_000))));
    assert_eq!((row.rate, row.source.clone()), (Some(Yuan::from_raw(10_000)), None));
    assert_eq!(row.approver.as_ref().map(|a| a.reveal("test")), Some("a1"));
    let text = format!("{row:?}");
    assert!(!text.contains("19700101") && !text.contains("62170000"), "{text}");

    let base = source_rows(&set, &Project::default(), &query("baselines"))?;
    assert_eq!(places(&base), [("baselines.csv", 2)]);
    assert_eq!(base[0].source.as_deref(), Some("remote_sensing"));
    assert_eq!((base[0].se, base[0].independent), (Some(Mu::from_raw(400_000)), Some(true)));
    assert_eq!((base[0].amount, base[0].claimant.clone()), (None, None));
    Ok(())
}

#[test]
fn a_file_that_is_gone_is_named() -> Tested {
    let dir = tempfile::tempdir()?;
    let set = input(dir.path())?;
    let gone = dir.path().join("2.parquet");
    std::fs::remove_file(&gone)?;
    assert_eq!(
        source_rows(&set, &Project::default(), &query("claims"))
            .map(|rows| rows.len())
            .map_err(|e| e.to_string()),
        Err(format!("{}: No such file or directory (os error 2)", gone.display()))
    );
    Ok(())
}

#[test]
fn rows_of_a_ledger_name_the_offices_file() -> Tested {
    use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};
    use parquet::arrow::{ArrowWriter, arrow_reader::ParquetRecordBatchReaderBuilder};
    use std::{fs::File, sync::Arc};

    let dir = tempfile::tempdir()?;
    let set = input(dir.path())?;
    let path = dir.path().join("2.parquet");
    let batch = ParquetRecordBatchReaderBuilder::try_new(File::open(&path)?)?
        .build()?
        .next()
        .ok_or("no batch")??;
    let text = |of: &dyn Fn(usize) -> String| -> ArrayRef {
        Arc::new((0..batch.num_rows()).map(|n| Some(of(n))).collect::<StringArray>())
    };
    let numbers: Int64Array = (0..batch.num_rows()).map(|n| i64::try_from(n * 10).ok()).collect();
    let mut columns: Vec<(String, ArrayRef)> = batch
        .schema()
        .fields()
        .iter()
        .zip(batch.columns())
        .map(|(field, column)| (field.name().clone(), column.clone()))
        .collect();
    columns.push(("source_row".to_owned(), Arc::new(numbers)));
    columns.push(("source_file".to_owned(), text(&|_| "台账.xls".to_owned())));
    let sheet = |n: usize| if n > 3 { "2024年".to_owned() } else { String::new() };
    columns.push(("source_sheet".to_owned(), text(&sheet)));
    let batch = RecordBatch::try_from_iter(columns)?;
    let mut writer = ArrowWriter::try_new(File::create(&path)?, batch.schema(), None)?;
    writer.write(&batch)?;
    writer.close()?;
    let rows = source_rows(&set, &Project::default(), &query("claims"))?;
    let places: Vec<(String, u64)> = rows.iter().map(SourceRow::place).collect();
    let place = |file: &str, row| (file.to_owned(), row);
    assert_eq!(places[0], place("1.csv", 2), "an input folder's own file");
    assert_eq!(
        places[5..],
        [
            place("台账.xls", 0),
            place("台账.xls", 10),
            place("台账.xls", 30),
            place("台账.xls!2024年", 40),
            place("台账.xls!2024年", 50),
        ],
        "row 3 was refused"
    );
    Ok(())
}
