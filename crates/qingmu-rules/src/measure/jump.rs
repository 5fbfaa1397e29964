//! Change of a village's claims from the year before, beyond what the county's other villages did.
//!
//! With growth `g` of the county (leave-one-out median of the ratio of both years), the part of this
//! year's claims that the county's movement does not explain is `Y − P·g` mu, and on the scale of
//! statistics.md 1.1 it is `u = ℓ(Y / g) − ℓ(P)`, measured in robust standard deviations of the peers'
//! own `u`. Dividing by `g` before taking ℓ makes a factor on a whole county-year cancel exactly, at
//! any size of village.

use super::groups::{peer_levels, previous_year};
use super::{MU, ONE, push, real};
use qingmu_model::{Project, View};
use qingmu_stats::{DELTA_MU, PeerValue, asinh_scale, peer_location, peer_scale};
use std::collections::BTreeSet;

/// Least standard deviation of a change on the ℓ scale: two yearly errors of 1 % each, the variance
/// floor 1e-4 of statistics.md 1.3. Frozen ledgers would otherwise make every correction infinite.
const FLOOR: f64 = 0.014_142_135_623_730_95;

/// Appends `peer.<crop>_growth`, `jump.<crop>_mu`, `jump.<crop>_z` and `jump.<crop>_peers` (for `all`
/// also `jump.peers`) as far as wanted.
pub(super) fn add(view: &mut View, crop: &str, wanted: &BTreeSet<String>, project: &Project) {
    let Some(claimed) = view.column(&format!("claimed.{crop}")) else { return };
    let now: Vec<Option<f64>> = (0..view.rows).map(|row| claimed.number(row)).collect();
    let before: Vec<Option<f64>> =
        previous_year(view).into_iter().map(|p| now.get(p?).copied().flatten()).collect();
    let levels = peer_levels(view, &["year"], project);
    let levels: Vec<&[usize]> = levels.iter().map(Vec::as_slice).collect();

    // A village that starts or stops the crop says nothing about a change of basis.
    let both = |row: usize| Some((now[row]?, before[row]?)).filter(|(y, p)| *y > 0.0 && *p > 0.0);
    let ratio: Vec<Option<f64>> =
        (0..view.rows).map(|row| both(row).map(|(y, p)| (y / p).ln())).collect();
    let peers = peer_location(&ratio, &levels).unwrap_or_else(|_| vec![None; view.rows]);
    let growth = |row: usize| Some(peers[row]?.value.exp());
    let change: Vec<Option<f64>> = (0..view.rows)
        .map(|row| {
            let then = asinh_scale(before[row]?, DELTA_MU)?;
            Some(asinh_scale(now[row]? / growth(row)?, DELTA_MU)? - then)
        })
        .collect();
    let steady: Vec<Option<f64>> = (0..view.rows).map(|row| both(row).and(change[row])).collect();
    let scale = peer_scale(&steady, &levels).unwrap_or_else(|_| vec![None; view.rows]);

    let rows = 0..view.rows;
    let growths = real(rows.clone().map(|row| before[row].and(growth(row))));
    let mu = real(rows.clone().map(|row| Some(now[row]? - before[row]? * growth(row)?)));
    let z = real(rows.map(|row| Some(change[row]? / scale[row]?.value.max(FLOOR))));
    let count = |(row, p): (usize, &Option<PeerValue>)| {
        before[row].map(|_| p.map_or(0.0, |p| p.peers as f64))
    };
    let counts = real(peers.iter().enumerate().map(count));
    push(view, wanted, &format!("peer.{crop}_growth"), ONE, growths);
    push(view, wanted, &format!("jump.{crop}_mu"), MU, mu);
    push(view, wanted, &format!("jump.{crop}_z"), ONE, z);
    push(view, wanted, &format!("jump.{crop}_peers"), ONE, counts.clone());
    if crop == "all" {
        push(view, wanted, "jump.peers", ONE, counts);
    }
}
