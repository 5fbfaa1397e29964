//! Functions of one row, `lag`, and aggregates.

use super::expr::{self, Place, is_zero, said, same_unit, take_unit};
use super::scope::Scope;
use crate::ast::{Ast, AstNode};
use crate::diagnostics::{Sink, nearest};
use crate::ir::{Aggregate, Expr, Function, Node, Type};
use qingmu_model::Unit;
use std::ops::Range;

/// Every function of the language.
const NAMES: [&str; 13] = [
    "lag", "max", "min", "hypot", "abs", "coalesce", "known", "sum", "count", "distinct",
    "largest", "smallest", "any",
];

/// Functions of SQL and what rules write instead.
const SYNONYMS: [(&str, &str); 11] = [
    ("avg", "sum(x) / count()"),
    ("mean", "sum(x) / count()"),
    ("greatest", "max(a, b)"),
    ("least", "min(a, b)"),
    ("ifnull", "coalesce(a, b)"),
    ("nvl", "coalesce(a, b)"),
    ("sqrt", "hypot(a, b)"),
    ("prev", "lag(x)"),
    ("bool_or", "any(x)"),
    ("every", "not any(not x)"),
    ("count_distinct", "distinct(x)"),
];

/// One call, as written.
struct Call<'a> {
    name: &'a str,
    name_span: &'a Range<usize>,
    span: &'a Range<usize>,
    args: &'a [Ast],
    over: Option<&'a [(String, Range<usize>)]>,
}

/// Checks a call.
pub(crate) fn check(ast: &Ast, scope: &Scope<'_>, place: Place, sink: &mut Sink) -> Option<Node> {
    let AstNode::Call { name, name_span, args, over } = &ast.node else { return None };
    let call = Call { name, name_span, span: &ast.span, args, over: over.as_deref() };
    let (expr, ty) = if let Some(kind) = aggregate_named(name) {
        aggregate(kind, &call, scope, place, sink)?
    } else if call.over.is_some() && NAMES.contains(&call.name) {
        let message = format!("`{name}` takes no window");
        sink.report(
            "function",
            name_span,
            message,
            "",
            "`over` stands behind sum, count, distinct, largest, smallest, any",
        );
        return None;
    } else if name == "lag" {
        lag(&call, scope, place, sink)?
    } else if let Some(function) = function_named(name) {
        row_function(function, &call, scope, place, sink)?
    } else {
        return unknown(&call, sink);
    };
    Some(Node { expr, ty, span: ast.span.clone() })
}

fn unknown(call: &Call<'_>, sink: &mut Sink) -> Option<Node> {
    let lower = call.name.to_lowercase();
    let help = match SYNONYMS.iter().find(|(name, _)| *name == lower) {
        Some((_, instead)) => format!("write {instead}"),
        None => match nearest(&lower, NAMES) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the functions are {}", NAMES.join(", ")),
        },
    };
    sink.report(
        "function",
        call.name_span,
        format!("there is no function `{}`", call.name),
        "",
        help,
    );
    None
}

/// Reports a wrong number of arguments.
fn count_args(call: &Call<'_>, min: usize, max: usize, sink: &mut Sink) -> Option<()> {
    let n = call.args.len();
    if (min..=max).contains(&n) {
        return Some(());
    }
    let takes = match (min, max) {
        (0, 0) => "no argument".to_owned(),
        (1, 1) => "one argument".to_owned(),
        (2, 2) => "two arguments".to_owned(),
        _ => "two arguments or more".to_owned(),
    };
    let message = format!("`{}` takes {takes}, not {n}", call.name);
    sink.report("function", call.span, message, "", "a function is written `name(argument, …)`");
    None
}

fn row_function(
    function: Function,
    call: &Call<'_>,
    scope: &Scope<'_>,
    place: Place,
    sink: &mut Sink,
) -> Option<(Expr, Type)> {
    let (min, max) = match function {
        Function::Max | Function::Min | Function::Coalesce => (2, usize::MAX),
        Function::Hypot => (2, 2),
        Function::Abs | Function::Known => (1, 1),
    };
    count_args(call, min, max, sink)?;
    let any_type = matches!(function, Function::Coalesce | Function::Known);
    let checked: Vec<Option<Node>> = call
        .args
        .iter()
        .map(|arg| {
            if any_type {
                expr::check(arg, scope, place, sink)
            } else {
                expr::number(arg, call.name, scope, place, sink)
            }
        })
        .collect();
    let mut args: Vec<Node> = checked.into_iter().collect::<Option<_>>()?;
    let ty = match function {
        Function::Known => Type::Bool,
        _ => one_type(&mut args, call.name, sink)?,
    };
    Some((Expr::Call(function, args), ty))
}

/// One type and unit for all arguments; zeros take the unit of the others.
fn one_type(args: &mut [Node], name: &str, sink: &mut Sink) -> Option<Type> {
    let lead = args.iter().position(|arg| !is_zero(arg)).unwrap_or(0);
    let mut first = args.get(lead)?.clone();
    for arg in args.iter_mut() {
        match (first.ty, arg.ty) {
            (Type::Number(unit), Type::Number(_)) if is_zero(arg) => take_unit(arg, unit),
            (Type::Number(_), Type::Number(_)) => {
                same_unit(&mut first, arg, &format!("in one `{name}` with"), sink)?;
            }
            (a, b) if a == b => {}
            _ => {
                let message = format!("`{name}` takes arguments of one type");
                let help = "both sides need one unit; multiply or divide by what is between them";
                sink.report("type", &arg.span, message, format!("this is {}", said(arg)), help);
                sink.also(&first.span, format!("this is {}", said(&first)));
                return None;
            }
        }
    }
    Some(first.ty)
}

fn lag(call: &Call<'_>, scope: &Scope<'_>, place: Place, sink: &mut Sink) -> Option<(Expr, Type)> {
    count_args(call, 1, 1, sink)?;
    if scope.by.is_some() {
        let help = "a group has no last year; use a view of villages, or a measured column";
        sink.report("scope", call.span, "`lag` stands only in rules without `by`", "", help);
        return None;
    }
    let arg = expr::check(call.args.first()?, scope, place, sink)?;
    let ty = arg.ty;
    Some((Expr::Lag(Box::new(arg)), ty))
}

fn aggregate(
    kind: Aggregate,
    call: &Call<'_>,
    scope: &Scope<'_>,
    place: Place,
    sink: &mut Sink,
) -> Option<(Expr, Type)> {
    if place == Place::Row {
        let help = "give the inner one a name under [let], in a rule of whole rows";
        sink.report("scope", call.span, "an aggregate cannot stand inside another", "", help);
        return None;
    }
    if scope.by.is_none() && call.over.is_none() {
        let help = format!(
            "write `{}(…) over (partition by …)`, or make groups the subject with rule.by",
            call.name
        );
        sink.report("scope", call.span, "the subject is one row: nothing to add up", "", help);
        return None;
    }
    let args = usize::from(kind != Aggregate::Count);
    count_args(call, args, args, sink)?;
    let over = match call.over {
        Some(columns) => Some(partition(columns, scope, sink)?),
        None => None,
    };
    let arg = match call.args.first() {
        Some(arg) => Some(argument(kind, arg, call, scope, sink)?),
        None => None,
    };
    let ty = match (kind, &arg) {
        (Aggregate::Any, _) => Type::Bool,
        (Aggregate::Sum | Aggregate::Largest | Aggregate::Smallest, Some(arg)) => arg.ty,
        _ => Type::Number(Unit::ONE),
    };
    Some((Expr::Aggregate { kind, arg: arg.map(Box::new), over }, ty))
}

fn argument(
    kind: Aggregate,
    arg: &Ast,
    call: &Call<'_>,
    scope: &Scope<'_>,
    sink: &mut Sink,
) -> Option<Node> {
    match kind {
        Aggregate::Any => expr::condition(arg, call.name, scope, Place::Row, sink),
        Aggregate::Distinct | Aggregate::Count => expr::check(arg, scope, Place::Row, sink),
        _ => expr::number(arg, call.name, scope, Place::Row, sink),
    }
}

/// Partition columns: of the subject's key where groups are judged, so that the value is one per group.
fn partition(
    columns: &[(String, Range<usize>)],
    scope: &Scope<'_>,
    sink: &mut Sink,
) -> Option<Vec<String>> {
    let before = sink.list.len();
    for (name, span) in columns {
        if scope.column(name).is_none() {
            let view = scope.view;
            let help = "`qingmu rules columns` lists the columns there are";
            sink.report("name", span, format!("`{name}` is no column of {view}"), "", help);
        } else if scope.by.as_ref().is_some_and(|by| !by.contains(name)) {
            let help = "put it into rule.by, or leave it out of the window";
            sink.report("scope", span, format!("`{name}` differs inside a group"), "", help);
        }
    }
    (sink.list.len() == before).then(|| columns.iter().map(|(name, _)| name.clone()).collect())
}

fn function_named(name: &str) -> Option<Function> {
    Some(match name {
        "max" => Function::Max,
        "min" => Function::Min,
        "hypot" => Function::Hypot,
        "abs" => Function::Abs,
        "coalesce" => Function::Coalesce,
        "known" => Function::Known,
        _ => return None,
    })
}

fn aggregate_named(name: &str) -> Option<Aggregate> {
    Some(match name {
        "count" => Aggregate::Count,
        "sum" => Aggregate::Sum,
        "distinct" => Aggregate::Distinct,
        "largest" => Aggregate::Largest,
        "smallest" => Aggregate::Smallest,
        "any" => Aggregate::Any,
        _ => return None,
    })
}
