//! Parts of the ledger: one table, one year, one county, in one Parquet file of standing rows and one of held ones.

mod decode;
mod encode;

#[cfg(test)]
pub(crate) use decode::{column_texts, in_force};
pub(crate) use decode::{held, standing};
pub(crate) use encode::{held_bytes, standing_bytes};

use crate::{
    tables::{LedgerTable, find},
    value::{Cell, Row},
};
use qingmu_ingest::CodeMap;
use qingmu_model::RegionLevels;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// Folder of rows that are in no sum; readers of input folders pass over names that begin with `_`.
pub(crate) const HELD: &str = "_held";

/// Columns of provenance, after the table's own.
pub(crate) mod column {
    pub(crate) const FILE: &str = "source_file";
    pub(crate) const SHEET: &str = "source_sheet";
    pub(crate) const ROW: &str = "source_row";
    pub(crate) const SHA256: &str = "source_sha256";
    pub(crate) const ALSO: &str = "source_also";
    pub(crate) const DERIVED: &str = "derived";
    pub(crate) const REASON: &str = "held_reason";
    pub(crate) const OTHER: &str = "held_other";
}

/// What is settled and written together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Unit {
    /// Table.
    pub table: String,
    /// Year, where the table has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year: Option<i64>,
    /// Digits of the county's code, where the table has villages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub county: Option<String>,
}

impl Unit {
    /// The unit of a row: under today's code of its village.
    pub(crate) fn of(
        table: &LedgerTable,
        row: &Row,
        changes: &CodeMap,
        levels: &RegionLevels,
    ) -> Self {
        let year = table.year.and_then(|at| match &row.cells[at] {
            Some(Cell::Integer(year)) => Some(*year),
            _ => None,
        });
        let county = table.village.map(|at| match &row.cells[at] {
            Some(Cell::Text(code)) => {
                let today = changes.today(code);
                let first = today.first().map_or(&**code, |(code, _)| code.as_str());
                levels.peer_of(first).to_owned()
            }
            _ => String::from("none"),
        });
        Self { table: table.name.to_owned(), year, county }
    }

    /// Its table.
    pub(crate) fn table(&self) -> Option<&'static LedgerTable> {
        find(&self.table)
    }

    /// `claims/year=2021/county=610423`.
    pub(crate) fn folder(&self) -> String {
        let mut folder = self.table.clone();
        // Writing to a String cannot fail.
        if let Some(year) = self.year {
            let _ = write!(folder, "/year={year}");
        }
        if let Some(county) = &self.county {
            let _ = write!(folder, "/county={county}");
        }
        folder
    }

    /// Name of a file with these bytes: the same bytes have the same name, so nothing is ever overwritten.
    pub(crate) fn file(&self, held: bool, bytes: &[u8]) -> String {
        let digest = hex(&Sha256::digest(bytes));
        let prefix = if held { format!("{HELD}/") } else { String::new() };
        format!("{prefix}{}/part-{}.parquet", self.folder(), &digest[..16])
    }
}

/// Lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
