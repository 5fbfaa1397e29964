//! A reading held against the truth.

use qingmu_corpus::{Record, SheetTruth};
use qingmu_ingest::{CanonicalRow, FieldValue, Interpreted};
use qingmu_sheets::RawSheet;
use std::collections::BTreeMap;
use std::fmt;

/// One difference; a wrong value that was kept is the worst.
#[derive(Debug, Clone)]
pub(crate) struct Fault {
    text: String,
    kept_wrong: bool,
}

impl Fault {
    pub(crate) fn plain(text: String) -> Self {
        Self { text, kept_wrong: false }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", if self.kept_wrong { "KEPT WRONG " } else { "" }, self.text)
    }
}

/// A refusal that must say something.
pub(crate) fn words(said: &str, words: &str) -> Vec<Fault> {
    if said.contains(words) {
        Vec::new()
    } else {
        vec![Fault::plain(format!("says {said} instead of {words}"))]
    }
}

fn show(value: &FieldValue) -> String {
    match value {
        FieldValue::Text(text) => text.clone(),
        FieldValue::Integer(n) => n.to_string(),
        FieldValue::Real(n) => n.to_string(),
        FieldValue::Flag(flag) => flag.to_string(),
        FieldValue::Date(date) => date.to_string(),
        FieldValue::Season(season) => season.to_string(),
        FieldValue::Mu(mu) => mu.to_string(),
        FieldValue::Yuan(yuan) => yuan.to_string(),
        FieldValue::Person(id) => id.reveal("test").to_owned(),
        FieldValue::Account(id) => id.reveal("test").to_owned(),
    }
}

/// A kept row as text; the number that a claim is given for its place is no truth of the file.
fn record(row: &CanonicalRow) -> BTreeMap<&'static str, String> {
    let stated = |field: &str, column: Option<u32>| field != "claim_id" || column.is_some();
    let fields = row.fields.iter().filter(|(name, field)| stated(name, field.column));
    fields.map(|(name, field)| (*name, show(&field.value))).collect()
}

fn differences(row: u64, kept: &BTreeMap<&'static str, String>, truth: &Record) -> Vec<Fault> {
    let mut found = Vec::new();
    for (field, value) in kept {
        let wanted = truth.get(field);
        if wanted != Some(value) {
            found.push(Fault {
                text: format!(
                    "row {row} {field} = {value} instead of {}",
                    wanted.map_or("nothing", String::as_str)
                ),
                kept_wrong: true,
            });
        }
    }
    for (field, value) in truth.iter().filter(|(field, _)| !kept.contains_key(*field)) {
        found.push(Fault::plain(format!("row {row} lacks {field} = {value}")));
    }
    found
}

/// A reading of one sheet.
pub(crate) fn sheet(sheet: &RawSheet, read: &Interpreted, truth: &SheetTruth) -> Vec<Fault> {
    let mut found = Vec::new();
    let mut plain = |text: String| found.push(Fault::plain(text));
    let rows = sheet.rows.len() as u64;
    if !read.closes() || read.read.rows != rows || truth.rows() != rows {
        plain(format!(
            "{} rows read, {rows} in the sheet, {} in the truth",
            read.read.rows,
            truth.rows()
        ));
    }
    if read.table != truth.table {
        plain(format!("table {} instead of {}", read.table, truth.table));
    }
    let skipped: BTreeMap<String, u64> =
        read.skipped.iter().map(|(reason, n)| (format!("{reason:?}").to_lowercase(), *n)).collect();
    let wanted: BTreeMap<String, u64> =
        truth.skipped.iter().map(|(reason, n)| (reason.replace('_', ""), *n)).collect();
    if skipped != wanted {
        plain(format!("skipped {skipped:?} instead of {wanted:?}"));
    }
    for warning in truth.warnings.iter().filter(|w| !read.warnings.iter().any(|r| r.code == **w)) {
        plain(format!("no warning {warning}"));
    }
    let differing: Vec<(u64, String)> =
        read.totals.iter().filter(|t| !t.agrees).map(|t| (t.row, t.column.clone())).collect();
    if differing != truth.differing_totals {
        plain(format!("totals that differ: {differing:?} instead of {:?}", truth.differing_totals));
    }
    let totals = truth.skipped.get("total").copied().unwrap_or_default();
    let reconciled: std::collections::BTreeSet<u64> = read.totals.iter().map(|t| t.row).collect();
    if reconciled.len() as u64 != totals {
        plain(format!("{} total rows reconciled instead of {totals}", reconciled.len()));
    }
    if (read.kept.area.raw(), read.kept.amount.raw()) != (truth.area, truth.fen) {
        plain(format!(
            "kept {} mu {} yuan, truth {} {}",
            read.kept.area, read.kept.amount, truth.area, truth.fen
        ));
    }
    found.extend(rejects(read, truth));
    found.extend(kept(read, truth));
    found
}

fn rejects(read: &Interpreted, truth: &SheetTruth) -> Vec<Fault> {
    let got: Vec<(u64, String, &str)> =
        read.rejects.iter().map(|r| (r.row, r.column.clone(), r.code.code())).collect();
    let wanted: Vec<(u64, String, &str)> =
        truth.rejected.iter().map(|r| (r.row, r.column.clone(), r.code)).collect();
    let mut found: Vec<Fault> = Vec::new();
    for reject in wanted.iter().filter(|w| !got.contains(w)) {
        found.push(Fault::plain(format!("not rejected: {reject:?}")));
    }
    for reject in got.iter().filter(|g| !wanted.contains(g)) {
        found.push(Fault::plain(format!("rejected: {reject:?}")));
    }
    let area: i64 = truth.rejected.iter().map(|r| r.area).sum();
    let fen: i64 = truth.rejected.iter().map(|r| r.fen).sum();
    if (read.quarantined.area.raw(), read.quarantined.amount.raw()) != (area, fen) {
        let got = (read.quarantined.area, read.quarantined.amount);
        found.push(Fault::plain(format!(
            "quarantined {} mu {} yuan, truth {area} {fen}",
            got.0, got.1
        )));
    }
    found
}

fn kept(read: &Interpreted, truth: &SheetTruth) -> Vec<Fault> {
    let mut found = Vec::new();
    let mut wanted: BTreeMap<(u64, String), &Record> = BTreeMap::new();
    let crop =
        |record: &BTreeMap<&'static str, String>| record.get("crop").cloned().unwrap_or_default();
    for (row, record) in &truth.kept {
        wanted.insert((*row, crop(record)), record);
    }
    for row in &read.rows {
        let got = record(row);
        match wanted.remove(&(row.row, crop(&got))) {
            Some(truth) => found.extend(differences(row.row, &got, truth)),
            None => {
                found.push(Fault { text: format!("row {} {got:?}", row.row), kept_wrong: true });
            }
        }
    }
    found.extend(
        wanted
            .into_iter()
            .map(|((row, crop), _)| Fault::plain(format!("not kept: row {row} {crop}"))),
    );
    found
}
