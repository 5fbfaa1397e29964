//! Ids that stay the same from run to run.
//!
//! `QM-` and the first 12 hex digits of SHA-256 over: a version word, kind, region code, year, family, and, where
//! these four do not part two leads, village codes. Each text is preceded by its length, so that no two lists of
//! texts read the same. What may change overnight is not in it: numbers, scores, rules that joined, members.
//!
//! - `village` and `ring`: there is one lead of village-level evidence per village and year, so the family is the
//!   word `village` and another rule does not change the id. A ring is known by its region and year; only a second
//!   ring in the same region and year (another approver) takes its first village code in.
//! - `claims`: family is the rules' letter, and the villages are part of what the lead is about.
//!
//! No id of a person goes into it: 48 bits are few enough to try all of a county's ids.

use crate::error::LeadError;
use qingmu_model::{Lead, LeadId, LeadKind};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write;

/// What makes a lead the same lead tomorrow.
pub(crate) struct Identity<'a> {
    pub(crate) kind: LeadKind,
    pub(crate) region: &'a str,
    pub(crate) year: i16,
    pub(crate) family: &'a str,
    pub(crate) villages: &'a [&'a str],
}

impl Identity<'_> {
    pub(crate) fn id(&self) -> LeadId {
        let mut hash = Sha256::new();
        let mut put = |text: &str| {
            hash.update((text.len() as u64).to_le_bytes());
            hash.update(text.as_bytes());
        };
        put("qingmu-lead-1");
        put(&self.kind.to_string());
        put(self.region);
        put(&self.year.to_string());
        put(self.family);
        for village in self.villages {
            put(village);
        }
        let mut text = String::from("QM-");
        for byte in hash.finalize().iter().take(6) {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02X}");
        }
        LeadId(text)
    }
}

fn describe(lead: &Lead) -> String {
    format!("{} {} {}", lead.kind, lead.region_code, lead.year)
}

/// Refuses a list in which two leads share an id; every writer asks first.
///
/// # Errors
/// [`LeadError::SameId`] naming both.
pub fn check_ids(leads: &[Lead]) -> Result<(), LeadError> {
    let mut seen: BTreeMap<&LeadId, &Lead> = BTreeMap::new();
    for lead in leads {
        if let Some(first) = seen.insert(&lead.lead_id, lead) {
            return Err(LeadError::SameId {
                id: lead.lead_id.to_string(),
                first: describe(first),
                second: describe(lead),
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(kind: LeadKind, region: &str, year: i16, family: &str, villages: &[&str]) -> String {
        Identity { kind, region, year, family, villages }.id().0
    }

    #[test]
    fn the_encoding_is_frozen() {
        // Changing this value orphans every decision that an office has recorded under an id.
        assert_eq!(id(LeadKind::Ring, "610423113", 2022, "village", &[]), "QM-91D53C5FE42B");
    }

    #[test]
    fn lengths_keep_texts_apart() {
        let a = id(LeadKind::Claims, "61", 2022, "C", &["6101", "02"]);
        let b = id(LeadKind::Claims, "61", 2022, "C", &["61", "0102"]);
        let c = id(LeadKind::Claims, "61", 2022, "C", &["610102"]);
        assert!(a != b && b != c && a != c);
        assert_ne!(
            id(LeadKind::Village, "61", 2022, "village", &[]),
            id(LeadKind::Ring, "61", 2022, "village", &[])
        );
    }
}
