//! What a rule can say of a subject, and how sure it is.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr, sync::Arc};

/// Outcome of one rule on one subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// The condition holds and no tested honest explanation clears it.
    Hit,
    /// The condition does not hold.
    Clear,
    /// The condition holds, and a tested honest explanation covers it.
    Cleared,
    /// Data are missing: neither accused nor cleared.
    Abstain,
}

/// Size of a hit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Worth a line.
    Low,
    /// Worth a visit.
    Medium,
    /// Worth the next visit.
    High,
}

/// How sure a rule's kind of evidence is (domain.md section 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Grade {
    /// A fact that needs only a check of the register.
    E0,
    /// Strong.
    E1,
    /// Statistical: makes a lead only together with other hits.
    E2,
    /// Insufficient data or advisory: adds reasons, never makes a lead.
    E3,
}

/// Id of a rule, such as `V02`: one capital letter and two digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RuleId(Arc<str>);

impl RuleId {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The rule family: its letter.
    #[must_use]
    pub fn family(&self) -> char {
        self.0.chars().next().unwrap_or('?')
    }
}

impl FromStr for RuleId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let bytes = text.as_bytes();
        let ok = bytes.len() == 3
            && bytes[0].is_ascii_uppercase()
            && bytes[1..].iter().all(u8::is_ascii_digit);
        if ok {
            Ok(Self(Arc::from(text)))
        } else {
            Err(format!("rule id `{text}` is not one capital letter and two digits, such as V02"))
        }
    }
}

macro_rules! shown {
    ($type:ty, $($variant:path => $text:literal),+) => {
        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self { $($variant => $text),+ })
            }
        }

        impl FromStr for $type {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                match text {
                    $($text => Ok($variant),)+
                    other => Err(format!("`{other}` is none of {}", [$($text),+].join(", "))),
                }
            }
        }
    };
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

shown!(Outcome, Outcome::Hit => "hit", Outcome::Clear => "clear", Outcome::Cleared => "cleared", Outcome::Abstain => "abstain");
shown!(Level, Level::Low => "low", Level::Medium => "medium", Level::High => "high");
shown!(Grade, Grade::E0 => "E0", Grade::E1 => "E1", Grade::E2 => "E2", Grade::E3 => "E3");

impl Serialize for RuleId {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_round_trip_and_unknown_ones_are_named() {
        assert_eq!("cleared".parse(), Ok(Outcome::Cleared));
        assert_eq!(
            "maybe".parse::<Outcome>(),
            Err("`maybe` is none of hit, clear, cleared, abstain".to_owned())
        );
        assert_eq!("E4".parse::<Grade>(), Err("`E4` is none of E0, E1, E2, E3".to_owned()));
        assert_eq!("V02".parse::<RuleId>().map(|r| r.family()), Ok('V'));
        assert_eq!(
            "v2".parse::<RuleId>(),
            Err("rule id `v2` is not one capital letter and two digits, such as V02".to_owned())
        );
    }
}
