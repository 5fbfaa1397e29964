use super::*;
use crate::testkit::{
    call, claimant_villages, examples, lag, node, num, number, op, reals, rule, view_column,
    village_years,
};
use qingmu_lang::{BinaryOp, Expr, Function, Type};
use qingmu_model::{Bilingual, ColumnType, Mu, Season, Unit, Yuan};

fn one(rule: Rule, view: &View, options: &EvalOptions) -> Result<Evaluation, RuleError> {
    evaluate_views(&[rule], options, |_, _| view.clone())
}

fn example(id: &str) -> Rule {
    let found = examples().rules.into_iter().find(|rule| rule.id.as_str() == id);
    assert!(found.is_some(), "{id}");
    found.unwrap_or_else(|| rule(ViewName::VillageYear, None, num(1.0)))
}

#[test]
fn a_hit_has_shares_numbers_words_and_checks() -> Result<(), RuleError> {
    let found = one(example("C06"), &claimant_villages(), &EvalOptions::default())?;
    assert_eq!(found.hits.len(), 1);
    let hit = &found.hits[0];
    assert_eq!(hit.subject.to_string(), "6104**********1230/2022/S/GRAIN");
    assert_eq!((hit.mu, hit.yuan), (Some(Mu::from_raw(80_000)), Some(Yuan::from_raw(80_000))));
    let parts: Vec<_> = hit
        .shares
        .iter()
        .map(|s| (s.village_code.as_str(), s.mu.map(Mu::raw), s.yuan.map(Yuan::raw)))
        .collect();
    // 8 mu over 10 and 8 mu: 4.4444… and 3.5555…
    assert_eq!(parts, [("v1", Some(44_444), Some(44_444)), ("v2", Some(35_556), Some(35_556))]);
    let share = &hit.shares[0];
    assert_eq!(
        (share.year, share.season, share.programme.as_deref()),
        (2022, Some(Season::S), Some("GRAIN"))
    );
    assert!(share.claimant.is_some() && share.approver.is_none());
    let numbers: Vec<_> = hit.numbers.iter().map(|n| (n.name.as_str(), n.value)).collect();
    let expected =
        [("places", Some(2.0)), ("total", Some(18.0)), ("extra", Some(8.0)), ("leased", Some(0.0))];
    assert_eq!(numbers, expected);
    assert_eq!(
        hit.say.en,
        "One claimant, 2022 season summer, GRAIN: 2 villages, 18.0 mu in all, 8.0 outside the main village, 0.0 on the lease register. Please check."
    );
    assert!(hit.say.zh.starts_with("同一申领人2022年夏季在2个村申领GRAIN"), "{}", hit.say.zh);
    assert_eq!(hit.legit.iter().map(|l| l.clears).collect::<Vec<_>>(), [Some(false), None]);
    assert_eq!(hit.legit[0].check, Bilingual::new("流转合同", "transfer contracts"));
    Ok(())
}

#[test]
fn coverage_names_what_is_missing_and_who_could_help() -> Result<(), RuleError> {
    let found = one(example("C06"), &claimant_villages(), &EvalOptions::default())?;
    let coverage = &found.coverage[0];
    assert_eq!((coverage.subjects, coverage.hit, coverage.abstain), (2, 1, 1));
    assert_eq!(
        coverage.missing.clone().into_iter().collect::<Vec<_>>(),
        [("claimant_id".to_owned(), 1)]
    );
    assert_eq!(coverage.wanted_tables, ["transfers"]);
    assert_eq!((coverage.not_listed, coverage.status.as_str()), (7, "E1 trial"));
    Ok(())
}

/// `x > lag(x)` on four years of one invented village.
fn rising() -> (Rule, View) {
    let values = reals(&[Some(1.0), Some(2.0), None, Some(3.0)]);
    let view = village_years(
        &[("a", 2020), ("a", 2021), ("a", 2022), ("a", 2023)],
        vec![view_column("x", ColumnType::Number(Unit::ONE), values)],
    );
    (rule(ViewName::VillageYear, None, op(BinaryOp::Gt, number("x"), lag(number("x")))), view)
}

#[test]
fn a_year_limits_subjects_and_not_history() -> Result<(), RuleError> {
    let (rule, view) = rising();
    let all = one(rule.clone(), &view, &EvalOptions::default())?;
    let coverage = &all.coverage[0];
    assert_eq!((coverage.subjects, coverage.hit, coverage.abstain), (4, 1, 3));
    let missing: Vec<_> = coverage.missing.clone().into_iter().collect();
    assert_eq!(missing, [("lag(x)".to_owned(), 2), ("x".to_owned(), 1)]);
    let options = EvalOptions { year: Some(2021), threads: 1 };
    let year = one(rule.clone(), &view, &options)?;
    assert_eq!(year.hits, all.hits);
    assert_eq!((year.coverage[0].subjects, year.coverage[0].hit), (1, 1));
    let none = one(rule, &view, &EvalOptions { year: Some(2019), threads: 1 })?;
    assert_eq!((none.coverage[0].subjects, none.hits.len()), (0, 0));
    Ok(())
}

#[test]
fn a_dependent_source_raises_but_never_clears() -> Result<(), RuleError> {
    let (rising, mut view) = rising();
    view.columns[2].dependent = vec![true, false, false, true];
    let falling =
        rule(ViewName::VillageYear, None, op(BinaryOp::Lt, number("x"), lag(number("x"))));
    let hits = one(rising, &view, &EvalOptions::default())?;
    assert_eq!(hits.coverage[0].hit, 1);
    let clear = one(falling.clone(), &view, &EvalOptions::default())?;
    let coverage = &clear.coverage[0];
    assert_eq!((coverage.clear, coverage.abstain), (0, 4));
    assert_eq!(coverage.missing.get("independent baseline"), Some(&1));
    view.columns[2].dependent = vec![false, false, false, true];
    let clear = one(falling, &view, &EvalOptions::default())?;
    assert_eq!((clear.coverage[0].clear, clear.coverage[0].abstain), (1, 3));
    Ok(())
}

#[test]
fn an_excuse_from_a_dependent_source_matters_only_where_it_clears() -> Result<(), RuleError> {
    let rows = [("v1", 2021), ("v2", 2021)];
    let mut excuse = view_column("y", ColumnType::Number(Unit::ONE), reals(&[Some(1.0); 2]));
    excuse.dependent = vec![true, true];
    let x = view_column("x", ColumnType::Number(Unit::ONE), reals(&[Some(1.0), Some(-1.0)]));
    let view = village_years(&rows, vec![x, excuse]);
    let mut positive = rule(ViewName::VillageYear, None, op(BinaryOp::Gt, number("x"), num(0.0)));
    positive.legit = vec![qingmu_lang::Legit {
        text: Bilingual::new("说明", "reason"),
        check: Bilingual::new("登记簿", "register"),
        clears: Some(op(BinaryOp::Gt, number("y"), num(0.0))),
    }];
    let coverage = one(positive, &view, &EvalOptions::default())?.coverage.remove(0);
    // v1 would be cleared by a source that may not clear; v2 is clear by its own number.
    assert_eq!((coverage.clear, coverage.cleared, coverage.abstain), (1, 0, 1));
    assert_eq!(coverage.missing.get("independent baseline"), Some(&1));
    Ok(())
}

#[test]
fn retired_rules_do_not_run_and_threads_change_nothing() -> Result<(), RuleError> {
    let (first, view) = rising();
    let mut rules: Vec<Rule> = ["T01", "T02", "T03", "T04", "T05"]
        .into_iter()
        .filter_map(|id| Some(Rule { id: id.parse().ok()?, ..first.clone() }))
        .collect();
    rules[3].status = Status::Retired;
    let run =
        |threads| evaluate_views(&rules, &EvalOptions { year: None, threads }, |_, _| view.clone());
    let alone = run(1)?;
    let ids: Vec<_> = alone.coverage.iter().map(|c| c.rule.as_str()).collect();
    assert_eq!(ids, ["T01", "T02", "T03", "T05"]);
    assert_eq!(alone.hits.len(), 4);
    assert_eq!(run(3)?, alone);
    Ok(())
}

#[test]
fn need_and_gaps_in_arithmetic_are_counted_by_their_own_text() -> Result<(), RuleError> {
    let (mut rule, view) = rising();
    rule.source = "x > 5 / 0".to_owned();
    let mut need = op(BinaryOp::Gt, number("x"), num(5.0));
    need.span = 0..5;
    rule.need = Some(need);
    let found = one(rule.clone(), &view, &EvalOptions::default())?;
    let missing: Vec<_> = found.coverage[0].missing.clone().into_iter().collect();
    assert_eq!(missing, [("x".to_owned(), 1), ("x > 5".to_owned(), 3)]);
    let mut gap = op(BinaryOp::Div, num(5.0), num(0.0));
    gap.span = 4..9;
    rule.known = vec![gap];
    let found = one(rule, &view, &EvalOptions::default())?;
    assert_eq!(found.coverage[0].missing.get("5 / 0"), Some(&4));
    Ok(())
}

#[test]
fn an_excess_below_nothing_is_none() -> Result<(), RuleError> {
    let (mut rule, view) = rising();
    rule.flag.mu = Some(op(BinaryOp::Sub, lag(number("x")), number("x")));
    rule.flag.yuan = Some(call(Function::Coalesce, vec![num(1e300)], Type::Number(Unit::YUAN)));
    rule.say_en = vec![qingmu_lang::Piece::Value(
        node(Expr::Let("mu".to_owned()), Type::Number(Unit::MU)),
        None,
    )];
    let found = one(rule, &view, &EvalOptions::default())?;
    let hit = &found.hits[0];
    assert_eq!((hit.mu, hit.yuan, hit.say.en.as_str()), (None, None, "n.a."));
    assert_eq!(hit.shares.len(), 1);
    assert_eq!((hit.shares[0].mu, hit.shares[0].village_code.as_str()), (None, "a"));
    Ok(())
}

#[test]
fn errors_say_which_rule_and_what_to_do() {
    let (rule, view) = rising();
    let reasons = Reasons::of(&rule, &view);
    let interpreter = Interpreter::new(&rule, &view);
    let mut wrong = interpreter.judge(&reasons, &[1]);
    assert!(agree(&interpreter, &reasons, &[1], &wrong).is_ok());
    wrong.outcome = Outcome::Cleared;
    wrong.mu = Some(Mu::from_raw(5));
    let error = agree(&interpreter, &reasons, &[1], &wrong).map_err(|e| e.to_string());
    assert_eq!(
        error,
        Err("test/T01-test.toml: the two engines disagree on T01 a/2021: cleared, 0.0005 mu by columns, \
             hit by the reference interpreter; this is a bug in qingmu, please report it with the rule file"
            .to_owned())
    );
    let source = polars::error::PolarsError::ColumnNotFound("c7".into());
    assert_eq!(
        engine(&rule, source).to_string(),
        "test/T01-test.toml: T01 cannot be evaluated on view village_year: not found: c7; this is a bug \
         in qingmu, please report it"
    );
    let rows = u32::MAX as usize;
    let huge = View { name: ViewName::Claim, rows, columns: Vec::new(), not_listed: 0 };
    let error = one(Rule { scan: ViewName::Claim, ..rule }, &huge, &EvalOptions::default());
    assert_eq!(
        error.map_err(|e| e.to_string()),
        Err("view claim: 4294967295 rows are more than the 4294967294 that rules can run on; scan fewer \
             years or regions"
            .to_owned())
    );
}
