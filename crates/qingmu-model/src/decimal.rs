//! Exact decimal text: mantissa and scale, nothing lost.

/// An exact decimal number: `mantissa / 10^scale`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decimal {
    /// All digits, sign included.
    pub mantissa: i128,
    /// Digits behind the point.
    pub scale: u32,
}

/// Why a text is no decimal number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecimalError {
    /// Nothing there.
    #[error("empty where a number is expected")]
    Empty,
    /// Something other than digits, one point and a leading sign.
    #[error("`{0}` is not a decimal number")]
    NotANumber(String),
    /// More digits than any area or sum of money has.
    #[error("`{0}` has too many digits")]
    TooLong(String),
    /// The value does not fit the fixed-point range.
    #[error("`{0}` is out of range")]
    OutOfRange(String),
    /// Digits beyond the fixed-point scale that are not zero.
    #[error("`{text}` has more than {scale} decimals")]
    TooFine {
        /// The text as read.
        text: String,
        /// Decimals the quantity keeps.
        scale: u32,
    },
}

impl Decimal {
    /// Parses `-12.3456`, `.5`, `7.`; no exponent, no separators, no white space inside.
    ///
    /// # Errors
    /// [`DecimalError`] for anything else. `1e5`, `NaN` and `1,234` are not numbers here.
    pub fn parse(text: &str) -> Result<Self, DecimalError> {
        let trimmed = text.trim();
        if trimmed.is_empty() {
            return Err(DecimalError::Empty);
        }
        let (negative, digits) = match trimmed.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, trimmed.strip_prefix('+').unwrap_or(trimmed)),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if (whole.is_empty() && fraction.is_empty()) || !all_digits(whole) || !all_digits(fraction)
        {
            return Err(DecimalError::NotANumber(trimmed.to_owned()));
        }
        if whole.len() + fraction.len() > 36 {
            return Err(DecimalError::TooLong(trimmed.to_owned()));
        }
        let mut mantissa: i128 = 0;
        for b in whole.bytes().chain(fraction.bytes()) {
            mantissa = mantissa * 10 + i128::from(b - b'0');
        }
        let scale = u32::try_from(fraction.len()).unwrap_or(u32::MAX);
        Ok(Self { mantissa: if negative { -mantissa } else { mantissa }, scale })
    }

    /// The value times `num / den`, rounded half away from zero to `scale` decimals.
    ///
    /// Returns the fixed-point integer and whether rounding moved the value; `None` on overflow.
    #[must_use]
    pub fn to_fixed(self, scale: u32, num: i128, den: i128) -> Option<(i64, bool)> {
        let up = 10_i128.checked_pow(scale)?;
        let down = 10_i128.checked_pow(self.scale)?.checked_mul(den)?;
        let top = self.mantissa.checked_mul(num)?.checked_mul(up)?;
        let rounded = round_div(top, down)?;
        let moved = rounded.checked_mul(down)? != top;
        Some((i64::try_from(rounded).ok()?, moved))
    }
}

/// `a / b` rounded half away from zero; `b > 0`.
pub(crate) fn round_div(a: i128, b: i128) -> Option<i128> {
    let half = b / 2;
    let shifted = if a >= 0 { a.checked_add(half)? } else { a.checked_sub(half)? };
    // An odd divisor has no exact half, so adding the floor of it still rounds to nearest.
    Some(shifted / b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_text_keeps_every_digit() {
        assert_eq!(Decimal::parse("12.3456"), Ok(Decimal { mantissa: 123_456, scale: 4 }));
        assert_eq!(Decimal::parse("-.5"), Ok(Decimal { mantissa: -5, scale: 1 }));
        assert_eq!(Decimal::parse(" 7. "), Ok(Decimal { mantissa: 7, scale: 0 }));
    }

    #[test]
    fn what_is_no_number_says_so() {
        for (text, message) in [
            ("", "empty where a number is expected"),
            ("1e5", "`1e5` is not a decimal number"),
            ("NaN", "`NaN` is not a decimal number"),
            ("1,234", "`1,234` is not a decimal number"),
            (".", "`.` is not a decimal number"),
            (
                "1234567890123456789012345678901234567",
                "`1234567890123456789012345678901234567` has too many digits",
            ),
        ] {
            assert_eq!(Decimal::parse(text).map_err(|e| e.to_string()), Err(message.to_owned()));
        }
    }

    #[test]
    fn rounding_is_half_away_from_zero_and_is_told() {
        let fixed = |t: &str| Decimal::parse(t).ok().and_then(|d| d.to_fixed(2, 1, 1));
        assert_eq!(fixed("1.005"), Some((101, true)));
        assert_eq!(fixed("-1.005"), Some((-101, true)));
        assert_eq!(fixed("1.004"), Some((100, true)));
        assert_eq!(fixed("1.5000"), Some((150, false)));
        assert_eq!(fixed("99999999999999999999"), None);
    }
}
