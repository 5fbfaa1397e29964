//! The columnar scan: claims and baselines to exact views, parallel, in bounded memory.

mod batch;
mod catalogue;
mod cells;
mod claim_row;
mod claims_csv;
mod claims_fast;
mod claims_parquet;
mod columns;
mod config;
mod damage;
mod digest;
mod error;
#[cfg(test)]
mod fixture;
mod hash;
mod input;
mod intern;
mod kernel;
#[cfg(test)]
mod parity_tests;
mod parquet_columns;
mod provenance;
mod refused;
mod rows;
mod scan;
mod tables;
mod views;

pub use catalogue::{column_names, column_table, column_type};
pub use config::load_project;
pub use digest::sha256_file;
pub use error::CoreError;
pub use input::{Format, InputFile, InputSet, discover};
pub use provenance::{RowQuery, SourceRow, source_rows};
pub use qingmu_model::{Column, ColumnType, Data, View, ViewName};
pub use scan::{Progress, Scan, ScanOptions, scan};
