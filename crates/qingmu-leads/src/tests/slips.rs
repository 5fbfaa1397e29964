//! A fact that a slip explains adds a reason and makes no lead. Every person here is invented.

use crate::build::{LeadContext, build};
use crate::fixture::{context, mu, on_claim, on_claimant, on_village, village};
use qingmu_model::{
    Bilingual, ClaimantId, DataError, DataErrorKind, Grade, Measured, RuleHit, Unit,
};

const WHO: &str = "990001197001011230";

fn slip(kind: DataErrorKind, filed: i64, used: Option<i64>) -> DataError {
    DataError {
        kind,
        village_code: village(1),
        year: 2022,
        programme: Some("GRAIN".to_owned()),
        source: None,
        claimant: Some(ClaimantId::new(WHO)),
        at: Some(("claims.csv".to_owned(), 7)),
        rows: 1,
        filed_mu: Some(mu(filed)),
        used_mu: used.map(mu),
        say: Bilingual::new("小数点疑错一位", "the decimal point seems to have slipped"),
    }
}

fn list(kind: DataErrorKind, filed: i64, used: i64) -> DataError {
    DataError { claimant: None, at: None, rows: 40, ..slip(kind, filed, Some(used)) }
}

/// A row of so many mu at 100 yuan, paid so much.
fn row(area: f64, amount: f64) -> RuleHit {
    let mut hit = on_claim(&village(1), 2022, "k1", 500);
    let number =
        |name: &str, value| Measured { name: name.to_owned(), value: Some(value), unit: Unit::MU };
    hit.numbers = vec![
        number("area_mu", area),
        number("rate_yuan_per_mu", 100.0),
        number("amount_yuan", amount),
    ];
    hit.shares[0].programme = Some("GRAIN".to_owned());
    hit.shares[0].claimant = Some(ClaimantId::new(WHO));
    hit
}

fn with(errors: Vec<DataError>) -> LeadContext {
    let mut context = context();
    context.assessed.slips = errors;
    context
}

#[test]
fn a_row_that_is_right_once_repaired_makes_no_lead() {
    let tenfold = slip(DataErrorKind::TenFold, 60, Some(6));
    let leads = |hit: RuleHit, error: &DataError| build(vec![hit], &with(vec![error.clone()]));
    assert_eq!(leads(row(60.0, 600.0), &tenfold), []);
    assert_eq!(build(vec![row(60.0, 600.0)], &context()).len(), 1, "without the slip it is one");
    // Another row of the same person, another person, a village whose amounts are still wrong once repaired.
    assert_eq!(leads(row(80.0, 600.0), &tenfold).len(), 1);
    let mut other = row(60.0, 600.0);
    other.shares[0].claimant = Some(ClaimantId::new("990001198001011230"));
    assert_eq!(leads(other, &tenfold).len(), 1);
    assert_eq!(leads(row(60.0, 900.0), &tenfold).len(), 1);
}

#[test]
fn a_list_in_hectares_explains_its_rows_and_not_a_rate_that_is_too_high() {
    let hectares = list(DataErrorKind::HectareList, 40, 600);
    let leads = |amount: f64| build(vec![row(0.4, amount)], &with(vec![hectares.clone()]));
    assert_eq!(leads(600.0), []);
    assert_eq!(leads(608.0), [], "hectares are written with few decimals");
    assert_eq!(leads(780.0).len(), 1, "30 % above the rate is no slip of units");
}

#[test]
fn a_wrong_village_entry_explains_two_villages_and_not_three() {
    let wrong = slip(DataErrorKind::WrongVillage, 8, None);
    let (v, w, x) = (village(1), village(2), village(3));
    let two = on_claimant("C06", Grade::E1, WHO, 2022, &[(&v, 8, 800), (&w, 0, 0)]);
    let three = on_claimant("C06", Grade::E1, WHO, 2022, &[(&v, 8, 800), (&w, 0, 0), (&x, 9, 900)]);
    assert_eq!(build(vec![two], &with(vec![wrong.clone()])), []);
    assert!(!build(vec![three], &with(vec![wrong])).is_empty());
}

#[test]
fn an_excess_that_the_repair_takes_away_is_explained_and_a_larger_one_is_not() {
    let tenfold = slip(DataErrorKind::TenFold, 60, Some(6));
    let hit = |area: i64| on_claimant("C11", Grade::E1, WHO, 2022, &[(&village(1), area, 0)]);
    let count = |area: i64| build(vec![hit(area)], &with(vec![tenfold.clone()])).len();
    assert_eq!((count(54), count(70)), (0, 1));
}

#[test]
fn beside_a_lead_the_explained_fact_stays_a_reason_that_says_so() {
    let tenfold = slip(DataErrorKind::TenFold, 60, Some(6));
    let fact = on_village("V02", Grade::E1, &village(1), 2022, 50, 5_000);
    let leads = build(vec![fact, row(60.0, 600.0)], &with(vec![tenfold]));
    assert_eq!(leads.len(), 1);
    assert_eq!((leads[0].grade, leads[0].excess_mu), (Grade::E1, Some(mu(50))));
    assert_eq!(
        leads[0].excess_yuan.map(qingmu_model::Yuan::raw),
        Some(500_000),
        "the slip adds no money"
    );
    let said: Vec<&str> = leads[0]
        .hits
        .iter()
        .flat_map(|h| &h.legit)
        .filter(|l| l.clears == Some(true))
        .map(|l| l.text.en.as_str())
        .collect();
    assert_eq!(said, ["a slip in the data: the decimal point seems to have slipped"]);
}

#[test]
fn what_was_paid_short_and_made_up_makes_no_lead_and_what_stays_short_does() {
    let paid = |year: i16, gap: f64, claim: &str| {
        let mut hit = on_claim(&village(1), year, claim, 0);
        hit.numbers =
            vec![Measured { name: "gap_yuan".to_owned(), value: Some(gap), unit: Unit::MU }];
        hit.shares[0].claimant = Some(ClaimantId::new(WHO));
        hit
    };
    let count = |hits: Vec<RuleHit>| build(hits, &context()).len();
    assert_eq!(count(vec![paid(2021, -75.5, "k1"), paid(2022, 75.5, "k2")]), 0);
    assert_eq!(count(vec![paid(2021, -75.5, "k1"), paid(2022, 90.0, "k2")]), 2);
    assert_eq!(count(vec![paid(2021, -75.5, "k1"), paid(2022, -75.5, "k2")]), 2);
    let mut other = paid(2022, 75.5, "k2");
    other.shares[0].claimant = Some(ClaimantId::new("990001198001011230"));
    assert_eq!(count(vec![paid(2021, -75.5, "k1"), other]), 2, "another person's money");
}
