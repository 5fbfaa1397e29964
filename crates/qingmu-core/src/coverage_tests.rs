//! Present, missing, and not in the input. Every person, account and village here is invented.
#![allow(clippy::unwrap_used, reason = "a missing value fails the test, as it should")]

use crate::{Scan, ScanOptions, ViewName, column_names, discover, scan};
use qingmu_input::fixture::Tested;
use qingmu_model::{ColumnCoverage, Project, ViewCoverage};
use std::collections::BTreeSet;
use std::fs;

/// Two villages with claims, one claimant in both, one account of two.
const FULL: &str = "claim_id,year,season,programme,crop,village_code,claimant_id,household_id,account,area_mu,rate_yuan_per_mu,amount_yuan,approver_id\n\
1,2022,A,GRAIN,maize,990001001001,p1,h1,acc1,10,100,1000,a1\n\
2,2022,A,GRAIN,maize,990001001002,p1,,acc1,20,100,2001,\n\
3,2022,A,GRAIN,maize,990001001002,p2,h2,acc1,5,,500,\n";

/// The same without any optional column.
const BARE: &str = "claim_id,year,programme,crop,village_code,claimant_id,area_mu,amount_yuan\n\
1,2022,GRAIN,maize,990001001001,p1,10,1000\n\
2,2022,GRAIN,maize,990001001002,p1,20,2001\n\
3,2022,GRAIN,maize,990001001002,p2,5,500\n";

fn scanned(tables: &[(&str, &str)]) -> Result<Scan, Box<dyn std::error::Error>> {
    let dir = tempfile::tempdir()?;
    for (name, text) in tables {
        fs::write(dir.path().join(format!("{name}.csv")), text)?;
    }
    let input = discover(dir.path())?;
    Ok(scan(&input, &Project::default(), &ScanOptions::default(), &())?)
}

fn full() -> Result<Scan, Box<dyn std::error::Error>> {
    scanned(&[
        ("claims", FULL),
        (
            "baselines",
            "village_code,year,season,crop,area_mu,source,se_mu\n\
             990001001001,2022,A,maize,12,remote_sensing,1\n",
        ),
        ("villages", "village_code,name\n990001001001,东村\n"),
        ("transfers", "from_id,to_id,area_mu\np9,p1,3\n"),
    ])
}

fn bare() -> Result<Scan, Box<dyn std::error::Error>> {
    let baselines =
        "village_code,year,crop,area_mu,source\n990001001001,2022,maize,12,land_survey\n";
    scanned(&[("claims", BARE), ("baselines", baselines)])
}

fn coverage(scan: &Scan, view: ViewName) -> ViewCoverage {
    let project = Project::default();
    let wanted: BTreeSet<String> = column_names(view, &project).into_iter().collect();
    scan.view_coverage(&scan.view(view, &project, &wanted))
}

/// Known, missing and whether it is in the input.
fn of(coverage: &ViewCoverage, column: &str) -> (u64, u64, bool) {
    let ColumnCoverage { known, missing, in_input } = coverage.columns[column];
    (known, missing, in_input)
}

#[test]
fn what_is_there_is_present_row_by_row() -> Tested {
    let scan = full()?;
    let villages = coverage(&scan, ViewName::VillageYear);
    assert_eq!((villages.rows, villages.not_listed), (2, 0));
    assert_eq!(of(&villages, "claimed.maize"), (2, 0, true));
    assert_eq!(of(&villages, "base.maize"), (1, 1, true), "no baseline of the second village");
    assert_eq!(of(&villages, "base.maize_se"), (1, 1, true));
    assert_eq!(of(&villages, "approver_id"), (1, 1, true));
    assert_eq!(of(&villages, "name"), (1, 1, true), "a code in the place of a name is no name");
    let people = coverage(&scan, ViewName::ClaimantVillage);
    assert_eq!((people.rows, people.not_listed), (2, 1));
    assert_eq!(of(&people, "leased_mu"), (2, 0, true));
    let accounts = coverage(&scan, ViewName::AccountClaimant);
    assert_eq!(of(&accounts, "account"), (accounts.rows, 0, true));
    let claims = coverage(&scan, ViewName::Claim);
    assert_eq!((claims.rows, of(&claims, "gap_yuan")), (1, (1, 0, true)));
    assert_eq!(of(&claims, "approver_id"), (0, 1, true), "an empty cell of a column that is there");
    Ok(())
}

#[test]
fn what_the_input_lacks_is_told_apart_from_empty_cells() -> Tested {
    let scan = bare()?;
    let villages = coverage(&scan, ViewName::VillageYear);
    assert_eq!(of(&villages, "base.maize"), (1, 1, true));
    assert_eq!(of(&villages, "base.maize_se"), (0, 2, false));
    assert_eq!(of(&villages, "approver_id"), (0, 2, false));
    assert_eq!(of(&villages, "approver_share"), (0, 2, false));
    assert_eq!(of(&villages, "name"), (0, 2, false));
    assert_eq!(of(&villages, "rotation_mu"), (0, 2, false));
    let people = coverage(&scan, ViewName::ClaimantVillage);
    assert_eq!(of(&people, "leased_mu"), (0, 2, false));
    assert_eq!(of(&people, "season"), (2, 0, true), "without a season, the whole year");
    let accounts = coverage(&scan, ViewName::AccountClaimant);
    assert_eq!(of(&accounts, "account"), (0, 0, false));
    assert_eq!(of(&accounts, "household_id"), (0, 0, false));
    let claims = coverage(&scan, ViewName::Claim);
    assert_eq!(of(&claims, "gap_yuan"), (0, 0, false));
    assert_eq!(of(&claims, "amount_yuan"), (0, 0, true));
    Ok(())
}

#[test]
fn every_view_accounts_for_all_its_rows() -> Tested {
    for scan in [full()?, bare()?] {
        for view in ViewName::ALL {
            let coverage = coverage(&scan, view);
            assert!(!coverage.columns.is_empty());
            for (name, column) in &coverage.columns {
                assert_eq!(column.known + column.missing, coverage.rows, "{view}.{name}");
                assert!(column.in_input || column.known == 0, "{view}.{name}: {column:?}");
            }
        }
    }
    Ok(())
}
