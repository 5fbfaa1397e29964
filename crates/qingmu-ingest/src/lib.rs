//! What an office meant by a sheet: header mapping, units, structure, regions, identities; every row accounted for.

mod amounts;
mod code_map;
mod dates;
#[cfg(test)]
mod fixture;
mod header;
mod identity;
pub mod intake;
mod interpret;
mod regions;
mod structure;
mod units;

pub use amounts::{Amount, read_amount};
pub use code_map::{CodeChange, CodeMap, CodeMapError};
pub use dates::{Date, read_date};
pub use header::{MappedColumn, Mapping, MappingError};
pub use identity::{
    IdColumn, IdRule, Identity, KeyError, MasterKey, Pseudonyms, Purpose, read_account, read_id,
};
pub use interpret::{
    CanonicalRow, Context, Control, Field, FieldValue, InterpretError, Interpreted, THRESHOLD,
    Warning, interpret,
};
pub use regions::{VillageRow, Villages};
pub use structure::{Reconciled, SkipReason, TotalKind, group_number};
pub use units::{Measure, Slip, SourceUnit, unit_slips};
