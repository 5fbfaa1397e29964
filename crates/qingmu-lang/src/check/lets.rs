//! `[let]`: order-free when written, sorted by dependency here; a cycle is a mistake.

use super::expr::{self, Place};
use super::head::plain_name;
use super::scope::{LetType, Scope};
use crate::ast::Ast;
use crate::diagnostics::Sink;
use crate::file::Texts;
use crate::ir::Node;
use crate::parse;
use std::collections::{BTreeMap, BTreeSet};

/// Checks every `let`; in evaluation order, or `None` if one is wrong.
pub(super) fn check(
    entries: &Texts,
    scope: &mut Scope<'_>,
    sink: &mut Sink,
) -> Option<Vec<(String, Node)>> {
    let mut parsed: BTreeMap<&str, Option<Ast>> = BTreeMap::new();
    for (name, text) in entries {
        plain_name(name, "let", sink);
        let taken = matches!(name.get_ref().as_str(), "mu" | "yuan" | "p");
        if taken || scope.column(name.get_ref()).is_some() {
            let message = format!(
                "`{}` is already {}",
                name.get_ref(),
                if taken { "taken by the language" } else { "a column of this view" }
            );
            sink.report("name", &name.span(), message, "", "give the let another name");
        }
        scope.lets.insert(name.get_ref().clone(), None);
        parsed.insert(name.get_ref(), parse::expression(text, sink));
    }
    let order = order(&parsed, sink);
    let mut checked = Vec::new();
    for name in &order {
        let Some(Some(ast)) = parsed.get(name.as_str()) else { continue };
        let Some(node) = expr::check(ast, scope, Place::Subject, sink) else { continue };
        let found = LetType { ty: node.ty, aggregate: expr::has_aggregate(&node, scope) };
        scope.lets.insert(name.clone(), Some(found));
        checked.push((name.clone(), node));
    }
    (checked.len() == parsed.len()).then_some(checked)
}

/// Names so that each follows those it uses, otherwise by name; members of a cycle are left out.
fn order(parsed: &BTreeMap<&str, Option<Ast>>, sink: &mut Sink) -> Vec<String> {
    let mut uses: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (name, ast) in parsed {
        let mut words = BTreeSet::new();
        if let Some(ast) = ast {
            ast.names(&mut |word| {
                if parsed.contains_key(word) {
                    words.insert(word);
                }
            });
        }
        uses.insert(name, words);
    }
    let mut order: Vec<String> = Vec::new();
    let mut done: BTreeSet<&str> = BTreeSet::new();
    while let Some(next) =
        uses.iter().find(|(name, used)| !done.contains(*name) && used.is_subset(&done))
    {
        done.insert(next.0);
        order.push((*next.0).to_owned());
    }
    let mut told: BTreeSet<&str> = BTreeSet::new();
    for name in uses.keys().copied().filter(|name| !done.contains(name)) {
        let Some(cycle) = cycle(name, &uses, &done) else { continue };
        if cycle.iter().any(|member| told.contains(member)) {
            continue;
        }
        told.extend(cycle.iter().copied());
        let mut ring = cycle.clone();
        ring.extend(cycle.first());
        if let Some(Some(ast)) = parsed.get(cycle[0]) {
            let message = format!("`{}` needs itself: {}", cycle[0], ring.join(" -> "));
            sink.report("cycle", &ast.span, message, "", "last year's value is lag(…) of a column");
        }
    }
    order
}

/// The ring that following unfinished names from `start` ends in.
fn cycle<'a>(
    start: &'a str,
    uses: &BTreeMap<&'a str, BTreeSet<&'a str>>,
    done: &BTreeSet<&'a str>,
) -> Option<Vec<&'a str>> {
    let mut path: Vec<&str> = vec![start];
    loop {
        let next = uses.get(path.last()?)?.iter().copied().find(|name| !done.contains(name))?;
        if let Some(at) = path.iter().position(|name| *name == next) {
            return Some(path.split_off(at));
        }
        path.push(next);
    }
}
