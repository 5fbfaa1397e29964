//! Rule files: load, parse, check names, types and units, lint; no engine.

mod ast;
mod cases;
mod catalogue;
mod check;
mod chinese;
mod diagnostics;
mod file;
mod ir;
mod lint;
#[cfg(test)]
mod mistakes_tests;
mod pack;
mod parse;
mod rule;
mod source;
mod span;
mod template;
#[cfg(test)]
mod testkit;

pub use catalogue::Catalogue;
pub use diagnostics::{Diagnostic, Diagnostics};
pub use ir::{Aggregate, BinaryOp, Expr, Function, Node, Type};
pub use lint::{Finding, lint};
pub use pack::{Pack, load_pack};
pub use rule::{
    Bands, Cell, EvidenceRows, Flag, Format, Law, Legit, Param, Piece, Rule, RuleTest, Status,
    Template, Want,
};
pub use source::PackSource;
