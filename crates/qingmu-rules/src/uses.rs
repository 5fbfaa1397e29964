//! What a rule reads: columns, the leaves that can make it abstain, and what rests on dependent sources.

use qingmu_lang::{Aggregate, BinaryOp, Expr, Function, Node, Rule, Type};
use qingmu_model::{ColumnType, View, ViewName};
use std::collections::{BTreeMap, BTreeSet};

/// Before a column's name: the flags of the rows in which it rests on a dependent source. No rule file
/// can write it.
pub(crate) const DEPENDENT: char = '?';

/// Direct parts of a node.
pub(crate) fn children(node: &Node) -> Vec<&Node> {
    match &node.expr {
        Expr::Not(a) | Expr::Neg(a) | Expr::Lag(a) => vec![a],
        Expr::Binary(_, a, b) => vec![a, b],
        Expr::Call(_, args) => args.iter().collect(),
        Expr::Aggregate { arg, .. } => arg.iter().map(AsRef::as_ref).collect(),
        Expr::Number(_)
        | Expr::Bool(_)
        | Expr::Text(_)
        | Expr::Column { .. }
        | Expr::Param(_)
        | Expr::Let(_) => Vec::new(),
    }
}

/// The expression behind a name: a `let`, or in messages `mu` and `yuan`.
pub(crate) fn named<'r>(rule: &'r Rule, name: &str) -> Option<&'r Node> {
    let own = rule.lets.iter().find(|(n, _)| n == name).map(|(_, node)| node);
    own.or(match name {
        "mu" => rule.flag.mu.as_ref(),
        "yuan" => rule.flag.yuan.as_ref(),
        _ => None,
    })
}

/// Columns that a hit's shares take from the view beside its keys.
pub(crate) const fn share_columns(view: ViewName) -> &'static [&'static str] {
    match view {
        ViewName::AccountClaimant
        | ViewName::ParcelClaimant
        | ViewName::ExclusiveClaim
        | ViewName::ClaimantAccount
        | ViewName::PayeeClaimant
        | ViewName::Fund => &["village_code"],
        ViewName::Lease => &["village_code", "claimant_id"],
        ViewName::Claim => &["claimant_id", "approver_id"],
        ViewName::ClaimPayment => &["claimant_id"],
        _ => &[],
    }
}

/// Names of all columns of its view that a rule reads, whatever for.
pub(crate) fn columns(rule: &Rule) -> BTreeSet<String> {
    let mut found = expression_columns(rule);
    found.extend(rule.by.iter().flatten().cloned());
    found.extend(rule.spread.clone());
    let view = rule.scan;
    found.extend(view.keys().iter().chain(share_columns(view)).map(|s| (*s).to_owned()));
    found
}

/// Columns read by the rule's expressions only.
pub(crate) fn expression_columns(rule: &Rule) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for root in rule.expressions() {
        root.walk(&mut |node| match &node.expr {
            Expr::Column { name, .. } => {
                found.insert(name.clone());
            }
            Expr::Aggregate { over, .. } => found.extend(over.iter().flatten().cloned()),
            _ => {}
        });
    }
    found
}

/// Something that may be missing, with the name under which the coverage counts it.
pub(crate) type Leaf = (String, Node);

/// The leaves of an expression whose being missing can make it missing, without repeats: columns, `lag` of
/// them, aggregates. What `coalesce` and `known` guard is left out.
pub(crate) fn leaves(rule: &Rule, node: &Node) -> Vec<Leaf> {
    let mut walk = Walk { rule, lets: BTreeMap::new() };
    walk.leaves(node)
}

/// Conditions "this column rests on a dependent source on the rows read here", one for each column and
/// place that the expression reads. Empty where no such source is involved.
pub(crate) fn dependents(rule: &Rule, view: &View, nodes: &[&Node]) -> Vec<Node> {
    let mut found = Vec::new();
    let mut lets = BTreeMap::new();
    for node in nodes {
        let new = dependents_of(rule, view, node, &mut lets);
        push_new(&mut found, new);
    }
    found
}

fn push_new<T: PartialEq>(into: &mut Vec<T>, new: Vec<T>) {
    for item in new {
        if !into.contains(&item) {
            into.push(item);
        }
    }
}

struct Walk<'r> {
    rule: &'r Rule,
    lets: BTreeMap<String, Vec<Leaf>>,
}

impl Walk<'_> {
    fn leaves(&mut self, node: &Node) -> Vec<Leaf> {
        match &node.expr {
            Expr::Column { name, .. } => vec![(name.clone(), node.clone())],
            Expr::Let(name) => self.named(name),
            Expr::Lag(inner) => self
                .leaves(inner)
                .into_iter()
                .map(|(name, leaf)| {
                    let lag = Node { expr: Expr::Lag(Box::new(leaf)), ..node.clone() };
                    (format!("lag({name})"), lag)
                })
                .collect(),
            Expr::Aggregate { kind, arg, over } => {
                let inner = arg.as_ref().map(|arg| self.leaves(arg)).unwrap_or_default();
                let first = inner.into_iter().map(|(name, _)| name).next();
                let key = over.iter().flatten().next().cloned();
                let name = first.or(key).unwrap_or_else(|| aggregate_name(*kind).to_owned());
                vec![(name, node.clone())]
            }
            Expr::Call(Function::Known, _) => Vec::new(),
            Expr::Call(Function::Coalesce, args) => {
                args.last().map(|last| self.leaves(last)).unwrap_or_default()
            }
            _ => {
                let mut found = Vec::new();
                for child in children(node) {
                    push_new(&mut found, self.leaves(child));
                }
                found
            }
        }
    }

    fn named(&mut self, name: &str) -> Vec<Leaf> {
        if let Some(done) = self.lets.get(name) {
            return done.clone();
        }
        let found = named(self.rule, name).map(|node| self.leaves(node)).unwrap_or_default();
        self.lets.insert(name.to_owned(), found.clone());
        found
    }
}

/// Name of an aggregate as rule files write it.
pub(crate) const fn aggregate_name(kind: Aggregate) -> &'static str {
    match kind {
        Aggregate::Count => "count",
        Aggregate::Sum => "sum",
        Aggregate::Distinct => "distinct",
        Aggregate::Largest => "largest",
        Aggregate::Smallest => "smallest",
        Aggregate::Any => "any",
    }
}

fn dependents_of(
    rule: &Rule,
    view: &View,
    node: &Node,
    lets: &mut BTreeMap<String, Vec<Node>>,
) -> Vec<Node> {
    let flag = |expr| Node { expr, ty: Type::Bool, span: node.span.clone() };
    let or_false =
        |inner: Node| flag(Expr::Call(Function::Coalesce, vec![inner, flag(Expr::Bool(false))]));
    match &node.expr {
        Expr::Column { name, .. } => {
            let any = view.column(name).is_some_and(|c| c.dependent.contains(&true));
            let name = format!("{DEPENDENT}{name}");
            let column = flag(Expr::Column { name, kind: ColumnType::Flag });
            if any { vec![column] } else { Vec::new() }
        }
        Expr::Let(name) => {
            if !lets.contains_key(name) {
                let inner = named(rule, name)
                    .map(|node| dependents_of(rule, view, node, lets))
                    .unwrap_or_default();
                lets.insert(name.clone(), inner);
            }
            lets.get(name).cloned().unwrap_or_default()
        }
        Expr::Lag(inner) => dependents_of(rule, view, inner, lets)
            .into_iter()
            .map(|inner| or_false(flag(Expr::Lag(Box::new(inner)))))
            .collect(),
        Expr::Aggregate { arg: Some(arg), over, .. } => dependents_of(rule, view, arg, lets)
            .into_iter()
            .map(|inner| {
                let (kind, arg) = (Aggregate::Any, Some(Box::new(inner)));
                or_false(flag(Expr::Aggregate { kind, arg, over: over.clone() }))
            })
            .collect(),
        _ => {
            let mut found = Vec::new();
            for child in children(node) {
                push_new(&mut found, dependents_of(rule, view, child, lets));
            }
            found
        }
    }
}

/// All conditions joined by `or`; `None` for none.
pub(crate) fn any_of(nodes: Vec<Node>) -> Option<Node> {
    nodes.into_iter().reduce(|a, b| Node {
        ty: Type::Bool,
        span: a.span.clone(),
        expr: Expr::Binary(BinaryOp::Or, Box::new(a), Box::new(b)),
    })
}
