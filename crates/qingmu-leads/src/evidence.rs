//! What a hit is about and where it touches the ground.

use crate::build::LeadContext;
use qingmu_model::{Grade, RuleHit, Share, SubjectKey};
use std::collections::BTreeSet;

/// A village in a year.
pub(crate) type Spot = (String, i16);

/// What a rule judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// The village itself.
    Village,
    /// An approver, shared out over the villages.
    Network,
    /// Single claims, a claimant or an account.
    Claims,
}

/// A hit in one year.
#[derive(Debug)]
pub(crate) struct Evidence<'a> {
    pub(crate) hit: &'a RuleHit,
    pub(crate) year: i16,
    pub(crate) scope: Scope,
    /// False for drafts, grade E3 and what an honest explanation covers: they add reasons, never weight.
    pub(crate) counts: bool,
    /// Villages touched in that year.
    pub(crate) villages: BTreeSet<&'a str>,
}

impl Evidence<'_> {
    pub(crate) fn rule(&self) -> &str {
        self.hit.rule.as_str()
    }

    /// A fact or strong evidence, which needs no second rule beside it.
    pub(crate) fn suffices(&self) -> bool {
        self.counts && self.hit.grade <= Grade::E1
    }
}

/// The view decides; a view unknown here is judged by what its shares and subject name.
fn scope(hit: &RuleHit) -> Scope {
    match hit.view.as_str() {
        "panel"
        | "village_year"
        | "village_season_programme"
        | "village_programme_year"
        | "fund" => return Scope::Village,
        "approver_village" => return Scope::Network,
        "claim"
        | "claimant_village"
        | "account_claimant"
        | "programme_rate"
        | "parcel_claimant"
        | "exclusive_claim"
        | "claimant_register"
        | "household_programme"
        | "lease"
        | "claimant_account"
        | "payee_claimant"
        | "claim_payment"
        | "account_change"
        | "publicity_claimant"
        | "own_approval" => return Scope::Claims,
        _ => {}
    }
    let account = hit.subject.keys.iter().any(|(_, k)| matches!(k, SubjectKey::Account(_)));
    if account || hit.shares.iter().any(|s| s.claimant.is_some()) {
        Scope::Claims
    } else if hit.shares.iter().any(|s| s.approver.is_some()) {
        Scope::Network
    } else {
        Scope::Village
    }
}

/// A hit spread over many villages leaves some with nothing: those it does not touch.
fn touches(hit: &RuleHit, share: &Share) -> bool {
    let mu = share.mu.map(|v| v.raw() > 0);
    let yuan = share.yuan.map(|v| v.raw() > 0);
    hit.shares.len() == 1 || mu == Some(true) || yuan == Some(true) || (mu, yuan) == (None, None)
}

/// Every hit once per year it touches, in the order of `hits`.
pub(crate) fn gather<'a>(hits: &'a [RuleHit], context: &LeadContext) -> Vec<Evidence<'a>> {
    let mut found = Vec::with_capacity(hits.len());
    for hit in hits {
        let years: BTreeSet<i16> = hit.shares.iter().map(|s| s.year).collect();
        for year in years.into_iter().filter(|y| context.year.is_none_or(|only| only == *y)) {
            let villages: BTreeSet<&str> = hit
                .shares
                .iter()
                .filter(|s| s.year == year && touches(hit, s))
                .map(|s| s.village_code.as_str())
                .collect();
            if !villages.is_empty() {
                let draft = context.drafts.contains(hit.rule.as_str());
                let explained = hit.legit.iter().any(|l| l.clears == Some(true));
                let counts = hit.grade != Grade::E3 && !draft && !explained;
                found.push(Evidence { hit, year, scope: scope(hit), counts, villages });
            }
        }
    }
    found
}
