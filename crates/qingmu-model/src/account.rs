//! What was read, kept and refused: the account that a run gives of its input.

use crate::quantity::{Mu, Yuan};
use crate::reject::RejectCode;
use serde::Serialize;
use std::collections::BTreeMap;

/// One input file: `rows_read = rows_kept + rows_rejected`, always.
///
/// Area and money close the same way: kept + rejected is all that the file holds in readable cells, and the cells
/// that are not readable are counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InputAccount {
    /// File, relative to the input folder, `/` as separator.
    pub file: String,
    /// Table it belongs to.
    pub table: String,
    /// `sha256:` and 64 hex digits of the bytes.
    pub digest: String,
    /// Size.
    pub bytes: u64,
    /// Rows in the file.
    pub rows_read: u64,
    /// Rows used.
    pub rows_kept: u64,
    /// Rows listed in `rejects.csv`.
    pub rows_rejected: u64,
    /// Sum of the kept rows' areas; `None` where the table has none.
    pub area_mu: Option<Mu>,
    /// Sum of the kept rows' amounts; `None` where the table has none.
    pub amount_yuan: Option<Yuan>,
    /// Sum of the rejected rows' readable areas; `None` where the table has none, or where it leaves the range.
    pub area_rejected_mu: Option<Mu>,
    /// Sum of the rejected rows' readable amounts; `None` as for areas.
    pub amount_rejected_yuan: Option<Yuan>,
    /// Rejected rows whose own area is missing or not valid.
    pub area_unreadable: u64,
    /// Rejected rows whose own amount is missing or not valid.
    pub amount_unreadable: u64,
    /// Kept rows whose area was rounded to 0.0001 mu.
    pub area_rounded: u64,
    /// Kept rows whose amount was rounded to 0.01 yuan.
    pub amount_rounded: u64,
}

/// What the input holds and what it lacks.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct InputCoverage {
    /// Tables found, with their rows kept.
    pub tables: BTreeMap<String, u64>,
    /// Tables of the data model that are not in the input.
    pub absent: Vec<String>,
    /// Optional claim columns that no claims file has.
    pub absent_claim_columns: Vec<String>,
    /// Files in the input folder that are no table.
    pub passed_over: Vec<String>,
    /// Years with claims, ascending.
    pub years: Vec<i16>,
    /// Villages with claims.
    pub villages: u64,
    /// Villages with claims and no baseline of any year.
    pub villages_without_baseline: u64,
    /// Villages with claims that the villages table does not name.
    pub villages_without_name: u64,
    /// Rows refused, by table and class.
    pub rejects: BTreeMap<String, BTreeMap<RejectCode, u64>>,
}
