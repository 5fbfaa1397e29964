//! What rules hand to leads: hits with their numbers, shares of land, and the coverage of each rule.

use crate::ids::{AccountId, ClaimantId};
use crate::lang::Bilingual;
use crate::outcome::{Grade, Level, RuleId};
use crate::quantity::{Mu, Yuan};
use crate::season::Season;
use crate::unit::Unit;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;

/// One value of a subject's key; identities stay masked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(untagged)]
pub enum SubjectKey {
    /// Plain text or a number as text.
    Text(String),
    /// A claimant, recorder or approver.
    Person(ClaimantId),
    /// An account.
    Account(AccountId),
    /// Not in the data.
    Missing,
}

/// What a rule judged: key columns in order with their values.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Subject {
    /// `(column, value)` pairs in the rule's key order.
    pub keys: Vec<(String, SubjectKey)>,
}

impl fmt::Display for SubjectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Person(id) => id.fmt(f),
            Self::Account(id) => id.fmt(f),
            Self::Missing => f.write_str("?"),
        }
    }
}

impl fmt::Display for Subject {
    /// `value/value/…`, identities masked, `?` for missing.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, (_, value)) in self.keys.iter().enumerate() {
            if i > 0 {
                f.write_str("/")?;
            }
            value.fmt(f)?;
        }
        Ok(())
    }
}

/// A named number of a hit, with its unit; facts are exact at their unit's scale.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Measured {
    /// Column, `let` name, or `mu` / `yuan`.
    pub name: String,
    /// Value; `None` when missing.
    pub value: Option<f64>,
    /// Unit.
    pub unit: Unit,
}

/// The part of a hit that lies on one village-year (season, programme and claimant where the view has them).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Share {
    /// Village code.
    pub village_code: String,
    /// Year.
    pub year: i16,
    /// Season, where the view has one.
    pub season: Option<Season>,
    /// Programme, where the view has one.
    pub programme: Option<String>,
    /// Claimant, where the view has one: leads count the land of one claimant once.
    pub claimant: Option<ClaimantId>,
    /// Approver, where the view has one: ties villages into rings.
    pub approver: Option<ClaimantId>,
    /// Excess area on this part; `None` where the rule estimates none.
    pub mu: Option<Mu>,
    /// Excess money on this part; `None` where the rule estimates none.
    pub yuan: Option<Yuan>,
}

/// One honest explanation of a hit and whether the data could test it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LegitCheck {
    /// What it says.
    pub text: Bilingual,
    /// How a person checks it.
    pub check: Bilingual,
    /// `Some(false)`: tested and does not cover the hit; `None`: not testable with the data at hand.
    pub clears: Option<bool>,
}

/// A rule's condition held on a subject and nothing cleared it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RuleHit {
    /// Rule.
    pub rule: RuleId,
    /// SHA-256 of the rule file, hex, first 16 digits.
    pub rule_digest: String,
    /// Rule's title.
    pub title: Bilingual,
    /// Grade of the rule's evidence.
    pub grade: Grade,
    /// Size, where the rule has bands.
    pub level: Option<Level>,
    /// View judged.
    pub view: String,
    /// Subject.
    pub subject: Subject,
    /// Excess area of the whole subject.
    pub mu: Option<Mu>,
    /// Excess money of the whole subject.
    pub yuan: Option<Yuan>,
    /// Where it lies; sums of the shares equal `mu` and `yuan` exactly.
    pub shares: Vec<Share>,
    /// Evidence columns in the rule's order.
    pub numbers: Vec<Measured>,
    /// The rendered message, identities masked.
    pub say: Bilingual,
    /// Honest explanations and their state.
    pub legit: Vec<LegitCheck>,
}

/// What a rule ran on and where it abstained.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct RuleCoverage {
    /// Rule id.
    pub rule: String,
    /// Grade and status as written in the file.
    pub status: String,
    /// View.
    pub view: String,
    /// Subjects judged.
    pub subjects: u64,
    /// Outcomes.
    pub hit: u64,
    /// Condition does not hold.
    pub clear: u64,
    /// Explained by a tested honest explanation.
    pub cleared: u64,
    /// Data missing.
    pub abstain: u64,
    /// Subjects that the view counts but does not list (they cannot fit the rule).
    pub not_listed: u64,
    /// Which missing column made how many subjects abstain.
    pub missing: BTreeMap<String, u64>,
    /// Optional tables that would let the rule judge more, if handed over.
    pub wanted_tables: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_prints_masked() {
        let subject = Subject {
            keys: vec![
                ("claimant_id".into(), SubjectKey::Person(ClaimantId::new("610423197001011230"))),
                ("year".into(), SubjectKey::Text("2022".into())),
                ("account".into(), SubjectKey::Missing),
            ],
        };
        assert_eq!(subject.to_string(), "6104**********1230/2022/?");
        let json = serde_json::to_string(&subject).unwrap_or_default();
        assert!(!json.contains("19700101"), "{json}");
    }
}
