//! Input folders: find tables, check cells, read rows of claims and other tables, and show any row again.

mod batch;
mod cells;
mod cells_date;
mod claim_records;
mod claim_row;
mod claims_csv;
mod claims_fast;
mod claims_parquet;
mod columns;
mod config;
mod damage;
mod digest;
mod error;
mod fast_columns;
#[cfg(any(test, feature = "fixture"))]
pub mod fixture;
mod hash;
mod input;
mod intern;
mod ledger;
mod money;
pub mod outcomes;
#[cfg(test)]
mod parity_tests;
mod parquet_columns;
pub mod places;
mod provenance;
mod refused;
mod registers;
mod rows;
#[cfg(test)]
mod rows_pass_tests;
mod source;
pub mod tables;

pub use batch::{
    ClaimBatch, ClaimTexts, MISSING_CODE, MISSING_FIXED, MISSING_GROUP, MISSING_ID, TextColumn,
};
pub use cells::YEARS;
pub use cells_date::year_start;
pub use claim_records::{ClaimRecord, each_claim};
pub use claims_fast::Interest;
pub use claims_parquet::Want;
pub use config::load_project;
pub use damage::decoding;
pub use digest::{sha256_all, sha256_file};
pub use error::InputError;
pub use hash::id_hash;
pub use input::{Format, InputFile, InputSet, discover};
pub use provenance::{Origin, RowQuery, SourceRow, source_rows};
pub use refused::Refused;
pub use source::ClaimsSource;
