//! Land counted once.

use crate::build::build;
use crate::fixture::{
    context, mu, on_account, on_claim, on_claimant, on_season, on_village, village, yuan,
};
use proptest::prelude::*;
use qingmu_model::{Grade, Lead, Mu, RuleHit, Season, Yuan};

fn only(hits: Vec<RuleHit>) -> (Option<Mu>, Option<Yuan>) {
    let leads = build(hits, &context());
    assert_eq!(leads.len(), 1, "{leads:#?}");
    (leads[0].excess_mu, leads[0].excess_yuan)
}

#[test]
fn two_rules_on_the_same_village_year_are_not_added() {
    let v = village(1);
    let hits = vec![
        on_village("V02", Grade::E2, &v, 2022, 50, 5_000),
        on_village("T01", Grade::E2, &v, 2022, 40, 9_000),
    ];
    // The larger land wins and brings its own money: 100 yuan/mu was paid, 9,000/50 was not.
    assert_eq!(only(hits), (Some(mu(50)), Some(yuan(5_000))));
}

#[test]
fn seasons_and_programmes_add_up_and_rules_inside_them_do_not() {
    let v = village(1);
    let hits = vec![
        on_season("V01", &v, 2022, (Season::S, "GRAIN"), 10, 1_000),
        on_season("V03", &v, 2022, (Season::S, "GRAIN"), 12, 1_200),
        on_season("V01", &v, 2022, (Season::A, "GRAIN"), 7, 700),
        on_village("V02", Grade::E2, &v, 2022, 15, 1_500),
    ];
    // 12 in summer + 7 in autumn are more than 15 of the year, and include it.
    assert_eq!(only(hits), (Some(mu(19)), Some(yuan(1_900))));
}

#[test]
fn claimants_add_up_and_rules_on_one_claimant_do_not() {
    let v = village(1);
    let hits = vec![
        on_claimant("C06", Grade::E1, "a", 2022, &[(&v, 8, 800)]),
        on_claimant("C11", Grade::E1, "a", 2022, &[(&v, 6, 600)]),
        on_claimant("C06", Grade::E1, "b", 2022, &[(&v, 5, 500)]),
    ];
    assert_eq!(only(hits), (Some(mu(13)), Some(yuan(1_300))));
}

#[test]
fn money_without_land_stands_by_itself() {
    let v = village(1);
    let facts = vec![on_claim(&v, 2022, "k1", 30), on_claim(&v, 2022, "k2", -20)];
    // An underpayment does not offset another claim's overpayment.
    assert_eq!(only(facts), (None, Some(yuan(30))));
    let mixed = vec![
        on_village("V02", Grade::E1, &v, 2022, 2, 20),
        on_claim(&v, 2022, "k1", 30),
        on_account("6217000099990001", 2022, &v, &[("a", 25), ("b", 40)]),
    ];
    assert_eq!(only(mixed), (Some(mu(2)), Some(yuan(95))));
}

#[test]
fn a_winner_without_money_takes_the_largest_known() {
    let v = village(1);
    let mut wide = on_village("V03", Grade::E2, &v, 2022, 90, 0);
    wide.shares[0].yuan = None;
    let hits = vec![wide.clone(), on_village("V01", Grade::E2, &v, 2022, 40, 4_000)];
    assert_eq!(only(hits), (Some(mu(90)), Some(yuan(4_000))));
    wide.grade = Grade::E1;
    wide.shares[0].mu = None;
    assert_eq!(only(vec![wide]), (None, None), "not estimated is empty, never 0");
}

#[test]
fn drafts_and_advice_add_reasons_and_no_mu() {
    let v = village(1);
    let mut context = context();
    context.drafts.insert("V05".to_owned());
    let hits = vec![
        on_village("V02", Grade::E1, &v, 2022, 50, 5_000),
        on_village("V05", Grade::E0, &v, 2022, 70, 7_000),
        on_village("S01", Grade::E3, &v, 2022, 80, 8_000),
    ];
    let leads = build(hits, &context);
    assert_eq!(leads.len(), 1);
    assert_eq!(leads[0].excess_mu, Some(mu(50)));
    assert_eq!(leads[0].grade, Grade::E1);
    assert_eq!(leads[0].score.to_string(), "45");
    assert_eq!(leads[0].rules, ["S01", "V02", "V05"]);
    let alone = vec![
        on_village("V05", Grade::E0, &v, 2022, 70, 7_000),
        on_village("V02", Grade::E2, &v, 2022, 80, 8_000),
    ];
    assert_eq!(build(alone, &context), [], "a draft is no second rule");
}

/// Any hit on one of four villages, in one of two years; 100 yuan per mu throughout.
fn any_hit() -> impl Strategy<Value = RuleHit> {
    let grade = prop::sample::select(vec![Grade::E0, Grade::E1, Grade::E2, Grade::E3]);
    (0_u8..6, grade, 1_u32..5, 2021_i16..2023, 0_i64..200, 0_u32..40).prop_map(
        |(shape, grade, n, year, area, who)| {
            let (v, w) = (village(n), village(n % 4 + 1));
            let rule = |family: &str| format!("{family}{:02}", who % 4);
            let season = if who % 2 == 0 { Season::S } else { Season::A };
            let person = format!("9900019{who:011}");
            match shape {
                0 | 1 => on_village(&rule("V"), grade, &v, year, area, area * 100),
                2 => on_season(&rule("V"), &v, year, (season, "GRAIN"), area, area * 100),
                3 => on_claimant(&rule("C"), grade, &person, year, &[(&v, area, area * 100)]),
                4 => {
                    let places = [(v.as_str(), area, area * 100), (w.as_str(), 3, 300)];
                    on_claimant("C06", grade, &person, year, &places)
                }
                _ => on_claim(&v, year, &format!("k{who}"), area),
            }
        },
    )
}

/// Shares of a lead's own hits on one of its villages.
fn shares(lead: &Lead, code: &str) -> Vec<(Option<Mu>, Option<Yuan>)> {
    let hits = lead.hits.iter().filter(|h| h.grade != Grade::E3);
    let here = hits.flat_map(|h| &h.shares);
    let here = here.filter(|s| s.village_code == code && s.year == lead.year);
    here.map(|s| (s.mu, s.yuan)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn excess_lies_between_the_largest_share_and_their_sum(hits in prop::collection::vec(any_hit(), 0..40)) {
        for lead in build(hits, &context()) {
            for member in &lead.members {
                let parts = shares(&lead, &member.village_code);
                let most = parts.iter().filter_map(|p| p.0).max();
                let sum: i64 = parts.iter().filter_map(|p| p.0).map(Mu::raw).sum();
                prop_assert!(member.excess_mu >= most);
                prop_assert!(member.excess_mu.unwrap_or_default().raw() <= sum);
                // One rate throughout, so money follows the same bounds.
                let most = parts.iter().filter_map(|p| p.1).max();
                let sum: i64 = parts.iter().filter_map(|p| p.1).map(Yuan::raw).sum();
                prop_assert!(member.excess_yuan >= most);
                prop_assert!(member.excess_yuan.unwrap_or_default().raw() <= sum);
            }
            let members = lead.members.iter().filter_map(|m| m.excess_mu);
            prop_assert_eq!(lead.excess_mu.unwrap_or_default(), Mu::sum(members).unwrap_or_default());
        }
    }

    #[test]
    fn the_order_of_hits_changes_nothing(
        hits in prop::collection::vec(any_hit(), 0..40).prop_flat_map(|h| (Just(h.clone()), Just(h).prop_shuffle()))
    ) {
        prop_assert_eq!(build(hits.0, &context()), build(hits.1, &context()));
    }

    #[test]
    fn ids_never_collide_and_a_village_year_has_one_village_level_lead(
        hits in prop::collection::vec(any_hit(), 0..60)
    ) {
        let leads = build(hits, &context());
        prop_assert!(crate::check_ids(&leads).is_ok());
        let mut seen = std::collections::BTreeSet::new();
        for lead in leads.iter().filter(|l| l.kind != qingmu_model::LeadKind::Claims) {
            for member in &lead.members {
                prop_assert!(seen.insert((member.village_code.clone(), lead.year)));
            }
        }
    }
}
