//! Aggregates as windows.

use super::{Lowering, Part, missing};
use crate::frame::ROW;
use crate::value::{SUM_HIGH, SUM_HIGH_LIMIT, SUM_LIMIT, SUM_SCALE};
use polars::prelude as pl;
use polars::prelude::{DataType, NULL, RoundMode, col, lit, when};
use qingmu_lang::{Aggregate, Node, Type};

/// Partition columns of an aggregate.
struct Window {
    keys: Vec<pl::Expr>,
    layer: usize,
}

impl Window {
    /// The value of an aggregate over staged columns, on each row of its partition.
    fn over(&self, aggregate: pl::Expr) -> Option<pl::Expr> {
        aggregate.over(self.keys.as_slice()).ok()
    }

    /// Missing on rows that lack a key: they form no partition.
    fn part(&self, value: pl::Expr, dtype: DataType, layer: usize) -> Part {
        let known = self.keys.iter().map(|key| key.clone().is_not_null()).reduce(pl::Expr::and);
        let otherwise = lit(NULL).cast(dtype);
        let expr = when(known.unwrap_or(lit(true))).then(value).otherwise(otherwise);
        Part { expr, layer: layer.max(self.layer) }
    }
}

impl Lowering<'_> {
    pub(super) fn aggregate(
        &mut self,
        kind: Aggregate,
        arg: Option<&Node>,
        over: Option<&[String]>,
    ) -> Part {
        let by = over.or(self.rule.by.as_deref());
        let dtype = if kind == Aggregate::Any { DataType::Boolean } else { DataType::Float64 };
        let Some(window) = self.window(by) else { return missing(dtype) };
        let arg = match arg {
            None => None,
            Some(arg) => {
                let ty = arg.ty;
                let part = self.part(arg);
                Some((self.stage(part), ty))
            }
        };
        let none = missing(dtype.clone());
        match (kind, arg) {
            (Aggregate::Count, _) => {
                self.window_part(&window, pl::len().cast(dtype.clone()), dtype, 0)
            }
            (Aggregate::Distinct, Some((arg, _))) => {
                let distinct = arg.expr.drop_nulls().n_unique().cast(dtype.clone());
                let distinct = self.window_part(&window, distinct, dtype, arg.layer);
                distinct.then(|n| when(n.clone().gt(lit(0.0))).then(n).otherwise(none.expr))
            }
            (Aggregate::Sum, Some((arg, Type::Number(_)))) => self.sum(&window, arg),
            (Aggregate::Largest, Some((arg, Type::Number(_)))) => {
                self.window_part(&window, arg.expr.max(), dtype, arg.layer)
            }
            (Aggregate::Smallest, Some((arg, Type::Number(_)))) => {
                self.window_part(&window, arg.expr.min(), dtype, arg.layer)
            }
            (Aggregate::Any, Some((arg, Type::Bool))) => {
                // The largest of 0 and 1: missing when nothing is known, which polars' `any` is not.
                let number = self.stage(arg.then(|a| a.cast(DataType::Float64)));
                let largest =
                    self.window_part(&window, number.expr.max(), DataType::Float64, number.layer);
                largest.then(|v| v.gt(lit(0.5)))
            }
            _ => none,
        }
    }

    /// Columns of the partition; `None` where the view lacks one, so that no row has a partition.
    fn window(&self, by: Option<&[String]>) -> Option<Window> {
        let Some(by) = by else { return Some(Window { keys: vec![col(ROW)], layer: 0 }) };
        let keys =
            by.iter().map(|name| self.frame.name(name).map(col)).collect::<Option<Vec<_>>>()?;
        let keys = if keys.is_empty() { vec![lit(0)] } else { keys };
        Some(Window { keys, layer: 0 })
    }

    fn window_part(
        &mut self,
        window: &Window,
        value: pl::Expr,
        dtype: DataType,
        layer: usize,
    ) -> Part {
        match window.over(value) {
            Some(value) => {
                let part = window.part(value, dtype, layer);
                self.stage(part)
            }
            None => missing(dtype),
        }
    }

    /// [`crate::value::exact_sum`] in 64-bit columns: each value's steps are cut into a high and a low part,
    /// whose sums cannot overflow.
    fn sum(&mut self, window: &Window, arg: Part) -> Part {
        let (layer, float) = (arg.layer, DataType::Float64);
        let round = |x: pl::Expr| (x * lit(SUM_SCALE)).round(0, RoundMode::HalfAwayFromZero);
        let steps = self.stage(arg.clone().then(round));
        let s = steps.expr;
        let (at, next) = (steps.layer, steps.layer + 1);
        let beyond = s.clone().gt_eq(lit(SUM_LIMIT)).or(s.clone().lt_eq(lit(-SUM_LIMIT)));
        let beyond = self.stage(Part { expr: beyond.cast(float.clone()), layer: at });
        // A value that is beyond makes the sum missing; as a part it must not overflow.
        let bounded = when(s.clone().lt(lit(SUM_LIMIT)).and(s.clone().gt(lit(-SUM_LIMIT)))).then(s);
        let bounded = self.stage(Part { expr: bounded.otherwise(lit(0.0)), layer: at });
        let high = (bounded.expr.clone() * lit(1.0 / SUM_HIGH)).floor();
        let high = self.stage(Part { expr: high, layer: next });
        let low = bounded.expr - high.expr.clone() * lit(SUM_HIGH);
        let low = self.stage(Part { expr: low.cast(DataType::Int64), layer: next + 1 });
        let high = self.stage(Part { expr: high.expr.cast(DataType::Int64), layer: next + 1 });
        let int = DataType::Int64;
        let known =
            self.window_part(window, arg.expr.count().cast(float.clone()), float.clone(), layer);
        let beyond = self.window_part(window, beyond.expr.max(), float.clone(), next);
        let low = self.window_part(window, low.expr.sum(), int.clone(), next + 2);
        let high = self.window_part(window, high.expr.sum(), int.clone(), next + 2);
        let limit = lit(SUM_HIGH_LIMIT);
        let h = high.expr;
        let usable = known.expr.gt(lit(0.0)).and(beyond.expr.lt(lit(0.5)));
        let usable = usable.and(h.clone().lt(limit.clone())).and(h.clone().gt(lit(0_i64) - limit));
        let h = when(usable).then(h).otherwise(lit(NULL).cast(int));
        let total = h * lit(1_i64 << 32) + low.expr;
        let scaled = super::divide(total.cast(float), super::number(SUM_SCALE));
        Part { expr: scaled, layer: next + 3 }
    }
}
