//! Rows to Parquet: decimals as scaled integers, texts as dictionaries, zstd, only columns that hold something.

use super::column;
use crate::{
    resolve::{Held, Standing},
    tables::LedgerTable,
    value::{Cell, Row},
};
use arrow::{
    array::{
        ArrayRef, BooleanArray, Date32Array, Decimal128Array, Float64Array, Int64Array,
        RecordBatch, StringArray,
    },
    datatypes::{Field, Schema},
};
use parquet::{
    arrow::{ArrowWriter, arrow_writer::ArrowWriterOptions},
    basic::{Compression, ZstdLevel},
    errors::ParquetError,
    file::properties::WriterProperties,
    schema::types::ColumnPath,
};
use qingmu_model::{ColumnKind, Mu, Yuan};
use std::sync::Arc;

/// Rows of a group: the unit of parallel reading.
const GROUP_ROWS: usize = 131_072;
/// Digits of decimals; up to 18 Parquet stores them as 64-bit integers.
const DIGITS: u8 = 18;

type Columns = Vec<(&'static str, ArrayRef)>;

/// A file of rows in force.
pub(crate) fn standing_bytes(
    table: &LedgerTable,
    rows: &[Standing],
) -> Result<Vec<u8>, ParquetError> {
    let all: Vec<&Row> = rows.iter().map(|s| &s.row).collect();
    let mut columns = columns(table, &all)?;
    if rows.iter().any(|s| s.derived) {
        let flags: BooleanArray = rows.iter().map(|s| Some(s.derived)).collect();
        columns.push((column::DERIVED, Arc::new(flags)));
    }
    file(columns)
}

/// A file of rows that are in no sum.
pub(crate) fn held_bytes(table: &LedgerTable, rows: &[Held]) -> Result<Vec<u8>, ParquetError> {
    let all: Vec<&Row> = rows.iter().map(|h| &h.row).collect();
    let mut columns = columns(table, &all)?;
    let reasons: StringArray = rows.iter().map(|h| Some(h.reason.word())).collect();
    let others: StringArray = rows.iter().map(|h| Some(h.other.as_str())).collect();
    columns.push((column::REASON, Arc::new(reasons)));
    columns.push((column::OTHER, Arc::new(others)));
    file(columns)
}

fn columns(table: &LedgerTable, rows: &[&Row]) -> Result<Columns, ParquetError> {
    let mut columns = Columns::new();
    for (at, spec) in table.columns.iter().enumerate() {
        if spec.required || rows.iter().any(|row| row.cells[at].is_some()) {
            columns.push((spec.name, array(spec.kind, at, rows)?));
        }
    }
    let text = |of: &dyn Fn(&Row) -> Option<String>| -> ArrayRef {
        Arc::new(rows.iter().map(|row| of(row)).collect::<StringArray>())
    };
    columns.push((column::FILE, text(&|r| Some(r.origin.file.to_string()))));
    columns.push((column::SHEET, text(&|r| Some(r.origin.sheet.to_string()))));
    let numbers = rows.iter().map(|r| i64::try_from(r.origin.row).ok());
    columns.push((column::ROW, Arc::new(numbers.collect::<Int64Array>())));
    columns.push((column::SHA256, text(&|r| Some(r.origin.sha256.to_string()))));
    if rows.iter().any(|row| !row.also.is_empty()) {
        let also = |r: &Row| (!r.also.is_empty()).then(|| r.also.join("; "));
        columns.push((column::ALSO, text(&also)));
    }
    Ok(columns)
}

fn array(kind: ColumnKind, at: usize, rows: &[&Row]) -> Result<ArrayRef, ParquetError> {
    let cells = rows.iter().map(|row| row.cells[at].as_ref());
    let fixed = |scale: u32| -> Result<ArrayRef, ParquetError> {
        let values = cells.clone().map(|c| match c {
            Some(Cell::Fixed(raw)) => Some(i128::from(*raw)),
            _ => None,
        });
        let scale = i8::try_from(scale).unwrap_or_default();
        let array = values.collect::<Decimal128Array>().with_precision_and_scale(DIGITS, scale)?;
        Ok(Arc::new(array))
    };
    Ok(match kind {
        ColumnKind::Mu => fixed(Mu::SCALE)?,
        ColumnKind::Yuan | ColumnKind::Rate => fixed(Yuan::SCALE)?,
        ColumnKind::Integer => {
            let of =
                |c: Option<&Cell>| if let Some(Cell::Integer(n)) = c { Some(*n) } else { None };
            Arc::new(cells.map(of).collect::<Int64Array>())
        }
        ColumnKind::Real => {
            let of = |c: Option<&Cell>| if let Some(Cell::Real(n)) = c { Some(*n) } else { None };
            Arc::new(cells.map(of).collect::<Float64Array>())
        }
        ColumnKind::Flag => {
            let of = |c: Option<&Cell>| if let Some(Cell::Flag(f)) = c { Some(*f) } else { None };
            Arc::new(cells.map(of).collect::<BooleanArray>())
        }
        ColumnKind::Date => {
            let of = |c: Option<&Cell>| if let Some(Cell::Date(d)) = c { Some(*d) } else { None };
            Arc::new(cells.map(of).collect::<Date32Array>())
        }
        ColumnKind::Text
        | ColumnKind::Village
        | ColumnKind::Region
        | ColumnKind::Person
        | ColumnKind::Account
        | ColumnKind::Season => {
            let of = |c: Option<&Cell>| {
                if let Some(Cell::Text(t)) = c { Some(t.to_string()) } else { None }
            };
            Arc::new(cells.map(of).collect::<StringArray>())
        }
    })
}

fn file(columns: Columns) -> Result<Vec<u8>, ParquetError> {
    let fields = columns
        .iter()
        .map(|(name, array)| Field::new(*name, array.data_type().clone(), array.null_count() > 0));
    let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
    let arrays = columns.into_iter().map(|(_, array)| array).collect();
    let batch = RecordBatch::try_new(Arc::clone(&schema), arrays)?;
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(3)?))
        .set_max_row_group_row_count(Some(GROUP_ROWS))
        // Every number differs: a dictionary would hold the column a second time.
        .set_column_dictionary_enabled(ColumnPath::from("claim_id"), false)
        // The default names the version of a library, which would change the bytes with every upgrade.
        .set_created_by("qingmu".to_owned())
        .build();
    let options =
        ArrowWriterOptions::new().with_properties(properties).with_skip_arrow_metadata(true);
    let mut writer = ArrowWriter::try_new_with_options(Vec::new(), schema, options)?;
    writer.write(&batch)?;
    writer.into_inner()
}
