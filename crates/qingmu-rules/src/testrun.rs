//! A rule's own tests: little views, run through both engines.

use crate::catalogue::column_type;
use crate::evaluate::{agree, clear_text, engine, subject, subjects};
use crate::frame::Frame;
use crate::interpret::Interpreter;
use crate::judge::{Judgement, Reasons};
use crate::lower;
use crate::uses;
use qingmu_lang::{Cell, Rule, RuleTest, Want};
use qingmu_model::{Column, ColumnType, Data, Outcome, Project, View};
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;

/// An expectation of a rule's own test that is not met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestFailure {
    /// Rule file, relative to the rules folder.
    pub file: String,
    /// Name of the test.
    pub test: String,
    /// Subject as the test writes it; empty when the test as a whole fails.
    pub subject: String,
    /// What was wanted and what came.
    pub message: String,
}

impl fmt::Display for TestFailure {
    /// Test, subject, wanted and got; the caller names the file.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "test `{}`", self.test)?;
        if !self.subject.is_empty() {
            write!(f, ", {}", self.subject)?;
        }
        write!(f, ": {}", self.message)
    }
}

/// Runs a rule's own tests through both engines. A hit that no test wants fails too.
#[must_use]
pub fn run_tests(rule: &Rule, project: &Project) -> Vec<TestFailure> {
    rule.tests.iter().flat_map(|test| run(rule, test, project)).collect()
}

fn run(rule: &Rule, test: &RuleTest, project: &Project) -> Vec<TestFailure> {
    let failure = |subject: &str, message: String| TestFailure {
        file: rule.file.clone(),
        test: test.name.clone(),
        subject: subject.to_owned(),
        message,
    };
    let view = match view(rule, test, project) {
        Ok(view) => view,
        Err(message) => return vec![failure("", message)],
    };
    let judged = match judge(rule, &view) {
        Ok(judged) => judged,
        Err(message) => return vec![failure("", message)],
    };
    let mut failures = Vec::new();
    let mut by_name: BTreeMap<String, Judgement> = BTreeMap::new();
    for (name, judgement) in judged {
        if by_name.insert(name.clone(), judgement).is_some() {
            failures.push(failure(&name, "the test has two rows with this key".to_owned()));
        }
    }
    for (name, want) in &test.want {
        match by_name.get(name) {
            None => {
                let known: Vec<&str> = by_name.keys().map(String::as_str).collect();
                let message =
                    format!("the test's rows have no such subject, only {}", known.join(", "));
                failures.push(failure(name, message));
            }
            Some(got) => failures.extend(unmet(want, got).map(|message| failure(name, message))),
        }
    }
    let unwanted = |(name, got): &(&String, &Judgement)| {
        got.outcome == Outcome::Hit && !test.want.contains_key(*name)
    };
    for (name, got) in by_name.iter().filter(unwanted) {
        failures.push(failure(name, format!("wanted no hit, got {got}")));
    }
    failures
}

/// How a judgement misses an expectation.
fn unmet(want: &Want, got: &Judgement) -> Option<String> {
    let near = |want: Option<f64>, got: Option<f64>, within: f64| match (want, got) {
        (None, _) => true,
        // A hair more than the last decimal, for the doubles' own rounding.
        (Some(want), Some(got)) => (want - got).abs() <= within * 1.000_001,
        (Some(_), None) => false,
    };
    let met = want.is == got.outcome
        && near(want.mu, got.mu.map(qingmu_model::Mu::to_f64), 1e-4)
        && near(want.yuan, got.yuan.map(qingmu_model::Yuan::to_f64), 0.01)
        && (want.level.is_none() || want.level == got.level);
    if met {
        return None;
    }
    let mut wanted = want.is.to_string();
    let parts = [
        want.mu.map(|v| format!(", {v} mu")),
        want.yuan.map(|v| format!(", {v} yuan")),
        want.level.map(|v| format!(", level {v}")),
    ];
    wanted.extend(parts.into_iter().flatten());
    Some(format!("wanted {wanted}; got {got}"))
}

/// Judgement of every subject, by its text; the two engines must agree on all of them.
fn judge(rule: &Rule, view: &View) -> Result<Vec<(String, Judgement)>, String> {
    let reasons = Reasons::of(rule, view);
    let groups = subjects(rule, view);
    let firsts: Vec<u32> = groups.iter().filter_map(|rows| rows.first().copied()).collect();
    let columnar = Frame::new(view, &uses::columns(rule))
        .and_then(|frame| lower::judge(rule, view, &frame, &reasons, &firsts))
        .map_err(|error| engine(rule, error).to_string())?;
    let interpreter = Interpreter::new(rule, view);
    let mut all = Vec::new();
    for (rows, judgement) in groups.iter().zip(columnar) {
        agree(&interpreter, &reasons, rows, &judgement).map_err(|error| error.to_string())?;
        let first = rows.first().copied().unwrap_or_default();
        all.push((clear_text(&subject(rule, view, first)), judgement));
    }
    Ok(all)
}

/// The test's rows as a view in canonical order.
fn view(rule: &Rule, test: &RuleTest, project: &Project) -> Result<View, String> {
    let mut rows: Vec<&Vec<Cell>> = test.rows.iter().collect();
    let keys: Vec<usize> = (rule.scan.keys().iter())
        .filter_map(|key| test.columns.iter().position(|name| name == key))
        .collect();
    rows.sort_by(|a, b| {
        keys.iter().map(|i| order(&a[*i], &b[*i])).find(|o| o.is_ne()).unwrap_or(Ordering::Equal)
    });
    let column = |(i, name): (usize, &String)| {
        let kind = column_type(rule.scan, name, project)
            .ok_or_else(|| format!("view {} has no column `{name}`", rule.scan))?;
        let cells: Vec<&Cell> = rows.iter().filter_map(|row| row.get(i)).collect();
        if cells.len() != rows.len() {
            return Err(format!("a row has no cell for column `{name}`"));
        }
        Ok(Column { name: name.clone(), kind, data: data(kind, &cells), dependent: Vec::new() })
    };
    let columns = test.columns.iter().enumerate().map(column).collect::<Result<_, String>>()?;
    Ok(View { name: rule.scan, rows: rows.len(), columns, not_listed: 0 })
}

/// Cells in a column's type; one of another type is missing, which the loader has refused before.
fn data(kind: ColumnType, cells: &[&Cell]) -> Data {
    match kind {
        ColumnType::Number(_) => {
            let number = |cell: &&Cell| if let Cell::Number(v) = cell { Some(*v) } else { None };
            Data::Real(cells.iter().map(number).collect())
        }
        ColumnType::Text | ColumnType::Id(_) => {
            let text = |cell: &&Cell| {
                if let Cell::Text(v) = cell { Some(v.as_str().into()) } else { None }
            };
            Data::Text(cells.iter().map(text).collect())
        }
        ColumnType::Flag => {
            let flag = |cell: &&Cell| if let Cell::Flag(v) = cell { Some(*v) } else { None };
            Data::Flag(cells.iter().map(flag).collect())
        }
    }
}

fn order(a: &Cell, b: &Cell) -> Ordering {
    match (a, b) {
        (Cell::Number(a), Cell::Number(b)) => a.total_cmp(b),
        (Cell::Text(a), Cell::Text(b)) => a.cmp(b),
        (Cell::Flag(a), Cell::Flag(b)) => a.cmp(b),
        (Cell::Missing, Cell::Missing) => Ordering::Equal,
        (Cell::Missing, _) => Ordering::Less,
        _ => Ordering::Greater,
    }
}

#[cfg(test)]
mod tests;
