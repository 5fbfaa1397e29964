//! The spellings that are known, and what they mean.

use qingmu_cells::{distance, plain};
use qingmu_model::{TABLES, TableSchema};
use std::{collections::BTreeMap, sync::LazyLock};

type Section = BTreeMap<String, Vec<String>>;

/// Which field a spelling means in one table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Alias {
    /// Canonical column, or a known column that the table does not store.
    pub(crate) field: &'static str,
    /// Place in its list: lower wins where two columns have one meaning.
    pub(crate) rank: usize,
}

static ALIASES: LazyLock<BTreeMap<String, Section>> =
    LazyLock::new(|| toml::from_str(include_str!("aliases.toml")).unwrap_or_default());
/// Spelling → alias, per table.
static BY_NAME: LazyLock<BTreeMap<&'static str, BTreeMap<String, Alias>>> =
    LazyLock::new(|| TABLES.iter().map(|table| (table.name, of_table(table))).collect());

fn of_table(table: &'static TableSchema) -> BTreeMap<String, Alias> {
    let mut names = BTreeMap::new();
    for column in table.columns {
        names.insert(column.name.to_owned(), Alias { field: column.name, rank: 0 });
    }
    for section in [table.name, "any"] {
        for (field, spellings) in ALIASES.get(section).into_iter().flatten() {
            for (n, spelling) in spellings.iter().enumerate() {
                let alias = Alias { field: field.as_str(), rank: n + 1 };
                names.entry(plain(spelling).with).or_insert(alias);
            }
        }
    }
    names
}

/// The field of a normalised name.
pub(crate) fn find(table: &str, name: &str) -> Option<Alias> {
    BY_NAME.get(table)?.get(name).copied()
}

/// Known spellings nearest to a name: at most three, best first, with 1 − distance/length.
pub(crate) fn nearest(table: &str, name: &str) -> Vec<(String, f64)> {
    let length = |text: &str| text.chars().count();
    let mut all: Vec<(String, f64)> = BY_NAME
        .get(table)
        .into_iter()
        .flatten()
        .map(|(known, _)| {
            let longest = length(known).max(length(name)).max(1);
            (known.clone(), 1.0 - distance(known, name) as f64 / longest as f64)
        })
        .filter(|(_, similar)| *similar >= 0.5)
        .collect();
    all.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    all.truncate(3);
    all
}

/// A field as people read it: `claimant_id（身份证号）`.
pub(crate) fn shown(table: &str, field: &str) -> String {
    let spelled = [table, "any"].into_iter().find_map(|s| ALIASES.get(s)?.get(field)?.first());
    spelled.map_or_else(|| field.to_owned(), |spelled| format!("{field}（{spelled}）"))
}

/// What people call a field, in Chinese; `None` for fields without a spelling.
#[must_use]
pub fn title(table: &str, field: &str) -> Option<&'static str> {
    match field {
        "area_mu" if table == "claims" => Some("补贴面积"),
        "amount_yuan" if table == "claims" => Some("补贴金额"),
        "village_name" => Some("村名"),
        "group_no" => Some("村民小组"),
        field => {
            let spelled = |s: &str| ALIASES.get(s)?.get(field)?.first().map(String::as_str);
            [table, "any"].into_iter().find_map(spelled)
        }
    }
}

/// A field by its own name, stored or only known.
pub(crate) fn field_name(table: &str, field: &str) -> Option<&'static str> {
    BY_NAME.get(table)?.values().map(|a| a.field).find(|f| *f == field)
}

/// Whether a table stores or knows a field.
pub(crate) fn is_field(table: &str, field: &str) -> bool {
    field_name(table, field).is_some()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_tables_are_sound() {
        let tables: BTreeSet<&str> = TABLES.iter().map(|t| t.name).chain(["any"]).collect();
        let sections: BTreeSet<&str> = ALIASES.keys().map(String::as_str).collect();
        assert_eq!(sections, tables, "every table has its section");
        for (section, fields) in ALIASES.iter() {
            let mut seen = BTreeSet::new();
            for spelling in fields.values().flatten() {
                assert_eq!(&plain(spelling).with, spelling, "{section}: not normalised");
                assert!(seen.insert(spelling), "{section}: {spelling} has two meanings");
            }
            let Some(table) = qingmu_model::table(section) else { continue };
            for column in table.columns.iter().filter(|c| c.required) {
                let known = fields.contains_key(column.name)
                    || ["village_code", "year"].contains(&column.name);
                assert!(known, "{section}.{} has no alias", column.name);
            }
        }
    }

    #[test]
    fn nearest_spellings_are_offered() {
        let names: Vec<String> =
            nearest("claims", "播种面机").into_iter().map(|(n, _)| n).collect();
        assert_eq!(names.first().map(String::as_str), Some("播种面积"));
        assert_eq!(nearest("claims", "qqqqqqqq"), []);
    }
}
