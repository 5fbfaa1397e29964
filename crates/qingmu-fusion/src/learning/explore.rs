//! Which inspections follow the ranking, which test it, and which check it (statistics.md 5.3).

use super::{BOX, Channel, Weights};
use qingmu_stats::cholesky;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use std::collections::BTreeSet;

/// Why a village is inspected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Share {
    /// Random control: says how good the model is.
    Control,
    /// Top of the priority index.
    Priority,
    /// Top of the index under weights drawn from what is not yet known of them.
    Thompson,
}

/// Draws that miss the box before the last one is cut to it.
const TRIES: usize = 100;

/// Splits `count` inspections: 20 % from the head of the control draw, 10 % from the ranking under drawn weights, the
/// rest from the priority ranking; a village is taken once, by control before priority before exploration.
#[must_use]
pub fn allocate(
    count: usize,
    priority: &[u32],
    drawn: &[u32],
    control: &[u32],
) -> Vec<(u32, Share)> {
    let part =
        |share: f64| (0..=count).find(|n| *n as f64 + 0.5 > share * count as f64).unwrap_or(0);
    let (checks, tests) = (part(0.2), part(0.1));
    let lists = [
        (Share::Control, control, checks),
        (Share::Priority, priority, count - checks - tests),
        (Share::Thompson, drawn, tests),
    ];
    let mut taken = BTreeSet::new();
    let mut chosen = Vec::with_capacity(count);
    for (share, list, most) in lists {
        let new = list.iter().copied().filter(|village| taken.insert(*village)).take(most);
        chosen.extend(new.map(|village| (village, share)));
    }
    chosen
}

impl Weights {
    /// Weights drawn from their normal posterior, cut to their box; the same seed gives the same on any machine.
    /// Before anything was learned there is nothing to draw and the weights come back as they are.
    #[must_use]
    pub fn draw(&self, seed: u64) -> Self {
        let size = 1 + Channel::COUNT;
        let mut root = self.covariance.clone();
        if root.len() != size * size {
            return self.clone();
        }
        // Weights that never moved have no variance; a trace of one keeps the factor defined.
        (0..size).for_each(|a| root[a * size + a] += 1e-12);
        if !cholesky(&mut root, size) {
            return self.clone();
        }
        let mut dice = ChaCha8Rng::seed_from_u64(seed);
        let mut drawn = self.clone();
        for _ in 0..TRIES {
            let z: Vec<f64> = (0..size).map(|_| normal(&mut dice)).collect();
            let step = |a: usize| (0..=a).map(|b| root[a * size + b] * z[b]).sum::<f64>();
            drawn.intercept = self.intercept + step(0);
            let betas: Vec<f64> =
                self.betas.iter().enumerate().map(|(f, b)| b + step(f + 1)).collect();
            let inside = betas.iter().all(|b| (BOX.0..=BOX.1).contains(b));
            for (mine, new) in drawn.betas.iter_mut().zip(betas) {
                *mine = new.clamp(BOX.0, BOX.1);
            }
            if inside {
                break;
            }
        }
        drawn
    }
}

/// Standard normal by Box and Muller.
fn normal(dice: &mut ChaCha8Rng) -> f64 {
    let mut unit = || (dice.next_u64() >> 11) as f64 / (1_u64 << 53) as f64;
    let radius = (-2.0 * (1.0 - unit()).ln()).sqrt();
    radius * (std::f64::consts::TAU * unit()).cos()
}
