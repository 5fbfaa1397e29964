//! Excess of a village in a year, land counted once.
//!
//! Several rules see the same land: a rule on the year, rules on its seasons and programmes, rules on single
//! claimants. Their estimates are never added. In detail:
//!
//! - parts that one rule found (crops, claims of one person) are disjoint and add up;
//! - where several rules judge the same part, the largest estimate stands;
//! - parts are: the year as a whole; each season and programme; each claimant. Seasons and programmes add up
//!   among themselves, claimants among themselves;
//! - of the three totals the largest stands.
//!
//! An estimate of land brings its own money along, so that money per mu is a rate that was really paid: the
//! largest area wins and its money is taken, not the largest money of another rule. Money without land (amount ≠
//! area × rate) runs through the same three totals by itself, and replaces the money of the land only where it is
//! larger. Where the winning land has no money estimate at all, the largest money of the other land estimates
//! stands. Negative estimates count as nothing: one person's underpayment does not offset another's excess.

use crate::evidence::{Evidence, Scope};
use qingmu_model::{ClaimantId, Mu, Season, Share, Subject, Yuan};
use std::collections::BTreeMap;

/// Area and money beyond what the evidence supports; `None` where nothing estimates it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Excess {
    pub(crate) mu: Option<Mu>,
    pub(crate) yuan: Option<Yuan>,
}

/// Land with its money, and money without land, kept apart until the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
struct Estimate {
    mu: Option<Mu>,
    land_yuan: Option<Yuan>,
    /// The largest money of any land, for a winner that has none.
    any_yuan: Option<Yuan>,
    money: Option<Yuan>,
}

/// Whose or which land.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Part<'a> {
    Year,
    SeasonProgramme(Season, Option<&'a str>),
    Claimant(&'a ClaimantId),
    /// A claim whose claimant the view does not tell.
    Claim(&'a Subject),
}

/// Totals saturate: at 9e14 mu the input is wrong in a way that the scan reports, and a panic helps nobody.
fn plus_mu(a: Option<Mu>, b: Option<Mu>) -> Option<Mu> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.checked_add(b).unwrap_or(Mu::from_raw(i64::MAX))),
        (a, b) => a.or(b),
    }
}

fn plus_yuan(a: Option<Yuan>, b: Option<Yuan>) -> Option<Yuan> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.checked_add(b).unwrap_or(Yuan::from_raw(i64::MAX))),
        (a, b) => a.or(b),
    }
}

impl Estimate {
    fn of(share: &Share) -> Self {
        let yuan = share.yuan.map(|y| y.max(Yuan::ZERO));
        match share.mu {
            Some(mu) => {
                let mu = Some(mu.max(Mu::ZERO));
                Self { mu, land_yuan: yuan, any_yuan: yuan, money: None }
            }
            None => Self { money: yuan, ..Self::default() },
        }
    }

    fn plus(self, other: Self) -> Self {
        Self {
            mu: plus_mu(self.mu, other.mu),
            land_yuan: plus_yuan(self.land_yuan, other.land_yuan),
            any_yuan: plus_yuan(self.any_yuan, other.any_yuan),
            money: plus_yuan(self.money, other.money),
        }
    }

    /// The larger land with its money, and the larger money without land.
    fn or_larger(self, other: Self) -> Self {
        let (mu, land_yuan) = (self.mu, self.land_yuan).max((other.mu, other.land_yuan));
        Self {
            mu,
            land_yuan,
            any_yuan: self.any_yuan.max(other.any_yuan),
            money: self.money.max(other.money),
        }
    }
}

impl Excess {
    /// Sum over villages; `None` where none of them has an estimate.
    pub(crate) fn plus(self, other: Self) -> Self {
        Self { mu: plus_mu(self.mu, other.mu), yuan: plus_yuan(self.yuan, other.yuan) }
    }

    /// What `evidence` supports on one village in one year. The order of `evidence` does not matter.
    pub(crate) fn on(village: &str, year: i16, evidence: &[&Evidence<'_>]) -> Self {
        let mut parts: BTreeMap<Part<'_>, BTreeMap<&str, Estimate>> = BTreeMap::new();
        for found in evidence.iter().filter(|e| e.counts) {
            let here = |s: &&Share| s.village_code == village && s.year == year;
            for share in found.hit.shares.iter().filter(here) {
                let rules = parts.entry(part(found, share)).or_default();
                let sum = rules.entry(found.rule()).or_default();
                *sum = sum.plus(Estimate::of(share));
            }
        }
        let [mut whole, mut seasons, mut claimants] = [Estimate::default(); 3];
        for (part, rules) in &parts {
            let largest = rules.values().fold(Estimate::default(), |a, b| a.or_larger(*b));
            let total = match part {
                Part::Year => &mut whole,
                Part::SeasonProgramme(..) => &mut seasons,
                Part::Claimant(_) | Part::Claim(_) => &mut claimants,
            };
            *total = total.plus(largest);
        }
        let best = whole.or_larger(seasons).or_larger(claimants);
        Self { mu: best.mu, yuan: best.land_yuan.or(best.any_yuan).max(best.money) }
    }
}

fn part<'a>(found: &Evidence<'a>, share: &'a Share) -> Part<'a> {
    match (found.scope, &share.claimant, share.season) {
        (Scope::Claims, Some(claimant), _) => Part::Claimant(claimant),
        (Scope::Claims, None, _) => Part::Claim(&found.hit.subject),
        (_, _, Some(season)) => Part::SeasonProgramme(season, share.programme.as_deref()),
        (_, _, None) => Part::Year,
    }
}
