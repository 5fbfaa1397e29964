//! Honest look-alikes are told from an excess, and what the model says stays what it is.

use crate::province::{Recipe, invent};
use qingmu_deviation::{
    Config, HonestKind, Model, Panel, Template, VillageFit, assess, expectations, fit,
    honest_shapes, templates,
};

const YEARS: usize = 6;
const VILLAGE: usize = 90;

fn calm(seed: u64) -> Panel {
    let recipe = Recipe { fraud: 0.0, heavy: false, ..Recipe::standard(seed, 4, 0.3) };
    invent(&recipe).panel
}

fn fitted(panel: &Panel) -> (Model, VillageFit) {
    let config = Config::default();
    let (model, _) = fit(panel, &config).expect("sound");
    let one = assess(panel, &model, &config)[VILLAGE].clone().expect("assessable");
    (model, one)
}

fn scale(column: &mut [Option<f64>], years: std::ops::Range<usize>, by: f64) {
    for t in years {
        let cell = &mut column[VILLAGE * YEARS + t];
        *cell = cell.map(|a| a * by);
    }
}

fn honest(fit: &VillageFit, kind: HonestKind, year: usize) -> f64 {
    let at = honest_shapes(YEARS).iter().position(|s| s.kind == kind && s.year == year);
    fit.honest[at.expect("a canonical shape")]
}

fn excess(fit: &VillageFit, from: usize, to: usize) -> f64 {
    let wanted = Template { from, to, ramp: false };
    fit.ln_bf[templates(YEARS).iter().position(|t| *t == wanted).expect("canonical")]
}

#[test]
fn late_enrolment_explains_a_rise_to_the_normal_level() {
    let mut panel = calm(41);
    scale(&mut panel.claimed, 0..3, 0.85 * 0.85);
    let (_, fit) = fitted(&panel);
    let late = honest(&fit, HonestKind::LateEnrolment, 3);
    let rise = excess(&fit, 3, YEARS - 1);
    assert!(late > rise + 2.0 && late > 3.0, "late {late}, rise {rise}");
}

#[test]
fn a_source_that_is_biased_in_a_whole_town_speaks_of_all_years_only() {
    let mut panel = calm(47);
    let town = panel.places[VILLAGE].town;
    for v in 0..panel.places.len() {
        for t in 0..YEARS {
            let cell = v * YEARS + t;
            if panel.places[v].town == town {
                for source in &mut panel.sources {
                    source.area[cell] = source.area[cell].map(|a| a * 0.8);
                }
            }
        }
    }
    let (_, fit) = fitted(&panel);
    let best = |wanted: &dyn Fn(&Template) -> bool| {
        let some = templates(YEARS).into_iter().zip(&fit.ln_bf).filter(|(t, _)| wanted(t));
        some.map(|(_, l)| *l).fold(f64::NEG_INFINITY, f64::max)
    };
    let constant = best(&|t| t.constant(YEARS));
    let late = best(&|t| t.from >= 3 && !t.ramp);
    assert!(constant > late + 1.0, "constant {constant}, late {late}");
}

#[test]
fn honest_villages_carry_little_evidence_either_way() {
    let panel = calm(48);
    let config = Config::default();
    let (model, _) = fit(&panel, &config).expect("sound");
    let all = assess(&panel, &model, &config);
    let fits: Vec<&VillageFit> = all.iter().flatten().collect();
    assert_eq!(fits.len(), panel.places.len());
    let strong = |of: &dyn Fn(&VillageFit) -> Vec<f64>| {
        fits.iter().filter(|f| of(f).iter().any(|l| *l > 6.0)).count()
    };
    let up = strong(&|f| f.ln_bf.clone());
    let down = strong(&|f| f.ln_bf_mirror.clone());
    // By chance a Bayes factor exceeds e^6 in at most 1 of 403; the shapes of one village largely agree.
    assert!(up <= 8 && down <= 8, "{up} up, {down} down of {}", fits.len());
}

#[test]
fn a_real_rise_that_the_sources_follow_is_real() {
    let mut panel = calm(42);
    scale(&mut panel.claimed, 3..YEARS, 1.4);
    for source in &mut panel.sources {
        scale(&mut source.area, 3..YEARS, 1.4);
    }
    let (_, fit) = fitted(&panel);
    let real = honest(&fit, HonestKind::RealStep, 3);
    assert!(real > excess(&fit, 3, YEARS - 1) + 1.0 && real > 0.0, "{real}");
    assert!(excess(&fit, 3, YEARS - 1) < 1.0);
}

#[test]
fn twins_are_mirrors_of_the_templates() {
    let mut panel = calm(43);
    scale(&mut panel.claimed, 4..YEARS, 1.3);
    let (_, fit) = fitted(&panel);
    let at = |from, to, ramp| {
        templates(YEARS).iter().position(|t| *t == Template { from, to, ramp }).expect("canonical")
    };
    let last = YEARS - 1;
    for (kind, low, year, template) in [
        (HonestKind::StepUp, HonestKind::StepDown, 4, at(4, last, false)),
        (HonestKind::YearHigh, HonestKind::YearLow, 2, at(2, 2, false)),
        (HonestKind::ConstantHigh, HonestKind::ConstantLow, 0, at(0, last, false)),
        (HonestKind::RampUp, HonestKind::RampDown, 1, at(1, last, true)),
    ] {
        assert_eq!(kind.twin(), Some(low));
        assert_eq!(honest(&fit, kind, year).to_bits(), fit.ln_bf[template].to_bits());
        assert_eq!(honest(&fit, low, year).to_bits(), fit.ln_bf_mirror[template].to_bits());
    }
    assert_eq!(honest(&fit, HonestKind::Base, 0).to_bits(), 0);
}

#[test]
fn an_excess_that_ended_leaves_the_clean_years_clean() {
    let mut panel = calm(44);
    scale(&mut panel.claimed, 1..4, 1.5);
    let (_, fit) = fitted(&panel);
    let best = (0..fit.ln_bf.len()).max_by(|a, b| fit.ln_bf[*a].total_cmp(&fit.ln_bf[*b]));
    let found = templates(YEARS)[best.expect("templates")];
    assert_eq!(found, Template { from: 1, to: 3, ramp: false });
    assert!(excess(&fit, 1, 3) > excess(&fit, 4, 5).max(excess(&fit, 5, 5)) + 8.0);
    let at = templates(YEARS).iter().position(|t| *t == found).expect("canonical");
    let delta = fit.delta[at];
    assert!((delta.centre - 1.5_f64.ln()).abs() < 3.0 * delta.se, "{delta:?}");
}

#[test]
fn expected_claims_frame_the_honest_ones() {
    let panel = calm(45);
    let config = Config::default();
    let (model, _) = fit(&panel, &config).expect("sound");
    let (mut inside, mut all) = (0_u32, 0_u32);
    for v in 0..panel.places.len() {
        for e in expectations(&panel, &model, &config, v) {
            assert!(e.lo <= e.expected && e.expected <= e.hi);
            let claimed = panel.claimed[v * YEARS + e.year].expect("claims everywhere");
            let z = e.z.expect("claims everywhere");
            assert_eq!(z > 1.644_9, claimed > e.hi * (1.0 + 1e-6));
            assert_eq!(e.source.is_none(), e.given.is_none());
            all += 1;
            inside += u32::from(claimed >= e.lo && claimed <= e.hi);
        }
    }
    let share = f64::from(inside) / f64::from(all);
    assert!((0.86..0.94).contains(&share), "{share}");
}

#[test]
fn the_inflated_village_stands_out_of_its_ranges() {
    let mut panel = calm(46);
    scale(&mut panel.claimed, 5..6, 1.6);
    let config = Config::default();
    let (model, _) = fit(&panel, &config).expect("sound");
    let last = |e: &&qingmu_deviation::Expectation| e.year == 5;
    let found = expectations(&panel, &model, &config, VILLAGE);
    assert!(found.iter().any(|e| e.source.is_none()));
    assert!(found.iter().filter(last).all(|e| e.z.is_some_and(|z| z > 1.5)), "{found:?}");
}
