use super::*;
use crate::fixture::{CLAIM, CLAIMS, Tested, TextRows, cells, csv_file, parquet_file, with};
use proptest::prelude::*;
use std::{error::Error, fs};

fn read(file: &InputFile, slice: usize, texts: bool) -> Result<Vec<ClaimBatch>, InputError> {
    let mut all = Vec::new();
    let asked = if texts { Asked::Texts } else { Asked::Sums };
    batches(file, &Project::default(), slice, asked, &mut |batch| {
        all.push(batch);
        Ok(())
    })?;
    Ok(all)
}

/// Every refused row of a one-column damage, as `row column value code`.
fn refusal(column: &str, value: &str) -> Result<String, Box<dyn Error>> {
    let dir = tempfile::tempdir()?;
    let rows = vec![cells(CLAIM), with(CLAIMS, CLAIM, column, value)];
    let file = csv_file(dir.path(), "claims.csv", CLAIMS, &rows)?;
    let twin = parquet_file(dir.path(), "claims.parquet", CLAIMS, &rows)?;
    let show = |file: &InputFile, first: u64| -> Result<String, InputError> {
        let mut text = String::new();
        for batch in read(file, 10, false)? {
            assert_eq!(batch.rows + batch.rejects.len(), 2);
            for r in batch.rejects {
                assert_eq!((r.file.as_str(), r.sheet.as_str()), (file.name.as_str(), ""));
                text = format!("{} {} {} {}", r.row - first, r.column, r.value, r.code);
            }
        }
        Ok(text)
    };
    let text = show(&file, 2)?;
    assert_eq!(show(&twin, 1)?, text, "Parquet and CSV disagree");
    Ok(text)
}

#[test]
fn each_damage_is_one_reject_in_both_formats() -> Tested {
    for (column, value, expected) in [
        ("claim_id", "", "1 claim_id  missing_value"),
        ("claimant_id", "  ", "1 claimant_id  missing_value"),
        ("amount_yuan", "", "1 amount_yuan  missing_value"),
        ("year", "1899", "1 year 1899 bad_year"),
        ("season", "spring", "1 season spring bad_season"),
        ("village_code", "9.90001E+11", "1 village_code 9.90001E+11 bad_region"),
        ("village_code", "90001001001", "1 village_code 90001001001 bad_region"),
        ("area_mu", "-3", "1 area_mu -3 negative_area"),
        ("area_mu", "NaN", "1 area_mu NaN not_a_number"),
        ("area_mu", "inf", "1 area_mu inf infinite"),
        ("area_mu", "十二亩", "1 area_mu 十二亩 bad_number"),
        ("area_mu", "99999999999999999999", "1 area_mu 9999************9999 out_of_range"),
        ("rate_yuan_per_mu", "about 100", "1 rate_yuan_per_mu about 100 bad_number"),
        ("amount_yuan", "1,250", "1 amount_yuan 1,250 bad_number"),
        // A shifted row: the claimant's id where the village should be.
        ("village_code", "990001197001011230", "1 village_code 9900**********1230 bad_region"),
        ("season", "", ""),
        ("area_mu", "0", ""),
        ("amount_yuan", "-1250", ""),
        ("account", "", ""),
        ("approver_id", "", ""),
    ] {
        assert_eq!(refusal(column, value)?, expected, "{column} = {value:?}");
    }
    Ok(())
}

#[test]
fn the_first_fault_of_a_row_is_the_one_listed() -> Tested {
    let dir = tempfile::tempdir()?;
    let mut row = with(CLAIMS, CLAIM, "area_mu", "-1");
    row[5] = "x".to_owned();
    let file = csv_file(dir.path(), "claims.csv", CLAIMS, &vec![row])?;
    let batch = read(&file, 10, false)?;
    let codes: Vec<_> = batch.iter().flat_map(|b| &b.rejects).map(|r| r.code).collect();
    assert_eq!(codes, [RejectCode::BadRegion]);
    Ok(())
}

#[test]
fn rows_of_wrong_length_and_bytes_that_are_no_utf8() -> Tested {
    let dir = tempfile::tempdir()?;
    let path = dir.path().join("claims.csv");
    let mut bytes = format!("\u{feff}{CLAIMS}\r\n{CLAIM}\r\n{CLAIM},x\r\n1,2\r\n\r\n").into_bytes();
    // `maize` in GBK, and an approver whose id is no text at all.
    let damaged = CLAIM.replace("maize", "\u{1}").into_bytes();
    for byte in damaged {
        if byte == 1 {
            bytes.extend([0xd3, 0xf1]);
        } else {
            bytes.push(byte);
        }
    }
    bytes.extend(b"\r\n\"c\n2\"");
    bytes.extend(&CLAIM.as_bytes()[2..]);
    bytes.extend(b"\r\n");
    bytes.extend(&CLAIM.as_bytes()[..CLAIM.len() - 2]);
    bytes.extend([b'a', 0xff, b'\n']);
    fs::write(&path, bytes)?;
    let file = InputFile { path, name: "claims.csv".to_owned(), format: crate::Format::Csv };
    let batch = read(&file, 100, true)?;
    let shown: Vec<String> = batch
        .iter()
        .flat_map(|b| &b.rejects)
        .map(|r| format!("{} {:?} {} {}", r.row, r.column, r.value, r.code))
        .collect();
    assert_eq!(
        shown,
        [
            "3 \"\" 14 ≠ 13 bad_row",
            "4 \"\" 2 ≠ 13 bad_row",
            "5 \"crop\" \u{fffd}\u{fffd} bad_encoding",
            "7 \"approver_id\" a* bad_encoding",
        ]
    );
    let kept: Vec<u64> = batch.iter().flat_map(|b| b.row_number.clone()).collect();
    assert_eq!(kept, [2, 6], "a line break inside quotes is no new row, an empty line is none");
    Ok(())
}

#[test]
fn a_quote_that_is_never_closed_tells_how_much_it_swallowed() -> Tested {
    let dir = tempfile::tempdir()?;
    let mut file = csv_file(dir.path(), "claims.csv", CLAIMS, &vec![cells(CLAIM); 4])?;
    let text = fs::read_to_string(&file.path)?;
    fs::write(
        &file.path,
        text.replacen("\nc1,2023,", "\nc1,\"2023,", 2).replacen("\"2023", "2023", 1),
    )?;
    file.name = "2023.csv".to_owned();
    let batch = read(&file, 10, false)?.remove(0);
    assert_eq!(batch.row_number, [2]);
    let shown: Vec<String> = batch
        .rejects
        .iter()
        .map(|r| format!("{} {} {} {}", r.file, r.row, r.value, r.code))
        .collect();
    assert_eq!(shown, ["2023.csv 3 2 ≠ 13 (3 行/lines) bad_row"]);
    Ok(())
}

#[test]
fn a_batch_holds_what_the_rows_say() -> Tested {
    let dir = tempfile::tempdir()?;
    let rows = vec![
        cells(CLAIM),
        with(CLAIMS, CLAIM, "area_mu", "0.00004"),
        with(CLAIMS, &cells(CLAIM).join(","), "account", ""),
        with(CLAIMS, CLAIM, "amount_yuan", "0.005"),
        with(CLAIMS, CLAIM, "rate_yuan_per_mu", ""),
        with(CLAIMS, CLAIM, "approver_id", " "),
    ];
    let file = csv_file(dir.path(), "claims.csv", CLAIMS, &rows)?;
    let batches = read(&file, 4, true)?;
    assert_eq!(batches.iter().map(|b| b.rows).collect::<Vec<_>>(), [4, 2]);
    let (first, second) = (&batches[0], &batches[1]);
    assert_eq!(first.row_number, [2, 3, 4, 5]);
    assert_eq!(first.village.dict, ["990001001001".into()]);
    assert_eq!(first.village.code, [0; 4]);
    assert_eq!((first.year[0], first.season[0].code()), (2023, "A"));
    assert_eq!(first.area, [125_000, 0, 125_000, 125_000]);
    assert_eq!(first.amount, [125_000, 125_000, 125_000, 1]);
    assert_eq!((first.area_rounded, first.amount_rounded), (1, 1));
    assert_eq!(first.claimant, [id_hash(b"990001197001011230"); 4]);
    let account = id_hash(b"6217000012345678");
    assert_eq!(first.account, Some(vec![account, account, MISSING_ID, account]));
    assert_eq!(first.household, Some(vec![id_hash(b"h1"); 4]));
    assert_eq!(second.rate, Some(vec![MISSING_FIXED, 10_000]));
    let approver = second.approver.as_ref().map(|a| (a.dict.len(), a.code.clone()));
    assert_eq!(approver, Some((1, vec![0, MISSING_CODE])));
    let texts = first.texts.as_ref().ok_or("no texts")?;
    assert!(texts.row.is_empty());
    let clear = |column: &Option<arrow::array::StringViewArray>| {
        column.as_ref().map(|c| c.iter().map(|t| t.unwrap_or("-").to_owned()).collect::<Vec<_>>())
    };
    let id = "6217000012345678".to_owned();
    assert_eq!(clear(&texts.account), Some(vec![id.clone(), id.clone(), "-".to_owned(), id]));
    assert_eq!(clear(&texts.claim_id), Some(vec!["c1".to_owned(); 4]));
    assert_eq!(clear(&texts.household), Some(vec!["h1".to_owned(); 4]));
    assert_eq!(clear(&texts.claimant).map(|c| c.len()), Some(4));
    Ok(())
}

#[test]
fn optional_columns_may_be_absent_and_required_ones_not() -> Tested {
    let dir = tempfile::tempdir()?;
    let required = "amount_yuan,claim_id,year,programme,crop,village_code,claimant_id,area_mu";
    let row = cells("1250,c1,2023,GRAIN,maize,990001001001,p1,12.5");
    let file = csv_file(dir.path(), "claims.csv", required, &vec![row])?;
    let batch = read(&file, 10, true)?.remove(0);
    assert_eq!((batch.rows, batch.season[0].code()), (1, "Y"));
    let absent = (batch.approver.is_none(), batch.rate.is_none());
    assert_eq!(absent, (true, true));
    assert_eq!((batch.account, batch.household), (None, None));
    let file = csv_file(dir.path(), "claims.csv", "claim_id,year,crop", &Vec::new())?;
    assert_eq!(
        read(&file, 10, false).map(|b| b.len()).map_err(|e| e.to_string()),
        Err(format!(
            "{}: 缺少列 programme / column `programme` is missing; the file has: claim_id, year, crop",
            file.path.display()
        ))
    );
    let twice = format!("{CLAIMS},area_mu");
    let file = csv_file(dir.path(), "claims.csv", &twice, &Vec::new())?;
    assert_eq!(
        read(&file, 10, false).map(|b| b.len()).map_err(|e| e.to_string()),
        Err(format!(
            "{}: 列名 area_mu 重复 / column `area_mu` is there twice: rename or remove one",
            file.path.display()
        ))
    );
    fs::write(&file.path, "")?;
    let empty = read(&file, 10, false).map(|b| b.len()).map_err(|e| e.to_string());
    assert_eq!(
        empty,
        Err(format!(
            "{}: 缺少列 claim_id / column `claim_id` is missing; the file has: -",
            file.path.display()
        ))
    );
    fs::write(&file.path, b"claim_id,\xc4\xea\n")?;
    assert_eq!(
        read(&file, 10, false).map(|b| b.len()).map_err(|e| e.to_string()),
        Err(format!(
            "{}: 表头不是 UTF-8，请另存为 UTF-8 / the header is no UTF-8: save the file as UTF-8",
            file.path.display()
        ))
    );
    Ok(())
}

#[test]
fn what_the_sink_says_ends_the_reading() -> Tested {
    let dir = tempfile::tempdir()?;
    let file = csv_file(dir.path(), "claims.csv", CLAIMS, &vec![cells(CLAIM); 10])?;
    let mut calls = 0;
    let end = batches(&file, &Project::default(), 2, Asked::Sums, &mut |_| {
        calls += 1;
        Err(InputError::HeaderEncoding { path: "stop".into() })
    });
    assert_eq!((end.is_err(), calls), (true, 1));
    Ok(())
}

/// A claim with at most a few cells damaged or written in another way.
fn any_claim() -> impl Strategy<Value = Vec<String>> {
    let cell = prop_oneof![
        Just(String::new()),
        Just("NaN".to_owned()),
        Just("-1.5".to_owned()),
        Just("inf".to_owned()),
        Just("１２".to_owned()),
        Just(" 2022 ".to_owned()),
        Just("990001001002".to_owned()),
        "[0-9]{1,3}(\\.[0-9]{1,6})?",
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

/// All that a reader found, rows counted from 0, whatever the size of the slices.
type Found = (Vec<(u64, i64, i64, u128, String)>, Vec<(u64, String, String, RejectCode)>, u64);

fn found(file: &InputFile, first: u64, slice: usize) -> Result<Found, InputError> {
    let mut all: Found = (Vec::new(), Vec::new(), 0);
    for batch in read(file, slice, false)? {
        assert!(batch.rows + batch.rejects.len() <= slice);
        for i in 0..batch.rows {
            let village = batch.village.dict[batch.village.code[i] as usize].to_string();
            let row = batch.row_number[i] - first;
            all.0.push((row, batch.area[i], batch.amount[i], batch.claimant[i], village));
        }
        let rejects = batch.rejects.into_iter();
        all.1.extend(rejects.map(|r| (r.row - first, r.column, r.value, r.code)));
        all.2 += batch.area_rounded;
    }
    Ok(all)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 48, failure_persistence: None, ..ProptestConfig::default()
    })]

    /// The same rows as CSV and as Parquet, in any slices: same rows kept, same rows refused, none lost.
    #[test]
    fn formats_agree_and_no_row_is_lost(
        rows in prop::collection::vec(any_claim(), 1..30),
        slice in 1..40_usize,
    ) {
        let rows: TextRows = rows;
        let tried = || -> Result<(Found, Found), Box<dyn Error>> {
            let dir = tempfile::tempdir()?;
            let csv = csv_file(dir.path(), "claims.csv", CLAIMS, &rows)?;
            let parquet = parquet_file(dir.path(), "claims.parquet", CLAIMS, &rows)?;
            Ok((found(&csv, 2, slice)?, found(&parquet, 1, 1_000)?))
        };
        let (csv, parquet) = tried().map_err(|e| TestCaseError::fail(e.to_string()))?;
        let mut numbers: Vec<u64> = csv.0.iter().map(|r| r.0).collect();
        numbers.extend(csv.1.iter().map(|r| r.0));
        numbers.sort_unstable();
        prop_assert_eq!(numbers, (0..rows.len() as u64).collect::<Vec<_>>());
        prop_assert_eq!(csv, parquet);
    }
}
