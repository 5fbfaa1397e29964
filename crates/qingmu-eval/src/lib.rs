//! How well listed village-years match what was planted.
//!
//! A village-year is a village in one year. A list may name a village-year more than once (as a lead of its own and as a
//! member of a ring): its best score and its least q count.

mod measure;
mod read;
#[cfg(test)]
mod tests;
mod text;

pub use measure::{
    ByType, Discovery, Estimates, Evaluation, Graded, Inspected, Precision, Rings, evaluate,
};
pub use read::{Case, EvalError, Listed, Truths, only_year, read_leads, read_truth};
