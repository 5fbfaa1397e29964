//! Region codes: fixed-width digits, a parent is a prefix, the level widths are configuration.

use crate::lang::Bilingual;
use serde::{Deserialize, Serialize};
use std::{fmt, sync::Arc};

/// One level of a country's codes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegionLevel {
    /// Short name used in configuration, such as `town`.
    pub key: String,
    /// Digits this level adds.
    pub digits: usize,
    /// Word for people.
    pub name: Bilingual,
}

/// The levels of a country's codes and the part each plays in a scan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegionLevels {
    /// From the widest region to the one that claims are booked on.
    pub levels: Vec<RegionLevel>,
    /// Key of the level inside which villages can form a ring (China: `town`); the lowest level itself: no rings.
    pub ring: String,
    /// Key of the level inside which villages are peers (China: `county`).
    pub peer: String,
}

/// A code of the lowest level, checked against [`RegionLevels`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RegionCode(Arc<str>);

/// Why a text is no region code. Damaged codes are never repaired silently.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RegionError {
    /// Nothing there.
    #[error("region code is empty")]
    Empty,
    /// A spreadsheet turned the code into a floating-point number.
    #[error(
        "region code `{0}` was turned into a number by a spreadsheet; its last digits are lost"
    )]
    Scientific(String),
    /// Something else than digits.
    #[error("region code `{0}` has characters that are no digits")]
    NotDigits(String),
    /// Too short: usually a leading zero lost.
    #[error("region code `{code}` has {found} digits instead of {expected}; a digit was lost")]
    TooShort {
        /// The text as read.
        code: String,
        /// Digits found.
        found: usize,
        /// Digits of a full code.
        expected: usize,
    },
    /// Too long.
    #[error("region code `{code}` has {found} digits instead of {expected}")]
    TooLong {
        /// The text as read.
        code: String,
        /// Digits found.
        found: usize,
        /// Digits of a full code.
        expected: usize,
    },
    /// The configuration of levels is not usable.
    #[error("region levels: {0}")]
    Levels(String),
}

impl RegionLevels {
    /// China's statistical division codes: 2 + 2 + 2 + 3 + 3 digits.
    #[must_use]
    pub fn china() -> Self {
        let level = |key: &str, digits, zh, en| RegionLevel {
            key: key.to_owned(),
            digits,
            name: Bilingual::new(zh, en),
        };
        Self {
            levels: vec![
                level("province", 2, "省", "province"),
                level("prefecture", 2, "市", "prefecture"),
                level("county", 2, "县", "county"),
                level("town", 3, "乡镇", "town"),
                level("village", 3, "村", "village"),
            ],
            ring: "town".to_owned(),
            peer: "county".to_owned(),
        }
    }

    /// US FIPS codes: 2 digits of state, 3 of county; counties are the claiming unit, a state its peers.
    #[must_use]
    pub fn us_fips() -> Self {
        let level = |key: &str, digits, zh, en| RegionLevel {
            key: key.to_owned(),
            digits,
            name: Bilingual::new(zh, en),
        };
        Self {
            levels: vec![level("state", 2, "州", "state"), level("county", 3, "县", "county")],
            ring: "county".to_owned(),
            peer: "state".to_owned(),
        }
    }

    /// Checks that levels exist, that `ring` names one and that `peer` names one above the lowest.
    ///
    /// # Errors
    /// [`RegionError::Levels`] saying which key is wrong.
    pub fn validate(&self) -> Result<(), RegionError> {
        if self.levels.len() < 2 || self.levels.iter().any(|l| l.digits == 0 || l.digits > 12) {
            let why = "need at least two levels of 1 to 12 digits each";
            return Err(RegionError::Levels(why.to_owned()));
        }
        let lowest = self.levels.len() - 1;
        for (role, key, usable) in
            [("ring", &self.ring, &self.levels[..]), ("peer", &self.peer, &self.levels[..lowest])]
        {
            if !usable.iter().any(|l| &l.key == key) {
                let known: Vec<&str> = usable.iter().map(|l| l.key.as_str()).collect();
                return Err(RegionError::Levels(format!(
                    "{role} = \"{key}\" cannot be used; use one of {}",
                    known.join(", ")
                )));
            }
        }
        Ok(())
    }

    /// Digits of a full code.
    #[must_use]
    pub fn width(&self) -> usize {
        self.levels.iter().map(|l| l.digits).sum()
    }

    /// Digits of a code cut at the level named `key`; the full width for an unknown key.
    #[must_use]
    pub fn width_of(&self, key: &str) -> usize {
        let mut width = 0;
        for level in &self.levels {
            width += level.digits;
            if level.key == key {
                return width;
            }
        }
        width
    }

    /// Checks a code of the lowest level.
    ///
    /// # Errors
    /// [`RegionError`] naming the code and the damage.
    pub fn parse(&self, text: &str) -> Result<RegionCode, RegionError> {
        self.check(text).map(|code| RegionCode(Arc::from(code)))
    }

    /// As [`Self::parse`] without making a value: the trimmed text.
    ///
    /// # Errors
    /// [`RegionError`] naming the code and the damage.
    pub fn check<'a>(&self, text: &'a str) -> Result<&'a str, RegionError> {
        let code = text.trim();
        let expected = self.width();
        if code.is_empty() {
            return Err(RegionError::Empty);
        }
        if !code.bytes().all(|b| b.is_ascii_digit()) {
            let number = code.parse::<f64>().is_ok() && code.contains(['e', 'E', '.']);
            let text = code.to_owned();
            return Err(if number {
                RegionError::Scientific(text)
            } else {
                RegionError::NotDigits(text)
            });
        }
        let found = code.len();
        match found.cmp(&expected) {
            std::cmp::Ordering::Less => {
                Err(RegionError::TooShort { code: code.to_owned(), found, expected })
            }
            std::cmp::Ordering::Greater => {
                Err(RegionError::TooLong { code: code.to_owned(), found, expected })
            }
            std::cmp::Ordering::Equal => Ok(code),
        }
    }

    /// The part of a code that names its region at level `key`.
    #[must_use]
    pub fn cut<'a>(&self, code: &'a str, key: &str) -> &'a str {
        code.get(..self.width_of(key)).unwrap_or(code)
    }

    /// The part of a code that names its ring level (China: town).
    #[must_use]
    pub fn ring_of<'a>(&self, code: &'a str) -> &'a str {
        self.cut(code, &self.ring)
    }

    /// The part of a code that names its peer level (China: county).
    #[must_use]
    pub fn peer_of<'a>(&self, code: &'a str) -> &'a str {
        self.cut(code, &self.peer)
    }
}

impl RegionCode {
    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RegionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for RegionCode {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parents_are_prefixes() {
        let china = RegionLevels::china();
        assert_eq!(china.width(), 12);
        assert_eq!(china.ring_of("610423113215"), "610423113");
        assert_eq!(china.peer_of("610423113215"), "610423");
        let fips = RegionLevels::us_fips();
        assert_eq!(fips.parse("01001").map(|c| c.to_string()), Ok("01001".to_owned()));
        assert_eq!(fips.peer_of("01001"), "01");
    }

    #[test]
    fn damage_is_named_and_not_repaired() {
        let china = RegionLevels::china();
        for (text, message) in [
            ("", "region code is empty"),
            (
                "6.10423E+11",
                "region code `6.10423E+11` was turned into a number by a spreadsheet; its last digits are lost",
            ),
            ("61042311321x", "region code `61042311321x` has characters that are no digits"),
            (
                "61042311321",
                "region code `61042311321` has 11 digits instead of 12; a digit was lost",
            ),
            ("6104231132150", "region code `6104231132150` has 13 digits instead of 12"),
        ] {
            assert_eq!(china.parse(text).map_err(|e| e.to_string()), Err(message.to_owned()));
        }
    }

    #[test]
    fn roles_must_name_usable_levels() {
        let mut levels = RegionLevels::china();
        levels.peer = "village".to_owned();
        assert_eq!(
            levels.validate().map_err(|e| e.to_string()),
            Err("region levels: peer = \"village\" cannot be used; use one of province, prefecture, county, town".to_owned())
        );
        levels = RegionLevels::china();
        levels.ring = "hamlet".to_owned();
        assert_eq!(
            levels.validate().map_err(|e| e.to_string()),
            Err("region levels: ring = \"hamlet\" cannot be used; use one of province, prefecture, county, town, village".to_owned())
        );
        levels.levels.clear();
        assert_eq!(
            levels.validate().map_err(|e| e.to_string()),
            Err("region levels: need at least two levels of 1 to 12 digits each".to_owned())
        );
        assert_eq!(RegionLevels::us_fips().validate(), Ok(()));
    }
}
