//! The update: penalised likelihood by projected Newton steps.

use super::outcome::{LearningError, Outcome};
use super::{BOX, Channel, Evidence, Weights};
use crate::ring::sigmoid;
use qingmu_stats::{invert, solve};

/// Least outcomes and confirmed ones for a full update (statistics.md 5.2).
const LEAST: (usize, usize) = (30, 8);
/// Inverse probabilities of selection above this are cut: one outcome must not decide.
const MOST_WEIGHT: f64 = 20.0;
/// Prior variances of β₀ and of each β.
const VARIANCE: (f64, f64) = (1.0, 0.25);
const STEPS: usize = 100;
const SIZE: usize = 1 + Channel::COUNT;

/// What an update moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Learned {
    /// Nothing: too few outcomes.
    Nothing {
        /// Outcomes that there are.
        outcomes: usize,
        /// Outcomes needed.
        needed: usize,
    },
    /// The intercept only: too few confirmed.
    Intercept {
        /// Confirmed outcomes that there are.
        confirmed: usize,
        /// Confirmed outcomes needed.
        needed: usize,
    },
    /// Every weight.
    All,
}

/// Learns weights from all outcomes so far. The prior is always what was fused, so the same outcomes give the same
/// weights whatever was learned before; the version counts on from `before`.
///
/// # Errors
/// [`LearningError`] naming the first outcome that cannot be learned from.
pub fn update(before: &Weights, outcomes: &[Outcome]) -> Result<(Weights, Learned), LearningError> {
    outcomes.iter().enumerate().try_for_each(|(at, outcome)| outcome.check(at))?;
    let used: Vec<&Outcome> = outcomes.iter().filter(|o| o.reason.is_none()).collect();
    let confirmed = used.iter().filter(|o| o.confirmed).count();
    if used.len() < LEAST.0 {
        let learned = Learned::Nothing { outcomes: used.len(), needed: LEAST.0 };
        return Ok((before.clone(), learned));
    }
    let full = confirmed >= LEAST.1;
    let problem = Problem::new(&used, if full { SIZE } else { 1 });
    let theta = problem.maximise();
    let mut weights = Weights {
        version: before.version + 1,
        intercept: theta[0],
        covariance: problem.sandwich(&theta),
        outcomes: used.len(),
        confirmed,
        ..Weights::default()
    };
    weights.betas.copy_from_slice(&theta[1..]);
    let learned = Learned::Intercept { confirmed, needed: LEAST.1 };
    Ok((weights, if full { Learned::All } else { learned }))
}

struct Problem<'a> {
    rows: Vec<(&'a Evidence, f64, f64)>,
    /// Leading coordinates that may move.
    free: usize,
}

impl<'a> Problem<'a> {
    fn new(used: &[&'a Outcome], free: usize) -> Self {
        let weight = |o: &Outcome| (1.0 / o.inclusion).min(MOST_WEIGHT);
        let total: f64 = used.iter().map(|o| weight(o)).sum();
        let scale = used.len() as f64 / total;
        let row =
            |o: &&'a Outcome| (&o.evidence, f64::from(u8::from(o.confirmed)), weight(o) * scale);
        Self { rows: used.iter().map(row).collect(), free }
    }

    fn loss(&self, theta: &[f64; SIZE]) -> f64 {
        let weights = weights(theta);
        let mut loss = 0.5 * theta[0] * theta[0] / VARIANCE.0;
        loss += theta[1..].iter().map(|b| 0.5 * (b - 1.0) * (b - 1.0) / VARIANCE.1).sum::<f64>();
        for (evidence, confirmed, weight) in &self.rows {
            let logit = weights.logit(evidence);
            // ln(1 + eˣ) − o·x, without overflow.
            let softplus = logit.max(0.0) + (-logit.abs()).exp().ln_1p();
            loss += weight * (softplus - confirmed * logit);
        }
        loss
    }

    /// Gradient and Fisher information with the prior's, and the meat of the sandwich.
    fn slopes(&self, theta: &[f64; SIZE]) -> ([f64; SIZE], Vec<f64>, Vec<f64>) {
        let weights = weights(theta);
        let mut gradient = [0.0; SIZE];
        let (mut fisher, mut meat) = (vec![0.0; SIZE * SIZE], vec![0.0; SIZE * SIZE]);
        gradient[0] = theta[0] / VARIANCE.0;
        fisher[0] = 1.0 / VARIANCE.0;
        for f in 1..SIZE {
            gradient[f] = (theta[f] - 1.0) / VARIANCE.1;
            fisher[f * SIZE + f] = 1.0 / VARIANCE.1;
        }
        for (evidence, confirmed, weight) in &self.rows {
            let p = sigmoid(weights.logit(evidence));
            let sum = weights.sum(evidence);
            let mut slope = [1.0; SIZE];
            for f in 1..SIZE {
                let x = evidence.x[f - 1];
                slope[f] = x * (theta[f] * x).exp() / sum;
            }
            let miss = p - confirmed;
            for a in 0..SIZE {
                gradient[a] += weight * miss * slope[a];
                for b in 0..SIZE {
                    let product = slope[a] * slope[b];
                    fisher[a * SIZE + b] += weight * p * (1.0 - p) * product;
                    meat[a * SIZE + b] += weight * weight * miss * miss * product;
                }
            }
        }
        (gradient, fisher, meat)
    }

    /// Newton steps with expected information on the coordinates that are not held at a bound.
    fn maximise(&self) -> [f64; SIZE] {
        let mut theta = [1.0; SIZE];
        theta[0] = 0.0;
        let mut loss = self.loss(&theta);
        for _ in 0..STEPS {
            let (gradient, fisher, _) = self.slopes(&theta);
            let held = |a: usize| {
                a > 0
                    && ((theta[a] <= BOX.0 && gradient[a] > 0.0)
                        || (theta[a] >= BOX.1 && gradient[a] < 0.0))
            };
            let free: Vec<usize> = (0..self.free).filter(|a| !held(*a)).collect();
            let n = free.len();
            let mut matrix: Vec<f64> = free
                .iter()
                .flat_map(|a| free.iter().map(|b| fisher[a * SIZE + b]).collect::<Vec<_>>())
                .collect();
            let mut step: Vec<f64> = free.iter().map(|a| -gradient[*a]).collect();
            if !solve(&mut matrix, &mut step, n) {
                break;
            }
            let (mut size, mut moved) = (1.0, false);
            while size > 1e-9 {
                let mut next = theta;
                free.iter().zip(&step).for_each(|(a, step)| next[*a] += size * step);
                next[1..].iter_mut().for_each(|b| *b = b.clamp(BOX.0, BOX.1));
                let next_loss = self.loss(&next);
                if next_loss < loss - 1e-12 {
                    (theta, loss, moved) = (next, next_loss, true);
                    break;
                }
                size *= 0.5;
            }
            if !moved {
                break;
            }
        }
        theta
    }

    /// H⁻¹ J H⁻¹; coordinates that do not move have none.
    fn sandwich(&self, theta: &[f64; SIZE]) -> Vec<f64> {
        let (_, mut fisher, meat) = self.slopes(theta);
        let mut room = vec![0.0; SIZE * SIZE];
        for a in self.free..SIZE {
            for b in 0..SIZE {
                fisher[a * SIZE + b] = 0.0;
                fisher[b * SIZE + a] = 0.0;
            }
            fisher[a * SIZE + a] = 1.0;
        }
        if !invert(&mut fisher, &mut room, SIZE) {
            return Vec::new();
        }
        let product = |x: &[f64], y: &[f64]| -> Vec<f64> {
            let cell = |at: usize| {
                (0..SIZE).map(|k| x[at / SIZE * SIZE + k] * y[k * SIZE + at % SIZE]).sum()
            };
            (0..SIZE * SIZE).map(cell).collect()
        };
        let mut covariance = product(&product(&fisher, &meat), &fisher);
        for (at, value) in covariance.iter_mut().enumerate() {
            if at / SIZE >= self.free || at % SIZE >= self.free {
                *value = 0.0;
            }
        }
        covariance
    }
}

fn weights(theta: &[f64; SIZE]) -> Weights {
    let mut weights = Weights { intercept: theta[0], ..Weights::default() };
    weights.betas.copy_from_slice(&theta[1..]);
    weights
}
