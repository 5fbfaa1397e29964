//! Real files to canonical rows: encodings, header mapping, units, identity checks, control totals.

mod sheet;

pub use sheet::{Cell, Merge, RawSheet, Value};
