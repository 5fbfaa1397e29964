//! Every constant of the model with its default and its reason.

use crate::error::DeviationError;
use serde::{Deserialize, Serialize};

/// Constants of the deviation model. "Judgement" marks a figure that nobody has measured; none was fitted to a
/// simulator.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Half-width δ of the linear part of the asinh scale, in mu; also the least size of a village. Changes with the
    /// unit of the areas. statistics.md 1.1.
    pub delta_mu: f64,
    /// Use data up to this year only, so that a live lead can be reproduced later; `None` for all years.
    pub until: Option<i16>,
    /// Others in a county from which it stands alone; below, its centre is pooled with the wider region at this weight.
    /// statistics.md 1.2.
    pub full_group: usize,
    /// Mean of the exponential prior of a log excess: the mean inflation of India's insured areas (domain.md 0, row 3).
    pub mean_excess: f64,
    /// The same for honest deviations of the claims, downwards and upwards. Judgement: as [`Config::mean_excess`], so
    /// that size alone never tells an honest rise from an improper one.
    pub mean_honest: f64,
    /// Standard deviation of a real lasting change of planting (log). Judgement, amendment B5.
    pub real_step_sd: f64,
    /// Standard deviation of a real change in one year (log). Judgement, amendment B5.
    pub real_year_sd: f64,
    /// Degrees of freedom of a village's own scale. Judgement, amendment B4.
    pub scale_nu: f64,
    /// Prior variance of a village's level on the log scale: as good as flat.
    pub level_variance: f64,
    /// Year-to-year variance of real planting, in units of the measured q. Amendment B3.
    pub walk_factor: f64,
    /// The same where the weights of baseline cells are made. statistics.md 1.4.
    pub weight_walk_factor: f64,
    /// Degrees of freedom of the weights of baseline cells. statistics.md 1.4.
    pub weight_nu: f64,
    /// Rounds of reweighting. statistics.md 1.4.
    pub weight_rounds: usize,
    /// Standardised residual from which a baseline cell is reported as a glitch. statistics.md 1.4.
    pub glitch_z: f64,
    /// Years of one sign from which a glitch is reported as tampering. statistics.md 1.4.
    pub tampered_years: usize,
    /// Least variance, transient or persistent, of claims or a source (log). statistics.md 1.3.
    pub least_variance: f64,
    /// Least persistent variance of a pair of series before the split. statistics.md 1.3.
    pub least_pair_variance: f64,
    /// Least q. statistics.md 1.3.
    pub least_walk: f64,
    /// Share of the claims in the variance between claims and a single source. statistics.md 1.3.
    pub claims_share: f64,
    /// Villages from which a prefecture has variances of its own; smaller ones share. Judgement.
    pub stratum_villages: usize,
    /// Size classes per stratum. statistics.md 1.3.
    pub size_classes: usize,
    /// Least villages in a size class. Judgement: the median absolute deviation of 50 is within 12 %.
    pub class_villages: usize,
    /// Most villages of a class that are used (evenly spread over it). Judgement: more do not change two digits.
    pub class_sample: usize,
    /// Pairs of values from which a variance is taken. Judgement.
    pub least_pairs: usize,
    /// A pair of series whose variance is below this share of all other pairs' is one source. statistics.md 1.3.
    pub copy_ratio: f64,
    /// A pair of series closer than this (log, standard deviation) is one source whatever the others do. Judgement:
    /// 0.2 % is below the rounding of any second measurement.
    pub copy_sd: f64,
    /// A pair farther apart than this (log, standard deviation) is never one source, however far apart the others are.
    /// Judgement: rounding to 10 mu is below it, a second measurement above; a good survey beside a bad
    /// yearbook must not pass for a copy of honest claims.
    pub copy_most_sd: f64,
    /// Share of a source's values with a standard error from which it is used. statistics.md 1.3.
    pub se_coverage: f64,
    /// Sources that carry part of last year's figure. Amendment B4.
    pub lagged: Vec<String>,
    /// Prior mean of that part for such sources. Amendment B4.
    pub lag_mean: f64,
    /// Its prior standard deviation. Judgement.
    pub lag_sd: f64,
    /// Greatest such part. Judgement.
    pub lag_most: f64,
    /// Area in units of δ from which a 0 beside it is an empty cell, not a measurement. Amendment B2.
    pub empty_from: f64,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            delta_mu: qingmu_stats::DELTA_MU,
            until: None,
            full_group: qingmu_stats::FULL_GROUP,
            mean_excess: 0.25,
            mean_honest: 0.25,
            real_step_sd: 0.15,
            real_year_sd: 0.12,
            scale_nu: 8.0,
            level_variance: 25.0,
            walk_factor: 2.0,
            weight_walk_factor: 4.0,
            weight_nu: 3.0,
            weight_rounds: 3,
            glitch_z: 4.0,
            tampered_years: 3,
            least_variance: 1e-4,
            least_pair_variance: 1e-5,
            least_walk: 1e-4,
            claims_share: 0.3,
            stratum_villages: 1_000,
            size_classes: 10,
            class_villages: 50,
            class_sample: 2_000,
            least_pairs: 30,
            copy_ratio: 0.1,
            copy_sd: 0.002,
            copy_most_sd: 0.005,
            se_coverage: 0.8,
            lagged: vec!["stat_yearbook".to_owned()],
            lag_mean: 0.25,
            lag_sd: 0.1,
            lag_most: 0.9,
            empty_from: 2.0,
        }
    }
}

impl Config {
    /// Refuses constants with which the mathematics has no meaning.
    ///
    /// # Errors
    /// [`DeviationError::Constant`] names the field.
    pub fn check(&self) -> Result<(), DeviationError> {
        let positive = [
            ("delta_mu", self.delta_mu),
            ("mean_excess", self.mean_excess),
            ("mean_honest", self.mean_honest),
            ("real_step_sd", self.real_step_sd),
            ("real_year_sd", self.real_year_sd),
            ("scale_nu", self.scale_nu),
            ("level_variance", self.level_variance),
            ("walk_factor", self.walk_factor),
            ("weight_walk_factor", self.weight_walk_factor),
            ("weight_nu", self.weight_nu),
            ("least_variance", self.least_variance),
            ("least_pair_variance", self.least_pair_variance),
            ("least_walk", self.least_walk),
            ("lag_sd", self.lag_sd),
        ];
        for (name, value) in positive {
            if !(value > 0.0 && value.is_finite()) {
                return Err(DeviationError::Constant { name, value: value.to_string() });
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_constant_without_meaning_is_named() {
        assert_eq!(Config::default().check(), Ok(()));
        let config = Config { scale_nu: 0.0, ..Config::default() };
        assert_eq!(
            config.check().map_err(|e| e.to_string()),
            Err("scale_nu is 0; it must be a positive number".to_owned())
        );
        let config = Config { mean_excess: f64::NAN, ..Config::default() };
        assert_eq!(
            config.check().map_err(|e| e.to_string()),
            Err("mean_excess is NaN; it must be a positive number".to_owned())
        );
    }
}
