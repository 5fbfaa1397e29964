//! From the parser's tree to ours; whatever is not named here is refused.

use super::Refusal;
use super::tokens::Tokens;
use crate::ast::{Ast, AstNode};
use crate::ir::BinaryOp;
use sqlparser::ast::{
    BinaryOperator, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, Ident,
    UnaryOperator, Value, WindowType,
};
use sqlparser::tokenizer::Token;
use std::ops::Range;

/// Converts a parsed expression; spans are kept as ranges of tokens, so they are exact.
pub(super) struct Converter<'a> {
    tokens: &'a Tokens,
    place: &'a dyn Fn(&Range<usize>) -> Range<usize>,
}

/// A converted node with its first and last token.
struct Part {
    node: AstNode,
    first: usize,
    last: usize,
}

const REFUSED: &str = "this form is not part of the rule language";

impl<'a> Converter<'a> {
    pub(super) fn new(
        tokens: &'a Tokens,
        place: &'a dyn Fn(&Range<usize>) -> Range<usize>,
    ) -> Self {
        Self { tokens, place }
    }

    /// The whole expression.
    pub(super) fn ast(&self, expr: &Expr) -> Result<Ast, Refusal> {
        let part = self.part(expr)?;
        Ok(self.close(part))
    }

    fn part(&self, expr: &Expr) -> Result<Part, Refusal> {
        match expr {
            Expr::Identifier(name) => self.name(std::slice::from_ref(name)),
            Expr::CompoundIdentifier(names) => self.name(names),
            Expr::Value(value) => {
                let first = self.index(value.span.start)?;
                let node = self.literal(&value.value, first)?;
                Ok(Part { node, first, last: first })
            }
            Expr::Nested(inner) => {
                let part = self.part(inner)?;
                Ok(Part { first: part.first.saturating_sub(1), last: part.last + 1, ..part })
            }
            Expr::UnaryOp { op, expr } => {
                let part = self.part(expr)?;
                let (first, last) = (part.first.saturating_sub(1), part.last);
                let inner = Box::new(self.close(part));
                match op {
                    UnaryOperator::Not => Ok(Part { node: AstNode::Not(inner), first, last }),
                    UnaryOperator::Minus => Ok(Part { node: AstNode::Neg(inner), first, last }),
                    _ => Err(self.refuse(first, "a sign is `-`")),
                }
            }
            Expr::BinaryOp { left, op, right } => {
                let (left, right) = (self.part(left)?, self.part(right)?);
                let (first, last) = (left.first, right.last);
                let Some(op) = operator(op) else {
                    return Err(self.refuse(
                        left.last + 1,
                        "the operators are + - * / < <= > >= = <> and or not",
                    ));
                };
                let node =
                    AstNode::Binary(op, Box::new(self.close(left)), Box::new(self.close(right)));
                Ok(Part { node, first, last })
            }
            Expr::Function(function) => self.call(function),
            other => Err(self.refuse_expr(other)),
        }
    }

    fn name(&self, names: &[Ident]) -> Result<Part, Refusal> {
        let [first, .., last] = names else {
            let at = names.first().map_or(Ok(0), |n| self.index(n.span.start))?;
            let text = names.first().map(|n| n.value.clone()).unwrap_or_default();
            return Ok(Part { node: AstNode::Name(text), first: at, last: at });
        };
        let (first, last) = (self.index(first.span.start)?, self.index(last.span.start)?);
        let text: Vec<&str> = names.iter().map(|n| n.value.as_str()).collect();
        Ok(Part { node: AstNode::Name(text.join(".")), first, last })
    }

    fn literal(&self, value: &Value, at: usize) -> Result<AstNode, Refusal> {
        match value {
            Value::Number(text, false) => match text.parse::<f64>() {
                Ok(number) if number.is_finite() => Ok(AstNode::Number(number)),
                _ => Err(Refusal::new(
                    self.tokens.range(at),
                    "this number is out of range",
                    "write a number below 1e308",
                )),
            },
            Value::SingleQuotedString(text) => Ok(AstNode::Text(text.clone())),
            Value::Boolean(flag) => Ok(AstNode::Bool(*flag)),
            _ => Err(self.refuse(at, "literals are numbers, 'texts', true and false")),
        }
    }

    fn call(&self, function: &Function) -> Result<Part, Refusal> {
        let name = function.name.0.first().and_then(|part| part.as_ident());
        let name = name.ok_or_else(|| Refusal::new(0..0, REFUSED, ""))?;
        let first = self.index(name.span.start)?;
        let plain = function.name.0.len() == 1
            && !function.uses_odbc_syntax
            && function.parameters == FunctionArguments::None
            && function.within_group.is_empty()
            && function.filter.is_none()
            && function.null_treatment.is_none();
        let FunctionArguments::List(given) = &function.args else {
            return Err(self.refuse(first, "a function is written `name(argument, …)`"));
        };
        if !plain || given.duplicate_treatment.is_some() || !given.clauses.is_empty() {
            return Err(self.refuse(first, "a function is written `name(argument, …)`"));
        }
        let mut args = Vec::new();
        for arg in &given.args {
            let FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) = arg else {
                return Err(self.refuse(
                    first,
                    "rows are counted by `count()`, without `*`; arguments have no names",
                ));
            };
            args.push(self.ast(expr)?);
        }
        let mut last = self.tokens.closing(first + 1).unwrap_or(first);
        let over = match &function.over {
            None => None,
            Some(window) => {
                let over_word = last + 1;
                last = self.tokens.closing(over_word + 1).unwrap_or(over_word);
                Some(self.partition(window, over_word)?)
            }
        };
        let name_span = (self.place)(&self.tokens.range(first));
        let node = AstNode::Call { name: name.value.clone(), name_span, args, over };
        Ok(Part { node, first, last })
    }

    fn partition(
        &self,
        window: &WindowType,
        at: usize,
    ) -> Result<Vec<(String, Range<usize>)>, Refusal> {
        let form = "a window is `over (partition by a, b)`";
        let WindowType::WindowSpec(spec) = window else {
            return Err(self.refuse(at, form));
        };
        let bare = spec.window_name.is_none()
            && spec.order_by.is_empty()
            && spec.window_frame.is_none()
            && !spec.partition_by.is_empty();
        if !bare {
            return Err(self.refuse(at, form));
        }
        let mut columns = Vec::new();
        for expr in &spec.partition_by {
            let ast = self.ast(expr)?;
            let AstNode::Name(name) = ast.node else {
                return Err(self.refuse(at, "a window is partitioned by plain columns"));
            };
            columns.push((name, ast.span));
        }
        Ok(columns)
    }

    fn close(&self, part: Part) -> Ast {
        let range = self.tokens.range(part.first).start..self.tokens.range(part.last).end;
        Ast { node: part.node, span: (self.place)(&range) }
    }

    fn index(&self, start: sqlparser::tokenizer::Location) -> Result<usize, Refusal> {
        self.tokens.at(start).ok_or_else(|| Refusal::new(0..0, REFUSED, ""))
    }

    fn refuse(&self, token: usize, help: &str) -> Refusal {
        Refusal::new(self.tokens.range(token), REFUSED, help)
    }

    fn refuse_expr(&self, expr: &Expr) -> Refusal {
        use sqlparser::ast::Spanned;
        let at = self.tokens.at(expr.span().start).unwrap_or(0);
        // A tuple is the likeliest of the forms that are left: its span begins behind the parenthesis.
        let open = at.checked_sub(1).filter(|i| self.tokens.token(*i) == Some(&Token::LParen));
        self.refuse(open.unwrap_or(at), "expressions are columns, numbers, operators and functions")
    }
}

fn operator(op: &BinaryOperator) -> Option<BinaryOp> {
    Some(match op {
        BinaryOperator::Plus => BinaryOp::Add,
        BinaryOperator::Minus => BinaryOp::Sub,
        BinaryOperator::Multiply => BinaryOp::Mul,
        BinaryOperator::Divide => BinaryOp::Div,
        BinaryOperator::Lt => BinaryOp::Lt,
        BinaryOperator::LtEq => BinaryOp::Le,
        BinaryOperator::Gt => BinaryOp::Gt,
        BinaryOperator::GtEq => BinaryOp::Ge,
        BinaryOperator::Eq => BinaryOp::Eq,
        BinaryOperator::NotEq => BinaryOp::Ne,
        BinaryOperator::And => BinaryOp::And,
        BinaryOperator::Or => BinaryOp::Or,
        _ => return None,
    })
}
