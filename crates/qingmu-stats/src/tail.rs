//! The normal law far out: logarithms of its tail without underflow.
//!
//! Rational approximations of W. J. Cody, "Rational Chebyshev approximations for the error function",
//! Math. Comp. 23 (1969), relative error below 1e-15.

use std::f64::consts::{PI, SQRT_2};

/// ln √(2π).
const LN_ROOT_2PI: f64 = 0.918_938_533_204_672_8;

const NEAR_TOP: [f64; 5] = [
    1.857_777_061_846_031_5e-1,
    3.161_123_743_870_565_6,
    1.138_641_541_510_501_6e2,
    3.774_852_376_853_02e2,
    3.209_377_589_138_469_5e3,
];
const NEAR_BELOW: [f64; 5] = [
    1.0,
    2.360_129_095_234_412_1e1,
    2.440_246_379_344_441_7e2,
    1.282_616_526_077_372_3e3,
    2.844_236_833_439_171e3,
];
const MID_TOP: [f64; 9] = [
    2.153_115_354_744_038_5e-8,
    5.641_884_969_886_701e-1,
    8.883_149_794_388_376,
    6.611_919_063_714_163e1,
    2.986_351_381_974_001e2,
    8.819_522_212_417_69e2,
    1.712_047_612_634_070_6e3,
    2.051_078_377_826_071_5e3,
    1.230_339_354_797_997_2e3,
];
const MID_BELOW: [f64; 9] = [
    1.0,
    1.574_492_611_070_983_5e1,
    1.176_939_508_913_125e2,
    5.371_811_018_620_099e2,
    1.621_389_574_566_690_2e3,
    3.290_799_235_733_459_6e3,
    4.362_619_090_143_247e3,
    3.439_367_674_143_721_6e3,
    1.230_339_354_803_749_4e3,
];
const FAR_TOP: [f64; 6] = [
    1.631_538_713_730_209_8e-2,
    3.053_266_349_612_323_4e-1,
    3.603_448_999_498_044_4e-1,
    1.257_817_261_112_292_5e-1,
    1.608_378_514_874_228e-2,
    6.587_491_615_298_378e-4,
];
const FAR_BELOW: [f64; 6] = [
    1.0,
    2.568_520_192_289_822,
    1.872_952_849_923_467_3,
    5.279_051_029_514_284e-1,
    6.051_834_131_244_132e-2,
    2.335_204_976_268_691_8e-3,
];

/// `e^(x²) · erfc(x)` for x ≥ 0: the complementary error function without its underflow.
#[must_use]
pub fn erfcx(x: f64) -> f64 {
    if x <= 0.468_75 {
        let erf = x * horner(&NEAR_TOP, x * x) / horner(&NEAR_BELOW, x * x);
        (x * x).exp() * (1.0 - erf)
    } else if x <= 4.0 {
        horner(&MID_TOP, x) / horner(&MID_BELOW, x)
    } else {
        let inverse = 1.0 / (x * x);
        let rest = inverse * horner(&FAR_TOP, inverse) / horner(&FAR_BELOW, inverse);
        (1.0 / PI.sqrt() - rest) / x
    }
}

fn horner(coefficients: &[f64], x: f64) -> f64 {
    coefficients.iter().fold(0.0, |sum, c| sum.mul_add(x, *c))
}

/// Natural logarithm of Mills' ratio `(1 − Φ(x)) / φ(x)`, for every finite x.
#[must_use]
pub fn ln_mills(x: f64) -> f64 {
    if x >= 0.0 {
        (erfcx(x / SQRT_2) * (PI / 2.0).sqrt()).ln()
    } else {
        let half = 0.5 * x * x;
        LN_ROOT_2PI + half + (-0.5 * erfcx(-x / SQRT_2) * (-half).exp()).ln_1p()
    }
}

/// ln Φ(x), Φ the distribution function of the standard normal law, for every finite x.
#[must_use]
pub fn ln_phi(x: f64) -> f64 {
    if x <= 0.0 {
        ln_mills(-x) - 0.5 * x * x - LN_ROOT_2PI
    } else {
        (-0.5 * erfcx(x / SQRT_2) * (-0.5 * x * x).exp()).ln_1p()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Φ by Simpson's rule on the density from −40.
    fn phi(x: f64) -> f64 {
        let (from, steps) = (-40.0_f64, 200_000_u32);
        let h = (x - from) / f64::from(steps);
        let density = |t: f64| (-0.5 * t * t - LN_ROOT_2PI).exp();
        let inner: f64 = (1..steps)
            .map(|i| density(from + h * f64::from(i)) * if i % 2 == 1 { 4.0 } else { 2.0 })
            .sum();
        (density(from) + inner + density(x)) * h / 3.0
    }

    #[test]
    fn agrees_with_quadrature_in_all_three_pieces() {
        for x in [-8.0, -6.1, -5.5, -3.0, -1.0, -0.5, -0.1, 0.0, 0.3, 0.7, 2.0, 6.0] {
            let exact = phi(x).ln();
            assert!((ln_phi(x) - exact).abs() < 1e-9 * exact.abs().max(1e-3), "{x}");
        }
    }

    /// Published values: erfcx(1), erfcx(10) (Abramowitz and Stegun 7.1), Φ(−38) by its asymptotic series.
    #[test]
    fn agrees_with_tables() {
        assert!((erfcx(1.0) - 0.427_583_576_155_807).abs() < 1e-15);
        assert!((erfcx(10.0) - 0.056_140_992_743_822_6).abs() < 1e-16);
        assert!((erfcx(0.0) - 1.0).abs() < 1e-16);
        let x = 38.0_f64;
        let series = 1.0 - 1.0 / x.powi(2) + 3.0 / x.powi(4) - 15.0 / x.powi(6);
        let exact = -0.5 * x * x - LN_ROOT_2PI - x.ln() + series.ln();
        assert!((ln_phi(-x) - exact).abs() < 1e-9);
    }

    #[test]
    fn extremes_stay_finite() {
        for x in [-1e150, -1e8, -40.0, 40.0, 1e8, 1e150] {
            assert!(ln_mills(x).is_finite(), "{x}");
            assert!(ln_phi(x) <= 0.0 && ln_phi(x).is_finite(), "{x}");
        }
    }

    proptest! {
        #[test]
        fn mills_ratio_falls_and_the_pieces_meet(x in -30.0_f64..30.0) {
            prop_assert!(ln_mills(x + 1e-3) < ln_mills(x));
            let both = ln_phi(x).exp() + ln_phi(-x).exp();
            prop_assert!((both - 1.0).abs() < 1e-14);
        }
    }
}
