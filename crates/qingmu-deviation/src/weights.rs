//! Weights of baseline cells, made from baselines alone, and the glitches they betray. statistics.md 1.4.

use crate::config::Config;
use crate::gauss::{Joint, Series};
use crate::panel::Source;
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

/// Which sources judge which. A source compiled from what villages report is judged by all, but does not judge the
/// independent ones: raised along with the claims it would weigh down the very source that contradicts them, and so
/// clear what it must not clear.
#[derive(Debug, Clone)]
pub(crate) struct Juries {
    independent: Vec<usize>,
    local: Vec<usize>,
    all: Vec<usize>,
}

impl Juries {
    pub(crate) fn of(sources: &[Source]) -> Self {
        let all = || 0..sources.len();
        Self {
            independent: all().filter(|b| sources[*b].independent).collect(),
            local: all().filter(|b| !sources[*b].independent).collect(),
            all: all().collect(),
        }
    }
}

/// Divides the transient variances of the sources by t-weights: a cell far from what the other sources and years let
/// expect weighs less. Claims are never looked at, so no village can choose which source speaks.
///
/// `variances.yearly` is changed in place; cells beyond [`Config::glitch_z`] go to `odd`.
pub(crate) fn reweigh(
    village: &Village,
    juries: &Juries,
    variances: &mut Variances,
    joint: &mut Joint,
    config: &Config,
    mut odd: impl FnMut(Odd),
) {
    variances.plain.clone_from(&variances.yearly);
    for round in 0..=config.weight_rounds {
        let last = round == config.weight_rounds;
        for (jury, judged) in
            [(&juries.all, &juries.local), (&juries.independent, &juries.independent)]
        {
            let found = judge(village, jury, judged, variances, joint, config);
            for one in found {
                if !last {
                    let square = one.z * one.z;
                    let weight = (config.weight_nu + 1.0) / (config.weight_nu + square);
                    let at = (one.source + 1) * village.years + one.year;
                    variances.yearly[at] = variances.plain[at] / weight.min(1.0);
                } else if one.z.abs() > config.glitch_z {
                    odd(one);
                }
            }
        }
    }
}

/// Residuals of the cells of the sources `judged` from what all other cells of `jury`, which holds them, let expect.
fn judge<'a>(
    village: &'a Village,
    jury: &'a [usize],
    judged: &'a [usize],
    variances: &Variances,
    joint: &'a mut Joint,
    config: &Config,
) -> Vec<Odd> {
    let (years, walk) = (village.years, config.weight_walk_factor * variances.walk);
    let series = jury.iter().map(|b| variances.series(village, b + 1));
    if judged.is_empty() || !joint.solve(series, walk, config.level_variance) {
        return Vec::new();
    }
    let cell = |seat: usize, source: usize, year: usize| {
        let (residual, precision) = joint.left_out(seat, year)?;
        let at = (source + 1) * years + year;
        let own = variances.plain[at];
        let spread = 1.0 / precision - variances.yearly[at] + own;
        Some(Odd { source, year, residual, z: residual / spread.max(own).sqrt() })
    };
    let seats = jury.iter().enumerate().filter(|(_, source)| judged.contains(source));
    seats
        .flat_map(|(seat, b)| (0..years).map(move |t| (seat, *b, t)))
        .filter_map(|(seat, b, t)| cell(seat, b, t))
        .collect()
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
