//! What the views hold that a pack ran on. Villages and persons are invented.

use crate::testkit::examples;
use crate::{EvalOptions, evaluate};
use qingmu_core::{ScanOptions, discover, scan};
use qingmu_model::{Beliefs, ColumnCoverage, Project};
use std::collections::BTreeSet;
use std::error::Error;
use std::fs;

const CLAIMS: &str = "claim_id,year,season,programme,crop,village_code,claimant_id,area_mu,amount_yuan\n\
1,2022,A,GRAIN,maize,990001001001,p1,10,1000\n\
2,2022,A,GRAIN,maize,990001001002,p1,20,2000\n";

const BASELINES: &str = "village_code,year,season,crop,area_mu,source\n\
990001001001,2022,A,maize,12,remote_sensing\n";

#[test]
fn views_that_rules_ran_on_tell_empty_cells_from_what_is_not_in_the_input()
-> Result<(), Box<dyn Error>> {
    let dir = tempfile::tempdir()?;
    fs::write(dir.path().join("claims.csv"), CLAIMS)?;
    fs::write(dir.path().join("baselines.csv"), BASELINES)?;
    let project = Project::default();
    let scan = scan(&discover(dir.path())?, &project, &ScanOptions::default(), &())?;
    let found =
        evaluate(&examples(), (&scan, &Beliefs::default()), &project, &EvalOptions::default())?;
    let views: Vec<&str> = found.views.keys().map(String::as_str).collect();
    let ran: BTreeSet<&str> = found.coverage.iter().map(|rule| rule.view.as_str()).collect();
    assert_eq!(views, ran.into_iter().collect::<Vec<_>>());
    let villages = &found.views["village_year"];
    let of = |name: &str| villages.columns.get(name).copied();
    let column = |known, missing, in_input| Some(ColumnCoverage { known, missing, in_input });
    assert_eq!((villages.rows, villages.not_listed), (2, 0));
    assert_eq!(of("claimed.grain"), column(2, 0, true));
    assert_eq!(of("base.vegetable"), column(0, 2, true), "baselines are there, of other crops");
    assert_eq!(of("base.vegetable_se"), column(0, 2, false), "no baseline has a standard error");
    assert_eq!(of("name"), column(0, 2, false), "no villages table");
    assert_eq!(of("claimed.soybean"), None, "no rule reads it");
    assert!(!found.views["claimant_village"].columns["leased_mu"].in_input);
    assert!(!found.views["account_claimant"].columns["account"].in_input);
    Ok(())
}
