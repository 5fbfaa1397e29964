//! Views from facts: one file per view, all rows in canonical order.

mod account_claimant;
mod approver_village;
mod baseline;
mod build;
mod claim;
mod claimant_village;
mod facts;
mod panel;
mod registers;
mod village_season_programme;
mod village_year;

pub(crate) use baseline::Baselines;
pub(crate) use facts::{
    AccountClaimant, ApproverVillage, ClaimantVillage, Facts, Gap, Listed, PanelCell,
    ProgrammeSeason, VillageYear,
};

use qingmu_model::{ClaimantId, Mu, Project};
use qingmu_model::{View, ViewName};
use qingmu_registers::Registers;
use std::collections::{BTreeMap, BTreeSet};

/// Makes a view with its key columns and the wanted others.
pub(crate) fn build(
    facts: &Facts,
    registers: &Registers,
    name: ViewName,
    project: &Project,
    wanted: &BTreeSet<String>,
) -> View {
    if qingmu_registers::is_own(name) {
        return registers::own(facts, registers, name, project, wanted);
    }
    let mut view = of_claims(facts, name, project, wanted);
    registers::fill(registers, &mut view, wanted);
    view
}

fn of_claims(facts: &Facts, name: ViewName, project: &Project, wanted: &BTreeSet<String>) -> View {
    let mut builder = build::Builder::new(facts, name, project, wanted);
    match name {
        ViewName::Panel => panel::fill(&mut builder),
        ViewName::VillageYear => village_year::fill(&mut builder),
        ViewName::VillageSeasonProgramme => village_season_programme::fill(&mut builder),
        ViewName::ClaimantVillage => claimant_village::fill(&mut builder),
        ViewName::AccountClaimant => account_claimant::fill(&mut builder),
        ViewName::ApproverVillage => approver_village::fill(&mut builder),
        ViewName::Claim => claim::fill(&mut builder),
        // Registers make the others, see [`build`].
        _ => {}
    }
    builder.finish()
}

/// Approvers of each village-year, largest area first, ties by id.
pub(crate) fn approvers(facts: &Facts) -> BTreeMap<(String, i16), Vec<(ClaimantId, Mu)>> {
    let mut all: BTreeMap<(String, i16), Vec<(ClaimantId, Mu)>> = BTreeMap::new();
    for row in &facts.approver_villages {
        let key = (facts.villages[row.village as usize].to_string(), row.year);
        let id = ClaimantId::new(&*facts.approvers[row.approver as usize]);
        all.entry(key).or_default().push((id, Mu::from_raw(row.area)));
    }
    for list in all.values_mut() {
        list.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    }
    all
}

#[cfg(test)]
mod view_tests;
