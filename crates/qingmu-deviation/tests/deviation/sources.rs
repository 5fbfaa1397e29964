//! Faults of sources are named, and do no harm.

use crate::province::{Recipe, invent};
use qingmu_deviation::{Config, Note, NoteKind, Panel, assess, fit, templates};

fn calm(seed: u64) -> Recipe {
    Recipe { fraud: 0.0, heavy: false, ..Recipe::standard(seed, 4, 0.3) }
}

fn notes(panel: &Panel) -> Vec<Note> {
    fit(panel, &Config::default()).expect("sound").1
}

/// Best evidence for an excess in any years.
fn best(panel: &Panel, village: usize) -> f64 {
    let config = Config::default();
    let (model, _) = fit(panel, &config).expect("sound");
    let fits = assess(panel, &model, &config);
    let fit = fits[village].as_ref().expect("assessable");
    fit.ln_bf.iter().copied().fold(f64::NEG_INFINITY, f64::max)
}

#[test]
fn a_single_wrong_value_is_a_glitch_with_its_gap_and_no_evidence() {
    let mut province = invent(&calm(21));
    let panel = &mut province.panel;
    let (village, year) = (100, 3);
    // The yearbook is never missing here, so that the cell stands against all others.
    let cell = village * panel.years + year;
    let before = best(panel, village);
    let given = panel.sources[1].area[cell].expect("not missing") * 0.4;
    panel.sources[1].independent = true;
    panel.sources[1].area[cell] = Some(given);
    let found = notes(panel);
    let note = found
        .iter()
        .find(|n| n.village == Some(village) && n.source == 1)
        .expect("the cell is reported");
    assert_eq!((note.kind, note.year), (NoteKind::Glitch, Some(2021)));
    assert_eq!(note.given_mu, Some(given));
    let gap = note.gap_mu().expect("both known");
    assert!((gap / (given / 0.4 - given) + 1.0).abs() < 0.25, "{gap}");
    assert!(note.z.is_some_and(|z| z < -4.0));
    let after = best(panel, village);
    assert!(after < before.max(0.0) + 2.5, "a glitch of a source made evidence: {before} {after}");
}

#[test]
fn a_local_source_raised_beyond_all_others_is_called_tampered() {
    let mut province = invent(&calm(22));
    let panel = &mut province.panel;
    let cell = 50 * panel.years + 5;
    assert!(!panel.sources[1].independent);
    panel.sources[1].area[cell] = panel.sources[1].area[cell].map(|a| a * 2.5);
    let found = notes(panel);
    let note = found.iter().find(|n| n.village == Some(50)).expect("reported");
    assert_eq!((note.kind, note.source, note.year), (NoteKind::Tampered, 1, Some(2023)));
    assert!(note.gap_mu().is_some_and(|gap| gap > 0.0));
}

#[test]
fn glitches_are_rare_in_sound_sources() {
    let province = invent(&calm(23));
    let cells = province.panel.claimed.len() * 3;
    let found = notes(&province.panel);
    assert!(found.iter().all(|n| matches!(n.kind, NoteKind::Glitch | NoteKind::Tampered)));
    assert!(found.len() * 1000 < cells, "{} of {cells}", found.len());
}

#[test]
fn copies_are_named_by_county_and_count_once() {
    let mut province = invent(&calm(24));
    let panel = &mut province.panel;
    let first = |county: usize| county * 168 * panel.years;
    // County 1: the survey copies the yearbook, rounded to 10 mu. County 2: the yearbook copies the claims.
    for cell in first(1)..first(2) {
        panel.sources[2].area[cell] =
            panel.sources[1].area[cell].map(|a| (a / 10.0).round() * 10.0);
    }
    for cell in first(2)..first(3) {
        panel.sources[1].area[cell] = panel.claimed[cell];
    }
    let (model, found) = fit(panel, &Config::default()).expect("sound");
    let copies: Vec<_> = found
        .iter()
        .filter(|n| matches!(n.kind, NoteKind::CopiedClaims | NoteKind::CopiedSource))
        .map(|n| (n.kind, n.county, n.source, n.copy_of))
        .collect();
    let expected = [(NoteKind::CopiedSource, 1, 2, Some(1)), (NoteKind::CopiedClaims, 2, 1, None)];
    assert_eq!(copies, expected);
    let cells = |panel: &Panel, village: usize| {
        let fits = assess(panel, &model, &Config::default());
        fits[village].as_ref().map_or(0, |f| f.baseline_cells)
    };
    let given = |panel: &Panel, village: usize, sources: &[usize]| {
        let years = village * panel.years..(village + 1) * panel.years;
        sources.iter().map(|b| panel.sources[*b].area[years.clone()].iter().flatten().count()).sum()
    };
    // In county 1 two sources are one; in county 2 the copy of the claims is out.
    let (one, two): (usize, usize) = (given(panel, 200, &[0, 1]), given(panel, 400, &[0, 2]));
    assert_eq!((cells(panel, 200), cells(panel, 400)), (one, two));
}

#[test]
fn a_zero_from_an_empty_table_is_missing() {
    let mut province = invent(&calm(25));
    let panel = &mut province.panel;
    let cell = 30 * panel.years + 2;
    panel.sources[0].area[cell] = Some(0.0);
    let mut without = panel.clone();
    without.sources[0].area[cell] = None;
    let found = notes(panel);
    let note = found.iter().find(|n| n.kind == NoteKind::EmptyCell).expect("reported");
    assert_eq!((note.source, note.village, note.year), (0, Some(30), Some(2020)));
    let config = Config::default();
    let (model, _) = fit(panel, &config).expect("sound");
    assert_eq!(assess(panel, &model, &config), assess(&without, &model, &config));
    // A 0 that a second source confirms is a measurement: claims on it are out of all proportion.
    panel.sources[1].area[cell] = Some(0.0);
    let found = notes(panel);
    assert!(found.iter().all(|n| n.kind != NoteKind::EmptyCell));
}

#[test]
fn a_source_that_follows_the_claims_does_not_clear() {
    let recipe = calm(26);
    let honest = invent(&recipe);
    let (village, years) = (77, recipe.years);
    let mut panel = honest.panel.clone();
    let raise = |column: &mut Vec<Option<f64>>| {
        for t in 3..years {
            let cell = &mut column[village * years + t];
            *cell = cell.map(|a| a * 1.5);
        }
    };
    raise(&mut panel.claimed);
    let mut both = panel.clone();
    raise(&mut both.sources[1].area);
    let mut without = panel.clone();
    without.sources.remove(1);
    let config = Config::default();
    let shape = templates(years)
        .iter()
        .position(|t| (t.from, t.to, t.ramp) == (3, years - 1, false))
        .expect("a canonical template");
    let fitted = |panel: &Panel| {
        let (model, _) = fit(panel, &config).expect("sound");
        assess(panel, &model, &config)[village].clone().expect("assessable")
    };
    let (both, without) = (fitted(&both), fitted(&without));
    let raised = &both.with_source[0];
    assert_eq!(raised.source, 1);
    assert!(raised.ln_bf[shape] > without.ln_bf[shape] - 2.0);
    assert!(raised.ln_bf[shape] > both.ln_bf[shape] + 2.0);
    assert!(raised.ln_bf[shape] > 4.0, "{}", raised.ln_bf[shape]);
}
