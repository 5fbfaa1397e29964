//! A small run for tests. Every person, account and village in it is invented.

use qingmu_leads::{CoverageReport, LeadContext, build};
use qingmu_model::{
    AccountId, Bilingual, ClaimantId, Grade, InputAccount, InputCoverage, Lead, LegitCheck, Level,
    Measured, Mu, RegionLevels, RejectCode, RuleCoverage, RuleHit, RuleId, Share, Subject,
    SubjectKey, Unit, Yuan,
};
use std::collections::{BTreeMap, BTreeSet};

const TOWN: &str = "990001001";

fn share(village: &str, mu: Option<i64>, yuan: Option<i64>) -> Share {
    Share {
        village_code: village.to_owned(),
        year: 2022,
        season: None,
        programme: None,
        claimant: None,
        approver: None,
        mu: mu.map(|v| Mu::from_raw(v * 1_000)),
        yuan: yuan.map(|v| Yuan::from_raw(v * 100)),
    }
}

fn key(name: &str, value: &str) -> (String, SubjectKey) {
    (name.to_owned(), SubjectKey::Text(value.to_owned()))
}

fn hit(
    rule: &str,
    grade: Grade,
    view: &str,
    keys: Vec<(String, SubjectKey)>,
    part: Share,
) -> RuleHit {
    let id: RuleId = rule.parse().unwrap_or_else(|_| unreachable!("fixture rules are well formed"));
    let subject = Subject { keys };
    RuleHit {
        rule: id,
        rule_digest: "0123456789abcdef".to_owned(),
        title: Bilingual::new("菜地未减粮补增", "Vegetables steady | grain up"),
        grade,
        level: Some(Level::Medium),
        view: view.to_owned(),
        mu: part.mu,
        yuan: part.yuan,
        say: Bilingual::new(format!("{subject}请核查。"), format!("{subject}: please check.")),
        subject,
        shares: vec![part],
        numbers: vec![
            Measured { name: "rise_mu".to_owned(), value: Some(1_234.5), unit: Unit::MU },
            Measured { name: "rate".to_owned(), value: None, unit: Unit::RATE },
        ],
        legit: vec![
            LegitCheck {
                text: Bilingual::new("复耕", "reclaimed land"),
                check: Bilingual::new("验收材料", "acceptance papers"),
                clears: None,
            },
            LegitCheck {
                text: Bilingual::new("流转", "leased in"),
                check: Bilingual::default(),
                clears: Some(false),
            },
        ],
    }
}

fn on_village(n: u32, tenths: i64) -> RuleHit {
    // Two rules in turn: one alone makes no ring.
    let rule = ["T01", "V02"][n as usize % 2];
    let code = format!("{TOWN}{n:03}");
    let keys = vec![key("village_code", &code), key("year", "2022")];
    hit(rule, Grade::E2, "village_year", keys, share(&code, Some(tenths), Some(tenths * 10)))
}

pub(crate) const CLAIMANT: &str = "990001197001011230";
pub(crate) const ACCOUNT: &str = "6217000099990001";

/// A gap in the amount of one claim; `n` tells claims apart.
pub(crate) fn gap(n: usize) -> RuleHit {
    let code = format!("{TOWN}009");
    let keys = vec![key("village_code", &code), key("claim_id", &format!("k{n:03}"))];
    let mut gap = hit("C01", Grade::E0, "claim", keys, share(&code, None, Some(3)));
    gap.title = Bilingual::new("金额勾稽不符", "Amount is not area x rate");
    gap.level = None;
    gap.numbers.clear();
    gap
}

/// One account in a village of its own.
fn one_account() -> RuleHit {
    let code = "990002001001".to_owned();
    let keys = vec![
        ("account".to_owned(), SubjectKey::Account(AccountId::new(ACCOUNT))),
        ("claimant_id".to_owned(), SubjectKey::Person(ClaimantId::new(CLAIMANT))),
    ];
    let mut part = share(&code, None, None);
    part.claimant = Some(ClaimantId::new(CLAIMANT));
    let mut account = hit("P01", Grade::E1, "account_claimant", keys, part);
    account.shares.push(share("990002002001", None, None));
    account.numbers.clear();
    account.legit.clear();
    account
}

pub(crate) fn village() -> Bilingual {
    Bilingual::new("村", "village")
}

pub(crate) fn leads(gaps: usize) -> Vec<Lead> {
    let mut hits: Vec<RuleHit> = (1..=3).map(|n| on_village(n, 100 * i64::from(n))).collect();
    hits.extend((0..gaps).map(gap));
    hits.push(one_account());
    let names = [("001", "小堡村"), ("002", "甲|乙村"), ("003", "三\u{1b}村"), ("009", "*新*村")];
    let approver = |n: u32| {
        let area = vec![(ClaimantId::new(CLAIMANT), Mu::from_raw(10_000))];
        ((format!("{TOWN}{n:03}"), 2022), area)
    };
    let context = LeadContext {
        levels: RegionLevels::china(),
        village_names: names.iter().map(|(c, n)| (format!("{TOWN}{c}"), (*n).to_owned())).collect(),
        region_names: [(TOWN.to_owned(), "虚构镇".to_owned())].into(),
        approvers: (1..=3).map(approver).collect(),
        year: None,
        drafts: BTreeSet::new(),
        assessed: qingmu_leads::Assessed::default(),
        order: qingmu_leads::Order::Score,
    };
    build(hits, &context)
}

pub(crate) fn inputs() -> Vec<InputAccount> {
    let account =
        |file: &str, table: &str, read, rejected: u64, sums: Option<(i64, i64)>| InputAccount {
            file: file.to_owned(),
            table: table.to_owned(),
            digest: "sha256:00".to_owned(),
            bytes: 1,
            rows_read: read,
            rows_kept: read - rejected,
            rows_rejected: rejected,
            area_mu: sums.map(|(mu, _)| Mu::from_raw(mu)),
            amount_yuan: sums.map(|(_, yuan)| Yuan::from_raw(yuan)),
            area_rejected_mu: sums.map(|_| Mu::ZERO),
            amount_rejected_yuan: sums
                .map(|_| Yuan::from_raw(if rejected == 0 { 0 } else { 246_900 })),
            area_unreadable: rejected,
            amount_unreadable: 0,
            area_rounded: 0,
            amount_rounded: 0,
        };
    vec![
        account("claims/2021.parquet", "claims", 1_000, 0, Some((123_456_789, 98_765_432))),
        account("claims/2022.parquet", "claims", 1_200, 2, Some((10_000, 100))),
        account("villages.csv", "villages", 9, 0, None),
    ]
}

pub(crate) fn coverage() -> CoverageReport {
    let rule = |id: &str, hit, abstain, wanted: &[&str]| RuleCoverage {
        rule: id.to_owned(),
        status: "E2 trial".to_owned(),
        view: "village_year".to_owned(),
        subjects: 100,
        hit,
        clear: 98 - hit - abstain,
        cleared: 2,
        abstain,
        not_listed: 0,
        missing: if abstain > 0 {
            [("base.grain".to_owned(), abstain)].into()
        } else {
            BTreeMap::new()
        },
        wanted_tables: wanted.iter().map(|t| (*t).to_owned()).collect(),
    };
    CoverageReport {
        input: InputCoverage {
            passed_over: vec!["notes.docx".to_owned()],
            villages_without_baseline: 4,
            rejects: [("claims".to_owned(), [(RejectCode::NegativeArea, 2)].into())].into(),
            ..InputCoverage::default()
        },
        rules: vec![rule("C06", 1, 0, &["transfers"]), rule("V02", 3, 40, &[])],
        views: BTreeMap::new(),
        detection: None,
    }
}
