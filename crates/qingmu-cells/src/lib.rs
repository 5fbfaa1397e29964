//! One cell to one value: numbers and units, dates, words, villages, identities. Whatever is not certain is refused
//! with its class, never guessed.

mod amounts;
mod code_map;
mod dates;
mod groups;
mod headers;
mod identity;
mod labels;
mod regions;
mod text;
mod units;
mod value;
mod words;

pub use amounts::{Amount, read_amount};
pub use code_map::{CodeChange, CodeMap, CodeMapError};
pub use dates::{Date, read_date};
pub use groups::{group_number, village_and_group};
pub use headers::{Plain, chinese, distance, plain};
pub use identity::{
    IdColumn, IdRule, Identity, KeyError, MasterKey, Pseudonyms, Purpose, read_account, read_id,
    scientific,
};
pub use labels::{TotalKind, continued, ditto, footer, total_label};
pub use regions::{VillageRow, Villages};
pub use text::half_width;
pub use units::{Measure, Slip, SourceUnit, unit_behind, unit_slips, units_in};
pub use value::{FieldValue, Read, read_plain, text};
pub use words::{programme, word, word_in_front, word_within};
