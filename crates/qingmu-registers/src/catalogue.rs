//! Columns of the views that registers fill: name, type, what fills it, and what it says.

mod people;
mod place;

use qingmu_model::{Bilingual, ColumnType, IdKind, Unit, ViewName};

pub(crate) const ONE: ColumnType = ColumnType::Number(Unit::ONE);
pub(crate) const MU: ColumnType = ColumnType::Number(Unit::MU);
pub(crate) const YUAN: ColumnType = ColumnType::Number(Unit::YUAN);
pub(crate) const RATE: ColumnType = ColumnType::Number(Unit::RATE);
pub(crate) const TEXT: ColumnType = ColumnType::Text;
pub(crate) const FLAG: ColumnType = ColumnType::Flag;
pub(crate) const PERSON: ColumnType = ColumnType::Id(IdKind::Person);

/// A column: name, type, the optional table (or `claims.column`) that fills it (empty: claims alone), zh, en.
pub(crate) type Entry = (&'static str, ColumnType, &'static str, &'static str, &'static str);

/// Columns of a view beside its keys and the place of its village.
pub(crate) const fn columns(view: ViewName) -> &'static [Entry] {
    match view {
        ViewName::VillageYear => place::VILLAGE_YEAR,
        ViewName::VillageSeasonProgramme => place::VILLAGE_SEASON_PROGRAMME,
        ViewName::ProgrammeRate => place::PROGRAMME_RATE,
        ViewName::VillageProgrammeYear => place::VILLAGE_PROGRAMME_YEAR,
        ViewName::Fund => place::FUND,
        ViewName::ClaimPayment => place::CLAIM_PAYMENT,
        ViewName::ParcelClaimant => people::PARCEL_CLAIMANT,
        ViewName::ExclusiveClaim => people::EXCLUSIVE_CLAIM,
        ViewName::ClaimantRegister => people::CLAIMANT_REGISTER,
        ViewName::HouseholdProgramme => people::HOUSEHOLD_PROGRAMME,
        ViewName::Lease => people::LEASE,
        ViewName::ClaimantAccount => people::CLAIMANT_ACCOUNT,
        ViewName::PayeeClaimant => people::PAYEE_CLAIMANT,
        ViewName::AccountChange => people::ACCOUNT_CHANGE,
        ViewName::PublicityClaimant => people::PUBLICITY_CLAIMANT,
        ViewName::OwnApproval => people::OWN_APPROVAL,
        _ => &[],
    }
}

/// Whether this crate makes every row of the view. Of `village_year` and `village_season_programme` it only fills
/// columns.
#[must_use]
pub const fn is_own(view: ViewName) -> bool {
    !matches!(
        view,
        ViewName::Panel
            | ViewName::VillageYear
            | ViewName::VillageSeasonProgramme
            | ViewName::ClaimantVillage
            | ViewName::AccountClaimant
            | ViewName::ApproverVillage
            | ViewName::Claim
    )
}

fn entry(view: ViewName, name: &str) -> Option<&'static Entry> {
    columns(view).iter().find(|(n, ..)| *n == name)
}

/// Type of a column that registers fill; `None` for a name that they do not.
#[must_use]
pub fn column_type(view: ViewName, name: &str) -> Option<ColumnType> {
    entry(view, name).map(|(_, kind, ..)| *kind)
}

/// Names of the columns of a view that registers fill.
pub fn column_names(view: ViewName) -> impl Iterator<Item = &'static str> {
    columns(view).iter().map(|(name, ..)| *name)
}

/// What a column says.
#[must_use]
pub fn column_about(view: ViewName, name: &str) -> Option<Bilingual> {
    entry(view, name).map(|(.., zh, en)| Bilingual::new(*zh, *en))
}

/// The optional table that fills a column, or the optional column of claims as `claims.column`.
#[must_use]
pub fn column_table(view: ViewName, name: &str) -> Option<&'static str> {
    entry(view, name).map(|(_, _, from, ..)| *from).filter(|from| !from.is_empty())
}

/// Tables without which a view has no rows, and optional claim columns as `claims.column`.
#[must_use]
pub const fn view_tables(view: ViewName) -> &'static [&'static str] {
    match view {
        ViewName::ParcelClaimant => &["claims.parcel_id", "parcels"],
        ViewName::ExclusiveClaim | ViewName::VillageProgrammeYear => &["programmes"],
        ViewName::HouseholdProgramme => &["claims.household_id", "households"],
        ViewName::Lease => &["transfers"],
        ViewName::ClaimantAccount => &["claims.account"],
        ViewName::PayeeClaimant | ViewName::ClaimPayment | ViewName::AccountChange => &["payments"],
        ViewName::PublicityClaimant => &["publicity"],
        ViewName::OwnApproval => &["claims.approver_id"],
        ViewName::Fund => &["funds"],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_has_words_and_a_source_that_the_data_model_has() {
        for view in ViewName::ALL {
            let mut names: Vec<&str> = column_names(view).collect();
            for (name, _, from, zh, en) in columns(view) {
                assert!(!zh.is_empty() && !en.is_empty(), "{view}.{name}");
                let known = match from.split_once('.') {
                    Some((table, column)) => {
                        qingmu_model::table(table).is_some_and(|t| t.column(column).is_some())
                    }
                    None => from.is_empty() || qingmu_model::table(from).is_some(),
                };
                assert!(known, "{view}.{name}: {from}");
                assert!(!view.keys().contains(name), "{view}.{name} is a key");
            }
            let all = names.len();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), all, "{view}");
        }
    }
}
