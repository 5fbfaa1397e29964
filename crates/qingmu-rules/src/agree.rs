//! Both engines on random rules and views: same values, same judgements, whatever the order of rows.

use crate::frame::Frame;
use crate::interpret::Interpreter;
use crate::judge::{Judgement, Reasons};
use crate::lower::{self, Lowering};
use crate::testkit::{
    NUMBER, aggregate, call, column, lag, named, node, num, number, op, rule, show, view_column,
};
use crate::uses;
use crate::value::Value;
use polars::prelude::{DataType, PolarsResult};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use qingmu_lang::{Aggregate, Bands, BinaryOp, Expr, Function, Legit, Node, Rule, Type};
use qingmu_model::{Bilingual, ColumnType, Data, Outcome, Unit, View, ViewName};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// One row of a little view.
#[derive(Debug, Clone)]
struct Row {
    village: u8,
    year: u8,
    town: Option<u8>,
    x: Option<f64>,
    y: Option<i64>,
    flag: Option<bool>,
    text: Option<u8>,
    dependent: bool,
}

fn value() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => prop::sample::select(vec![0.0, -0.0, 1.0, -1.0, 2.0, 0.1, 1e-7, -3.5]),
        2 => -100.0..100.0,
        1 => prop::sample::select(vec![1e150, -1e150, 1e200, 4.5e12, -4.5e12, 4.7e12, 1e308]),
    ]
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let town = prop::option::weighted(0.8, 0_u8..2);
    let cells =
        (prop::option::weighted(0.9, value()), prop::option::weighted(0.9, -20_000_i64..20_000));
    let marks = (
        prop::option::weighted(0.8, any::<bool>()),
        prop::option::weighted(0.7, 0_u8..3),
        prop::bool::weighted(0.1),
    );
    let row = (town, cells, marks);
    let keyed = prop::collection::btree_map((0_u8..4, 0_u8..4), row, 0..12);
    keyed.prop_map(|rows| {
        rows.into_iter()
            .map(|((village, year), (town, (x, y), (flag, text, dependent)))| Row {
                village,
                year,
                town,
                x,
                y,
                flag,
                text,
                dependent,
            })
            .collect()
    })
}

fn view(rows: &[Row]) -> View {
    let text = |f: &dyn Fn(&Row) -> Option<String>| {
        Data::Text(rows.iter().map(|r| f(r).map(Arc::from)).collect())
    };
    let years = rows.iter().map(|r| Some(2020 + i64::from(r.year))).collect();
    let mut columns = vec![
        view_column("village_code", ColumnType::Text, text(&|r| Some(format!("v{}", r.village)))),
        view_column("year", ColumnType::Number(Unit::ONE), Data::Fixed { scale: 0, values: years }),
        view_column("town_code", ColumnType::Text, text(&|r| r.town.map(|t| format!("t{t}")))),
        view_column(
            "x",
            ColumnType::Number(Unit::ONE),
            Data::Real(rows.iter().map(|r| r.x).collect()),
        ),
        view_column(
            "y",
            ColumnType::Number(Unit::MU),
            Data::Fixed { scale: 4, values: rows.iter().map(|r| r.y).collect() },
        ),
        view_column("f", ColumnType::Flag, Data::Flag(rows.iter().map(|r| r.flag).collect())),
        view_column("w", ColumnType::Text, text(&|r| r.text.map(|t| format!("t{t}")))),
    ];
    columns[3].dependent = rows.iter().map(|r| r.dependent).collect();
    View { name: ViewName::VillageYear, rows: rows.len(), columns, not_listed: 0 }
}

fn text_leaf() -> impl Strategy<Value = Node> {
    prop_oneof![
        Just(column("w", ColumnType::Text)),
        Just(column("town_code", ColumnType::Text)),
        Just(column("no_such_text", ColumnType::Text)),
        prop::sample::select(vec!["t0", "t1", "nowhere", "elsewhere"])
            .prop_map(|t| node(Expr::Text(t.to_owned()), Type::Text)),
    ]
}

fn number_leaf() -> impl Strategy<Value = Node> {
    prop_oneof![
        6 => Just(number("x")),
        6 => Just(number("y")),
        1 => Just(number("year")),
        1 => Just(number("no_such_number")),
        4 => value().prop_map(num),
        1 => prop::sample::select(vec!["two", "tenth"])
            .prop_map(|p| node(Expr::Param(p.to_owned()), NUMBER)),
    ]
}

fn bool_leaf() -> impl Strategy<Value = Node> {
    prop_oneof![
        2 => Just(column("f", ColumnType::Flag)),
        1 => any::<bool>().prop_map(|v| node(Expr::Bool(v), Type::Bool)),
        1 => text_leaf().prop_map(|t| call(Function::Known, vec![t], Type::Bool)),
        1 => (text_leaf(), text_leaf(), any::<bool>())
            .prop_map(|(a, b, eq)| op(if eq { BinaryOp::Eq } else { BinaryOp::Ne }, a, b)),
    ]
}

/// Partition columns; `None`: the subject's rows.
fn over() -> impl Strategy<Value = Option<&'static [&'static str]>> {
    prop::sample::select(vec![
        None,
        Some(&["town_code"][..]),
        Some(&["town_code", "year"][..]),
        Some(&["year"][..]),
        Some(&["w", "f"][..]),
        Some(&["no_such_key"][..]),
    ])
}

/// A number and a condition grown from smaller numbers and conditions.
fn pair() -> impl Strategy<Value = (Node, Node)> {
    (number_leaf(), bool_leaf()).prop_recursive(5, 40, 3, |inner| {
        let pairs = (inner.clone(), inner.clone(), inner);
        (pairs, 0_usize..12, 0_usize..12, over(), text_leaf()).prop_map(
            |(((n1, b1), (n2, b2), (n3, b3)), which_n, which_b, over, text)| {
                (
                    bigger_number(which_n, n1, n2, n3, b1, over, text),
                    bigger_bool(which_b, n2_of(&b2), b2, b3, over),
                )
            },
        )
    })
}

/// Some number to compare that is not the one used above.
fn n2_of(b: &Node) -> Node {
    aggregate(Aggregate::Count, Some(b.clone()), Some(&["year"]))
}

fn bigger_number(
    which: usize,
    a: Node,
    b: Node,
    c: Node,
    flag: Node,
    over: Option<&[&str]>,
    text: Node,
) -> Node {
    match which {
        0 => op(BinaryOp::Add, a, b),
        1 => op(BinaryOp::Sub, a, b),
        2 => op(BinaryOp::Mul, a, b),
        3 => op(BinaryOp::Div, a, b),
        4 => call(Function::Max, vec![a, b, c], NUMBER),
        5 => call(Function::Min, vec![a, b], NUMBER),
        6 => call(Function::Hypot, vec![a, b], NUMBER),
        7 => call(Function::Abs, vec![node(Expr::Neg(Box::new(a)), NUMBER)], NUMBER),
        8 => call(Function::Coalesce, vec![a, b], NUMBER),
        9 => lag(a),
        10 => aggregate(Aggregate::Distinct, Some(if a.ty == NUMBER { text } else { flag }), over),
        _ => {
            let kinds =
                [Aggregate::Sum, Aggregate::Largest, Aggregate::Smallest, Aggregate::Distinct];
            let kind = kinds[uses::children(&a).len().min(3)];
            aggregate(kind, Some(a), over)
        }
    }
}

fn bigger_bool(which: usize, n: Node, a: Node, b: Node, over: Option<&[&str]>) -> Node {
    match which {
        0 | 1 => op(BinaryOp::And, a, b),
        2 | 3 => op(BinaryOp::Or, a, b),
        4 => node(Expr::Not(Box::new(a)), Type::Bool),
        5 => lag(a),
        6 => aggregate(Aggregate::Any, Some(a), over),
        7 => call(Function::Coalesce, vec![a, b], Type::Bool),
        8 => op(BinaryOp::Eq, a, b),
        9 => op(BinaryOp::Gt, number("x"), n),
        10 => op(BinaryOp::Le, number("y"), lag(number("x"))),
        _ => call(Function::Known, vec![a], Type::Bool),
    }
}

fn comparison() -> impl Strategy<Value = Node> {
    let ops =
        vec![BinaryOp::Lt, BinaryOp::Le, BinaryOp::Gt, BinaryOp::Ge, BinaryOp::Eq, BinaryOp::Ne];
    (pair(), pair(), prop::sample::select(ops), any::<bool>()).prop_map(
        |((a, p), (b, q), o, and)| {
            let all = op(if and { BinaryOp::And } else { BinaryOp::Or }, p, q);
            op(BinaryOp::Or, op(o, a, b), all)
        },
    )
}

/// A rule that a failing test prints on a few lines.
#[derive(Clone)]
struct Short(Rule);

impl fmt::Debug for Short {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rule = &self.0;
        writeln!(f, "by {:?}", rule.by)?;
        for (name, node) in &rule.lets {
            writeln!(f, "let {name} = {}", show(node))?;
        }
        for node in rule.known.iter().chain(&rule.need).chain([&rule.flag.when]) {
            writeln!(f, "given or when {}", show(node))?;
        }
        for node in rule.legit.iter().filter_map(|legit| legit.clears.as_ref()) {
            writeln!(f, "clears {}", show(node))?;
        }
        Ok(())
    }
}

/// A whole rule over the little view. With `by` everything stands under an aggregate over the subject's rows,
/// as the checker wants it; `lag` inside has no meaning then, but both engines still agree.
fn any_rule() -> impl Strategy<Value = Short> {
    let parts = (pair(), pair(), comparison(), comparison());
    let switches = (any::<bool>(), any::<bool>(), prop::option::weighted(0.3, pair()), 0_usize..4);
    (parts, switches).prop_map(|(((a, _), (b, p), when, clears), (by, use_lets, need, known))| {
        let by: Option<&[&str]> = by.then_some(&["town_code", "year"]);
        let when = if use_lets {
            let both = op(BinaryOp::Sub, named("a", NUMBER), named("b", NUMBER));
            op(BinaryOp::And, when, op(BinaryOp::Ge, both, num(0.0)))
        } else {
            when
        };
        let of = |kind, a| if by.is_some() { aggregate(kind, Some(a), None) } else { a };
        let y = of(Aggregate::Sum, number("y"));
        let mut rule = rule(ViewName::VillageYear, by, of(Aggregate::Any, when));
        let (a, b) = (of(Aggregate::Sum, a), of(Aggregate::Largest, b));
        let clears = of(Aggregate::Any, clears);
        rule.lets =
            vec![("a".to_owned(), a), ("b".to_owned(), op(BinaryOp::Add, named("a", NUMBER), b))];
        // Mostly little is required: else nearly all random subjects would abstain.
        rule.known =
            [y.clone(), named("b", NUMBER)].into_iter().take(known.saturating_sub(1)).collect();
        rule.need = need.map(|(_, need)| {
            let usually = vec![op(BinaryOp::Or, need, p), node(Expr::Bool(true), Type::Bool)];
            of(Aggregate::Any, call(Function::Coalesce, usually, Type::Bool))
        });
        rule.flag.mu = Some(named("a", NUMBER));
        rule.flag.yuan = Some(op(BinaryOp::Mul, named("a", NUMBER), y));
        rule.flag.level = Some(Bands { by: named("b", NUMBER), bounds: [0.0, 1.0, 10.0] });
        let text = Bilingual::new("无", "none");
        rule.legit = vec![
            Legit { text: text.clone(), check: text.clone(), clears: None },
            Legit { text: text.clone(), check: text, clears: Some(clears) },
        ];
        Short(rule)
    })
}

/// Values of an expression on all rows by columns.
fn by_columns(rule: &Rule, view: &View, node: &Node) -> PolarsResult<Vec<Value>> {
    let frame = Frame::new(view, &uses::columns(rule))?;
    let mut lowering = Lowering::new(rule, &frame);
    let part = lowering.part(node);
    let data = lowering.run(&[("out".to_owned(), part)])?;
    let out = data.column("out")?;
    Ok(match out.dtype() {
        DataType::Boolean => out.bool()?.iter().map(Value::from_bool).collect(),
        _ => out.f64()?.iter().map(|v| v.map_or(Value::Missing, Value::Number)).collect(),
    })
}

fn judged(rule: &Rule, view: &View) -> PolarsResult<(Vec<Judgement>, Vec<Judgement>)> {
    let reasons = Reasons::of(rule, view);
    let groups = crate::evaluate::subjects(rule, view);
    let firsts: Vec<u32> = groups.iter().filter_map(|rows| rows.first().copied()).collect();
    let frame = Frame::new(view, &uses::columns(rule))?;
    let columnar = lower::judge(rule, view, &frame, &reasons, &firsts)?;
    let interpreter = Interpreter::new(rule, view);
    Ok((columnar, groups.iter().map(|rows| interpreter.judge(&reasons, rows)).collect()))
}

proptest! {
    #[test]
    fn values_agree(
        rows in rows(),
        Short(rule) in any_rule(),
    ) {
        let view = view(&rows);
        let lets = rule.lets.iter().map(|(_, node)| node);
        let conditions = rule.known.iter().chain([&rule.flag.when]);
        for expression in lets.chain(conditions).chain(&rule.need).chain(&rule.flag.yuan) {
            let columnar = by_columns(&rule, &view, expression);
            prop_assert!(columnar.is_ok(), "{columnar:?} on {}", show(expression));
            let interpreter = Interpreter::new(&rule, &view);
            let plain: Vec<Value> =
                (0_u32..).take(view.rows).map(|row| interpreter.value(expression, row)).collect();
            prop_assert_eq!(format!("{:?}", columnar.unwrap_or_default()), format!("{plain:?}"), "{}", show(expression));
        }
    }

    #[test]
    fn judgements_agree(rows in rows(), Short(rule) in any_rule()) {
        let judged = judged(&rule, &view(&rows));
        prop_assert!(judged.is_ok(), "{judged:?}");
        let (columnar, plain) = judged.unwrap_or_default();
        prop_assert_eq!(columnar, plain);
    }

    #[test]
    fn row_order_is_irrelevant(
        (rows, shuffled) in rows().prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle())),
        Short(rule) in any_rule(),
    ) {
        let named = |rows: &[Row]| {
            let view = view(rows);
            let subjects = crate::evaluate::subjects(&rule, &view);
            let judged = judged(&rule, &view).unwrap_or_default().0;
            assert_eq!(judged.len(), subjects.len());
            let mut all: Vec<(String, Judgement)> = subjects
                .iter()
                .map(|rows| crate::evaluate::subject(&rule, &view, rows[0]).to_string())
                .zip(judged)
                .collect();
            all.sort_by(|a, b| a.0.cmp(&b.0));
            all
        };
        prop_assert_eq!(named(&rows), named(&shuffled));
    }
}

/// The agreement above would be empty if random rules hardly ever got beyond abstaining.
#[test]
fn random_rules_reach_every_outcome() {
    let mut runner = TestRunner::deterministic();
    let mut seen: BTreeMap<Outcome, usize> = BTreeMap::new();
    for _ in 0..150 {
        let Ok(tree) = (rows(), any_rule()).new_tree(&mut runner) else { continue };
        let (rows, Short(rule)) = tree.current();
        let plain = judged(&rule, &view(&rows)).unwrap_or_default().1;
        for judgement in plain {
            *seen.entry(judgement.outcome).or_default() += 1;
        }
    }
    let often = |outcome| seen.get(&outcome).is_some_and(|n| *n >= 10);
    let all = [Outcome::Hit, Outcome::Clear, Outcome::Cleared, Outcome::Abstain];
    assert!(all.into_iter().all(often), "{seen:?}");
}

/// Found by many cases of the above: polars keeps a constant column as one value.
#[test]
fn constants_lagged_and_compared_keep_their_rows() {
    let rows: Vec<Row> = (0..2)
        .map(|village| Row {
            village,
            year: 0,
            town: None,
            x: None,
            y: None,
            flag: None,
            text: None,
            dependent: false,
        })
        .collect();
    let no = || node(Expr::Bool(false), Type::Bool);
    let compared = op(BinaryOp::Eq, no(), lag(no()));
    let rule = rule(ViewName::VillageYear, None, lag(compared.clone()));
    for expression in [&compared, &rule.flag.when] {
        let values = by_columns(&rule, &view(&rows), expression).ok();
        assert_eq!(values, Some(vec![Value::Missing, Value::Missing]));
    }
}
