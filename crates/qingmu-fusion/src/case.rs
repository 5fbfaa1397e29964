//! What is fused: fits of every series, counted rows, and what ties villages.

use crate::FusionError;
use qingmu_deviation::{Place, VillageFit, honest_shapes, templates};
use qingmu_model::{Counted, RingTie};
use std::sync::Arc;

/// Longest record in years: memberships are sets of years in one integer.
pub const MOST_YEARS: usize = 60;

/// One planting programme and crop group.
#[derive(Debug, Clone, Copy)]
pub struct Series<'a> {
    /// Stable name; frozen parameters find the series by it.
    pub name: &'a str,
    /// Fits (V); `None` where the village cannot be assessed.
    pub fits: &'a [Option<VillageFit>],
    /// Claimed area in mu (V x T), as the fits saw it.
    pub claimed: &'a [Option<f64>],
    /// Yuan per mu (V x T).
    pub rate: &'a [Option<f64>],
}

/// A village in a group, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GroupMember {
    /// Village, as an index into [`Case::places`].
    pub village: u32,
    /// Years in which it belongs, bit 0 for the first year; [`GroupMember::ALWAYS`] for all.
    pub years: u64,
}

impl GroupMember {
    /// In every year.
    pub const ALWAYS: u64 = u64::MAX;
}

/// Villages that something ties.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// What ties them.
    pub tie: RingTie,
    /// Town code, masked id of an approver or recorder, or the village code at the centre of a neighbourhood.
    pub key: Arc<str>,
    /// Members, each village once.
    pub members: Vec<GroupMember>,
}

/// Everything that is fused together: villages of one run, or of one county of it.
#[derive(Debug, Clone)]
pub struct Case<'a> {
    /// First year; years are consecutive.
    pub first_year: i16,
    /// Number of years T.
    pub years: usize,
    /// Village places (V).
    pub places: &'a [Place],
    /// Village codes (V); break ties of order.
    pub codes: &'a [Arc<str>],
    /// Series; an excess of level is sought in each.
    pub series: Vec<Series<'a>>,
    /// Counted rows, any order; several of one family in one village-year are added.
    pub counted: &'a [Counted],
    /// Groups in which rings are sought.
    pub groups: Vec<Group>,
    /// Claims per village-year (V x T), for inspection days; empty where unknown.
    pub claims: &'a [u32],
}

impl Case<'_> {
    /// Number of villages.
    #[must_use]
    pub const fn villages(&self) -> usize {
        self.places.len()
    }

    /// Checks every length, index and number that the mathematics relies on.
    ///
    /// # Errors
    /// [`FusionError`] naming the series or group, the village and what does not fit.
    pub fn check(&self) -> Result<(), FusionError> {
        if self.years == 0 || self.years > MOST_YEARS {
            return Err(FusionError::Years { years: self.years, most: MOST_YEARS });
        }
        let cells = self.villages() * self.years;
        length("codes", self.codes.len(), self.villages())?;
        if !self.claims.is_empty() {
            length("claims", self.claims.len(), cells)?;
        }
        for (at, series) in self.series.iter().enumerate() {
            length("fits", series.fits.len(), self.villages())?;
            length("claimed", series.claimed.len(), cells)?;
            length("rate", series.rate.len(), cells)?;
            if self.series[..at].iter().any(|other| other.name == series.name) {
                return Err(FusionError::TwoSeries(series.name.to_owned()));
            }
            self.check_fits(series)?;
        }
        for counted in self.counted {
            self.inside("a counted row", counted.village, counted.year)?;
            if !counted.ln_bf.is_finite() {
                return Err(self.not_a_number("counted rows", counted.village));
            }
        }
        for group in &self.groups {
            for member in &group.members {
                self.inside(&group.key, member.village, 0)?;
            }
        }
        Ok(())
    }

    fn check_fits(&self, series: &Series<'_>) -> Result<(), FusionError> {
        let (shapes, honest) = (templates(self.years).len(), honest_shapes(self.years).len());
        for (village, fit) in series.fits.iter().enumerate() {
            let Some(fit) = fit else { continue };
            let mut same = fit.ln_bf.len() == shapes
                && fit.ln_bf_mirror.len() == shapes
                && fit.delta.len() == shapes
                && fit.honest.len() == honest;
            for source in &fit.with_source {
                same &= source.ln_bf.len() == shapes && source.delta.len() == shapes;
            }
            let village = u32::try_from(village).unwrap_or(u32::MAX);
            if !same {
                let code = self.code(village);
                return Err(FusionError::Shapes {
                    series: series.name.to_owned(),
                    code,
                    years: self.years,
                });
            }
            let rows = fit.with_source.iter().map(|source| &source.ln_bf);
            let bad = |x: &f64| x.is_nan() || *x == f64::INFINITY;
            if rows.chain([&fit.ln_bf, &fit.ln_bf_mirror, &fit.honest]).flatten().any(bad) {
                return Err(self.not_a_number(series.name, village));
            }
        }
        Ok(())
    }

    fn inside(&self, what: &str, village: u32, year: u32) -> Result<(), FusionError> {
        if (village as usize) < self.villages() && (year as usize) < self.years {
            return Ok(());
        }
        Err(FusionError::Outside { what: what.to_owned(), village, year })
    }

    fn not_a_number(&self, what: &str, village: u32) -> FusionError {
        FusionError::NotANumber { what: what.to_owned(), code: self.code(village) }
    }

    fn code(&self, village: u32) -> String {
        self.codes.get(village as usize).map_or_else(String::new, ToString::to_string)
    }
}

fn length(what: &'static str, found: usize, expected: usize) -> Result<(), FusionError> {
    if found == expected { Ok(()) } else { Err(FusionError::Length { what, found, expected }) }
}
