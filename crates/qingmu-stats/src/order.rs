//! Median, median absolute deviation and quantiles.

/// Factor that makes the median absolute deviation estimate the standard deviation of a normal law.
pub const MAD_TO_SD: f64 = 1.4826;

/// Median; the mean of the two middle values of an even number.
///
/// `None` for an empty slice or when a value is NaN or infinite.
#[must_use]
pub fn median(values: &[f64]) -> Option<f64> {
    sorted(values).as_deref().and_then(median_of_sorted)
}

/// Median absolute deviation from the median, times [`MAD_TO_SD`]; `None` as [`median`].
#[must_use]
pub fn mad(values: &[f64]) -> Option<f64> {
    let centre = median(values)?;
    let deviations: Vec<f64> = values.iter().map(|v| (v - centre).abs()).collect();
    median(&deviations).map(|m| m * MAD_TO_SD)
}

/// Quantile with linear interpolation between order statistics (type 7 of Hyndman and Fan 1996).
///
/// `None` for an empty slice, for `p` outside 0..=1, or when a value is NaN or infinite.
#[must_use]
pub fn quantile(values: &[f64], p: f64) -> Option<f64> {
    if !(0.0..=1.0).contains(&p) {
        return None;
    }
    let values = sorted(values)?;
    let place = p * (values.len() - 1) as f64;
    let below = place.floor();
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "0 <= below <= len - 1"
    )]
    let index = below as usize;
    let low = *values.get(index)?;
    let high = *values.get(index + 1).unwrap_or(&low);
    Some(low + (high - low) * (place - below))
}

/// Ascending copy; `None` when empty or when a value is NaN or infinite.
fn sorted(values: &[f64]) -> Option<Vec<f64>> {
    if values.is_empty() || values.iter().any(|v| !v.is_finite()) {
        return None;
    }
    let mut copy = values.to_vec();
    copy.sort_unstable_by(f64::total_cmp);
    Some(copy)
}

/// Median of an ascending slice.
fn median_of_sorted(values: &[f64]) -> Option<f64> {
    let n = values.len();
    let high = *values.get(n / 2)?;
    Some(if n % 2 == 1 { high } else { middle(values[n / 2 - 1], high) })
}

/// Half way between two values without overflow.
pub(crate) fn middle(low: f64, high: f64) -> f64 {
    low + (high - low) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_values() {
        assert_eq!(median(&[3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), Some(2.5));
        // Deviations from 2 are 1 1 0 0 2 4 7: median 1.
        assert_eq!(mad(&[1.0, 1.0, 2.0, 2.0, 4.0, 6.0, 9.0]), Some(MAD_TO_SD));
        assert_eq!(quantile(&[1.0, 2.0, 3.0, 4.0], 0.25), Some(1.75));
        assert_eq!(quantile(&[1.0, 2.0], 1.0), Some(2.0));
    }

    #[test]
    fn nothing_in_nothing_out() {
        assert_eq!((median(&[]), mad(&[]), quantile(&[], 0.5)), (None, None, None));
        assert_eq!((median(&[f64::NAN]), mad(&[1.0, f64::INFINITY])), (None, None));
        assert_eq!((quantile(&[1.0], 1.5), quantile(&[1.0], f64::NAN)), (None, None));
    }

    proptest! {
        #[test]
        fn shift_scale_and_order(
            values in prop::collection::vec(-1e6_f64..1e6, 1..80),
            shift in -1e6_f64..1e6,
            factor in 0.01_f64..100.0,
            turn in 0_usize..80,
        ) {
            let mut turned = values.clone();
            turned.rotate_left(turn % values.len());
            turned.reverse();
            prop_assert_eq!(median(&turned), median(&values));
            prop_assert_eq!(mad(&turned), mad(&values));
            prop_assert_eq!(quantile(&turned, 0.9), quantile(&values, 0.9));
            let moved: Vec<f64> = values.iter().map(|v| v * factor + shift).collect();
            let get = |v: Option<f64>| v.unwrap_or(f64::NAN);
            let near = |a: f64, b: f64| (a - b).abs() <= 1e-6;
            prop_assert!(near(get(median(&moved)), get(median(&values)) * factor + shift));
            prop_assert!(near(get(mad(&moved)), get(mad(&values)) * factor));
        }

        #[test]
        fn half_of_the_values_do_not_exceed_the_median(
            values in prop::collection::vec(-1e6_f64..1e6, 1..80),
        ) {
            let m = median(&values).unwrap_or(f64::NAN);
            prop_assert!(values.iter().filter(|v| **v <= m).count() * 2 >= values.len());
            prop_assert!(values.iter().filter(|v| **v >= m).count() * 2 >= values.len());
            prop_assert!((m - quantile(&values, 0.5).unwrap_or(f64::NAN)).abs() < 1e-9);
        }
    }
}
