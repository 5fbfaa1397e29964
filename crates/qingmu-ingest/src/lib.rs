//! Real files to canonical rows: encodings, header mapping, units, identity checks, control totals.

mod error;
pub mod isolate;
mod limits;
mod read;
mod sheet;
mod workbook;
mod zipcheck;

pub use error::{IngestError, Refusal, RefusalCode};
pub use limits::Limits;
pub use read::{NO_VALUE, ReadOptions, digest, read_file, read_into};
pub use sheet::{Cell, Merge, RawSheet, Value};
pub use workbook::{EncodingGuess, Format, Found, Note, RawWorkbook, SheetBuilder, Sink, place};
