//! The inspector's page. All villages and figures are invented.

use super::page;
use qingmu_leads::{Assessed, LeadContext, Order, build};
use qingmu_model::{
    AssessedRing, Assessment, Bilingual, Estimate, Expected, Family, FamilyShare, HonestShare,
    Lang, Lead, Mu, RegionLevels, RingMember, RingTie, Span, Tested, Yuan,
};
use std::collections::{BTreeMap, BTreeSet};

const TOWN: &str = "990001001";

fn mu(value: i64) -> Mu {
    Mu::from_raw(value * 10_000)
}

fn yuan(value: i64) -> Yuan {
    Yuan::from_raw(value * 100)
}

fn beside(source: &str, year: i16, claimed: i64, expected: i64) -> Expected {
    Expected {
        programme: "GRAIN".to_owned(),
        group: "grain".to_owned(),
        source: source.to_owned(),
        year,
        independent: source != "stat_yearbook",
        claimed: Some(mu(claimed)),
        given: Some(mu(expected)),
        expected: Some(Estimate {
            median: mu(expected),
            lo: mu(expected - 10),
            hi: mu(expected + 10),
        }),
        z: Some(3.0),
    }
}

fn assessed(n: u32) -> Assessment {
    let mut expected = Vec::new();
    for (year, claimed) in [(2020, 100), (2021, 100), (2022, 160)] {
        expected.push(beside("remote_sensing", year, claimed, 100));
        expected.push(beside("stat_yearbook", year, claimed, claimed - 10));
    }
    Assessment {
        village_code: format!("{TOWN}{n:03}"),
        year: 2022,
        p: 0.9,
        p_ring: 0.96,
        q: 0.04,
        q_ring: 0.02,
        excess_mu: Some(Estimate { median: mu(55), lo: mu(40), hi: mu(70) }),
        excess_yuan: Some(Estimate { median: yuan(5_500), lo: yuan(4_000), hi: yuan(7_000) }),
        expected_yuan: Some(yuan(5_000)),
        span: Some(Span { from: 2022, to: 2022, ramp: false }),
        families: vec![
            FamilyShare { family: Family::Level, share: 0.8, ln_bf: 8.0 },
            FamilyShare { family: Family::TopUp, share: 0.16, ln_bf: 6.0 },
            FamilyShare { family: Family::Sum, share: 0.001, ln_bf: 0.0 },
        ],
        honest: vec![HonestShare {
            shape: "real_step_2022".to_owned(),
            say: Bilingual::new("确有变化", "a real change"),
            share: 0.03,
        }],
        expected,
        ring: Some(0),
        history_only: false,
        claims: 200,
        tested: vec![Tested {
            name: "merger".to_owned(),
            text: Bilingual::new("村组合并", "villages merged"),
            found: Bilingual::new("没有区划变更表，无法检验", "no table to test it with"),
            clears: None,
        }],
        notes: vec![Bilingual::new("菜地没有减少", "vegetables were not reduced")],
    }
}

fn leads(villages: Vec<Assessment>, rings: Vec<AssessedRing>) -> Vec<Lead> {
    let context = LeadContext {
        levels: RegionLevels::china(),
        village_names: (1..=3).map(|n| (format!("{TOWN}{n:03}"), format!("虚构{n}村"))).collect(),
        region_names: [(TOWN.to_owned(), "虚构镇".to_owned())].into(),
        approvers: BTreeMap::new(),
        year: None,
        drafts: BTreeSet::new(),
        assessed: Assessed { villages, rings, ..Assessed::default() },
        order: Order::Score,
    };
    build(Vec::new(), &context)
}

#[test]
fn a_village_is_told_from_certainty_to_tested_explanations() {
    let leads = leads(vec![assessed(1)], Vec::new());
    let text = page(&leads[0], "CNY", Lang::En);
    let expected = "\
How sure
  Probability that the claims of 2022 are too high: 96% (without what its neighbours and approver tell: 90%).
  Of a list that ends here, 4.0% are expected to be false alarms.

How much
  55.0 (40.0–70.0) mu, 5,500 (4,000–7,000) yuan (90 % intervals in brackets).
  Stands above from 2022 to 2022.
  About 1,600 yuan expected to be recovered per day of inspection.

Claimed / what each source lets expect (mu): = borne, # beyond, . short, | upper end of the expected range
  remote sensing
    2020        100.0 /       100.0  ====================  |
    2021        100.0 /       100.0  ====================  |
    2022        160.0 /       100.0  ====================##|#########
  statistical yearbook (compiled from what villages report: cannot clear)
    2020        100.0 /        90.0  ==================##|
    2021        100.0 /        90.0  ==================##|
    2022        160.0 /       150.0  ==============================##|

Where the evidence comes from
  trace                                          probability
  claims stand above every source                        80%  ################
  one and the same area added to many claimants          16%  ###

Also seen
  - vegetables were not reduced

What is left for honest explanations
  explanation    probability
  a real change         3.0%  #

Honest explanations, tested one by one
  - villages merged [not testable with these data]
      no table to test it with
";
    assert_eq!(text, expected, "{text}");
    let zh = page(&leads[0], "CNY", Lang::Zh);
    assert!(zh.contains("自 2022 年至 2022 年高出一截。") && zh.contains("遥感"), "{zh}");
}

#[test]
fn a_ring_adds_its_members_and_sets_them_side_by_side() {
    let member = |n: u32| RingMember { village_code: format!("{TOWN}{n:03}"), p: 0.9, ln_bf: 3.0 };
    let ring = AssessedRing {
        tie: RingTie::Town,
        key: TOWN.to_owned(),
        span: Span { from: 2022, to: 2022, ramp: false },
        p: 0.97,
        q: 0.03,
        members: (1..=3).map(member).collect(),
    };
    let leads = leads((1..=3).map(assessed).collect(), vec![ring]);
    assert_eq!(leads.len(), 1);
    let text = page(&leads[0], "CNY", Lang::En);
    for part in [
        "  3 villages, 2022 to 2022: probability 97% that they rise together, held against honest events of the whole area.\n",
        "    2022        480.0 /       300.0  ",
        "  code          name     probability       excess (mu)  excess (yuan)  2020  2021  2022\n",
        "  990001001001  虚构1村          96%  55.0 (40.0–70.0)          5,500  1.00  1.00  1.60\n",
        "  - 虚构2村: vegetables were not reduced\n",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
}

#[test]
fn a_lead_of_rules_alone_has_no_such_page() {
    let lead = Lead { members: Vec::new(), ..leads(vec![assessed(1)], Vec::new()).remove(0) };
    assert_eq!(page(&lead, "CNY", Lang::Zh), "");
}
