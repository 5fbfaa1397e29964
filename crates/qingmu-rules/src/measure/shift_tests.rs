//! What a whole county does in a year is no hit of any rule; what six of its villages do is.
//! All villages and figures are invented.
#![allow(clippy::unwrap_used, reason = "a rule or column that is not there fails the test at once")]

use super::tests::{Row, code, view};
use super::*;
use crate::evaluate::{EvalOptions, evaluate_views};
use crate::{PackSource, Rule, load_pack};
use proptest::prelude::*;
use std::path::Path;

const VILLAGES: usize = 60;
const TOWN: usize = 12;

/// A county of honest villages with small noise, and what befalls it.
#[derive(Debug, Clone, Copy)]
struct Story {
    /// Factor on all claims of the second year.
    claims: f64,
    /// Factor on arable and contracted land on paper in the second year.
    land: f64,
    /// Factor on grain claims of villages 0 to 5 in the second year.
    six: f64,
}

const HONEST: Story = Story { claims: 1.0, land: 1.0, six: 1.0 };

/// Deterministic noise of about ±1.5 %.
fn noise(village: usize, salt: usize) -> f64 {
    let step = (village * 37 + salt * 101 + village * village * 13) % 31;
    1.0 + (step as f64 - 15.0) / 1000.0
}

fn village_code(village: usize) -> String {
    format!("990001{:03}{village:03}", village / TOWN)
}

/// Grain claims of a village and season.
fn grain(story: Story, village: usize, year: usize, season: usize) -> f64 {
    let size = 600.0 + 45.0 * (village * 7 % 60) as f64;
    let six = if village < 6 && year == 1 { story.six } else { 1.0 };
    let county = if year == 1 { story.claims } else { 1.0 };
    size * 0.8 * noise(village, year * 2 + season) * six * county
}

fn arable(story: Story, village: usize, year: usize) -> f64 {
    let size = 600.0 + 45.0 * (village * 7 % 60) as f64;
    size * if year == 1 { story.land } else { 1.0 }
}

/// Every row's village, year and what the closure adds.
fn rows<'a>(each: impl Fn(usize, usize) -> Vec<(Vec<&'a str>, Vec<Option<f64>>)>) -> Vec<Row<'a>> {
    let pairs = (0..VILLAGES).flat_map(|v| [(v, 0), (v, 1)]);
    pairs
        .flat_map(|(v, y)| {
            let year = if y == 0 { 2021 } else { 2022 };
            each(v, y).into_iter().map(move |(t, n)| (village_code(v), year, t, n))
        })
        .collect()
}

fn core_view(story: Story, name: ViewName) -> View {
    let both = |v, y| grain(story, v, y, 0) + grain(story, v, y, 1);
    match name {
        ViewName::VillageYear => {
            let columns = [
                "claimed.all",
                "claimed.grain",
                "paid.all",
                "paid.grain",
                "base.vegetable",
                "base.vegetable_se",
                "base.arable",
            ];
            let list = rows(|v, y| {
                let (g, veg) = (both(v, y), arable(HONEST, v, y) * 0.1 * noise(v, 9 + y));
                let land = arable(story, v, y);
                let numbers = [g, g, 20.0 * g, 20.0 * g, veg, 0.02 * veg, land];
                vec![(vec![], numbers.map(Some).to_vec())]
            });
            view(name, &[], &columns, &list)
        }
        ViewName::VillageSeasonProgramme => {
            let columns = [
                "claimed.all",
                "paid.all",
                "ref_mu",
                "ref_se_mu",
                "base.arable",
                "base.contracted",
            ];
            let list = rows(|v, y| {
                let season = |s: usize| {
                    let (g, land) = (grain(story, v, y, s), arable(story, v, y));
                    let base = grain(HONEST, v, y, s) * noise(v, 17 + y + s);
                    let numbers = [g, 20.0 * g, base, 0.025 * base, land, land * 0.95];
                    (vec![if s == 0 { "A" } else { "S" }, "GRAIN"], numbers.map(Some).to_vec())
                };
                vec![season(0), season(1)]
            });
            view(name, &["season", "programme"], &columns, &list)
        }
        ViewName::ApproverVillage => {
            let list = rows(|v, y| {
                let town: &str = ["t0", "t1", "t2", "t3", "t4"][v / TOWN];
                let approver = if v % TOWN < 6 { "x" } else { "y" };
                let g = both(v, y);
                vec![(vec![town, approver], vec![Some(g), Some(20.0 * g)])]
            });
            view(name, &["town_code", "approver_id"], &["area_mu", "amount_yuan"], &list)
        }
        other => panic!("no rule under test reads {other}"),
    }
}

fn rules() -> Vec<Rule> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules");
    let pack = load_pack(&PackSource::Dir(folder), &Project::default()).unwrap();
    let mut rules = pack.rules;
    rules.retain(|rule| ["N01", "T01", "V01", "V02", "V03"].contains(&rule.id.as_str()));
    assert_eq!(rules.len(), 5);
    rules
}

/// `rule subject` of every hit.
fn hits(rules: &[Rule], story: Story) -> BTreeSet<String> {
    let project = Project::default();
    let found = evaluate_views(rules, &EvalOptions::default(), |name, wanted| {
        let mut view = core_view(story, name);
        if name == ViewName::ApproverVillage {
            let mut years = core_view(story, ViewName::VillageYear);
            add_from_view(&mut years, &BTreeSet::from(["jump.all_mu".to_owned()]), &project);
            rise::add(&mut view, &years);
        }
        add_from_view(&mut view, wanted, &project);
        view
    });
    let found = found.unwrap();
    let judged: u64 = found.coverage.iter().map(|c| c.hit + c.clear + c.cleared).sum();
    assert!(judged > 300, "the rules must judge, not abstain: {:?}", found.coverage);
    found.hits.iter().map(|hit| format!("{} {}", hit.rule, hit.subject)).collect()
}

#[test]
fn six_villages_stand_out_of_an_honest_county() {
    let rules = rules();
    let honest = hits(&rules, HONEST);
    assert!(honest.is_empty(), "{honest:?}");
    // With a re-survey of the whole county in the same year the same villages stand out.
    for claims in [1.0, 1.3] {
        let found = hits(&rules, Story { claims, land: claims, six: 1.28 });
        for id in ["T01", "V02"] {
            let villages: Vec<&String> = found.iter().filter(|h| h.starts_with(id)).collect();
            let expected: Vec<String> =
                (0..6).map(|v| format!("{id} {}/2022", village_code(v))).collect();
            assert_eq!(villages, expected.iter().collect::<Vec<_>>(), "{claims}");
        }
        assert!(found.contains("N01 t0/x/2022"), "{found:?}");
        let others =
            found.iter().filter(|hit| !hit.contains("990001000") && !hit.starts_with("N01"));
        assert_eq!(others.count(), 0, "{found:?}");
    }
}

#[test]
fn codes_of_both_test_counties_fit_the_levels() {
    let levels = Project::default().region;
    assert_eq!(levels.check(&village_code(59)).map_err(|e| e.to_string()), Ok("990001004059"));
    let other = code(2, 30);
    assert!(levels.check(&other).is_ok(), "{other}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_factor_on_the_whole_county_is_nobodys_hit(
        claims in 0.5_f64..2.0,
        land in prop_oneof![Just(1.0), 0.8_f64..1.3],
    ) {
        let rules = rules();
        let found = hits(&rules, Story { claims, land, six: 1.0 });
        prop_assert!(found.is_empty(), "{found:?}");
    }
}
