//! Seasons: crops of different seasons on the same land are both honest.

use crate::lang::Bilingual;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Season of a crop; areas are added per season only.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub enum Season {
    /// Summer harvest (夏粮, 小春).
    S,
    /// Autumn harvest (秋粮, 大春).
    A,
    /// Whole year; occupies every season.
    #[default]
    Y,
}

/// A season that is none of `S`, `A`, `Y`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("season `{0}` is none of S, A, Y")]
pub struct SeasonError(pub String);

impl Season {
    /// All seasons in canonical order.
    pub const ALL: [Self; 3] = [Self::S, Self::A, Self::Y];

    /// The one-letter code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::S => "S",
            Self::A => "A",
            Self::Y => "Y",
        }
    }

    /// The word for people.
    #[must_use]
    pub fn name(self) -> Bilingual {
        match self {
            Self::S => Bilingual::new("夏", "summer"),
            Self::A => Bilingual::new("秋", "autumn"),
            Self::Y => Bilingual::new("全年", "whole-year"),
        }
    }
}

impl FromStr for Season {
    type Err = SeasonError;

    fn from_str(text: &str) -> Result<Self, SeasonError> {
        match text.trim() {
            "S" => Ok(Self::S),
            "A" => Ok(Self::A),
            "Y" | "" => Ok(Self::Y),
            other => Err(SeasonError(other.to_owned())),
        }
    }
}

impl fmt::Display for Season {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_season_is_named() {
        assert_eq!("A".parse(), Ok(Season::A));
        assert_eq!("".parse(), Ok(Season::Y));
        assert_eq!(
            "spring".parse::<Season>().map_err(|e| e.to_string()),
            Err("season `spring` is none of S, A, Y".to_owned())
        );
    }
}
