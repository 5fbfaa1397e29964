//! One row group's claims after decoding and checking: the form in which every reader hands rows to the kernel.

use crate::refused::Refused;
use arrow::array::StringViewArray;
use qingmu_model::{Reject, Season};
use std::sync::Arc;

/// Code of a missing text.
pub(crate) const MISSING_CODE: u32 = u32::MAX;
/// Value of a missing fixed-point number.
pub(crate) const MISSING_FIXED: i64 = i64::MIN;
/// Value of a missing identity.
pub(crate) const MISSING_ID: u128 = 0;

/// A low-cardinality text column: each row's index into the row group's own dictionary.
#[derive(Debug, Default, Clone)]
pub(crate) struct TextColumn {
    /// Distinct texts of this batch.
    pub(crate) dict: Vec<Arc<str>>,
    /// Per row; [`MISSING_CODE`] for missing.
    pub(crate) code: Vec<u32>,
}

/// Clear texts of the identities of a batch. Only the second pass asks for them, and keeps those of flagged
/// rows alone. Arrays are indexed by `row[i]`, since refused rows are still in them.
#[derive(Debug, Default, Clone)]
pub(crate) struct ClaimTexts {
    /// Index into the arrays of each kept row; empty where every row was kept.
    pub(crate) row: Vec<u32>,
    /// Claim ids.
    pub(crate) claim_id: Option<StringViewArray>,
    /// Claimants.
    pub(crate) claimant: Option<StringViewArray>,
    /// Accounts.
    pub(crate) account: Option<StringViewArray>,
    /// Households.
    pub(crate) household: Option<StringViewArray>,
}

/// Kept rows of one row group (or one slice of a CSV file), plus what was refused there.
/// All vectors have `rows` entries; optional columns that the file lacks are `None`.
#[derive(Debug, Default, Clone)]
pub(crate) struct ClaimBatch {
    /// Kept rows.
    pub(crate) rows: usize,
    /// Row number in the file of each kept row (1-based in Parquet, 2 for the first CSV data row).
    pub(crate) row_number: Vec<u64>,
    /// Checked region codes.
    pub(crate) village: TextColumn,
    /// Year.
    pub(crate) year: Vec<i16>,
    /// Season.
    pub(crate) season: Vec<Season>,
    /// Programme.
    pub(crate) programme: TextColumn,
    /// Crop.
    pub(crate) crop: TextColumn,
    /// Approver.
    pub(crate) approver: Option<TextColumn>,
    /// Area, 0.0001 mu.
    pub(crate) area: Vec<i64>,
    /// Amount, fen.
    pub(crate) amount: Vec<i64>,
    /// Rate, fen per mu.
    pub(crate) rate: Option<Vec<i64>>,
    /// 128-bit hash of the claimant's id.
    pub(crate) claimant: Vec<u128>,
    /// 128-bit hash of the account.
    pub(crate) account: Option<Vec<u128>>,
    /// 128-bit hash of the household.
    pub(crate) household: Option<Vec<u128>>,
    /// Rows refused here.
    pub(crate) rejects: Vec<Reject>,
    /// What they would have added.
    pub(crate) refused: Refused,
    /// Kept rows whose area was rounded.
    pub(crate) area_rounded: u64,
    /// Kept rows whose amount was rounded.
    pub(crate) amount_rounded: u64,
    /// Clear identities, where asked for.
    pub(crate) texts: Option<ClaimTexts>,
}
