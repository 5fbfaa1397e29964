//! What the village views say of a small county. Every person, account and village here is invented.
#![allow(clippy::unwrap_used, reason = "a missing value fails the test, as it should")]

use crate::{Column, Scan, ScanOptions, ViewName, discover, scan};
use qingmu_model::{Mu, Project};
use std::collections::BTreeSet;

const VILLAGE: &str = "990001001001";

const CLAIMS: &str = "claim_id,year,season,programme,crop,village_code,claimant_id,area_mu,amount_yuan,approver_id\n\
1,2022,Y,FERTILITY,arable,990001001001,p1,100,7130,a1\n\
2,2022,A,GRAIN,maize,990001001001,p1,60,753,a1\n\
3,2022,A,MAIZE_SOY,maize,990001001001,p1,50,1500,a2\n\
4,2022,A,MAIZE_SOY,soybean,990001001001,p2,20,4800,\n\
5,2022,S,GRAIN,wheat,990001001001,p2,30,376.50,a2\n\
6,2021,Y,FERTILITY,arable,990001001001,p2,90,6417,\n";

const BASELINES: &str = "village_code,year,season,crop,area_mu,source,se_mu,independent\n\
990001001001,2022,A,maize,55,remote_sensing,3,\n\
990001001001,2022,A,soybean,18,remote_sensing,4,\n\
990001001001,2022,S,wheat,31,remote_sensing,,\n\
990001001001,2022,Y,vegetable,7,stat_yearbook,,false\n\
990001001001,2022,Y,arable,120,land_survey,,\n";

fn scanned(project: &Project) -> Scan {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("claims.csv"), CLAIMS).unwrap();
    std::fs::write(folder.path().join("baselines.csv"), BASELINES).unwrap();
    let input = discover(folder.path()).unwrap();
    scan(&input, project, &ScanOptions::default(), &()).unwrap()
}

fn column(project: &Project, view: ViewName, name: &str) -> Column {
    let wanted = BTreeSet::from([name.to_owned()]);
    scanned(project).view(view, project, &wanted).column(name).unwrap().clone()
}

fn numbers(project: &Project, view: ViewName, name: &str) -> Vec<Option<f64>> {
    let column = column(project, view, name);
    (0..column.data.len()).map(|row| column.number(row)).collect()
}

#[test]
fn land_under_two_programmes_counts_once_and_exclusive_ones_add_up() {
    let mut project = Project::default();
    let year = |project: &Project, name: &str| numbers(project, ViewName::VillageYear, name);
    // 2021 has claims, none of them for planting: zero, not missing.
    assert_eq!(year(&project, "claimed.maize"), [Some(0.0), Some(60.0)]);
    assert_eq!(year(&project, "claimed.grain"), [Some(0.0), Some(60.0 + 20.0 + 30.0)]);
    assert_eq!(year(&project, "claimed.all"), year(&project, "claimed.grain"));
    assert_eq!(year(&project, "paid.grain"), [Some(0.0), Some(753.0 + 1500.0 + 4800.0 + 376.5)]);
    for programme in ["GRAIN", "MAIZE_SOY"] {
        project.programme.get_mut(programme).unwrap().exclusive = Some("either".to_owned());
    }
    assert_eq!(year(&project, "claimed.maize"), [Some(0.0), Some(110.0)]);
}

#[test]
fn the_approver_is_the_one_of_the_largest_area() {
    let project = Project::default();
    let id = column(&project, ViewName::VillageYear, "approver_id");
    assert_eq!(id.text(0), None);
    assert_eq!(id.text(1).map(|t| &**t), Some("a1"));
    let share = numbers(&project, ViewName::VillageYear, "approver_share");
    assert_eq!(share, [None, Some(160.0 / 240.0)]);
    let all = scanned(&project).approvers();
    let areas: Vec<Mu> = all[&(VILLAGE.to_owned(), 2022)].iter().map(|(_, area)| *area).collect();
    assert_eq!(areas, [Mu::from_raw(1_600_000), Mu::from_raw(800_000)]);
}

#[test]
fn baselines_of_a_village_year_carry_errors_and_dependence() {
    let project = Project::default();
    let year = |name: &str| numbers(&project, ViewName::VillageYear, name);
    assert_eq!(year("base.grain"), [None, Some(104.0)]);
    assert_eq!(year("base.grain_se"), [None, None], "wheat has none");
    assert_eq!(year("base.soybean_se"), [None, Some(4.0)]);
    let vegetable = column(&project, ViewName::VillageYear, "base.vegetable");
    assert_eq!((vegetable.number(1), vegetable.dependent), (Some(7.0), vec![false, true]));
    assert!(column(&project, ViewName::VillageYear, "base.arable").dependent.is_empty());
}

#[test]
fn references_follow_the_programme() {
    let project = Project::default();
    let term = |name: &str| numbers(&project, ViewName::VillageSeasonProgramme, name);
    // 2021 Y FERTILITY; 2022 S GRAIN, A GRAIN, A MAIZE_SOY, Y FERTILITY.
    assert_eq!(term("claimed.maize"), [0.0, 0.0, 60.0, 50.0, 0.0].map(Some));
    assert_eq!(term("paid.all"), [6417.0, 376.5, 753.0, 6300.0, 7130.0].map(Some));
    let expected = [None, Some(31.0), Some(73.0), Some(73.0), Some(120.0)];
    assert_eq!(term("ref_mu"), expected, "season's grain, crops claimed, arable for contracted");
    assert_eq!(term("ref_se_mu"), [None, None, Some(5.0), Some(5.0), None]);
    assert_eq!(term("base.competing"), [None, Some(7.0), Some(7.0), Some(7.0), Some(7.0)]);
    assert_eq!(term("base.maize"), [None, None, Some(55.0), Some(55.0), Some(55.0)]);
    let panel = numbers(&project, ViewName::Panel, "base_mu");
    // 2021 arable; 2022 S wheat, A maize, A maize, A soybean, Y arable.
    let expected = [None, Some(31.0), Some(55.0), Some(55.0), Some(18.0), Some(120.0)];
    assert_eq!(panel, expected);
}

#[test]
fn only_wanted_columns_are_made_and_keys_lead() {
    let project = Project::default();
    let scan = scanned(&project);
    let wanted = ["claims", "county_code", "nonsense"].map(str::to_owned).into();
    let view = scan.view(ViewName::VillageYear, &project, &wanted);
    let names: Vec<&str> = view.columns.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(names, ["village_code", "year", "claims", "county_code"]);
    assert_eq!(view.columns[3].text(0).map(|t| &**t), Some("990001"));
}
