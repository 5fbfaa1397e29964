//! One source per village and name, and what makes a year missing.
#![allow(clippy::unwrap_used, reason = "a missing value fails the test, as it should")]

use super::*;

fn row(year: i16, season: Season, crop: &str, source: &str, area: i64) -> BaselineRow {
    BaselineRow {
        village: "610423113215".into(),
        year,
        season,
        crop: crop.into(),
        area: Mu::from_raw(area),
        source: source.into(),
        se: Some(Mu::from_raw(30)),
        independent: None,
    }
}

fn series(rows: &[BaselineRow], name: &str, season: Option<Season>) -> Vec<(i16, i64)> {
    let all = Baselines::new(rows);
    let series = all.of("610423113215").unwrap().named(name, season, &Project::default());
    series.0.iter().map(|(year, base)| (*year, base.area)).collect()
}

#[test]
fn seasons_add_up_and_whole_year_rows_count_in_each() {
    let rows = vec![
        row(2021, Season::S, "wheat", "remote_sensing", 700),
        row(2021, Season::A, "maize", "remote_sensing", 500),
        row(2021, Season::Y, "potato", "remote_sensing", 10),
    ];
    assert_eq!(series(&rows, "grain", None), [(2021, 1210)]);
    assert_eq!(series(&rows, "grain", Some(Season::A)), [(2021, 510)]);
    assert_eq!(series(&rows, "grain", Some(Season::Y)), [(2021, 1210)]);
}

#[test]
fn one_source_speaks_and_the_independent_one_first() {
    let mut rows = vec![row(2021, Season::A, "maize", "insurance", 400)];
    for year in 2019..=2022 {
        let mut dependent = row(year, Season::A, "maize", "stat_yearbook", 900);
        dependent.independent = Some(false);
        rows.push(dependent);
    }
    assert_eq!(series(&rows, "maize", None), [(2021, 400)], "independent before longer");
    rows.push(row(2021, Season::A, "maize", "remote_sensing", 500));
    assert_eq!(series(&rows, "maize", None), [(2021, 500)], "order of the project");
    rows.push(row(2022, Season::A, "maize", "insurance", 401));
    assert_eq!(series(&rows, "maize", None), [(2021, 400), (2022, 401)], "more years first");
}

#[test]
fn a_source_of_the_village_itself_is_marked() {
    let mut only = row(2021, Season::A, "maize", "stat_yearbook", 900);
    only.independent = Some(false);
    let all = Baselines::new(&[only]);
    let village = all.of("610423113215").unwrap();
    let base = village.named("grain", None, &Project::default()).get(2021);
    assert_eq!(base, Some(Base { area: 900, se: Some(30), dependent: true }));
}

#[test]
fn a_large_crop_missing_in_a_year_makes_the_group_missing() {
    let mut rows = vec![
        row(2020, Season::A, "maize", "remote_sensing", 960),
        row(2020, Season::A, "soybean", "remote_sensing", 40),
        row(2021, Season::A, "maize", "remote_sensing", 960),
    ];
    assert_eq!(series(&rows, "grain", None), [(2020, 1000), (2021, 960)], "4 %");
    rows[1].area = Mu::from_raw(60);
    assert_eq!(series(&rows, "grain", None), [(2020, 1020)], "5.9 %");
}

#[test]
fn a_group_row_of_its_own_wins_over_the_sum() {
    let rows = vec![
        row(2020, Season::A, "maize", "stat_yearbook", 960),
        row(2020, Season::Y, "grain", "stat_yearbook", 1500),
    ];
    assert_eq!(series(&rows, "grain", None), [(2020, 1500)]);
}

#[test]
fn all_is_crops_without_classes_of_land() {
    let rows = vec![
        row(2020, Season::A, "maize", "remote_sensing", 960),
        row(2020, Season::Y, "vegetable", "remote_sensing", 100),
        row(2020, Season::Y, "arable", "remote_sensing", 5000),
    ];
    assert_eq!(series(&rows, "all", None), [(2020, 1060)]);
}

#[test]
fn contradicting_rows_are_no_fact_and_equal_ones_count_once() {
    let mut rows = vec![row(2020, Season::A, "maize", "remote_sensing", 960); 2];
    assert_eq!(series(&rows, "maize", None), [(2020, 960)]);
    rows[1].area = Mu::from_raw(961);
    assert_eq!(series(&rows, "maize", None), []);
}

#[test]
fn standard_errors_add_in_quadrature_if_all_are_known() {
    let mut rows = vec![
        row(2020, Season::A, "maize", "remote_sensing", 960),
        row(2020, Season::A, "soybean", "remote_sensing", 40),
    ];
    rows[1].se = Some(Mu::from_raw(40));
    let base = |rows: &[BaselineRow]| {
        let all = Baselines::new(rows);
        all.of("610423113215").unwrap().named("grain", None, &Project::default()).get(2020)
    };
    assert_eq!(base(&rows).unwrap().se, Some(50));
    rows[1].se = None;
    assert_eq!(base(&rows).unwrap().se, None);
}
