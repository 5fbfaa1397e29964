//! Area and money as fixed-point integers: sums are exact and do not depend on order.

use crate::decimal::{Decimal, DecimalError, round_div};
use crate::project::AreaUnit;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// Area in mu (亩, 1/15 ha), held in units of 0.0001 mu.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Mu(i64);

/// Money in yuan, held in fen (0.01 yuan). Another currency's cents where the project says so.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Yuan(i64);

/// Arithmetic that left the representable range.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QuantityError {
    /// A sum, difference or product is beyond ±9.2e18 units.
    #[error("{0} is out of range; check the input for a wrong unit")]
    Overflow(&'static str),
}

macro_rules! fixed_point {
    ($name:ident, $scale:literal, $one:literal, $word:literal) => {
        impl $name {
            /// Decimals kept.
            pub const SCALE: u32 = $scale;
            /// Nothing.
            pub const ZERO: Self = Self(0);

            /// From the integer of smallest units.
            #[must_use]
            pub const fn from_raw(raw: i64) -> Self {
                Self(raw)
            }

            /// The integer of smallest units.
            #[must_use]
            pub const fn raw(self) -> i64 {
                self.0
            }

            /// Exact parsing: digits beyond the scale must be zero.
            ///
            /// # Errors
            /// [`DecimalError`] naming the text and what is wrong with it.
            pub fn parse(text: &str) -> Result<Self, DecimalError> {
                let (value, moved) = Self::parse_rounded(text)?;
                if moved {
                    let text = text.trim().to_owned();
                    return Err(DecimalError::TooFine { text, scale: $scale });
                }
                Ok(value)
            }

            /// Parsing with rounding half away from zero; tells whether rounding moved the value.
            ///
            /// # Errors
            /// [`DecimalError`] naming the text and what is wrong with it.
            pub fn parse_rounded(text: &str) -> Result<(Self, bool), DecimalError> {
                Decimal::parse(text)?
                    .to_fixed($scale, 1, 1)
                    .map(|(raw, moved)| (Self(raw), moved))
                    .ok_or_else(|| DecimalError::OutOfRange(text.trim().to_owned()))
            }

            /// From floating point, rounded to the scale; tells whether rounding moved the value.
            /// `None` for NaN, infinity and values out of range.
            #[must_use]
            pub fn from_f64(value: f64) -> Option<(Self, bool)> {
                let scaled = (value * $one).round();
                // 2^53: beyond it a double no longer holds every integer, so the digits would be invented.
                if !scaled.is_finite() || scaled.abs() > 9_007_199_254_740_992.0 {
                    return None;
                }
                #[allow(clippy::cast_possible_truncation, reason = "bounded just above")]
                let raw = scaled as i64;
                #[allow(clippy::float_cmp, reason = "asks whether the very same double comes back")]
                let moved = Self(raw).to_f64() != value;
                Some((Self(raw), moved))
            }

            /// The nearest double.
            #[must_use]
            pub fn to_f64(self) -> f64 {
                self.0 as f64 / $one
            }

            /// Sum, or `None` out of range.
            #[must_use]
            pub fn checked_add(self, other: Self) -> Option<Self> {
                self.0.checked_add(other.0).map(Self)
            }

            /// Difference, or `None` out of range.
            #[must_use]
            pub fn checked_sub(self, other: Self) -> Option<Self> {
                self.0.checked_sub(other.0).map(Self)
            }

            /// Exact sum of many.
            ///
            /// # Errors
            /// [`QuantityError::Overflow`] when the total leaves the range.
            pub fn sum(values: impl IntoIterator<Item = Self>) -> Result<Self, QuantityError> {
                values
                    .into_iter()
                    .try_fold(Self::ZERO, Self::checked_add)
                    .ok_or(QuantityError::Overflow(concat!("a sum of ", $word)))
            }
        }

        impl fmt::Display for $name {
            /// All kept decimals; a precision (`{:.1}`) rounds half away from zero for reading.
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let places = u32::try_from(f.precision().unwrap_or($scale)).unwrap_or($scale);
                let places = places.min($scale);
                let cut = 10_i128.pow($scale - places);
                let shown = round_div(i128::from(self.0), cut).unwrap_or_default();
                let unit = 10_i128.pow(places);
                let sign = if shown < 0 { "-" } else { "" };
                let (whole, part) = (shown.abs() / unit, shown.abs() % unit);
                if places == 0 {
                    write!(f, "{sign}{whole}")
                } else {
                    write!(f, "{sign}{whole}.{part:0width$}", width = places as usize)
                }
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{self} {}", $word)
            }
        }

        impl Serialize for $name {
            /// As a JSON number; shortest text of the double is the exact decimal below 2^53 units.
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_f64(self.to_f64())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let value = f64::deserialize(d)?;
                Self::from_f64(value)
                    .map(|(v, _)| v)
                    .ok_or_else(|| serde::de::Error::custom(concat!("out of range for ", $word)))
            }
        }
    };
}

fixed_point!(Mu, 4, 10_000.0, "mu");
fixed_point!(Yuan, 2, 100.0, "yuan");

impl Mu {
    /// Exact text in another unit of area, rounded to 0.0001 mu; tells whether rounding moved it.
    ///
    /// # Errors
    /// [`DecimalError`] naming the text and what is wrong with it.
    pub fn parse_in(text: &str, unit: AreaUnit) -> Result<(Self, bool), DecimalError> {
        let (num, den) = unit.mu_ratio();
        Decimal::parse(text)?
            .to_fixed(Self::SCALE, num, den)
            .map(|(raw, moved)| (Self(raw), moved))
            .ok_or_else(|| DecimalError::OutOfRange(text.trim().to_owned()))
    }

    /// A floating-point area in another unit, rounded to 0.0001 mu; tells whether rounding moved it.
    /// `None` for NaN, infinity and values out of range.
    #[must_use]
    pub fn from_f64_in(value: f64, unit: AreaUnit) -> Option<(Self, bool)> {
        if unit == AreaUnit::Mu {
            return Self::from_f64(value);
        }
        let (num, den) = unit.mu_ratio();
        Self::from_f64(value * (num as f64 / den as f64)).map(|(mu, _)| (mu, true))
    }

    /// A fixed-point area (`raw / 10^scale`) in another unit, rounded to 0.0001 mu.
    #[must_use]
    pub fn from_fixed_in(raw: i128, scale: u32, unit: AreaUnit) -> Option<(Self, bool)> {
        let (num, den) = unit.mu_ratio();
        Decimal { mantissa: raw, scale }
            .to_fixed(Self::SCALE, num, den)
            .map(|(raw, moved)| (Self(raw), moved))
    }

    /// Area times a rate in fen per mu, rounded half away from zero to the fen.
    #[must_use]
    pub fn times_rate(self, rate: Yuan) -> Option<Yuan> {
        let product = i128::from(self.0) * i128::from(rate.0);
        i64::try_from(round_div(product, 10_000)?).ok().map(Yuan)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn parses_exactly() {
        assert_eq!(Mu::parse("12.3456").map(Mu::raw), Ok(123_456));
        assert_eq!(Mu::parse("12.34560").map(Mu::raw), Ok(123_456));
        assert_eq!(
            Mu::parse("12.34567").map_err(|e| e.to_string()),
            Err("`12.34567` has more than 4 decimals".to_owned())
        );
        assert_eq!(Yuan::parse("-0.05").map(|y| y.to_string()), Ok("-0.05".to_owned()));
        assert_eq!(
            Yuan::parse("99999999999999999999").map_err(|e| e.to_string()),
            Err("`99999999999999999999` is out of range".to_owned())
        );
    }

    #[test]
    fn converts_hectares_and_acres() {
        assert_eq!(Mu::parse_in("1", AreaUnit::Hectare), Ok((Mu(150_000), false)));
        // 1 acre = 4,046.856 422 4 m2 = 6.070 284 633 6 mu
        assert_eq!(Mu::parse_in("1", AreaUnit::Acre), Ok((Mu(60_703), true)));
        assert_eq!(Mu::parse_in("10000000", AreaUnit::Acre), Ok((Mu(607_028_463_360), false)));
        assert_eq!(Mu::parse_in("2000", AreaUnit::SquareMetre), Ok((Mu(30_000), false)));
        assert_eq!(Mu::from_f64_in(2.0, AreaUnit::Hectare), Some((Mu(300_000), true)));
        assert_eq!(Mu::from_fixed_in(15, 1, AreaUnit::Hectare), Some((Mu(225_000), false)));
    }

    #[test]
    fn rate_times_area_rounds_to_the_fen() {
        // Dengfeng audit: 410,458.41 mu x 119.48 yuan = 49,041,570.8268
        let area = Mu::parse("410458.41").unwrap_or_default();
        assert_eq!(area.times_rate(Yuan(11_948)), Some(Yuan(4_904_157_083)));
        assert_eq!(Mu(i64::MAX).times_rate(Yuan(i64::MAX)), None);
    }

    #[test]
    fn floats_are_taken_or_refused() {
        assert_eq!(Mu::from_f64(12.3), Some((Mu(123_000), false)));
        assert_eq!(Mu::from_f64(0.123_45), Some((Mu(1_235), true)));
        assert_eq!(Mu::from_f64(f64::NAN), None);
        assert_eq!(Mu::from_f64(f64::INFINITY), None);
        assert_eq!(Mu::from_f64(1e300), None);
    }

    #[test]
    fn sums_are_checked() {
        assert_eq!(
            Yuan::sum([Yuan(i64::MAX), Yuan(1)]).map_err(|e| e.to_string()),
            Err("a sum of yuan is out of range; check the input for a wrong unit".to_owned())
        );
        assert_eq!(format!("{:.1} {:.0} {}", Mu(12_550), Mu(-5_000), Mu(1)), "1.3 -1 0.0001");
    }

    proptest! {
        #[test]
        fn text_round_trips(raw in -9_000_000_000_000_000_i64..9_000_000_000_000_000) {
            prop_assert_eq!(Mu::parse(&Mu(raw).to_string()), Ok(Mu(raw)));
            prop_assert_eq!(Yuan::parse(&Yuan(raw).to_string()), Ok(Yuan(raw)));
        }

        #[test]
        fn doubles_round_trip(raw in -9_000_000_000_000_i64..9_000_000_000_000) {
            prop_assert_eq!(Mu::from_f64(Mu(raw).to_f64()), Some((Mu(raw), false)));
        }
    }
}
