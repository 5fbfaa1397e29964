//! Rows of the ledger's own files, read again.

use super::column;
use crate::{
    error::LedgerError,
    resolve::{Held, Reason},
    tables::LedgerTable,
    value::{Cell, Origin, Row},
};
use arrow::{
    array::{Array, ArrayRef, AsArray, RecordBatch},
    datatypes::{Date32Type, Decimal128Type, Float64Type, Int64Type},
};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use qingmu_model::ColumnKind;
use std::{collections::BTreeSet, fs::File, path::Path, sync::Arc};

/// Texts that occur often, once in memory.
#[derive(Debug, Default)]
struct Texts(BTreeSet<Arc<str>>);

impl Texts {
    fn share(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.0.get(text) {
            return known.clone();
        }
        let new: Arc<str> = Arc::from(text);
        self.0.insert(new.clone());
        new
    }
}

/// Rows as filed of a file of standing rows; rows made from held ones are left out.
pub(crate) fn standing(table: &LedgerTable, path: &Path) -> Result<Vec<Row>, LedgerError> {
    let mut rows = Vec::new();
    let mut texts = Texts::default();
    batches(path, |batch| {
        let derived = batch.column_by_name(column::DERIVED).map(|c| c.as_boolean().clone());
        let columns = Columns::new(table, batch)?;
        for at in 0..batch.num_rows() {
            if derived.as_ref().is_none_or(|flags| !flags.value(at)) {
                rows.push(columns.row(table, at, &mut texts));
            }
        }
        Some(())
    })?;
    Ok(rows)
}

/// Rows of a file of held rows.
pub(crate) fn held(table: &LedgerTable, path: &Path) -> Result<Vec<Held>, LedgerError> {
    let mut rows = Vec::new();
    let mut texts = Texts::default();
    batches(path, |batch| {
        let reasons = batch.column_by_name(column::REASON)?.as_string_opt::<i32>()?;
        let others = batch.column_by_name(column::OTHER)?.as_string_opt::<i32>()?;
        let columns = Columns::new(table, batch)?;
        for at in 0..batch.num_rows() {
            let row = columns.row(table, at, &mut texts);
            let reason = Reason::parse(reasons.value(at))?;
            rows.push(Held { row, reason, other: others.value(at).to_owned() });
        }
        Some(())
    })?;
    Ok(rows)
}

fn batches(
    path: &Path,
    mut take: impl FnMut(&RecordBatch) -> Option<()>,
) -> Result<(), LedgerError> {
    let damaged = |why: String| LedgerError::Damaged { path: path.to_owned(), why };
    let file = File::open(path).map_err(|source| LedgerError::io(path, source))?;
    let reader = ParquetRecordBatchReaderBuilder::try_new(file)
        .and_then(ParquetRecordBatchReaderBuilder::build)
        .map_err(|e| damaged(e.to_string()))?;
    for batch in reader {
        let batch = batch.map_err(|e| damaged(e.to_string()))?;
        take(&batch).ok_or_else(|| damaged("columns are not those of a ledger".to_owned()))?;
    }
    Ok(())
}

/// Columns of one batch, in the order of the table.
struct Columns<'a> {
    cells: Vec<Option<&'a ArrayRef>>,
    file: &'a ArrayRef,
    sheet: &'a ArrayRef,
    row: &'a ArrayRef,
    sha256: &'a ArrayRef,
}

impl<'a> Columns<'a> {
    fn new(table: &LedgerTable, batch: &'a RecordBatch) -> Option<Self> {
        let cells: Vec<Option<&ArrayRef>> =
            table.columns.iter().map(|c| batch.column_by_name(c.name)).collect();
        let fits = |(column, array): (&qingmu_model::ColumnSpec, Option<&ArrayRef>)| {
            array.is_none_or(|array| is_of(column.kind, array))
        };
        if !table.columns.iter().zip(cells.iter().copied()).all(fits) {
            return None;
        }
        let text = |name| batch.column_by_name(name).filter(|c| is_of(ColumnKind::Text, c));
        Some(Self {
            cells,
            file: text(column::FILE)?,
            sheet: text(column::SHEET)?,
            row: batch.column_by_name(column::ROW).filter(|c| is_of(ColumnKind::Integer, c))?,
            sha256: text(column::SHA256)?,
        })
    }

    fn row(&self, table: &LedgerTable, at: usize, texts: &mut Texts) -> Row {
        let mut cells = Vec::with_capacity(table.columns.len());
        for (column, array) in table.columns.iter().zip(&self.cells) {
            // Made by the ledger once it knows all rows.
            let made = table.name == "claims" && column.name == "claim_id";
            let array = array.filter(|a| !made && a.is_valid(at));
            cells.push(array.map(|array| cell(column.kind, array, at, texts)));
        }
        let mut text = |array: &ArrayRef| texts.share(array.as_string::<i32>().value(at));
        let row = self.row.as_primitive::<Int64Type>().value(at);
        let origin = Origin {
            file: text(self.file),
            sheet: text(self.sheet),
            sha256: text(self.sha256),
            row: u64::try_from(row).unwrap_or_default(),
        };
        Row { cells: cells.into(), origin, also: Vec::new() }
    }
}

fn is_of(kind: ColumnKind, array: &ArrayRef) -> bool {
    match kind {
        ColumnKind::Mu | ColumnKind::Yuan | ColumnKind::Rate => {
            array.as_primitive_opt::<Decimal128Type>().is_some()
        }
        ColumnKind::Integer => array.as_primitive_opt::<Int64Type>().is_some(),
        ColumnKind::Real => array.as_primitive_opt::<Float64Type>().is_some(),
        ColumnKind::Flag => array.as_boolean_opt().is_some(),
        ColumnKind::Date => array.as_primitive_opt::<Date32Type>().is_some(),
        _ => array.as_string_opt::<i32>().is_some(),
    }
}

fn cell(kind: ColumnKind, array: &ArrayRef, at: usize, texts: &mut Texts) -> Cell {
    match kind {
        ColumnKind::Mu | ColumnKind::Yuan | ColumnKind::Rate => {
            let raw = array.as_primitive::<Decimal128Type>().value(at);
            // The ledger writes 64-bit integers.
            Cell::Fixed(i64::try_from(raw).unwrap_or_default())
        }
        ColumnKind::Integer => Cell::Integer(array.as_primitive::<Int64Type>().value(at)),
        ColumnKind::Real => Cell::Real(array.as_primitive::<Float64Type>().value(at)),
        ColumnKind::Flag => Cell::Flag(array.as_boolean().value(at)),
        ColumnKind::Date => Cell::Date(array.as_primitive::<Date32Type>().value(at)),
        _ => Cell::Text(texts.share(array.as_string::<i32>().value(at))),
    }
}

/// All rows of a file of standing rows, made ones too.
#[cfg(test)]
pub(crate) fn in_force(table: &LedgerTable, path: &Path) -> Result<Vec<Row>, LedgerError> {
    let mut rows = Vec::new();
    let mut texts = Texts::default();
    batches(path, |batch| {
        let also = batch.column_by_name(column::ALSO).map(|c| c.as_string::<i32>().clone());
        let columns = Columns::new(table, batch)?;
        for at in 0..batch.num_rows() {
            let mut row = columns.row(table, at, &mut texts);
            if let Some(also) = also.as_ref().filter(|a| a.is_valid(at)) {
                row.also = also.value(at).split("; ").map(str::to_owned).collect();
            }
            rows.push(row);
        }
        Some(())
    })?;
    Ok(rows)
}

/// Texts of one column as stored.
#[cfg(test)]
pub(crate) fn column_texts(path: &Path, name: &str) -> Result<Vec<String>, LedgerError> {
    let mut texts = Vec::new();
    batches(path, |batch| {
        let column = batch.column_by_name(name)?.as_string_opt::<i32>()?;
        texts.extend(column.iter().flatten().map(str::to_owned));
        Some(())
    })?;
    Ok(texts)
}
