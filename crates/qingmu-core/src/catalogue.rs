//! Which columns each view has and of what type: what rules are checked against before anything runs.

use qingmu_model::{Bilingual, ColumnType, ViewName};
use qingmu_model::{IdKind, Project, Unit};
use qingmu_registers as registers;

const COUNT: ColumnType = ColumnType::Number(Unit::ONE);
const MU: ColumnType = ColumnType::Number(Unit::MU);
const YUAN: ColumnType = ColumnType::Number(Unit::YUAN);
const RATE: ColumnType = ColumnType::Number(Unit::RATE);
const PERSON: ColumnType = ColumnType::Id(IdKind::Person);
const ACCOUNT: ColumnType = ColumnType::Id(IdKind::Account);
const TEXT: ColumnType = ColumnType::Text;

/// Columns with a name of their own; keys are among them.
const fn fixed(view: ViewName) -> &'static [(&'static str, ColumnType)] {
    match view {
        ViewName::Panel => &[
            ("area_mu", MU),
            ("amount_yuan", YUAN),
            ("claims", COUNT),
            ("claimants", COUNT),
            ("base_mu", MU),
            ("base_se_mu", MU),
        ],
        ViewName::VillageYear => &[
            ("claims", COUNT),
            ("claimants", COUNT),
            ("approver_id", PERSON),
            ("approver_share", COUNT),
            ("rotation_mu", MU),
        ],
        ViewName::VillageSeasonProgramme => &[
            ("claims", COUNT),
            ("claimants", COUNT),
            ("ref_mu", MU),
            ("ref_se_mu", MU),
            ("base.competing", MU),
            ("base.competing_se", MU),
        ],
        ViewName::ClaimantVillage => {
            &[("area_mu", MU), ("amount_yuan", YUAN), ("claims", COUNT), ("leased_mu", MU)]
        }
        ViewName::AccountClaimant => &[
            ("household_id", TEXT),
            ("village_code", TEXT),
            ("villages", COUNT),
            ("area_mu", MU),
            ("amount_yuan", YUAN),
            ("claims", COUNT),
            ("collective", ColumnType::Flag),
        ],
        ViewName::ApproverVillage => &[
            ("claims", COUNT),
            ("area_mu", MU),
            ("amount_yuan", YUAN),
            ("excused", ColumnType::Flag),
        ],
        ViewName::Claim => &[
            ("crop", TEXT),
            ("claimant_id", PERSON),
            ("approver_id", PERSON),
            ("area_mu", MU),
            ("rate_yuan_per_mu", RATE),
            ("amount_yuan", YUAN),
            ("product_yuan", YUAN),
            ("gap_yuan", YUAN),
        ],
        // Views of registers have their columns from there.
        _ => &[],
    }
}

/// Columns every view has beside its own, derived from the village.
const PLACE: [&str; 3] = ["name", "town_code", "county_code"];

/// Column families that end in a crop, group or land class, with their suffix and unit.
const fn families(view: ViewName) -> &'static [(&'static str, &'static str, ColumnType)] {
    match view {
        ViewName::VillageYear | ViewName::VillageSeasonProgramme => {
            &[("claimed.", "", MU), ("paid.", "", YUAN), ("base.", "", MU), ("base.", "_se", MU)]
        }
        _ => &[],
    }
}

fn key_type(name: &str) -> ColumnType {
    match name {
        "year" => COUNT,
        "claimant_id" | "approver_id" | "payee_id" | "from_id" | "to_id" => PERSON,
        "rate_yuan_per_mu" => RATE,
        "account" => ACCOUNT,
        _ => TEXT,
    }
}

/// Type of a core column of a view; `None` for a name the scan does not make.
///
/// `claimed.X`, `paid.X`, `base.X` and `base.X_se` exist for every X of [`Project::known_names`].
#[must_use]
pub fn column_type(view: ViewName, name: &str, project: &Project) -> Option<ColumnType> {
    if view.keys().contains(&name) {
        return Some(key_type(name));
    }
    if let Some((_, kind)) = fixed(view).iter().find(|(n, _)| *n == name) {
        return Some(*kind);
    }
    if let Some(kind) = registers::column_type(view, name) {
        return Some(kind);
    }
    if PLACE.contains(&name) {
        return Some(TEXT);
    }
    let known = project.known_names();
    families(view).iter().find_map(|(prefix, suffix, kind)| {
        let crop = name.strip_prefix(prefix)?.strip_suffix(suffix)?;
        known.binary_search(&crop).is_ok().then_some(*kind)
    })
}

/// Names of all core columns of a view, keys first, for suggestions.
#[must_use]
pub fn column_names(view: ViewName, project: &Project) -> Vec<String> {
    let own = fixed(view).iter().map(|(n, _)| *n).chain(registers::column_names(view));
    let mut names: Vec<String> = view.keys().iter().copied().map(str::to_owned).collect();
    for name in PLACE.into_iter().chain(own) {
        if !names.iter().any(|n| n == name) {
            names.push(name.to_owned());
        }
    }
    let known = project.known_names();
    for (prefix, suffix, _) in families(view) {
        names.extend(known.iter().map(|crop| format!("{prefix}{crop}{suffix}")));
    }
    names
}

/// Optional table that would fill a column, or optional column of claims as `claims.column`; `None` where neither
/// does.
#[must_use]
pub fn column_table(view: ViewName, name: &str) -> Option<&'static str> {
    match (view, name) {
        (_, "name") => Some("villages"),
        (ViewName::ClaimantVillage, "leased_mu") => Some("transfers"),
        _ => registers::column_table(view, name),
    }
}

/// What a column of registers says; `None` for the facts of claims, whose names say it.
#[must_use]
pub fn column_about(view: ViewName, name: &str) -> Option<Bilingual> {
    registers::column_about(view, name)
}

/// Optional claim column that a column rests on; `None` where it rests on none.
///
/// A claim without a season is of the whole year: `season` is known without its column.
pub(crate) fn claim_column(view: ViewName, name: &str) -> Option<&'static str> {
    match (view, name) {
        (_, "account") => Some("account"),
        (_, "household_id") => Some("household_id"),
        (_, "approver_id" | "approver_share") => Some("approver_id"),
        (
            ViewName::Claim | ViewName::ProgrammeRate,
            "rate_yuan_per_mu" | "product_yuan" | "gap_yuan",
        ) => Some("rate_yuan_per_mu"),
        (_, "parcel_id") => Some("parcel_id"),
        _ => registers::column_table(view, name)?.strip_prefix("claims."),
    }
}

/// Whether a column is the standard error of a baseline.
pub(crate) fn is_baseline_se(name: &str) -> bool {
    matches!(name, "base_se_mu" | "ref_se_mu")
        || (name.starts_with("base.") && name.ends_with("_se"))
}

/// Whether a column stands empty in every scan: no table of the data model fills it.
pub(crate) fn is_unfilled(view: ViewName, name: &str) -> bool {
    matches!(
        (view, name),
        (ViewName::VillageYear, "rotation_mu")
            | (ViewName::AccountClaimant, "collective")
            | (ViewName::ApproverVillage, "excused")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_listed_name_has_a_type_and_is_listed_once() {
        let project = Project::default();
        for view in ViewName::ALL {
            let names = column_names(view, &project);
            let mut unique = names.clone();
            unique.sort_unstable();
            unique.dedup();
            assert_eq!(unique.len(), names.len(), "{view}");
            for name in &names {
                assert!(column_type(view, name, &project).is_some(), "{view}.{name}");
            }
        }
    }

    #[test]
    fn families_end_in_known_names_only() {
        let project = Project::default();
        let kind = |name| column_type(ViewName::VillageYear, name, &project);
        assert_eq!(kind("claimed.grain"), Some(MU));
        assert_eq!(kind("paid.all"), Some(YUAN));
        assert_eq!(kind("base.arable_se"), Some(MU));
        assert_eq!(kind("claimed.quinoa"), None);
        assert_eq!(kind("claimed.grain_se"), None);
        assert_eq!(kind("ref_mu"), None);
        assert_eq!(column_type(ViewName::Panel, "claimed.grain", &project), None);
        assert_eq!(column_type(ViewName::Claim, "rate_yuan_per_mu", &project), Some(RATE));
        assert_eq!(column_type(ViewName::AccountClaimant, "account", &project), Some(ACCOUNT));
    }

    #[test]
    fn optional_tables_are_named() {
        assert_eq!(column_table(ViewName::ClaimantVillage, "leased_mu"), Some("transfers"));
        assert_eq!(column_table(ViewName::Panel, "area_mu"), None);
    }
}
