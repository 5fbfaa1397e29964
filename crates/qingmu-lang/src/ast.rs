//! An expression between parsing and checking: names not yet resolved, types not yet known.

use crate::ir::BinaryOp;
use std::ops::Range;

/// An expression and the bytes of the rule file that it was written in.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Ast {
    pub(crate) node: AstNode,
    pub(crate) span: Range<usize>,
}

/// What was written.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum AstNode {
    Number(f64),
    Bool(bool),
    Text(String),
    /// A column, parameter or `let`, dots included.
    Name(String),
    Not(Box<Ast>),
    Neg(Box<Ast>),
    Binary(BinaryOp, Box<Ast>, Box<Ast>),
    Call {
        name: String,
        name_span: Range<usize>,
        args: Vec<Ast>,
        /// Partition columns of `over (partition by …)`.
        over: Option<Vec<(String, Range<usize>)>>,
    },
}

impl Ast {
    /// Calls `visit` with every name of the expression, partition columns included.
    pub(crate) fn names<'a>(&'a self, visit: &mut dyn FnMut(&'a str)) {
        match &self.node {
            AstNode::Number(_) | AstNode::Bool(_) | AstNode::Text(_) => {}
            AstNode::Name(name) => visit(name),
            AstNode::Not(inner) | AstNode::Neg(inner) => inner.names(visit),
            AstNode::Binary(_, left, right) => {
                left.names(visit);
                right.names(visit);
            }
            AstNode::Call { args, over, .. } => {
                for arg in args {
                    arg.names(visit);
                }
                for (name, _) in over.iter().flatten() {
                    visit(name);
                }
            }
        }
    }
}
