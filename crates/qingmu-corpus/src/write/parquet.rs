//! Parquet files as other systems export them.

use crate::sheet::{Sheet, Value};
use arrow::array::{ArrayRef, Date32Array, Float64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema};
use parquet::arrow::ArrowWriter;
use std::sync::Arc;

/// A file whose columns are named by the first row; a column of numbers is one of doubles, of dates one of days,
/// everything else text.
#[must_use]
pub fn parquet(sheet: &Sheet) -> Vec<u8> {
    let mut rows = sheet.rows.values();
    let header = rows.next().cloned().unwrap_or_default();
    let rows: Vec<_> = rows.collect();
    let mut fields = Vec::new();
    let mut columns: Vec<ArrayRef> = Vec::new();
    for (column, name) in &header {
        let cells: Vec<Option<&Value>> = rows.iter().map(|row| row.get(column)).collect();
        let all = |kind: fn(&Value) -> bool| cells.iter().flatten().all(|v| kind(v));
        let array: ArrayRef = if all(|v| matches!(v, Value::Number(_) | Value::Formula(..))) {
            let number = |v: &Value| match v {
                Value::Number(n) | Value::Formula(n, _) => Some(*n),
                _ => None,
            };
            Arc::new(cells.iter().map(|v| v.and_then(number)).collect::<Float64Array>())
        } else if all(|v| matches!(v, Value::Date(_))) {
            let day = |v: &Value| if let Value::Date(date) = v { Some(date.days()) } else { None };
            Arc::new(cells.iter().map(|v| v.and_then(day)).collect::<Date32Array>())
        } else {
            Arc::new(cells.iter().map(|v| v.map(Value::shown)).collect::<StringArray>())
        };
        let kind: DataType = array.data_type().clone();
        fields.push(Field::new(name.shown(), kind, true));
        columns.push(array);
    }
    let schema = Arc::new(Schema::new(fields));
    let batch = RecordBatch::try_new(Arc::clone(&schema), columns).expect("columns of one length");
    let mut writer = ArrowWriter::try_new(Vec::new(), schema, None).expect("a writer in memory");
    writer.write(&batch).expect("memory takes every byte");
    writer.into_inner().expect("a file in memory")
}
