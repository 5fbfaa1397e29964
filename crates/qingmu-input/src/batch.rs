//! One row group's claims after decoding and checking: the form in which every reader hands rows to the kernel.

use crate::refused::Refused;
use arrow::array::StringViewArray;
use qingmu_model::{Reject, Season};
use std::sync::Arc;

/// Code of a missing text.
pub const MISSING_CODE: u32 = u32::MAX;
/// Value of a missing fixed-point number.
pub const MISSING_FIXED: i64 = i64::MIN;
/// Number of a missing group.
pub const MISSING_GROUP: i16 = i16::MIN;
/// Value of a missing identity.
pub const MISSING_ID: u128 = 0;

/// A low-cardinality text column: each row's index into the row group's own dictionary.
#[derive(Debug, Default, Clone)]
pub struct TextColumn {
    /// Distinct texts of this batch.
    pub dict: Vec<Arc<str>>,
    /// Per row; [`MISSING_CODE`] for missing.
    pub code: Vec<u32>,
}

/// Clear texts of the identities of a batch. Only the second pass asks for them, and keeps those of flagged
/// rows alone. Arrays are indexed by `row[i]`, since refused rows are still in them.
#[derive(Debug, Default, Clone)]
pub struct ClaimTexts {
    /// Index into the arrays of each kept row; empty where every row was kept.
    pub row: Vec<u32>,
    /// Claim ids.
    pub claim_id: Option<StringViewArray>,
    /// Claimants.
    pub claimant: Option<StringViewArray>,
    /// Accounts.
    pub account: Option<StringViewArray>,
    /// Households.
    pub household: Option<StringViewArray>,
}

/// What a pass asks of each row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    /// What is added up.
    Sums,
    /// The same, and clear identities.
    Texts,
    /// The same as for sums and the columns beside them; rows whose only fault is a missing area are kept.
    Rows,
}

/// Kept rows of one row group (or one slice of a CSV file), plus what was refused there.
/// All vectors have `rows` entries; optional columns that the file lacks are `None`.
#[derive(Debug, Default, Clone)]
pub struct ClaimBatch {
    /// Kept rows.
    pub rows: usize,
    /// Row number in the file of each kept row (1-based in Parquet, 2 for the first CSV data row).
    pub row_number: Vec<u64>,
    /// Checked region codes.
    pub village: TextColumn,
    /// Year.
    pub year: Vec<i16>,
    /// Season.
    pub season: Vec<Season>,
    /// Programme.
    pub programme: TextColumn,
    /// Crop.
    pub crop: TextColumn,
    /// Approver.
    pub approver: Option<TextColumn>,
    /// Area, 0.0001 mu; [`MISSING_FIXED`] only in a pass for rows, where amount and rate stand in for it.
    pub area: Vec<i64>,
    /// Amount, fen.
    pub amount: Vec<i64>,
    /// Rate, fen per mu.
    pub rate: Option<Vec<i64>>,
    /// 128-bit hash of the claimant's id.
    pub claimant: Vec<u128>,
    /// 128-bit hash of the account.
    pub account: Option<Vec<u128>>,
    /// 128-bit hash of the household.
    pub household: Option<Vec<u128>>,
    /// 128-bit hash of the parcel; only in a pass for rows.
    pub parcel: Option<Vec<u128>>,
    /// Recorder; only in a pass for rows.
    pub recorder: Option<TextColumn>,
    /// Villagers' group, [`MISSING_GROUP`] for none; only in a pass for rows.
    pub group_no: Option<Vec<i16>>,
    /// Rows refused here.
    pub rejects: Vec<Reject>,
    /// What they would have added.
    pub refused: Refused,
    /// Kept rows whose area was rounded.
    pub area_rounded: u64,
    /// Kept rows whose amount was rounded.
    pub amount_rounded: u64,
    /// Clear identities, where asked for.
    pub texts: Option<ClaimTexts>,
}
