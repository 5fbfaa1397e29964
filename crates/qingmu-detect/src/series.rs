//! Which series there are: one per planting programme (or group of programmes that never pay twice on the same land)
//! and the crops it is compared with.

use qingmu_evidence::PanelCell;
use qingmu_input::tables::BaselineRow;
use qingmu_model::{Basis, Project};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Share of a programme's area from which a crop counts as one of its own.
const OWN_CROP: f64 = 0.005;

/// One series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SeriesPlan {
    /// `programme/group`, by which a frozen model finds it again.
    pub(crate) name: String,
    /// Programme, or the name of a group of exclusive ones.
    pub(crate) programme: String,
    /// Programmes whose claims add up.
    pub(crate) codes: BTreeSet<Arc<str>>,
    /// Group that it is compared with.
    pub(crate) group: String,
    /// Crops of the baselines that add up where a source has no row named as the group.
    pub(crate) crops: BTreeSet<Arc<str>>,
}

/// The series of a run, by name. Programmes paid on contracted land have none (amendment B8).
pub(crate) fn plan(
    cells: &[PanelCell],
    baselines: &[BaselineRow],
    project: &Project,
) -> Vec<SeriesPlan> {
    #[allow(clippy::type_complexity, reason = "codes, and area by crop, of each series")]
    let mut claimed: BTreeMap<String, (BTreeSet<Arc<str>>, BTreeMap<Arc<str>, i64>)> =
        BTreeMap::new();
    for cell in cells {
        let programme = project.programme(&cell.programme);
        if programme.basis == Basis::Contract {
            continue;
        }
        let name = programme.exclusive.unwrap_or_else(|| cell.programme.to_string());
        let (codes, crops) = claimed.entry(name).or_default();
        if !codes.contains(&cell.programme) {
            codes.insert(Arc::clone(&cell.programme));
        }
        *crops.entry(Arc::clone(&cell.crop)).or_default() += cell.used.raw();
    }
    let known: BTreeSet<&str> = baselines.iter().map(|r| &*r.crop).collect();
    claimed
        .into_iter()
        .map(|(programme, (codes, crops))| series(programme, codes, &crops, &known, project))
        .collect()
}

fn series(
    programme: String,
    codes: BTreeSet<Arc<str>>,
    claimed: &BTreeMap<Arc<str>, i64>,
    known: &BTreeSet<&str>,
    project: &Project,
) -> SeriesPlan {
    let total: i64 = claimed.values().sum();
    let is_own = |area: i64| area as f64 >= OWN_CROP * total as f64;
    let own: BTreeSet<Arc<str>> =
        claimed.iter().filter(|(_, area)| is_own(**area)).map(|(c, _)| Arc::clone(c)).collect();
    let references: Vec<String> =
        codes.iter().flat_map(|code| project.programme(code).reference).collect();
    let has_rows = |name: &&String| {
        let of_group = project.crops_of(name).unwrap_or_default();
        known.contains(name.as_str()) || of_group.iter().any(|crop| known.contains(crop))
    };
    let group = references.iter().find(has_rows);
    let in_group: BTreeSet<Arc<str>> = match group {
        Some(name) => {
            let all = project.crops_of(name).unwrap_or_default();
            let both: BTreeSet<Arc<str>> =
                own.iter().filter(|crop| all.contains(&&***crop)).cloned().collect();
            // Claims that name the group and not its crops are of all of them.
            if both.is_empty() { all.into_iter().map(Arc::from).collect() } else { both }
        }
        None => own.iter().flat_map(|crop| parts(crop, project)).collect(),
    };
    let group = group
        .cloned()
        .unwrap_or_else(|| own.iter().map(|crop| &**crop).collect::<Vec<_>>().join("+"));
    SeriesPlan { name: format!("{programme}/{group}"), programme, codes, group, crops: in_group }
}

/// A crop, or the crops of a group that claims name as one.
fn parts(crop: &Arc<str>, project: &Project) -> Vec<Arc<str>> {
    match project.crop_group.get(&**crop) {
        Some(crops) => {
            crops.iter().map(|c| Arc::from(c.as_str())).chain([Arc::clone(crop)]).collect()
        }
        None => vec![Arc::clone(crop)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use qingmu_model::{Mu, Programme, Season, Yuan};

    fn cell(programme: &str, crop: &str, area: i64) -> PanelCell {
        PanelCell {
            village: 0,
            year: 0,
            programme: Arc::from(programme),
            season: Season::Y,
            crop: Arc::from(crop),
            filed: Mu::from_raw(area),
            used: Mu::from_raw(area),
            amount: Yuan::ZERO,
            claims: 1,
            claimants: 1,
        }
    }

    fn baseline(crop: &str) -> BaselineRow {
        BaselineRow {
            village: Arc::from("v"),
            year: 2020,
            season: Season::Y,
            crop: Arc::from(crop),
            area: Mu::from_raw(1),
            source: Arc::from("remote_sensing"),
            se: None,
            independent: None,
        }
    }

    fn planned(
        cells: &[PanelCell],
        crops: &[&str],
        project: &Project,
    ) -> Vec<(String, Vec<String>)> {
        let rows: Vec<BaselineRow> = crops.iter().map(|crop| baseline(crop)).collect();
        plan(cells, &rows, project)
            .into_iter()
            .map(|s| (s.name, s.crops.iter().map(ToString::to_string).collect()))
            .collect()
    }

    #[test]
    fn a_programme_is_compared_with_the_crops_it_pays_on_and_contracted_land_is_not() {
        let cells = [
            cell("FERTILITY", "wheat", 500),
            cell("GRAIN", "wheat", 999),
            cell("GRAIN", "maize", 100),
            cell("GRAIN", "vegetable", 1),
            cell("MAIZE_SOY", "soybean", 10),
        ];
        let found = planned(&cells, &["wheat", "maize", "rice", "soybean"], &Project::default());
        let words = |list: &[&str]| list.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>();
        assert_eq!(
            found,
            [
                ("GRAIN/grain".to_owned(), words(&["maize", "wheat"])),
                ("MAIZE_SOY/soybean".to_owned(), words(&["soybean"])),
            ]
        );
    }

    #[test]
    fn claims_that_name_a_group_are_compared_with_all_of_it() {
        let project = Project::default();
        let found = planned(&[cell("GRAIN", "grain", 5)], &["wheat"], &project);
        assert_eq!(found[0].1.len(), project.crop_group["grain"].len());
    }

    #[test]
    fn programmes_that_never_pay_twice_on_the_same_land_add_up() {
        let mut project = Project::default();
        for code in ["A", "B"] {
            let exclusive = Some("one".to_owned());
            let entry = Programme { exclusive, ..Programme::default() };
            project.programme.insert(code.to_owned(), entry);
        }
        let found = planned(&[cell("A", "wheat", 5), cell("B", "maize", 5)], &["wheat"], &project);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].0, "one/maize+wheat");
    }
}
