//! Where vegetables share the land, claims stand at another level to a source. Amendment B7.

use crate::centre::Regions;
use crate::model::Model;
use crate::panel::Panel;
use crate::spread::squared_mad;
use crate::table::Table;
use crate::village::middle;
use std::collections::BTreeMap;

/// Villages from which a slope is measured. Judgement.
const LEAST_VILLAGES: usize = 50;

/// Rounds of Huber's reweighting; five settle three digits.
const ROUNDS: usize = 10;

/// Huber's constant, 95 % efficient for normal errors.
const HUBER: f64 = 1.345;

/// Median share of vegetables by county.
pub(crate) fn typical_shares(panel: &Panel, regions: &Regions) -> BTreeMap<u32, f64> {
    let mut shares = BTreeMap::new();
    for (county, members) in &regions.county {
        let mut known: Vec<f64> =
            members.iter().filter_map(|v| panel.vegetable_share[*v]).collect();
        if !known.is_empty() {
            shares.insert(*county, middle(&mut known));
        }
    }
    shares
}

/// Slope of each source's log level of claims on the share beyond the county's, shrunk by its own error.
pub(crate) fn slopes(table: &Table, panel: &Panel, model: &Model) -> Vec<f64> {
    let beyond = |v: usize| {
        let typical = model.vegetable_share.get(&panel.places[v].county)?;
        Some(panel.vegetable_share[v]? - typical)
    };
    let slope = |b: usize| {
        let mut points = Vec::new();
        for v in 0..table.len() {
            let Some(x) = beyond(v) else { continue };
            let row = table.row(v);
            let mut levels: Vec<f64> =
                row.series(0).iter().zip(row.series(b + 1)).map(|(y, r)| y - r).collect();
            levels.retain(|u| !u.is_nan());
            if !levels.is_empty() {
                points.push((x, middle(&mut levels)));
            }
        }
        robust_slope(&points)
    };
    (0..table.sources).map(slope).collect()
}

/// Huber's slope times (1 − se²/slope²), 0 where the error is larger than the slope.
fn robust_slope(points: &[(f64, f64)]) -> f64 {
    if points.len() < LEAST_VILLAGES {
        return 0.0;
    }
    let mut weights = vec![1.0; points.len()];
    let (mut slope, mut error) = (0.0, f64::INFINITY);
    for _ in 0..ROUNDS {
        let sum = |f: &dyn Fn(&(f64, f64)) -> f64| -> f64 {
            points.iter().zip(&weights).map(|(p, w)| w * f(p)).sum()
        };
        let total = sum(&|_| 1.0);
        let (mx, my) = (sum(&|p| p.0) / total, sum(&|p| p.1) / total);
        let square = sum(&|p| (p.0 - mx).powi(2));
        if square <= 1e-9 * total {
            return 0.0;
        }
        slope = sum(&|p| (p.0 - mx) * (p.1 - my)) / square;
        let residual = |p: &(f64, f64)| p.1 - my - slope * (p.0 - mx);
        let mut residuals: Vec<f64> = points.iter().map(residual).collect();
        let variance = squared_mad(&mut residuals);
        error = (variance / square).sqrt();
        let limit = HUBER * variance.sqrt();
        for (w, p) in weights.iter_mut().zip(points) {
            let r = residual(p).abs();
            *w = if r > limit && r > 0.0 { limit / r } else { 1.0 };
        }
    }
    let ratio = error / slope;
    if ratio.abs() < 1.0 { slope * (1.0 - ratio * ratio) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A deterministic scatter in −1..1.
    fn scatter(i: usize) -> f64 {
        ((i * 7919) % 1000) as f64 / 500.0 - 1.0
    }

    #[test]
    fn the_slope_survives_a_tenth_of_inflated_villages() {
        let point = |i: usize| {
            let x = ((i * 31) % 100) as f64 / 100.0 - 0.5;
            let excess = if i.is_multiple_of(10) { 0.5 } else { 0.0 };
            (x, 0.3 * x + 0.05 * scatter(i) + excess)
        };
        let points: Vec<_> = (0..600).map(point).collect();
        assert!((robust_slope(&points) - 0.3).abs() < 0.03, "{}", robust_slope(&points));
    }

    #[test]
    fn nothing_to_learn_gives_nothing() {
        assert_eq!(robust_slope(&[(0.0, 1.0); 10]).to_bits(), 0);
        assert_eq!(robust_slope(&[(0.2, 1.0); 100]).to_bits(), 0);
        let flat: Vec<_> = (0..100).map(|i| (scatter(i * 3), scatter(i * 17 + 5))).collect();
        assert!(robust_slope(&flat).abs() < 0.2);
    }
}
