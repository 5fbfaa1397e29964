//! What is fitted is what was put in.

use crate::province::{Recipe, invent};
use qingmu_deviation::{Config, Model, fit};

fn fitted(recipe: &Recipe) -> Model {
    let province = invent(recipe);
    fit(&province.panel, &Config::default()).expect("an invented panel is sound").0
}

fn calm(seed: u64) -> Recipe {
    Recipe { fraud: 0.0, heavy: false, years: 8, ..Recipe::standard(seed, 25, 0.3) }
}

fn within(value: f64, truth: f64, share: f64, what: &str) {
    assert!((value / truth - 1.0).abs() < share, "{what}: {value} instead of {truth}");
}

#[test]
fn variances_come_back_without_any_truth_at_hand() {
    let recipe = calm(11);
    let model = fitted(&recipe);
    for prefecture in [0, 1, 77] {
        let stratum = model.stratum(prefecture);
        let sd = |curve: qingmu_deviation::Curve| curve.at(1500.0, 1e-9).sqrt();
        within(sd(stratum.claims.yearly), recipe.claims.1, 0.2, "claims, transient");
        within(sd(stratum.claims.lasting), recipe.claims.0, 0.2, "claims, persistent");
        for (source, quality) in stratum.sources.iter().zip(&recipe.sources) {
            within(sd(source.yearly), quality.yearly, 0.2, quality.name);
            within(sd(source.lasting), quality.lasting, 0.3, quality.name);
        }
        // Real change of a village, and of its town, which is not centred away.
        let walk = recipe.walk.powi(2) + 2.0 * 0.08_f64.powi(2) + 2.0 * 0.025_f64.powi(2);
        within(stratum.walk.at(1500.0, 1e-9).sqrt(), walk.sqrt(), 0.2, "walk");
    }
}

#[test]
fn three_frauds_in_a_hundred_move_no_variance() {
    let clean = fitted(&calm(12));
    let planted = fitted(&Recipe { fraud: 0.03, excess: 0.4, ..calm(12) });
    let (a, b) = (clean.stratum(77), planted.stratum(77));
    within(
        b.claims.yearly.at(1500.0, 0.0),
        a.claims.yearly.at(1500.0, 0.0),
        0.2,
        "claims, transient",
    );
    within(b.walk.at(1500.0, 0.0), a.walk.at(1500.0, 0.0), 0.1, "walk");
}

#[test]
fn small_villages_get_wider_errors() {
    let recipe = Recipe { error_mu: 60.0, ..calm(13) };
    let model = fitted(&recipe);
    let curve = model.stratum(77).sources[2].yearly;
    for size in [600.0_f64, 1500.0, 3500.0] {
        let truth = (0.12_f64.powi(2) + (60.0 / size).powi(2)).sqrt();
        within(curve.at(size, 1e-9).sqrt(), truth, 0.2, "land survey by size");
    }
}

#[test]
fn one_source_is_split_and_none_leaves_history() {
    let mut recipe = calm(14);
    recipe.sources.truncate(1);
    let stratum = fitted(&recipe).rest;
    let total = recipe.claims.1.powi(2) + recipe.sources[0].yearly.powi(2);
    within(stratum.claims.yearly.at(1500.0, 0.0), 0.3 * total, 0.15, "claims' share");
    within(stratum.sources[0].yearly.at(1500.0, 0.0), 0.7 * total, 0.15, "source's share");
    recipe.sources.clear();
    // Without shocks of towns, so that planting is the walk alone.
    let province = invent(&recipe);
    let (model, notes) =
        fit(&province.panel, &Config::default()).expect("claims alone are a panel");
    assert!(notes.is_empty() && model.sources.is_empty());
    let rest = &model.rest;
    assert!(rest.walk.at(1500.0, 0.0) > 0.0 && rest.claims.yearly.at(1500.0, 0.0) > 0.0);
}

#[test]
fn a_yearbook_that_carries_last_year_is_recognised() {
    let mut recipe = calm(15);
    recipe.sources[1].lag = 0.35;
    let model = fitted(&recipe);
    assert!((model.sources[1].lag - 0.35).abs() < 0.08, "{}", model.sources[1].lag);
    for other in [0, 2] {
        assert!(model.sources[other].lag < 0.08, "{}", model.sources[other].lag);
    }
    // A yearbook that does not lag is not made to.
    assert!(fitted(&calm(16)).sources[1].lag < 0.08);
}

#[test]
fn stated_errors_are_rescaled_not_believed() {
    let recipe = calm(17);
    let mut province = invent(&recipe);
    let source = &mut province.panel.sources[0];
    // States a third of its real transient error of 8 %.
    source.se = source.area.iter().map(|a| a.map(|a| a * 0.08 / 3.0)).collect();
    let (model, _) = fit(&province.panel, &Config::default()).expect("sound");
    let factor = model.stratum(77).stated[0].expect("every value has its error");
    within(factor.sqrt(), 3.0, 0.2, "factor");
    assert_eq!(model.stratum(77).stated[1], None);
    // Below four fifths of the cells they are not used at all.
    let source = &mut province.panel.sources[0];
    source.se.iter_mut().step_by(3).for_each(|se| *se = None);
    let (model, _) = fit(&province.panel, &Config::default()).expect("sound");
    assert_eq!(model.stratum(77).stated[0], None);
}

#[test]
fn vegetables_shift_the_level_and_are_taken_out() {
    let mut province = invent(&calm(18));
    let panel = &mut province.panel;
    for v in 0..panel.places.len() {
        let share = (v * 37 % 100) as f64 / 200.0;
        panel.vegetable_share[v] = Some(share);
        for t in 0..panel.years {
            let cell = &mut panel.claimed[v * panel.years + t];
            *cell = cell.map(|c| c * (-0.4 * share).exp());
        }
    }
    let (model, _) = fit(&province.panel, &Config::default()).expect("sound");
    for source in &model.sources {
        assert!((source.vegetable_slope + 0.4).abs() < 0.08, "{}", source.vegetable_slope);
    }
    // Nothing to find where the share does not matter.
    let mut plain = invent(&calm(18));
    plain.panel.vegetable_share = province.panel.vegetable_share;
    let (model, _) = fit(&plain.panel, &Config::default()).expect("sound");
    assert!(model.sources.iter().all(|s| s.vegetable_slope.abs() < 0.05));
}
