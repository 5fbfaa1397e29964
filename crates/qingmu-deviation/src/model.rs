//! What is fitted once and then frozen: centres, variances, lags.

use crate::centre::Centres;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A fitted model: everything that scoring a village needs beside its own row. With it, [`crate::assess`] is a pure
/// function of each village alone. Region numbers are those of the panel that it was fitted on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Model {
    /// First year of the panel.
    pub first_year: i16,
    /// Years of the panel.
    pub years: usize,
    /// Movement of all claims of a county by year, before [`Model::history`] refines it.
    pub(crate) start: BTreeMap<u32, Vec<Option<f64>>>,
    /// What claims of a county have in common in a year beyond each village's own level.
    pub(crate) history: Centres,
    /// Typical share of vegetables by county.
    pub vegetable_share: BTreeMap<u32, f64>,
    /// Sources in the order of the panel.
    pub sources: Vec<SourceModel>,
    /// Variances of prefectures with enough villages.
    pub strata: BTreeMap<u32, Stratum>,
    /// Variances of all other prefectures together.
    pub rest: Stratum,
}

/// What is known of one source.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SourceModel {
    /// Name, by which panels find it again.
    pub name: String,
    /// Claims minus source, by county and year.
    pub(crate) centres: Centres,
    /// Part of last year's figure that the source carries.
    pub lag: f64,
    /// Log ratio of claims to source per unit of the share of vegetables.
    pub vegetable_slope: f64,
    /// Counties where the source is a copy: of the claims (`None`) or of another source.
    pub copies: BTreeMap<u32, Option<usize>>,
}

/// Variances of one stratum as functions of the size of a village.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Stratum {
    /// Villages that the variances come from.
    pub villages: usize,
    /// Errors of the claims.
    pub claims: Spread,
    /// Errors of each source.
    pub sources: Vec<Spread>,
    /// Year-to-year variance q of real planting.
    pub walk: Curve,
    /// Factor from a source's stated relative variance to its transient variance, where it states one.
    pub stated: Vec<Option<f64>>,
}

/// Transient and persistent variance of one series.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Spread {
    /// σ²: new in each year.
    pub yearly: Curve,
    /// ψ²: the same in all years.
    pub lasting: Curve,
}

/// A variance that falls with size: `flat + per_square / A²`, A in mu.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Curve {
    /// Variance of a large village.
    pub flat: f64,
    /// Square of the area error of a small one, mu².
    pub per_square: f64,
}

impl Curve {
    /// Variance at a size, never below `least`.
    #[must_use]
    pub fn at(&self, size: f64, least: f64) -> f64 {
        (self.flat + self.per_square / (size * size)).max(least)
    }
}

impl Model {
    /// Variances that hold in a prefecture.
    #[must_use]
    pub fn stratum(&self, prefecture: u32) -> &Stratum {
        self.strata.get(&prefecture).unwrap_or(&self.rest)
    }
}
