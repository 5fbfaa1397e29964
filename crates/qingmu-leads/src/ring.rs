//! Rings 窝案: villages with hits of their own in one year, tied by one approver or one town.
//!
//! A ring rests on more than one rule. Three villages of an honest town with one lone statistical hit each are what
//! chance and a shared quirk of the data (late sowing, another area basis) look like: where all counted hits on all
//! members come from one single rule of grade E2, there is no ring. A hit on the approver is a second rule; a fact
//! or strong evidence (E0, E1) needs none. Drafts never count.

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
/// Villages that would make a ring but rest on one rule alone stay free for another tie. An approver ties more closely than a town, so approvers come first, the one with most villages before the
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
    let rests = rests(own, evidence, year);
    let makes_a_ring =
        |villages: &BTreeSet<&str>| villages.len() >= SMALLEST && rests.on_more_than_one(villages);
    let mut free = own.clone();
    let mut found = Vec::new();
    for (_, villages) in order {
        let villages: BTreeSet<&str> = villages.intersection(&free).copied().collect();
        if makes_a_ring(&villages) {
            free.retain(|v| !villages.contains(v));
            let ties = ties(&villages, &offices, context);
            found.push(Ring { villages, ties });
        }
    }
    let mut towns: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for village in free {
        towns.entry(context.levels.ring_of(village)).or_default().insert(village);
    }
    for villages in towns.into_values().filter(makes_a_ring) {
        let ties = ties(&villages, &offices, context);
        found.push(Ring { villages, ties });
    }
    found.sort_by(|a, b| a.villages.cmp(&b.villages));
    found
}

/// The counted evidence on each village of one year.
struct Rests<'a>(BTreeMap<&'a str, Vec<&'a Evidence<'a>>>);

impl Rests<'_> {
    fn on_more_than_one(&self, villages: &BTreeSet<&str>) -> bool {
        let here = || villages.iter().filter_map(|v| self.0.get(v)).flatten();
        let rules: BTreeSet<&str> = here().map(|e| e.rule()).collect();
        rules.len() > 1 || here().any(|e| e.suffices())
    }
}

fn rests<'a>(own: &BTreeSet<&'a str>, evidence: &'a [Evidence<'a>], year: i16) -> Rests<'a> {
    let mut here: BTreeMap<&str, Vec<&Evidence<'_>>> = BTreeMap::new();
    for found in evidence.iter().filter(|e| e.counts && e.year == year) {
        for village in found.villages.intersection(own) {
            here.entry(village).or_default().push(found);
        }
    }
    Rests(here)
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
