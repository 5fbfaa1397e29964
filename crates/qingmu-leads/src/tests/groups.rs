//! Leads made of claims.

use crate::build::build;
use crate::fixture::{context, mu, on_account, on_claim, on_claimant, on_village, village, yuan};
use qingmu_model::{ClaimantId, Grade, LeadKind, RuleHit, Tie};

#[test]
fn two_hundred_small_gaps_of_a_village_are_one_lead() {
    let mut hits: Vec<RuleHit> =
        (0..200).map(|n| on_claim(&village(1), 2022, &format!("k{n}"), 2)).collect();
    hits.push(on_claim(&village(2), 2022, "k1", 2));
    hits.push(on_claim(&village(1), 2021, "k1", 2));
    let leads = build(hits, &context());
    assert_eq!(leads.len(), 3);
    let first = &leads[0];
    assert_eq!(
        (first.kind, first.region_code.clone(), first.year),
        (LeadKind::Claims, village(1), 2022)
    );
    assert_eq!(
        (first.hits.len(), first.excess_mu, first.excess_yuan),
        (200, None, Some(yuan(400)))
    );
    assert_eq!(first.score.to_string(), "55", "one rule weighs once");
    assert_eq!(first.region_name, "虚构1村");
}

#[test]
fn families_are_apart() {
    let v = village(1);
    let hits = vec![on_claim(&v, 2022, "k1", 2), on_account("acc", 2022, &v, &[("a", 9)])];
    let leads = build(hits, &context());
    let rules: Vec<_> = leads.iter().map(|l| l.rules.join(" ")).collect();
    assert_eq!(rules, ["P01", "C01"]);
    assert_ne!(leads[0].lead_id, leads[1].lead_id);
}

#[test]
fn a_claimant_of_several_villages_is_one_lead_with_these_members() {
    let (a, b, c) = (village(1), village(2), village(3));
    let hits = vec![
        on_claimant("C06", Grade::E1, "person-1", 2022, &[(&a, 5, 500), (&b, 9, 900)]),
        on_claimant("C11", Grade::E1, "person-1", 2022, &[(&c, 4, 400)]),
        on_claimant("C06", Grade::E1, "person-2", 2022, &[(&a, 1, 100), (&c, 2, 200)]),
    ];
    let leads = build(hits, &context());
    let found: Vec<_> = leads
        .iter()
        .map(|l| {
            (l.members.iter().map(|m| m.village_code.as_str()).collect::<Vec<_>>(), l.excess_mu)
        })
        .collect();
    assert_eq!(found, [(vec![&*b, &a, &c], Some(mu(18))), (vec![&c, &a], Some(mu(3)))]);
    assert_eq!(leads[0].ties, [Tie::Claimant { claimant: ClaimantId::new("person-1") }]);
    assert_eq!(leads[0].members[0].rules, ["C06"]);
    assert_eq!(leads[0].members[2].rules, ["C11"]);
}

#[test]
fn claims_join_the_lead_of_their_village_unless_they_reach_beyond() {
    let (a, b) = (village(1), village(2));
    let mut hits = vec![
        on_village("V02", Grade::E1, &a, 2022, 50, 5_000),
        on_claim(&a, 2022, "k1", 2),
        on_account("6217000099990002", 2022, &a, &[("x", 10), ("y", 20)]),
    ];
    let leads = build(hits.clone(), &context());
    assert_eq!(leads.len(), 1);
    assert_eq!(leads[0].kind, LeadKind::Village);
    assert_eq!(leads[0].rules, ["C01", "P01", "V02"]);
    // 1 − 0.45 · 0.45 · 0.55
    assert_eq!((leads[0].grade, leads[0].score), (Grade::E0, 88.86));
    hits.push(on_claimant("C06", Grade::E1, "z", 2022, &[(&a, 3, 300), (&b, 4, 400)]));
    let leads = build(hits, &context());
    assert_eq!(leads.len(), 2);
    assert_eq!(leads[0].rules, ["C01", "C06", "P01", "V02"], "a reason here too");
    assert_eq!((leads[1].kind, leads[1].members.len()), (LeadKind::Claims, 2));
}

#[test]
fn statistics_need_a_second_rule_and_facts_do_not() {
    let v = village(1);
    let e2 = |rule| on_village(rule, Grade::E2, &v, 2022, 10, 1_000);
    assert_eq!(build(vec![e2("V01")], &context()), []);
    assert_eq!(
        build(vec![e2("V01"), on_village("V01", Grade::E2, &v, 2021, 9, 9)], &context()),
        []
    );
    assert_eq!(
        build(vec![e2("V01"), on_village("S01", Grade::E3, &v, 2022, 9, 9)], &context()),
        []
    );
    assert_eq!(build(vec![on_village("S01", Grade::E3, &v, 2022, 9, 9)], &context()), []);
    assert_eq!(build(vec![e2("V01"), e2("V02")], &context()).len(), 1);
    assert_eq!(build(vec![e2("V01"), on_claim(&v, 2022, "k", 2)], &context()).len(), 1);
    assert_eq!(build(vec![on_village("V01", Grade::E1, &v, 2022, 9, 9)], &context()).len(), 1);
    let person = |rule| on_claimant(rule, Grade::E2, "p", 2022, &[(&v, 1, 1)]);
    assert_eq!(build(vec![person("C10")], &context()), []);
    assert_eq!(build(vec![person("C10"), person("H01")], &context()).len(), 2);
    assert_eq!(build(Vec::new(), &context()), []);
}

#[test]
fn a_view_unknown_here_is_judged_by_its_shares() {
    let v = village(1);
    let mut person = on_claimant("C06", Grade::E1, "p", 2022, &[(&v, 1, 1)]);
    let mut account = on_account("acc", 2022, &v, &[("p", 1)]);
    account.shares.iter_mut().for_each(|s| s.claimant = None);
    let mut village_hit = on_village("V02", Grade::E1, &village(2), 2022, 1, 1);
    for hit in [&mut person, &mut account, &mut village_hit] {
        "later_view".clone_into(&mut hit.view);
    }
    let mut kinds: Vec<_> =
        build(vec![person, account, village_hit], &context()).iter().map(|l| l.kind).collect();
    kinds.sort_unstable();
    assert_eq!(kinds, [LeadKind::Village, LeadKind::Claims, LeadKind::Claims]);
}
