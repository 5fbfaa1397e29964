//! The columnar engine: a rule's expressions lowered to polars, for all rows of a view at once.
//!
//! Every expression is a full column over the view's rows; aggregates are windows whose value stands on
//! each row of its partition, so a subject's value is that of any of its rows. Parts that are needed twice
//! become columns of their own (stages), in layers by what they depend on: polars never sees an expression
//! grow with its square.

mod aggregate;
mod judge;

pub(crate) use judge::judge;

use crate::frame::{Frame, PREVIOUS, ROW, next};
use crate::judge::{excess_mu, excess_yuan};
use crate::uses::named;
use polars::prelude as pl;
use polars::prelude::{DataType, IntoColumn, IntoLazy, LazyFrame, NULL, col, lit, when};
use qingmu_lang::{BinaryOp, Expr, Function, Node, Rule, Type};
use qingmu_model::ColumnType;
use std::collections::HashMap;

/// A polars expression and the layer from which on it can be computed.
#[derive(Clone)]
pub(crate) struct Part {
    expr: pl::Expr,
    layer: usize,
}

/// A rule on its way to columns.
pub(crate) struct Lowering<'a> {
    rule: &'a Rule,
    frame: &'a Frame,
    /// Stage columns of each layer.
    layers: Vec<Vec<pl::Expr>>,
    stages: usize,
    lets: HashMap<String, Part>,
    /// Codes of texts in the rule that no row has.
    literals: HashMap<String, u32>,
}

/// Data type of an expression's column.
fn dtype(ty: Type) -> DataType {
    match ty {
        Type::Number(_) => DataType::Float64,
        Type::Bool => DataType::Boolean,
        Type::Text => DataType::UInt32,
    }
}

fn column_dtype(kind: ColumnType) -> DataType {
    match kind {
        ColumnType::Number(_) => DataType::Float64,
        ColumnType::Flag => DataType::Boolean,
        ColumnType::Text | ColumnType::Id(_) => DataType::UInt32,
    }
}

/// A number; a bare literal would have no definite type yet.
fn number(value: f64) -> pl::Expr {
    lit(value).cast(DataType::Float64)
}

fn missing(dtype: DataType) -> Part {
    Part { expr: lit(NULL).cast(dtype), layer: 0 }
}

/// Non-finite numbers become missing, `-0.0` becomes `0.0`.
fn finite(expr: pl::Expr) -> pl::Expr {
    expr.map(
        |column| {
            let numbers = column.f64()?;
            let kept = numbers.iter().map(|v| v.filter(|v| v.is_finite()).map(|v| v + 0.0));
            let kept: pl::Float64Chunked = kept.collect();
            Ok(kept.with_name(column.name().clone()).into_column())
        },
        |_, field| Ok(pl::Field::new(field.name().clone(), DataType::Float64)),
    )
}

impl<'a> Lowering<'a> {
    pub(crate) fn new(rule: &'a Rule, frame: &'a Frame) -> Self {
        let (lets, literals) = (HashMap::new(), HashMap::new());
        Self { rule, frame, layers: Vec::new(), stages: 0, lets, literals }
    }

    /// Makes a part a column of its own, unless it is one already.
    fn stage(&mut self, mut part: Part) -> Part {
        if matches!(part.expr, pl::Expr::Column(_)) {
            return part;
        }
        if !part.expr.into_iter().any(|e| matches!(e, pl::Expr::Column(_))) {
            // A constant, tied to the rows: polars would keep one value with a length, and comparing that
            // with a literal gives one row.
            part = part.then(|e| when(col(ROW).is_not_null()).then(e).otherwise(lit(NULL)));
        }
        let name = format!("t{}", self.stages);
        self.stages += 1;
        if self.layers.len() <= part.layer {
            self.layers.resize(part.layer + 1, Vec::new());
        }
        self.layers[part.layer].push(part.expr.alias(name.as_str()));
        Part { expr: col(name), layer: part.layer + 1 }
    }

    /// The frame with all stages, and the outputs as columns of the given names.
    pub(crate) fn run(self, outputs: &[(String, Part)]) -> pl::PolarsResult<pl::DataFrame> {
        let mut lazy: LazyFrame = self.frame.data.clone().lazy();
        for layer in self.layers {
            lazy = lazy.with_columns(layer);
        }
        let last = outputs.iter().map(|(name, part)| part.expr.clone().alias(name.as_str()));
        let names: Vec<pl::Expr> = outputs.iter().map(|(name, _)| col(name.as_str())).collect();
        // `with_columns` stretches a constant to the rows of the view, `select` alone would not.
        lazy.with_columns(last.collect::<Vec<_>>()).select(names).collect()
    }

    /// Lowers an expression.
    pub(crate) fn part(&mut self, node: &Node) -> Part {
        match &node.expr {
            Expr::Number(v) if v.is_finite() => constant(number(*v + 0.0)),
            Expr::Number(_) => missing(DataType::Float64),
            Expr::Bool(v) => constant(lit(*v)),
            Expr::Text(v) => constant(lit(self.code(v))),
            Expr::Column { name, kind } => self.column(name, *kind),
            Expr::Param(name) => match self.rule.params.get(name) {
                Some(p) if p.is.is_finite() => constant(number(p.is + 0.0)),
                _ => missing(DataType::Float64),
            },
            Expr::Let(name) => self.named(name, node),
            Expr::Not(a) => self.part(a).then(pl::Expr::not),
            Expr::Neg(a) => self.part(a).then(|a| finite(number(0.0) - a)),
            Expr::Binary(op, a, b) => {
                let (a, b) = (self.part(a), self.part(b));
                a.with(b, |a, b| binary(*op, a, b))
            }
            Expr::Call(function, args) => self.call(*function, args, node),
            Expr::Lag(a) => {
                let a = self.part(a);
                // Staged first: gathering needs one value per row, which a constant is not.
                self.stage(a).then(|a| a.gather(col(PREVIOUS), false))
            }
            Expr::Aggregate { kind, arg, over } => {
                self.aggregate(*kind, arg.as_deref(), over.as_deref())
            }
        }
    }

    fn column(&self, name: &str, kind: ColumnType) -> Part {
        let dtype = column_dtype(kind);
        match self.frame.name(name) {
            Some(own) if self.frame.dtype(own) == Some(dtype.clone()) => constant(col(own)),
            _ if name.starts_with(crate::uses::DEPENDENT) => constant(lit(false)),
            _ => missing(dtype),
        }
    }

    fn code(&mut self, text: &str) -> u32 {
        let next = next(self.frame.codes() + self.literals.len());
        match self.frame.code(text) {
            Some(code) => code,
            None => *self.literals.entry(text.to_owned()).or_insert(next),
        }
    }

    fn named(&mut self, name: &str, node: &Node) -> Part {
        if let Some(done) = self.lets.get(name) {
            return done.clone();
        }
        let Some(inner) = named(self.rule, name) else { return missing(dtype(node.ty)) };
        let is_let = self.rule.lets.iter().any(|(n, _)| n == name);
        let part = self.part(inner);
        let shown = match (is_let, name) {
            (false, "mu") => part.then(|v| kept(v, |v| excess_mu(v).is_some())),
            (false, "yuan") => part.then(|v| kept(v, |v| excess_yuan(v).is_some())),
            _ => part,
        };
        let staged = self.stage(shown);
        self.lets.insert(name.to_owned(), staged.clone());
        staged
    }

    fn call(&mut self, function: Function, args: &[Node], node: &Node) -> Part {
        let parts: Vec<Part> = args.iter().map(|arg| self.part(arg)).collect();
        let layer = parts.iter().map(|p| p.layer).max().unwrap_or(0);
        match function {
            Function::Max => self.fold(parts, |a, b| {
                pick(a.clone().gt_eq(b.clone()), a.clone().lt(b.clone()), a, b)
            }),
            Function::Min => self.fold(parts, |a, b| {
                pick(a.clone().lt_eq(b.clone()), a.clone().gt(b.clone()), a, b)
            }),
            Function::Hypot => {
                let squares = parts.into_iter().map(|p| self.stage(p).then(|x| x.clone() * x));
                let sum =
                    squares.collect::<Vec<_>>().into_iter().reduce(|a, b| a.with(b, |a, b| a + b));
                sum.map_or(missing(DataType::Float64), |sum| sum.then(|sum| finite(sum.sqrt())))
            }
            Function::Abs => {
                let Some(x) = parts.into_iter().next() else { return missing(DataType::Float64) };
                self.stage(x)
                    .then(|x| when(x.clone().lt(lit(0.0))).then(lit(0.0) - x.clone()).otherwise(x))
            }
            Function::Coalesce => {
                let exprs: Vec<pl::Expr> =
                    parts.into_iter().map(|p| p.expr.cast(dtype(node.ty))).collect();
                Part { expr: pl::coalesce(&exprs), layer }
            }
            Function::Known => parts
                .into_iter()
                .map(|p| p.then(pl::Expr::is_not_null))
                .reduce(|a, b| a.with(b, pl::Expr::and))
                .unwrap_or(constant(lit(true))),
        }
    }

    /// Folds two by two over staged parts.
    fn fold(&mut self, parts: Vec<Part>, f: impl Fn(pl::Expr, pl::Expr) -> pl::Expr) -> Part {
        let mut parts = parts.into_iter();
        let Some(mut so_far) = parts.next() else { return missing(DataType::Float64) };
        for part in parts {
            let (a, b) = (self.stage(so_far), self.stage(part));
            so_far = a.with(b, &f);
        }
        so_far
    }
}

impl Part {
    fn then(self, f: impl FnOnce(pl::Expr) -> pl::Expr) -> Self {
        Self { expr: f(self.expr), layer: self.layer }
    }

    fn with(self, other: Self, f: impl FnOnce(pl::Expr, pl::Expr) -> pl::Expr) -> Self {
        Self { expr: f(self.expr, other.expr), layer: self.layer.max(other.layer) }
    }
}

fn constant(expr: pl::Expr) -> Part {
    Part { expr, layer: 0 }
}

/// Quotient; missing when not finite, as for a zero divisor. Not polars' own, which multiplies by the
/// reciprocal when the divisor is one value, and so rounds otherwise than a division.
fn divide(a: pl::Expr, b: pl::Expr) -> pl::Expr {
    a.map_many(
        |columns| {
            let [a, b] = columns else {
                return Err(pl::polars_err!(ComputeError: "division needs two columns"));
            };
            let name = a.name().clone();
            let (a, b) = (a.f64()?, b.f64()?);
            let rows = if a.len() == 1 { b.len() } else { a.len() };
            let at = |c: &pl::Float64Chunked, row| c.get(if c.len() == 1 { 0 } else { row });
            let quotient = |row| {
                let quotient = at(a, row)? / at(b, row)?;
                quotient.is_finite().then_some(quotient + 0.0)
            };
            let out: pl::Float64Chunked = (0..rows).map(quotient).collect();
            Ok(out.with_name(name).into_column())
        },
        &[b],
        |_, fields| Ok(pl::Field::new(fields[0].name().clone(), DataType::Float64)),
    )
}

/// `a` if the first condition holds, `b` if the second does; missing when neither, as with a missing side.
fn pick(first: pl::Expr, second: pl::Expr, a: pl::Expr, b: pl::Expr) -> pl::Expr {
    let missing = lit(NULL).cast(DataType::Float64);
    when(first).then(a).when(second).then(b).otherwise(missing)
}

/// Numbers that fulfil a condition; the others become missing.
fn kept(expr: pl::Expr, keep: fn(f64) -> bool) -> pl::Expr {
    expr.map(
        move |column| {
            let numbers: pl::Float64Chunked =
                column.f64()?.iter().map(|v| v.filter(|v| keep(*v))).collect();
            Ok(numbers.with_name(column.name().clone()).into_column())
        },
        |_, field| Ok(pl::Field::new(field.name().clone(), DataType::Float64)),
    )
}

fn binary(op: BinaryOp, a: pl::Expr, b: pl::Expr) -> pl::Expr {
    match op {
        BinaryOp::Add => finite(a + b),
        BinaryOp::Sub => finite(a - b),
        BinaryOp::Mul => finite(a * b),
        BinaryOp::Div => divide(a, b),
        BinaryOp::Lt => a.lt(b),
        BinaryOp::Le => a.lt_eq(b),
        BinaryOp::Gt => a.gt(b),
        BinaryOp::Ge => a.gt_eq(b),
        BinaryOp::Eq => a.eq(b),
        BinaryOp::Ne => a.neq(b),
        BinaryOp::And => a.and(b),
        BinaryOp::Or => a.or(b),
    }
}
