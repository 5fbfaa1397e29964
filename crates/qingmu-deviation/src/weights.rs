//! Weights of baseline cells, made from baselines alone, and the glitches they betray. statistics.md 1.4.

use crate::config::Config;
use crate::gauss::{Joint, Series};
use crate::variance::Variances;
use crate::village::Village;

/// A baseline cell that stands alone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Odd {
    pub(crate) source: usize,
    pub(crate) year: usize,
    /// Residual from what the other cells let expect (log).
    pub(crate) residual: f64,
    pub(crate) z: f64,
}

/// Divides the transient variances of the sources by t-weights: a cell far from what the other sources and years let
/// expect weighs less. Claims are never looked at, so no village can choose which source speaks.
///
/// `variances.sources` is changed in place; cells beyond [`Config::glitch_z`] go to `odd`.
pub(crate) fn reweigh(
    village: &Village,
    variances: &mut Variances,
    joint: &mut Joint,
    config: &Config,
    mut odd: impl FnMut(Odd),
) {
    let years = village.years;
    let count = variances.lasting.len() - 1;
    variances.plain.clone_from(&variances.yearly);
    let walk = config.weight_walk_factor * variances.walk;
    for round in 0..=config.weight_rounds {
        let series = (0..count).map(|b| variances.series(village, b + 1));
        if !joint.solve(series, walk, config.level_variance) {
            return;
        }
        for at in 0..count * years {
            let Some((residual, precision)) = joint.left_out(at / years, at % years) else {
                continue;
            };
            let own = variances.plain[years + at];
            let spread = 1.0 / precision - variances.yearly[years + at] + own;
            let square = residual * residual / spread.max(own);
            if round < config.weight_rounds {
                let weight = (config.weight_nu + 1.0) / (config.weight_nu + square);
                variances.yearly[years + at] = own / weight.min(1.0);
            } else if square > config.glitch_z * config.glitch_z {
                let z = square.sqrt().copysign(residual);
                odd(Odd { source: at / years, year: at % years, residual, z });
            }
        }
    }
}

impl Variances {
    /// One series of a village with its variances: 0 the claims, then the sources.
    pub(crate) fn series<'a>(&'a self, village: &'a Village, a: usize) -> Series<'a> {
        let years = village.years;
        let values = match a {
            0 => &village.claims[..],
            _ => &village.sources[(a - 1) * years..a * years],
        };
        Series {
            values,
            yearly: &self.yearly[a * years..(a + 1) * years],
            lasting: self.lasting[a],
            lag: self.lag[a],
        }
    }
}
