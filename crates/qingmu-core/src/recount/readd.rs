//! Figures re-added from the rows of the input, one plain sum after the other.
//!
//! Nothing here uses the columnar scan: it is the second opinion on its sums.

use super::base::{Ask, BaseSum, base};
use qingmu_input::SourceRow;
use qingmu_model::ViewName;
use qingmu_model::{Basis, Project, Season, Yuan};
use std::collections::{BTreeMap, BTreeSet};

/// The key of a view's row, as far as its view has one.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// Village code.
    pub village: Option<String>,
    /// Year.
    pub year: Option<i16>,
    /// Season.
    pub season: Option<Season>,
    /// Programme.
    pub programme: Option<String>,
    /// Crop.
    pub crop: Option<String>,
    /// Clear text; never printed.
    pub claimant: Option<String>,
    /// Clear text; never printed.
    pub account: Option<String>,
    /// Clear text; never printed.
    pub approver: Option<String>,
    /// Claim.
    pub claim_id: Option<String>,
}

const PURPOSE: &str = "select the rows behind a figure";

impl Key {
    /// Whether a claim belongs to this row of the view.
    #[must_use]
    pub fn holds(&self, row: &SourceRow) -> bool {
        let is = |want: &Option<String>, have: Option<&str>| {
            want.as_deref().is_none_or(|w| have == Some(w))
        };
        is(&self.village, Some(&row.village_code))
            && self.year.is_none_or(|y| y == row.year)
            && self.season.is_none_or(|s| s == row.season)
            && is(&self.programme, row.programme.as_deref())
            && is(&self.crop, Some(&row.crop))
            && is(&self.claimant, row.claimant.as_ref().map(|c| c.reveal(PURPOSE)))
            && is(&self.account, row.account.as_ref().map(|a| a.reveal(PURPOSE)))
            && is(&self.approver, row.approver.as_ref().map(|a| a.reveal(PURPOSE)))
            && is(&self.claim_id, row.claim_id.as_deref())
    }
}

/// Area by group of programmes that never pay twice on the same land.
type Groups = BTreeMap<(bool, String), i64>;

/// A figure re-added, in the smallest unit of its column.
#[derive(Debug, Clone, PartialEq)]
pub struct Readded<'a> {
    /// `None` where the rows give no figure.
    pub value: Option<i64>,
    /// The rows added up.
    pub rows: Vec<&'a SourceRow>,
}

/// Whether [`Key`] holds every key of a view: parcels, households, rates and parties of leases are none of it, so
/// that its rows would be more than the view's.
const fn is_whole(view: ViewName) -> bool {
    !matches!(
        view,
        ViewName::ProgrammeRate
            | ViewName::ParcelClaimant
            | ViewName::ExclusiveClaim
            | ViewName::HouseholdProgramme
            | ViewName::Lease
            | ViewName::PayeeClaimant
            | ViewName::AccountChange
            | ViewName::Fund
    )
}

/// Rows of the input as far as a lead needs them.
#[derive(Debug)]
pub struct RowSet<'a> {
    /// Claims.
    pub claims: &'a [SourceRow],
    /// Baselines.
    pub baselines: &'a [SourceRow],
    /// Crop groups and programmes.
    pub project: &'a Project,
}

impl<'a> RowSet<'a> {
    /// Re-adds a column of a view's row; `None` for columns that are no sum over rows.
    #[must_use]
    pub fn readd(&self, view: ViewName, key: &Key, column: &str) -> Option<Readded<'a>> {
        if !is_whole(view) {
            return None;
        }
        let claims: Vec<&'a SourceRow> = self.claims.iter().filter(|r| key.holds(r)).collect();
        if let Some(name) = column.strip_prefix("claimed.") {
            return Some(self.claimed(view, &claims, name));
        }
        if let Some(name) = column.strip_prefix("paid.") {
            return Some(self.paid(view, &claims, name));
        }
        if column.starts_with("base.")
            || matches!(column, "ref_mu" | "ref_se_mu" | "base_mu" | "base_se_mu")
        {
            return self.baseline(view, key, &claims, column);
        }
        let plain = |value: i64| Some(Readded { value: Some(value), rows: claims.clone() });
        match column {
            "claims" => plain(i64::try_from(claims.len()).ok()?),
            "claimants" => {
                let distinct: BTreeSet<_> = claims.iter().map(|r| &r.claimant).collect();
                plain(i64::try_from(distinct.len()).ok()?)
            }
            "villages" => {
                let distinct: BTreeSet<_> = claims.iter().map(|r| &r.village_code).collect();
                plain(i64::try_from(distinct.len()).ok()?)
            }
            "area_mu" => plain(claims.iter().map(|r| r.area.raw()).sum()),
            "amount_yuan" => plain(claims.iter().filter_map(|r| r.amount).map(Yuan::raw).sum()),
            "rate_yuan_per_mu" => plain(claims.first()?.rate?.raw()),
            "product_yuan" => {
                let row = claims.first()?;
                plain(row.area.times_rate(row.rate?)?.raw())
            }
            "gap_yuan" => {
                let row = claims.first()?;
                plain(row.amount?.checked_sub(row.area.times_rate(row.rate?)?)?.raw())
            }
            _ => None,
        }
    }

    fn is_planting(&self, row: &SourceRow) -> bool {
        let programme = row.programme.as_deref().unwrap_or_default();
        self.project.programme(programme).basis == Basis::Planting
    }

    fn of_name<'r>(&self, rows: &[&'r SourceRow], name: &str) -> Vec<&'r SourceRow> {
        let crops = self.project.crops_of(name);
        let inside = |crop: &str| crops.as_ref().is_none_or(|list| list.contains(&crop));
        rows.iter().copied().filter(|r| inside(&r.crop)).collect()
    }

    /// Area of the planting programmes; land under two programmes that do not exclude each other counts once.
    fn claimed(&self, view: ViewName, claims: &[&'a SourceRow], name: &str) -> Readded<'a> {
        let mut rows = self.of_name(claims, name);
        if view != ViewName::VillageYear {
            let value = rows.iter().map(|r| r.area.raw()).sum();
            return Readded { value: Some(value), rows };
        }
        rows.retain(|r| self.is_planting(r));
        let mut land: BTreeMap<(Season, &str), Groups> = BTreeMap::new();
        for row in &rows {
            let code = row.programme.clone().unwrap_or_default();
            let group = match self.project.programme(&code).exclusive {
                Some(group) => (true, group),
                None => (false, code),
            };
            let groups = land.entry((row.season, row.crop.as_str())).or_default();
            *groups.entry(group).or_insert(0) += row.area.raw();
        }
        let value = land.values().filter_map(|groups| groups.values().max()).sum();
        Readded { value: (!claims.is_empty()).then_some(value), rows }
    }

    fn paid(&self, view: ViewName, claims: &[&'a SourceRow], name: &str) -> Readded<'a> {
        let mut rows = self.of_name(claims, name);
        if view == ViewName::VillageYear {
            rows.retain(|r| self.is_planting(r));
        }
        let value = rows.iter().filter_map(|r| r.amount).map(Yuan::raw).sum();
        Readded { value: (!claims.is_empty()).then_some(value), rows }
    }

    fn baseline(
        &self,
        view: ViewName,
        key: &Key,
        claims: &[&'a SourceRow],
        column: &str,
    ) -> Option<Readded<'a>> {
        let village = key.village.as_deref()?;
        let rows: Vec<&'a SourceRow> =
            self.baselines.iter().filter(|r| r.village_code == village).collect();
        let season = key.season.unwrap_or(Season::Y);
        let year = key.year?;
        let claimed: BTreeSet<&str> = claims.iter().map(|r| r.crop.as_str()).collect();
        let ask = |crops: Option<&[&str]>, own_name: Option<&str>| {
            base(&rows, Ask { crops, own_name, season }, year, self.project)
        };
        let named = |name: &str| ask(self.project.crops_of(name).as_deref(), Some(name));
        let sum = match column {
            "base.competing" | "base.competing_se" if view == ViewName::VillageSeasonProgramme => {
                let all = self.project.competing.iter().map(String::as_str);
                let crops: Vec<&str> = all.filter(|c| !claimed.contains(c)).collect();
                ask(Some(&crops), None)
            }
            "base_mu" | "base_se_mu" => ask(Some(&[key.crop.as_deref()?]), None),
            "ref_mu" | "ref_se_mu" => {
                let programme = self.project.programme(key.programme.as_deref()?);
                if programme.reference.is_empty() {
                    let crops: Vec<&str> = claimed.into_iter().collect();
                    ask(Some(&crops), None)
                } else {
                    programme.reference.iter().find_map(|name| named(name))
                }
            }
            _ => named(self.name_of(column)),
        };
        Some(of_base(sum, column))
    }

    /// `X` of `base.X` and `base.X_se`.
    fn name_of<'n>(&self, column: &'n str) -> &'n str {
        let name = column.strip_prefix("base.").unwrap_or(column);
        if self.project.known_names().contains(&name) {
            return name;
        }
        name.strip_suffix("_se").unwrap_or(name)
    }
}

fn of_base<'a>(sum: Option<BaseSum<'a>>, column: &str) -> Readded<'a> {
    let is_se = is_standard_error(column);
    match sum {
        None => Readded { value: None, rows: Vec::new() },
        Some(sum) => Readded { value: if is_se { sum.se } else { Some(sum.area) }, rows: sum.rows },
    }
}

/// Whether a column is a standard error: a root, so the last digit depends on the way of rounding.
#[must_use]
pub fn is_standard_error(column: &str) -> bool {
    column.ends_with("_se") || column.ends_with("_se_mu")
}

#[cfg(test)]
mod tests {
    use super::*;
    use qingmu_model::{ClaimantId, Mu};

    /// An invented claim.
    fn claim(programme: &str, crop: &str, claimant: &str, mu: i64) -> SourceRow {
        SourceRow {
            origin: None,
            file: "claims.csv".to_owned(),
            row: 2,
            village_code: "v".to_owned(),
            year: 2022,
            season: Season::S,
            programme: Some(programme.to_owned()),
            crop: crop.to_owned(),
            claim_id: None,
            claimant: Some(ClaimantId::new(claimant)),
            account: None,
            approver: None,
            area: Mu::from_raw(mu * 10_000),
            amount: Some(Yuan::from_raw(mu * 100)),
            rate: None,
            source: None,
            se: None,
            independent: None,
        }
    }

    #[test]
    fn land_under_two_programmes_counts_once_and_contract_land_not_at_all() {
        let claims = [
            claim("GRAIN", "wheat", "a", 10),
            claim("NEW", "wheat", "a", 8),
            claim("GRAIN", "maize", "b", 5),
            claim("FERTILITY", "arable", "a", 100),
        ];
        let project = Project::default();
        let rows = RowSet { claims: &claims, baselines: &[], project: &project };
        let key = Key { village: Some("v".to_owned()), year: Some(2022), ..Key::default() };
        let sum = |column: &str| {
            rows.readd(ViewName::VillageYear, &key, column).map(|r| (r.value, r.rows.len()))
        };
        assert_eq!(sum("claimed.grain"), Some((Some(150_000), 3)));
        assert_eq!(sum("paid.grain"), Some((Some(2_300), 3)));
        assert_eq!(sum("claims"), Some((Some(4), 4)));
        assert_eq!(sum("claimants"), Some((Some(2), 4)));
        assert_eq!(sum("jump.all_mu"), None);
        let nowhere = Key { village: Some("w".to_owned()), ..key.clone() };
        let missing = rows.readd(ViewName::VillageYear, &nowhere, "claimed.grain");
        assert_eq!(missing.map(|r| r.value), Some(None));
    }
}
