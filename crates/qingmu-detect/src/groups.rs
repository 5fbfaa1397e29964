//! What ties villages: their town, who approved and recorded their claims. Neighbours on the map are no tie here: balls that
//! straddle towns with different honest shifts looked like rings when they were measured.

use crate::panels::Frame;
use qingmu_evidence::{Evidence, Office};
use qingmu_fusion::{Group, GroupMember};
use qingmu_model::{RegionLevels, RingTie};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Fewer villages are no ring (domain.md, N03).
const SMALLEST: usize = 3;
/// Share of a village-year's area from which one approver or recorder stands for it.
const DOMINANT: f64 = 0.5;
/// Every group of at least three villages, in a canonical order.
pub(crate) fn groups(evidence: &Evidence, frame: &Frame<'_>, levels: &RegionLevels) -> Vec<Group> {
    let mut all = towns(frame, levels);
    all.extend(offices(&evidence.approvers, RingTie::Approver, frame, levels));
    all.extend(offices(&evidence.recorders, RingTie::Recorder, frame, levels));
    all.retain(|group| group.members.len() >= SMALLEST);
    all
}

fn index(village: usize) -> u32 {
    u32::try_from(village).unwrap_or(u32::MAX)
}

fn always(village: usize) -> GroupMember {
    GroupMember { village: index(village), years: GroupMember::ALWAYS }
}

fn towns(frame: &Frame<'_>, levels: &RegionLevels) -> Vec<Group> {
    // Where the claiming unit is itself the ring level there are no towns to pool.
    let mut towns: BTreeMap<&str, Vec<GroupMember>> = BTreeMap::new();
    for (v, code) in frame.villages.iter().enumerate() {
        towns.entry(levels.ring_of(code)).or_default().push(always(v));
    }
    let group = |(key, members): (&str, Vec<GroupMember>)| Group {
        tie: RingTie::Town,
        key: Arc::from(key),
        members,
    };
    towns.into_iter().map(group).collect()
}

/// Villages by the person who held an office for most of their area. The same id in another county may be another
/// person.
fn offices(office: &Office, tie: RingTie, frame: &Frame<'_>, levels: &RegionLevels) -> Vec<Group> {
    let mut of_person: BTreeMap<(&str, u32), BTreeMap<u32, u64>> = BTreeMap::new();
    for (at, dominant) in office.dominant.iter().enumerate() {
        let Some(dominant) = dominant.filter(|d| d.share >= DOMINANT) else { continue };
        let (village, year) = (at / frame.years.max(1), at % frame.years.max(1));
        let Some(code) = frame.villages.get(village) else { continue };
        let members = of_person.entry((levels.peer_of(code), dominant.person)).or_default();
        *members.entry(index(village)).or_default() |= 1 << year.min(63);
    }
    of_person
        .into_iter()
        .filter_map(|((_, person), members)| {
            let key = office.people.get(person as usize)?.to_string();
            let member = |(village, years)| GroupMember { village, years };
            Some(Group {
                tie,
                key: Arc::from(key),
                members: members.into_iter().map(member).collect(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use qingmu_deviation::Place;
    use qingmu_evidence::Dominant;
    use qingmu_model::ClaimantId;

    fn villages(codes: &[&str]) -> Vec<Arc<str>> {
        codes.iter().map(|c| Arc::from(*c)).collect()
    }

    #[test]
    fn an_approver_ties_the_villages_and_years_that_he_stands_for_inside_one_county() {
        let codes = villages(&["990001001001", "990001002001", "990001003001", "990002001001"]);
        let place = Place { county: 1, prefecture: 1, town: 1 };
        let frame = Frame { villages: &codes, places: &[place; 4], first_year: 2020, years: 2 };
        let by = |person, share| Some(Dominant { person, share });
        let office = Office {
            people: vec![ClaimantId::new("990001197001011230"), ClaimantId::new("b")],
            dominant: vec![
                by(0, 1.0),
                by(0, 0.6),
                by(0, 0.5),
                by(1, 1.0),
                by(0, 0.9),
                by(0, 0.4),
                by(0, 1.0),
                None,
            ],
        };
        let groups = offices(&office, RingTie::Approver, &frame, &RegionLevels::china());
        let told: Vec<_> = groups
            .iter()
            .map(|g| (&*g.key, g.members.iter().map(|m| (m.village, m.years)).collect::<Vec<_>>()))
            .collect();
        assert_eq!(
            told,
            [
                ("9900**********1230", vec![(0, 0b11), (1, 0b01), (2, 0b01)]),
                ("b", vec![(1, 0b10)]),
                ("9900**********1230", vec![(3, 0b01)]),
            ]
        );
    }
}
