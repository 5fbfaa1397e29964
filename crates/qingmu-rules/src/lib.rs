//! Rule files: load, check types and units, test, evaluate on views.

mod ir;
mod rule;

pub use ir::{Aggregate, BinaryOp, Expr, Function, Node, Type};
pub use rule::{
    Bands, Cell, EvidenceRows, Flag, Format, Law, Legit, Param, Piece, Rule, RuleTest, Status,
    Template, Want,
};
