//! Measured columns on views built by hand; all villages and figures are invented.
#![allow(clippy::unwrap_used, reason = "a missing column fails the test where it is asked for")]

use super::*;
use proptest::prelude::*;
use std::sync::Arc;

/// One row: village, year, text keys beside them, and a number (`None` is missing) per number column.
pub(super) type Row<'a> = (String, i16, Vec<&'a str>, Vec<Option<f64>>);

pub(super) fn view(name: ViewName, texts: &[&str], numbers: &[&str], rows: &[Row<'_>]) -> View {
    let text = |column: &str, values: Vec<Option<Arc<str>>>| Column {
        name: column.to_owned(),
        kind: ColumnType::Text,
        data: Data::Text(values),
        dependent: Vec::new(),
    };
    let number = |column: &str, values: Vec<Option<f64>>| Column {
        name: column.to_owned(),
        kind: MU,
        data: Data::Real(values),
        dependent: Vec::new(),
    };
    let mut columns =
        vec![text("village_code", rows.iter().map(|r| Some(Arc::from(r.0.as_str()))).collect())];
    columns.push(number("year", rows.iter().map(|r| Some(f64::from(r.1))).collect()));
    for (i, column) in texts.iter().enumerate() {
        columns.push(text(column, rows.iter().map(|r| Some(Arc::from(r.2[i]))).collect()));
    }
    for (i, column) in numbers.iter().enumerate() {
        columns.push(number(column, rows.iter().map(|r| r.3[i]).collect()));
    }
    View { name, rows: rows.len(), columns, not_listed: 0 }
}

/// Code of a village of a county of the invented prefecture 9900.
pub(super) fn code(county: usize, village: usize) -> String {
    format!("9900{county:02}001{village:03}")
}

/// `village_year` with claims of `crop` in consecutive years from 2021, per village.
fn years(crop: &str, villages: &[(String, Vec<Option<f64>>)]) -> View {
    let rows: Vec<Row<'_>> = villages
        .iter()
        .flat_map(|(code, areas)| {
            (2021..).zip(areas).map(|(year, area)| (code.clone(), year, vec![], vec![*area]))
        })
        .collect();
    view(ViewName::VillageYear, &[], &[&format!("claimed.{crop}")], &rows)
}

fn measured(mut view: View, wanted: &[&str]) -> View {
    let wanted = wanted.iter().map(|w| (*w).to_owned()).collect();
    add_from_view(&mut view, &wanted, &Project::default());
    view
}

fn get(view: &View, column: &str, row: usize) -> Option<f64> {
    view.column(column).unwrap().number(row)
}

const JUMPS: [&str; 5] =
    ["peer.all_growth", "jump.all_mu", "jump.all_z", "jump.all_peers", "jump.peers"];
const FAIR: [&str; 6] = ["peer.factor", "peer.count", "fair_mu", "fair_se_mu", "over_mu", "over_z"];

#[test]
fn the_catalogue_agrees_with_itself_and_with_the_scan() {
    let project = Project::default();
    for name in ViewName::ALL {
        for column in column_names(name, &project) {
            assert!(column_type(name, &column, &project).is_some(), "{name}.{column}");
            assert_eq!(qingmu_core::column_type(name, &column, &project), None, "{name}.{column}");
            for input in inputs(name, &column) {
                let known = qingmu_core::column_type(name, &input, &project);
                assert!(known.is_some(), "{name}.{column} needs {input}");
            }
        }
    }
    assert_eq!(column_type(ViewName::VillageYear, "jump.quinoa_z", &project), None);
    assert_eq!(column_type(ViewName::Claim, "jump.grain_z", &project), None);
    assert_eq!(inputs(ViewName::VillageYear, "jump.grain_z"), ["claimed.grain"]);
    assert!(inputs(ViewName::Claim, "jump.grain_z").is_empty());
}

#[test]
fn a_jump_is_what_the_other_villages_did_not_do() {
    let mut villages: Vec<_> =
        (0..30).map(|v| (code(1, v), vec![Some(1000.0), Some(1020.0)])).collect();
    villages[4].1 = vec![Some(1000.0), Some(1320.0)];
    let got = measured(years("all", &villages), &JUMPS);
    let near = |a: Option<f64>, b: f64| assert!((a.unwrap() - b).abs() < 1e-9, "{a:?} {b}");
    // Rows are village by village: 2·4 + 1 is village 4 in 2022.
    near(get(&got, "peer.all_growth", 9), 1.02);
    near(get(&got, "jump.all_mu", 9), 300.0);
    near(get(&got, "jump.all_peers", 9), 29.0);
    near(get(&got, "jump.peers", 9), 29.0);
    // The others all moved alike, so the floor of two errors of 1 % is the yardstick.
    near(get(&got, "jump.all_z", 9), {
        let l = |x: f64| (x / 20.0).asinh();
        (l(1320.0 / 1.02) - l(1000.0)) / 2e-4_f64.sqrt()
    });
    near(get(&got, "jump.all_mu", 1), 0.0);
    near(get(&got, "jump.all_z", 1), 0.0);
    // No year before the first.
    for column in JUMPS {
        assert_eq!(get(&got, column, 8), None, "{column}");
    }
}

#[test]
fn a_gap_of_years_and_a_village_alone_are_missing() {
    let rows: Vec<Row<'_>> = [(1, 2021), (1, 2023), (2, 2022), (2, 2023), (3, 2023)]
        .iter()
        .map(|(v, year)| (code(1, *v), *year, vec![], vec![Some(500.0)]))
        .collect();
    let got = measured(view(ViewName::VillageYear, &[], &["claimed.all"], &rows), &JUMPS);
    assert_eq!(get(&got, "jump.all_mu", 1), None);
    // Village 2 has its year before, but nobody to compare with.
    assert_eq!(get(&got, "peer.all_growth", 3), None);
    assert_eq!(get(&got, "jump.all_z", 3), None);
    assert_eq!(get(&got, "jump.peers", 3), Some(0.0));
}

#[test]
fn a_village_that_starts_from_nothing_is_measured() {
    let mut villages: Vec<_> =
        (0..20).map(|v| (code(1, v), vec![Some(800.0), Some(400.0)])).collect();
    villages[0].1 = vec![Some(0.0), Some(300.0)];
    let got = measured(years("all", &villages), &JUMPS);
    assert_eq!(get(&got, "peer.all_growth", 1), Some(0.5));
    assert_eq!(get(&got, "jump.all_mu", 1), Some(300.0));
    assert!(get(&got, "jump.all_z", 1).unwrap() > 10.0);
}

#[test]
fn a_small_county_leans_on_its_prefecture() {
    // Two villages that doubled beside a county of twenty that stood still.
    let mut villages: Vec<_> =
        (0..2).map(|v| (code(1, v), vec![Some(1000.0), Some(2000.0)])).collect();
    villages.extend((0..20).map(|v| (code(2, v), vec![Some(1000.0), Some(1000.0)])));
    let got = measured(years("all", &villages), &JUMPS);
    let growth = get(&got, "peer.all_growth", 1).unwrap();
    assert!((growth - 2_f64.powf(1.0 / 13.0)).abs() < 1e-12, "{growth}");
    assert_eq!(get(&got, "jump.peers", 1), Some(1.0));
    assert_eq!(get(&got, "peer.all_growth", 5), Some(1.0));
}

fn claim(county: usize, village: usize, programme: &str, numbers: [Option<f64>; 3]) -> Row<'_> {
    (code(county, village), 2022, vec!["A", programme], numbers.to_vec())
}

fn programmes(rows: &[Row<'_>]) -> View {
    let numbers = ["claimed.all", "ref_mu", "ref_se_mu"];
    view(ViewName::VillageSeasonProgramme, &["season", "programme"], &numbers, rows)
}

#[test]
fn a_fair_area_is_the_baseline_at_the_countys_ratio() {
    let mut rows: Vec<_> =
        (0..20).map(|v| claim(1, v, "GRAIN", [Some(880.0), Some(1100.0), Some(30.0)])).collect();
    rows[3].3[0] = Some(1180.0);
    rows[5].3[2] = None;
    rows[6].3[1] = None;
    rows[7].3[1] = Some(0.0);
    // Another programme of the same villages has its own ratio.
    rows.extend((0..20).map(|v| claim(1, v, "RICE", [Some(50.0), Some(20.0), None])));
    let mut source = programmes(&rows);
    source.column_mut("ref_mu").unwrap().dependent = (0..40).map(|row| row == 3).collect();
    let got = measured(source, &FAIR);
    let near = |a: Option<f64>, b: f64| assert!((a.unwrap() - b).abs() < 1e-9, "{a:?} {b}");
    near(get(&got, "peer.factor", 3), 0.8);
    near(get(&got, "peer.count", 3), 17.0);
    near(get(&got, "fair_mu", 3), 880.0);
    near(get(&got, "over_mu", 3), 300.0);
    // c·se = 24 mu; the peers do not scatter, so τ is the floor of 1 %, on the asinh scale in mu.
    let se = 24_f64.hypot(0.01 * 880_f64.hypot(20.0));
    near(get(&got, "fair_se_mu", 3), se);
    near(get(&got, "over_z", 3), 300.0 / se);
    near(get(&got, "fair_se_mu", 5), 0.01 * 880_f64.hypot(20.0));
    assert_eq!((get(&got, "fair_mu", 6), get(&got, "over_z", 6)), (None, None));
    near(get(&got, "over_mu", 7), 880.0);
    near(get(&got, "peer.factor", 25), 2.5);
    assert!(got.column("over_mu").unwrap().dependent[3]);
    assert!(!got.column("over_mu").unwrap().dependent[4]);
}

#[test]
fn contract_programmes_share_their_land_with_other_crops() {
    let rows = [("GRAIN", Some(40.0)), ("GRAIN", None), ("FERTILITY", Some(40.0)), ("NEW", None)]
        .map(|(p, x)| (code(1, 1), 2022, vec!["A", p], vec![x, x.map(|x| x / 10.0)]));
    let numbers = ["base.competing", "base.competing_se"];
    let source = view(ViewName::VillageSeasonProgramme, &["season", "programme"], &numbers, &rows);
    let got = measured(source, &["basis", "competing_mu", "competing_se_mu"]);
    let basis = |row| got.column("basis").unwrap().text(row).map(ToString::to_string).unwrap();
    assert_eq!([basis(0), basis(2), basis(3)], ["planting", "contract", "planting"]);
    let competing = |row| (get(&got, "competing_mu", row), get(&got, "competing_se_mu", row));
    assert_eq!(competing(0), (Some(40.0), Some(4.0)));
    assert_eq!(competing(1), (None, None));
    assert_eq!(competing(2), (Some(0.0), Some(0.0)));
}

#[test]
fn a_rise_is_shared_by_approved_area() {
    let jumps = [Some(120.0), Some(-40.0), None];
    let rows: Vec<Row<'_>> =
        (1..4).map(|v| (code(1, v), 2022, vec![], vec![jumps[v - 1]])).collect();
    let years = view(ViewName::VillageYear, &[], &["jump.all_mu"], &rows);
    let rows = [(1, "x", 300.0), (1, "y", 100.0), (2, "x", 500.0), (3, "y", 500.0), (4, "y", 1.0)]
        .map(|(v, approver, area)| (code(1, v), 2022, vec![approver], vec![Some(area)]));
    let mut got = view(ViewName::ApproverVillage, &["approver_id"], &["area_mu"], &rows);
    rise::add(&mut got, &years);
    let rises: Vec<_> = (0..5).map(|row| get(&got, "rise_mu", row)).collect();
    assert_eq!(rises, [Some(90.0), Some(30.0), Some(0.0), None, None]);
}

/// Two counties of 14 to 20 villages over three years, areas of 30 to 6,000 mu.
fn counties() -> impl Strategy<Value = Vec<(String, Vec<Option<f64>>)>> {
    let village = prop::collection::vec(30.0_f64..6000.0, 3);
    prop::collection::vec(village, 28..40).prop_map(|areas| {
        let named =
            |(i, a): (usize, Vec<f64>)| (code(1 + i % 2, i), a.into_iter().map(Some).collect());
        areas.into_iter().enumerate().map(named).collect()
    })
}

/// Areas with zeros and gaps among them.
fn anything() -> impl Strategy<Value = Option<f64>> {
    prop_oneof![1 => Just(None), 2 => Just(Some(0.0)), 6 => (0.0001_f64..1e7).prop_map(Some)]
}

proptest! {
    #[test]
    fn a_factor_on_a_county_year_moves_no_z(villages in counties(), factor in 0.5_f64..2.0) {
        let mut shifted = villages.clone();
        for (code, areas) in &mut shifted {
            if code.starts_with("990001") {
                areas[1] = areas[1].map(|a| a * factor);
            }
        }
        let plain = measured(years("all", &villages), &JUMPS);
        let moved = measured(years("all", &shifted), &JUMPS);
        for row in 0..plain.rows {
            let village = &villages[row / 3];
            let in_county = village.0.starts_with("990001");
            let pair = |column| (get(&plain, column, row), get(&moved, column, row));
            let (before, after) = pair("jump.all_z");
            prop_assert_eq!(before.is_some(), after.is_some());
            let (before, after) = (before.unwrap_or(0.0), after.unwrap_or(0.0));
            // The year of the factor is exact; the year after it leaves the scale's curved part only.
            let last = row % 3 == 2;
            let exact = !(in_county && last);
            if exact {
                prop_assert!((before - after).abs() < 1e-9 * before.abs().max(1.0));
            }
            let (mu, mu_after) = pair("jump.all_mu");
            let (mu, mu_after) = (mu.unwrap_or(0.0), mu_after.unwrap_or(0.0));
            let by = if in_county && row % 3 == 1 { factor } else { 1.0 };
            prop_assert!((mu * by - mu_after).abs() < 1e-6, "{mu} {mu_after}");
        }
    }

    #[test]
    fn large_villages_feel_no_factor_on_the_year_before(
        areas in prop::collection::vec((2000.0_f64..6000.0, 2000.0_f64..6000.0), 14..30),
        factor in 0.5_f64..2.0,
    ) {
        let county = |factor: f64| -> Vec<_> {
            let village = |(v, (a, b)): (usize, &(f64, f64))| {
                (code(1, v), vec![Some(a * factor), Some(*b)])
            };
            areas.iter().enumerate().map(village).collect()
        };
        let plain = measured(years("all", &county(1.0)), &JUMPS);
        let moved = measured(years("all", &county(factor)), &JUMPS);
        for row in (1..plain.rows).step_by(2) {
            let z = |v: &View| get(v, "jump.all_z", row).unwrap();
            prop_assert!((z(&plain) - z(&moved)).abs() < 1e-2 * z(&plain).abs().max(1.0));
            let mu = |v: &View| get(v, "jump.all_mu", row).unwrap();
            prop_assert!((mu(&plain) - mu(&moved)).abs() < 1e-6);
        }
    }

    #[test]
    fn a_factor_on_claims_or_baseline_of_a_county_moves_no_over_z(
        areas in prop::collection::vec((30.0_f64..6000.0, 30.0_f64..6000.0), 14..30),
        factor in 0.5_f64..2.0,
    ) {
        let county = |claims: f64, base: f64| {
            let rows: Vec<Row<'_>> = areas.iter().enumerate().map(|(v, (a, b))| {
                claim(1, v, "GRAIN", [Some(a * claims), Some(b * base), Some(b * base * 0.03)])
            }).collect();
            measured(programmes(&rows), &FAIR)
        };
        let (plain, source) = (county(1.0, 1.0), county(1.0, factor));
        let claims = county(factor, 1.0);
        for row in 0..plain.rows {
            let of = |v: &View, column| get(v, column, row).unwrap();
            let near = |a: f64, b: f64| (a - b).abs() < 1e-8 * a.abs().max(1.0);
            prop_assert!(near(of(&plain, "over_z"), of(&source, "over_z")));
            prop_assert!(near(of(&plain, "over_mu"), of(&source, "over_mu")));
            prop_assert!(near(of(&plain, "over_mu") * factor, of(&claims, "over_mu")));
        }
    }

    #[test]
    fn nothing_is_ever_nan(
        areas in prop::collection::vec((anything(), anything(), anything()), 1..40),
    ) {
        let numbers = |v: &View| v.columns.iter().filter_map(|c| match &c.data {
            Data::Real(values) => Some(values.clone()),
            _ => None,
        }).flatten().flatten().collect::<Vec<f64>>();
        let villages: Vec<_> = areas.iter().enumerate()
            .map(|(v, (a, b, c))| (code(v % 3, v), vec![*a, *b, *c])).collect();
        let jumps = measured(years("all", &villages), &JUMPS);
        let rows: Vec<Row<'_>> = areas.iter().enumerate()
            .map(|(v, (a, b, c))| claim(v % 3, v, "GRAIN", [*a, *b, *c])).collect();
        let fair = measured(programmes(&rows), &FAIR);
        prop_assert!(numbers(&jumps).into_iter().chain(numbers(&fair)).all(f64::is_finite));
        for view in [&jumps, &fair] {
            prop_assert!(view.columns.iter().all(|c| c.data.len() == view.rows));
        }
    }
}
