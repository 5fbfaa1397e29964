//! Properties of statistics.md 7.3 that concern this crate.

use crate::province::{Dice, Recipe, invent};
use proptest::prelude::*;
use qingmu_deviation::{
    Config, Model, Panel, Source, VillageFit, assess, assess_range, expectations, fit, templates,
};

/// Three counties of thirty villages, five years.
fn small(seed: u64) -> Panel {
    let recipe = Recipe { towns: 3, villages: 10, years: 5, ..Recipe::standard(seed, 3, 0.3) };
    invent(&recipe).panel
}

fn learnt(panel: &Panel, config: &Config) -> Model {
    fit(panel, config).expect("an invented panel is sound").0
}

fn run(panel: &Panel, config: &Config) -> Vec<Option<VillageFit>> {
    assess(panel, &learnt(panel, config), config)
}

/// Largest difference between two runs over all evidence, in shares of it where it is large.
fn distance(a: &[Option<VillageFit>], b: &[Option<VillageFit>]) -> f64 {
    let figures = |fits: &[Option<VillageFit>]| -> Vec<f64> {
        let all = fits.iter().flatten();
        all.flat_map(|f| {
            let sources = f.with_source.iter().flat_map(|s| s.ln_bf.clone());
            let rest = f.ln_bf.iter().chain(&f.ln_bf_mirror).chain(&f.honest).copied();
            rest.chain(sources).collect::<Vec<_>>()
        })
        .collect()
    };
    let (a, b) = (figures(a), figures(b));
    assert_eq!(a.len(), b.len());
    let apart = |(a, b): (&f64, &f64)| {
        if a.to_bits() == b.to_bits() { 0.0 } else { (a - b).abs() / (1.0 + a.abs()) }
    };
    a.iter().zip(&b).map(apart).fold(0.0, f64::max)
}

fn scaled(panel: &Panel, claims: f64, source: f64) -> Panel {
    let mut panel = panel.clone();
    let by = |column: &mut Vec<Option<f64>>, c: f64| {
        for area in column.iter_mut() {
            *area = area.map(|a| a * c);
        }
    };
    by(&mut panel.claimed, claims);
    panel.sources.iter_mut().for_each(|s| by(&mut s.area, source));
    panel
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn the_unit_of_area_does_not_matter(seed in 0_u64..1000) {
        let (panel, config) = (small(seed), Config::default());
        let hectares = Config { delta_mu: config.delta_mu / 15.0, ..config.clone() };
        let other = run(&scaled(&panel, 1.0 / 15.0, 1.0 / 15.0), &hectares);
        prop_assert!(distance(&run(&panel, &config), &other) < 1e-7);
    }

    #[test]
    fn the_order_of_villages_does_not_matter(seed in 0_u64..1000, turn in 1_usize..80) {
        let (panel, config) = (small(seed), Config::default());
        let mut turned = panel.clone();
        turned.places.rotate_left(turn);
        turned.claimed.rotate_left(turn * panel.years);
        for source in &mut turned.sources {
            source.area.rotate_left(turn * panel.years);
        }
        let mut back = run(&turned, &config);
        back.rotate_right(turn);
        prop_assert!(distance(&run(&panel, &config), &back) < 1e-9);
    }

    #[test]
    fn what_a_county_shares_in_a_year_is_no_evidence(
        seed in 0_u64..1000, county in 0_usize..3, year in 0_usize..5, by in 0.5_f64..2.0,
    ) {
        // So small a linear part that the scale is a logarithm.
        let (mut panel, config) = (small(seed), Config { delta_mu: 1e-6, ..Config::default() });
        // The survey is too thin for a county to stand alone.
        panel.sources.truncate(2);
        let before = run(&panel, &config);
        let cells: Vec<usize> =
            (county * 30..(county + 1) * 30).map(|v| v * panel.years + year).collect();
        let mut shocked = panel.clone();
        for c in &cells {
            shocked.claimed[*c] = shocked.claimed[*c].map(|a| a * by);
        }
        prop_assert!(distance(&before, &run(&shocked, &config)) < 1e-7);
        let mut biased = panel.clone();
        let source = &mut biased.sources[0].area;
        for c in &cells {
            source[*c] = source[*c].map(|a| a * by);
        }
        prop_assert!(distance(&before, &run(&biased, &config)) < 1e-7);
    }

    #[test]
    fn higher_claims_never_lower_the_evidence(
        seed in 0_u64..1000, village in 0_usize..90, year in 0_usize..5, by in 1.0_f64..3.0,
    ) {
        let (panel, config) = (small(seed), Config::default());
        let model = learnt(&panel, &config);
        let mut raised = panel.clone();
        let cell = village * panel.years + year;
        raised.claimed[cell] = raised.claimed[cell].map(|a| a * by);
        let (before, after) = (assess(&panel, &model, &config), assess(&raised, &model, &config));
        for (v, (b, a)) in before.iter().zip(&after).enumerate() {
            prop_assert!(v == village || a == b, "village {v} moved");
        }
        let alone = templates(panel.years).iter().position(|t| t.from == year && t.to == year);
        let get = |fits: &[Option<VillageFit>]| {
            let fit = fits[village].as_ref().expect("assessable");
            let at = alone.expect("canonical");
            (fit.ln_bf[at], fit.ln_bf_mirror[at])
        };
        let ((up, down), (up_after, down_after)) = (get(&before), get(&after));
        prop_assert!(up_after >= up - 1e-6, "{up} {up_after}");
        prop_assert!(down_after <= down + 1e-6 || down_after < 0.0, "{down} {down_after}");
    }

    #[test]
    fn one_village_hardly_moves_the_others_and_cannot_hide_by_rising(
        seed in 0_u64..1000, village in 0_usize..90, by in prop_oneof![Just(0.7), Just(1.5)],
    ) {
        let (panel, config) = (small(seed), Config::default());
        let mut moved = panel.clone();
        let cell = village * panel.years + 4;
        moved.claimed[cell] = moved.claimed[cell].map(|a| a * by);
        let (before, after) = (run(&panel, &config), run(&moved, &config));
        let last = |fits: &[Option<VillageFit>], v: usize| {
            let now = templates(panel.years).iter().position(|t| t.from == 4).expect("canonical");
            fits[v].as_ref().expect("assessable").ln_bf[now]
        };
        let apart = |v: usize| (last(&before, v) - last(&after, v)).abs();
        let others = (0..90).filter(|v| *v != village);
        let mean = others.map(apart).sum::<f64>() / 89.0;
        prop_assert!(mean < 0.25, "{mean}");
        let above = |fits: &[Option<VillageFit>]| {
            (0..90).filter(|v| last(fits, *v) > last(fits, village)).count()
        };
        prop_assert!(by < 1.0 || above(&after) <= above(&before) + 1);
    }

    #[test]
    fn a_source_without_cells_changes_nothing(seed in 0_u64..1000) {
        let (panel, config) = (small(seed), Config::default());
        let mut more = panel.clone();
        let nothing = vec![None; panel.claimed.len()];
        more.sources.push(Source {
            name: "insurance".to_owned(), independent: true, area: nothing.clone(), se: nothing,
        });
        prop_assert!(distance(&run(&panel, &config), &run(&more, &config)) < 1e-9);
    }

    #[test]
    fn a_source_of_noise_changes_little(seed in 0_u64..1000) {
        let (panel, config) = (small(seed), Config::default());
        let (mut more, mut dice) = (panel.clone(), Dice::new(seed + 7));
        let noise = panel.claimed.iter().map(|c| c.map(|c| c * dice.normal().exp())).collect();
        more.sources.push(Source {
            name: "insurance".to_owned(), independent: true, area: noise,
            se: vec![None; panel.claimed.len()],
        });
        let (before, after) = (run(&panel, &config), run(&more, &config));
        // The village's own scale is taken from all cells, hence a share of the evidence.
        let apart = |a: &f64, b: &f64| (a - b).abs() / (1.0 + a.abs().max(b.abs()));
        let pairs = before.iter().flatten().zip(after.iter().flatten());
        let apart: Vec<f64> = pairs
            .flat_map(|(a, b)| a.ln_bf.iter().zip(&b.ln_bf).map(|(a, b)| apart(a, b)).collect::<Vec<_>>())
            .collect();
        let mean = apart.iter().sum::<f64>() / apart.len() as f64;
        prop_assert!(mean < 0.15, "{mean}");
    }

    #[test]
    fn damaged_and_thin_panels_give_numbers_or_nothing(
        seed in 0_u64..1000, years in 1_usize..4, villages in 1_u32..5, keep in 0.2_f64..1.0,
    ) {
        let recipe = Recipe { towns: 1, villages, years, fraud: 0.0, ..Recipe::standard(seed, 2, 0.3) };
        let (mut panel, mut dice) = (invent(&recipe).panel, Dice::new(seed));
        let sources = panel.sources.iter_mut().map(|s| &mut s.area);
        for column in sources.chain(std::iter::once(&mut panel.claimed)) {
            for cell in column.iter_mut() {
                let throw = dice.uniform();
                if throw > keep {
                    *cell = if throw > 0.9 { Some(0.0) } else { None };
                } else if throw < 0.03 {
                    *cell = cell.map(|a| a * 1e12);
                }
            }
        }
        let config = Config::default();
        let model = learnt(&panel, &config);
        for (v, fit) in assess(&panel, &model, &config).iter().enumerate() {
            let claims = &panel.claimed[v * years..(v + 1) * years];
            prop_assert!(fit.is_none() || claims.iter().any(Option::is_some));
            if let Some(f) = fit {
                let evidence = f.ln_bf.iter().chain(&f.ln_bf_mirror).chain(&f.honest);
                prop_assert!(evidence.clone().all(|l| !l.is_nan() && *l < f64::INFINITY));
                prop_assert!(f.honest.iter().all(|l| l.is_finite()));
                prop_assert!(f.delta.iter().all(|d| d.centre.is_finite() && d.se > 0.0 && d.se.is_finite()));
            }
            for e in expectations(&panel, &model, &config, v) {
                prop_assert!([e.expected, e.lo, e.hi].iter().all(|x| x.is_finite() && *x >= 0.0));
            }
        }
        let text = serde_json::to_string(&model).expect("a model is data");
        let back: Model = serde_json::from_str(&text).expect("and back");
        let (one, two) = (assess(&panel, &model, &config), assess(&panel, &back, &config));
        prop_assert!(distance(&one, &two) < 1e-7);
    }

    #[test]
    fn a_live_run_uses_nothing_later(seed in 0_u64..1000, last in 1_usize..4) {
        let panel = small(seed);
        let year = panel.first_year + i16::try_from(last).expect("small");
        let config = Config { until: Some(year), ..Config::default() };
        let mut blank = panel.clone();
        for cell in 0..panel.claimed.len() {
            if cell % panel.years > last {
                blank.claimed[cell] = None;
                blank.sources.iter_mut().for_each(|s| s.area[cell] = None);
            }
        }
        prop_assert_eq!(fit(&panel, &config), fit(&blank, &Config::default()));
        prop_assert_eq!(run(&panel, &config), run(&blank, &Config::default()));
        // Shapes of years that are not known yet have no evidence.
        let later = templates(panel.years).iter().position(|t| t.from > last);
        let fits = run(&panel, &config);
        let found = fits.iter().flatten().all(|f| f.ln_bf[later.expect("canonical")] == f64::NEG_INFINITY);
        prop_assert!(found);
    }
}

#[test]
fn threads_and_ranges_give_the_same_bytes() {
    let (panel, config) = (small(5), Config::default());
    let whole = run(&panel, &config);
    for threads in [1, 3] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        let model = pool.expect("threads").install(|| learnt(&panel, &config));
        assert_eq!(model, learnt(&panel, &config));
        let mut parts = assess_range(&panel, &model, &config, 0..17);
        parts.extend(assess_range(&panel, &model, &config, 17..90));
        assert_eq!(parts, whole);
    }
}

#[test]
fn a_later_panel_is_scored_by_an_older_model() {
    let (panel, config) = (small(6), Config::default());
    let model = learnt(&panel, &config);
    // The same years, with one more that the model does not know, and the sources in another order.
    let mut longer = panel.clone();
    longer.years += 1;
    let stretch = |column: &[Option<f64>]| -> Vec<Option<f64>> {
        column.chunks(panel.years).flat_map(|row| row.iter().copied().chain([Some(1e4)])).collect()
    };
    longer.claimed = stretch(&panel.claimed);
    for source in &mut longer.sources {
        source.area = stretch(&source.area);
        source.se = stretch(&source.se).iter().map(|_| None).collect();
    }
    longer.sources.reverse();
    let (before, after) = (assess(&panel, &model, &config), assess(&longer, &model, &config));
    for (b, a) in before.iter().zip(&after) {
        let (b, a) = (b.as_ref().expect("assessable"), a.as_ref().expect("assessable"));
        assert_eq!(b.baseline_cells, a.baseline_cells);
        // The template of the first year alone is the first in both.
        assert!((b.ln_bf[0] - a.ln_bf[0]).abs() < 1e-9);
    }
    assert!(
        assess(&Panel { years: 0, ..panel.clone() }, &model, &config).iter().all(Option::is_none)
    );
    assert!(expectations(&panel, &model, &config, 90).is_empty());
}

#[test]
fn a_value_that_is_no_number_counts_as_missing_in_scoring() {
    let (panel, config) = (small(8), Config::default());
    let model = learnt(&panel, &config);
    let (mut damaged, mut missing) = (panel.clone(), panel.clone());
    for (at, bad) in [(3, f64::NAN), (11, f64::INFINITY), (12, -5.0)] {
        damaged.claimed[at] = Some(bad);
        missing.claimed[at] = None;
        damaged.sources[0].area[at + 20] = Some(bad);
        missing.sources[0].area[at + 20] = None;
    }
    damaged.vegetable_share[2] = Some(f64::NAN);
    assert_eq!(assess(&damaged, &model, &config), assess(&missing, &model, &config));
    assert!(fit(&damaged, &config).is_err());
}
