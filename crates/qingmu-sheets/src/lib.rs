//! Workbooks and tables as the file holds them: xlsx, xls, ods, CSV, TSV, Parquet; untrusted files in a process of their own.
//!
//! Nothing is interpreted here. A file gives sparse cells, merged regions, hidden rows and notes, or it is refused
//! with its digest and the reason; never a part of it in silence.

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
pub use sheet::{Cell, Merge, RawSheet, Row, Value, letters, place};
pub use workbook::{EncodingGuess, Format, Found, Note, RawWorkbook, SheetBuilder, Sink};
