//! Rule files: load, check types and units, test, evaluate on views.

#[cfg(test)]
mod agree;
mod ast;
mod cases;
mod catalogue;
mod check;
mod diagnostics;
mod error;
mod evaluate;
mod file;
mod frame;
mod interpret;
mod ir;
mod judge;
mod lint;
mod lower;
mod measure;
mod pack;
mod parse;
mod partition;
mod render;
mod rule;
mod source;
mod span;
mod spread;
mod template;
#[cfg(test)]
mod testkit;
mod testrun;
mod trace;
mod uses;
mod value;

pub use catalogue::column_type;
pub use diagnostics::{Diagnostic, Diagnostics};
pub use error::RuleError;
pub use evaluate::{EvalOptions, Evaluation, evaluate};
pub use ir::{Aggregate, BinaryOp, Expr, Function, Node, Type};
pub use lint::{Finding, lint};
pub use pack::{Pack, load_pack};
pub use rule::{
    Bands, Cell, EvidenceRows, Flag, Format, Law, Legit, Param, Piece, Rule, RuleTest, Status,
    Template, Want,
};
pub use source::PackSource;
pub use testrun::{TestFailure, run_tests};
pub use trace::{Step, Trace, trace};
