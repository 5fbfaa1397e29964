//! Leads 线索: suspicions for a person to check, never verdicts.

use crate::detection::{AssessedRing, Assessment};
use crate::hit::RuleHit;
use crate::ids::ClaimantId;
use crate::outcome::Grade;
use crate::quantity::{Mu, Yuan};
use serde::Serialize;
use std::fmt;

/// What a lead is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LeadKind {
    /// One village in one year.
    Village,
    /// Several villages of one town or approver in one year (窝案).
    Ring,
    /// A group of claims: the same claimant or account.
    Claims,
}

/// State of a lead; the store moves it on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LeadStatus {
    /// Found by this run.
    #[default]
    Found,
}

/// Stable id: what makes the lead the same lead tomorrow (kind, region, year, rule family), hashed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct LeadId(pub String);

/// What ties the villages of a ring.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "by", rename_all = "lowercase")]
pub enum Tie {
    /// The same approver passed their claims.
    Approver {
        /// Masked in output.
        approver: ClaimantId,
    },
    /// The same town.
    Town {
        /// Code of the town.
        code: String,
    },
    /// The same claimant drew in all of them.
    Claimant {
        /// Masked in output.
        claimant: ClaimantId,
    },
    /// The same account received for all of them.
    Account,
    /// The same recorder entered their claims.
    Recorder {
        /// Masked in output.
        recorder: ClaimantId,
    },
    /// Neighbours on the map.
    Neighbours,
}

/// One village of a lead.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Member {
    /// Village code.
    pub village_code: String,
    /// Village name, or the code where no name is known.
    pub village_name: String,
    /// Excess area, land counted once; `None` where not estimated.
    pub excess_mu: Option<Mu>,
    /// Excess money; `None` where not estimated.
    pub excess_yuan: Option<Yuan>,
    /// Ends of the 90 % interval of the excess area; `None` until estimated.
    pub excess_mu_range: Option<(Mu, Mu)>,
    /// Ends of the 90 % interval of the excess money; `None` until estimated.
    pub excess_yuan_range: Option<(Yuan, Yuan)>,
    /// 0–100: of this village and year by the model, or the lead's where only rules speak.
    pub score: f64,
    /// False-discovery rate of this village and year by the model; `None` where it was not assessed. A village that
    /// only witnesses what happened in another has its own, never the lead's.
    pub q_value: Option<f64>,
    /// Grade of this village and year.
    pub grade: Grade,
    /// Expected recoverable yuan per day of inspecting this village alone; `None` until estimated.
    pub priority: Option<f64>,
    /// Rules that hit here, sorted.
    pub rules: Vec<String>,
    /// What the model says of this village and year; `None` where it was not assessed.
    pub assessment: Option<Assessment>,
}

/// A lead with everything that led to it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Lead {
    /// Stable id.
    pub lead_id: LeadId,
    /// Kind.
    pub kind: LeadKind,
    /// Code of the smallest region that holds all members.
    pub region_code: String,
    /// Its name, or its code.
    pub region_name: String,
    /// Year in which the excess was claimed.
    pub year: i16,
    /// 0–100, grows with the evidence; two decimals.
    pub score: f64,
    /// Expected recoverable yuan per inspection day; `None` until estimated.
    pub priority: Option<f64>,
    /// Best grade among its hits.
    pub grade: Grade,
    /// False-discovery-rate value of the best member, without regard to rings; `None` until estimated.
    pub q_value: Option<f64>,
    /// Excess area, land counted once.
    pub excess_mu: Option<Mu>,
    /// Lower end of the 90 % interval; `None` until estimated.
    pub excess_mu_lo: Option<Mu>,
    /// Upper end of the 90 % interval; `None` until estimated.
    pub excess_mu_hi: Option<Mu>,
    /// Excess money, land counted once.
    pub excess_yuan: Option<Yuan>,
    /// Lower end of the 90 % interval; `None` until estimated.
    pub excess_yuan_lo: Option<Yuan>,
    /// Upper end of the 90 % interval; `None` until estimated.
    pub excess_yuan_hi: Option<Yuan>,
    /// Rules that hit, sorted.
    pub rules: Vec<String>,
    /// What ties the members of a ring; empty for a single village.
    pub ties: Vec<Tie>,
    /// Villages, largest excess first.
    pub members: Vec<Member>,
    /// Date the lead first appeared, ISO; `None` without a store.
    pub first_seen: Option<String>,
    /// State.
    pub status: LeadStatus,
    /// All hits behind it.
    pub hits: Vec<RuleHit>,
    /// The ring that the model sees here, with its own probability; `None` for others.
    pub ring: Option<AssessedRing>,
}

impl fmt::Display for LeadId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for LeadKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Village => "village",
            Self::Ring => "ring",
            Self::Claims => "claims",
        })
    }
}
