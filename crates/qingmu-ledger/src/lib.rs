//! The ledger: canonical Parquet of every table, with provenance, control totals and quarantine.
//!
//! A ledger is the set of the office files added to it. Which rows hold follows from that set alone, so it does not
//! matter in which order or in how many steps the files came; a correction says what it takes the place of.
//!
//! ```text
//! ledger/
//!   manifest.json                            every file of the ledger; what it does not name does not exist
//!   claims/year=2024/county=610423/part-….parquet    rows in force, sorted by village
//!   baselines/year=…/county=…/ villages/county=…/ persons/ …
//!   rejects.csv                              rows that are in no sum: where, why, what to do
//!   _held/claims/year=2024/county=…/part-….parquet   copies, contradictions, rows as filed that stand in another form
//!   _sources/<sha256>.json                   the account of each office file
//! ledger.key                                 the key of the pseudonyms, beside the folder (mode 0600)
//! ```
//!
//! Every row carries `source_file`, `source_sheet`, `source_row` and `source_sha256`; `source_also` names equal copies
//! and rows merged into it. A file's name is made of its bytes, the manifest is replaced by one rename: a crash leaves
//! the ledger as it was or as it was to become.

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
