//! Learning from outcomes whose law is known.

use super::simulator::{Dice, Plan, World};
use crate::learning::{
    Channel, CountyFactor, Evidence, Learned, Outcome, Share, Weights, allocate, county_factors,
    drift, reweigh, update,
};
use crate::{Options, fuse, learn};

const IMPROPER: f64 = 0.01;

fn evidence(level: f64, parcel: f64) -> Evidence {
    let mut x = [0.0; Channel::COUNT];
    (x[0], x[4]) = (level, parcel);
    Evidence { x, improper: IMPROPER }
}

fn outcome(evidence: Evidence, confirmed: bool, inclusion: f64) -> Outcome {
    Outcome { evidence, confirmed, inclusion, control: false, county: 1, reason: None }
}

/// Outcomes drawn under the given weights, everything inspected with probability 1 if sure and less otherwise.
fn drawn(
    truth: &Weights,
    count: usize,
    seed: u64,
    select: impl Fn(&Evidence) -> f64,
) -> Vec<Outcome> {
    let mut dice = Dice(seed);
    let mut outcomes = Vec::new();
    while outcomes.len() < count {
        let one = if dice.unit() < 0.5 {
            evidence(8.0 * dice.unit(), 0.0)
        } else {
            evidence(0.0, 8.0 * dice.unit())
        };
        let confirmed = dice.unit() < truth.probability(&one);
        let inclusion = select(&one);
        if dice.unit() < inclusion {
            let control = dice.unit() < 0.2;
            outcomes.push(Outcome { control, ..outcome(one, confirmed, inclusion) });
        }
    }
    outcomes
}

#[test]
fn weights_that_know_nothing_give_back_what_was_fused() {
    let world =
        World::new(&Plan { villages: 840, improper: 0.05, counted: true, ..Plan::default() });
    let (case, options) = (world.case(), Options::default());
    let parameters = learn(&case, &options).unwrap();
    let fusion = fuse(&case, &parameters, &options).unwrap();
    assert!(fusion.village_years.len() > 50);
    for year in &fusion.village_years {
        let evidence = Evidence::of(year, parameters.improper);
        let p = Weights::default().probability(&evidence);
        assert!((p - year.p_ring).abs() < 1e-6, "{p} {}", year.p_ring);
    }
}

#[test]
fn learned_weights_temper_a_run_and_blank_ones_leave_it() {
    let world =
        World::new(&Plan { villages: 840, improper: 0.05, counted: true, ..Plan::default() });
    let (case, options) = (world.case(), Options::default());
    let parameters = learn(&case, &options).unwrap();
    let fusion = fuse(&case, &parameters, &options).unwrap();
    let mut same = fusion.clone();
    reweigh(&mut same, &Weights::default(), |_| 1.0, parameters.improper, &options);
    for (a, b) in fusion.village_years.iter().zip(&same.village_years) {
        assert!((a.p - b.p).abs() < 1e-6 && (a.p_ring - b.p_ring).abs() < 1e-6);
        assert!((a.q - b.q).abs() < 1e-4 && (a.q_ring - b.q_ring).abs() < 1e-4);
        for (x, y) in a.families.iter().zip(&b.families) {
            assert!((x.share - y.share).abs() < 1e-6, "{a:?} {b:?}");
        }
    }
    let mut weights = Weights::default();
    weights.betas[0] = 0.5;
    let mut tempered = fusion.clone();
    reweigh(&mut tempered, &weights, |v| if v % 2 == 0 { 0.5 } else { 1.0 }, 0.01, &options);
    let mut fell = 0;
    for (a, b) in fusion.village_years.iter().zip(&tempered.village_years) {
        let sum: f64 = b.families.iter().map(|f| f.share).sum();
        assert!((sum - b.p).abs() < 1e-6, "{b:?}");
        assert!(b.honest.iter().all(|(_, share)| (0.0..=1.0).contains(share)));
        fell += usize::from(b.p < a.p - 0.01);
    }
    assert!(fell > 10, "{fell}");
}

#[test]
fn few_outcomes_move_nothing_or_only_the_intercept() {
    let start = Weights::default();
    let rows: Vec<Outcome> = (0..29).map(|_| outcome(evidence(6.0, 0.0), true, 1.0)).collect();
    let (weights, learned) = update(&start, &rows).unwrap();
    assert_eq!((weights, learned), (start.clone(), Learned::Nothing { outcomes: 29, needed: 30 }));
    let rows: Vec<Outcome> = (0..60).map(|i| outcome(evidence(6.0, 0.0), i < 7, 1.0)).collect();
    let (weights, learned) = update(&start, &rows).unwrap();
    assert_eq!(learned, Learned::Intercept { confirmed: 7, needed: 8 });
    assert_eq!((weights.version, weights.betas), (1, [1.0; Channel::COUNT]));
    assert!(weights.intercept < -1.0, "predicted {}", start.probability(&rows[0].evidence));
}

#[test]
fn a_scheme_that_misleads_loses_weight_and_no_other_does() {
    let mut truth = Weights::default();
    truth.betas[4] = 0.3;
    let outcomes = drawn(&truth, 1500, 3, |_| 1.0);
    let (weights, learned) = update(&Weights::default(), &outcomes).unwrap();
    assert_eq!(learned, Learned::All);
    assert!((weights.betas[4] - 0.3).abs() < 0.15, "{:?}", weights.betas);
    assert!((weights.betas[0] - 1.0).abs() < 0.15, "{:?}", weights.betas);
    assert!((weights.betas[1] - 1.0).abs() < 1e-12, "of which nothing was seen");
    let se = weights.covariance[0].sqrt();
    assert!(se > 0.02 && se < 0.5 && weights.intercept.abs() < 3.0 * se + 0.2);
}

/// Selection by evidence halves the sample unevenly; inverse probabilities undo it.
#[test]
fn selection_is_corrected() {
    let truth = Weights { intercept: 0.8, ..Weights::default() };
    let select = |e: &Evidence| if e.x[0].max(e.x[4]) > 4.0 { 1.0 } else { 0.2 };
    let outcomes = drawn(&truth, 3000, 9, select);
    let (weights, _) = update(&Weights::default(), &outcomes).unwrap();
    assert!((weights.intercept - 0.8).abs() < 0.25, "{weights:?}");
}

#[test]
fn probabilities_never_fall_as_evidence_rises() {
    let mut truth = Weights::default();
    (truth.betas[0], truth.betas[4]) = (0.1, 1.4);
    let outcomes = drawn(&truth, 400, 5, |_| 1.0);
    let (weights, _) = update(&Weights::default(), &outcomes).unwrap();
    assert!(weights.betas.iter().all(|b| (0.0..=1.5).contains(b)));
    for channel in 0..Channel::COUNT {
        let mut last = 0.0;
        for step in 0..80 {
            let mut one = evidence(3.0, 2.0);
            one.x[channel] = f64::from(step) * 0.5;
            let p = weights.probability(&one);
            assert!(p >= last && p <= 1.0, "{channel} {step}");
            last = p;
        }
    }
}

#[test]
fn the_same_outcomes_give_the_same_weights_under_the_next_version() {
    let outcomes = drawn(&Weights::default(), 200, 2, |_| 1.0);
    let (first, _) = update(&Weights::default(), &outcomes).unwrap();
    let (second, _) = update(&first, &outcomes).unwrap();
    assert_eq!((first.version, second.version), (1, 2));
    assert_eq!(Weights { version: 2, ..first.clone() }, second);
    let text = serde_json::to_string(&first).unwrap();
    let read: Weights = serde_json::from_str(&text).unwrap();
    // The reader of JSON may miss the last bit of a double.
    let near = |(a, b): (&f64, &f64)| (a - b).abs() <= 1e-15 * a.abs();
    assert!(read.betas.iter().zip(&first.betas).all(near), "{read:?}");
    assert!(read.covariance.iter().zip(&first.covariance).all(near), "{read:?}");
    assert_eq!(first.draw(7), first.draw(7));
    assert_ne!(first.draw(7), first.draw(8));
    assert_eq!(Weights::default().draw(7), Weights::default());
}

#[test]
fn drift_is_read_off_the_control_alone() {
    let truth = Weights { intercept: 2.0, ..Weights::default() };
    let outcomes = drawn(&truth, 4000, 4, |_| 1.0);
    let old = drift(&Weights::default(), &outcomes).unwrap();
    let right = drift(&truth, &outcomes).unwrap();
    assert_eq!(old.outcomes, outcomes.iter().filter(|o| o.control).count());
    assert!((right.confirmed - right.expected).abs() < 0.04);
    assert!(old.confirmed - old.expected > 0.1, "{old:?}");
    assert!(right.brier < old.brier && right.log_loss < old.log_loss);
    assert_eq!(drift(&truth, &[]), None);
}

#[test]
fn a_reason_makes_a_county_factor_and_teaches_no_weight() {
    let mut outcomes = drawn(&Weights::default(), 100, 6, |_| 1.0);
    let (before, _) = update(&Weights::default(), &outcomes).unwrap();
    for _ in 0..6 {
        let reason = Some("equal_allotment".to_owned());
        outcomes.push(Outcome { county: 7, reason, ..outcome(evidence(7.0, 0.0), false, 1.0) });
    }
    let (after, _) = update(&Weights::default(), &outcomes).unwrap();
    assert_eq!(before, after);
    let expected =
        CountyFactor { county: 7, reason: "equal_allotment".to_owned(), explained: 6, factor: 0.4 };
    assert_eq!(county_factors(&outcomes), [expected]);
}

#[test]
fn what_cannot_be_learned_from_is_named() {
    let refused = |one: Outcome| update(&Weights::default(), &[one]).unwrap_err().to_string();
    assert_eq!(
        refused(outcome(evidence(1.0, 0.0), true, 0.0)),
        "outcome 0: selected with probability 0; it must lie above 0 and not above 1"
    );
    assert_eq!(
        refused(outcome(evidence(f64::NAN, 0.0), true, 1.0)),
        "outcome 0: its evidence is not from a fused village-year"
    );
    let reason = Some("re_survey".to_owned());
    assert_eq!(
        refused(Outcome { reason, ..outcome(evidence(1.0, 0.0), true, 1.0) }),
        "outcome 0: confirmed, and yet explained by `re_survey`; keep one of them"
    );
}

#[test]
fn inspections_are_split_and_nobody_is_visited_twice() {
    let (priority, drawn, control): (Vec<u32>, Vec<u32>, Vec<u32>) =
        ((0..20).collect(), (0..20).rev().collect(), (5..25).collect());
    let chosen = allocate(10, &priority, &drawn, &control);
    let of = |share| chosen.iter().filter(|c| c.1 == share).map(|c| c.0).collect::<Vec<_>>();
    assert_eq!(of(Share::Control), [5, 6]);
    assert_eq!(of(Share::Priority), [0, 1, 2, 3, 4, 7, 8]);
    assert_eq!(of(Share::Thompson), [19]);
}
