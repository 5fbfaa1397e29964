//! What a rule could judge, where it abstained and for want of what.

use crate::judge::Judgement;
use crate::uses::expression_columns;
use qingmu_core::{column_table, view_tables};
use qingmu_lang::{Rule, Status};
use qingmu_model::{InputCoverage, Outcome, RuleCoverage, View, ViewName};
use std::collections::{BTreeMap, BTreeSet};

/// Counts of a rule's judgements.
pub(super) fn coverage(rule: &Rule, view: &View, judged: &[Judgement]) -> RuleCoverage {
    let count = |outcome| judged.iter().filter(|j| j.outcome == outcome).count() as u64;
    let mut missing: BTreeMap<String, u64> = BTreeMap::new();
    for name in judged.iter().flat_map(|j| &j.missing) {
        *missing.entry(name.clone()).or_default() += 1;
    }
    RuleCoverage {
        rule: rule.id.to_string(),
        status: format!("{} {}", rule.grade, status(rule.status)),
        view: view.name.to_string(),
        subjects: judged.len() as u64,
        hit: count(Outcome::Hit),
        clear: count(Outcome::Clear),
        cleared: count(Outcome::Cleared),
        abstain: count(Outcome::Abstain),
        not_listed: view.not_listed,
        missing,
        wanted_tables: wanted_tables(rule, view),
    }
}

const fn status(status: Status) -> &'static str {
    match status {
        Status::Draft => "draft",
        Status::Trial => "trial",
        Status::Stable => "stable",
        Status::Retired => "retired",
    }
}

/// A view without rows whose tables, or optional columns of claims, the input does not have: those are wanted.
pub(super) fn add_absent(rule: &mut RuleCoverage, input: &InputCoverage) {
    let Ok(view) = rule.view.parse::<ViewName>() else { return };
    if rule.subjects > 0 {
        return;
    }
    let is_absent = |name: &&&str| match name.strip_prefix("claims.") {
        Some(column) => input.absent_claim_columns.iter().any(|c| c == column),
        None => input.absent.iter().any(|table| table == *name),
    };
    let absent = view_tables(view).iter().filter(is_absent).map(|name| (*name).to_owned());
    let all: BTreeSet<String> = rule.wanted_tables.drain(..).chain(absent).collect();
    rule.wanted_tables = all.into_iter().collect();
}

/// Optional tables behind columns that the rule reads and no row of the view has.
fn wanted_tables(rule: &Rule, view: &View) -> Vec<String> {
    let absent =
        |name: &&String| view.rows > 0 && view.column(name).is_none_or(|c| c.data.known() == 0);
    let columns = expression_columns(rule);
    let tables = columns.iter().filter(absent).filter_map(|name| column_table(view.name, name));
    tables.map(str::to_owned).collect::<BTreeSet<_>>().into_iter().collect()
}

#[cfg(test)]
#[path = "coverage_tests.rs"]
mod tests;
