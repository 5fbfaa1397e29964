//! What the deviation model refuses.

/// A panel that cannot be fitted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DeviationError {
    /// A column whose length is not villages times years.
    #[error("{programme}/{group}: {column} has {found} values instead of {expected}")]
    Length {
        /// Programme of the panel.
        programme: String,
        /// Crop group of the panel.
        group: String,
        /// Column.
        column: String,
        /// Its values.
        found: usize,
        /// Villages times years (villages, for a column without years).
        expected: usize,
    },
    /// An area that is negative, NaN or infinite.
    #[error(
        "{programme}/{group}: {column}, village {village}, year {year}: an area is negative or no number; hand over missing values as None"
    )]
    Value {
        /// Programme of the panel.
        programme: String,
        /// Crop group of the panel.
        group: String,
        /// Column.
        column: String,
        /// Village, as an index into the panel's places.
        village: usize,
        /// Year.
        year: i16,
    },
    /// A panel of no years.
    #[error("{programme}/{group}: the panel has no years")]
    NoYears {
        /// Programme of the panel.
        programme: String,
        /// Crop group of the panel.
        group: String,
    },
    /// Two sources of one name.
    #[error(
        "{programme}/{group}: two sources are named {name}; give each source a name of its own"
    )]
    Name {
        /// Programme of the panel.
        programme: String,
        /// Crop group of the panel.
        group: String,
        /// The name.
        name: String,
    },
    /// A constant of the configuration out of its range.
    #[error("{name} is {value}; it must be a positive number")]
    Constant {
        /// Field of the configuration.
        name: &'static str,
        /// Its value.
        value: String,
    },
}
