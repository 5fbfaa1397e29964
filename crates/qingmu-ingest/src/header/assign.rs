//! Which column fills which field; refuses rather than guesses.

use super::{Found, Mapping, aliases, detect::nearest, mapping::MappedColumn, matching::Meaning};
use crate::interpret::{InterpretError, Warning};
use qingmu_model::{ColumnKind, TableSchema};
use qingmu_sheets::letters;
use std::collections::{BTreeMap, BTreeSet};

/// Fields that are read and not stored: a second such column is no conflict.
const UNSTORED: [&str; 9] = [
    "row_no",
    "remark",
    "phone",
    "total",
    "signature",
    "proxy",
    "relation",
    "headcount",
    "county_name",
];
/// Other areas of a household: beside one of them 面积 alone could mean anything.
const OTHER_AREAS: [&str; 7] = [
    "contract_area_mu",
    "confirmed_area_mu",
    "tax_area_mu",
    "trust_area_mu",
    "leased_out_mu",
    "no_subsidy_area_mu",
    "over_limit_mu",
];

/// What the columns of a sheet were found to be.
#[derive(Debug)]
pub(crate) struct Assigned {
    /// Columns in use.
    pub(crate) columns: BTreeMap<u32, Meaning>,
    /// The mapping to show and to write.
    pub(crate) mapping: Mapping,
    /// Warnings.
    pub(crate) warnings: Vec<Warning>,
}

/// Assigns columns to fields. `given`: fields that constants, titles or the sheet's name fill.
pub(crate) fn assign(
    place: &str,
    table: &TableSchema,
    found: &Found,
    given: &BTreeSet<&str>,
    threshold: f64,
) -> Result<Assigned, InterpretError> {
    let mut columns: BTreeMap<u32, Meaning> = found.meanings.clone();
    columns.retain(|_, m| m.score >= threshold);
    let mut warnings = land_area(place, table, &mut columns)?;
    warnings.extend(one_column_per_field(place, table, found, &mut columns)?);
    totals_of_crops(&mut columns);
    let mapping = mapping_of(table, found, &columns);
    let missing = missing(table, &columns, given);
    if !missing.is_empty() {
        let unknown: Vec<String> = mapping.columns.iter().filter_map(describe_unknown).collect();
        return Err(InterpretError::Columns {
            place: place.to_owned(),
            missing: missing
                .iter()
                .map(|f| aliases::shown(table.name, f))
                .collect::<Vec<_>>()
                .join(" "),
            unknown: if unknown.is_empty() { "—".to_owned() } else { unknown.join(" ") },
            substance: columns.values().any(|m| has_substance(table, m.field)),
            nobody: missing.contains(&"claimant_id"),
        });
    }
    Ok(Assigned { columns, mapping, warnings })
}

fn has_substance(table: &TableSchema, field: &str) -> bool {
    let stored = table.column(field).map(|c| c.kind);
    let plain = matches!(stored, Some(ColumnKind::Text | ColumnKind::Integer));
    field == "land_area" || OTHER_AREAS.contains(&field) || (stored.is_some() && !plain)
}

/// 面积 alone is the claimed area where no other area stands beside it; otherwise the sheet is refused.
fn land_area(
    place: &str,
    table: &TableSchema,
    columns: &mut BTreeMap<u32, Meaning>,
) -> Result<Vec<Warning>, InterpretError> {
    let land: Vec<u32> =
        columns.iter().filter(|(_, m)| m.field == "land_area").map(|(c, _)| *c).collect();
    let stored = table.column("area_mu").is_some();
    let has_area = columns.values().any(|m| m.field == "area_mu" && !m.subtotal);
    if land.is_empty() || !stored || has_area {
        return Ok(Vec::new());
    }
    let others = columns.values().any(|m| OTHER_AREAS.contains(&m.field));
    let [only] = land[..] else {
        return Err(area_error(place, &land));
    };
    if others {
        return Err(area_error(place, &land));
    }
    if let Some(meaning) = columns.get_mut(&only) {
        meaning.field = "area_mu";
        meaning.score = meaning.score.min(0.8);
    }
    let letter = letters(only);
    Ok(vec![Warning::new(
        "area_assumed",
        1,
        format!("{letter}列“面积”按补贴面积读取，请核对"),
        format!("column {letter} (面积) was read as the claimed area: check"),
    )])
}

fn area_error(place: &str, columns: &[u32]) -> InterpretError {
    let columns: Vec<String> = columns.iter().map(|c| letters(*c)).collect();
    InterpretError::Area { place: place.to_owned(), columns: columns.join(" ") }
}

fn one_column_per_field(
    place: &str,
    table: &TableSchema,
    found: &Found,
    columns: &mut BTreeMap<u32, Meaning>,
) -> Result<Vec<Warning>, InterpretError> {
    let mut chosen: BTreeMap<(&str, Option<&str>, bool), u32> = BTreeMap::new();
    let mut dropped: Vec<u32> = Vec::new();
    let mut warnings = Vec::new();
    for (column, meaning) in columns.iter() {
        if UNSTORED.contains(&meaning.field) || meaning.field == "land_area" {
            continue;
        }
        let key = (meaning.field, meaning.crop, meaning.subtotal);
        let Some(other) = chosen.get(&key).copied() else {
            chosen.insert(key, *column);
            continue;
        };
        let rank = columns.get(&other).map_or(usize::MAX, |m| m.rank);
        // 上报|面积 and 核定|核定面积 are not two spellings of one thing.
        let titled = |c: &u32| found.labels.get(c).and_then(|l| Some(l.split_last()?.1.to_vec()));
        if rank == meaning.rank || titled(&other) != titled(column) {
            return Err(InterpretError::Duplicate {
                place: place.to_owned(),
                first: letters(other),
                second: letters(*column),
                field: aliases::shown(table.name, meaning.field),
            });
        }
        let (kept, lost) = if rank < meaning.rank { (other, *column) } else { (*column, other) };
        chosen.insert(key, kept);
        dropped.push(lost);
        let name = |c: u32| found.labels.get(&c).map(|l| shown(l, true)).unwrap_or_default();
        let (kept, lost) = (name(kept), name(lost));
        warnings.push(Warning::new(
            "second_column",
            1,
            format!("“{kept}”与“{lost}”含义相同，采用前者"),
            format!("{kept} and {lost} have one meaning; the former is used"),
        ));
    }
    columns.retain(|column, _| !dropped.contains(column));
    Ok(warnings)
}

/// Beside columns per crop, a column without a crop is their sum.
fn totals_of_crops(columns: &mut BTreeMap<u32, Meaning>) {
    let melted: BTreeSet<&str> =
        columns.values().filter(|m| m.crop.is_some()).map(|m| m.field).collect();
    for meaning in columns.values_mut() {
        if meaning.crop.is_none()
            && melted.contains(meaning.field)
            && meaning.field != "rate_yuan_per_mu"
        {
            meaning.subtotal = true;
        }
    }
}

fn missing(
    table: &TableSchema,
    columns: &BTreeMap<u32, Meaning>,
    given: &BTreeSet<&str>,
) -> Vec<&'static str> {
    let has = |field: &str| {
        given.contains(field) || columns.values().any(|m| m.field == field && !m.subtotal)
    };
    let melted = columns.values().any(|m| m.crop.is_some());
    let filled = |field: &str| match field {
        // Built from the place of the row where the file has none.
        "claim_id" if table.name == "claims" => true,
        "crop" => melted || has("crop"),
        "village_code" => has("village_code") || has("village_name"),
        field => has(field),
    };
    table.columns.iter().filter(|c| c.required && !filled(c.name)).map(|c| c.name).collect()
}

fn mapping_of(table: &TableSchema, found: &Found, columns: &BTreeMap<u32, Meaning>) -> Mapping {
    let mapped = found.labels.iter().map(|(column, levels)| {
        let meaning = columns.get(column);
        MappedColumn {
            header: shown(levels, meaning.is_some() || !nearest(table.name, levels).is_empty()),
            field: meaning.map(|m| m.field.to_owned()),
            crop: meaning.and_then(|m| m.crop).map(str::to_owned),
            subtotal: meaning.is_some_and(|m| m.subtotal),
            unit: meaning.and_then(|m| m.unit).map(|u| u.word().to_owned()),
            column: *column,
            score: meaning.map_or(0.0, |m| m.score),
            nearest: if meaning.is_none() { nearest(table.name, levels) } else { Vec::new() },
        }
    });
    Mapping {
        table: table.name.to_owned(),
        columns: mapped.collect(),
        header: (found.first, found.last),
        ..Mapping::default()
    }
}

/// A header as it may be quoted: people type ids and names there too.
fn shown(levels: &[String], known: bool) -> String {
    let levels: Vec<String> = levels.iter().map(|l| qingmu_model::mask_header(l, known)).collect();
    levels.join("/")
}

/// `F“播种面机”（播种面积?）`
fn describe_unknown(column: &MappedColumn) -> Option<String> {
    if column.field.is_some() {
        return None;
    }
    let near = column.nearest.join(" ");
    let near = if near.is_empty() { near } else { format!("（{near}?）") };
    Some(format!("{}“{}”{near}", letters(column.column), column.header))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{fixture::sheet, header::detect};

    const GIVEN: [&str; 5] = ["year", "programme", "crop", "village_code", "season"];

    fn run(header: &str) -> Result<Assigned, InterpretError> {
        let table = qingmu_model::table("claims").unwrap_or(&qingmu_model::TABLES[0]);
        let found = detect(&sheet(header), "claims", None);
        let found = found.unwrap_or_else(|best| best.unwrap_or_else(|| panic!("{header}")));
        assign("台账.xlsx!表1", table, &found, &GIVEN.into_iter().collect(), 0.75)
    }

    fn fields(header: &str) -> Vec<String> {
        run(header).map_or_else(
            |e| vec![e.to_string()],
            |a| {
                let show = |(c, m): (&u32, &Meaning)| {
                    let sum = if m.subtotal { "=Σ" } else { "" };
                    format!(
                        "{}:{}{}{sum}",
                        letters(*c),
                        m.field,
                        m.crop.map(|c| format!(".{c}")).unwrap_or_default()
                    )
                };
                a.columns.iter().map(show).collect()
            },
        )
    }

    #[test]
    fn crop_columns_and_their_sum() {
        assert_eq!(
            fields("姓名,身份证号,小麦面积,玉米面积,补贴面积,补贴金额"),
            [
                "A:claimant_name",
                "B:claimant_id",
                "C:area_mu.wheat",
                "D:area_mu.maize",
                "E:area_mu=Σ",
                "F:amount_yuan"
            ]
        );
    }

    #[test]
    fn paid_wins_over_due() {
        let assigned = run("身份证号,补贴面积,应发金额,实发金额").ok();
        let codes: Vec<_> =
            assigned.iter().flat_map(|a| a.warnings.iter().map(|w| w.text.en.clone())).collect();
        assert_eq!(codes, ["实发金额 and 应发金额 have one meaning; the former is used"]);
        let third = assigned.and_then(|a| a.mapping.columns.get(2).map(|c| c.field.clone()));
        assert_eq!(third, Some(None));
    }

    #[test]
    fn lone_area_is_claimed_with_a_warning() {
        let assigned = run("身份证号,面积,金额").ok();
        let warning = assigned.and_then(|a| a.warnings.first().map(|w| w.text.zh.clone()));
        assert_eq!(warning.as_deref(), Some("B列“面积”按补贴面积读取，请核对"));
    }

    #[test]
    fn doubtful_sheets_are_refused_with_words() {
        for (header, message) in [
            (
                "身份证号,承包面积,面积,金额",
                "台账.xlsx!表1: C 是补贴面积、承包面积还是土地面积无法判断；用 --map 指明 / whether C is claimed, contracted or surveyed land cannot be told; state it with --map",
            ),
            (
                "身份证号,补贴面积,补贴金额,身份证号,补贴面积,补贴金额",
                "台账.xlsx!表1: A 与 D 两列都是 claimant_id（身份证号）；用 --map 指明以哪一列为准 / columns A and D both mean claimant_id（身份证号）; state with --map which one holds",
            ),
            (
                "身份证号,姓名,播种面机,补贴金额",
                "台账.xlsx!表1: 缺少必需的列 area_mu（核定补贴面积）；未识别的列 C“播种面机”（播种面积 代种面积?）；用 --map 指明列，或用 --set 字段=值 给出整表相同的值 / required columns are missing: area_mu（核定补贴面积）; columns not known: C“播种面机”（播种面积 代种面积?）; name the columns with --map, or give what holds for all rows with --set FIELD=VALUE",
            ),
        ] {
            assert_eq!(run(header).map(|_| ()).map_err(|e| e.to_string()), Err(message.to_owned()));
        }
    }
}
