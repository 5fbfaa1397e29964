//! Small input files for tests. Every person, account and village name in them is invented.

use crate::{Format, InputFile};
use arrow::array::{ArrayRef, RecordBatch, StringArray};
use parquet::{arrow::ArrowWriter, file::properties::WriterProperties};
use std::{error::Error, fs, path::Path, sync::Arc};

/// What tests return.
pub type Tested = Result<(), Box<dyn Error>>;

/// Rows of text.
pub type TextRows = Vec<Vec<String>>;

/// Columns of a full claims table, as a scan reads them.
pub const CLAIMS: &str = "claim_id,year,season,programme,crop,village_code,claimant_id,\
household_id,account,area_mu,rate_yuan_per_mu,amount_yuan,approver_id";

/// A sound claim of the columns [`CLAIMS`].
pub const CLAIM: &str = "c1,2023,A,GRAIN,maize,990001001001,990001197001011230,h1,\
6217000012345678,12.5,100,1250,a1";

/// Columns of a full baselines table, as a scan reads them.
pub const BASELINES: &str = "village_code,year,season,crop,area_mu,source,se_mu,independent";

/// A sound row of the columns [`BASELINES`].
pub const BASELINE: &str = "990001001001,2023,A,maize,800,remote_sensing,40,true";

/// Splits a line at its commas.
#[must_use]
pub fn cells(line: &str) -> Vec<String> {
    line.split(',').map(str::to_owned).collect()
}

/// A line with one cell replaced.
#[must_use]
pub fn with(header: &str, line: &str, column: &str, value: &str) -> Vec<String> {
    let place = header.split(',').position(|name| name == column);
    let mut row = cells(line);
    if let Some(cell) = place.and_then(|p| row.get_mut(p)) {
        value.clone_into(cell);
    }
    row
}

/// Writes a CSV file and gives its place in a folder.
///
/// # Errors
/// What the file system or the writer refused.
pub fn csv_file(
    root: &Path,
    name: &str,
    header: &str,
    rows: &TextRows,
) -> Result<InputFile, Box<dyn Error>> {
    let path = root.join(name);
    let mut writer = csv::WriterBuilder::new().flexible(true).from_path(&path)?;
    writer.write_record(header.split(','))?;
    for row in rows {
        writer.write_record(row)?;
    }
    writer.flush()?;
    Ok(InputFile { path, name: name.to_owned(), format: Format::Csv })
}

/// Writes a Parquet file of text columns with row groups of seven rows; empty cells are null.
///
/// # Errors
/// What the file system or the writer refused.
pub fn parquet_file(
    root: &Path,
    name: &str,
    header: &str,
    rows: &TextRows,
) -> Result<InputFile, Box<dyn Error>> {
    let columns = header.split(',').enumerate().map(|(place, column)| {
        let values = rows.iter().map(|row| row.get(place).filter(|v| !v.is_empty()));
        (column, Arc::new(values.collect::<StringArray>()) as ArrayRef)
    });
    arrays_file(root, name, columns.collect())
}

/// Writes a Parquet file of any columns.
///
/// # Errors
/// What the file system or the writer refused.
pub fn arrays_file(
    root: &Path,
    name: &str,
    columns: Vec<(&str, ArrayRef)>,
) -> Result<InputFile, Box<dyn Error>> {
    let path = root.join(name);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let batch = RecordBatch::try_from_iter(columns)?;
    let properties = WriterProperties::builder().set_max_row_group_row_count(Some(7)).build();
    let file = fs::File::create(&path)?;
    let mut writer = ArrowWriter::try_new(file, batch.schema(), Some(properties))?;
    writer.write(&batch)?;
    writer.close()?;
    Ok(InputFile { path, name: name.to_owned(), format: Format::Parquet })
}
