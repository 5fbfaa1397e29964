//! Units of the rule language: products of powers of mu and yuan.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// `mu^a * yuan^b`; `1` when both are zero.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize,
)]
pub struct Unit {
    /// Power of mu.
    pub mu: i8,
    /// Power of yuan.
    pub yuan: i8,
}

impl Unit {
    /// A pure number.
    pub const ONE: Self = Self { mu: 0, yuan: 0 };
    /// Area.
    pub const MU: Self = Self { mu: 1, yuan: 0 };
    /// Money.
    pub const YUAN: Self = Self { mu: 0, yuan: 1 };
    /// Money per area.
    pub const RATE: Self = Self { mu: -1, yuan: 1 };

    /// Unit of a product; `None` when a power leaves −4..=4, which no formula of the field needs.
    #[must_use]
    pub fn times(self, other: Self) -> Option<Self> {
        Self { mu: self.mu + other.mu, yuan: self.yuan + other.yuan }.bounded()
    }

    /// Unit of a quotient; bounded as [`Unit::times`].
    #[must_use]
    pub fn over(self, other: Self) -> Option<Self> {
        Self { mu: self.mu - other.mu, yuan: self.yuan - other.yuan }.bounded()
    }

    fn bounded(self) -> Option<Self> {
        (self.mu.abs() <= 4 && self.yuan.abs() <= 4).then_some(self)
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.mu, self.yuan) {
            (0, 0) => f.write_str("1"),
            (1, 0) => f.write_str("mu"),
            (0, 1) => f.write_str("yuan"),
            (-1, 1) => f.write_str("yuan/mu"),
            (m, 0) => write!(f, "mu^{m}"),
            (0, y) => write!(f, "yuan^{y}"),
            (m, y) => write!(f, "mu^{m}*yuan^{y}"),
        }
    }
}

impl FromStr for Unit {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "1" => Ok(Self::ONE),
            "mu" => Ok(Self::MU),
            "yuan" => Ok(Self::YUAN),
            "yuan/mu" => Ok(Self::RATE),
            other => Err(format!("unit `{other}` is none of 1, mu, yuan, yuan/mu")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_multiply_and_divide() {
        assert_eq!(Unit::RATE.times(Unit::MU), Some(Unit::YUAN));
        assert_eq!(Unit::YUAN.over(Unit::MU).map(|u| u.to_string()), Some("yuan/mu".to_owned()));
        assert_eq!(
            "ha".parse::<Unit>(),
            Err("unit `ha` is none of 1, mu, yuan, yuan/mu".to_owned())
        );
    }
}
