//! Sources that carry part of last year's figure: s_t = (1 − κ)θ_t + κθ_{t−1}. Amendment B4.

use crate::config::Config;
use crate::panel::Panel;
use crate::spread::squared_mad;
use crate::table::Table;

/// Most villages that a lag is measured on (evenly spread): its error is then far below a hundredth.
const SAMPLE: usize = 50_000;

/// Changes beyond this many standard deviations are cut back to it.
const CUT: f64 = 3.0;

/// κ of every source.
///
/// c_j = cov(Δs_t, Δr_{t−j}) with other sources r only, since claims may follow a source. κ = c_1 / (c_0 + c_1), where
/// from c_1 is taken its reflection c_{−1}: real changes that go on, or turn back, show in both alike.
pub(crate) fn lags(table: &Table, panel: &Panel, config: &Config) -> Vec<f64> {
    let lagged = |b: usize| config.lagged.contains(&panel.sources[b].name);
    let cut: Vec<f64> = (0..table.sources).map(|b| cut(table, b)).collect();
    let one = |s: usize| {
        let others = || (0..table.sources).filter(move |r| *r != s);
        // A partner that lags itself hides the lag.
        let mut partners: Vec<usize> = others().filter(|r| !lagged(*r)).collect();
        if partners.is_empty() {
            partners.extend(others());
        }
        let mean = if lagged(s) { config.lag_mean } else { 0.0 };
        let prior = 1.0 / (config.lag_sd * config.lag_sd);
        let measured = measure(table, s, &partners, &cut);
        let (value, weight) = measured.map_or((mean, 0.0), |(k, se)| (k, 1.0 / (se * se)));
        let kappa = (value * weight + mean * prior) / (weight + prior);
        if kappa.is_finite() { kappa.clamp(0.0, config.lag_most) } else { mean }
    };
    (0..table.sources).map(one).collect()
}

fn sample(table: &Table) -> impl Iterator<Item = usize> {
    (0..table.len()).step_by(table.len().div_ceil(SAMPLE).max(1))
}

fn cut(table: &Table, b: usize) -> f64 {
    let mut changes = Vec::new();
    for v in sample(table) {
        let values = table.row(v).series(b + 1);
        changes.extend(values.windows(2).map(|w| w[1] - w[0]).filter(|d| !d.is_nan()));
    }
    CUT * squared_mad(&mut changes).sqrt()
}

/// Sum of products and their number.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    total: f64,
    count: f64,
}

impl Sum {
    fn add(&mut self, product: f64) {
        if !product.is_nan() {
            self.total += product;
            self.count += 1.0;
        }
    }

    fn mean(self) -> f64 {
        if self.count > 0.0 { self.total / self.count } else { 0.0 }
    }
}

/// κ̂ and its standard error over villages.
fn measure(table: &Table, s: usize, partners: &[usize], cut: &[f64]) -> Option<(f64, f64)> {
    let mut villages: Vec<[Sum; 3]> = Vec::new();
    for v in sample(table) {
        let (row, mut sums) = (table.row(v), [Sum::default(); 3]);
        let change = |b: usize, t: usize| {
            let values = row.series(b + 1);
            (values[t] - values[t - 1]).clamp(-cut[b], cut[b])
        };
        for r in partners {
            for t in 1..table.years {
                sums[0].add(change(s, t) * change(*r, t));
                if t > 1 {
                    sums[1].add(change(s, t) * change(*r, t - 1));
                    sums[2].add(change(s, t - 1) * change(*r, t));
                }
            }
        }
        villages.push(sums);
    }
    let mut all = [Sum::default(); 3];
    for sums in &villages {
        for (sum, own) in all.iter_mut().zip(sums) {
            sum.total += own.total;
            sum.count += own.count;
        }
    }
    let mean = all.map(Sum::mean);
    let later = mean[1] - mean[2];
    let both = mean[0] + later;
    if !(all[1].count > 0.0 && both > 0.0) {
        return None;
    }
    // Influence of one village on κ̂ = later / (mean_0 + later), by the delta method.
    let influence = |sums: &[Sum; 3]| {
        let d = |j: usize| (sums[j].total - mean[j] * sums[j].count) / all[j].count;
        (mean[0] * (d(1) - d(2)) - later * d(0)) / (both * both)
    };
    let variance: f64 = villages.iter().map(|sums| influence(sums).powi(2)).sum();
    (variance > 0.0).then(|| (later / both, variance.sqrt()))
}
