//! The five rules of the format's description, the columns that they may name, and seeded mistakes.

use crate::catalogue::Catalogue;
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::lint::lint;
use crate::pack::{Pack, load_files};
use crate::source::Files;
use qingmu_model::{ColumnType, IdKind, Unit, ViewName};

const ONE: ColumnType = ColumnType::Number(Unit::ONE);
const MU: ColumnType = ColumnType::Number(Unit::MU);
const YUAN: ColumnType = ColumnType::Number(Unit::YUAN);

/// An invented county whose views have few columns.
#[derive(Debug)]
pub(crate) struct County;

impl Catalogue for County {
    fn column_type(&self, view: ViewName, name: &str) -> Option<ColumnType> {
        columns(view).into_iter().find(|(n, _)| n == name).map(|(_, kind)| kind)
    }

    fn column_names(&self, view: ViewName) -> Vec<String> {
        columns(view).into_iter().map(|(name, _)| name).collect()
    }
}

fn columns(view: ViewName) -> Vec<(String, ColumnType)> {
    let own: &[(&str, ColumnType)] = match view {
        ViewName::VillageYear => &[("claims", ONE), ("rotation_mu", MU)],
        ViewName::ClaimantVillage => &[("area_mu", MU), ("amount_yuan", YUAN), ("leased_mu", MU)],
        ViewName::AccountClaimant => &[
            ("household_id", ColumnType::Text),
            ("area_mu", MU),
            ("amount_yuan", YUAN),
            ("collective", ColumnType::Flag),
        ],
        ViewName::ApproverVillage => &[
            ("area_mu", MU),
            ("amount_yuan", YUAN),
            ("rise_mu", MU),
            ("excused", ColumnType::Flag),
        ],
        _ => &[],
    };
    let mut found: Vec<(String, ColumnType)> =
        view.keys().iter().map(|key| ((*key).to_owned(), key_type(key))).collect();
    for name in ["name", "village_code", "town_code", "county_code"] {
        if !found.iter().any(|(n, _)| n == name) {
            found.push((name.to_owned(), ColumnType::Text));
        }
    }
    found.extend(own.iter().map(|(name, kind)| ((*name).to_owned(), *kind)));
    if matches!(view, ViewName::VillageYear | ViewName::VillageSeasonProgramme) {
        for (prefix, kind) in [("claimed.", MU), ("paid.", YUAN)] {
            found.extend(["all", "grain"].map(|crop| (format!("{prefix}{crop}"), kind)));
        }
        for land in ["arable", "contracted", "vegetable"] {
            found.extend([format!("base.{land}"), format!("base.{land}_se")].map(|n| (n, MU)));
        }
    }
    found
}

fn key_type(name: &str) -> ColumnType {
    match name {
        "year" => ONE,
        "claimant_id" | "approver_id" => ColumnType::Id(IdKind::Person),
        "account" => ColumnType::Id(IdKind::Account),
        _ => ColumnType::Text,
    }
}

/// The example rules, by path.
pub(crate) const EXAMPLES: [(&str, &str); 5] = [
    (
        "claim/C06-duplicate-claimant.toml",
        include_str!("../fixtures/claim/C06-duplicate-claimant.toml"),
    ),
    (
        "network/N01-approver-concentration.toml",
        include_str!("../fixtures/network/N01-approver-concentration.toml"),
    ),
    (
        "payment/P01-one-card-many-people.toml",
        include_str!("../fixtures/payment/P01-one-card-many-people.toml"),
    ),
    (
        "village/V02-veg-steady-grain-up.toml",
        include_str!("../fixtures/village/V02-veg-steady-grain-up.toml"),
    ),
    (
        "village/V03-land-budget-broken.toml",
        include_str!("../fixtures/village/V03-land-budget-broken.toml"),
    ),
];

/// A pack of the examples with one text of one of them replaced (`("", "", "")` for none).
pub(crate) fn examples_with(id: &str, old: &str, new: &str) -> Files {
    let mut files = Files { root: "rules".to_owned(), ..Files::default() };
    for (path, text) in EXAMPLES {
        let hit = !old.is_empty() && path.contains(id);
        assert!(!hit || text.contains(old), "{path} has no `{old}`");
        files.push(path, if hit { text.replacen(old, new, 1) } else { text.to_owned() });
    }
    files
}

/// The examples, loaded; empty with a failed assertion if they do not load.
pub(crate) fn examples() -> Pack {
    let loaded = load_files(&examples_with("", "", ""), Vec::new(), &County);
    assert_eq!(loaded.as_ref().err().map(ToString::to_string), None);
    loaded.unwrap_or_default()
}

/// What loading and then linting says of the examples with one text replaced.
pub(crate) fn mistakes(id: &str, old: &str, new: &str) -> Diagnostics {
    match load_files(&examples_with(id, old, new), Vec::new(), &County) {
        Ok(pack) => Diagnostics { list: lint(&pack) },
        Err(diagnostics) => diagnostics,
    }
}

/// As [`mistakes`], with several texts replaced.
pub(crate) fn mistakes_of(id: &str, changes: &[(&str, &str)]) -> Diagnostics {
    let mut files = Files { root: "rules".to_owned(), ..Files::default() };
    for (path, text) in EXAMPLES {
        let mut text = text.to_owned();
        for (old, new) in changes.iter().filter(|_| path.contains(id)) {
            assert!(text.contains(old), "{path} has no `{old}`");
            text = text.replacen(old, new, 1);
        }
        files.push(path, text);
    }
    match load_files(&files, Vec::new(), &County) {
        Ok(pack) => Diagnostics { list: lint(&pack) },
        Err(diagnostics) => diagnostics,
    }
}

/// The same in one line per mistake: `line:column message | help`.
pub(crate) fn brief(id: &str, old: &str, new: &str) -> String {
    let line = |d: &Diagnostic| {
        let help = d.help.as_ref().map(|help| format!(" | {help}")).unwrap_or_default();
        format!("{}:{} {}{help}", d.line, d.column, d.message)
    };
    let lines: Vec<String> = mistakes(id, old, new).list.iter().map(line).collect();
    lines.join("\n")
}

/// The first line: later mistakes may follow from the first.
pub(crate) fn first(said: &str) -> String {
    said.lines().next().unwrap_or("").to_owned()
}

/// Compares what was said with what is wanted and shows every difference at once.
pub(crate) fn expect<'a>(said: impl IntoIterator<Item = (String, &'a str)>) {
    let different: Vec<(String, &str)> =
        said.into_iter().filter(|(said, wanted)| said != wanted).collect();
    assert_eq!(different, []);
}
