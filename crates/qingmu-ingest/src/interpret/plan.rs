//! What every column of a sheet means and in which unit, before a row is read.

use super::{Context, InterpretError, Warning, columns::Units, error::place, heading, years};
use crate::{
    header::{Found, Mapping, assign, detect, similar},
    intake::Names,
    structure::{Facts, facts},
};
use qingmu_cells::{FieldValue, SourceUnit, read_plain};
use qingmu_model::{ColumnKind, TABLES, TableSchema};
use qingmu_sheets::{RawSheet, Value, letters};
use std::collections::{BTreeMap, BTreeSet};

/// Known columns that the table does not store, kept beside the row.
const ASIDE: [(&str, ColumnKind); 11] = [
    ("contract_area_mu", ColumnKind::Mu),
    ("confirmed_area_mu", ColumnKind::Mu),
    ("tax_area_mu", ColumnKind::Mu),
    ("trust_area_mu", ColumnKind::Mu),
    ("leased_out_mu", ColumnKind::Mu),
    ("no_subsidy_area_mu", ColumnKind::Mu),
    ("over_limit_mu", ColumnKind::Mu),
    ("paid_on", ColumnKind::Date),
    ("account_holder", ColumnKind::Text),
    ("bank_name", ColumnKind::Text),
    ("batch_no", ColumnKind::Text),
];

/// Where a column's value goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Into a canonical column.
    Stored,
    /// Beside the row.
    Aside,
    /// Names that are resolved to a code.
    Region,
    /// A sum over crop columns: checked, not stored.
    Subtotal,
    /// Serial numbers of lines.
    RowNumber,
}

/// A column in use.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Bound {
    pub(crate) column: u32,
    pub(crate) field: &'static str,
    pub(crate) kind: ColumnKind,
    pub(crate) role: Role,
    pub(crate) crop: Option<&'static str>,
    pub(crate) unit: Option<SourceUnit>,
}

/// Everything that is known before the rows are read.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) table: &'static TableSchema,
    pub(crate) found: Found,
    pub(crate) mapping: Mapping,
    pub(crate) bound: Vec<Bound>,
    pub(crate) constants: BTreeMap<&'static str, FieldValue>,
    pub(crate) warnings: Vec<Warning>,
    /// Texts above the header, once more at the top of a printed page.
    pub(crate) titles: Vec<String>,
    /// The town that the titles name where none is stated.
    pub(crate) town: Option<String>,
}

/// Plans a sheet for the stated table, or for the one that fits best.
pub(crate) fn plan(sheet: &RawSheet, context: &Context<'_>) -> Result<Plan, InterpretError> {
    let stated = context.table.or(context.mapping.map(|m| m.table.as_str()));
    if let Some(name) = stated {
        let table = qingmu_model::table(name).ok_or_else(|| InterpretError::Table {
            place: place(context.file, &sheet.name),
            table: name.to_owned(),
        })?;
        return for_table(sheet, context, table);
    }
    // The table of which most columns are there; a faulty claims sheet must not pass as a list of persons.
    let counts: Vec<(BTreeSet<&str>, &TableSchema)> =
        TABLES.iter().map(|table| (understood(sheet, context, table), table)).collect();
    let most = counts.iter().map(|(fields, _)| fields.len()).max().unwrap_or_default();
    let mut first: Option<(InterpretError, &TableSchema)> = None;
    for (fields, table) in counts.into_iter().filter(|(fields, _)| fields.len() == most) {
        // 汇总 without people is no 公示 because that table asks for none: a column of its own must be there, or a
        // figure that it cannot do without. A list of rates alone is a schedule.
        let needed = |field: &str| {
            table.column(field).is_some_and(|c| match c.kind {
                ColumnKind::Mu => c.required,
                ColumnKind::Rate => true,
                _ => false,
            })
        };
        let own = |(_, other): &(_, &TableSchema)| {
            fields.iter().any(|f| other.column(f).is_none() || needed(f))
        };
        if !first.as_ref().is_none_or(own) {
            continue;
        }
        match for_table(sheet, context, table) {
            Ok(plan) => return Ok(plan),
            // Another table that merely does not know the doubt is no answer to it.
            Err(error @ InterpretError::Area { .. }) if first.is_none() => return Err(error),
            Err(error) => first = first.or(Some((error, table))),
        }
    }
    let error = first.map(|(error, _)| error);
    Err(error.unwrap_or_else(|| no_header(sheet, context, None, String::new())))
}

/// Columns of a table that a sheet has.
fn understood(
    sheet: &RawSheet,
    context: &Context<'_>,
    table: &TableSchema,
) -> BTreeSet<&'static str> {
    let Ok(found) = detect(sheet, table.name, context.mapping) else { return BTreeSet::new() };
    let mut fields: BTreeSet<&'static str> = BTreeSet::new();
    for meaning in found.meanings.values() {
        let field = if meaning.field == "village_name" { "village_code" } else { meaning.field };
        fields.extend(meaning.crop.map(|_| "crop"));
        fields.insert(field);
    }
    fields.retain(|f| table.column(f).is_some());
    fields
}

fn no_header(
    sheet: &RawSheet,
    context: &Context<'_>,
    nearest: Option<u64>,
    similar: String,
) -> InterpretError {
    InterpretError::NoHeader { place: place(context.file, &sheet.name), nearest, similar }
}

fn for_table(
    sheet: &RawSheet,
    context: &Context<'_>,
    table: &'static TableSchema,
) -> Result<Plan, InterpretError> {
    let mut found = detect(sheet, table.name, context.mapping).map_err(|best| {
        let known = best.filter(|b| !b.meanings.is_empty());
        let row = known.map(|b| u64::from(b.first) + context.first_row);
        no_header(sheet, context, row, similar(sheet, table.name))
    })?;
    let place = place(context.file, &sheet.name);
    let facts = facts(sheet, found.first, context);
    let town = facts.town.clone();
    let context = &Context { town: context.town.or(town.as_deref()), ..context.clone() };
    let has_crop = found.meanings.values().any(|m| m.field == "crop" || m.crop.is_some());
    let (mut given, mut warnings) = given(context, table, &facts, has_crop);
    warnings.extend(years::settle(table, &mut found, &mut given));
    let mut names: BTreeSet<&str> = given.keys().copied().collect();
    if found.meanings.values().any(|m| m.field == "programme") {
        // Each row's programme may say that the land itself is the crop.
        names.insert("crop");
    }
    let placed =
        found.meanings.values().any(|m| matches!(m.field, "village_code" | "village_name"));
    let figures = table.column("area_mu").is_some_and(|c| c.required);
    if figures
        && !placed
        && !names.contains("village_code")
        && heading::names_villages(sheet, found.last, context)
    {
        names.insert("village_code");
    }
    warnings.extend(facts.file_name_warning(&given, context.file));
    let mut assigned = assign(&place, table, &found, &names, context.threshold)?;
    warnings.append(&mut assigned.warnings);
    let mut bound = Vec::new();
    for (column, meaning) in &assigned.columns {
        let Some((kind, role)) = role(table, meaning.field, meaning.subtotal) else { continue };
        bound.push(Bound {
            column: *column,
            field: meaning.field,
            kind,
            role,
            crop: meaning.crop,
            unit: meaning.unit,
        });
    }
    names_need_villages(&place, context, &bound)?;
    let mut units = Units { sheet, place: &place, facts: &facts, found: &found, warnings };
    units.settle(context, &mut bound)?;
    let warnings = units.warnings;
    let constants = constants(&place, table, given)?;
    let mut mapping = assigned.mapping;
    for column in &mut mapping.columns {
        let unit = bound.iter().find(|b| b.column == column.column).and_then(|b| b.unit);
        column.unit = unit.map(|u| u.word().to_owned()).or_else(|| column.unit.take());
    }
    // Only what the user stated is written: next month's year comes from next month's title.
    mapping.constants = context.mapping.map(|m| m.constants.clone()).unwrap_or_default();
    mapping.area_unit = context.mapping.and_then(|m| m.area_unit.clone());
    mapping.money_unit = context.mapping.and_then(|m| m.money_unit.clone());
    let titles = facts.titles;
    Ok(Plan { table, found, mapping, bound, constants, warnings, titles, town })
}

/// Names without anything to resolve them with are one refusal, not a reject per row.
fn names_need_villages(
    place: &str,
    context: &Context<'_>,
    bound: &[Bound],
) -> Result<(), InterpretError> {
    let coded = bound.iter().any(|b| b.field == "village_code");
    let named = bound.iter().find(|b| b.field == "village_name");
    let empty = context.villages.is_empty() && context.names == Names::Resolve;
    match named.filter(|_| !coded && empty) {
        Some(bound) => {
            Err(InterpretError::NoVillages { place: format!("{place}!{}", letters(bound.column)) })
        }
        None => Ok(()),
    }
}

fn role(table: &TableSchema, field: &str, subtotal: bool) -> Option<(ColumnKind, Role)> {
    if let Some(column) = table.column(field) {
        return Some((column.kind, if subtotal { Role::Subtotal } else { Role::Stored }));
    }
    match field {
        "village_name" | "town_name" if table.column("village_code").is_some() => {
            Some((ColumnKind::Text, Role::Region))
        }
        "row_no" => Some((ColumnKind::Text, Role::RowNumber)),
        field if table.name == "claims" => {
            ASIDE.iter().find(|(name, _)| *name == field).map(|(_, kind)| (*kind, Role::Aside))
        }
        _ => None,
    }
}

/// Values that hold for the sheet: stated ones first, then what titles and the sheet's name say.
fn given(
    context: &Context<'_>,
    table: &'static TableSchema,
    facts: &Facts,
    has_crop: bool,
) -> (BTreeMap<&'static str, String>, Vec<Warning>) {
    let text = |value: Option<&str>| value.map(str::to_owned);
    let year = facts.year.map(|y| y.to_string());
    let fertility = |given: &BTreeMap<&str, String>| {
        given.get("programme").is_some_and(|p| p == "FERTILITY") && !has_crop
    };
    let told = [
        ("year", year.clone()),
        ("season", text(facts.season)),
        ("programme", text(facts.programme)),
        ("source", text(facts.source)),
        ("village_code", facts.village.clone()),
        ("group_no", facts.group.map(|g| g.to_string())),
    ];
    let mut given = BTreeMap::new();
    let stated_by_mapping = context.mapping.map(|m| &m.constants);
    for column in table.columns {
        let stated = context.constants.get(column.name);
        let stated = stated.or_else(|| stated_by_mapping.and_then(|c| c.get(column.name)));
        let told = told.iter().find(|(name, _)| *name == column.name).and_then(|(_, v)| v.clone());
        if let Some(value) = stated.cloned().or(told) {
            given.insert(column.name, value);
        }
    }
    if table.column("crop").is_some() && !given.contains_key("crop") && !has_crop {
        // Paid on contracted land whatever grows there: the land is the crop.
        let land = fertility(&given).then(|| "arable".to_owned());
        if let Some(crop) = land.or_else(|| text(facts.crop)) {
            given.insert("crop", crop);
        }
    }
    let mut warnings = Vec::new();
    if let (Some(stated), Some(told)) = (given.get("year"), year)
        && stated.trim().trim_end_matches('年') != told
    {
        warnings.push(Warning::new(
            "year_differs",
            1,
            format!("指定年度为{stated}，标题写的是{told}年"),
            format!("the stated year is {stated}, the title says {told}"),
        ));
    }
    (given, warnings)
}

fn constants(
    place: &str,
    table: &'static TableSchema,
    given: BTreeMap<&'static str, String>,
) -> Result<BTreeMap<&'static str, FieldValue>, InterpretError> {
    let mut constants = BTreeMap::new();
    for (field, text) in given {
        let Some(column) = table.column(field) else { continue };
        let unit = implied(field);
        let read = read_plain(field, column.kind, &Value::Text(text.clone()), unit);
        let error = |reason| InterpretError::Constant {
            place: place.to_owned(),
            field: field.to_owned(),
            value: text.clone(),
            reason,
        };
        match read {
            Ok(Some((value, _))) => drop(constants.insert(field, value)),
            Ok(None) => {}
            Err(code) => return Err(error(code.title())),
        }
    }
    Ok(constants)
}

/// The unit a canonical name itself states.
pub(crate) fn implied(name: &str) -> Option<SourceUnit> {
    let name = name.to_lowercase();
    match name.as_str() {
        n if n.ends_with("_yuan_per_mu") => Some(SourceUnit::YuanPerMu),
        n if n.ends_with("_yuan") => Some(SourceUnit::Yuan),
        n if n.ends_with("_mu") || n.contains("亩数") => Some(SourceUnit::Mu),
        _ => None,
    }
}
