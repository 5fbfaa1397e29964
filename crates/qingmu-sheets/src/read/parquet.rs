//! Parquet: the names of its columns become the first row, so that it is read like every other table.

use crate::error::{Refusal, RefusalCode};
use crate::sheet::Value;
use crate::workbook::Sink;
use arrow::array::{Array, ArrayRef, AsArray};
use arrow::compute::{CastOptions, cast_with_options};
use arrow::datatypes::{DataType, Date32Type, Float64Type};
use bytes::Bytes;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::errors::ParquetError;

/// Rows decoded at once.
const BATCH: usize = 8192;
/// 1970-01-01 as a spreadsheet serial number.
const EPOCH: f64 = 25_569.0;

/// Reads a Parquet file.
pub(super) fn read<S: Sink>(bytes: Vec<u8>, sink: &mut S) -> Result<(), Refusal> {
    let builder =
        ParquetRecordBatchReaderBuilder::try_new(Bytes::from(bytes)).map_err(|e| broken(&e))?;
    let schema = builder.schema().clone();
    sink.sheet("", false)?;
    let mut names = std::collections::BTreeSet::new();
    for (column, field) in (0_u32..).zip(schema.fields()) {
        target(field.data_type()).ok_or_else(|| unreadable(field.name(), field.data_type()))?;
        if !names.insert(field.name()) {
            return Err(Refusal::damaged(
                format!("列 {} 重名", field.name()),
                format!("two columns are named {}", field.name()),
            ));
        }
        sink.cell(0, column, Value::Text(field.name().clone()))?;
    }
    let reader = builder.with_batch_size(BATCH).build().map_err(|e| broken(&e))?;
    let mut first = 1_u32;
    for batch in reader {
        let batch = batch.map_err(|e| broken(&ParquetError::from(e)))?;
        let mut columns = Vec::with_capacity(batch.num_columns());
        for (array, field) in batch.columns().iter().zip(schema.fields()) {
            columns.push(plain(array).ok_or_else(|| unreadable(field.name(), field.data_type()))?);
        }
        for row in 0..batch.num_rows() {
            let at = u32::try_from(row).ok().and_then(|row| first.checked_add(row));
            let at = at.ok_or_else(|| Refusal::damaged("行数超出范围", "it has too many rows"))?;
            for (column, array) in (0_u32..).zip(&columns) {
                if let Some(value) = value(array, row) {
                    sink.cell(at, column, value)?;
                }
            }
        }
        first = u32::try_from(batch.num_rows())
            .ok()
            .and_then(|n| first.checked_add(n))
            .unwrap_or(u32::MAX);
    }
    Ok(())
}

/// The plain type that a column is read as. Whole and decimal numbers become text: a double would round them.
fn target(kind: &DataType) -> Option<DataType> {
    match kind {
        DataType::Null | DataType::Boolean => Some(kind.clone()),
        DataType::Float16 | DataType::Float32 | DataType::Float64 => Some(DataType::Float64),
        DataType::Date32 | DataType::Date64 | DataType::Timestamp(..) => Some(DataType::Date32),
        DataType::Dictionary(_, inner) => target(inner),
        kind if kind.is_integer() => Some(DataType::Utf8),
        DataType::Decimal32(..)
        | DataType::Decimal64(..)
        | DataType::Decimal128(..)
        | DataType::Decimal256(..)
        | DataType::Utf8
        | DataType::LargeUtf8
        | DataType::Utf8View
        | DataType::Binary
        | DataType::LargeBinary
        | DataType::BinaryView => Some(DataType::Utf8),
        _ => None,
    }
}

fn plain(array: &ArrayRef) -> Option<ArrayRef> {
    let target = target(array.data_type())?;
    // Not safe in arrow's words: what cannot be cast is an error, never a missing value.
    let strict = CastOptions { safe: false, ..CastOptions::default() };
    let array = match array.data_type() {
        DataType::Dictionary(_, inner) => &cast_with_options(array, inner, &strict).ok()?,
        _ => array,
    };
    cast_with_options(array, &target, &strict).ok()
}

fn value(array: &ArrayRef, row: usize) -> Option<Value> {
    if array.is_null(row) {
        return None;
    }
    match array.data_type() {
        DataType::Boolean => Some(Value::Flag(array.as_boolean().value(row))),
        DataType::Float64 => Some(Value::Number(array.as_primitive::<Float64Type>().value(row))),
        DataType::Date32 => {
            let days = array.as_primitive::<Date32Type>().value(row);
            Some(Value::Serial(f64::from(days) + EPOCH))
        }
        DataType::Utf8 => {
            let text = array.as_string::<i32>().value(row);
            (!text.is_empty()).then(|| Value::Text(text.to_owned()))
        }
        _ => None,
    }
}

fn unreadable(name: &str, kind: &DataType) -> Refusal {
    Refusal::new(
        RefusalCode::OtherFormat,
        format!("列 {name} 的类型 {kind} 不是表格数据"),
        format!("column {name} has type {kind}, which no table holds"),
    )
}

/// Texts of the parquet crate may quote values: only their class is passed on.
fn broken(error: &ParquetError) -> Refusal {
    match error {
        ParquetError::NYI(_) => Refusal::new(
            RefusalCode::OtherFormat,
            "Parquet 使用了不支持的编码或加密",
            "the Parquet file uses an encoding or encryption that is not supported",
        ),
        _ => Refusal::damaged("Parquet 结构损坏", "the Parquet structure is damaged"),
    }
}
