//! What a run assessed and what it could not: missing data abstain, and it is said where.

use crate::assessments::Told;
use qingmu_evidence::NotAssessed;
use qingmu_model::{Basis, Beliefs, Project};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// One series as it was assessed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SeriesCoverage {
    /// `programme/group`.
    pub name: String,
    /// Crops of the baselines that were added up.
    pub crops: Vec<String>,
    /// Sources, with whether each is independent.
    pub sources: BTreeMap<String, bool>,
    /// Villages with claims.
    pub villages: usize,
    /// Villages that could be assessed.
    pub assessed: usize,
    /// Of these, villages on which only their own history speaks.
    pub history_only: usize,
}

/// The mirror: evidence upwards and downwards.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct HealthCheck {
    /// Expected villages with an excess.
    pub up: f64,
    /// The same for shortfalls of the same size.
    pub down: f64,
    /// Downward evidence is so large that q should not be trusted.
    pub doubtful: bool,
}

/// What a run assessed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Coverage {
    /// Villages with claims.
    pub villages: usize,
    /// Village-years with a probability.
    pub village_years: usize,
    /// Series.
    pub series: Vec<SeriesCoverage>,
    /// Programmes paid on contracted land, whose totals are not compared with what was planted.
    pub by_contract: Vec<String>,
    /// Evidence of rows that could not be looked at.
    pub not_assessed: Vec<NotAssessed>,
    /// Data errors in the code map or repaired rows do not count here; see `data_errors.csv`.
    pub health: HealthCheck,
}

pub(crate) fn coverage(told: &Told<'_>, beliefs: &Beliefs, project: &Project) -> Coverage {
    let series = told.built.iter().zip(told.fits).map(|(built, fits)| {
        let years = told.frame.years.max(1);
        let villages = built.panel.claimed.chunks(years).filter(|c| c.iter().any(Option::is_some));
        let sources = built.panel.sources.iter().map(|s| (s.name.clone(), s.independent));
        SeriesCoverage {
            name: built.plan.name.clone(),
            crops: built.plan.all_crops().into_iter().map(ToString::to_string).collect(),
            sources: sources.collect(),
            villages: villages.count(),
            assessed: fits.iter().flatten().count(),
            history_only: fits.iter().flatten().filter(|f| f.baseline_cells == 0).count(),
        }
    });
    let programmes: BTreeSet<&str> = told.evidence.cells.iter().map(|c| &*c.programme).collect();
    let contract = |p: &&&str| project.programme(p).basis == Basis::Contract;
    let health = &told.fusion.health;
    Coverage {
        villages: told.frame.villages.len(),
        village_years: beliefs.cells.iter().flatten().count(),
        series: series.collect(),
        by_contract: programmes.iter().filter(contract).map(|p| (*p).to_owned()).collect(),
        not_assessed: told.evidence.not_assessed.clone(),
        health: HealthCheck { up: health.up, down: health.down, doubtful: health.doubtful() },
    }
}
