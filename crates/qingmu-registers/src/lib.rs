//! What registers say beside the claims: persons, households, parcels, leases, payments and more, as views.
//!
//! One pass over the claims keeps a compact row of each; the optional tables are small beside them. Everything that
//! follows is arithmetic on sorted rows, so nothing depends on the order of files or rows. An optional table that is
//! absent leaves its columns missing: rules abstain, nobody is accused and nobody cleared.

mod catalogue;
mod entitled;
mod gather;
mod ground;
mod ids;
mod people;
mod programmes;
mod sheet;
mod tables;
mod views;

pub use catalogue::{column_about, column_names, column_table, column_type, is_own, view_tables};
pub use gather::{Registers, gather};
