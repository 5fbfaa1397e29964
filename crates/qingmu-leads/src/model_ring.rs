//! Rings that the model sees: one lead per ring and year of its span.

use crate::belief::Index;
use qingmu_model::{AssessedRing, ClaimantId, RingTie, Tie};
use std::collections::BTreeSet;

/// Probability of a ring that makes a lead.
const RING: f64 = 0.5;
/// Probability of being part of it from which a village is a member: more likely than not.
const MEMBER: f64 = 0.5;
/// Fewer villages are no ring (domain.md, N03).
const SMALLEST: usize = 3;

/// A ring in one year.
pub(crate) struct YearRing<'a> {
    pub(crate) year: i16,
    pub(crate) ring: &'a AssessedRing,
    /// Members assessed in that year, by code.
    pub(crate) villages: BTreeSet<&'a str>,
}

/// Every probable ring once per year of its span, most probable first; a village-year is in one ring at most.
pub(crate) fn by_year<'a>(index: &Index<'a>, only: Option<i16>) -> Vec<YearRing<'a>> {
    let mut order: Vec<&AssessedRing> = index.rings().iter().filter(|r| r.p >= RING).collect();
    order.sort_by(|a, b| {
        let size = |r: &AssessedRing| std::cmp::Reverse(r.members.len());
        b.p.total_cmp(&a.p)
            .then(size(a).cmp(&size(b)))
            .then_with(|| (a.tie, &a.key, a.span.from).cmp(&(b.tie, &b.key, b.span.from)))
    });
    let mut taken: BTreeSet<(&str, i16)> = BTreeSet::new();
    let mut found = Vec::new();
    for ring in order {
        let years = (ring.span.from..=ring.span.to).filter(|y| only.is_none_or(|o| o == *y));
        for year in years {
            let members = ring.members.iter().filter(|m| m.p >= MEMBER);
            let villages: BTreeSet<&str> = members
                .map(|m| m.village_code.as_str())
                .filter(|v| index.get(v, year).is_some_and(|a| a.cleared_by().is_none()))
                .filter(|v| !taken.contains(&(*v, year)))
                .collect();
            if villages.len() >= SMALLEST {
                taken.extend(villages.iter().map(|v| (*v, year)));
                found.push(YearRing { year, ring, villages });
            }
        }
    }
    found.sort_by(|a, b| (a.year, &a.villages).cmp(&(b.year, &b.villages)));
    found
}

/// What ties it, in a lead's words. The key of a person is masked already, and a mask of a mask is the same.
pub(crate) fn tie(ring: &AssessedRing) -> Tie {
    let person = || ClaimantId::new(ring.key.as_str());
    match ring.tie {
        RingTie::Town => Tie::Town { code: ring.key.clone() },
        RingTie::Approver => Tie::Approver { approver: person() },
        RingTie::Recorder => Tie::Recorder { recorder: person() },
        RingTie::Neighbours => Tie::Neighbours,
    }
}
