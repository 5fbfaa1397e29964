//! Groups of claim-level hits: the same claimant or account, or many small faults of one village.

use crate::evidence::Evidence;
use qingmu_model::{AccountId, ClaimantId, Subject, SubjectKey, Tie};
use std::collections::{BTreeMap, BTreeSet};

/// Claim-level hits of one rule family on the same villages in one year.
pub(crate) struct Group<'a> {
    pub(crate) year: i16,
    pub(crate) family: char,
    pub(crate) villages: BTreeSet<&'a str>,
    pub(crate) evidence: Vec<&'a Evidence<'a>>,
    pub(crate) ties: Vec<Tie>,
}

/// Whom a hit concerns: its first identity, or itself where it names none.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Whom<'a> {
    Claimant(&'a ClaimantId),
    Account(&'a AccountId),
    Subject(&'a Subject),
}

fn whom(subject: &Subject) -> Whom<'_> {
    subject
        .keys
        .iter()
        .find_map(|(_, key)| match key {
            SubjectKey::Person(id) => Some(Whom::Claimant(id)),
            SubjectKey::Account(id) => Some(Whom::Account(id)),
            SubjectKey::Text(_) | SubjectKey::Missing => None,
        })
        .unwrap_or(Whom::Subject(subject))
}

/// One group per year, rule family and set of villages: all small faults of a village come together, and so do
/// all claimants who claim in the same two villages.
pub(crate) fn groups<'a>(loose: &[&'a Evidence<'a>]) -> Vec<Group<'a>> {
    let mut people: BTreeMap<(i16, char, Whom<'_>), BTreeSet<&str>> = BTreeMap::new();
    let key = |e: &Evidence<'a>| (e.year, e.hit.rule.family(), whom(&e.hit.subject));
    for found in loose {
        people.entry(key(found)).or_default().extend(&found.villages);
    }
    let mut groups: BTreeMap<(i16, char, &BTreeSet<&str>), Vec<&'a Evidence<'a>>> = BTreeMap::new();
    for found in loose {
        if let Some(villages) = people.get(&key(found)) {
            groups.entry((found.year, found.hit.rule.family(), villages)).or_default().push(found);
        }
    }
    groups
        .into_iter()
        .map(|((year, family, villages), evidence)| Group {
            year,
            family,
            villages: villages.iter().map(|v| villages_of(&evidence, v)).collect(),
            ties: if villages.len() > 1 { ties(&evidence) } else { Vec::new() },
            evidence,
        })
        .collect()
}

/// The same village code with the lifetime of the hits.
fn villages_of<'a>(evidence: &[&'a Evidence<'a>], village: &str) -> &'a str {
    evidence.iter().find_map(|e| e.villages.get(village).copied()).unwrap_or_default()
}

fn ties(evidence: &[&Evidence<'_>]) -> Vec<Tie> {
    let whom: BTreeSet<Whom<'_>> = evidence.iter().map(|e| whom(&e.hit.subject)).collect();
    let tie = |w: Whom<'_>| match w {
        Whom::Claimant(id) => Some(Tie::Claimant { claimant: id.clone() }),
        Whom::Account(_) => Some(Tie::Account),
        Whom::Subject(_) => None,
    };
    let mut ties: Vec<Tie> = whom.into_iter().filter_map(tie).collect();
    ties.dedup();
    ties
}
