//! What the column functions refuse.

/// Input that a column function cannot use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StatsError {
    /// NaN or infinity; the caller says "missing" with `None` instead.
    #[error("value {index} is NaN or infinite; hand over missing values as None")]
    NotFinite {
        /// Position in the slice.
        index: usize,
    },
    /// A column of groups that does not fit the values.
    #[error("group level {level} has {found} rows instead of {expected}")]
    Length {
        /// Which level, 0 is the narrowest.
        level: usize,
        /// Rows of the level.
        found: usize,
        /// Rows of the values.
        expected: usize,
    },
}

/// Finds the first value that is NaN or infinite.
pub(crate) fn check_finite(values: &[Option<f64>]) -> Result<(), StatsError> {
    match values.iter().position(|v| v.is_some_and(|v| !v.is_finite())) {
        Some(index) => Err(StatsError::NotFinite { index }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_bad_value_is_named() {
        assert_eq!(check_finite(&[Some(1.0), None, Some(-2.5)]), Ok(()));
        for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert_eq!(
                check_finite(&[Some(1.0), Some(bad)]).map_err(|e| e.to_string()),
                Err("value 1 is NaN or infinite; hand over missing values as None".to_owned())
            );
        }
    }
}
