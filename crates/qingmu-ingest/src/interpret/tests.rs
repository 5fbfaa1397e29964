//! Whole sheets. Every person, account, village and figure here is invented; ids are made to fit their check digit.

#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod accounts_close;
mod blocks;
mod claims;
mod identities;
mod refusals;
mod titles;

use super::{Context, FieldValue, InterpretError, Interpreted, interpret};
use crate::{VillageRow, Villages, fixture::sheet};
use qingmu_model::RegionLevels;
use qingmu_sheets::RawSheet;
use std::sync::LazyLock;

static LEVELS: LazyLock<RegionLevels> = LazyLock::new(RegionLevels::china);
static VILLAGES: LazyLock<Villages> = LazyLock::new(|| {
    let row = |code: &str, name: &str, town: &str| VillageRow {
        code: code.into(),
        name: name.into(),
        town: town.into(),
    };
    Villages::new(
        [
            row("990101101201", "东沟村委会", "甲山镇"),
            row("990101101202", "南庄村委会", "甲山镇"),
            row("990101102201", "东沟村委会", "乙水乡"),
        ],
        9,
    )
});

fn context() -> Context<'static> {
    Context { town: Some("甲山镇"), ..Context::new("台账.xls", &VILLAGES, &LEVELS) }
}

fn read(text: &str) -> Interpreted {
    run(&sheet(text), &context()).unwrap()
}

fn run(sheet: &RawSheet, context: &Context<'_>) -> Result<Interpreted, InterpretError> {
    let read = interpret(sheet, context)?;
    assert!(read.closes(), "{read:#?}");
    Ok(read)
}

fn show(value: &FieldValue) -> String {
    match value {
        FieldValue::Text(text) => text.clone(),
        FieldValue::Integer(n) => n.to_string(),
        FieldValue::Real(n) => n.to_string(),
        FieldValue::Flag(flag) => flag.to_string(),
        FieldValue::Date(date) => date.to_string(),
        FieldValue::Season(season) => season.to_string(),
        FieldValue::Mu(mu) => format!("{mu:.2}"),
        FieldValue::Yuan(yuan) => yuan.to_string(),
        FieldValue::Person(id) => id.reveal("test").to_owned(),
        FieldValue::Account(id) => id.reveal("test").to_owned(),
    }
}

/// Rows as text, the given fields in order.
fn table(read: &Interpreted, fields: &[&str]) -> Vec<String> {
    let cell = |row: &super::CanonicalRow, field: &str| {
        row.fields
            .get(field)
            .or_else(|| row.aside.get(field))
            .map_or_else(|| "-".to_owned(), |f| show(&f.value))
    };
    let line = |row| fields.iter().map(|f| cell(row, f)).collect::<Vec<_>>().join(" ");
    read.rows.iter().map(line).collect()
}

/// Rejects as `row column value code`.
fn rejects(read: &Interpreted) -> Vec<String> {
    let line = |r: &qingmu_model::Reject| format!("{}{} {} {}", r.column, r.row, r.value, r.code);
    read.rejects.iter().map(line).collect()
}
