//! Excess of one village-year as a mixture over schemes and templates: exact distribution, no random draws.

use qingmu_model::Estimate;
use qingmu_stats::ln_phi;

/// Halvings of a bracket: error of a point below 1e-9 of the largest possible amount.
const HALVINGS: usize = 30;

/// One alternative.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Amount {
    /// A log excess, normal and known to be at least `least`, on a claim of `claimed` (mu or yuan).
    Level {
        /// Centre before truncation.
        centre: f64,
        /// Standard error, already widened.
        se: f64,
        /// Height of the template in the year.
        height: f64,
        /// Least material log excess, at height 1.
        least: f64,
        /// What was claimed.
        claimed: f64,
    },
    /// Counted on rows: normal about the count.
    Counted {
        /// The count.
        value: f64,
        /// Standard deviation.
        sd: f64,
    },
}

impl Amount {
    /// ln P(δ at least what is material) of a level, before truncation; 0 for a count.
    fn ln_norm(&self) -> f64 {
        match *self {
            Self::Level { centre, se, least, .. } => ln_phi((centre - least) / se),
            Self::Counted { .. } => 0.0,
        }
    }

    /// P(X > x).
    fn above(&self, x: f64, ln_norm: f64) -> f64 {
        match *self {
            Self::Level { centre, se, height, least, claimed } => {
                if x >= claimed {
                    return 0.0;
                }
                let delta = (-(-x / claimed).ln_1p() / height).max(least);
                (ln_phi((centre - delta) / se) - ln_norm).exp()
            }
            Self::Counted { value, sd } => {
                if sd > 0.0 {
                    ln_phi((value - x) / sd).exp()
                } else {
                    f64::from(u8::from(value > x))
                }
            }
        }
    }

    /// E(X).
    fn mean(&self) -> f64 {
        match *self {
            Self::Level { centre, se, height, least, claimed } => {
                // E e^(−δh) of a normal truncated from below.
                let shift = height * se * se;
                let ln =
                    -centre * height + 0.5 * height * shift + ln_phi((centre - shift - least) / se)
                        - ln_phi((centre - least) / se);
                claimed * (1.0 - ln.exp()).clamp(0.0, 1.0)
            }
            Self::Counted { value, .. } => value,
        }
    }

    fn most(&self) -> f64 {
        match *self {
            Self::Level { claimed, .. } => claimed,
            Self::Counted { value, sd } => value + 9.0 * sd,
        }
    }
}

/// Median, 5 % and 95 % points, and mean of a mixture; `None` without any weight.
pub(crate) fn summarise(mixture: &[(f64, Amount)]) -> Option<(Estimate<f64>, f64)> {
    let total: f64 = mixture.iter().map(|(weight, _)| weight).sum();
    if total.is_nan() || total <= 0.0 {
        return None;
    }
    // What holds less than a ten-thousandth of the weight moves no shown digit.
    let kept: Vec<(f64, f64, Amount)> = mixture
        .iter()
        .filter(|(weight, _)| *weight > 1e-4 * total)
        .map(|(weight, amount)| (*weight, amount.ln_norm(), *amount))
        .collect();
    let total: f64 = kept.iter().map(|(weight, ..)| weight).sum();
    let most = kept.iter().map(|(.., amount)| amount.most()).fold(0.0, f64::max);
    let above = |x: f64| kept.iter().map(|(w, ln, a)| w * a.above(x, *ln)).sum::<f64>() / total;
    let point = |share: f64| {
        let (mut low, mut high) = (0.0, most);
        for _ in 0..HALVINGS {
            let middle = 0.5 * (low + high);
            if above(middle) > 1.0 - share { low = middle } else { high = middle }
        }
        0.5 * (low + high)
    };
    let mean = kept.iter().map(|(w, _, a)| w * a.mean()).sum::<f64>() / total;
    let estimate = Estimate { median: point(0.5), lo: point(0.05), hi: point(0.95) };
    let finite = [estimate.median, estimate.lo, estimate.hi, mean].iter().all(|x| x.is_finite());
    finite.then_some((estimate, mean))
}

/// Probability that a log excess, known to be positive, reaches `least`.
pub(crate) fn material(centre: f64, se: f64, least: f64) -> f64 {
    (ln_phi((centre - least) / se) - ln_phi(centre / se)).exp().clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_of_a_sharp_level_are_those_of_the_formula() -> Result<(), String> {
        let level =
            Amount::Level { centre: 0.2, se: 0.01, height: 1.0, least: 0.0, claimed: 1000.0 };
        let (estimate, mean) = summarise(&[(0.3, level)]).ok_or("no weight")?;
        assert!((estimate.median - 1000.0 * (1.0 - (-0.2_f64).exp())).abs() < 1e-6);
        assert!((estimate.hi - 1000.0 * (1.0 - (-0.2 - 0.016_448_536_f64).exp())).abs() < 1e-4);
        assert!((mean - 1000.0 * (1.0 - (-0.2 + 0.000_05_f64).exp())).abs() < 1e-6);
        Ok(())
    }

    /// The mean against the distribution itself, integrated by the trapezium rule.
    #[test]
    fn the_mean_is_the_area_under_the_survival_curve() -> Result<(), String> {
        let level =
            Amount::Level { centre: -0.05, se: 0.1, height: 0.5, least: 0.03, claimed: 100.0 };
        let counted = Amount::Counted { value: 20.0, sd: 0.6 };
        let (_, mean) = summarise(&[(1.0, level), (3.0, counted)]).ok_or("no weight")?;
        let curve = |x: f64| 0.25 * level.above(x, level.ln_norm()) + 0.75 * counted.above(x, 0.0);
        let steps = 200_000;
        let width = 100.0 / f64::from(steps);
        let area: f64 = (0..steps).map(|i| curve((f64::from(i) + 0.5) * width) * width).sum();
        assert!((area - mean).abs() < 1e-3, "{area} {mean}");
        Ok(())
    }

    #[test]
    fn nothing_has_no_estimate_and_a_count_of_nothing_is_nothing() -> Result<(), String> {
        assert_eq!(summarise(&[]), None);
        let (estimate, mean) =
            summarise(&[(1.0, Amount::Counted { value: 0.0, sd: 0.0 })]).ok_or("no weight")?;
        assert_eq!((estimate.median, estimate.hi, mean), (0.0, 0.0, 0.0));
        Ok(())
    }

    #[test]
    fn a_small_excess_is_seldom_material() {
        assert!(material(0.3, 0.02, 0.03) > 0.999);
        assert!(material(-0.5, 0.05, 0.03) < 0.01);
    }
}
