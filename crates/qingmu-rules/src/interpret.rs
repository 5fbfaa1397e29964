//! The reference interpreter: one row at a time, each node by its definition. Slow, plain and the measure
//! of the columnar engine; it also gives the numbers, texts and traces of hits.

use crate::judge::{self, Conditions, Judgement, Reasons};
use crate::partition::{self, Groups};
use crate::uses::{DEPENDENT, named};
use crate::value::{Value, binary, exact_sum};
use qingmu_lang::{Aggregate, Expr, Function, Node, Rule, Type};
use qingmu_model::{Column, ColumnType, View};
use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

/// Evaluates a rule's expressions on rows of one view.
pub(crate) struct Interpreter<'a> {
    pub(crate) rule: &'a Rule,
    pub(crate) view: &'a View,
    columns: HashMap<&'a str, &'a Column>,
    previous: OnceCell<Vec<Option<u32>>>,
    groups: RefCell<BTreeMap<Vec<String>, Rc<Groups>>>,
    /// Values of `let`s by name and row, for the subject at hand.
    lets: RefCell<HashMap<(String, u32), Value>>,
    /// Values of aggregates by the node's address and the group; nodes do not move while the rule is borrowed.
    aggregates: RefCell<HashMap<(usize, u32), Value>>,
}

/// The rows an aggregate runs over.
enum Scope {
    /// A group of a partition.
    Group(Rc<Groups>, u32),
    /// The row itself.
    Row(u32),
    /// A key is missing.
    None,
}

impl<'a> Interpreter<'a> {
    pub(crate) fn new(rule: &'a Rule, view: &'a View) -> Self {
        Self {
            rule,
            view,
            columns: view.columns.iter().map(|c| (c.name.as_str(), c)).collect(),
            previous: OnceCell::new(),
            groups: RefCell::default(),
            lets: RefCell::default(),
            aggregates: RefCell::default(),
        }
    }

    /// The row with the same other keys a year before.
    pub(crate) fn previous(&self, row: u32) -> Option<u32> {
        self.previous
            .get_or_init(|| partition::previous_year(self.view))
            .get(row as usize)?
            .as_ref()
            .copied()
    }

    /// Value of an expression on a row.
    pub(crate) fn value(&self, node: &Node, row: u32) -> Value {
        match &node.expr {
            Expr::Number(v) => Value::number(*v),
            Expr::Bool(v) => Value::Bool(*v),
            Expr::Text(v) => Value::Text(v.as_str().into()),
            Expr::Column { name, kind } => self.column(name, *kind, row),
            Expr::Param(name) => {
                self.rule.params.get(name).map_or(Value::Missing, |p| Value::number(p.is))
            }
            Expr::Let(name) => self.named(name, row),
            Expr::Not(a) => Value::from_bool(self.value(a, row).as_bool().map(|v| !v)),
            Expr::Neg(a) => {
                self.value(a, row).as_number().map_or(Value::Missing, |v| Value::number(0.0 - v))
            }
            Expr::Binary(op, a, b) => binary(*op, &self.value(a, row), &self.value(b, row)),
            Expr::Call(function, args) => self.call(*function, args, row),
            Expr::Lag(a) => {
                self.previous(row).map_or(Value::Missing, |before| self.value(a, before))
            }
            Expr::Aggregate { kind, arg, over } => {
                self.aggregate(node, *kind, arg.as_deref(), over.as_deref(), row)
            }
        }
    }

    fn column(&self, name: &str, kind: ColumnType, row: u32) -> Value {
        let row = row as usize;
        if let Some(of) = name.strip_prefix(DEPENDENT) {
            let flags = self.columns.get(of).map(|c| c.dependent.as_slice()).unwrap_or_default();
            return Value::Bool(flags.get(row).copied().unwrap_or(false));
        }
        let Some(column) = self.columns.get(name) else { return Value::Missing };
        match kind {
            ColumnType::Number(_) => column.number(row).map_or(Value::Missing, Value::number),
            ColumnType::Text | ColumnType::Id(_) => {
                column.text(row).map_or(Value::Missing, |text| Value::Text(text.clone()))
            }
            ColumnType::Flag => Value::from_bool(column.flag(row)),
        }
    }

    fn named(&self, name: &str, row: u32) -> Value {
        let key = (name.to_owned(), row);
        if let Some(value) = self.lets.borrow().get(&key) {
            return value.clone();
        }
        let Some(node) = named(self.rule, name) else { return Value::Missing };
        let value = self.value(node, row);
        // Messages show an excess only where there is one.
        let is_let = self.rule.lets.iter().any(|(n, _)| n == name);
        let shown = match (is_let, name, value.as_number()) {
            (false, "mu", Some(v)) if judge::excess_mu(v).is_none() => Value::Missing,
            (false, "yuan", Some(v)) if judge::excess_yuan(v).is_none() => Value::Missing,
            _ => value,
        };
        self.lets.borrow_mut().insert(key, shown.clone());
        shown
    }

    fn call(&self, function: Function, args: &[Node], row: u32) -> Value {
        let values = || args.iter().map(|arg| self.value(arg, row));
        let numbers = || values().map(|v| v.as_number()).collect::<Option<Vec<f64>>>();
        let fold = |f: fn(f64, f64) -> f64| {
            numbers().and_then(|v| v.into_iter().reduce(f)).map_or(Value::Missing, Value::number)
        };
        match function {
            Function::Max => fold(f64::max),
            Function::Min => fold(f64::min),
            // Not `f64::hypot`: both engines must round alike.
            Function::Hypot => numbers().map_or(Value::Missing, |v| {
                Value::number(
                    v.iter().map(|x| x * x).reduce(|a, b| a + b).unwrap_or(f64::NAN).sqrt(),
                )
            }),
            Function::Abs => {
                fold(|a, _| a).as_number().map_or(Value::Missing, |v| Value::Number(v.abs()))
            }
            Function::Coalesce => values().find(|v| !v.is_missing()).unwrap_or(Value::Missing),
            Function::Known => Value::Bool(values().all(|v| !v.is_missing())),
        }
    }

    fn scope(&self, over: Option<&[String]>, row: u32) -> Scope {
        let Some(by) = over.or(self.rule.by.as_deref()) else { return Scope::Row(row) };
        let groups = {
            let mut cache = self.groups.borrow_mut();
            cache
                .entry(by.to_vec())
                .or_insert_with(|| Rc::new(partition::groups(self.view, by, false)))
                .clone()
        };
        match groups.of.get(row as usize).copied().flatten() {
            Some(group) => Scope::Group(groups, group),
            None => Scope::None,
        }
    }

    fn aggregate(
        &self,
        node: &Node,
        kind: Aggregate,
        arg: Option<&Node>,
        over: Option<&[String]>,
        row: u32,
    ) -> Value {
        match self.scope(over, row) {
            Scope::None => Value::Missing,
            Scope::Row(row) => self.reduce(kind, arg, &[row]),
            Scope::Group(groups, group) => {
                let key = (std::ptr::from_ref(node) as usize, group);
                if let Some(value) = self.aggregates.borrow().get(&key) {
                    return value.clone();
                }
                let rows = groups.rows.get(group as usize).map(Vec::as_slice).unwrap_or_default();
                let value = self.reduce(kind, arg, rows);
                self.aggregates.borrow_mut().insert(key, value.clone());
                value
            }
        }
    }

    /// Rows that an aggregate on this row runs over.
    pub(crate) fn scope_rows(&self, over: Option<&[String]>, row: u32) -> Vec<u32> {
        match self.scope(over, row) {
            Scope::None => Vec::new(),
            Scope::Row(row) => vec![row],
            Scope::Group(groups, group) => {
                groups.rows.get(group as usize).cloned().unwrap_or_default()
            }
        }
    }

    fn reduce(&self, kind: Aggregate, arg: Option<&Node>, rows: &[u32]) -> Value {
        let Some(arg) = arg else {
            let count = kind == Aggregate::Count;
            return if count { Value::number(rows.len() as f64) } else { Value::Missing };
        };
        let values = rows.iter().map(|row| self.value(arg, *row));
        let numbers = values.clone().filter_map(|v| v.as_number());
        match kind {
            Aggregate::Count => Value::number(rows.len() as f64),
            Aggregate::Sum => exact_sum(numbers),
            Aggregate::Largest => numbers.reduce(f64::max).map_or(Value::Missing, Value::Number),
            Aggregate::Smallest => numbers.reduce(f64::min).map_or(Value::Missing, Value::Number),
            Aggregate::Distinct => {
                let known = values.filter(|v| !v.is_missing()).map(|v| match v {
                    Value::Number(v) => (v.to_bits(), None),
                    Value::Bool(v) => (u64::from(v), None),
                    Value::Text(v) => (0, Some(v)),
                    Value::Missing => (0, None),
                });
                match known.collect::<BTreeSet<_>>().len() {
                    0 => Value::Missing,
                    different => Value::number(different as f64),
                }
            }
            Aggregate::Any => {
                Value::from_bool(values.filter_map(|v| v.as_bool()).reduce(|a, b| a || b))
            }
        }
    }

    /// The rule's judgement of the subject made of `rows`; every one of them would give the same.
    pub(crate) fn judge(&self, reasons: &Reasons, rows: &[u32]) -> Judgement {
        self.lets.borrow_mut().clear();
        let Some(&row) = rows.first() else {
            let empty = Conditions { key: Some("rows".to_owned()), ..Conditions::default() };
            return judge::judge(self.rule, reasons, &empty, |_, _| false);
        };
        let rule = self.rule;
        let bool_of = |node: &Node| self.value(node, row).as_bool();
        let number_of = |node: &Node| self.value(node, row).as_number();
        let conditions = Conditions {
            key: missing_key(rule, self.view, row),
            unknown: rule.known.iter().map(|node| self.value(node, row).is_missing()).collect(),
            need: rule.need.as_ref().map_or(Some(true), bool_of),
            when: bool_of(&rule.flag.when),
            clears: self.clears(row),
            dependent: reasons.dependent.as_ref().and_then(bool_of).unwrap_or(false),
            excuse_dependent: reasons.excuse_dependent.as_ref().and_then(bool_of).unwrap_or(false),
            mu: rule.flag.mu.as_ref().and_then(number_of),
            yuan: rule.flag.yuan.as_ref().and_then(number_of),
            size: rule.flag.level.as_ref().and_then(|bands| number_of(&bands.by)),
        };
        judge::judge(rule, reasons, &conditions, |stage, leaf| {
            self.value(&reasons.stages[stage].1[leaf].1, row).is_missing()
        })
    }

    /// For each honest explanation whether the data show it; `None` where they cannot tell or it has no
    /// condition.
    pub(crate) fn clears(&self, row: u32) -> Vec<Option<bool>> {
        let value = |node: &Node| self.value(node, row).as_bool();
        self.rule.legit.iter().map(|legit| legit.clears.as_ref().and_then(value)).collect()
    }
}

/// The first of the rule's `by` columns that is missing on a row; rules without `by` judge every row.
pub(crate) fn missing_key(rule: &Rule, view: &View, row: u32) -> Option<String> {
    let row = row as usize;
    let known = |name: &String| {
        view.column(name).is_some_and(|c| {
            c.text(row).is_some() || c.number(row).is_some() || c.flag(row).is_some()
        })
    };
    rule.by.iter().flatten().find(|name| !known(name)).cloned()
}

/// Whether an expression's text may show an identity, and which kind of mask it then needs.
pub(crate) fn id_kind(rule: &Rule, node: &Node) -> Option<qingmu_model::IdKind> {
    if node.ty != Type::Text {
        return None;
    }
    match &node.expr {
        Expr::Column { kind: ColumnType::Id(kind), .. } => Some(*kind),
        Expr::Let(name) => id_kind(rule, named(rule, name)?),
        _ => crate::uses::children(node).into_iter().find_map(|child| id_kind(rule, child)),
    }
}
