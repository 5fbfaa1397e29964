//! What an office meant by a sheet: header mapping, units, structure, regions; every row accounted for.

#[cfg(test)]
mod fixture;
mod header;
pub mod intake;
mod interpret;
mod structure;

pub use header::{MappedColumn, Mapping, MappingError, field_title};
pub use interpret::{
    CanonicalRow, Context, Control, Field, InterpretError, Interpreted, THRESHOLD, Warning,
    interpret,
};
pub use qingmu_cells::{
    Amount, CodeChange, CodeMap, CodeMapError, Date, FieldValue, IdColumn, IdRule, Identity,
    KeyError, MasterKey, Measure, Pseudonyms, Purpose, Slip, SourceUnit, VillageRow, Villages,
    read_account, read_amount, read_date, read_id, unit_slips,
};
pub use structure::{Reconciled, SkipReason, TotalKind, group_number};
