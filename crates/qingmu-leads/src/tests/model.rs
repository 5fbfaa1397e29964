//! Leads where the model has assessed villages. All villages are invented.
#![allow(
    clippy::ignored_unit_patterns,
    clippy::field_reassign_with_default,
    reason = "fixtures are filled step by step"
)]

use crate::build::{LeadContext, Order, build};
use crate::fixture::{TOWN, context, mu, on_claimant, on_village, village, yuan};
use crate::flat::rows;
use qingmu_model::{
    AssessedRing, Assessment, Belief, Beliefs, Bilingual, Estimate, Grade, LeadKind, RingMember,
    RingTie, Span, Tested, Tie,
};
use std::sync::Arc;

fn assessed(n: u32, p: f64) -> Assessment {
    let estimate = |median: i64| Estimate { median, lo: median / 2, hi: median * 2 };
    let (area, money) = (estimate(40), estimate(4_000));
    let span = Span { from: 2022, to: 2022, ramp: false };
    Assessment {
        village_code: village(n),
        year: 2022,
        p: p / 2.0,
        p_ring: p,
        q: 1.0 - p / 2.0,
        q_ring: 1.0 - p,
        excess_mu: Some(Estimate { median: mu(area.median), lo: mu(area.lo), hi: mu(area.hi) }),
        excess_yuan: Some(Estimate {
            median: yuan(money.median),
            lo: yuan(money.lo),
            hi: yuan(money.hi),
        }),
        expected_yuan: Some(yuan(5_000)),
        span: Some(span),
        families: Vec::new(),
        honest: Vec::new(),
        expected: Vec::new(),
        ring: None,
        history_only: false,
        claims: 100,
        tested: Vec::new(),
        notes: Vec::new(),
    }
}

fn with(villages: Vec<Assessment>) -> LeadContext {
    let mut context = context();
    context.assessed.villages = villages;
    context
}

fn ring(p: f64, members: std::ops::RangeInclusive<u32>) -> AssessedRing {
    let member = |n| RingMember { village_code: village(n), p: 0.8, ln_bf: 2.0 };
    AssessedRing {
        tie: RingTie::Town,
        key: TOWN.to_owned(),
        span: Span { from: 2021, to: 2022, ramp: false },
        p,
        q: 1.0 - p,
        members: members.map(member).collect(),
    }
}

#[test]
fn the_models_probability_is_the_score_and_rules_add_reasons_and_facts() {
    let context =
        with(vec![assessed(1, 0.97), assessed(2, 0.2), assessed(3, 0.2), assessed(4, 0.7)]);
    let hits = vec![
        on_village("V02", Grade::E2, &village(1), 2022, 70, 7_000),
        on_village("V02", Grade::E2, &village(2), 2022, 70, 7_000),
        on_village("C06", Grade::E1, &village(3), 2022, 70, 7_000),
    ];
    let leads = build(hits, &context);
    let told: Vec<_> = leads
        .iter()
        .map(|l| (l.region_code.as_str(), l.score, l.grade, l.rules.len(), l.excess_mu))
        .collect();
    let area = Some(mu(40));
    assert_eq!(
        told,
        [
            (&*village(1), 97.0, Grade::E1, 1, area),
            (&*village(4), 70.0, Grade::E2, 0, area),
            (&*village(2), 20.0, Grade::E3, 1, area),
            (&*village(3), 20.0, Grade::E1, 1, area),
        ]
    );
    assert_eq!(
        (leads[0].excess_yuan_lo, leads[0].excess_yuan_hi),
        (Some(yuan(2_000)), Some(yuan(8_000)))
    );
    assert_eq!(leads[0].q_value, Some(1.0 - 0.97 / 2.0), "q without the ring");
    // 0.8 · 5000 / (0.5 + 1 + 100/200)
    assert_eq!(leads[0].priority, Some(2_000.0));
}

#[test]
fn what_is_cleared_or_rests_on_history_alone_is_no_lead() {
    let tested = Tested {
        name: "reclamation".to_owned(),
        text: Bilingual::new("复垦", "reclaimed land"),
        found: Bilingual::new("遥感同步增加", "the satellite sees it"),
        clears: Some(true),
    };
    let cleared = Assessment { tested: vec![tested], ..assessed(1, 0.99) };
    let alone = Assessment { history_only: true, ..assessed(2, 0.9) };
    let leads = build(Vec::new(), &with(vec![cleared, alone, assessed(3, 0.019)]));
    let told: Vec<_> = leads.iter().map(|l| (l.score, l.grade)).collect();
    assert_eq!(
        told,
        [(90.0, Grade::E3), (49.99, Grade::E3)],
        "and what is below 0.02 is not listed"
    );
}

#[test]
fn a_probable_ring_takes_its_members_of_every_year_and_keeps_its_own_probability() {
    let mut context = with((1..=4).map(|n| assessed(n, 0.2 + 0.1 * f64::from(n))).collect());
    context.assessed.rings = vec![ring(0.95, 1..=3), ring(0.4, 2..=4)];
    let leads = build(vec![on_village("V02", Grade::E2, &village(1), 2022, 70, 7_000)], &context);
    assert_eq!(leads.len(), 2, "2021 has no assessed member, and the second ring is improbable");
    let ring = &leads[0];
    assert_eq!((ring.kind, ring.score, ring.grade), (LeadKind::Village, 60.0, Grade::E2));
    let ring = &leads[1];
    assert_eq!((ring.kind, ring.score, ring.grade), (LeadKind::Ring, 50.0, Grade::E1));
    assert_eq!(ring.ties, [Tie::Town { code: TOWN.to_owned() }]);
    assert_eq!(ring.ring.as_ref().map(|r| r.p), Some(0.95));
    assert_eq!(ring.rules, ["V02"]);
    assert_eq!(ring.excess_mu, Some(mu(120)));
    // 120 ∓ √3 · 20 and 40
    let around = |lo: Option<qingmu_model::Mu>| lo.map(|v| (v.to_f64() * 10.0).round());
    assert_eq!(
        (around(ring.excess_mu_lo), around(ring.excess_mu_hi)),
        (Some(854.0), Some(1_893.0))
    );
    let flat: Vec<_> =
        rows(&leads, Order::Score).iter().map(|r| (r.member.score, r.ring())).collect();
    let of_ring = |score| (score, Some((0.95, 1.0 - 0.95)));
    assert_eq!(
        flat,
        [(60.0, None), of_ring(50.0), of_ring(40.0), of_ring(30.000_000_000_000_004)]
            .map(|(s, r): (f64, _)| ((s * 1e4).round() / 1e4, r))
    );
}

#[test]
fn rules_join_no_ring_of_villages_that_the_model_doubts() {
    let hits = |_| -> Vec<_> {
        (1..=3)
            .flat_map(|n| {
                ["V02", "T01"].map(|r| on_village(r, Grade::E2, &village(n), 2022, 10, 100))
            })
            .collect()
    };
    let kinds = |p: f64| -> Vec<_> {
        let context = with((1..=3).map(|n| assessed(n, p)).collect());
        build(hits(()), &context).iter().map(|l| (l.kind, l.grade)).collect()
    };
    assert_eq!(kinds(0.1), [(LeadKind::Village, Grade::E3); 3]);
    assert_eq!(kinds(0.8), [(LeadKind::Ring, Grade::E2)]);
    assert_eq!(kinds(0.3), [(LeadKind::Village, Grade::E3); 3], "none of them is a lead");
    let context = with(vec![assessed(1, 0.7), assessed(2, 0.6), assessed(3, 0.3)]);
    let leads = build(hits(()), &context);
    assert_eq!(leads.len(), 1, "its own hits pool the third with the two leads");
    let grades: Vec<_> = leads[0].members.iter().map(|m| m.grade).collect();
    assert_eq!(grades, [Grade::E2, Grade::E2, Grade::E3], "each keeps its own");
}

#[test]
fn a_village_year_stands_in_one_row_though_claims_tie_it_to_another() {
    let context = with(vec![assessed(1, 0.6), assessed(2, 0.1)]);
    let places = [(village(1), 5, 50), (village(2), 5, 50)];
    let places: Vec<(&str, i64, i64)> = places.iter().map(|(v, a, m)| (&**v, *a, *m)).collect();
    let leads =
        build(vec![on_claimant("C06", Grade::E1, "990001197001011230", 2022, &places)], &context);
    let kinds: Vec<_> = leads.iter().map(|l| (l.kind, l.grade, l.score)).collect();
    assert_eq!(
        kinds,
        [
            (LeadKind::Claims, Grade::E1, 60.0),
            (LeadKind::Village, Grade::E1, 60.0),
            (LeadKind::Village, Grade::E1, 10.0)
        ]
    );
    let flat = rows(&leads, Order::Score);
    let codes: Vec<&str> = flat.iter().map(|r| r.member.village_code.as_str()).collect();
    assert_eq!(codes, [&*village(1), &*village(2)]);
}

#[test]
fn a_village_year_below_the_list_keeps_the_models_score_where_a_fact_speaks() {
    let mut context = context();
    let belief = |p_ring| Belief {
        p: p_ring,
        p_ring,
        q: 0.8,
        q_ring: 0.7,
        z: Some(0.3),
        excess_mu: None,
        excess_yuan: None,
        expected_yuan: None,
    };
    let mut beliefs = Beliefs::default();
    beliefs.villages = vec![Arc::from(village(1).as_str())];
    (beliefs.first_year, beliefs.years, beliefs.cells) = (2022, 1, vec![Some(belief(0.001))]);
    context.assessed.beliefs = Arc::new(beliefs);
    let fact = on_village("C06", Grade::E1, &village(1), 2022, 70, 7_000);
    let lead = &build(vec![fact], &context)[0];
    assert_eq!((lead.score, lead.grade, lead.q_value), (0.1, Grade::E1, Some(0.8)));
    assert_eq!(lead.excess_mu, Some(mu(70)), "the rule's own estimate");
}

#[test]
fn priority_puts_the_money_of_a_day_first() {
    let mut rich = assessed(1, 0.5);
    rich.expected_yuan = Some(yuan(50_000));
    let mut context = with(vec![rich, assessed(2, 0.9)]);
    let first = |context: &LeadContext| build(Vec::new(), context)[0].region_code.clone();
    assert_eq!(first(&context), village(2));
    context.order = Order::Priority;
    assert_eq!(first(&context), village(1));
}
