//! A pass for rows: more columns, and rows whose only fault is a missing area. All persons are invented.

use crate::batch::{Asked, MISSING_CODE};
use crate::fixture::{CLAIM, Tested, TextRows, arrays_file, cells, csv_file, parquet_file};
use crate::{
    ClaimBatch, ClaimsSource, InputError, InputFile, MISSING_FIXED, MISSING_GROUP, MISSING_ID,
    Want, claims_csv, id_hash,
};
use arrow::array::{ArrayRef, Float64Array, Int32Array, StringArray};
use qingmu_model::Project;
use std::sync::{Arc, Mutex, PoisonError};

const HEADER: &str = "claim_id,year,season,programme,crop,village_code,claimant_id,household_id,\
account,area_mu,rate_yuan_per_mu,amount_yuan,approver_id,parcel_id,recorder_id,group_no";

/// A sound claim with one area and rate, and the columns of a pass for rows.
fn claim(area: &str, rate: &str, parcel: &str, recorder: &str, group: &str) -> Vec<String> {
    let mut row = cells(CLAIM);
    row[9] = area.to_owned();
    row[10] = rate.to_owned();
    row.extend([parcel, recorder, group].map(str::to_owned));
    row
}

fn some_rows() -> TextRows {
    vec![
        claim("12.5", "100", "l1", "r1", "3"),
        claim("", "100", "", "", "第4组"),
        claim("NaN", "100", "l2", "r2", "none"),
        claim("", "", "l1", "r1", "1"),
        claim("", "0", "l1", "r1", "1"),
        claim("-1", "100", "l1", "r1", "1"),
    ]
}

fn read(file: &InputFile, want: Want<'_>) -> Result<Vec<ClaimBatch>, InputError> {
    let files = [file.clone()];
    let batches = Mutex::new(Vec::new());
    let source = ClaimsSource::open(&files)?;
    source.pass(
        &Project::default(),
        want,
        || (),
        |(), _, batch| {
            batches.lock().unwrap_or_else(PoisonError::into_inner).push(batch);
        },
    )?;
    let mut batches = batches.into_inner().unwrap_or_else(PoisonError::into_inner);
    batches.sort_by_key(|batch: &ClaimBatch| batch.row_number.first().copied());
    Ok(batches)
}

type Shown = (Option<i64>, Option<String>, u128, i16);

fn shown(batches: &[ClaimBatch]) -> Vec<Shown> {
    let mut all = Vec::new();
    for batch in batches {
        for row in 0..batch.rows {
            let recorder = batch.recorder.as_ref().and_then(|column| {
                let code = Some(column.code[row]).filter(|code| *code != MISSING_CODE)?;
                Some(column.dict[code as usize].to_string())
            });
            all.push((
                Some(batch.area[row]).filter(|area| *area != MISSING_FIXED),
                recorder,
                batch.parcel.as_ref().map_or(MISSING_ID, |column| column[row]),
                batch.group_no.as_ref().map_or(MISSING_GROUP, |column| column[row]),
            ));
        }
    }
    all
}

#[test]
fn rows_without_area_are_kept_where_amount_and_rate_stand_in() -> Tested {
    let dir = tempfile::tempdir()?;
    let csv = csv_file(dir.path(), "claims.csv", HEADER, &some_rows())?;
    let parquet = parquet_file(dir.path(), "claims.parquet", HEADER, &some_rows())?;
    let expected: Vec<Shown> = vec![
        (Some(125_000), Some("r1".to_owned()), id_hash(b"l1"), 3),
        (None, None, MISSING_ID, 4),
        (None, Some("r2".to_owned()), id_hash(b"l2"), MISSING_GROUP),
    ];
    for file in [&csv, &parquet] {
        let batches = read(file, Want::Rows)?;
        assert_eq!(shown(&batches), expected, "{}", file.name);
        let refused: Vec<String> = batches
            .iter()
            .flat_map(|b| &b.rejects)
            .map(|r| format!("{} {}", r.column, r.code))
            .collect();
        let expected = ["area_mu missing_value", "area_mu missing_value", "area_mu negative_area"];
        assert_eq!(refused, expected, "{}", file.name);
    }
    Ok(())
}

#[test]
fn other_passes_neither_read_nor_judge_the_columns_of_rows() -> Tested {
    let dir = tempfile::tempdir()?;
    let csv = csv_file(dir.path(), "claims.csv", HEADER, &some_rows())?;
    let parquet = parquet_file(dir.path(), "claims.parquet", HEADER, &some_rows())?;
    let every = |_: u128, _: u128, _: bool| true;
    for file in [&csv, &parquet] {
        for want in [Want::Sums, Want::Texts(&every)] {
            let batches = read(file, want)?;
            assert_eq!(shown(&batches), [(Some(125_000), None, MISSING_ID, MISSING_GROUP)]);
            let rejects: usize = batches.iter().map(|b| b.rejects.len()).sum();
            assert_eq!(rejects, 5);
        }
    }
    let mut plain = Vec::new();
    claims_csv::batches(&csv, &Project::default(), 2, Asked::Sums, &mut |batch| {
        plain.push(batch);
        Ok(())
    })?;
    assert!(plain.iter().all(|b| b.parcel.is_none() && b.recorder.is_none()));
    Ok(())
}

#[test]
fn numbers_of_groups_and_areas_as_floats() -> Tested {
    let dir = tempfile::tempdir()?;
    let mut columns: Vec<(&str, ArrayRef)> = Vec::new();
    for (name, text) in HEADER.split(',').zip(claim("1", "100", "l1", "r1", "1")) {
        let array: ArrayRef = match name {
            "area_mu" => Arc::new(Float64Array::from(vec![Some(2.5), None, Some(f64::NAN)])),
            "group_no" => Arc::new(Int32Array::from(vec![Some(7), None, Some(70_000)])),
            "parcel_id" => Arc::new(Int32Array::from(vec![Some(5), None, Some(6)])),
            _ => Arc::new(StringArray::from(vec![text; 3])),
        };
        columns.push((name, array));
    }
    let file = arrays_file(dir.path(), "claims.parquet", columns)?;
    let expected: Vec<Shown> = [
        (Some(25_000), id_hash(b"5"), 7),
        (None, MISSING_ID, MISSING_GROUP),
        (None, id_hash(b"6"), MISSING_GROUP),
    ]
    .into_iter()
    .map(|(area, parcel, group)| (area, Some("r1".to_owned()), parcel, group))
    .collect();
    assert_eq!(shown(&read(&file, Want::Rows)?), expected);
    Ok(())
}
