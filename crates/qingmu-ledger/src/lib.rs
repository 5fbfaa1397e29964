//! The ledger: canonical Parquet of every table, with provenance, control totals and quarantine.
//!
//! A ledger is the set of the office files added to it. Which rows hold follows from that set alone, so it does not
//! matter in which order or in how many steps the files came; a correction says what it takes the place of.

mod account;
mod add;
mod disk;
mod error;
#[cfg(test)]
mod fixture;
mod ingest;
mod key;
mod ledger;
mod lock;
mod manifest;
mod part;
mod rejects;
mod replace;
mod resolve;
mod sealed;
mod tables;
mod text;
mod value;

pub use account::{FileAccount, Quarantined, Remark, SheetAccount, Sum, Total};
pub use add::{AddOptions, Added, Addition, Contradiction, Ends, Replaced, Status, add};
pub use error::{Class, LedgerError};
pub use ingest::{Ingested, Request, ingest};
pub use key::{CREDENTIAL, FoundKey, find_key, own_key};
pub use ledger::Ledger;
pub use manifest::{FORMAT, MANIFEST, Manifest, Part, REJECTS, Source, Supersession};
pub use part::Unit;
pub use sealed::open_sealed;
pub use text::text;
