//! What a village would claim if it stood to its baseline as the county's other villages do.
//!
//! `fair = c·B` with `c` the leave-one-out county median of claimed over reference area in the same
//! season and programme; the factor takes up customary mu, the enrolment rate and any bias that a
//! source has in the county. Its error is `√(c²·se² + τ²)`, τ the scatter of the peers around their own
//! fair values; τ already holds the average error of the source, so a missing `se` counts 0
//! (domain.md V01; statistics.md 1.2).

use super::groups::peer_levels;
use super::{MU, ONE, push, real};
use qingmu_model::{Project, View};
use qingmu_stats::{DELTA_MU, peer_location, peer_scale};
use std::collections::BTreeSet;

/// Core columns that the feature is made from.
pub(super) const INPUTS: &[&str] = &["claimed.all", "ref_mu", "ref_se_mu"];
/// Columns of the feature.
pub(super) const MAKES: &[&str] =
    &["peer.factor", "peer.count", "fair_mu", "fair_se_mu", "over_mu", "over_z"];

/// Least scatter on the log scale: the variance floor 1e-4 of statistics.md 1.3.
const FLOOR: f64 = 0.01;

/// Appends the wanted columns of [`MAKES`].
pub(super) fn add(view: &mut View, wanted: &BTreeSet<String>, project: &Project) {
    let (Some(claimed), Some(reference)) = (view.column("claimed.all"), view.column("ref_mu"))
    else {
        return;
    };
    let rows = view.rows;
    let claimed: Vec<Option<f64>> = (0..rows).map(|row| claimed.number(row)).collect();
    let base: Vec<Option<f64>> = (0..rows).map(|row| reference.number(row)).collect();
    let dependent = reference.dependent.clone();
    let se = view.column("ref_se_mu");
    let se: Vec<f64> =
        (0..rows).map(|row| se.and_then(|c| c.number(row)).unwrap_or_default()).collect();
    let levels = peer_levels(view, &["year", "season", "programme"], project);
    let levels: Vec<&[usize]> = levels.iter().map(Vec::as_slice).collect();

    let ratio: Vec<Option<f64>> = (0..rows)
        .map(|row| {
            let (a, b) = (claimed[row]?, base[row]?);
            (a > 0.0 && b > 0.0).then(|| (a / b).ln())
        })
        .collect();
    let peers = peer_location(&ratio, &levels).unwrap_or_else(|_| vec![None; rows]);
    let residual: Vec<Option<f64>> =
        (0..rows).map(|row| Some(ratio[row]? - peers[row]?.value)).collect();
    let scale = peer_scale(&residual, &levels).unwrap_or_else(|_| vec![None; rows]);

    let factor: Vec<Option<f64>> = peers.iter().map(|p| Some((*p)?.value.exp())).collect();
    let fair: Vec<Option<f64>> = (0..rows).map(|row| Some(factor[row]? * base[row]?)).collect();
    let fair_se: Vec<Option<f64>> = (0..rows)
        .map(|row| {
            // A step of the asinh scale in mu: proportional for large areas, never zero for small ones.
            let step = fair[row]?.hypot(2.0 * DELTA_MU);
            Some((factor[row]? * se[row]).hypot(scale[row]?.value.max(FLOOR) * step))
        })
        .collect();
    let over: Vec<Option<f64>> = (0..rows).map(|row| Some(claimed[row]? - fair[row]?)).collect();
    let z: Vec<Option<f64>> = (0..rows).map(|row| Some(over[row]? / fair_se[row]?)).collect();

    let counts = real(peers.iter().map(|p| Some(p.map_or(0.0, |p| p.peers as f64))));
    push(view, wanted, "peer.factor", ONE, real(factor));
    push(view, wanted, "peer.count", ONE, counts);
    for (name, kind, values) in [
        ("fair_mu", MU, fair),
        ("fair_se_mu", MU, fair_se),
        ("over_mu", MU, over),
        ("over_z", ONE, z),
    ] {
        push(view, wanted, name, kind, real(values));
        // A source that the village itself reports to keeps that mark in everything made from it.
        if let Some(column) = view.column_mut(name) {
            column.dependent.clone_from(&dependent);
        }
    }
}
