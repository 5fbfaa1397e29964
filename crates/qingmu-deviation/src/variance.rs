//! Variances of one village's cells under a model.

use crate::config::Config;
use crate::model::Model;
use crate::village::{Match, Village};

/// Variances of one village: index 0 the claims, then the sources of the panel.
#[derive(Debug, Clone)]
pub(crate) struct Variances {
    /// Transient variance by series and year.
    pub(crate) yearly: Vec<f64>,
    /// The same before reweighting.
    pub(crate) plain: Vec<f64>,
    /// Persistent variance by series.
    pub(crate) lasting: Vec<f64>,
    /// Part of last year's figure by series.
    pub(crate) lag: Vec<f64>,
    /// q.
    pub(crate) walk: f64,
}

impl Variances {
    pub(crate) fn new(years: usize, sources: usize) -> Self {
        Self {
            yearly: vec![f64::NAN; years * (sources + 1)],
            plain: Vec::with_capacity(years * (sources + 1)),
            lasting: vec![0.0; sources + 1],
            lag: vec![0.0; sources + 1],
            walk: 0.0,
        }
    }

    /// Fills in the variances that a model gives to a village. Sources that the model does not know have none.
    pub(crate) fn fill(
        &mut self,
        village: &Village,
        prefecture: u32,
        model: &Model,
        known: &Match,
        config: &Config,
    ) {
        let (years, size, least) = (village.years, village.size, config.least_variance);
        let stratum = model.stratum(prefecture);
        self.walk = stratum.walk.at(size, config.least_walk);
        self.lasting[0] = stratum.claims.lasting.at(size, least);
        self.yearly[..years].fill(stratum.claims.yearly.at(size, least));
        for (b, index) in known.sources.iter().enumerate() {
            let cells = (b + 1) * years..(b + 2) * years;
            let Some((index, spread)) = index.and_then(|i| Some((i, stratum.sources.get(i)?)))
            else {
                self.yearly[cells].fill(f64::NAN);
                continue;
            };
            self.lasting[b + 1] = spread.lasting.at(size, least);
            self.lag[b + 1] = model.sources[index].lag;
            let plain = spread.yearly.at(size, least);
            let factor = stratum.stated.get(index).copied().flatten();
            for (t, cell) in self.yearly[cells].iter_mut().enumerate() {
                let stated = village.stated[b * years + t];
                let own = factor.filter(|_| !stated.is_nan()).map_or(plain, |f| f * stated);
                *cell = own.max(least) + village.centring[b * years + t];
            }
        }
    }
}
