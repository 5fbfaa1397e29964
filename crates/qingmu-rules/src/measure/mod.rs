//! Measured columns: statistics that stand beside the facts of a view, one file per feature.
//!
//! A rule thresholds and explains these numbers, it never computes them. Each feature measures a village
//! against its peers of the same county and year, so that what moves all of them alike (a re-survey,
//! another area basis, late enrolment, a drought) moves none of these columns. A measured column is
//! missing where its peers are; it is never NaN.
//!
//! Adding a feature: its file, its line in [`FIXED`] or [`CROP`], its arm in [`add`], its test.

mod budget;
mod fair;
mod groups;
mod jump;
mod model;
mod rise;

use qingmu_core::Scan;
use qingmu_model::{Beliefs, Bilingual, Column, ColumnType, Data, Project, Unit, View, ViewName};
use std::collections::BTreeSet;

const ONE: ColumnType = ColumnType::Number(Unit::ONE);
const MU: ColumnType = ColumnType::Number(Unit::MU);

/// A measured column with a name of its own: view, name, type, the core columns it is made from.
type Fixed = (ViewName, &'static str, ColumnType, &'static [&'static str]);

const FIXED: &[Fixed] = &[
    (ViewName::VillageYear, "jump.peers", ONE, &["claimed.all"]),
    (ViewName::VillageSeasonProgramme, "peer.factor", ONE, fair::INPUTS),
    (ViewName::VillageSeasonProgramme, "peer.count", ONE, fair::INPUTS),
    (ViewName::VillageSeasonProgramme, "fair_mu", MU, fair::INPUTS),
    (ViewName::VillageSeasonProgramme, "fair_se_mu", MU, fair::INPUTS),
    (ViewName::VillageSeasonProgramme, "over_mu", MU, fair::INPUTS),
    (ViewName::VillageSeasonProgramme, "over_z", ONE, fair::INPUTS),
    (ViewName::VillageSeasonProgramme, "peer.load", ONE, budget::LOAD_INPUTS),
    (ViewName::VillageSeasonProgramme, "basis", ColumnType::Text, &[]),
    (ViewName::VillageSeasonProgramme, "competing_mu", MU, &["base.competing"]),
    (ViewName::VillageSeasonProgramme, "competing_se_mu", MU, &["base.competing_se"]),
    (ViewName::ApproverVillage, "rise_mu", MU, &["area_mu"]),
];

/// Families over every crop and group of the project in `village_year`: prefix, suffix, type.
const CROP: &[(&str, &str, ColumnType)] = &[
    ("peer.", "_growth", ONE),
    ("jump.", "_mu", MU),
    ("jump.", "_z", ONE),
    ("jump.", "_peers", ONE),
];

/// The crop or group of a name such as `jump.grain_z`.
fn crop_of(name: &str) -> Option<&str> {
    CROP.iter().find_map(|(prefix, suffix, _)| name.strip_prefix(prefix)?.strip_suffix(suffix))
}

/// Type of a measured column; `None` for a name that is none.
pub(crate) fn column_type(view: ViewName, name: &str, project: &Project) -> Option<ColumnType> {
    if let Some((.., kind, _)) = FIXED.iter().find(|(v, n, ..)| *v == view && *n == name) {
        return Some(*kind);
    }
    if view != ViewName::VillageYear {
        return None;
    }
    if let Some(kind) = model::column_type(name) {
        return Some(kind);
    }
    let known = project.known_names();
    CROP.iter().find_map(|(prefix, suffix, kind)| {
        let crop = name.strip_prefix(prefix)?.strip_suffix(suffix)?;
        known.contains(&crop).then_some(*kind)
    })
}

/// Names of all measured columns of a view.
pub(crate) fn column_names(view: ViewName, project: &Project) -> Vec<String> {
    let fixed = FIXED.iter().filter(|(v, ..)| *v == view).map(|(_, n, ..)| (*n).to_owned());
    let mut names: Vec<String> = fixed.collect();
    if view == ViewName::VillageYear {
        names.extend(model::names().map(str::to_owned));
        for (prefix, suffix, _) in CROP {
            let crops = project.known_names();
            names.extend(crops.into_iter().map(|crop| format!("{prefix}{crop}{suffix}")));
        }
    }
    names
}

/// The core columns of the same view that a measured column is made from.
pub(crate) fn inputs(view: ViewName, name: &str) -> Vec<String> {
    if let Some((.., from)) = FIXED.iter().find(|(v, n, ..)| *v == view && *n == name) {
        return from.iter().map(|c| (*c).to_owned()).collect();
    }
    match crop_of(name) {
        Some(crop) if view == ViewName::VillageYear => vec![format!("claimed.{crop}")],
        _ => Vec::new(),
    }
}

/// What a measured column is, in words; `None` for a name that is none.
pub(crate) fn about(view: ViewName, name: &str) -> Option<Bilingual> {
    if let Some((.., (zh, en))) = ABOUT.iter().find(|(v, n, _)| *v == view && *n == name) {
        return Some(Bilingual::new(*zh, *en));
    }
    if view != ViewName::VillageYear {
        return None;
    }
    if let Some(about) = model::about(name) {
        return Some(about);
    }
    let (prefix, suffix, _) = CROP.iter().find(|(prefix, suffix, _)| {
        name.strip_prefix(prefix).is_some_and(|rest| rest.ends_with(suffix))
    })?;
    let (zh, en) = match (*prefix, *suffix) {
        ("peer.", _) => (
            "本县其他村该作物申报较往年的变化倍数",
            "growth of the county's other villages against their past years",
        ),
        (_, "_mu") => (
            "比照全县变化，申报较往年多出的面积",
            "claims beyond the past years, after what the county has in common",
        ),
        (_, "_z") => {
            ("同上，以全县各村的离散程度为单位", "the same in units of the county's spread")
        }
        _ => ("同县可比的村数", "villages of the county that it is held against"),
    };
    Some(Bilingual::new(zh, en))
}

/// Words of the columns in [`FIXED`].
const ABOUT: &[(ViewName, &str, (&str, &str))] = &[
    (
        ViewName::VillageYear,
        "jump.peers",
        (
            "同县可比的村数（全部作物）",
            "villages of the county that it is held against (all crops)",
        ),
    ),
    (
        ViewName::VillageSeasonProgramme,
        "peer.factor",
        (
            "本县该季该项目申报与参照之比的中位数",
            "median ratio of claims to reference in the county",
        ),
    ),
    (
        ViewName::VillageSeasonProgramme,
        "peer.count",
        ("求该比值的村数", "villages behind that ratio"),
    ),
    (
        ViewName::VillageSeasonProgramme,
        "fair_mu",
        ("参照面积乘以该比值", "the reference times that ratio"),
    ),
    (ViewName::VillageSeasonProgramme, "fair_se_mu", ("其标准误", "its standard error")),
    (
        ViewName::VillageSeasonProgramme,
        "over_mu",
        ("申报超出 fair_mu 的面积", "claims beyond fair_mu"),
    ),
    (
        ViewName::VillageSeasonProgramme,
        "over_z",
        ("同上，以标准误为单位", "the same in standard errors"),
    ),
    (
        ViewName::VillageSeasonProgramme,
        "peer.load",
        ("本县各村该季用地与耕地之比的中位数", "median use of land per arable land in the county"),
    ),
    (
        ViewName::VillageSeasonProgramme,
        "basis",
        (
            "项目按种植面积还是承包地发放",
            "whether the programme pays on planting or on contracted land",
        ),
    ),
    (
        ViewName::VillageSeasonProgramme,
        "competing_mu",
        ("与粮食争地的作物面积", "area of crops that hold land against grain"),
    ),
    (ViewName::VillageSeasonProgramme, "competing_se_mu", ("其标准误", "its standard error")),
    (
        ViewName::ApproverVillage,
        "rise_mu",
        ("该审批人名下分得的多出面积", "the approver's part of the village's rise"),
    ),
];

/// Appends the wanted measured columns to a view that already holds their inputs.
pub(crate) fn add(
    view: &mut View,
    wanted: &BTreeSet<String>,
    (scan, beliefs): (&Scan, &Beliefs),
    project: &Project,
) {
    if view.name == ViewName::VillageYear {
        model::add(view, wanted, beliefs);
    }
    if view.name == ViewName::ApproverVillage && wanted.contains("rise_mu") {
        let claimed = BTreeSet::from(["claimed.all".to_owned()]);
        let mut years = scan.view(ViewName::VillageYear, project, &claimed);
        add_from_view(&mut years, &BTreeSet::from(["jump.all_mu".to_owned()]), project);
        rise::add(view, &years);
    }
    add_from_view(view, wanted, project);
}

/// The part of [`add`] that needs nothing but the view itself.
fn add_from_view(view: &mut View, wanted: &BTreeSet<String>, project: &Project) {
    match view.name {
        ViewName::VillageYear => {
            let mut crops: BTreeSet<&str> = wanted.iter().filter_map(|n| crop_of(n)).collect();
            if wanted.contains("jump.peers") {
                crops.insert("all");
            }
            for crop in crops {
                jump::add(view, crop, wanted, project);
            }
        }
        ViewName::VillageSeasonProgramme => {
            if wanted.iter().any(|name| fair::MAKES.contains(&name.as_str())) {
                fair::add(view, wanted, project);
            }
            if wanted.contains("peer.load") {
                budget::add_load(view, wanted, project);
            }
            budget::add(view, wanted, project);
        }
        _ => {}
    }
}

/// Appends a column of statistics if it is wanted and not there yet.
fn push(view: &mut View, wanted: &BTreeSet<String>, name: &str, kind: ColumnType, data: Data) {
    if wanted.contains(name) && view.column(name).is_none() {
        view.columns.push(Column { name: name.to_owned(), kind, data, dependent: Vec::new() });
    }
}

/// A column of statistics: what is not finite is missing.
fn real(values: impl IntoIterator<Item = Option<f64>>) -> Data {
    Data::Real(values.into_iter().map(|v| v.filter(|v| v.is_finite())).collect())
}

#[cfg(test)]
mod shift_tests;
#[cfg(test)]
mod tests;
