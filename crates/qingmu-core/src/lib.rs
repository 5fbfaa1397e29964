//! The columnar scan: claims and baselines to exact views, parallel, in bounded memory.

mod catalogue;
mod coverage;
mod kernel;
pub mod recount;
#[cfg(test)]
mod refused_tests;
mod scan;
mod views;

pub use catalogue::{column_about, column_names, column_table, column_type};
pub use qingmu_input::{
    Format, InputError as CoreError, InputFile, InputSet, RowQuery, SourceRow, decoding, discover,
    load_project, sha256_file, source_rows,
};
pub use qingmu_model::{Column, ColumnType, Data, View, ViewName};
pub use qingmu_registers::view_tables;
pub use scan::{Progress, Scan, ScanOptions, scan};
