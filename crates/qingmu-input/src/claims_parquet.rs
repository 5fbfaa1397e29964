//! Claims in Parquet: one row group at a time, texts as dictionary codes, clean columns without a check per cell.
//!
//! Every column is first taken the fast way, which marks the rows it cannot vouch for. Only those go
//! through the checks that all readers share, so the fast way can be fast and still means the same.

use crate::{
    InputError, InputFile,
    batch::{Asked, ClaimBatch, ClaimTexts},
    cells::{Cell, reject, text},
    claim_row::{CLAIM_COLUMNS, Claim, ROW_COLUMNS, add_refused, cell},
    claims_fast::{Glance, Interest, Taken},
    columns::Layout,
    damage::guarded,
    fast_columns::Marks,
    parquet_columns::{CellColumn, is_readable},
};
use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StringViewArray, StringViewBuilder};
use arrow::datatypes::{DataType, Field, Schema};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder, RowSelection,
};
use parquet::file::metadata::RowGroupMetaData;
use qingmu_model::{Project, table};
use std::{fs::File, ops::Range, sync::Arc};

/// Rows decoded at once: large enough that a row group's dictionaries are mapped seldom, small enough for
/// the cache.
const BATCH_ROWS: usize = 65_536;

/// Places in [`ROW_COLUMNS`].
pub(crate) mod place {
    pub(crate) const CLAIM_ID: usize = 0;
    pub(crate) const YEAR: usize = 1;
    pub(crate) const SEASON: usize = 2;
    pub(crate) const PROGRAMME: usize = 3;
    pub(crate) const CROP: usize = 4;
    pub(crate) const VILLAGE: usize = 5;
    pub(crate) const CLAIMANT: usize = 6;
    pub(crate) const HOUSEHOLD: usize = 7;
    pub(crate) const ACCOUNT: usize = 8;
    pub(crate) const AREA: usize = 9;
    pub(crate) const RATE: usize = 10;
    pub(crate) const AMOUNT: usize = 11;
    pub(crate) const APPROVER: usize = 12;
    pub(crate) const PARCEL: usize = 13;
    pub(crate) const RECORDER: usize = 14;
    pub(crate) const GROUP: usize = 15;
}

/// Columns with few distinct texts: read as dictionaries.
const FEW: [usize; 6] = [
    place::SEASON,
    place::PROGRAMME,
    place::CROP,
    place::VILLAGE,
    place::APPROVER,
    place::RECORDER,
];

/// Columns with many distinct texts: read as views of the page.
const MANY: [usize; 5] =
    [place::CLAIM_ID, place::CLAIMANT, place::HOUSEHOLD, place::ACCOUNT, place::PARCEL];

/// Columns that tell which rows the second pass lists.
const GLANCED: [usize; 5] =
    [place::CLAIMANT, place::ACCOUNT, place::AREA, place::RATE, place::AMOUNT];

/// What a pass wants of the claims.
#[derive(Clone, Copy)]
pub enum Want<'a> {
    /// Every row, identities as hashes only.
    Sums,
    /// At least the rows of interest, with clear identities. Row numbers are not those of the file.
    Texts(&'a Interest<'a>),
    /// Every row with parcel, recorder and group, identities as hashes only; also rows that sums refuse for a
    /// missing area and nothing else, if amount and rate can stand in for it.
    Rows,
}

impl Want<'_> {
    pub(crate) fn asked(self) -> Asked {
        match self {
            Self::Sums => Asked::Sums,
            Self::Texts(_) => Asked::Texts,
            Self::Rows => Asked::Rows,
        }
    }
}

/// An opened claims file.
pub(crate) struct ClaimsFile<'a> {
    file: &'a InputFile,
    meta: ArrowReaderMetadata,
    layout: Layout,
}

impl<'a> ClaimsFile<'a> {
    /// Opens a file and finds the claims' columns in it.
    ///
    /// # Errors
    /// [`InputError`] naming the file: unreadable, a column missing or of a type that holds no value of ours.
    pub(crate) fn open(file: &'a InputFile) -> Result<Self, InputError> {
        // Forged metadata makes the library panic: that is a fact about the file.
        guarded(&file.path, || Self::understand(file))
    }

    fn understand(file: &'a InputFile) -> Result<Self, InputError> {
        let path = &file.path;
        let parquet = |source| InputError::Parquet { path: path.clone(), source };
        let meta =
            ArrowReaderMetadata::load(&open(file)?, ArrowReaderOptions::new()).map_err(parquet)?;
        let fields = meta.schema().fields().clone();
        let names: Vec<String> = fields.iter().map(|f| f.name().trim().to_owned()).collect();
        let schema = table("claims")
            .ok_or_else(|| InputError::NoTable { folder: path.clone(), table: "claims" })?;
        let layout = Layout::new(path, schema, &ROW_COLUMNS, &names)?;
        for at in layout.wanted.iter().filter_map(|(_, at)| *at) {
            if !is_readable(fields[at].data_type()) {
                let (column, found) = (names[at].clone(), fields[at].data_type().to_string());
                return Err(InputError::ColumnType { path: path.clone(), column, found });
            }
        }
        let meta = hinted(&meta, &layout).unwrap_or(meta);
        Ok(Self { file, meta, layout })
    }

    /// Rows of each row group.
    pub(crate) fn groups(&self) -> impl Iterator<Item = u64> + '_ {
        let groups = self.meta.metadata().row_groups().iter();
        groups.map(|g| u64::try_from(g.num_rows()).unwrap_or_default())
    }

    /// Reads a row group and hands it on in batches.
    ///
    /// # Errors
    /// [`InputError`] naming the file for damaged data; whatever `sink` returns.
    pub(crate) fn read(
        &self,
        group: usize,
        project: &Project,
        want: Want<'_>,
        sink: &mut dyn FnMut(ClaimBatch) -> Result<(), InputError>,
    ) -> Result<(), InputError> {
        let asked = want.asked();
        let selection = match want {
            Want::Sums | Want::Rows => None,
            Want::Texts(interest) => Some(self.select(group, project, interest)?),
        };
        if selection.as_ref().is_some_and(|s| !s.selects_any()) {
            return Ok(());
        }
        let mut first: u64 = self.groups().take(group).sum();
        let needless = self.needless(group, asked);
        self.batches(group, &needless, selection, &mut |columns, rows| {
            let decoder = Decoder { file: self, project, columns, needless, first };
            first += rows as u64;
            sink(decoder.decode(asked, rows))
        })
    }

    /// Rows worth a second look: identities and numbers only, without their texts.
    fn select(
        &self,
        group: usize,
        project: &Project,
        interest: &Interest<'_>,
    ) -> Result<RowSelection, InputError> {
        let needless = std::array::from_fn(|column| !GLANCED.contains(&column));
        let mut ranges: Vec<Range<usize>> = Vec::new();
        let mut first = 0;
        self.batches(group, &needless, None, &mut |columns, rows| {
            let glance = Glance::new(&columns, rows, project);
            for row in (0..rows).filter(|row| glance.is_worth(*row, interest)) {
                let row = first + row;
                match ranges.last_mut() {
                    Some(last) if last.end == row => last.end += 1,
                    _ => ranges.push(row..row + 1),
                }
            }
            first += rows;
            Ok(())
        })?;
        Ok(RowSelection::from_consecutive_ranges(ranges.into_iter(), first))
    }

    /// Decodes a row group's columns but the needless ones.
    fn batches(
        &self,
        group: usize,
        needless: &[bool; ROW_COLUMNS.len()],
        selection: Option<RowSelection>,
        sink: &mut dyn FnMut(Vec<Option<ArrayRef>>, usize) -> Result<(), InputError>,
    ) -> Result<(), InputError> {
        let path = &self.file.path;
        let mut roots: Vec<usize> = (0..ROW_COLUMNS.len())
            .filter(|i| !needless[*i])
            .filter_map(|i| self.layout.wanted[i].1)
            .collect();
        roots.sort_unstable();
        let mut reader = guarded(path, || {
            let opened = open(self.file)?;
            let builder =
                ParquetRecordBatchReaderBuilder::new_with_metadata(opened, self.meta.clone());
            let mask = ProjectionMask::roots(builder.parquet_schema(), roots.iter().copied());
            let builder = builder.with_row_groups(vec![group]).with_projection(mask);
            let builder = match selection {
                Some(selection) => builder.with_row_selection(selection),
                None => builder,
            };
            let builder = builder.with_batch_size(BATCH_ROWS);
            builder.build().map_err(|source| InputError::Parquet { path: path.clone(), source })
        })?;
        let damaged = |source| InputError::Arrow { path: path.clone(), source };
        while let Some(batch) = guarded(path, || reader.next().transpose().map_err(damaged))? {
            sink(self.columns(&batch, &roots, needless), batch.num_rows())?;
        }
        Ok(())
    }

    /// Columns that this pass need not read: parcel, recorder and group are for a pass for rows, household texts
    /// for the second pass, and claim ids too where the file's statistics prove that none is missing.
    fn needless(&self, group: usize, asked: Asked) -> [bool; ROW_COLUMNS.len()] {
        let mut needless = [false; ROW_COLUMNS.len()];
        if asked != Asked::Rows {
            needless[CLAIM_COLUMNS.len()..].fill(true);
        }
        if asked != Asked::Texts {
            let group = self.meta.metadata().row_group(group);
            needless[place::HOUSEHOLD] = self.is_text(place::HOUSEHOLD);
            needless[place::CLAIM_ID] = self.is_text(place::CLAIM_ID)
                && self.layout.wanted[place::CLAIM_ID].1.is_some_and(|at| none_missing(group, at));
        }
        needless
    }

    fn is_text(&self, column: usize) -> bool {
        let at = self.layout.wanted[column].1;
        at.is_some_and(|at| is_text(self.meta.schema().field(at).data_type()))
    }

    fn columns(
        &self,
        batch: &RecordBatch,
        roots: &[usize],
        needless: &[bool],
    ) -> Vec<Option<ArrayRef>> {
        let array = |at: usize| roots.binary_search(&at).ok().map(|i| batch.column(i).clone());
        let wanted = self.layout.wanted.iter().zip(needless);
        wanted.map(|((_, at), skip)| if *skip { None } else { at.and_then(array) }).collect()
    }
}

fn open(file: &InputFile) -> Result<File, InputError> {
    File::open(&file.path).map_err(|source| InputError::Io { path: file.path.clone(), source })
}

fn is_text(kind: &DataType) -> bool {
    match kind {
        DataType::Dictionary(_, values) => is_text(values),
        _ => matches!(kind, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View),
    }
}

/// Asks the reader for dictionaries and views; `None` where it cannot give them.
fn hinted(meta: &ArrowReaderMetadata, layout: &Layout) -> Option<ArrowReaderMetadata> {
    let mut fields: Vec<Arc<Field>> = meta.schema().fields().iter().cloned().collect();
    let dictionary = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    for (columns, kind) in [(&FEW[..], dictionary), (&MANY[..], DataType::Utf8View)] {
        for at in columns.iter().filter_map(|i| layout.wanted[*i].1) {
            if is_text(fields[at].data_type()) {
                fields[at] = Arc::new(fields[at].as_ref().clone().with_data_type(kind.clone()));
            }
        }
    }
    let options = ArrowReaderOptions::new().with_schema(Arc::new(Schema::new(fields)));
    ArrowReaderMetadata::try_new(meta.metadata().clone(), options).ok()
}

/// Whether the statistics of a text column prove that every value is there and not blank: no nulls, and
/// first bytes between `!` and `~` only.
fn none_missing(group: &RowGroupMetaData, column: usize) -> bool {
    // A root that is not flat has several leaves; texts are flat, but the places of later roots shift.
    if group.columns().len() != group.schema_descr().root_schema().get_fields().len() {
        return false;
    }
    let Some(known) = group.column(column).statistics() else { return false };
    let first = |bytes: Option<&[u8]>| bytes.and_then(|b| b.first()).copied();
    known.null_count_opt() == Some(0)
        && first(known.min_bytes_opt()).is_some_and(|b| b.is_ascii_graphic())
        && first(known.max_bytes_opt()).is_some_and(|b| b.is_ascii_graphic())
}

/// One decoded batch on its way to checked rows.
struct Decoder<'a> {
    file: &'a ClaimsFile<'a>,
    project: &'a Project,
    columns: Vec<Option<ArrayRef>>,
    needless: [bool; ROW_COLUMNS.len()],
    /// Rows of the file before this batch.
    first: u64,
}

impl Decoder<'_> {
    fn decode(&self, asked: Asked, rows: usize) -> ClaimBatch {
        let mut marks = Marks::new(rows);
        let mut taken = Taken::new(&self.columns, rows, self.project, &mut marks);
        let mut batch = ClaimBatch::default();
        let mut kept: Option<Vec<u32>> = None;
        if marks.any() {
            let keep = self.check(&marks, asked, &mut taken, &mut batch);
            if !batch.rejects.is_empty() {
                kept = Some(keep);
            }
        }
        let first = self.first;
        batch.row_number = match &kept {
            Some(list) => list.iter().map(|row| first + u64::from(*row) + 1).collect(),
            None => (first + 1..=first + rows as u64).collect(),
        };
        taken.move_into(&mut batch, kept.as_deref());
        if asked == Asked::Texts {
            batch.texts = Some(self.texts(kept.unwrap_or_default()));
        }
        batch
    }

    /// Checks the marked rows one by one; gives the rows that are kept.
    fn check(
        &self,
        marks: &Marks,
        asked: Asked,
        taken: &mut Taken,
        batch: &mut ClaimBatch,
    ) -> Vec<u32> {
        let cells: Vec<Option<CellColumn>> =
            self.columns.iter().map(|c| c.as_ref().and_then(CellColumn::new)).collect();
        let mut keep = Vec::with_capacity(marks.rows());
        for row in 0..marks.rows() {
            let index = u32::try_from(row).unwrap_or(u32::MAX);
            if !marks.is_marked(row) {
                keep.push(index);
                continue;
            }
            let mut values = [Cell::Missing; ROW_COLUMNS.len()];
            for (value, column) in values.iter_mut().zip(&cells) {
                *value = column.as_ref().map_or(Cell::Missing, |c| c.cell(row));
            }
            if self.needless[place::CLAIM_ID] {
                // Its statistics say that it is there.
                values[place::CLAIM_ID] = Cell::Text("-");
            }
            let checked = match asked {
                Asked::Rows => Claim::check_row(&values, self.project),
                _ => Claim::check(&values, self.project).map(|claim| (claim, true)),
            };
            match checked {
                Ok((claim, has_area)) => {
                    taken.put(row, &claim, has_area);
                    keep.push(index);
                }
                Err((at, code)) => {
                    taken.forget(row);
                    add_refused(&mut batch.refused, &values, self.project);
                    let column = self.file.layout.wanted[at].0;
                    let number = self.first + row as u64 + 1;
                    let name = &self.file.file.name;
                    batch.rejects.push(reject(name, number, column, cell(&values, at), code));
                }
            }
        }
        keep
    }

    fn texts(&self, row: Vec<u32>) -> ClaimTexts {
        let column = |at: usize| self.columns[at].as_ref().map(clear);
        ClaimTexts {
            row,
            claim_id: column(place::CLAIM_ID),
            claimant: column(place::CLAIMANT),
            account: column(place::ACCOUNT),
            household: column(place::HOUSEHOLD),
        }
    }
}

/// The clear texts of a column, whatever its type.
fn clear(array: &ArrayRef) -> StringViewArray {
    if let DataType::Utf8View = array.data_type() {
        return array.as_string_view().clone();
    }
    let mut builder = StringViewBuilder::with_capacity(array.len());
    let cells = CellColumn::new(array);
    for row in 0..array.len() {
        let value = cells.as_ref().map_or(Cell::Missing, |c| c.cell(row));
        builder.append_option(text(value).ok().flatten());
    }
    builder.finish()
}
