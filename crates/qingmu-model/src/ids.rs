//! Identities that cannot be printed raw by accident.

use serde::{Serialize, Serializer};
use std::fmt;

/// What an id column identifies; decides how it is masked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IdKind {
    /// A claimant (person, co-operative, firm), recorder or approver.
    Person,
    /// A bank account.
    Account,
}

/// Masks a person's id: first four and last four characters of a long one, the first of a short one.
#[must_use]
pub fn mask_id(raw: &str) -> String {
    let chars: Vec<char> = raw.chars().collect();
    let n = chars.len();
    if n >= 12 {
        let head: String = chars[..4].iter().collect();
        let tail: String = chars[n - 4..].iter().collect();
        format!("{head}{}{tail}", "*".repeat(n - 8))
    } else {
        let head: String = chars.iter().take(1).collect();
        format!("{head}{}", "*".repeat(n.saturating_sub(1)))
    }
}

/// Masks an account: only the last four characters of a long one stay, none of a short one.
#[must_use]
pub fn mask_account(raw: &str) -> String {
    let chars: Vec<char> = raw.chars().collect();
    let n = chars.len();
    if n >= 8 {
        let tail: String = chars[n - 4..].iter().collect();
        format!("{}{tail}", "*".repeat(n - 4))
    } else {
        "*".repeat(n)
    }
}

/// Masks a name: the first character stays.
#[must_use]
pub fn mask_name(raw: &str) -> String {
    let head: String = raw.chars().take(1).collect();
    format!("{head}{}", "*".repeat(raw.chars().count().saturating_sub(1).max(1)))
}

macro_rules! masked_id {
    ($name:ident, $mask:path, $doc:literal) => {
        #[doc = $doc]
        ///
        /// `Debug`, `Display` and serialisation are masked; [`Self::reveal`] is the only way to the clear text.
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// Wraps a clear or pseudonymised id.
            #[must_use]
            pub fn new(raw: impl Into<String>) -> Self {
                Self(raw.into())
            }

            /// The text as read. Callers state why it must leave its mask.
            #[must_use]
            pub fn reveal(&self, _purpose: &str) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&$mask(&self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), $mask(&self.0))
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str(&$mask(&self.0))
            }
        }
    };
}

masked_id!(ClaimantId, mask_id, "A claimant's id or its keyed hash.");
masked_id!(AccountId, mask_account, "A bank account or its keyed hash.");

#[cfg(test)]
mod tests {
    use super::*;

    // A made-up id with a valid check digit; it belongs to nobody known here.
    const INVENTED: &str = "610423197001011230";

    #[test]
    fn no_way_of_printing_shows_the_middle() {
        let id = ClaimantId::new(INVENTED);
        let account = AccountId::new("6217000012345678");
        let json = serde_json::to_string(&(&id, &account)).unwrap_or_default();
        let all = format!("{id} {id:?} {account} {account:?} {json}");
        assert!(!all.contains("19700101") && !all.contains("62170000"), "{all}");
        assert_eq!(id.to_string(), "6104**********1230");
        assert_eq!(account.to_string(), "************5678");
        assert_eq!(id.reveal("test"), INVENTED);
    }

    #[test]
    fn short_ones_lose_nearly_all() {
        assert_eq!(mask_id("ab12"), "a***");
        assert_eq!(mask_account("1234567"), "*******");
        assert_eq!(mask_name("甲乙丙"), "甲**");
        assert_eq!(mask_name("甲"), "甲*");
    }
}
