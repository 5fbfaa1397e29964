//! Several p-values of one subject to one: the Cauchy combination.

use std::f64::consts::PI;

/// Below it the tangent is its own asymptote to the last digit.
const TINY: f64 = 1e-15;
/// A p-value of 1 would outweigh every other with minus infinity.
const MOST: f64 = 1.0 - 1e-6;

/// Weighted Cauchy combination of p-values (ACAT; Liu and Xie 2020, JASA 115:393): valid in the tail whatever the
/// dependence among them.
///
/// `tests` are pairs of p-value (0–1) and weight. `None` without a positive weight, or for a value outside its range.
#[must_use]
pub fn acat(tests: &[(f64, f64)]) -> Option<f64> {
    let total: f64 = tests.iter().map(|(_, weight)| weight).sum();
    let good = tests.iter().all(|(p, w)| (0.0..=1.0).contains(p) && *w >= 0.0 && w.is_finite());
    if !good || total.is_nan() || total <= 0.0 {
        return None;
    }
    let term = |p: f64| match p.clamp(f64::MIN_POSITIVE, MOST) {
        p if p < TINY => 1.0 / (PI * p),
        p => ((0.5 - p) * PI).tan(),
    };
    let sum: f64 = tests.iter().map(|(p, weight)| weight / total * term(*p)).sum();
    // Far out ½ − arctan(x)/π cancels; arctan(1/x)/π is the same without loss.
    Some(if sum > 1.0 { (1.0 / sum).atan() / PI } else { 0.5 - sum.atan() / PI })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_values() {
        let near = |found: Option<f64>, exact: f64| {
            assert!((found.unwrap_or(f64::NAN) / exact - 1.0).abs() < 1e-9, "{found:?} {exact}");
        };
        near(acat(&[(0.03, 1.0)]), 0.03);
        near(acat(&[(1e-40, 2.0)]), 1e-40);
        near(acat(&[(0.01, 1.0), (0.01, 3.0)]), 0.01);
        // tan(0.49π) = 31.8205159…, tan(0) = 0: half of the first.
        near(acat(&[(0.01, 1.0), (0.5, 1.0)]), 0.5 - (31.820_515_953_773_95_f64 / 2.0).atan() / PI);
        // Liu and Xie: about the Bonferroni bound for one tiny value among equals.
        near(acat(&[(1e-30, 1.0), (0.4, 1.0), (0.6, 1.0), (0.5, 1.0)]), 4e-30);
    }

    #[test]
    fn what_cannot_be_combined() {
        assert_eq!(acat(&[]), None);
        for bad in
            [(f64::NAN, 1.0), (1.5, 1.0), (-0.1, 1.0), (0.5, -1.0), (0.5, 0.0), (0.5, f64::NAN)]
        {
            assert_eq!(acat(&[bad]), None, "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn stays_a_p_value_and_falls_with_each_part(
            tests in prop::collection::vec((0.0_f64..=1.0, 0.1_f64..5.0), 1..8),
            at in 0_usize..8,
        ) {
            let all = acat(&tests).unwrap_or(f64::NAN);
            prop_assert!((0.0..=1.0).contains(&all));
            let mut lower = tests.clone();
            lower[at % tests.len()].0 /= 2.0;
            prop_assert!(acat(&lower).unwrap_or(f64::NAN) <= all + 1e-12);
        }
    }
}
