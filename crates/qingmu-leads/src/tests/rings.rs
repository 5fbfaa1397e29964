//! Villages tied into rings.

use crate::build::{LeadContext, build};
use crate::fixture::{TOWN, context, mu, on_approver, on_season, on_village, village, yuan};
use qingmu_model::{ClaimantId, Grade, Lead, LeadKind, RuleHit, Season, Tie};

/// Village of another town of the same county.
fn elsewhere(town: u32, n: u32) -> String {
    format!("990001{town:03}{n:03}")
}

fn approve(context: &mut LeadContext, village: &str, approver: &str, percent: i64) {
    let approvers = vec![
        (ClaimantId::new(approver), mu(percent)),
        (ClaimantId::new(format!("other-{village}")), mu(100 - percent)),
    ];
    context.approvers.insert((village.to_owned(), 2022), approvers);
}

fn v02(village: &str, area: i64) -> RuleHit {
    on_village("V02", Grade::E2, village, 2022, area, area * 100)
}

/// One lone hit per village, of two rules in turn: no lead by itself, and together more than one rule.
fn lone(n: usize, village: &str, area: i64) -> RuleHit {
    let rule = ["V02", "T01"][n % 2];
    on_village(rule, Grade::E2, village, 2022, area, area * 100)
}

/// The same on the first villages of a town.
fn lone_each(villages: std::ops::RangeInclusive<u32>) -> Vec<RuleHit> {
    villages.zip(0..).map(|(i, n)| lone(n, &village(i), 10)).collect()
}

fn codes(lead: &Lead) -> Vec<&str> {
    lead.members.iter().map(|m| m.village_code.as_str()).collect()
}

#[test]
fn an_approver_ties_villages_of_different_towns_and_without_him_nothing_does() {
    let places = [elsewhere(2, 1), elsewhere(3, 1), elsewhere(4, 1)];
    let hits: Vec<RuleHit> =
        places.iter().zip([10, 30, 20]).enumerate().map(|(n, (v, a))| lone(n, v, a)).collect();
    let mut tied = context();
    for place in &places {
        approve(&mut tied, place, "invented-approver", 60);
    }
    let leads = build(hits.clone(), &tied);
    assert_eq!(leads.len(), 1);
    let ring = &leads[0];
    assert_eq!((ring.kind, ring.region_code.as_str()), (LeadKind::Ring, "990001"));
    assert_eq!(codes(ring), [&*places[1], &places[2], &places[0]], "largest excess first");
    assert_eq!((ring.excess_mu, ring.excess_yuan), (Some(mu(60)), Some(yuan(6_000))));
    assert_eq!(ring.ties, [Tie::Approver { approver: ClaimantId::new("invented-approver") }]);
    // Three members of 0.2 each: 1 − 0.8 · 0.8².
    assert_eq!(ring.score.to_string(), "48.8");

    assert_eq!(build(hits.clone(), &context()), [], "one E2 rule per village is no lead by itself");
    let mut apart = context();
    for (n, place) in places.iter().enumerate() {
        approve(&mut apart, place, &format!("approver-{n}"), 60);
    }
    assert_eq!(build(hits.clone(), &apart), []);
    let mut weak = context();
    for place in &places {
        approve(&mut weak, place, "invented-approver", 49);
    }
    assert_eq!(build(hits, &weak), [], "less than half of the area ties nobody");
}

#[test]
fn a_town_ties_three_villages_but_not_two() {
    assert_eq!(build(lone_each(1..=2), &context()), []);
    let leads = build(lone_each(1..=3), &context());
    assert_eq!(leads.len(), 1);
    assert_eq!(leads[0].ties, [Tie::Town { code: TOWN.to_owned() }]);
    assert_eq!((leads[0].region_code.as_str(), leads[0].region_name.as_str()), (TOWN, "虚构镇"));
    assert_eq!(leads[0].members[0].village_name, "虚构1村");
}

#[test]
fn a_share_of_a_hit_on_the_approver_is_no_hit_of_the_village() {
    let (a, b, c, d) = (village(1), village(2), village(3), village(4));
    let mut hits = vec![v02(&a, 10), v02(&b, 10)];
    hits.push(on_approver("invented-approver", 2022, &[(&a, 5), (&b, 5), (&c, 5), (&d, 0)]));
    let leads = build(hits.clone(), &context());
    // Two villages with a rule of their own and the approver's hit: two leads, no ring; the third has nothing.
    let mut found: Vec<_> = leads.iter().map(|l| (l.kind, codes(l))).collect();
    found.sort();
    assert_eq!(found, [(LeadKind::Village, vec![a.as_str()]), (LeadKind::Village, vec![&b])]);
    hits.push(v02(&c, 1));
    let leads = build(hits, &context());
    assert_eq!(leads.len(), 1);
    assert_eq!(codes(&leads[0]), [&*a, &b, &c]);
    assert_eq!(leads[0].rules, ["N01", "V02"]);
    assert_eq!(leads[0].hits.len(), 4, "the approver's hit once");
    assert_eq!(
        leads[0].ties,
        [
            Tie::Approver { approver: ClaimantId::new("invented-approver") },
            Tie::Town { code: TOWN.to_owned() }
        ]
    );
}

#[test]
fn approvers_come_before_the_town_and_every_village_is_in_one_ring() {
    let mut context = context();
    for n in 1..=3 {
        approve(&mut context, &village(n), "approver-a", 80);
    }
    for n in 4..=7 {
        approve(&mut context, &village(n), "approver-b", 80);
    }
    let leads = build(lone_each(1..=9), &context);
    let mut members: Vec<Vec<&str>> = leads.iter().map(codes).collect();
    members.sort();
    assert_eq!(leads.len(), 2, "two villages are left over: no ring, and E2 alone is no lead");
    assert_eq!(members[0].len() + members[1].len(), 7);
    assert_ne!(leads[0].lead_id, leads[1].lead_id);
    assert!(leads.iter().all(|l| l.region_code == TOWN && l.ties.len() == 2));
}

#[test]
fn one_short_approver_id_in_two_counties_ties_nobody() {
    let places = ["990001001001", "990002001001", "990003001001"];
    let mut tied = context();
    for place in places {
        approve(&mut tied, place, "01", 100);
    }
    let hits = places.iter().enumerate().map(|(n, v)| lone(n, v, 10)).collect();
    assert_eq!(build(hits, &tied), []);
}

#[test]
fn years_are_apart_and_one_can_be_chosen() {
    let mut hits = lone_each(1..=3);
    hits.extend(
        ["V02", "T01", "V02"]
            .into_iter()
            .zip(1..)
            .map(|(rule, n)| on_village(rule, Grade::E2, &village(n), 2023, 20, 2_000)),
    );
    let leads = build(hits.clone(), &context());
    let years: Vec<i16> = leads.iter().map(|l| l.year).collect();
    assert_eq!(years, [2023, 2022], "same score, larger excess first");
    let mut one = context();
    one.year = Some(2022);
    let chosen = build(hits, &one);
    assert_eq!(chosen, leads[1..]);
}

#[test]
fn many_members_weigh_more_than_few() {
    let ring = |n: u32| build(lone_each(1..=n), &context()).first().map(|l| l.score);
    assert!(ring(6) > ring(4) && ring(4) > ring(3), "{:?} {:?} {:?}", ring(6), ring(4), ring(3));
}

#[test]
fn a_ring_rests_on_more_than_one_rule() {
    let alone: Vec<RuleHit> = (1..=3).map(|n| v02(&village(n), 10)).collect();
    let mut approved = context();
    for n in 1..=3 {
        approve(&mut approved, &village(n), "invented-approver", 80);
    }
    for context in [context(), approved] {
        assert_eq!(build(alone.clone(), &context), [], "one lone statistical hit each is no ring");
        let mut again = alone.clone();
        again.extend(
            (1..=3).map(|n| on_season("V02", &village(n), 2022, (Season::S, "GRAIN"), 9, 900)),
        );
        assert_eq!(build(again, &context), [], "more hits of the same rule are the same rule");
    }
    // Whatever else speaks on one of the members makes the three a ring.
    let kinds = |more: RuleHit| {
        let hits = alone.iter().cloned().chain([more]).collect();
        build(hits, &context()).iter().map(|l| (l.kind, l.members.len())).collect::<Vec<_>>()
    };
    let ring = [(LeadKind::Ring, 3)];
    assert_eq!(kinds(on_village("T01", Grade::E2, &village(3), 2022, 10, 1_000)), ring);
    assert_eq!(kinds(on_village("V05", Grade::E1, &village(2), 2022, 10, 1_000)), ring);
    let places = (1..=3).map(village).collect::<Vec<_>>();
    let shares: Vec<(&str, i64)> = places.iter().map(|v| (v.as_str(), 5)).collect();
    assert_eq!(
        kinds(on_approver("invented-approver", 2022, &shares)),
        ring,
        "the approver's hit joins"
    );
    // Grade E3 and drafts add no weight, another village none here.
    assert_eq!(kinds(on_village("S01", Grade::E3, &village(1), 2022, 10, 1_000)), []);
    assert_eq!(kinds(on_village("T01", Grade::E2, &elsewhere(2, 1), 2022, 10, 1_000)), []);
    let strong = (1..=3).map(|n| on_village("V02", Grade::E1, &village(n), 2022, 10, 1_000));
    assert_eq!(
        build(strong.collect(), &context()).len(),
        1,
        "strong evidence needs no second rule"
    );
}

#[test]
fn a_draft_is_no_second_rule() {
    let mut hits: Vec<RuleHit> = (1..=3).map(|n| v02(&village(n), 10)).collect();
    let places: Vec<String> = (1..=3).map(village).collect();
    let shares: Vec<(&str, i64)> = places.iter().map(|v| (v.as_str(), 5)).collect();
    hits.push(on_approver("invented-approver", 2022, &shares));
    let mut draft = context();
    draft.drafts.insert("N01".to_owned());
    assert_eq!(build(hits.clone(), &draft), []);
    assert_eq!(build(hits, &context()).len(), 1);
}

#[test]
fn villages_that_make_no_ring_with_an_approver_are_free_for_the_town() {
    let mut context = context();
    for n in 1..=3 {
        approve(&mut context, &village(n), "invented-approver", 80);
    }
    let mut hits: Vec<RuleHit> = (1..=3).map(|n| v02(&village(n), 10)).collect();
    assert_eq!(build(hits.clone(), &context), []);
    hits.push(on_village("T01", Grade::E2, &village(4), 2022, 10, 1_000));
    let leads = build(hits, &context);
    assert_eq!(leads.len(), 1);
    assert_eq!(leads[0].members.len(), 4);
    assert_eq!(leads[0].ties, [Tie::Town { code: TOWN.to_owned() }]);
}
