//! Messages: text with `{name}`, `{claimed.grain:.1f}`, `{mu:.1f acre}`.

use crate::check::{Place, Scope, expression, said};
use crate::diagnostics::Sink;
use crate::file::Text;
use crate::ir::{Expr, Node, Type};
use crate::parse;
use crate::rule::{Format, Piece, Template};
use crate::span::StringMap;
use qingmu_model::{AreaUnit, Unit};
use std::ops::Range;

/// Most decimals a number is shown with.
const MAX_DECIMALS: usize = 6;

/// Reads a message and checks every placeholder.
pub(crate) fn read(text: &Text, scope: &Scope<'_>, sink: &mut Sink) -> Option<Template> {
    let map = StringMap::new(&sink.file.text, &text.span(), text.get_ref());
    let value = text.get_ref().as_str();
    let before = sink.list.len();
    let mut pieces: Template = Vec::new();
    let mut literal = String::new();
    let mut at = 0;
    while let Some(c) = value[at..].chars().next() {
        let doubled = value[at + c.len_utf8()..].starts_with(c);
        match c {
            '{' | '}' if doubled => {
                literal.push(c);
                at += 2;
            }
            '{' => {
                let end = value[at + 1..].find(['{', '}']).map(|i| at + 1 + i);
                let Some(end) = end.filter(|end| value[*end..].starts_with('}')) else {
                    let here = map.range(&(at..at + 1));
                    sink.report(
                        "message",
                        &here,
                        "`{` is never closed",
                        "",
                        "a brace itself is written `{{`",
                    );
                    return None;
                };
                if !literal.is_empty() {
                    pieces.push(Piece::Text(std::mem::take(&mut literal)));
                }
                pieces.extend(placeholder(value, &(at + 1..end), &map, scope, sink));
                at = end + 1;
            }
            '}' => {
                let here = map.range(&(at..at + 1));
                sink.report(
                    "message",
                    &here,
                    "`}` closes nothing",
                    "",
                    "a brace itself is written `}}`",
                );
                return None;
            }
            _ => {
                literal.push(c);
                at += c.len_utf8();
            }
        }
    }
    if !literal.is_empty() {
        pieces.push(Piece::Text(literal));
    }
    (sink.list.len() == before).then_some(pieces)
}

/// One placeholder: the bytes between its braces.
fn placeholder(
    value: &str,
    inside: &Range<usize>,
    map: &StringMap,
    scope: &Scope<'_>,
    sink: &mut Sink,
) -> Option<Piece> {
    let body = &value[inside.clone()];
    let (name, format) = match body.split_once(':') {
        Some((name, format)) => (name, Some(format)),
        None => (body, None),
    };
    let ast = parse::slice(name, inside.start, map, sink)?;
    let node = expression(&ast, scope, Place::Subject, sink)?;
    if !matches!(node.expr, Expr::Column { .. } | Expr::Let(_) | Expr::Param(_)) {
        let help = "give the expression a name under [let]";
        sink.report("message", &node.span, "a placeholder is a name, not an expression", "", help);
        return None;
    }
    let place = map.range(inside);
    let Type::Number(unit) = node.ty else {
        if node.ty == Type::Bool || format.is_some() {
            let message = format!(
                "`{name}` is {}: only numbers take a format, and conditions are not shown",
                said(&node)
            );
            let help = "give the number a name under [let], or leave the format out";
            sink.report("message", &place, message, "", help);
            return None;
        }
        return Some(Piece::Value(node, None));
    };
    let Some(format) = format else {
        if is_year(&node) {
            return Some(Piece::Value(node, None));
        }
        let help = format!("write `{{{name}:.1f}}`");
        sink.report("message", &place, format!("how many decimals of `{name}`?"), "", help);
        return None;
    };
    match read_format(format, unit) {
        Ok(format) => Some(Piece::Value(node, Some(format))),
        Err((message, help)) => {
            let start = inside.start + name.len() + 1;
            sink.report("message", &map.range(&(start..inside.end)), message, "", help);
            None
        }
    }
}

fn is_year(node: &Node) -> bool {
    matches!(&node.expr, Expr::Column { name, .. } if name == "year")
}

/// `.1f`, `.1f acre`, `.1f ha`, `.2f wan`.
fn read_format(format: &str, unit: Unit) -> Result<Format, (String, &'static str)> {
    let (digits, shown) = match format.split_once(' ') {
        Some((digits, shown)) => (digits, Some(shown)),
        None => (format, None),
    };
    let decimals = digits
        .strip_prefix('.')
        .and_then(|d| d.strip_suffix('f'))
        .and_then(|d| d.parse::<usize>().ok())
        .filter(|d| *d <= MAX_DECIMALS);
    let Some(decimals) = decimals else {
        let message = format!("`{format}` is no format");
        return Err((message, "a format is `.0f` to `.6f`, then perhaps ` acre`, ` ha` or ` wan`"));
    };
    let (needs, factor) = match shown {
        None => (unit, 1.0),
        Some("acre") => (Unit::MU, per_mu(AreaUnit::Acre)),
        Some("ha") => (Unit::MU, per_mu(AreaUnit::Hectare)),
        Some("wan") => (Unit::YUAN, 1e-4),
        Some(other) => {
            return Err((
                format!("there is no unit `{other}`"),
                "acre and ha show mu, wan shows yuan",
            ));
        }
    };
    if needs != unit {
        let message = format!("`{}` shows {needs}, this is in {unit}", shown.unwrap_or(""));
        return Err((message, "acre and ha show mu, wan shows yuan"));
    }
    Ok(Format { decimals, factor })
}

/// How many of a unit one mu is.
fn per_mu(unit: AreaUnit) -> f64 {
    let (mu, per) = unit.mu_ratio();
    per as f64 / mu as f64
}

#[cfg(test)]
mod tests;
