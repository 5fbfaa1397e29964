//! One row of claims, checked: what every claims reader must agree on.

use crate::cells::{self, Cell, Rounded};
use crate::refused::Refused;
use qingmu_model::{Mu, Project, RejectCode, Season, Yuan};
use std::borrow::Cow;

/// Columns that a scan reads, in the order of the schema. A row is refused for its first fault in this
/// order, so that every reader names the same column and class.
pub(crate) const CLAIM_COLUMNS: [&str; 13] = [
    "claim_id",
    "year",
    "season",
    "programme",
    "crop",
    "village_code",
    "claimant_id",
    "household_id",
    "account",
    "area_mu",
    "rate_yuan_per_mu",
    "amount_yuan",
    "approver_id",
];

/// The same, and columns that only a pass for rows reads. What is wrong in these refuses no row: it is missing.
pub(crate) const ROW_COLUMNS: [&str; 16] = [
    "claim_id",
    "year",
    "season",
    "programme",
    "crop",
    "village_code",
    "claimant_id",
    "household_id",
    "account",
    "area_mu",
    "rate_yuan_per_mu",
    "amount_yuan",
    "approver_id",
    "parcel_id",
    "recorder_id",
    "group_no",
];

/// Place of the area in [`CLAIM_COLUMNS`].
const AREA: usize = 9;

/// Why a row is refused: the place of the column among those asked for, and the class.
pub(crate) type Fault = (usize, RejectCode);

/// A checked claim.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Claim<'a> {
    pub(crate) id: Cow<'a, str>,
    pub(crate) year: i16,
    pub(crate) season: Season,
    pub(crate) programme: Cow<'a, str>,
    pub(crate) crop: Cow<'a, str>,
    pub(crate) village: Cow<'a, str>,
    pub(crate) claimant: Cow<'a, str>,
    pub(crate) household: Option<Cow<'a, str>>,
    pub(crate) account: Option<Cow<'a, str>>,
    pub(crate) area: Rounded<Mu>,
    pub(crate) rate: Option<Yuan>,
    pub(crate) amount: Rounded<Yuan>,
    pub(crate) approver: Option<Cow<'a, str>>,
    pub(crate) parcel: Option<Cow<'a, str>>,
    pub(crate) recorder: Option<Cow<'a, str>>,
    pub(crate) group: Option<i16>,
}

impl<'a> Claim<'a> {
    /// Checks the cells of [`CLAIM_COLUMNS`], left to right.
    ///
    /// # Errors
    /// The first [`Fault`].
    pub(crate) fn check(row: &[Cell<'a>], project: &Project) -> Result<Self, Fault> {
        let unit = project.area_unit;
        Ok(Self {
            id: need(0, cells::text(cell(row, 0)))?,
            year: need(1, cells::year(cell(row, 1)))?,
            season: cells::season(cell(row, 2)).map_err(|code| (2, code))?,
            programme: need(3, cells::text(cell(row, 3)))?,
            crop: need(4, cells::text(cell(row, 4)))?,
            village: need(5, cells::region(cell(row, 5), &project.region))?,
            claimant: need(6, cells::text(cell(row, 6)))?,
            household: may(7, cells::text(cell(row, 7)))?,
            account: may(8, cells::text(cell(row, 8)))?,
            area: need(9, cells::area(cell(row, 9), unit))?,
            rate: may(10, cells::rate(cell(row, 10), unit))?.map(|(rate, _)| rate),
            amount: need(11, cells::amount(cell(row, 11)))?,
            approver: may(12, cells::text(cell(row, 12)))?,
            parcel: cells::text(cell(row, 13)).ok().flatten(),
            recorder: cells::text(cell(row, 14)).ok().flatten(),
            group: cells::group(cell(row, 15)),
        })
    }

    /// The same for a pass for rows: a claim whose only fault is a missing area is kept if it has an amount and a
    /// rate. Gives the claim, its area then 0, and whether the area is there.
    ///
    /// # Errors
    /// The first [`Fault`].
    pub(crate) fn check_row(row: &[Cell<'a>], project: &Project) -> Result<(Self, bool), Fault> {
        match Self::check(row, project) {
            Ok(claim) => Ok((claim, true)),
            Err((AREA, code @ (RejectCode::MissingValue | RejectCode::NotANumber))) => {
                let mut cells = [Cell::Missing; ROW_COLUMNS.len()];
                for (to, from) in cells.iter_mut().zip(row) {
                    *to = *from;
                }
                cells[AREA] = Cell::Fixed(0, 0);
                match Self::check(&cells, project) {
                    Ok(claim) if claim.rate.is_some_and(|rate| rate > Yuan::ZERO) => {
                        Ok((claim, false))
                    }
                    _ => Err((AREA, code)),
                }
            }
            Err(fault) => Err(fault),
        }
    }
}

/// What a refused row would have added; a row of the wrong length has no cell that could be told.
pub(crate) fn add_refused(refused: &mut Refused, row: &[Cell<'_>], project: &Project) {
    refused.area(cell(row, 9), project.area_unit);
    refused.amount(cell(row, 11));
}

/// The cell at a place; missing beyond the end.
pub(crate) fn cell<'a>(row: &[Cell<'a>], place: usize) -> Cell<'a> {
    row.get(place).copied().unwrap_or(Cell::Missing)
}

/// A required value.
pub(crate) fn need<T>(place: usize, value: Result<Option<T>, RejectCode>) -> Result<T, Fault> {
    may(place, value)?.ok_or((place, RejectCode::MissingValue))
}

/// An optional value.
pub(crate) fn may<T>(
    place: usize,
    value: Result<Option<T>, RejectCode>,
) -> Result<Option<T>, Fault> {
    value.map_err(|code| (place, code))
}
