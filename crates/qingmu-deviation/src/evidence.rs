//! From a score and its information to evidence: one-sided excesses, two-sided changes, a village's own scale.

use crate::fit::Delta;
use qingmu_stats::ln_mills;

/// Information below which the data say nothing about a shape (statistics.md 1.5).
const LEAST_INFORMATION: f64 = 1e-9;

/// What the data say about the size δ of one shape h: ln L(δ) − ln L(0) = s·δ − I·δ²/2.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Score {
    /// h'Σ⁻¹u.
    pub(crate) slope: f64,
    /// h'Σ⁻¹h.
    pub(crate) information: f64,
}

impl Score {
    /// The same shape with its sign reversed.
    pub(crate) fn mirror(self) -> Self {
        Self { slope: -self.slope, ..self }
    }

    /// Logarithm of the Bayes factor of δ > 0 with an exponential prior of this mean against δ = 0.
    ///
    /// ∫ λ e^(−λδ) e^(sδ − Iδ²/2) dδ over δ > 0, exact: with m = (s − λ)/I and se = I^(−1/2) it is
    /// λ·se·R(−m/se), R Mills' ratio. statistics.md 5.4.
    pub(crate) fn one_sided(self, mean: f64) -> f64 {
        if self.information < LEAST_INFORMATION {
            return 0.0;
        }
        let root = self.information.sqrt();
        let rate = 1.0 / mean;
        (rate / root).ln() + ln_mills((rate - self.slope) / root)
    }

    /// Logarithm of the Bayes factor of a normal prior with mean 0 and this standard deviation against δ = 0.
    pub(crate) fn two_sided(self, sd: f64) -> f64 {
        let gain = 1.0 + sd * sd * self.information;
        0.5 * (sd * self.slope).powi(2) / gain - 0.5 * gain.ln()
    }

    /// Posterior of δ before truncation, the exponential prior included. Without information: the prior's mean, wide.
    pub(crate) fn posterior(self, mean: f64) -> Delta {
        if self.information < LEAST_INFORMATION {
            return Delta { centre: mean, se: mean };
        }
        let centre = (self.slope - 1.0 / mean) / self.information;
        Delta { centre, se: 1.0 / self.information.sqrt() }
    }
}

/// A village's own scale: its variances are those of its size times an unknown factor, so that a village that is
/// restless in all its years proves less. Amendment B4.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Scale {
    /// Degrees of freedom.
    pub(crate) nu: f64,
    /// Cells.
    pub(crate) cells: f64,
    /// u'Σ⁻¹u under nothing at all.
    pub(crate) squares: f64,
}

impl Scale {
    /// Evidence of a shape after the scale is integrated out, from its Gaussian `ln_bf`.
    pub(crate) fn soften(self, ln_bf: f64) -> f64 {
        // Exact arithmetic keeps what is left of the squares at 0 or above.
        let left = (self.squares - 2.0 * ln_bf).max(0.0);
        let gain = (self.squares / self.nu).ln_1p() - (left / self.nu).ln_1p();
        0.5 * (self.nu + self.cells) * gain
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Simpson's rule over δ in 0..=`to`, relative to the largest value of the integrand.
    fn quadrature(score: Score, ln_prior: impl Fn(f64) -> f64, from: f64, to: f64) -> f64 {
        let ln = |d: f64| ln_prior(d) + score.slope * d - 0.5 * score.information * d * d;
        let steps = 200_000_u32;
        let h = (to - from) / f64::from(steps);
        let at = |i: u32| from + h * f64::from(i);
        let top = (0..=steps).map(|i| ln(at(i))).fold(f64::NEG_INFINITY, f64::max);
        let weight = |i: u32| match i {
            0 => 1.0,
            i if i == steps => 1.0,
            i if i % 2 == 1 => 4.0,
            _ => 2.0,
        };
        let sum: f64 = (0..=steps).map(|i| weight(i) * (ln(at(i)) - top).exp()).sum();
        top + (sum * h / 3.0).ln()
    }

    #[test]
    fn evidence_is_the_integral() {
        for slope in [-400.0, -30.0, -1.0, 0.0, 2.0, 4.0, 25.0, 300.0] {
            for information in [0.5, 30.0, 900.0, 4_000.0] {
                let score = Score { slope, information };
                for mean in [0.1_f64, 0.25] {
                    let prior = |d: f64| -d / mean - mean.ln();
                    // Everything of weight lies within this of the peak.
                    let peak = ((slope - 1.0 / mean) / information).max(0.0);
                    let exact =
                        quadrature(score, prior, 0.0, peak + 14.0 / information.sqrt() + 1.0);
                    let got = score.one_sided(mean);
                    assert!(
                        (got - exact).abs() < 1e-6 * exact.abs().max(1.0),
                        "{score:?} {got} {exact}"
                    );
                }
                let normal = |d: f64| {
                    -0.5 * (d / 0.15).powi(2) - (0.15 * (2.0 * std::f64::consts::PI).sqrt()).ln()
                };
                let exact = quadrature(score, normal, -20.0, 20.0);
                let got = score.two_sided(0.15);
                assert!(
                    (got - exact).abs() < 1e-6 * exact.abs().max(1.0),
                    "{score:?} {got} {exact}"
                );
            }
        }
    }

    #[test]
    fn no_information_no_evidence() {
        let nothing = Score { slope: 0.0, information: 0.0 };
        assert_eq!((nothing.one_sided(0.25), nothing.two_sided(0.15)), (0.0, 0.0));
        let little = Score { slope: 0.0, information: 1e-6 };
        assert!(little.one_sided(0.25).abs() < 1e-6);
        assert_eq!(nothing.posterior(0.25), Delta { centre: 0.25, se: 0.25 });
    }

    #[test]
    fn without_degrees_of_freedom_to_lose_softening_is_the_identity() {
        let wide = Scale { nu: 1e9, cells: 40.0, squares: 60.0 };
        assert!((wide.soften(12.0) - 12.0).abs() < 1e-4);
    }

    proptest! {
        #[test]
        fn more_slope_more_evidence_and_never_nan(
            slope in -1e3_f64..1e3, information in 0.0_f64..1e5, more in 1e-3_f64..50.0,
        ) {
            let score = Score { slope, information };
            let higher = Score { slope: slope + more, information };
            let (low, high) = (score.one_sided(0.25), higher.one_sided(0.25));
            prop_assert!(low.is_finite() && high >= low);
            let mirrored = Score { slope: -slope, information }.one_sided(0.25);
            prop_assert_eq!(score.mirror().one_sided(0.25).to_bits(), mirrored.to_bits());
        }

        #[test]
        fn softening_keeps_sign_and_order(
            squares in 0.0_f64..500.0, cells in 1.0_f64..60.0, a in -50.0_f64..1.0, b in -50.0_f64..1.0,
        ) {
            let scale = Scale { nu: 8.0, cells, squares };
            let (x, y) = (a * squares / 2.0, b * squares / 2.0);
            prop_assert!((x <= y) == (scale.soften(x) <= scale.soften(y)) || (x - y).abs() < 1e-12);
            prop_assert!(scale.soften(x) * x >= 0.0);
            prop_assert!(scale.soften(0.0).abs() < 1e-300);
        }
    }
}
