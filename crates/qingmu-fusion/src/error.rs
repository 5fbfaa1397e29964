//! What cannot be fused.

/// A case or parameters that do not fit together; all of them are faults of the caller.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FusionError {
    /// No year, or more than memberships can hold.
    #[error("the case has {years} years; it needs 1 to {most}")]
    Years {
        /// Years given.
        years: usize,
        /// Most years.
        most: usize,
    },
    /// An array of the wrong length.
    #[error("`{what}` has {found} entries; {expected} are needed")]
    Length {
        /// Field.
        what: &'static str,
        /// Entries found.
        found: usize,
        /// Entries needed.
        expected: usize,
    },
    /// Two series of one name.
    #[error("two series are named `{0}`; give each programme and crop group a name of its own")]
    TwoSeries(String),
    /// A fit made for another number of years.
    #[error(
        "series `{series}`, village {code}: the fit is not one of {years} years; fit the panel again"
    )]
    Shapes {
        /// Series.
        series: String,
        /// Village code.
        code: String,
        /// Years of the case.
        years: usize,
    },
    /// NaN or positive infinity among the evidence.
    #[error("{what}, village {code}: a logarithm of evidence is not a number")]
    NotANumber {
        /// Series, or the counted rows.
        what: String,
        /// Village code.
        code: String,
    },
    /// A village or year that the case does not have.
    #[error("{what}: village {village}, year {year} lies outside the case")]
    Outside {
        /// Counted row, or the group's key.
        what: String,
        /// Village index.
        village: u32,
        /// Year index.
        year: u32,
    },
    /// Frozen parameters of another number of years.
    #[error(
        "the parameters were learned on {learned} years and the case has {years}; learn them again"
    )]
    OtherYears {
        /// Years of the parameters.
        learned: usize,
        /// Years of the case.
        years: usize,
    },
    /// A series that the frozen parameters do not know.
    #[error("the parameters know no series `{0}`; learn them again with it")]
    UnknownSeries(String),
    /// A parameter that is no probability.
    #[error("parameter `{what}` is {value}; it must be {range}; restore the file or learn again")]
    BadParameter {
        /// Parameter.
        what: String,
        /// Its value as text.
        value: String,
        /// Allowed range.
        range: &'static str,
    },
}
