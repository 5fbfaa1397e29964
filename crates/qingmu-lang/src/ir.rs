//! Checked expressions: what is left of a rule's SQL after parsing, resolving names and checking units.
//!
//! Every node knows its type and the bytes of the rule file that it came from, so that both the
//! reference interpreter's trace and an error can point at it.

use qingmu_model::{ColumnType, Unit};
use std::ops::Range;

/// Type of an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Type {
    /// A number with its unit.
    Number(Unit),
    /// A condition, three-valued.
    Bool,
    /// Text or an identity: only compared for equality, counted or asked whether it is known.
    Text,
}

/// Two-sided operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BinaryOp {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`; missing when the divisor is zero.
    Div,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
    /// `=`
    Eq,
    /// `<>`
    Ne,
    /// Kleene `and`
    And,
    /// Kleene `or`
    Or,
}

/// Functions of one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Function {
    /// Largest argument; missing when any is.
    Max,
    /// Smallest argument; missing when any is.
    Min,
    /// `sqrt(a² + b²)`; missing when any is.
    Hypot,
    /// Absolute value.
    Abs,
    /// First argument that is not missing.
    Coalesce,
    /// Whether the argument is not missing; never missing itself.
    Known,
}

/// Functions of many rows: of the subject's rows, or of a partition of the view with `over`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Aggregate {
    /// Number of rows; no argument.
    Count,
    /// Sum of the known values; missing when none is known. Each value is taken to the nearest 1e-6
    /// and added as an integer, so the result does not depend on order.
    Sum,
    /// Number of different known values; missing when none is known.
    Distinct,
    /// Largest known value; missing when none is known.
    Largest,
    /// Smallest known value; missing when none is known.
    Smallest,
    /// Whether any known value is true; missing when none is known.
    Any,
}

/// An expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// A number, unit `1`.
    Number(f64),
    /// `true` or `false`.
    Bool(bool),
    /// A text literal.
    Text(String),
    /// A column of the view.
    Column {
        /// Name.
        name: String,
        /// Type in the view.
        kind: ColumnType,
    },
    /// A parameter `p.name`.
    Param(String),
    /// A `let` of the rule (or `mu` / `yuan` of its flag inside messages).
    Let(String),
    /// `not`, Kleene.
    Not(Box<Node>),
    /// Unary minus.
    Neg(Box<Node>),
    /// Two-sided operator.
    Binary(BinaryOp, Box<Node>, Box<Node>),
    /// Function of one row.
    Call(Function, Vec<Node>),
    /// The argument's value on the row whose other keys are equal and whose year is one less;
    /// missing when there is no such row. Only on views with `year` in their key, without `by`.
    Lag(Box<Node>),
    /// Aggregate over the subject's rows (`over` empty) or over the view's rows that agree in `over`.
    Aggregate {
        /// Which.
        kind: Aggregate,
        /// Argument; `None` for `count()`.
        arg: Option<Box<Node>>,
        /// Partition columns; `None` without `over`.
        over: Option<Vec<String>>,
    },
}

/// An expression with its type and place.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// What it is.
    pub expr: Expr,
    /// Its type.
    pub ty: Type,
    /// Bytes of the rule file it was written in.
    pub span: Range<usize>,
}

impl Node {
    /// Calls `visit` with this node and everything below it, left to right.
    pub fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Self)) {
        visit(self);
        match &self.expr {
            Expr::Number(_)
            | Expr::Bool(_)
            | Expr::Text(_)
            | Expr::Column { .. }
            | Expr::Param(_)
            | Expr::Let(_) => {}
            Expr::Not(inner) | Expr::Neg(inner) | Expr::Lag(inner) => inner.walk(visit),
            Expr::Binary(_, left, right) => {
                left.walk(visit);
                right.walk(visit);
            }
            Expr::Call(_, args) => args.iter().for_each(|arg| arg.walk(visit)),
            Expr::Aggregate { arg, .. } => arg.iter().for_each(|arg| arg.walk(visit)),
        }
    }
}
