//! The columnar way to claims means the same as the plain one, whatever the types of the columns.

use crate::{
    InputError, InputFile,
    batch::{Asked, ClaimBatch, MISSING_CODE, TextColumn},
    claims_csv,
    claims_parquet::{ClaimsFile, Want},
    fixture::{CLAIM, CLAIMS, arrays_file, cells},
    refused::Refused,
};
use arrow::{
    array::{ArrayRef, StringArray},
    compute::cast,
    datatypes::DataType,
};
use proptest::prelude::*;
use qingmu_model::{AreaUnit, Project, Reject, Season};
use std::{error::Error, path::Path, sync::Arc};

/// All that a reader says of one kept row.
#[derive(Debug, PartialEq)]
struct Kept {
    row: u64,
    texts: [Option<String>; 4],
    year: i16,
    season: Season,
    numbers: [Option<i64>; 3],
    ids: [Option<u128>; 3],
}

#[derive(Debug, Default, PartialEq)]
struct Read {
    kept: Vec<Kept>,
    rejects: Vec<Reject>,
    rounded: (u64, u64),
    refused: Refused,
}

impl Read {
    /// Households are read with the clear identities only.
    fn take(&mut self, batch: ClaimBatch, households: bool) {
        let text = |column: Option<&TextColumn>, i: usize| {
            let column = column.filter(|c| c.code[i] != MISSING_CODE)?;
            Some(column.dict[column.code[i] as usize].to_string())
        };
        for i in 0..batch.rows {
            self.kept.push(Kept {
                row: batch.row_number[i],
                texts: [
                    text(Some(&batch.village), i),
                    text(Some(&batch.programme), i),
                    text(Some(&batch.crop), i),
                    text(batch.approver.as_ref(), i),
                ],
                year: batch.year[i],
                season: batch.season[i],
                numbers: [
                    Some(batch.area[i]),
                    Some(batch.amount[i]),
                    batch.rate.as_ref().map(|rate| rate[i]),
                ],
                ids: [
                    Some(batch.claimant[i]),
                    batch.account.as_ref().map(|id| id[i]),
                    batch.household.as_ref().filter(|_| households).map(|id| id[i]),
                ],
            });
        }
        self.rejects.extend(batch.rejects);
        self.refused.add(&batch.refused);
        self.rounded.0 += batch.area_rounded;
        self.rounded.1 += batch.amount_rounded;
    }
}

/// The file read both ways; the columnar one with or without clear identities.
fn both(file: &InputFile, project: &Project, texts: bool) -> Result<(Read, Read), InputError> {
    let (mut plain, mut fast) = (Read::default(), Read::default());
    let asked = if texts { Asked::Texts } else { Asked::Sums };
    claims_csv::batches(file, project, 1_000, asked, &mut |batch| {
        plain.take(batch, texts);
        Ok(())
    })?;
    let opened = ClaimsFile::open(file)?;
    let every = |_: u128, _: u128, _: bool| true;
    let want = if texts { Want::Texts(&every) } else { Want::Sums };
    for group in 0..opened.groups().count() {
        opened.read(group, project, want, &mut |batch| {
            fast.take(batch, texts);
            Ok(())
        })?;
    }
    Ok((plain, fast))
}

/// Columns of text turned into other types; what a type cannot hold becomes null.
fn write(
    root: &Path,
    rows: &[Vec<String>],
    kinds: &[DataType],
) -> Result<InputFile, Box<dyn Error>> {
    let mut columns: Vec<(&str, ArrayRef)> = Vec::new();
    for (place, (name, kind)) in CLAIMS.split(',').zip(kinds).enumerate() {
        let cell = |row: &Vec<String>| Some(row[place].clone()).filter(|text| !text.is_empty());
        let text: ArrayRef = Arc::new(rows.iter().map(cell).collect::<StringArray>());
        columns.push((name, cast(&text, kind)?));
    }
    arrays_file(root, "claims.parquet", columns)
}

fn any_kind(place: usize) -> BoxedStrategy<DataType> {
    let dictionary =
        |values: DataType| DataType::Dictionary(Box::new(DataType::Int32), Box::new(values));
    let texts = vec![
        DataType::Utf8,
        DataType::LargeUtf8,
        DataType::Utf8View,
        DataType::Binary,
        dictionary(DataType::Utf8),
        dictionary(DataType::LargeUtf8),
    ];
    let numbers = vec![
        DataType::Int32,
        DataType::Int64,
        DataType::UInt32,
        DataType::Float32,
        DataType::Float64,
        DataType::Decimal32(9, 2),
        DataType::Decimal64(18, 4),
        DataType::Decimal128(18, 4),
        DataType::Decimal128(38, 6),
    ];
    match place {
        1 | 9 | 10 | 11 => prop::sample::select([numbers, texts].concat()).boxed(),
        5 => {
            prop::sample::select([texts, vec![DataType::Int64, DataType::Float64]].concat()).boxed()
        }
        _ => prop::sample::select(texts).boxed(),
    }
}

fn any_row() -> impl Strategy<Value = Vec<String>> {
    let cell = prop_oneof![
        Just(String::new()),
        Just("  ".to_owned()),
        Just("\u{3000}小麦 ".to_owned()),
        Just("NaN".to_owned()),
        Just("-inf".to_owned()),
        Just("-1.5".to_owned()),
        Just("0".to_owned()),
        Just(" S ".to_owned()),
        Just("1899".to_owned()),
        Just("2022".to_owned()),
        Just("990001001002".to_owned()),
        Just("99000100100".to_owned()),
        Just("99999999999999".to_owned()),
        "[0-9]{1,4}\\.[0-9]{1,7}",
        "[ -~]{0,6}",
    ];
    prop::collection::vec((0..13_usize, cell), 0..3).prop_map(|changes| {
        let mut row = cells(CLAIM);
        for (place, value) in changes {
            row[place] = value;
        }
        row
    })
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 96, failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn both_ways_read_the_same(
        rows in prop::collection::vec(any_row(), 1..40),
        kinds in (0..13_usize).map(any_kind).collect::<Vec<_>>(),
        unit in prop::sample::select(vec![
            AreaUnit::Mu, AreaUnit::Mu, AreaUnit::Hectare, AreaUnit::Acre, AreaUnit::SquareMetre,
        ]),
        texts in any::<bool>(),
    ) {
        let project = Project { area_unit: unit, ..Project::default() };
        let tried = || -> Result<(Read, Read), Box<dyn Error>> {
            let dir = tempfile::tempdir()?;
            Ok(both(&write(dir.path(), &rows, &kinds)?, &project, texts)?)
        };
        let (plain, fast) = tried().map_err(|e| TestCaseError::fail(e.to_string()))?;
        prop_assert_eq!(plain.kept.len() + plain.rejects.len(), rows.len());
        prop_assert_eq!(plain, fast);
    }
}
