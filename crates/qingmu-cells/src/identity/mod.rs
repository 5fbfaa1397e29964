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

/// Whether a text is a citizen's identity number, region, birth date and check character included.
pub(crate) fn is_citizens(text: &str) -> bool {
    text.len() == 18 && gb11643::canonical(text).is_some()
}
