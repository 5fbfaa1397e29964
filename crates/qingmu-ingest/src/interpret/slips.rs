//! Villages whose figures stand to those of the others like another unit: a warning, never a lead.

use super::{CanonicalRow, FieldValue, Warning};
use qingmu_cells::unit_slips;
use std::collections::BTreeMap;

/// Villages named in one warning.
const NAMED: usize = 5;

/// Claims: the mean area per row of a village beside those of the other villages, per programme, crop and season.
/// Baselines: a village's figure of a year beside its own other years, per source and crop.
pub(crate) fn warnings(table: &str, rows: &[CanonicalRow]) -> Vec<Warning> {
    let mut found: Vec<(String, f64)> = Vec::new();
    let groups = match table {
        "claims" => means(rows),
        "baselines" => years(rows),
        _ => return Vec::new(),
    };
    for figures in groups.into_values() {
        found.extend(unit_slips(&figures).into_iter().map(|(name, ratio, _)| (name, ratio)));
    }
    if found.is_empty() {
        return Vec::new();
    }
    let list = |join: &str| {
        let all: Vec<String> =
            found.iter().take(NAMED).map(|(name, ratio)| format!("{name} {ratio:.3}")).collect();
        let more = if found.len() > NAMED { "…" } else { "" };
        format!("{}{more}", all.join(join))
    };
    vec![Warning::new(
        "unit_slip",
        found.len() as u64,
        format!("与同类数字之比接近15、10或其倒数，像是单位写错，请核对：{}", list("、")),
        format!(
            "stands to its peers near 15, 10 or their inverse, as with a wrong unit: {}",
            list(", ")
        ),
    )]
}

type Groups = BTreeMap<String, Vec<(String, f64)>>;

fn text(row: &CanonicalRow, field: &str) -> String {
    match row.fields.get(field).map(|f| &f.value) {
        Some(FieldValue::Text(text)) => text.clone(),
        Some(FieldValue::Integer(n)) => n.to_string(),
        Some(FieldValue::Season(season)) => season.to_string(),
        _ => String::new(),
    }
}

/// A village's code; without a villages table names stay as they were typed, and people's are among them.
fn shown(village: &str) -> String {
    if village.is_ascii() { village.to_owned() } else { qingmu_model::mask_place(village) }
}

fn area(row: &CanonicalRow) -> Option<f64> {
    match row.fields.get("area_mu").map(|f| &f.value) {
        Some(FieldValue::Mu(area)) => Some(area.raw() as f64 / 10_000.0),
        _ => None,
    }
}

fn means(rows: &[CanonicalRow]) -> Groups {
    let mut sums: BTreeMap<(String, String), (f64, f64)> = BTreeMap::new();
    for row in rows {
        let group = ["year", "season", "programme", "crop"].map(|f| text(row, f)).join("/");
        let Some(area) = area(row) else { continue };
        let sum = sums.entry((group, text(row, "village_code"))).or_default();
        *sum = (sum.0 + area, sum.1 + 1.0);
    }
    let mut groups = Groups::new();
    for ((group, village), (area, rows)) in sums {
        groups.entry(group).or_default().push((shown(&village), area / rows));
    }
    groups
}

fn years(rows: &[CanonicalRow]) -> Groups {
    let mut groups = Groups::new();
    for row in rows {
        let group = ["village_code", "season", "crop", "source"].map(|f| text(row, f)).join("/");
        let Some(area) = area(row) else { continue };
        let name = format!("{} {}", shown(&text(row, "village_code")), text(row, "year"));
        groups.entry(group).or_default().push((name, area));
    }
    groups
}
