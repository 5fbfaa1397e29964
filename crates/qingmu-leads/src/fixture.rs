//! Hits for tests. Every person, account and village in them is invented.

use crate::build::LeadContext;
use qingmu_model::{
    AccountId, Bilingual, ClaimantId, Grade, LegitCheck, Level, Measured, Mu, RegionLevels,
    RuleHit, RuleId, Season, Share, Subject, SubjectKey, Unit, Yuan,
};

pub(crate) const TOWN: &str = "990001001";

/// Village `n` of the first invented town.
pub(crate) fn village(n: u32) -> String {
    format!("{TOWN}{n:03}")
}

pub(crate) fn context() -> LeadContext {
    LeadContext {
        levels: RegionLevels::china(),
        village_names: (1..=9).map(|n| (village(n), format!("虚构{n}村"))).collect(),
        region_names: [(TOWN.to_owned(), "虚构镇".to_owned())].into(),
        approvers: std::collections::BTreeMap::new(),
        year: None,
        drafts: std::collections::BTreeSet::new(),
        assessed: crate::Assessed::default(),
        order: crate::Order::Score,
    }
}

pub(crate) fn mu(whole: i64) -> Mu {
    Mu::from_raw(whole * 10_000)
}

pub(crate) fn yuan(whole: i64) -> Yuan {
    Yuan::from_raw(whole * 100)
}

pub(crate) fn share(village: &str, year: i16, mu: Option<Mu>, yuan: Option<Yuan>) -> Share {
    Share {
        village_code: village.to_owned(),
        year,
        season: None,
        programme: None,
        claimant: None,
        approver: None,
        mu,
        yuan,
    }
}

pub(crate) fn hit(
    rule: &str,
    grade: Grade,
    view: &str,
    subject: Subject,
    shares: Vec<Share>,
) -> RuleHit {
    let id: RuleId = rule.parse().unwrap_or_else(|_| unreachable!("fixture rules are well formed"));
    RuleHit {
        rule: id,
        rule_digest: "0123456789abcdef".to_owned(),
        title: Bilingual::new("虚构规则", "invented rule"),
        grade,
        level: Some(Level::Low),
        view: view.to_owned(),
        mu: total(shares.iter().map(|s| s.mu), Mu::checked_add),
        yuan: total(shares.iter().map(|s| s.yuan), Yuan::checked_add),
        say: Bilingual::new(format!("{subject}请核查"), format!("{subject}: please check")),
        subject,
        shares,
        numbers: vec![Measured { name: "claimed".to_owned(), value: Some(12.5), unit: Unit::MU }],
        legit: vec![LegitCheck {
            text: Bilingual::new("复耕", "reclaimed land"),
            check: Bilingual::new("验收材料", "acceptance papers"),
            clears: None,
        }],
    }
}

fn total<T: Copy>(
    mut values: impl Iterator<Item = Option<T>>,
    add: impl Fn(T, T) -> Option<T>,
) -> Option<T> {
    values.try_fold(None, |sum, v| match (sum, v?) {
        (None, v) => Some(Some(v)),
        (Some(sum), v) => add(sum, v).map(Some),
    })?
}

pub(crate) fn text(pairs: &[(&str, &str)]) -> Subject {
    let key = |(k, v): &(&str, &str)| ((*k).to_owned(), SubjectKey::Text((*v).to_owned()));
    Subject { keys: pairs.iter().map(key).collect() }
}

/// A hit of a rule on a village-year.
pub(crate) fn on_village(
    rule: &str,
    grade: Grade,
    code: &str,
    year: i16,
    area: i64,
    money: i64,
) -> RuleHit {
    let subject = text(&[("village_code", code), ("year", &year.to_string())]);
    hit(
        rule,
        grade,
        "village_year",
        subject,
        vec![share(code, year, Some(mu(area)), Some(yuan(money)))],
    )
}

/// A hit of a rule on a season and programme of a village.
pub(crate) fn on_season(
    rule: &str,
    code: &str,
    year: i16,
    (season, programme): (Season, &str),
    area: i64,
    money: i64,
) -> RuleHit {
    let subject = text(&[
        ("village_code", code),
        ("year", &year.to_string()),
        ("season", season.code()),
        ("programme", programme),
    ]);
    let mut part = share(code, year, Some(mu(area)), Some(yuan(money)));
    part.season = Some(season);
    part.programme = Some(programme.to_owned());
    hit(rule, Grade::E2, "village_season_programme", subject, vec![part])
}

/// A hit on one claimant in several villages.
pub(crate) fn on_claimant(
    rule: &str,
    grade: Grade,
    claimant: &str,
    year: i16,
    places: &[(&str, i64, i64)],
) -> RuleHit {
    let id = ClaimantId::new(claimant);
    let subject = Subject {
        keys: vec![
            ("claimant_id".to_owned(), SubjectKey::Person(id.clone())),
            ("year".to_owned(), SubjectKey::Text(year.to_string())),
        ],
    };
    let part = |(code, area, money): &(&str, i64, i64)| Share {
        claimant: Some(id.clone()),
        ..share(code, year, Some(mu(*area)), Some(yuan(*money)))
    };
    hit(rule, grade, "claimant_village", subject, places.iter().map(part).collect())
}

/// A hit on one account that received for several claimants of one village.
pub(crate) fn on_account(account: &str, year: i16, code: &str, people: &[(&str, i64)]) -> RuleHit {
    let subject = Subject {
        keys: vec![
            ("account".to_owned(), SubjectKey::Account(AccountId::new(account))),
            ("year".to_owned(), SubjectKey::Text(year.to_string())),
        ],
    };
    let part = |(who, money): &(&str, i64)| Share {
        claimant: Some(ClaimantId::new(*who)),
        ..share(code, year, None, Some(yuan(*money)))
    };
    hit("P01", Grade::E0, "account_claimant", subject, people.iter().map(part).collect())
}

/// A hit on one claim whose amount is not area times rate.
pub(crate) fn on_claim(code: &str, year: i16, claim: &str, money: i64) -> RuleHit {
    let subject = text(&[("village_code", code), ("year", &year.to_string()), ("claim_id", claim)]);
    hit("C01", Grade::E0, "claim", subject, vec![share(code, year, None, Some(yuan(money)))])
}

/// A hit on one approver.
pub(crate) fn on_approver(approver: &str, year: i16, places: &[(&str, i64)]) -> RuleHit {
    let id = ClaimantId::new(approver);
    let subject = Subject {
        keys: vec![
            ("town_code".to_owned(), SubjectKey::Text(TOWN.to_owned())),
            ("approver_id".to_owned(), SubjectKey::Person(id.clone())),
            ("year".to_owned(), SubjectKey::Text(year.to_string())),
        ],
    };
    let part = |(code, area): &(&str, i64)| Share {
        approver: Some(id.clone()),
        ..share(code, year, Some(mu(*area)), Some(yuan(*area * 100)))
    };
    hit("N01", Grade::E2, "approver_village", subject, places.iter().map(part).collect())
}
