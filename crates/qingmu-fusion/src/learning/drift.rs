//! Whether the model still holds: figures on the random control alone, which no ranking chose.

use super::Weights;
use super::outcome::Outcome;

/// Figures of the control stratum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Drift {
    /// Outcomes in it.
    pub outcomes: usize,
    /// Share confirmed.
    pub confirmed: f64,
    /// Mean probability given.
    pub expected: f64,
    /// Mean squared miss of the probabilities.
    pub brier: f64,
    /// Mean negative logarithm of the probability of what was found.
    pub log_loss: f64,
}

/// Figures under given weights; `None` without a control outcome. Outcomes with an honest reason count as not
/// confirmed: the control asks how often the model is wrong, whatever the reason.
#[must_use]
pub fn drift(weights: &Weights, outcomes: &[Outcome]) -> Option<Drift> {
    let control: Vec<(f64, f64)> = outcomes
        .iter()
        .filter(|o| o.control)
        .map(|o| (weights.probability(&o.evidence), f64::from(u8::from(o.confirmed))))
        .collect();
    if control.is_empty() {
        return None;
    }
    let mean =
        |f: fn(&(f64, f64)) -> f64| control.iter().map(f).sum::<f64>() / control.len() as f64;
    Some(Drift {
        outcomes: control.len(),
        confirmed: mean(|(_, o)| *o),
        expected: mean(|(p, _)| *p),
        brier: mean(|(p, o)| (p - o) * (p - o)),
        // A probability of exactly 0 or 1 that fails costs 34 and not infinity.
        log_loss: mean(|(p, o)| -(if *o > 0.5 { *p } else { 1.0 - *p }).max(1e-15).ln()),
    })
}
