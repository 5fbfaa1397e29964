//! The claims files as units of work: one row group of a Parquet file, or one CSV file.

use crate::batch::ClaimBatch;
use crate::claims_parquet::{ClaimsFile, Want};
use crate::rows::TableReader;
use crate::{Format, InputError, InputFile, claims_csv};
use qingmu_model::{Project, table};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// Rows of a CSV file handed on at once.
const CSV_SLICE: usize = 65_536;

/// A CSV row has at least eight cells and their separators: an upper bound of rows from bytes.
const CSV_ROW_BYTES: u64 = 16;

enum Opened<'a> {
    Parquet(Box<ClaimsFile<'a>>),
    Csv(&'a InputFile),
}

/// All claims of an input.
pub struct ClaimsSource<'a> {
    /// The files, in the order in which they are numbered.
    pub files: &'a [InputFile],
    opened: Vec<Opened<'a>>,
    /// File and row group.
    units: Vec<(usize, usize)>,
    /// Rows, exact for Parquet, an upper bound for CSV.
    pub rows: u64,
    /// Optional claim columns that no file has.
    pub absent_columns: Vec<String>,
    /// Whether any file has accounts.
    pub has_accounts: bool,
}

impl<'a> ClaimsSource<'a> {
    /// Opens every file.
    ///
    /// # Errors
    /// [`InputError`] naming a file that is unreadable or no claims table.
    pub fn open(files: &'a [InputFile]) -> Result<Self, InputError> {
        let columns = table("claims").map(|t| t.columns).unwrap_or_default();
        let mut absent: Vec<&'static str> =
            columns.iter().filter(|c| !c.required).map(|c| c.name).collect();
        let mut source = Self {
            files,
            opened: Vec::new(),
            units: Vec::new(),
            rows: 0,
            absent_columns: Vec::new(),
            has_accounts: false,
        };
        for (index, file) in files.iter().enumerate() {
            if let Some(schema) = table("claims") {
                let optional: Vec<&str> =
                    schema.columns.iter().filter(|c| !c.required).map(|c| c.name).collect();
                let layout = TableReader::open(file, schema, &optional)?.layout;
                absent.retain(|name| !layout.has(name));
                source.has_accounts |= layout.has("account");
            }
            match file.format {
                Format::Parquet => {
                    let claims = ClaimsFile::open(file)?;
                    for (group, rows) in claims.groups().enumerate() {
                        source.units.push((index, group));
                        source.rows += rows;
                    }
                    source.opened.push(Opened::Parquet(Box::new(claims)));
                }
                Format::Csv => {
                    let bytes = std::fs::metadata(&file.path)
                        .map_err(|source| InputError::Io { path: file.path.clone(), source })?
                        .len();
                    source.units.push((index, 0));
                    source.rows += bytes / CSV_ROW_BYTES;
                    source.opened.push(Opened::Csv(file));
                }
            }
        }
        source.absent_columns = absent.into_iter().map(str::to_owned).collect();
        Ok(source)
    }

    /// One pass: every batch goes once to one of the workers, with the index of its file.
    /// A pass for texts may leave out rows without interest.
    ///
    /// # Errors
    /// The [`InputError`] of the first unit that failed, in the order of files.
    pub fn pass<W: Send>(
        &self,
        project: &Project,
        want: Want<'_>,
        new_worker: impl Fn() -> W + Sync,
        take: impl Fn(&mut W, usize, ClaimBatch) + Sync,
    ) -> Result<Vec<W>, InputError> {
        let next = AtomicUsize::new(0);
        let failed = AtomicBool::new(false);
        let failure: Mutex<Option<(usize, InputError)>> = Mutex::new(None);
        let workers = rayon::broadcast(|_| {
            let mut worker = new_worker();
            while !failed.load(Ordering::Relaxed) {
                let unit = next.fetch_add(1, Ordering::Relaxed);
                let Some((file, group)) = self.units.get(unit).copied() else { break };
                let mut sink = |batch: ClaimBatch| {
                    take(&mut worker, file, batch);
                    Ok(())
                };
                let done = match &self.opened[file] {
                    Opened::Parquet(claims) => claims.read(group, project, want, &mut sink),
                    Opened::Csv(csv) => {
                        claims_csv::batches(csv, project, CSV_SLICE, want.asked(), &mut sink)
                    }
                };
                if let Err(error) = done {
                    failed.store(true, Ordering::Relaxed);
                    let mut first = failure.lock().unwrap_or_else(PoisonError::into_inner);
                    if first.as_ref().is_none_or(|(known, _)| unit < *known) {
                        *first = Some((unit, error));
                    }
                }
            }
            worker
        });
        match failure.into_inner().unwrap_or_else(PoisonError::into_inner) {
            Some((_, error)) => Err(error),
            None => Ok(workers),
        }
    }
}
