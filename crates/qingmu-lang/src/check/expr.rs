//! Types and units of expressions.

use super::call;
use super::scope::{Meaning, Scope};
use crate::ast::{Ast, AstNode};
use crate::diagnostics::Sink;
use crate::ir::{BinaryOp, Expr, Node, Type};
use qingmu_model::Unit;
use std::ops::Range;

/// Where a sub-expression stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// Its value belongs to the subject.
    Subject,
    /// Inside an aggregate: its value belongs to one row.
    Row,
}

/// Checks an expression; every mistake in it is reported, not only the first.
pub(crate) fn check(ast: &Ast, scope: &Scope<'_>, place: Place, sink: &mut Sink) -> Option<Node> {
    let span = ast.span.clone();
    let (expr, ty) = match &ast.node {
        AstNode::Number(value) => (Expr::Number(*value), Type::Number(Unit::ONE)),
        AstNode::Bool(value) => (Expr::Bool(*value), Type::Bool),
        AstNode::Text(value) => (Expr::Text(value.clone()), Type::Text),
        AstNode::Name(name) => return self::name(name, &span, scope, place, sink),
        AstNode::Not(inner) => {
            let inner = condition(inner, "not", scope, place, sink)?;
            (Expr::Not(Box::new(inner)), Type::Bool)
        }
        AstNode::Neg(inner) => {
            let inner = number(inner, "-", scope, place, sink)?;
            let ty = inner.ty;
            (Expr::Neg(Box::new(inner)), ty)
        }
        AstNode::Binary(op, left, right) => {
            return binary(*op, [left, right], &span, scope, place, sink);
        }
        AstNode::Call { .. } => return call::check(ast, scope, place, sink),
    };
    Some(Node { expr, ty, span })
}

fn name(
    name: &str,
    span: &Range<usize>,
    scope: &Scope<'_>,
    place: Place,
    sink: &mut Sink,
) -> Option<Node> {
    let (expr, ty) = match scope.resolve(name) {
        Meaning::Known(expr, ty) => (expr, ty),
        Meaning::Broken => return None,
        Meaning::Unknown(near) => {
            let help = match (near, name.starts_with("p.")) {
                (Some(near), _) => format!("did you mean `{near}`?"),
                (None, true) => "declare it under [param] with value, unit and reason".to_owned(),
                (None, false) if matches!(name, "mu" | "yuan") => {
                    format!("only messages and evidence know `{name}`, and only if [flag] sets it")
                }
                (None, false) => scope.columns(),
            };
            let what = if name.starts_with("p.") { "parameter" } else { "column or let" };
            sink.report("name", span, format!("there is no {what} `{name}`"), "", help);
            return None;
        }
    };
    match &expr {
        Expr::Column { .. } if place == Place::Subject => {
            if let Some(by) = scope.by.as_ref().filter(|by| !by.iter().any(|key| key == name)) {
                let help = format!("write sum({name}), largest({name}) …, or put it into `by`");
                let message = format!("`{name}` differs inside a group of {}", by.join(", "));
                sink.report("scope", span, message, "", help);
                return None;
            }
        }
        Expr::Let(_) if place == Place::Row => {
            let aggregate = scope.lets.get(name).copied().flatten().is_some_and(|l| l.aggregate);
            if scope.by.is_some() || aggregate {
                let message = format!("`{name}` is a value of the whole subject, not of one row");
                let help = "inside an aggregate stand columns, parameters and functions of one row";
                sink.report("scope", span, message, "", help);
                return None;
            }
        }
        _ => {}
    }
    Some(Node { expr, ty, span: span.clone() })
}

/// A condition, or a mistake.
pub(crate) fn condition(
    ast: &Ast,
    of: &str,
    scope: &Scope<'_>,
    place: Place,
    sink: &mut Sink,
) -> Option<Node> {
    let node = check(ast, scope, place, sink)?;
    if node.ty == Type::Bool {
        return Some(node);
    }
    let message = format!("`{of}` takes a condition");
    sink.report(
        "type",
        &node.span,
        message,
        format!("this is {}", said(&node)),
        "compare it with something",
    );
    None
}

/// A number, or a mistake.
pub(crate) fn number(
    ast: &Ast,
    of: &str,
    scope: &Scope<'_>,
    place: Place,
    sink: &mut Sink,
) -> Option<Node> {
    let node = check(ast, scope, place, sink)?;
    if matches!(node.ty, Type::Number(_)) {
        return Some(node);
    }
    sink.report(
        "type",
        &node.span,
        format!("`{of}` takes numbers"),
        format!("this is {}", said(&node)),
        "give a number, or a column, parameter or let that is one",
    );
    None
}

fn binary(
    op: BinaryOp,
    sides: [&Ast; 2],
    span: &Range<usize>,
    scope: &Scope<'_>,
    place: Place,
    sink: &mut Sink,
) -> Option<Node> {
    let [left, right] = sides;
    let sign = symbol(op);
    let (mut left, mut right) = match op {
        BinaryOp::And | BinaryOp::Or => {
            (condition(left, sign, scope, place, sink), condition(right, sign, scope, place, sink))
        }
        BinaryOp::Eq | BinaryOp::Ne => {
            (check(left, scope, place, sink), check(right, scope, place, sink))
        }
        _ => (number(left, sign, scope, place, sink), number(right, sign, scope, place, sink)),
    };
    let (left, right) = (left.as_mut()?, right.as_mut()?);
    let ty = match op {
        BinaryOp::And | BinaryOp::Or => Type::Bool,
        BinaryOp::Mul | BinaryOp::Div => Type::Number(power(op, left, right, span, sink)?),
        BinaryOp::Add => Type::Number(same_unit(left, right, "added to", sink)?),
        BinaryOp::Sub => Type::Number(same_unit(left, right, "minus", sink)?),
        BinaryOp::Eq | BinaryOp::Ne if left.ty == Type::Text && right.ty == Type::Text => {
            Type::Bool
        }
        _ => {
            if !matches!((left.ty, right.ty), (Type::Number(_), Type::Number(_))) {
                let message = format!("`{sign}` compares numbers, or two texts");
                let help = "text is only compared with = and <>";
                sink.report("type", &right.span, message, format!("this is {}", said(right)), help);
                sink.also(&left.span, format!("this is {}", said(left)));
                return None;
            }
            same_unit(left, right, "compared with", sink)?;
            Type::Bool
        }
    };
    let expr = Expr::Binary(op, Box::new(left.clone()), Box::new(right.clone()));
    Some(Node { expr, ty, span: span.clone() })
}

/// Unit of a product or quotient.
fn power(
    op: BinaryOp,
    left: &Node,
    right: &Node,
    span: &Range<usize>,
    sink: &mut Sink,
) -> Option<Unit> {
    let (Type::Number(a), Type::Number(b)) = (left.ty, right.ty) else { return None };
    if op == BinaryOp::Div && is_zero(right) {
        let help = "leave it out, or divide by a column or a parameter";
        sink.report("zero", &right.span, "division by the literal 0 is always missing", "", help);
        return None;
    }
    let unit = if op == BinaryOp::Mul { a.times(b) } else { a.over(b) };
    if unit.is_none() {
        sink.report(
            "unit",
            span,
            "no formula of the field needs such a high power of a unit",
            "",
            "products and quotients multiply and divide units: yuan/mu * mu = yuan",
        );
    }
    unit
}

/// Both sides in one unit; the literal `0` takes any.
pub(crate) fn same_unit(
    left: &mut Node,
    right: &mut Node,
    verb: &str,
    sink: &mut Sink,
) -> Option<Unit> {
    let (Type::Number(a), Type::Number(b)) = (left.ty, right.ty) else { return None };
    if a == b {
        return Some(a);
    }
    if is_zero(left) {
        take_unit(left, b);
        return Some(b);
    }
    if is_zero(right) {
        take_unit(right, a);
        return Some(a);
    }
    // The bare number is what is wrong, whichever side it stands on.
    let (wrong, other) = if is_literal(left) { (&*left, &*right) } else { (&*right, &*left) };
    let (Type::Number(unit), bare) = (other.ty, is_literal(wrong)) else { return None };
    let (message, help) = if bare {
        (
            format!("{unit} {verb} a bare number"),
            format!("declare a parameter with unit = \"{unit}\" and a reason"),
        )
    } else {
        let message = format!("{a} {verb} {b}");
        (message, "both sides need one unit; multiply or divide by what is between them".to_owned())
    };
    sink.report(
        "unit",
        &wrong.span,
        message,
        format!("unit {}", if bare { Unit::ONE } else { b }),
        help,
    );
    sink.also(&other.span, format!("unit {unit}"));
    None
}

fn is_literal(node: &Node) -> bool {
    match &node.expr {
        Expr::Number(_) => true,
        Expr::Neg(inner) => is_literal(inner),
        _ => false,
    }
}

/// Whether this is the literal zero, which fits every unit.
pub(crate) fn is_zero(node: &Node) -> bool {
    match &node.expr {
        Expr::Number(value) => *value == 0.0,
        Expr::Neg(inner) => is_zero(inner),
        _ => false,
    }
}

/// Gives a zero its unit.
pub(crate) fn take_unit(node: &mut Node, unit: Unit) {
    node.ty = Type::Number(unit);
    if let Expr::Neg(inner) = &mut node.expr {
        take_unit(inner, unit);
    }
}

/// A type in words.
pub(crate) fn said(node: &Node) -> String {
    match node.ty {
        Type::Number(unit) if unit == Unit::ONE => "a plain number".to_owned(),
        Type::Number(unit) => format!("a number in {unit}"),
        Type::Bool => "a condition".to_owned(),
        Type::Text => "a text".to_owned(),
    }
}

/// Whether an aggregate stands anywhere in an expression, through its `let`s too.
pub(crate) fn has_aggregate(node: &Node, scope: &Scope<'_>) -> bool {
    match &node.expr {
        Expr::Aggregate { .. } => true,
        Expr::Let(name) => scope.lets.get(name).copied().flatten().is_some_and(|l| l.aggregate),
        Expr::Not(inner) | Expr::Neg(inner) | Expr::Lag(inner) => has_aggregate(inner, scope),
        Expr::Binary(_, left, right) => has_aggregate(left, scope) || has_aggregate(right, scope),
        Expr::Call(_, args) => args.iter().any(|arg| has_aggregate(arg, scope)),
        Expr::Number(_) | Expr::Bool(_) | Expr::Text(_) | Expr::Column { .. } | Expr::Param(_) => {
            false
        }
    }
}

fn symbol(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Add => "+",
        BinaryOp::Sub => "-",
        BinaryOp::Mul => "*",
        BinaryOp::Div => "/",
        BinaryOp::Lt => "<",
        BinaryOp::Le => "<=",
        BinaryOp::Gt => ">",
        BinaryOp::Ge => ">=",
        BinaryOp::Eq => "=",
        BinaryOp::Ne => "<>",
        BinaryOp::And => "and",
        BinaryOp::Or => "or",
    }
}
