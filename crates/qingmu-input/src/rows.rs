//! Any table file row by row: plain, sequential, the same for Parquet and CSV.
//!
//! Small tables and claims in CSV are read through this, and the provenance of a figure: there it is the
//! second, independent way to the same rows as the columnar scan.

use crate::{
    Format, InputError, InputFile,
    cells::Cell,
    columns::Layout,
    damage::guarded,
    parquet_columns::{CellColumn, is_readable},
};
use parquet::arrow::{
    ProjectionMask,
    arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder},
};
use qingmu_model::TableSchema;
use std::{fs::File, path::Path};

/// Most columns that a reader may ask of one table.
pub(crate) const MOST_COLUMNS: usize = 20;

/// Rows that Parquet decodes at once.
const BATCH_ROWS: usize = 8_192;

/// One row of a file.
#[derive(Debug)]
pub(crate) enum Row<'a> {
    /// The wanted cells, in the order asked for.
    Cells(&'a [Cell<'a>]),
    /// A CSV row that does not fit the header.
    WrongLength(WrongLength),
}

/// Size of a CSV row that does not fit the header.
#[derive(Debug)]
pub(crate) struct WrongLength {
    /// Cells found.
    pub(crate) found: usize,
    /// Cells of the header.
    pub(crate) expected: usize,
    /// Lines of the file that it takes up: many where a quote was never closed.
    pub(crate) lines: usize,
}

/// What takes the rows: the row's number (1-based in Parquet, 2 for the first CSV data row) and the row.
pub(crate) type Sink<'a> = dyn FnMut(u64, Row<'_>) -> Result<(), InputError> + 'a;

/// An opened file whose header fits its table.
pub(crate) struct TableReader {
    path: std::path::PathBuf,
    /// Places of the wanted columns.
    pub(crate) layout: Layout,
    source: Source,
}

enum Source {
    Csv(csv::Reader<File>, usize),
    Parquet(Box<ParquetRecordBatchReader>),
}

impl TableReader {
    /// Opens a file and finds the wanted columns in it.
    ///
    /// # Errors
    /// [`InputError`] naming the file for one that cannot be read, has no such columns, or has them in a
    /// type that holds no value of ours.
    pub(crate) fn open(
        file: &InputFile,
        table: &'static TableSchema,
        wanted: &[&str],
    ) -> Result<Self, InputError> {
        debug_assert!(wanted.len() <= MOST_COLUMNS, "raise MOST_COLUMNS");
        match file.format {
            Format::Csv => Self::open_csv(&file.path, table, wanted),
            Format::Parquet => {
                guarded(&file.path, || Self::open_parquet(&file.path, table, wanted))
            }
        }
    }

    fn open_csv(
        path: &Path,
        table: &'static TableSchema,
        wanted: &[&str],
    ) -> Result<Self, InputError> {
        let path = path.to_owned();
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .buffer_capacity(1 << 20)
            .from_reader(open(&path)?);
        let header = reader
            .byte_headers()
            .map_err(|source| InputError::Csv { path: path.clone(), source })?;
        let names: Option<Vec<String>> = header
            .iter()
            .map(|name| std::str::from_utf8(name).ok().map(|n| n.trim().to_owned()))
            .collect();
        let width = header.len();
        let names = names.ok_or_else(|| InputError::HeaderEncoding { path: path.clone() })?;
        let layout = Layout::new(&path, table, wanted, &names)?;
        Ok(Self { path, layout, source: Source::Csv(reader, width) })
    }

    fn open_parquet(
        path: &Path,
        table: &'static TableSchema,
        wanted: &[&str],
    ) -> Result<Self, InputError> {
        let path = path.to_owned();
        let parquet = |source| InputError::Parquet { path: path.clone(), source };
        let builder = ParquetRecordBatchReaderBuilder::try_new(open(&path)?).map_err(parquet)?;
        let fields = builder.schema().fields();
        let names: Vec<String> = fields.iter().map(|f| f.name().trim().to_owned()).collect();
        let mut layout = Layout::new(&path, table, wanted, &names)?;
        let mut places: Vec<usize> = layout.wanted.iter().filter_map(|(_, p)| *p).collect();
        for place in &places {
            let field = &fields[*place];
            if !is_readable(field.data_type()) {
                return Err(InputError::ColumnType {
                    path: path.clone(),
                    column: field.name().clone(),
                    found: field.data_type().to_string(),
                });
            }
        }
        places.sort_unstable();
        // The reader gives only the projected columns, in file order.
        for (_, place) in &mut layout.wanted {
            *place = place.and_then(|p| places.binary_search(&p).ok());
        }
        let mask = ProjectionMask::roots(builder.parquet_schema(), places);
        let reader = builder.with_projection(mask).with_batch_size(BATCH_ROWS);
        let reader = Box::new(reader.build().map_err(parquet)?);
        Ok(Self { path, layout, source: Source::Parquet(reader) })
    }

    /// Hands every row to `sink`.
    ///
    /// # Errors
    /// [`InputError`] naming the file where it cannot be read on; whatever `sink` returns.
    pub(crate) fn for_each(self, sink: &mut Sink<'_>) -> Result<(), InputError> {
        match self.source {
            Source::Csv(reader, width) => csv_rows(&self.path, &self.layout, reader, width, sink),
            Source::Parquet(reader) => parquet_rows(&self.path, &self.layout, *reader, sink),
        }
    }
}

fn csv_rows(
    path: &Path,
    layout: &Layout,
    mut reader: csv::Reader<File>,
    width: usize,
    sink: &mut Sink<'_>,
) -> Result<(), InputError> {
    let mut record = csv::ByteRecord::new();
    let mut row = 1;
    while reader
        .read_byte_record(&mut record)
        .map_err(|source| InputError::Csv { path: path.to_owned(), source })?
    {
        row += 1;
        if record.len() != width {
            let bytes = record.as_slice();
            let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
            let lines = bytes.split(|byte| *byte == b'\n').count();
            let length = WrongLength { found: record.len(), expected: width, lines };
            sink(row, Row::WrongLength(length))?;
            continue;
        }
        let mut cells = [Cell::Missing; MOST_COLUMNS];
        for (cell, (_, place)) in cells.iter_mut().zip(&layout.wanted) {
            if let Some(raw) = place.and_then(|p| record.get(p)) {
                *cell = Cell::bytes(raw);
            }
        }
        sink(row, Row::Cells(&cells[..layout.wanted.len()]))?;
    }
    Ok(())
}

fn parquet_rows(
    path: &Path,
    layout: &Layout,
    mut reader: ParquetRecordBatchReader,
    sink: &mut Sink<'_>,
) -> Result<(), InputError> {
    let mut row = 0;
    let arrow = |source| InputError::Arrow { path: path.to_owned(), source };
    while let Some(batch) = guarded(path, || reader.next().transpose().map_err(arrow))? {
        let columns: Vec<Option<CellColumn>> = layout
            .wanted
            .iter()
            .map(|(_, place)| place.and_then(|p| CellColumn::new(batch.column(p))))
            .collect();
        for index in 0..batch.num_rows() {
            row += 1;
            let mut cells = [Cell::Missing; MOST_COLUMNS];
            for (cell, column) in cells.iter_mut().zip(&columns) {
                if let Some(column) = column {
                    *cell = column.cell(index);
                }
            }
            sink(row, Row::Cells(&cells[..columns.len()]))?;
        }
    }
    Ok(())
}

/// Rows of a file without reading more of it than needed.
///
/// # Errors
/// [`InputError`] naming the file.
pub(crate) fn count_rows(file: &InputFile) -> Result<u64, InputError> {
    let path = &file.path;
    match file.format {
        Format::Parquet => guarded(path, || {
            let parquet = |source| InputError::Parquet { path: path.clone(), source };
            let builder = ParquetRecordBatchReaderBuilder::try_new(open(path)?).map_err(parquet)?;
            let rows = builder.metadata().file_metadata().num_rows();
            Ok(u64::try_from(rows).unwrap_or_default())
        }),
        Format::Csv => {
            let csv = |source| InputError::Csv { path: path.clone(), source };
            let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(open(path)?);
            let mut record = csv::ByteRecord::new();
            let mut rows = 0;
            while reader.read_byte_record(&mut record).map_err(csv)? {
                rows += 1;
            }
            Ok(rows)
        }
    }
}

fn open(path: &Path) -> Result<File, InputError> {
    File::open(path).map_err(|source| InputError::Io { path: path.to_owned(), source })
}
