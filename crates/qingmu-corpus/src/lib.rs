//! Messy office files made by code, so that the truth of every row is known; for tests and measurements only.
//!
//! Every person, account, village, town and figure is invented: ids carry the county number 610499, which no
//! county has, cards the issuer number 629999, and region codes begin with 99. The crate knows nothing of the readers
//! it is held against: areas and money are computed here in integers and written in the unit of each file.

#![allow(
    clippy::missing_panics_doc,
    reason = "writing to memory cannot fail, and test files are small"
)]

mod cases;
pub mod hostile;
mod numbers;
mod page;
mod people;
mod places;
mod sheet;
mod truth;
pub mod write;

pub use cases::{corpus, register};
pub use numbers::{Area, Chance, Fen, plain};
pub use page::Page;
pub use people::{account, check, credit_code, id15, id18, name};
pub use places::{PLACES, Place, TOWN, villages_csv};
pub use sheet::{Date, Merge, Sheet, Value, letters};
pub use truth::{CorpusFile, Given, Record, Rejected, SheetTruth, Truth};
