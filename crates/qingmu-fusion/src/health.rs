//! The mirror, shape by shape: evidence upwards against the same evidence with its sign reversed.

use crate::case::Case;
use crate::evidence::{Frame, SeriesEvidence, VillageEvidence, Weights};
use crate::fusion::{Health, ShapeHealth};
use qingmu_deviation::HonestKind;
use rayon::prelude::*;

/// Villages summed in one go; fixed, so that rounding does not depend on the number of threads.
const BATCH: usize = 256;

/// ln of evidence that is counted as strong.
const STRONG: f64 = 3.0;

/// Weighs the levels of every series in both directions with the same rates.
pub(crate) fn check(
    case: &Case<'_>,
    evidence: &[VillageEvidence],
    weights: &Weights,
    frame: &Frame,
) -> Health {
    let odds = weights.prior_odds();
    let villages: Vec<usize> = (0..evidence.len()).collect();
    let parts: Vec<Health> = villages
        .par_chunks(BATCH)
        .map(|batch| {
            let mut health = empty(frame);
            for village in batch {
                for series in 0..case.series.len() {
                    one(case, evidence, weights, &odds, (*village, series, frame), &mut health);
                }
            }
            health
        })
        .collect();
    let mut health = empty(frame);
    for part in &parts {
        merge(&mut health, part);
    }
    health
}

/// Adds the counts of another part of the run.
pub(crate) fn merge(into: &mut Health, part: &Health) {
    if into.shapes.is_empty() {
        into.shapes.clone_from(&part.shapes);
    } else {
        for (a, b) in into.shapes.iter_mut().zip(&part.shapes) {
            a.up += b.up;
            a.down += b.down;
            a.strong_up += b.strong_up;
            a.strong_down += b.strong_down;
        }
    }
    into.fits += part.fits;
    into.strong_up += part.strong_up;
    into.strong_down += part.strong_down;
    into.up = into.shapes.iter().map(|shape| shape.up).sum();
    into.down = into.shapes.iter().map(|shape| shape.down).sum();
}

fn empty(frame: &Frame) -> Health {
    let shape = |template: &_| ShapeHealth {
        template: *template,
        up: 0.0,
        down: 0.0,
        strong_up: 0,
        strong_down: 0,
    };
    Health { shapes: frame.templates.iter().map(shape).collect(), ..Health::default() }
}

fn one(
    case: &Case<'_>,
    evidence: &[VillageEvidence],
    weights: &Weights,
    odds: &[f64],
    (village, series, frame): (usize, usize, &Frame),
    health: &mut Health,
) {
    let fit = case.series[series].fits[village].as_ref();
    let (Some(fit), Some(known)) = (fit, &evidence[village].series[series]) else { return };
    let ln_honest = known.mixture(&weights.shapes[series]).ln() + known.scale;
    let side = |ln_bf: &[f64]| -> Vec<(f64, f64)> {
        let ln = |(k, ln): (usize, &f64)| {
            (ln - ln_honest, (odds[k] * weights.level[series]).ln() + ln - ln_honest)
        };
        let all: Vec<(f64, f64)> = ln_bf.iter().enumerate().map(ln).collect();
        let total = all.iter().map(|(_, ln)| ln.min(600.0).exp()).sum::<f64>() + 1.0;
        all.into_iter().map(|(bf, ln)| (bf, ln.min(600.0).exp() / total)).collect()
    };
    health.fits += 1;
    let (up, down) = (side(&fit.ln_bf), side(&fit.ln_bf_mirror));
    // Late enrolment looks down and has no twin: it would pass for downward noise.
    let late = late(known, weights, frame, series);
    let strong =
        |side: &[(f64, f64)]| usize::from(!late && side.iter().any(|(bf, _)| *bf > STRONG));
    health.strong_up += strong(&up);
    health.strong_down += strong(&down);
    for ((shape, up), down) in health.shapes.iter_mut().zip(up).zip(down) {
        shape.up += up.1;
        shape.down += down.1;
        shape.strong_up += usize::from(up.0 > STRONG);
        shape.strong_down += usize::from(down.0 > STRONG);
    }
}

/// More probable than not that claims are low before a year and normal after.
fn late(known: &SeriesEvidence, weights: &Weights, frame: &Frame, series: usize) -> bool {
    let parts = frame.shapes.iter().zip(&known.honest).zip(&weights.shapes[series]);
    let late = parts.filter(|((shape, _), _)| shape.kind == HonestKind::LateEnrolment);
    let weight: f64 = late.map(|((_, x), rate)| x * rate).sum();
    weight > 0.5 * known.mixture(&weights.shapes[series])
}
