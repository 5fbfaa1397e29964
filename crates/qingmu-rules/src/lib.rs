//! Rules on views: measured columns, two engines that must agree, traces, the rules' own tests.
//!
//! What a rule file may say is the business of `qingmu-lang`; its words are handed on from here.

#[cfg(test)]
mod agree;
mod catalogue;
mod error;
mod evaluate;
mod frame;
mod interpret;
mod judge;
mod lower;
mod measure;
mod partition;
mod render;
mod spread;
#[cfg(test)]
mod testkit;
mod testrun;
mod trace;
mod uses;
mod value;

pub use catalogue::{column_about, column_names, column_type, load_pack};
pub use error::RuleError;
pub use evaluate::{EvalOptions, Evaluation, evaluate, view};
pub use qingmu_lang::{
    Diagnostic, Diagnostics, Expr, Finding, Node, Pack, PackSource, Piece, Rule, Status, lint,
};
pub use testrun::{TestFailure, run_tests};
pub use trace::{Step, Trace, trace};
