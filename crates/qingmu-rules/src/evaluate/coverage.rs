//! What a rule could judge, where it abstained and for want of what.

use crate::judge::Judgement;
use crate::uses::expression_columns;
use qingmu_core::column_table;
use qingmu_lang::{Rule, Status};
use qingmu_model::{Outcome, RuleCoverage, View};
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
