//! Real files to canonical rows: encodings, header mapping, units, identity checks, control totals.

mod amounts;
mod code_map;
mod dates;
mod error;
#[cfg(test)]
mod fixture;
mod header;
mod identity;
mod interpret;
pub mod isolate;
mod limits;
mod read;
mod regions;
mod sheet;
mod structure;
mod units;
mod workbook;
mod zipcheck;

pub use amounts::{Amount, read_amount};
pub use code_map::{CodeChange, CodeMap, CodeMapError};
pub use dates::{Date, read_date};
pub use error::{IngestError, Refusal, RefusalCode};
pub use header::{MappedColumn, Mapping, MappingError};
pub use identity::{
    IdColumn, IdRule, Identity, KeyError, MasterKey, Pseudonyms, Purpose, read_account, read_id,
};
pub use interpret::{
    CanonicalRow, Context, Control, Field, FieldValue, InterpretError, Interpreted, THRESHOLD,
    Warning, interpret, letters,
};
pub use limits::Limits;
pub use read::{NO_VALUE, ReadOptions, digest, read_file, read_into};
pub use regions::{VillageRow, Villages};
pub use sheet::{Cell, Merge, RawSheet, Value};
pub use structure::{Reconciled, SkipReason, TotalKind, group_number};
pub use units::{Measure, Slip, SourceUnit, unit_slips};
pub use workbook::{EncodingGuess, Format, Found, Note, RawWorkbook, SheetBuilder, Sink, place};
