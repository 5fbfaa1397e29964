//! Filed rows and what sources say of a village.

use qingmu_model::Season;
use std::sync::Arc;

/// One filed claim before it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// Number of the person in the village; none for somebody who is not of the village.
    pub(crate) person: Option<usize>,
    /// Number of the crop in the county's list; none for contracted land.
    pub(crate) kind: Option<usize>,
    /// Season.
    pub(crate) season: Season,
    /// Programme.
    pub(crate) programme: &'static str,
    /// Crop.
    pub(crate) crop: &'static str,
    /// Claimant.
    pub(crate) claimant: Arc<str>,
    /// Household.
    pub(crate) household: Arc<str>,
    /// Bank card.
    pub(crate) account: Arc<str>,
    /// Villagers' group.
    pub(crate) group: i16,
    /// Parcel.
    pub(crate) parcel: Option<Arc<str>>,
    /// Area in hundredths of a mu.
    pub(crate) area: i64,
    /// Area as filed, ten-thousandths of the unit of the list; none where the cell is empty. Set last of all.
    pub(crate) filed: Option<i64>,
    /// Fen per mu.
    pub(crate) rate: i64,
    /// Fen.
    pub(crate) amount: i64,
}

impl Row {
    /// Sets an area and the amount that goes with it.
    pub(crate) fn set(&mut self, area: i64) {
        self.area = area;
        self.amount = fen(area, self.rate);
    }
}

/// Area in hundredths of a mu times fen per mu, rounded half up.
pub(crate) fn fen(area: i64, rate: i64) -> i64 {
    (area * rate + 50).div_euclid(100)
}

/// One value of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cell {
    /// Source.
    pub(crate) source: &'static str,
    /// Whether it is written without the village's help.
    pub(crate) independent: bool,
    /// Year, counted from the first one.
    pub(crate) year: usize,
    /// Season.
    pub(crate) season: Season,
    /// Crop or land class.
    pub(crate) crop: &'static str,
    /// Ten-thousandths of a mu.
    pub(crate) area: i64,
    /// Ten-thousandths of a mu.
    pub(crate) se: Option<i64>,
}
