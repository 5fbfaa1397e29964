use super::*;
use crate::testkit::{examples, number, reals, view_column, village_years};
use qingmu_model::ColumnType;

/// V02 of the format's description on two years of an invented village.
#[test]
fn every_node_has_its_text_and_value() {
    let pack = examples();
    let found = pack.rules.iter().find(|rule| rule.id.as_str() == "V02");
    assert!(found.is_some());
    let Some(rule) = found else { return };
    let mu = |name: &str, values: [f64; 2]| {
        view_column(name, ColumnType::Number(Unit::MU), reals(&values.map(Some)))
    };
    let yuan = view_column(
        "paid.grain",
        ColumnType::Number(Unit::YUAN),
        reals(&[Some(40_000.0), Some(58_000.0)]),
    );
    let columns = vec![
        mu("claimed.grain", [400.0, 580.0]),
        mu("base.vegetable", [900.0, 905.0]),
        mu("base.vegetable_se", [20.0, 20.0]),
        yuan,
    ];
    let view = village_years(&[("a", 2021), ("a", 2022)], columns);
    let hit = trace(rule, &view, &[1]);
    assert_eq!(hit.outcome, Outcome::Hit);
    let text = hit.to_string();
    for line in [
        "V02 a/2022: hit\n",
        "let rise\n  claimed.grain - prev = 180 mu\n    claimed.grain = 580 mu\n    prev = 400 mu\n",
        "  lag(base.vegetable) = 900 mu\n    base.vegetable = 900 mu\n",
        "(1 - p.veg_tol) = 0.98\n",
        "base.arable - lag(base.arable) = missing\n",
    ] {
        assert!(text.contains(line), "no `{line}` in\n{text}");
    }
    let none = trace(rule, &view, &[0]).to_string();
    assert!(
        none.starts_with(
            "V02 a/2021: abstain for want of lag(base.vegetable), lag(claimed.grain)\n"
        ),
        "{none}"
    );
    for (_, step) in &hit.parts {
        assert_eq!(rule.source.get(step.span.clone()), Some(step.text.as_str()));
    }
}

#[test]
fn aggregates_tell_their_rows() {
    let pack = examples();
    let found = pack.rules.iter().find(|rule| rule.id.as_str() == "C06");
    assert!(found.is_some());
    let Some(rule) = found else { return };
    let view = crate::testkit::claimant_villages();
    let text = trace(rule, &view, &[0, 1]).to_string();
    for line in [
        "C06 6104**********1230/2022/S/GRAIN: hit\n",
        "  sum(area_mu) = 18 mu (2 rows)\n    area_mu = 10 mu\n    area_mu = 8 mu\n",
        "  count() = 2 (2 rows)\n",
    ] {
        assert!(text.contains(line), "no `{line}` in\n{text}");
    }
    assert!(!text.contains("19700101"), "{text}");
}

#[test]
fn an_expression_without_source_still_has_a_value() {
    let rule = crate::testkit::rule(qingmu_model::ViewName::VillageYear, None, number("x"));
    let text = trace(&rule, &village_years(&[("a", 2021)], Vec::new()), &[0]).to_string();
    assert_eq!(text, "T01 a/2021: abstain for want of x\nflag.when\n   = missing\n");
}
