//! Which series there are: all planting claims of a village together, and each planting programme (or group of
//! programmes that never pay twice on the same land) by itself where a village has several.

use qingmu_deviation::Place;
use qingmu_evidence::PanelCell;
use qingmu_input::tables::BaselineRow;
use qingmu_model::{Basis, Project};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Share of a programme's area in a county from which a crop counts as one that it pays on there.
const OWN_CROP: f64 = 0.005;
/// Name of the series of all planting claims where there are several programmes.
const TOGETHER: &str = "planting";

/// Crops that add up in a county, each as often as programmes pay on it.
pub(crate) type Crops = BTreeMap<Arc<str>, u32>;

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
    /// By county: what a programme pays on differs from one to the next, and a crop that it does not pay on would
    /// make every change of crops look like a change of claims.
    pub(crate) crops: BTreeMap<u32, Crops>,
    /// One programme beside the series of all: assessed only where a village has others too.
    pub(crate) is_part: bool,
}

impl SeriesPlan {
    /// Every crop of every county.
    pub(crate) fn all_crops(&self) -> BTreeSet<&Arc<str>> {
        self.crops.values().flat_map(Crops::keys).collect()
    }
}

/// What one programme claims: programme codes, and area by county and crop.
#[derive(Default)]
struct Claimed {
    codes: BTreeSet<Arc<str>>,
    counties: BTreeMap<u32, BTreeMap<Arc<str>, i64>>,
}

/// The series of a run: all together first. Programmes paid on contracted land have none (amendment B8).
pub(crate) fn plan(
    cells: &[PanelCell],
    places: &[Place],
    baselines: &[BaselineRow],
    project: &Project,
) -> Vec<SeriesPlan> {
    let mut claimed: BTreeMap<String, Claimed> = BTreeMap::new();
    for cell in cells {
        let programme = project.programme(&cell.programme);
        let Some(place) = places.get(cell.village as usize) else { continue };
        if programme.basis == Basis::Contract {
            continue;
        }
        let name = programme.exclusive.unwrap_or_else(|| cell.programme.to_string());
        let entry = claimed.entry(name).or_default();
        if !entry.codes.contains(&cell.programme) {
            entry.codes.insert(Arc::clone(&cell.programme));
        }
        let crops = entry.counties.entry(place.county).or_default();
        *crops.entry(Arc::clone(&cell.crop)).or_default() += cell.used.raw();
    }
    let known: BTreeSet<&str> = baselines.iter().map(|r| &*r.crop).collect();
    let mut parts: Vec<SeriesPlan> = claimed
        .into_iter()
        .map(|(programme, claimed)| series(programme, claimed, &known, project))
        .collect();
    if parts.len() > 1 {
        for part in &mut parts {
            part.is_part = true;
        }
        parts.insert(0, together(&parts));
    }
    parts
}

fn series(
    programme: String,
    claimed: Claimed,
    known: &BTreeSet<&str>,
    project: &Project,
) -> SeriesPlan {
    let references: Vec<String> =
        claimed.codes.iter().flat_map(|code| project.programme(code).reference).collect();
    let has_rows = |name: &&String| {
        let of_group = project.crops_of(name).unwrap_or_default();
        known.contains(name.as_str()) || of_group.iter().any(|crop| known.contains(crop))
    };
    let group = references.iter().find(has_rows);
    let of_county = |(county, areas): (&u32, &BTreeMap<Arc<str>, i64>)| {
        (*county, crops(areas, group.map(String::as_str), project))
    };
    let crops: BTreeMap<u32, Crops> = claimed.counties.iter().map(of_county).collect();
    let group = group.cloned().unwrap_or_else(|| {
        let all: BTreeSet<&str> = crops.values().flat_map(Crops::keys).map(|c| &**c).collect();
        all.into_iter().collect::<Vec<_>>().join("+")
    });
    let name = format!("{programme}/{group}");
    SeriesPlan { name, programme, codes: claimed.codes, group, crops, is_part: false }
}

/// The crops that a programme is compared with in a county.
fn crops(areas: &BTreeMap<Arc<str>, i64>, group: Option<&str>, project: &Project) -> Crops {
    let total: i64 = areas.values().sum();
    let is_own = |area: i64| area as f64 >= OWN_CROP * total as f64;
    let own = || areas.iter().filter(|(_, area)| is_own(**area)).map(|(crop, _)| crop);
    let found: BTreeSet<Arc<str>> = match group {
        Some(name) => {
            let all = project.crops_of(name).unwrap_or_default();
            let both: BTreeSet<Arc<str>> =
                own().filter(|crop| all.contains(&&***crop)).cloned().collect();
            // Claims that name the group and not its crops are of all of them.
            if both.is_empty() { all.into_iter().map(Arc::from).collect() } else { both }
        }
        None => own().flat_map(|crop| parts(crop, project)).collect(),
    };
    found.into_iter().map(|crop| (crop, 1)).collect()
}

/// All programmes as one: what raises a village's claims rarely stops at one of them, and the sum errs least. A crop on
/// which two programmes pay counts twice on both sides.
fn together(parts: &[SeriesPlan]) -> SeriesPlan {
    let mut crops: BTreeMap<u32, Crops> = BTreeMap::new();
    for (county, part) in parts.iter().flat_map(|p| &p.crops) {
        let sum = crops.entry(*county).or_default();
        for (crop, times) in part {
            *sum.entry(Arc::clone(crop)).or_default() += times;
        }
    }
    let groups: BTreeSet<&str> = parts.iter().map(|p| p.group.as_str()).collect();
    let group = groups.first().filter(|_| groups.len() == 1).map_or("all", |group| group);
    SeriesPlan {
        name: format!("{TOGETHER}/{group}"),
        programme: TOGETHER.to_owned(),
        codes: parts.iter().flat_map(|p| p.codes.iter().cloned()).collect(),
        group: group.to_owned(),
        crops,
        is_part: false,
    }
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

    /// Name and crops in the county of the first village.
    fn planned(cells: &[PanelCell], crops: &[&str], project: &Project) -> Vec<(String, Crops)> {
        let rows: Vec<BaselineRow> = crops.iter().map(|crop| baseline(crop)).collect();
        let place = |county| Place { county, prefecture: 1, town: 1 };
        plan(cells, &[place(1), place(2)], &rows, project)
            .into_iter()
            .map(|s| (s.name, s.crops.get(&1).cloned().unwrap_or_default()))
            .collect()
    }

    fn times(list: &[(&str, u32)]) -> Crops {
        list.iter().map(|(crop, n)| (Arc::from(*crop), *n)).collect()
    }

    #[test]
    fn a_programme_is_compared_with_the_crops_it_pays_on_and_contracted_land_is_not() {
        let cells = [
            cell("FERTILITY", "wheat", 500),
            cell("GRAIN", "wheat", 999),
            cell("GRAIN", "maize", 100),
            cell("GRAIN", "vegetable", 1),
            cell("MAIZE_SOY", "soybean", 10),
            cell("MAIZE_SOY", "maize", 10),
        ];
        let found = planned(&cells, &["wheat", "maize", "rice", "soybean"], &Project::default());
        assert_eq!(
            found,
            [
                ("planting/all".to_owned(), times(&[("maize", 2), ("soybean", 1), ("wheat", 1)])),
                ("GRAIN/grain".to_owned(), times(&[("maize", 1), ("wheat", 1)])),
                ("MAIZE_SOY/maize+soybean".to_owned(), times(&[("maize", 1), ("soybean", 1)])),
            ]
        );
    }

    #[test]
    fn a_crop_counts_only_where_its_county_pays_on_it() {
        let elsewhere = PanelCell { village: 1, ..cell("GRAIN", "maize", 500) };
        let cells = [cell("GRAIN", "wheat", 500), elsewhere];
        let found = planned(&cells, &["wheat", "maize"], &Project::default());
        assert_eq!(
            found,
            [("GRAIN/grain".to_owned(), times(&[("wheat", 1)]))],
            "one programme, one series"
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
