//! Rule files: load, check types and units, test, evaluate on views.

mod ast;
mod cases;
mod catalogue;
mod check;
mod diagnostics;
mod error;
mod file;
mod frame;
mod interpret;
mod ir;
mod judge;
mod lower;
mod measure;
mod pack;
mod parse;
mod partition;
mod rule;
mod source;
mod span;
mod spread;
mod template;
mod uses;
mod value;

pub use catalogue::column_type;
pub use diagnostics::{Diagnostic, Diagnostics};
pub use error::RuleError;
pub use ir::{Aggregate, BinaryOp, Expr, Function, Node, Type};
pub use pack::{Pack, load_pack};
pub use rule::{
    Bands, Cell, EvidenceRows, Flag, Format, Law, Legit, Param, Piece, Rule, RuleTest, Status,
    Template, Want,
};
pub use source::PackSource;
