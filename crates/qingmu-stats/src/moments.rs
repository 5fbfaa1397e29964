//! Mean, standard deviation and lag-1 autocorrelation, two passes each.
//!
//! The second pass removes the rounding that the first leaves behind (Chan, Golub and LeVeque 1983,
//! "corrected two-pass"), so that a large mean does not eat the digits of a small spread.

/// Arithmetic mean; `None` for an empty slice or when a value is NaN or infinite.
#[must_use]
pub fn mean(values: &[f64]) -> Option<f64> {
    if values.is_empty() || values.iter().any(|v| !v.is_finite()) {
        return None;
    }
    let n = values.len() as f64;
    let first = values.iter().sum::<f64>() / n;
    let rest = values.iter().map(|v| v - first).sum::<f64>() / n;
    Some(first + rest).filter(|m| m.is_finite())
}

/// Standard deviation with divisor n − 1; `None` below two values or when one is NaN or infinite.
#[must_use]
pub fn sd(values: &[f64]) -> Option<f64> {
    if values.len() < 2 {
        return None;
    }
    let centre = mean(values)?;
    let n = values.len() as f64;
    let (mut squares, mut rest) = (0.0, 0.0);
    for v in values {
        let d = v - centre;
        squares += d * d;
        rest += d;
    }
    let variance = (squares - rest * rest / n) / (n - 1.0);
    Some(variance.max(0.0).sqrt()).filter(|s| s.is_finite())
}

/// Lag-1 autocorrelation `Σ (x_i − m)(x_{i−1} − m) / Σ (x_i − m)²`, the coefficient that NIST certifies.
///
/// `None` below two values, for a constant series, or when a value is NaN or infinite.
#[must_use]
pub fn lag1_autocorrelation(values: &[f64]) -> Option<f64> {
    if values.len() < 2 {
        return None;
    }
    let centre = mean(values)?;
    let total: f64 = values.iter().map(|v| (v - centre) * (v - centre)).sum();
    let lagged: f64 = values.windows(2).map(|w| (w[1] - centre) * (w[0] - centre)).sum();
    (total > 0.0).then(|| lagged / total).filter(|r| r.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn nothing_in_nothing_out() {
        assert_eq!((mean(&[]), sd(&[1.0]), lag1_autocorrelation(&[1.0])), (None, None, None));
        assert_eq!(mean(&[1.0, f64::NAN]), None);
        assert_eq!(sd(&[1.0, f64::INFINITY]), None);
        assert_eq!(lag1_autocorrelation(&[3.0, 3.0, 3.0]), None);
        assert_eq!(mean(&[f64::MAX, f64::MAX]), None);
    }

    proptest! {
        #[test]
        fn shift_and_scale(
            values in prop::collection::vec(-1e3_f64..1e3, 2..60),
            shift in -1e3_f64..1e3,
            factor in 0.1_f64..10.0,
        ) {
            let moved: Vec<f64> = values.iter().map(|v| v * factor + shift).collect();
            let (m, s) = (mean(&values).unwrap_or(f64::NAN), sd(&values).unwrap_or(f64::NAN));
            let (mm, ms) = (mean(&moved).unwrap_or(f64::NAN), sd(&moved).unwrap_or(f64::NAN));
            prop_assert!((mm - (m * factor + shift)).abs() < 1e-9);
            prop_assert!((ms - s * factor).abs() < 1e-8);
            if let (Some(a), Some(b)) = (lag1_autocorrelation(&values), lag1_autocorrelation(&moved)) {
                prop_assert!((-1.0..=1.0).contains(&a));
                prop_assert!(s < 1e-3 || (a - b).abs() < 1e-6);
            }
        }
    }
}
