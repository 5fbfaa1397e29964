//! The second opinion: figures of the views re-added from rows of the input, without the columnar scan.

mod base;
mod readd;

pub use readd::{Key, Readded, RowSet, is_standard_error};
