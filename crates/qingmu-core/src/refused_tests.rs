//! Refused rows close the account of a file in area and money. Every person, account and village here is invented.

use crate::{ScanOptions, discover, scan};
use qingmu_input::fixture::{CLAIM, CLAIMS, Tested, TextRows, cells as line, csv_file, with};
use qingmu_model::{InputAccount, Mu, Project, Yuan};

/// Account of a claims file with these rows.
fn account(rows: &TextRows) -> Result<InputAccount, Box<dyn std::error::Error>> {
    let dir = tempfile::tempdir()?;
    csv_file(dir.path(), "claims.csv", CLAIMS, rows)?;
    std::fs::write(
        dir.path().join("baselines.csv"),
        "village_code,year,season,crop,area_mu,source\n990001001001,2023,A,maize,800,remote_sensing\n",
    )?;
    let scan = scan(&discover(dir.path())?, &Project::default(), &ScanOptions::default(), &())?;
    let claims = scan.inputs.into_iter().find(|i| i.table == "claims");
    claims.ok_or_else(|| "no account of claims".into())
}

#[test]
fn kept_and_rejected_money_is_all_the_money_read() -> Tested {
    let mut short = with(CLAIMS, CLAIM, "amount_yuan", "9999");
    short.truncate(12);
    let claims = account(&vec![
        with(CLAIMS, CLAIM, "amount_yuan", "100.01"),
        with(CLAIMS, &with(CLAIMS, CLAIM, "amount_yuan", "20.5").join(","), "area_mu", ""),
        with(CLAIMS, &with(CLAIMS, CLAIM, "amount_yuan", "-3").join(","), "year", "1899"),
        with(CLAIMS, CLAIM, "amount_yuan", "1,250"),
        short,
    ])?;
    assert_eq!((claims.rows_read, claims.rows_kept), (5, 1));
    assert_eq!(claims.amount_yuan, Some(Yuan::from_raw(10_001)));
    assert_eq!(claims.amount_rejected_yuan, Some(Yuan::from_raw(1_750)));
    assert_eq!(claims.amount_unreadable, 2, "a text and a row that was cut off");
    assert_eq!(claims.area_unreadable, 2, "no area and a row that was cut off");
    Ok(())
}

#[test]
fn nothing_rejected_is_nothing_and_not_unknown() -> Tested {
    let claims = account(&vec![line(CLAIM)])?;
    assert_eq!(claims.area_rejected_mu, Some(Mu::ZERO));
    assert_eq!(claims.amount_rejected_yuan, Some(Yuan::from_raw(0)));
    Ok(())
}

#[test]
fn rejected_nonsense_beyond_the_range_stops_nothing() -> Tested {
    // Bank accounts in the place of money, in rows that are refused for their season.
    let row = with(CLAIMS, CLAIM, "amount_yuan", "9999888877776666");
    let mut rows = vec![with(CLAIMS, &row.join(","), "season", "spring"); 10];
    rows.push(line(CLAIM));
    let claims = account(&rows)?;
    assert_eq!((claims.rows_rejected, claims.amount_rejected_yuan), (10, None));
    assert_eq!((claims.amount_unreadable, claims.rows_kept), (0, 1));
    assert!(claims.area_rejected_mu.is_some());
    Ok(())
}
