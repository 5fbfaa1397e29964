//! What the fit found out about the sources: for the data-quality list, never held against a village's claims.

use serde::{Deserialize, Serialize};

/// Kind of a finding about a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoteKind {
    /// A source says 0 where everything else says a village is planted: taken as missing.
    EmptyCell,
    /// One value of a source stands alone against the other sources and its own years: weighed down.
    Glitch,
    /// The same in several years in one direction, or in a source compiled from what villages report.
    Tampered,
    /// Two sources are copies of one another in a county: used as one.
    CopiedSource,
    /// A source is a copy of the claims in a county: left out.
    CopiedClaims,
}

/// One finding. Orders by kind, then source, place and year.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Note {
    /// Kind.
    pub kind: NoteKind,
    /// Index of the source in the panel.
    pub source: usize,
    /// The source that it copies, for [`NoteKind::CopiedSource`].
    pub copy_of: Option<usize>,
    /// County as in [`crate::Place`].
    pub county: u32,
    /// Village, as an index into the panel's places; `None` where the finding is about a county.
    pub village: Option<usize>,
    /// Year; `None` where the finding is about all years.
    pub year: Option<i16>,
    /// What the source says, mu.
    pub given_mu: Option<f64>,
    /// What the other sources and years let expect of it, mu.
    pub expected_mu: Option<f64>,
    /// Standardised distance of the two.
    pub z: Option<f64>,
}

impl Note {
    /// What the source says beyond what is expected of it, mu.
    #[must_use]
    pub fn gap_mu(&self) -> Option<f64> {
        Some(self.given_mu? - self.expected_mu?)
    }
}
