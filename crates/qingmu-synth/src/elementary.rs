//! Exponential and logarithm from additions and products alone.
//!
//! A platform's library may round their last bit its own way, and one bit in ten thousand changes which hundredth of
//! a mu an area is rounded to. IEEE 754 fixes these here, so that a seed gives the same bytes everywhere.

const LN_2: f64 = std::f64::consts::LN_2;

/// e to the power `x`, relative error below 1e-11 for |x| ≤ 20.
pub(crate) fn exp(x: f64) -> f64 {
    let small = x / 1024.0;
    let mut term = 1.0;
    let mut sum = 1.0;
    for k in 1..=8_u32 {
        term *= small / f64::from(k);
        sum += term;
    }
    for _ in 0..10 {
        sum *= sum;
    }
    sum
}

/// Natural logarithm of a positive, normal number, error below 1e-12; 0 for anything else.
pub(crate) fn ln(x: f64) -> f64 {
    if !x.is_normal() || x < 0.0 {
        return 0.0;
    }
    let bits = x.to_bits();
    let exponent = i32::try_from(bits >> 52).unwrap_or_default() - 1023;
    let mantissa = f64::from_bits((bits & ((1 << 52) - 1)) | (1023 << 52));
    let ratio = (mantissa - 1.0) / (mantissa + 1.0);
    let square = ratio * ratio;
    let mut power = ratio;
    let mut sum = 0.0;
    for k in 0..14_u32 {
        sum += power / f64::from(2 * k + 1);
        power *= square;
    }
    2.0 * sum + f64::from(exponent) * LN_2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_agree_with_the_library() {
        for step in -2_000..=2_000_i32 {
            let x = f64::from(step) / 100.0;
            assert!((exp(x) / x.exp() - 1.0).abs() < 1e-11, "{x}");
            assert!((ln(x.exp()) - x).abs() < 1e-12, "{x}");
        }
        assert_eq!((ln(0.0), ln(-1.0), ln(f64::NAN)), (0.0, 0.0, 0.0));
        assert_eq!(exp(0.0).to_bits(), 1.0_f64.to_bits());
    }
}
