//! Values of the rule language and what its operators mean: total, three-valued, never NaN.

use qingmu_lang::BinaryOp;
use std::sync::Arc;

/// Value of an expression on a row.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    /// A finite number, never `-0.0`.
    Number(f64),
    /// A condition.
    Bool(bool),
    /// Text or a clear identity: masked by whoever prints it.
    Text(Arc<str>),
    /// Not known.
    Missing,
}

/// A sum's step: values are taken to the nearest 1e-6.
pub(crate) const SUM_SCALE: f64 = 1e6;
/// A step count from here on (4.6e12 in the column's unit) makes the sum missing: 2^62.
pub(crate) const SUM_LIMIT: f64 = 4_611_686_018_427_387_904.0;
/// Steps per high unit, 2^32: the high parts are added apart, to notice an overflow whatever the order.
pub(crate) const SUM_HIGH: f64 = 4_294_967_296.0;
/// Sum of high parts from which on the total is out of range: 2^30.
pub(crate) const SUM_HIGH_LIMIT: i64 = 1 << 30;

impl Value {
    /// A number; missing unless finite.
    pub(crate) fn number(value: f64) -> Self {
        // Adding zero turns -0.0 into 0.0, so that equal numbers are equal bits in both engines.
        if value.is_finite() { Self::Number(value + 0.0) } else { Self::Missing }
    }

    pub(crate) fn from_bool(value: Option<bool>) -> Self {
        value.map_or(Self::Missing, Self::Bool)
    }

    pub(crate) fn as_number(&self) -> Option<f64> {
        if let Self::Number(v) = self { Some(*v) } else { None }
    }

    pub(crate) fn as_bool(&self) -> Option<bool> {
        if let Self::Bool(v) = self { Some(*v) } else { None }
    }

    pub(crate) fn is_missing(&self) -> bool {
        *self == Self::Missing
    }
}

/// A two-sided operator.
pub(crate) fn binary(op: BinaryOp, left: &Value, right: &Value) -> Value {
    match op {
        BinaryOp::And => Value::from_bool(and(left.as_bool(), right.as_bool())),
        BinaryOp::Or => {
            let not = |v: &Value| v.as_bool().map(|b| !b);
            Value::from_bool(and(not(left), not(right)).map(|b| !b))
        }
        BinaryOp::Eq | BinaryOp::Ne if left.is_missing() || right.is_missing() => Value::Missing,
        BinaryOp::Eq => Value::Bool(left == right),
        BinaryOp::Ne => Value::Bool(left != right),
        _ => match (left.as_number(), right.as_number()) {
            (Some(a), Some(b)) => numeric(op, a, b),
            _ => Value::Missing,
        },
    }
}

fn numeric(op: BinaryOp, a: f64, b: f64) -> Value {
    match op {
        BinaryOp::Add => Value::number(a + b),
        BinaryOp::Sub => Value::number(a - b),
        BinaryOp::Mul => Value::number(a * b),
        // A zero divisor gives an infinity or NaN, hence missing.
        BinaryOp::Div => Value::number(a / b),
        BinaryOp::Lt => Value::Bool(a < b),
        BinaryOp::Le => Value::Bool(a <= b),
        BinaryOp::Gt => Value::Bool(a > b),
        BinaryOp::Ge => Value::Bool(a >= b),
        BinaryOp::Eq | BinaryOp::Ne | BinaryOp::And | BinaryOp::Or => Value::Missing,
    }
}

/// Kleene `and`: one false is enough, whatever is missing.
fn and(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    match (a, b) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

/// Sum of the known values, independent of their order: each is taken to the nearest 1e-6 and added as an
/// integer. Missing when none is known or the total leaves ±4.6e12.
pub(crate) fn exact_sum(values: impl Iterator<Item = f64>) -> Value {
    let (mut total, mut high, mut known) = (0_i128, 0_i64, false);
    for value in values {
        let steps = (value * SUM_SCALE).round();
        if steps.abs() >= SUM_LIMIT {
            return Value::Missing;
        }
        #[allow(clippy::cast_possible_truncation, reason = "bounded by SUM_LIMIT just above")]
        let (whole, top) = (steps as i64, (steps / SUM_HIGH).floor() as i64);
        total += i128::from(whole);
        high += top;
        known = true;
    }
    if !known || high.abs() >= SUM_HIGH_LIMIT {
        return Value::Missing;
    }
    Value::number(total as f64 / SUM_SCALE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn division_by_zero_and_overflow_are_missing() {
        let n = Value::Number;
        assert_eq!(binary(BinaryOp::Div, &n(1.0), &n(0.0)), Value::Missing);
        assert_eq!(binary(BinaryOp::Div, &n(0.0), &n(0.0)), Value::Missing);
        assert_eq!(binary(BinaryOp::Mul, &n(1e200), &n(1e200)), Value::Missing);
        let zero = binary(BinaryOp::Mul, &n(-1.0), &n(0.0));
        assert_eq!(zero.as_number().map(f64::to_bits), Some(0));
        assert_eq!(binary(BinaryOp::Lt, &n(1.0), &Value::Missing), Value::Missing);
        assert_eq!(binary(BinaryOp::Eq, &Value::Missing, &Value::Missing), Value::Missing);
    }

    #[test]
    fn and_or_are_kleene() {
        let (t, f, m) = (Value::Bool(true), Value::Bool(false), Value::Missing);
        assert_eq!(binary(BinaryOp::And, &f, &m), f);
        assert_eq!(binary(BinaryOp::And, &t, &m), m);
        assert_eq!(binary(BinaryOp::Or, &m, &t), t);
        assert_eq!(binary(BinaryOp::Or, &m, &f), m);
        assert_eq!(binary(BinaryOp::Or, &f, &f), f);
    }

    #[test]
    fn sums_are_exact_and_bounded() {
        assert_eq!(exact_sum([0.1, 0.2].into_iter()), Value::Number(0.3));
        assert_eq!(exact_sum([4.5e12, -4.5e12].into_iter()), Value::Number(0.0));
        assert_eq!(exact_sum([4.5e12, 4.5e12].into_iter()), Value::Missing);
        assert_eq!(exact_sum([4.7e12].into_iter()), Value::Missing);
        assert_eq!(exact_sum(std::iter::empty()), Value::Missing);
    }
}
