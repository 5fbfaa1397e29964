//! From the text of an expression to its tree: SQL's expression syntax, cut down to an allow-list.
//!
//! The tokens are filtered before `sqlparser` sees them: every word but `and or not true false over
//! partition by` loses its meaning as a keyword, so nothing that reads tables, files or the clock can
//! even be written. What the parser makes of the rest is converted node by node; anything not listed in
//! [`convert`] is refused.

mod convert;
mod tokens;

use crate::ast::Ast;
use crate::diagnostics::Sink;
use crate::file::Text;
use crate::span::StringMap;
use sqlparser::dialect::Dialect;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::Token;
use std::ops::Range;
use tokens::Tokens;

/// Longest expression, bytes.
const MAX_LENGTH: usize = 2_000;
/// Most words, numbers and operators in one expression.
const MAX_TOKENS: usize = 400;
/// Deepest nesting of parentheses.
const MAX_NESTING: usize = 32;

/// SQL as rules write it: letters of any script in names, nothing else from any vendor.
#[derive(Debug)]
struct RuleDialect;

impl Dialect for RuleDialect {
    fn is_identifier_start(&self, ch: char) -> bool {
        ch.is_alphabetic() || ch == '_'
    }

    fn is_identifier_part(&self, ch: char) -> bool {
        ch.is_alphanumeric() || ch == '_'
    }
}

/// A mistake inside an expression; the range is of its text, not of the file.
#[derive(Debug)]
struct Refusal {
    at: Range<usize>,
    message: String,
    help: String,
}

impl Refusal {
    fn new(at: Range<usize>, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { at, message: message.into(), help: help.into() }
    }
}

/// Parses an expression of a rule file; a mistake is reported at its character.
pub(crate) fn expression(text: &Text, sink: &mut Sink) -> Option<Ast> {
    let map = StringMap::new(&sink.file.text, &text.span(), text.get_ref());
    slice(text.get_ref(), 0, &map, sink)
}

/// As [`expression`], for a piece of a string that starts at byte `offset` of it.
pub(crate) fn slice(text: &str, offset: usize, map: &StringMap, sink: &mut Sink) -> Option<Ast> {
    let shift = |r: &Range<usize>| map.range(&(r.start + offset..r.end + offset));
    match tree(text, &shift) {
        Ok(ast) => Some(ast),
        Err(refusal) => {
            sink.report("expression", &shift(&refusal.at), refusal.message, "", refusal.help);
            None
        }
    }
}

fn tree(text: &str, place: &dyn Fn(&Range<usize>) -> Range<usize>) -> Result<Ast, Refusal> {
    if text.trim().is_empty() {
        let help = "write what is to hold or to be counted";
        return Err(Refusal::new(0..text.len(), "an expression is missing", help));
    }
    if text.len() > MAX_LENGTH {
        let message = format!("an expression of {} bytes; at most {MAX_LENGTH}", text.len());
        return Err(Refusal::new(0..text.len(), message, "give its parts names under [let]"));
    }
    let tokens = Tokens::read(text)?;
    if tokens.len() > MAX_TOKENS {
        let message = format!("an expression of {} words; at most {MAX_TOKENS}", tokens.len());
        return Err(Refusal::new(0..text.len(), message, "give its parts names under [let]"));
    }
    if let Some(at) = tokens.deeper_than(MAX_NESTING) {
        return Err(nested_too_deep(at));
    }
    // Every level of ours costs the parser at most four of its own.
    let mut parser = Parser::new(&RuleDialect)
        .with_recursion_limit(4 * MAX_NESTING)
        .with_tokens_with_locations(tokens.for_parser());
    let parsed = parser.parse_expr().map_err(|error| parse_refusal(&error, &tokens, text))?;
    let next = parser.peek_token();
    if next.token != Token::EOF {
        let at = tokens.at(next.span.start).map_or(text.len()..text.len(), |i| tokens.range(i));
        let message = format!("`{}` is not expected here", &text[at.clone()]);
        return Err(Refusal::new(at, message, "an operator is missing, or a parenthesis too many"));
    }
    convert::Converter::new(&tokens, place).ast(&parsed)
}

fn nested_too_deep(at: Range<usize>) -> Refusal {
    let message = format!("nested more than {MAX_NESTING} deep");
    Refusal::new(at, message, "give its parts names under [let]")
}

const NO_EXPRESSION: &str = "these words make no expression";

/// The parser's message without its own idea of the place, at our place.
fn parse_refusal(error: &ParserError, tokens: &Tokens, text: &str) -> Refusal {
    let message = match error {
        ParserError::RecursionLimitExceeded => return nested_too_deep(0..text.len()),
        ParserError::ParserError(message) | ParserError::TokenizerError(message) => message,
    };
    let (what, place) = message.split_once(" at Line: ").unwrap_or((message, ""));
    let what = what.replacen("Expected: ", "expected ", 1).replace(", found: EOF", ", but it ends");
    // The parser has words of its own for what no filtered expression should reach.
    let what = if what.starts_with("expected ") { what } else { NO_EXPRESSION.to_owned() };
    let at = place
        .split_once(", Column: ")
        .and_then(|(line, column)| Some((line.parse().ok()?, column.trim().parse().ok()?)))
        .and_then(|(line, column)| tokens.at(sqlparser::tokenizer::Location { line, column }))
        .map_or(text.len()..text.len(), |i| tokens.range(i));
    let help = "look at the brackets and operators around this place";
    Refusal::new(at, what.replacen(", found: ", ", found ", 1), help)
}

#[cfg(test)]
mod tests;
