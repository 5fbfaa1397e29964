//! From whatever a sheet calls its columns to the fields of a table.

mod aliases;
mod assign;
mod detect;
mod levels;
mod mapping;
mod matching;

pub use aliases::title as field_title;
pub(crate) use assign::assign;
pub(crate) use detect::{Found, detect, similar};
pub use mapping::{MappedColumn, Mapping, MappingError};
pub(crate) use matching::looks_like_header;
pub(crate) use qingmu_cells::distance;
