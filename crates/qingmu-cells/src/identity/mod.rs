//! Identities: checked before anything compares them, then replaced by keyed pseudonyms.

mod account;
pub(crate) mod calendar;
mod gb11643;
mod gb32100;
mod key;
mod person;
mod pseudonym;

pub use account::read_account;
pub use key::{KeyError, MasterKey, Purpose};
pub use person::scientific;
pub use person::{IdColumn, IdRule, Identity, read_id};
pub use pseudonym::Pseudonyms;
