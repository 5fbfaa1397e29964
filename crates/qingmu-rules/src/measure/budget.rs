//! What a season's land budget needs to know of a programme.
//!
//! A programme that pays on contracted land covers the vegetable plots too, so other crops do not
//! compete with it; a planting programme shares the arable land with them.

use super::{MU, push};
use qingmu_core::{ColumnType, Data, View};
use qingmu_model::{Basis, Project};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

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
        let data = super::real(values);
        let dependent = source.map(|c| c.dependent.clone()).unwrap_or_default();
        push(view, wanted, name, MU, data);
        if let Some(column) = view.column_mut(name) {
            column.dependent = dependent;
        }
    }
}
