//! Files of an office, from the bytes to canonical rows: every sheet of every file with its account.

mod batch;
mod mappings;
mod options;

pub use batch::{change, read_all, village};
pub use mappings::MappingFile;
pub use options::{Constants, IntakeOptions, Isolation, Names, SetError};

use crate::{
    header::Mapping,
    interpret::{Context, Control, InterpretError, Interpreted, Warning, interpret},
};
use qingmu_cells::{CodeMap, Villages};
use qingmu_sheets::{EncodingGuess, Format, Note, RawSheet, RawWorkbook, ReadOptions};
use std::path::Path;

/// A file that was not read: its name, its digest and the reason.
pub type Refusal = qingmu_sheets::IngestError;

/// A file as it was understood.
#[derive(Debug, Clone)]
pub struct FileIntake {
    /// Name without folders, as messages and provenance show it.
    pub name: String,
    /// SHA-256 of its bytes, lower-case hex.
    pub sha256: String,
    /// Format by content.
    pub format: Format,
    /// Text encoding, where the format does not fix it.
    pub encoding: Option<EncodingGuess>,
    /// Remarks of the reader.
    pub notes: Vec<Note>,
    /// Sheets in file order; a text or Parquet file has one without a name.
    pub sheets: Vec<SheetIntake>,
}

/// A sheet as it was understood.
#[derive(Debug, Clone)]
pub struct SheetIntake {
    /// Name; empty where the format has none.
    pub sheet: String,
    /// Whether it is hidden.
    pub hidden: bool,
    /// Rows that hold a cell.
    pub rows: u64,
    /// Cells.
    pub cells: u64,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of a sheet.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// Its rows, kept, quarantined or skipped.
    Read(Box<Interpreted>),
    /// No table in it: nothing is used of it, and another sheet of the file has one. Empty sheets too.
    NoTable,
    /// Sums of the register on another sheet (汇总): nothing is used of it, or the same land would count twice.
    Summary,
    /// It looks like a table and cannot be understood; nothing is used of it.
    Refused(InterpretError),
}

impl SheetIntake {
    /// The rows and their account, if it was understood.
    #[must_use]
    pub fn interpreted(&self) -> Option<&Interpreted> {
        if let Outcome::Read(read) = &self.outcome { Some(read) } else { None }
    }

    /// Why it was refused.
    #[must_use]
    pub fn error(&self) -> Option<&InterpretError> {
        if let Outcome::Refused(error) = &self.outcome { Some(error) } else { None }
    }

    /// Table that its rows belong to.
    #[must_use]
    pub fn table(&self) -> Option<&'static str> {
        self.interpreted().map(|i| i.table)
    }

    /// Its mapping.
    #[must_use]
    pub fn mapping(&self) -> Option<&Mapping> {
        self.interpreted().map(|i| &i.mapping)
    }

    /// What a person should look at.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        self.interpreted().map_or(&[], |i| &i.warnings)
    }
}

impl FileIntake {
    /// Whether every row of every sheet was accounted for and no sheet was refused.
    #[must_use]
    pub fn closes(&self) -> bool {
        self.sheets.iter().all(|s| match &s.outcome {
            Outcome::Read(read) => read.closes(),
            Outcome::NoTable | Outcome::Summary => true,
            Outcome::Refused(_) => false,
        })
    }

    /// Sum over the sheets of one class of rows.
    #[must_use]
    pub fn sum(&self, of: impl Fn(&Interpreted) -> Control) -> Control {
        let read = self.sheets.iter().filter_map(SheetIntake::interpreted);
        read.map(of).fold(Control::default(), Control::plus)
    }
}

/// Reads one file. Names are resolved against [`IntakeOptions::villages`] alone.
///
/// # Errors
/// [`Refusal`] where the file as a whole cannot be read; a sheet that cannot be understood is an [`Outcome`].
pub fn read(path: &Path, options: &IntakeOptions) -> Result<FileIntake, Refusal> {
    let raw = open(path, options)?;
    Ok(understand(path, &raw, options, &options.known_villages(), &options.code_map))
}

fn open(path: &Path, options: &IntakeOptions) -> Result<RawWorkbook, Refusal> {
    let how = ReadOptions { encoding: options.encoding.clone(), limits: options.limits.clone() };
    match &options.isolation {
        Isolation::Child(child) => child.read(path, &how),
        Isolation::InProcess => qingmu_sheets::read_file(path, &how),
    }
}

fn understand(
    path: &Path,
    raw: &RawWorkbook,
    options: &IntakeOptions,
    villages: &Villages,
    code_map: &CodeMap,
) -> FileIntake {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let mut sheets: Vec<SheetIntake> = raw
        .sheets
        .iter()
        .map(|sheet| {
            let outcome = of_sheet(&name, raw, sheet, options, villages, code_map);
            let cells = sheet.rows.values().map(|r| r.len() as u64).sum();
            let (hidden, rows) = (sheet.hidden, sheet.rows.len() as u64);
            SheetIntake { sheet: sheet.name.clone(), hidden, rows, cells, outcome }
        })
        .collect();
    // A cover sheet or a note beside tables is no table; a file without any table is refused.
    let any = sheets.iter().any(|s| s.interpreted().is_some());
    let claims = sheets.iter().any(|s| s.table() == Some("claims"));
    for (sheet, raw) in sheets.iter_mut().zip(&raw.sheets) {
        let bare = matches!(&sheet.outcome, Outcome::Refused(error) if error.no_table());
        if sheet.rows == 0 || (any && bare) {
            sheet.outcome = Outcome::NoTable;
        }
        let nobody = matches!(&sheet.outcome, Outcome::Refused(error) if error.names_nobody());
        if claims && nobody && says_summary(raw) {
            sheet.outcome = Outcome::Summary;
        }
    }
    FileIntake {
        name,
        sha256: raw.digest.clone(),
        format: raw.format,
        encoding: raw.encoding.clone(),
        notes: raw.notes.clone(),
        sheets,
    }
}

/// Whether a sheet's name or the lines at its top call it a summary.
fn says_summary(sheet: &RawSheet) -> bool {
    let tops = sheet.rows.values().take(3).flat_map(qingmu_sheets::Row::values);
    let texts = tops.filter_map(|cell| match &cell.value {
        qingmu_sheets::Value::Text(text) => Some(text.as_str()),
        _ => None,
    });
    std::iter::once(sheet.name.as_str()).chain(texts).any(|text| text.contains("汇总"))
}

fn of_sheet(
    file: &str,
    raw: &RawWorkbook,
    sheet: &RawSheet,
    options: &IntakeOptions,
    villages: &Villages,
    code_map: &CodeMap,
) -> Outcome {
    let mapping = options.map.as_ref().and_then(|map| map.of(sheet));
    let context = Context {
        digest: Some(&raw.digest),
        // Parquet has no line of names: its first row is row 1.
        first_row: u64::from(raw.format != Format::Parquet),
        table: options.table.as_deref(),
        town: options.town.as_deref(),
        constants: options.constants.clone(),
        mapping,
        id_rule: options.id_rule,
        pseudonyms: options.pseudonyms.as_ref(),
        code_map,
        names: options.names,
        ..Context::new(file, villages, &options.levels)
    };
    match interpret(sheet, &context) {
        Ok(read) => Outcome::Read(Box::new(read)),
        Err(error) => Outcome::Refused(error),
    }
}
