//! A rule's own tests: rows in the rule file, or in a CSV file beside it.

use crate::check::Scope;
use crate::check::head::Head;
use crate::diagnostics::{Sink, did_you_mean};
use crate::file::{RuleFile, TestEntry, Text, WantEntry};
use crate::rule::{Cell, RuleTest, Want};
use crate::source::Files;
use qingmu_model::ColumnType;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use toml::{Spanned, Value};

/// Reads every `[[test]]`; mistakes are reported.
pub(crate) fn read(
    file: &RuleFile,
    head: &Head,
    files: &Files,
    scope: &Scope<'_>,
    sink: &mut Sink,
) -> Vec<RuleTest> {
    let mut tests = Vec::new();
    for entry in &file.test {
        let before = sink.list.len();
        let reader = Reader { file, head, files, scope, entry: entry.get_ref(), at: entry.span() };
        let test = reader.test(sink);
        if sink.list.len() == before {
            tests.extend(test);
        }
    }
    tests
}

struct Reader<'a> {
    file: &'a RuleFile,
    head: &'a Head,
    files: &'a Files,
    scope: &'a Scope<'a>,
    entry: &'a TestEntry,
    at: Range<usize>,
}

/// Column names with their types, and rows of cells.
type Table = (Vec<(String, ColumnType)>, Vec<Vec<Cell>>);

impl Reader<'_> {
    fn test(&self, sink: &mut Sink) -> Option<RuleTest> {
        let (mut columns, mut rows) = match (&self.entry.cases, &self.entry.cols, &self.entry.rows)
        {
            (None, Some(cols), Some(given)) => self.inline(cols.get_ref(), given, sink)?,
            (Some(name), None, None) => self.csv(name, sink)?,
            _ => {
                let help = "write `cols` and `rows`, or `cases = \"name.csv\"`";
                sink.report("test", &self.at, "a test has rows here or in a CSV file", "", help);
                return None;
            }
        };
        for (name, value) in &self.entry.all {
            let Some(kind) = self.column(name.get_ref(), &name.span(), sink) else { continue };
            let Some(cell) = toml_cell(value, kind, name.get_ref(), sink) else { continue };
            columns.push((name.get_ref().clone(), kind));
            for row in &mut rows {
                row.push(cell.clone());
            }
        }
        self.names_fit(&columns, sink);
        let mut want = BTreeMap::new();
        for (subject, expected) in &self.entry.want {
            want.extend(self.want(subject, expected, sink).map(|w| (subject.get_ref().clone(), w)));
        }
        let columns = columns.into_iter().map(|(name, _)| name).collect();
        Some(RuleTest { name: self.name(sink)?, columns, rows, want })
    }

    fn name(&self, sink: &mut Sink) -> Option<String> {
        let stem = || {
            let cases = self.entry.cases.as_ref()?.get_ref();
            Some(cases.strip_suffix(".csv").unwrap_or(cases).to_owned())
        };
        let name = self.entry.name.as_ref().map(|name| name.get_ref().clone()).or_else(stem);
        if name.is_none() {
            sink.report("test", &self.at, "a test without a name", "", "say what it shows");
        }
        name
    }

    /// Type of a column of the view; an unknown one is a mistake.
    fn column(&self, name: &str, at: &Range<usize>, sink: &mut Sink) -> Option<ColumnType> {
        let kind = self.scope.column(name);
        if kind.is_none() {
            let known = self.scope.catalogue.column_names(self.scope.view);
            let help = did_you_mean(name, known.iter().map(String::as_str))
                .unwrap_or_else(|| "`qingmu rules columns` lists the columns there are".to_owned());
            let message = format!("`{name}` is no column of {}", self.scope.view);
            sink.report("test", at, message, "", help);
        }
        kind
    }

    /// Every column once, and every key of the subject.
    fn names_fit(&self, columns: &[(String, ColumnType)], sink: &mut Sink) {
        for (i, (name, _)) in columns.iter().enumerate() {
            if columns[..i].iter().any(|(other, _)| other == name) {
                let message = format!("column `{name}` is given twice");
                sink.report("test", &self.at, message, "", "leave one of them out");
            }
        }
        for key in self.head.subject() {
            if !columns.iter().any(|(name, _)| name == key) {
                let message = format!("the subject's key `{key}` is not given");
                sink.report("test", &self.at, message, "", "add it to `cols` or `all`");
            }
        }
    }

    fn inline(
        &self,
        cols: &[Text],
        given: &[Spanned<Vec<Spanned<Value>>>],
        sink: &mut Sink,
    ) -> Option<Table> {
        let mut columns = Vec::new();
        for name in cols {
            let kind = self.column(name.get_ref(), &name.span(), sink);
            columns.extend(kind.map(|kind| (name.get_ref().clone(), kind)));
        }
        if columns.len() != cols.len() {
            return None;
        }
        let mut rows = Vec::new();
        for row in given {
            let cells = row.get_ref();
            if cells.len() != cols.len() {
                let message = format!("{} cells for {} columns", cells.len(), cols.len());
                sink.report("test", &row.span(), message, "", "a missing value is \"\"");
                continue;
            }
            let read = cells.iter().zip(&columns);
            rows.push(
                read.filter_map(|(cell, (name, kind))| toml_cell(cell, *kind, name, sink))
                    .collect(),
            );
        }
        Some((columns, rows))
    }

    /// Rows of `ID-slug.cases/<name>` beside the rule; its mistakes are told at the key `cases`.
    fn csv(&self, name: &Text, sink: &mut Sink) -> Option<Table> {
        let folder = sink.file.path.strip_suffix(".toml")?.to_owned();
        let path = format!("{folder}.cases/{}", name.get_ref());
        let at = name.span();
        let Some(file) = self.files.find(&path).map(Arc::clone) else {
            let help = "put it beside the rule, in its `.cases` folder";
            sink.report("test", &at, format!("there is no file {path}"), "", help);
            return None;
        };
        let mut reader = csv::ReaderBuilder::new().from_reader(file.text.as_bytes());
        let fail = |sink: &mut Sink, message: String| {
            sink.report("test", &at, message, "", "a missing value is \"\"");
        };
        let header = match reader.headers() {
            Ok(header) => header.clone(),
            Err(error) => {
                fail(sink, format!("{path}: {error}"));
                return None;
            }
        };
        let mut columns = Vec::new();
        for name in &header {
            let kind = self.column(name, &at, sink);
            columns.extend(kind.map(|kind| (name.to_owned(), kind)));
        }
        if columns.len() != header.len() {
            return None;
        }
        let mut rows = Vec::new();
        for (i, record) in reader.records().enumerate() {
            let record = match record {
                Ok(record) => record,
                Err(error) => {
                    fail(sink, format!("{path}: {error}"));
                    return None;
                }
            };
            let mut row = Vec::new();
            for (text, (name, kind)) in record.iter().zip(&columns) {
                match csv_cell(text, *kind) {
                    Some(cell) => row.push(cell),
                    None => fail(
                        sink,
                        format!("{path}, row {}: `{text}` is no value of `{name}`", i + 2),
                    ),
                }
            }
            rows.push(row);
        }
        Some((columns, rows))
    }

    fn want(&self, subject: &Text, entry: &WantEntry, sink: &mut Sink) -> Option<Want> {
        let keys = self.head.subject();
        if subject.get_ref().split('/').count() != keys.len() {
            let message = format!("`{}` does not name a subject", subject.get_ref());
            let help = format!("a subject is {}; `?` for a missing key", keys.join("/"));
            sink.report("test", &subject.span(), message, "", help);
        }
        let mut number = |value: &Option<Spanned<f64>>, has: bool, name: &str| {
            let value = value.as_ref()?;
            if !has || !value.get_ref().is_finite() {
                let message = format!("the rule's flag has no `{name}` to compare with");
                let help = "add it to [flag], or leave it out of the test";
                sink.report("test", &value.span(), message, "", help);
            }
            Some(*value.get_ref())
        };
        let mu = number(&entry.mu, self.file.flag.mu.is_some(), "mu");
        let yuan = number(&entry.yuan, self.file.flag.yuan.is_some(), "yuan");
        let is = match entry.is.get_ref().parse() {
            Ok(outcome) => Some(outcome),
            Err(message) => {
                sink.report("test", &entry.is.span(), message, "", "take one of the words listed");
                None
            }
        };
        let level = match &entry.level {
            None => None,
            Some(text) => match text.get_ref().parse() {
                Ok(level) if self.file.flag.level.is_some() => Some(level),
                Ok(_) => {
                    let help = "add it to [flag], or leave it out of the test";
                    sink.report("test", &text.span(), "the rule's flag has no `level`", "", help);
                    None
                }
                Err(message) => {
                    let message: String = message;
                    let help = "take one of the words listed";
                    sink.report("test", &text.span(), message, "", help);
                    None
                }
            },
        };
        Some(Want { is: is?, mu, yuan, level })
    }
}

/// A cell of the rule file in a column's type; `""` is missing.
fn toml_cell(cell: &Spanned<Value>, kind: ColumnType, name: &str, sink: &mut Sink) -> Option<Cell> {
    let found = match (cell.get_ref(), kind) {
        (Value::String(text), _) if text.is_empty() => Some(Cell::Missing),
        (Value::String(text), ColumnType::Text | ColumnType::Id(_)) => {
            Some(Cell::Text(text.clone()))
        }
        (Value::Integer(number), ColumnType::Number(_)) => Some(Cell::Number(*number as f64)),
        (Value::Float(number), ColumnType::Number(_)) if number.is_finite() => {
            Some(Cell::Number(*number))
        }
        (Value::Boolean(flag), ColumnType::Flag) => Some(Cell::Flag(*flag)),
        _ => None,
    };
    if found.is_none() {
        let needs = match kind {
            ColumnType::Number(unit) => format!("a number in {unit}"),
            ColumnType::Text | ColumnType::Id(_) => "a text in quotation marks".to_owned(),
            ColumnType::Flag => "true or false".to_owned(),
        };
        let message = format!("`{name}` holds {needs}");
        sink.report("test", &cell.span(), message, "", "a missing value is \"\"");
    }
    found
}

/// A cell of a CSV file in a column's type.
fn csv_cell(text: &str, kind: ColumnType) -> Option<Cell> {
    Some(match kind {
        _ if text.is_empty() => Cell::Missing,
        ColumnType::Text | ColumnType::Id(_) => Cell::Text(text.to_owned()),
        ColumnType::Number(_) => Cell::Number(text.parse::<f64>().ok().filter(|n| n.is_finite())?),
        ColumnType::Flag => Cell::Flag(text.parse().ok()?),
    })
}

#[cfg(test)]
mod tests;
