//! Signs: what is true of an excess is true of its mirror.

use crate::assess::Scorer;
use crate::config::Config;
use crate::fit::VillageFit;
use crate::learn::fit;
use crate::panel::{Panel, Place, Source};
use crate::shape::{HonestKind, honest_shapes, templates};
use crate::village::Match;

const YEARS: usize = 5;

/// Twenty villages whose figures follow a fixed pattern of small errors.
fn panel() -> Panel {
    let wave = |v: usize, t: usize, k: usize| ((v * 13 + t * 29 + k * 57) % 17) as f64 / 60.0;
    let cells = |k: usize, gap: usize| -> Vec<Option<f64>> {
        let cell =
            |i: usize| 800.0 * (wave(i / YEARS, i % YEARS, k) + 0.1 * wave(i / YEARS, 0, k)).exp();
        (0..20 * YEARS).map(|i| (i % gap != 3).then(|| cell(i))).collect()
    };
    let source = |name: &str, k: usize, gap: usize, independent: bool| Source {
        name: name.to_owned(),
        independent,
        area: cells(k, gap),
        se: vec![None; 20 * YEARS],
    };
    Panel {
        programme: "seed".to_owned(),
        group: "grain".to_owned(),
        first_year: 2019,
        years: YEARS,
        places: vec![Place { county: 1, prefecture: 1, town: 1 }; 20],
        claimed: cells(0, 1000),
        sources: vec![source("remote_sensing", 1, 7, true), source("stat_yearbook", 2, 11, false)],
        vegetable_share: vec![None; 20],
    }
}

/// A village as it is, and with every centred value negated.
fn both(v: usize) -> (VillageFit, VillageFit) {
    let (panel, config) = (panel(), Config::default());
    let model = fit(&panel, &config).map(|(model, _)| model);
    let model = model.unwrap_or_else(|e| panic!("the panel is sound: {e}"));
    let known = Match::of(&panel, &model, &config);
    let score = |sign: f64| {
        let mut scorer = Scorer::new(&panel, &model, &config, &known);
        scorer.prepare(v, |_| ());
        let village = &mut scorer.village;
        for value in village.claims.iter_mut().chain(village.sources.iter_mut()) {
            *value *= sign;
        }
        scorer.score(&crate::assess::Shapes::of(YEARS))
    };
    match (score(1.0), score(-1.0)) {
        (Some(plain), Some(negated)) => (plain, negated),
        _ => panic!("village {v} is assessable"),
    }
}

#[test]
fn negated_deviations_exchange_evidence_and_mirror() {
    for v in [0, 7, 19] {
        let (plain, negated) = both(v);
        let near = |a: &[f64], b: &[f64]| {
            assert_eq!(a.len(), templates(YEARS).len());
            for (a, b) in a.iter().zip(b) {
                // Both negative infinity where a template has no claims.
                let same = a.to_bits() == b.to_bits();
                assert!(same || (a - b).abs() < 1e-9 * (1.0 + a.abs()), "{a} {b}");
            }
        };
        near(&plain.ln_bf, &negated.ln_bf_mirror);
        near(&plain.ln_bf_mirror, &negated.ln_bf);
        assert!(plain.ln_bf != negated.ln_bf);
    }
}

#[test]
fn real_changes_know_no_sign_and_twins_change_places() {
    let (plain, negated) = both(3);
    let shapes = honest_shapes(YEARS);
    let place = |kind: HonestKind, year: usize| {
        shapes.iter().position(|s| s.kind == kind && s.year == year).unwrap_or(usize::MAX)
    };
    for (i, shape) in shapes.iter().enumerate() {
        let other = match shape.kind {
            HonestKind::Base | HonestKind::RealStep | HonestKind::RealYear => i,
            HonestKind::LateEnrolment => continue,
            kind => match kind.twin() {
                Some(low) => place(low, shape.year),
                None => continue,
            },
        };
        let (a, b) = (plain.honest[i], negated.honest[other]);
        assert!((a - b).abs() < 1e-9 * (1.0 + a.abs()), "{shape:?}: {a} {b}");
    }
}
