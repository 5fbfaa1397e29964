//! Rings 窝案: villages with hits of their own in one year, tied by one approver or one town.

use crate::build::LeadContext;
use crate::evidence::{Evidence, Scope};
use qingmu_model::{ClaimantId, Mu, Tie};
use std::collections::{BTreeMap, BTreeSet};

/// Fewer villages are no ring (domain.md, N03).
const SMALLEST: usize = 3;

/// One ring of one year.
pub(crate) struct Ring<'a> {
    pub(crate) villages: BTreeSet<&'a str>,
    pub(crate) ties: Vec<Tie>,
}

/// An approver inside one peer region: the same short id elsewhere may be another person.
type Office<'a> = (&'a str, &'a ClaimantId);

/// Rings of one year. `own` are the villages with a counted village-level hit of their own.
///
/// An approver ties more closely than a town, so approvers come first, the one with most villages before the
/// others; what is left over is tied by town. A village is in one ring at most.
pub(crate) fn rings<'a>(
    own: &BTreeSet<&'a str>,
    evidence: &'a [Evidence<'a>],
    year: i16,
    context: &'a LeadContext,
) -> Vec<Ring<'a>> {
    let offices = offices(own, evidence, year, context);
    let mut order: Vec<(&Office<'_>, &BTreeSet<&str>)> = offices.iter().collect();
    order.sort_by_key(|(office, villages)| {
        (std::cmp::Reverse(villages.len()), villages.first().copied(), **office)
    });
    let mut free = own.clone();
    let mut found = Vec::new();
    for (_, villages) in order {
        let villages: BTreeSet<&str> = villages.intersection(&free).copied().collect();
        if villages.len() >= SMALLEST {
            free.retain(|v| !villages.contains(v));
            let ties = ties(&villages, &offices, context);
            found.push(Ring { villages, ties });
        }
    }
    let mut towns: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for village in free {
        towns.entry(context.levels.ring_of(village)).or_default().insert(village);
    }
    for villages in towns.into_values().filter(|v| v.len() >= SMALLEST) {
        let ties = ties(&villages, &offices, context);
        found.push(Ring { villages, ties });
    }
    found.sort_by(|a, b| a.villages.cmp(&b.villages));
    found
}

/// Villages of `own` by approver: who approved at least half of the village's area, or whom a hit on approvers
/// names there.
fn offices<'a>(
    own: &BTreeSet<&'a str>,
    evidence: &'a [Evidence<'a>],
    year: i16,
    context: &'a LeadContext,
) -> BTreeMap<Office<'a>, BTreeSet<&'a str>> {
    let mut offices: BTreeMap<Office<'a>, BTreeSet<&'a str>> = BTreeMap::new();
    let mut tie = |village: &'a str, approver: &'a ClaimantId| {
        let office = (context.levels.peer_of(village), approver);
        offices.entry(office).or_default().insert(village);
    };
    for village in own {
        let approvers = context.approvers.get(&((*village).to_owned(), year));
        let approvers = approvers.map_or(&[][..], Vec::as_slice);
        let total: i128 = approvers.iter().map(|(_, mu)| i128::from(mu.raw())).sum();
        for (approver, mu) in approvers {
            if *mu > Mu::ZERO && 2 * i128::from(mu.raw()) >= total {
                tie(village, approver);
            }
        }
    }
    let network = |e: &&Evidence<'_>| e.counts && e.scope == Scope::Network && e.year == year;
    for found in evidence.iter().filter(network) {
        for share in found.hit.shares.iter().filter(|s| s.year == year) {
            let village = own.get(share.village_code.as_str());
            let touched = village.filter(|v| found.villages.contains(**v));
            if let (Some(village), Some(approver)) = (touched, &share.approver) {
                tie(village, approver);
            }
        }
    }
    offices
}

/// Everything that ties all of `villages`.
fn ties(
    villages: &BTreeSet<&str>,
    offices: &BTreeMap<Office<'_>, BTreeSet<&str>>,
    context: &LeadContext,
) -> Vec<Tie> {
    let mut ties: Vec<Tie> = offices
        .iter()
        .filter(|(_, passed)| villages.is_subset(passed))
        .map(|((_, approver), _)| Tie::Approver { approver: (*approver).clone() })
        .collect();
    let towns: BTreeSet<&str> = villages.iter().map(|v| context.levels.ring_of(v)).collect();
    if let (1, Some(town)) = (towns.len(), towns.first()) {
        ties.push(Tie::Town { code: (*town).to_owned() });
    }
    ties
}
