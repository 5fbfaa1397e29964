//! What refused rows would have added: the sums that close the account of a file in area and money too.

use crate::cells::{self, Cell, Rounded};
use qingmu_model::{AreaUnit, InputAccount, Mu, RejectCode, Yuan};

/// Areas and amounts of refused rows. A row refused for one cell still has its others; a cell that itself holds no
/// valid value is counted. Wide, so that adding up never leaves the range.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Refused {
    area: i128,
    amount: i128,
    area_unreadable: u64,
    amount_unreadable: u64,
}

impl Refused {
    /// A refused row's area.
    pub(crate) fn area(&mut self, cell: Cell<'_>, unit: AreaUnit) {
        match value(cells::area(cell, unit)) {
            Some(area) => self.area += i128::from(area.raw()),
            None => self.area_unreadable += 1,
        }
    }

    /// A refused row's amount.
    pub(crate) fn amount(&mut self, cell: Cell<'_>) {
        match value(cells::amount(cell)) {
            Some(amount) => self.amount += i128::from(amount.raw()),
            None => self.amount_unreadable += 1,
        }
    }

    /// Adds the refused rows of another part.
    pub fn add(&mut self, other: &Self) {
        self.area += other.area;
        self.amount += other.amount;
        self.area_unreadable += other.area_unreadable;
        self.amount_unreadable += other.amount_unreadable;
    }

    /// Enters the sums of the columns that the account has. Refused rows may hold anything, such as bank accounts
    /// in the place of money: their sum leaving the range is no reason to stop, it is left out.
    pub fn enter(&self, account: &mut InputAccount) {
        if account.area_mu.is_some() {
            account.area_rejected_mu = i64::try_from(self.area).ok().map(Mu::from_raw);
            account.area_unreadable = self.area_unreadable;
        }
        if account.amount_yuan.is_some() {
            account.amount_rejected_yuan = i64::try_from(self.amount).ok().map(Yuan::from_raw);
            account.amount_unreadable = self.amount_unreadable;
        }
    }
}

fn value<T>(read: Result<Option<Rounded<T>>, RejectCode>) -> Option<T> {
    read.ok().flatten().map(|(value, _)| value)
}
