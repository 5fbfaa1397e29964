//! Rules on a scan: outcomes by columns, every hit checked and told by the reference interpreter.

mod coverage;
mod hit;

use crate::error::RuleError;
use crate::frame::Frame;
use crate::interpret::Interpreter;
use crate::judge::{Judgement, Reasons};
use crate::{lower, measure, partition, uses};
pub(crate) use hit::{clear_text, subject};
use qingmu_core::Scan;
use qingmu_lang::{Pack, Rule, Status};
use qingmu_model::{
    Beliefs, Outcome, Project, RuleCoverage, RuleHit, View, ViewCoverage, ViewName,
};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// How rules run.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EvalOptions {
    /// Judge only subjects of this year; earlier years stay readable as history.
    pub year: Option<i16>,
    /// Rules of a view evaluated side by side; 0 takes one per core. Results do not depend on it.
    pub threads: usize,
}

/// What a pack of rules says of a scan.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Evaluation {
    /// Hits by rule and subject.
    pub hits: Vec<RuleHit>,
    /// What each rule ran on, by rule.
    pub coverage: Vec<RuleCoverage>,
    /// What the views hold that the rules ran on, by name: the columns that a rule reads, and the keys.
    pub views: BTreeMap<String, ViewCoverage>,
}

/// Evaluates a pack on a scan and on what the model believes of it. Retired rules do not run.
///
/// # Errors
/// [`RuleError`]: always a bug or a view beyond 2^32 rows, never the data.
pub fn evaluate(
    pack: &Pack,
    (scan, beliefs): (&Scan, &Beliefs),
    project: &Project,
    options: &EvalOptions,
) -> Result<Evaluation, RuleError> {
    let mut views = BTreeMap::new();
    let mut evaluation = evaluate_views(&pack.rules, options, |name, wanted| {
        let view = built(name, wanted, (scan, beliefs), project);
        views.insert(name.to_string(), scan.view_coverage(&view));
        view
    })?;
    for rule in &mut evaluation.coverage {
        coverage::add_absent(rule, &scan.coverage);
    }
    Ok(Evaluation { views, ..evaluation })
}

/// The view that [`evaluate`] judges `rules` on: every column they read, the measured ones included.
/// Rules of other views are passed over.
#[must_use]
pub fn view(
    rules: &[&Rule],
    name: ViewName,
    (scan, beliefs): (&Scan, &Beliefs),
    project: &Project,
) -> View {
    let here = rules.iter().filter(|rule| rule.scan == name);
    let wanted: BTreeSet<String> = here.flat_map(|rule| uses::columns(rule)).collect();
    built(name, &wanted, (scan, beliefs), project)
}

fn built(
    name: ViewName,
    wanted: &BTreeSet<String>,
    (scan, beliefs): (&Scan, &Beliefs),
    project: &Project,
) -> View {
    let mut core = wanted.clone();
    core.extend(wanted.iter().flat_map(|column| measure::inputs(name, column)));
    let mut view = scan.view(name, project, &core);
    measure::add(&mut view, wanted, (scan, beliefs), project);
    view
}

/// Evaluates rules on the views that `build` makes from a view's name and the columns that the rules read of
/// it. Each view is built once, with the columns of all its rules, and dropped before the next.
///
/// # Errors
/// [`RuleError`]: always a bug or a view beyond 2^32 rows, never the data.
pub(crate) fn evaluate_views(
    rules: &[Rule],
    options: &EvalOptions,
    mut build: impl FnMut(ViewName, &BTreeSet<String>) -> View,
) -> Result<Evaluation, RuleError> {
    let mut all = Evaluation::default();
    for name in ViewName::ALL {
        let here = |rule: &&Rule| rule.scan == name && rule.status != Status::Retired;
        let here: Vec<&Rule> = rules.iter().filter(here).collect();
        if here.is_empty() {
            continue;
        }
        let wanted: BTreeSet<String> = here.iter().flat_map(|rule| uses::columns(rule)).collect();
        let view = build(name, &wanted);
        for (hits, coverage) in on_view(&here, &view, &wanted, options)? {
            all.hits.extend(hits);
            all.coverage.push(coverage);
        }
    }
    all.hits.sort_by(|a, b| (&a.rule, &a.subject).cmp(&(&b.rule, &b.subject)));
    all.coverage.sort_by(|a, b| a.rule.cmp(&b.rule));
    Ok(all)
}

type Found = (Vec<RuleHit>, RuleCoverage);

/// Runs the rules of one view, several at a time.
fn on_view(
    rules: &[&Rule],
    view: &View,
    wanted: &BTreeSet<String>,
    options: &EvalOptions,
) -> Result<Vec<Found>, RuleError> {
    if u32::try_from(view.rows).map_or(true, |rows| rows == u32::MAX) {
        return Err(RuleError::TooManyRows { view: view.name, rows: view.rows });
    }
    let Some(first) = rules.first() else { return Ok(Vec::new()) };
    let frame = Frame::new(view, wanted).map_err(|source| engine(first, source))?;
    let cores = || std::thread::available_parallelism().map_or(1, usize::from);
    let threads = if options.threads == 0 { cores() } else { options.threads };
    let share = rules.len().div_ceil(threads.clamp(1, rules.len()));
    let run = |rule: &&Rule| on_rule(rule, view, &frame, options);
    let parts: Vec<Result<Vec<Found>, RuleError>> = std::thread::scope(|scope| {
        let chunks =
            rules.chunks(share).map(|chunk| scope.spawn(move || chunk.iter().map(run).collect()));
        let running: Vec<_> = chunks.collect();
        let join = |part: std::thread::ScopedJoinHandle<'_, _>| match part.join() {
            Ok(part) => part,
            Err(panic) => std::panic::resume_unwind(panic),
        };
        running.into_iter().map(join).collect()
    });
    let mut all = Vec::new();
    for part in parts {
        all.extend(part?);
    }
    Ok(all)
}

pub(crate) fn engine(rule: &Rule, source: polars::error::PolarsError) -> RuleError {
    let (id, file) = (rule.id.to_string(), rule.file.clone());
    RuleError::Engine { rule: id, file, view: rule.scan, source: Arc::new(source) }
}

/// Runs one rule on all subjects of its view.
fn on_rule(
    rule: &Rule,
    view: &View,
    frame: &Frame,
    options: &EvalOptions,
) -> Result<Found, RuleError> {
    let mut groups = subjects(rule, view);
    if let (Some(year), Some(column)) = (options.year, view.column("year")) {
        let of_year = |row: &u32| column.number(*row as usize) == Some(f64::from(year));
        groups.retain(|rows| rows.iter().any(of_year));
    }
    let reasons = Reasons::of(rule, view);
    let firsts: Vec<u32> = groups.iter().filter_map(|rows| rows.first().copied()).collect();
    let judged = if firsts.is_empty() {
        Vec::new()
    } else {
        lower::judge(rule, view, frame, &reasons, &firsts).map_err(|e| engine(rule, e))?
    };
    let interpreter = Interpreter::new(rule, view);
    let mut hits = Vec::new();
    for (rows, columnar) in groups.iter().zip(&judged) {
        if !matches!(columnar.outcome, Outcome::Hit | Outcome::Cleared) {
            continue;
        }
        agree(&interpreter, &reasons, rows, columnar)?;
        if columnar.outcome == Outcome::Hit {
            hits.push(hit::hit(&interpreter, rows, columnar));
        }
    }
    Ok((hits, coverage::coverage(rule, view, &judged)))
}

/// Judges the subject again by the reference interpreter and compares.
pub(crate) fn agree(
    interpreter: &Interpreter<'_>,
    reasons: &Reasons,
    rows: &[u32],
    columnar: &Judgement,
) -> Result<(), RuleError> {
    let reference = interpreter.judge(reasons, rows);
    if reference == *columnar {
        return Ok(());
    }
    let rule = interpreter.rule;
    Err(RuleError::Disagree {
        rule: rule.id.to_string(),
        file: rule.file.clone(),
        subject: rows
            .first()
            .map(|r| subject(rule, interpreter.view, *r).to_string())
            .unwrap_or_default(),
        columnar: columnar.to_string(),
        reference: reference.to_string(),
    })
}

/// Rows of each subject, subjects by first row. Rows that lack a key of `by` are subjects too, and abstain.
pub(crate) fn subjects(rule: &Rule, view: &View) -> Vec<Vec<u32>> {
    match &rule.by {
        Some(by) => partition::groups(view, by, true).rows,
        None => (0_u32..).take(view.rows).map(|row| vec![row]).collect(),
    }
}

#[cfg(test)]
mod tests;
