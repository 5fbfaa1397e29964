//! Ids of leads from one night to the next.

use crate::build::build;
use crate::fixture::{context, on_claim, on_claimant, on_village, village};
use crate::{LeadError, check_ids};
use qingmu_model::{Grade, RuleHit};

fn ring(members: u32) -> Vec<RuleHit> {
    let rule = |n| ["T01", "V02"][n as usize % 2];
    (1..=members)
        .map(|n| on_village(rule(n), Grade::E2, &village(n + 1), 2022, 10, 1_000))
        .collect()
}

fn first_id(hits: Vec<RuleHit>) -> Option<String> {
    build(hits, &context()).first().map(|l| l.lead_id.0.clone())
}

#[test]
fn a_ring_keeps_its_id_when_rules_members_and_numbers_change() {
    let before = first_id(ring(3));
    assert!(before.is_some());
    assert_eq!(first_id(ring(5)), before, "two more members");
    let mut hits = ring(3);
    hits.push(on_village("V02", Grade::E2, &village(1), 2022, 1, 1));
    assert_eq!(first_id(hits), before, "a new first member");
    let mut hits = ring(3);
    hits.push(on_village("T01", Grade::E2, &village(2), 2022, 90, 9_000));
    hits.push(on_claim(&village(3), 2022, "k", 3));
    assert_eq!(first_id(hits), before, "rules of other families");
    let mut hits = ring(3);
    hits[0].shares[0].mu = None;
    assert_eq!(first_id(hits), before, "another number");
    let mut later = ring(3);
    for hit in &mut later {
        hit.shares[0].year = 2023;
    }
    let later = first_id(later);
    assert!(later.is_some() && later != before, "another year");
}

#[test]
fn village_and_claim_leads_keep_theirs() {
    let v = village(1);
    let one = vec![on_village("V02", Grade::E1, &v, 2022, 10, 1_000)];
    let mut two = one.clone();
    two.push(on_village("T01", Grade::E0, &v, 2022, 99, 9_900));
    assert_eq!(first_id(one), first_id(two));
    let one = vec![on_claim(&v, 2022, "k1", 3)];
    let mut two = one.clone();
    two.push(on_claim(&v, 2022, "k2", 4));
    two.push(on_claimant("C11", Grade::E1, "p", 2022, &[(&v, 3, 3)]));
    assert_eq!(first_id(one), first_id(two));
}

#[test]
fn two_leads_with_one_id_are_not_written() {
    let mut leads = build(
        vec![on_claim(&village(1), 2022, "k1", 3), on_claim(&village(2), 2021, "k1", 3)],
        &context(),
    );
    assert!(check_ids(&leads).is_ok());
    leads[1].lead_id.0 = "QM-000000000000".to_owned();
    leads[0].lead_id.0 = "QM-000000000000".to_owned();
    let message = "leads claims 990001001001 2022 and claims 990001001002 2021 share the id QM-000000000000; nothing is written, because a decision on one would hit the other";
    leads.sort_by(|a, b| a.region_code.cmp(&b.region_code));
    let mut out = Vec::new();
    let results: [Result<(), LeadError>; 4] = [
        check_ids(&leads),
        crate::write_csv(&leads, crate::Order::Score, &mut out),
        crate::write_jsonl(&leads, &mut out),
        crate::write_parquet(&leads, crate::Order::Score, &mut out),
    ];
    for result in results {
        assert_eq!(result.map_err(|e| e.to_string()), Err(message.to_owned()));
    }
    assert_eq!(out, b"");
}
