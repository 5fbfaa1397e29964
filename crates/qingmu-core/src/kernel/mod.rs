//! The kernel: claims to exact facts, row groups in parallel, identities in bounded memory.
//!
//! Three kinds of pass over the claims, all exact and independent of order:
//! 1. *sums*: every batch into the cells of the panel (integers), and small records of who claimed where;
//! 2. further *record* passes, only if the records do not fit the memory given: each keeps another share of
//!    the partitions (by hash of the identity), so any limit gives the same result;
//! 3. one *detail* pass for what is worth listing: identities flagged by the records come back in clear text.

mod cells;
mod detail;
mod frame;
mod gaps;
mod passes;
mod people;
mod records;
mod worker;

pub(crate) use passes::run;
pub(crate) use worker::FileTotals;
