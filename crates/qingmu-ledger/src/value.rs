//! Rows as the ledger holds them: canonical cells in the order of the table, and the place they came from.

use crate::tables::LedgerTable;
use qingmu_ingest::{CanonicalRow, FieldValue};
use qingmu_model::{ColumnKind, Mu, Yuan, mask_name};
use std::{cmp::Ordering, sync::Arc};

/// One stored cell.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell {
    /// Text, codes, pseudonyms, seasons.
    Text(Arc<str>),
    /// Whole numbers.
    Integer(i64),
    /// Areas in 0.0001 mu, money in fen.
    Fixed(i64),
    /// Days since 1970-01-01.
    Date(i32),
    /// Yes or no.
    Flag(bool),
    /// Coordinates and shares.
    Real(f64),
}

impl Eq for Cell {}

impl PartialOrd for Cell {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Cell {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            (Self::Integer(a), Self::Integer(b)) | (Self::Fixed(a), Self::Fixed(b)) => a.cmp(b),
            (Self::Date(a), Self::Date(b)) => a.cmp(b),
            (Self::Flag(a), Self::Flag(b)) => a.cmp(b),
            (Self::Real(a), Self::Real(b)) => a.total_cmp(b),
            (a, b) => a.rank().cmp(&b.rank()),
        }
    }
}

impl Cell {
    fn rank(&self) -> u8 {
        match self {
            Self::Text(_) => 0,
            Self::Integer(_) => 1,
            Self::Fixed(_) => 2,
            Self::Date(_) => 3,
            Self::Flag(_) => 4,
            Self::Real(_) => 5,
        }
    }

    /// From text.
    pub(crate) fn text(text: &str) -> Self {
        Self::Text(Arc::from(text))
    }

    /// As it may be shown in messages: ids are pseudonyms already, names masked.
    pub(crate) fn shown(&self, kind: ColumnKind) -> String {
        match (self, kind) {
            (Self::Text(text), ColumnKind::Person) => qingmu_model::mask_id(text),
            (Self::Text(text), ColumnKind::Account) => qingmu_model::mask_account(text),
            (Self::Text(text), _) => text.to_string(),
            (Self::Integer(n), _) => n.to_string(),
            (Self::Fixed(raw), ColumnKind::Mu) => Mu::from_raw(*raw).to_string(),
            (Self::Fixed(raw), _) => Yuan::from_raw(*raw).to_string(),
            (Self::Date(days), _) => qingmu_ingest::Date(*days).to_string(),
            (Self::Flag(flag), _) => flag.to_string(),
            (Self::Real(n), _) => n.to_string(),
        }
    }
}

/// Where a row stood in an office's file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Origin {
    /// File name without folders.
    pub(crate) file: Arc<str>,
    /// SHA-256 of the file: two files may have one name.
    pub(crate) sha256: Arc<str>,
    /// Sheet; empty where the format has none.
    pub(crate) sheet: Arc<str>,
    /// Row, 1-based.
    pub(crate) row: u64,
}

impl std::fmt::Display for Origin {
    /// `台账.xlsx!2024年!128`, the row last.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.sheet.is_empty() {
            write!(f, "{}!{}", self.file, self.row)
        } else {
            write!(f, "{}!{}!{}", self.file, self.sheet, self.row)
        }
    }
}

/// One row of a table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Row {
    /// Cells in the order of the table's columns.
    pub(crate) cells: Box<[Option<Cell>]>,
    /// Its place.
    pub(crate) origin: Origin,
    /// Places of equal copies and of rows merged into this one; empty for most.
    pub(crate) also: Vec<String>,
}

impl Row {
    /// The cell of a column.
    pub(crate) fn get(&self, table: &LedgerTable, name: &str) -> Option<&Cell> {
        self.cells.get(table.place(name)?)?.as_ref()
    }

    /// The text of a column.
    pub(crate) fn text<'a>(&'a self, table: &LedgerTable, name: &str) -> Option<&'a Arc<str>> {
        match self.get(table, name) {
            Some(Cell::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// Puts a cell into a column that the table has.
    pub(crate) fn put(&mut self, table: &LedgerTable, name: &str, cell: Option<Cell>) {
        if let Some(slot) = table.place(name).and_then(|at| self.cells.get_mut(at)) {
            *slot = cell;
        }
    }

    /// Area of the row in units of 0.0001 mu; 0 where the table has none.
    pub(crate) fn area(&self, table: &LedgerTable) -> i64 {
        self.fixed(table, "area_mu")
    }

    /// Money of the row in fen; 0 where the table has none.
    pub(crate) fn amount(&self, table: &LedgerTable) -> i64 {
        self.fixed(table, "amount_yuan")
    }

    fn fixed(&self, table: &LedgerTable, name: &str) -> i64 {
        match self.get(table, name) {
            Some(Cell::Fixed(raw)) => *raw,
            _ => 0,
        }
    }
}

/// A row of an interpreted sheet as the ledger holds it.
pub(crate) fn from_canonical(row: &CanonicalRow, table: &LedgerTable, at: &Origin) -> Row {
    let mut cells: Vec<Option<Cell>> = vec![None; table.columns.len()];
    for (slot, column) in cells.iter_mut().zip(&table.columns) {
        let field = match column.name {
            // Made by the ledger once it knows all rows.
            "claim_id" if table.name == "claims" => None,
            "stated_id" => row.fields.get("claim_id").filter(|f| f.column.is_some()),
            "batch_no" => row.aside.get("batch_no"),
            name => row.fields.get(name),
        };
        let Some(field) = field else { continue };
        *slot = Some(cell(column.name, &field.value));
    }
    let mut row = Row {
        cells: cells.into(),
        origin: Origin { row: row.row, ..at.clone() },
        also: Vec::new(),
    };
    // A yearbook is compiled from what the villages report: it may raise a lead and never clear one.
    if table.name == "baselines"
        && row.get(table, "independent").is_none()
        && row.text(table, "source").is_some_and(|s| &**s == "stat_yearbook")
    {
        row.put(table, "independent", Some(Cell::Flag(false)));
    }
    row
}

fn cell(name: &str, value: &FieldValue) -> Cell {
    match value {
        // Names in clear belong into the sealed store alone.
        FieldValue::Text(text) if is_name(name) => Cell::text(&mask_name(text)),
        FieldValue::Text(text) => Cell::text(text),
        FieldValue::Integer(n) => Cell::Integer(*n),
        FieldValue::Real(n) => Cell::Real(*n),
        FieldValue::Flag(flag) => Cell::Flag(*flag),
        FieldValue::Date(date) => Cell::Date(date.0),
        FieldValue::Season(season) => Cell::text(season.code()),
        FieldValue::Mu(mu) => Cell::Fixed(mu.raw()),
        FieldValue::Yuan(yuan) => Cell::Fixed(yuan.raw()),
        FieldValue::Person(id) => Cell::text(id.reveal("the ledger holds pseudonyms")),
        FieldValue::Account(id) => Cell::text(id.reveal("the ledger holds pseudonyms")),
    }
}

/// Whether a column holds names of people who apply.
pub(crate) fn is_name(column: &str) -> bool {
    column == "claimant_name"
}
