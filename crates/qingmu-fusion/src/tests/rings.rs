//! Rings against the truth.

use super::calibration::run;
use super::simulator::{Plan, World};
use crate::{Group, GroupMember, Options, RingPosterior, fuse, learn};
use qingmu_model::RingTie;
use std::sync::Arc;

fn by_town(rings: &[RingPosterior], town: u32) -> Option<&RingPosterior> {
    rings.iter().find(|ring| ring.group == town)
}

/// Six of fourteen villages, three years, 8 %: one in each of four towns among 144, in eight provinces. Counted at the
/// probability that one false ring in a thousand towns exceeds.
#[test]
fn rings_of_six_small_excesses_are_found() {
    let (mut found, mut wrong, mut right, mut listed) = (Vec::new(), Vec::new(), 0, 0);
    for seed in 1..=8 {
        let world = World::new(&Plan { seed, villages: 2016, rings: 4, ..Plan::default() });
        for ring in run(&world).rings {
            if ring.group >= 4 {
                wrong.push(ring.p);
                continue;
            }
            found.push(ring.p);
            listed += ring.members.len();
            right += ring.members.iter().filter(|m| m.village % 14 < 6).count();
        }
    }
    wrong.sort_by(|a, b| b.total_cmp(a));
    let cut = wrong.get(1).copied().unwrap_or(0.0);
    let above = found.iter().filter(|p| **p > cut).count();
    assert!(above >= 26, "{above} of 32 above {cut}, of {found:?}; wrong {wrong:?}");
    let surest = wrong.iter().filter(|p| **p >= 0.5).count();
    assert!(surest <= 3, "{wrong:?}");
    assert!(5 * right >= 4 * listed, "{right} of {listed} members");
}

#[test]
fn rings_of_six_at_a_fifth_are_certain_and_lift_their_members() {
    for seed in 1..=4 {
        let world =
            World::new(&Plan { seed, villages: 840, rings: 1, ring: (0.2, 3), ..Plan::default() });
        let fusion = run(&world);
        let ring = &fusion.rings[0];
        assert!(ring.group == 0 && ring.p > 0.9 && ring.q < 0.1, "{ring:?}");
        assert_eq!(ring.span.from, 3);
        let mut members: Vec<u32> = ring.members.iter().map(|m| m.village).collect();
        assert!(ring.members.windows(2).all(|pair| pair[0].ln_bf >= pair[1].ln_bf));
        members.sort_unstable();
        assert!(members.iter().filter(|v| **v < 6).count() >= 5, "{members:?}");
        let lifted = fusion.village_years.iter().filter(|y| y.village < 6 && y.year >= 3);
        let (p, with): (Vec<f64>, Vec<f64>) = lifted.map(|y| (y.p, y.p_ring)).unzip();
        let sum = |x: &[f64]| x.iter().sum::<f64>();
        assert!(sum(&with) > sum(&p) + 3.0 && with.len() >= 15, "{p:?} {with:?}");
        let joined = fusion.village_years.iter().filter(|y| y.village < 6 && y.ring == Some(0));
        assert!(joined.count() >= 15);
        let bystanders = fusion.village_years.iter().filter(|y| (6..14).contains(&y.village));
        assert!(
            bystanders.clone().all(|y| y.p_ring <= 0.9),
            "membership is not proved by the town"
        );
    }
}

#[test]
fn a_town_whose_sources_are_all_biased_by_a_constant_makes_no_ring() {
    for bias in [0.1, 0.2, 0.4] {
        for seed in 1..=4 {
            let world = World::new(&Plan { seed, villages: 840, bias, ..Plan::default() });
            let fusion = run(&world);
            let ring = by_town(&fusion.rings, 1);
            assert!(ring.is_none_or(|ring| ring.p < 0.2), "{bias} {seed} {ring:?}");
            let accused = fusion.village_years.iter().filter(|y| y.q.min(y.q_ring) <= 0.05);
            assert_eq!(accused.count(), 0, "{bias} {seed}");
        }
    }
}

#[test]
fn an_honest_event_of_a_whole_town_makes_no_ring() {
    for event in [-0.3, -0.1, 0.1, 0.3] {
        for seed in 1..=3 {
            let world = World::new(&Plan { seed, villages: 840, event, ..Plan::default() });
            let fusion = run(&world);
            let ring = by_town(&fusion.rings, 2);
            assert!(ring.is_none_or(|ring| ring.p < 0.2), "{event} {seed} {ring:?}");
        }
    }
}

/// What the claims of a town share in a year is learned from all towns, up and down, and makes no ring.
#[test]
fn what_towns_share_honestly_makes_no_rings() {
    let (mut likely, mut years) = (0, 0);
    for seed in 1..=6 {
        let world = World::new(&Plan { seed, villages: 2016, shock: 0.025, ..Plan::default() });
        let fusion = run(&world);
        likely += fusion.rings.iter().filter(|ring| ring.p >= 0.5).count();
        years += fusion.village_years.iter().filter(|y| y.q_ring <= 0.05).count();
    }
    assert!(likely <= 2 && years <= 6, "{likely} rings and {years} village-years in 864 towns");
    let world = World::new(&Plan {
        seed: 3,
        villages: 2016,
        shock: 0.025,
        rings: 2,
        ring: (0.25, 3),
        ..Plan::default()
    });
    let fusion = run(&world);
    let found =
        (0..2).filter(|town| by_town(&fusion.rings, *town).is_some_and(|r| r.p > 0.5)).count();
    assert_eq!(found, 2, "a ring stands out within its town: {:?}", fusion.rings);
}

#[test]
fn one_ring_with_several_ties_is_listed_once() {
    let mut world =
        World::new(&Plan { villages: 840, rings: 1, ring: (0.25, 3), ..Plan::default() });
    let members = |range: std::ops::Range<u32>| {
        range.map(|village| GroupMember { village, years: GroupMember::ALWAYS }).collect::<Vec<_>>()
    };
    let mut tie =
        |tie, key: &str, members| world.groups.push(Group { tie, key: Arc::from(key), members });
    tie(RingTie::Approver, "a1", members(0..14));
    tie(RingTie::Approver, "a2", members(14..42));
    tie(RingTie::Neighbours, "000003", members(0..10));
    let fusion = run(&world);
    let strong: Vec<&RingPosterior> = fusion.rings.iter().filter(|ring| ring.p > 0.5).collect();
    assert_eq!(strong.len(), 1, "{strong:?}");
    let mut all = strong[0].same.clone();
    all.push(strong[0].group);
    all.sort_unstable();
    assert_eq!(all, [0, 60, 62]);
}

/// An approver has a village only in the years of the post.
#[test]
fn members_count_only_in_their_years() {
    let mut world =
        World::new(&Plan { villages: 840, rings: 1, ring: (0.25, 3), ..Plan::default() });
    let options = Options::default();
    let with = |years: u64, world: &mut World| {
        let members = (0..14).map(|village| GroupMember { village, years }).collect();
        world.groups = vec![Group { tie: RingTie::Approver, key: Arc::from("a"), members }];
        let parameters = learn(&world.case(), &options).unwrap();
        fuse(&world.case(), &parameters, &options).unwrap().rings.first().map_or(0.0, |ring| ring.p)
    };
    let (after, before) = (with(0b11_1000, &mut world), with(0b00_0111, &mut world));
    assert!(after > 0.5 && before < 0.1, "{after} {before}");
}

#[test]
fn a_ring_needs_two() {
    let mut world = World::new(&Plan { villages: 840, ..Plan::default() });
    (3..6).for_each(|t| world.logs[20][t] += 0.6);
    world.refit();
    let fusion = run(&world);
    let alone = fusion.village_years.iter().find(|y| y.village == 20 && y.year == 5).unwrap();
    assert!(by_town(&fusion.rings, 1).is_none_or(|ring| ring.p < 0.2), "{:?}", fusion.rings);
    assert!(alone.ring.is_none());
}
