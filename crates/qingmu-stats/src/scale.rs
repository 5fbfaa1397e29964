//! The scale on which areas are compared.

/// Half-width δ of the scale's linear part: areas far above it are compared by ratio, areas near zero by
/// difference (statistics.md 1.1). In mu; it changes with the unit of the areas.
pub const DELTA_MU: f64 = 10.0;

/// `asinh(x / 2δ)`: the logarithm for large areas, finite at zero (Huber et al. 2002).
///
/// `None` for NaN and infinity and unless `delta` is positive.
#[must_use]
pub fn asinh_scale(x: f64, delta: f64) -> Option<f64> {
    (x.is_finite() && delta.is_finite() && delta > 0.0).then(|| (x / (2.0 * delta)).asinh())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_ends() {
        assert_eq!(asinh_scale(0.0, DELTA_MU), Some(0.0));
        assert_eq!((asinh_scale(f64::NAN, 1.0), asinh_scale(1.0, 0.0)), (None, None));
        assert_eq!((asinh_scale(1.0, f64::NAN), asinh_scale(f64::INFINITY, 1.0)), (None, None));
    }

    proptest! {
        #[test]
        fn is_a_logarithm_from_ten_deltas_on(x in 100.0_f64..1e9) {
            let value = asinh_scale(x, DELTA_MU).unwrap_or(f64::NAN);
            prop_assert!((value - (x / DELTA_MU).ln()).abs() < 0.01);
        }

        #[test]
        fn units_do_not_matter(x in 0.0_f64..1e6, factor in 0.01_f64..100.0) {
            let (a, b) = (asinh_scale(x, DELTA_MU), asinh_scale(x * factor, DELTA_MU * factor));
            prop_assert!((a.unwrap_or(f64::NAN) - b.unwrap_or(f64::NAN)).abs() < 1e-12);
        }
    }
}
