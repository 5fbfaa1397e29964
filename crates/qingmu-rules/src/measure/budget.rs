//! What a season's land budget needs to know of a programme.
//!
//! A programme that pays on contracted land covers the vegetable plots too, so other crops do not
//! compete with it; a planting programme shares the arable land with them. Where the county's other
//! villages claim more than their land too, the two are not in one area basis (customary mu, certified
//! against surveyed area), and the land must be read at the county's ratio.

use super::groups::peer_levels;
use super::{MU, ONE, push, real};
use qingmu_model::{Basis, ColumnType, Data, Project, View};
use qingmu_stats::peer_location;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Core columns that `peer.load` is made from.
pub(super) const LOAD_INPUTS: &[&str] = &["claimed.all", "base.arable", "base.contracted"];

/// Appends `peer.load`: the leave-one-out county median of claimed area over arable or contracted land,
/// whichever is larger, in the same season and programme.
pub(super) fn add_load(view: &mut View, wanted: &BTreeSet<String>, project: &Project) {
    let cell = |name: &str, row: usize| view.column(name)?.number(row);
    let load: Vec<Option<f64>> = (0..view.rows)
        .map(|row| {
            let land = [cell("base.arable", row), cell("base.contracted", row)];
            let land = land.into_iter().flatten().reduce(f64::max)?;
            let claimed = cell("claimed.all", row)?;
            (claimed > 0.0 && land > 0.0).then(|| (claimed / land).ln())
        })
        .collect();
    let levels = peer_levels(view, &["year", "season", "programme"], project);
    let levels: Vec<&[usize]> = levels.iter().map(Vec::as_slice).collect();
    let peers = peer_location(&load, &levels).unwrap_or_else(|_| vec![None; view.rows]);
    let data = real(peers.iter().map(|p| Some((*p)?.value.exp())));
    push(view, wanted, "peer.load", ONE, data);
}

/// Appends `basis` (`planting` or `contract`), `competing_mu` and `competing_se_mu` as far as wanted.
pub(super) fn add(view: &mut View, wanted: &BTreeSet<String>, project: &Project) {
    let Some(programme) = view.column("programme") else { return };
    let mut known: BTreeMap<&str, Basis> = BTreeMap::new();
    let basis: Vec<Option<Basis>> = (0..view.rows)
        .map(|row| {
            let code: &str = programme.text(row)?;
            Some(*known.entry(code).or_insert_with(|| project.programme(code).basis))
        })
        .collect();
    let words: [Arc<str>; 2] = [Arc::from("planting"), Arc::from("contract")];
    let text = |b: &Option<Basis>| {
        b.map(|b| Arc::clone(if b == Basis::Planting { &words[0] } else { &words[1] }))
    };
    let texts = Data::Text(basis.iter().map(text).collect());
    push(view, wanted, "basis", ColumnType::Text, texts);
    for (name, from) in
        [("competing_mu", "base.competing"), ("competing_se_mu", "base.competing_se")]
    {
        let source = view.column(from);
        let values = (0..view.rows).map(|row| match basis[row]? {
            Basis::Planting => source?.number(row),
            Basis::Contract => Some(0.0),
        });
        let data = real(values);
        let dependent = source.map(|c| c.dependent.clone()).unwrap_or_default();
        push(view, wanted, name, MU, data);
        if let Some(column) = view.column_mut(name) {
            column.dependent = dependent;
        }
    }
}
