//! Rules and views for tests: the examples of the format, and others built without the parser. Places and persons are invented.
#![allow(
    clippy::unwrap_used,
    reason = "the one literal rule id is right; a folder for a test can be made"
)]

use crate::load_pack;
use qingmu_lang::{
    Aggregate, BinaryOp, Expr, Flag, Function, Node, Pack, PackSource, Param, Rule, Status, Type,
};
use qingmu_model::{Bilingual, Column, ColumnType, Data, Grade, Project, Unit, View, ViewName};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The five rules of the format's description.
const EXAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../qingmu-lang/fixtures");

/// The examples, loaded.
pub(crate) fn examples() -> Pack {
    loaded(EXAMPLES.into())
}

/// The examples with one text of the one whose path holds `id` replaced, loaded.
pub(crate) fn examples_with(id: &str, old: &str, new: &str) -> Pack {
    let dir = tempfile::tempdir().unwrap();
    for folder in std::fs::read_dir(EXAMPLES).unwrap().map(Result::unwrap) {
        let into = dir.path().join(folder.file_name());
        std::fs::create_dir(&into).unwrap();
        for file in std::fs::read_dir(folder.path()).unwrap().map(Result::unwrap) {
            let name = file.file_name().into_string().unwrap();
            let mut text = std::fs::read_to_string(file.path()).unwrap();
            if name.contains(id) {
                assert!(text.contains(old), "{name} has no `{old}`");
                text = text.replacen(old, new, 1);
            }
            std::fs::write(into.join(name), text).unwrap();
        }
    }
    loaded(dir.path().to_owned())
}

/// A pack that loads; empty with a failed assertion if it does not.
fn loaded(dir: PathBuf) -> Pack {
    let pack = load_pack(&PackSource::Dir(dir), &Project::default());
    assert_eq!(pack.as_ref().err().map(ToString::to_string), None);
    pack.unwrap_or_default()
}

pub(crate) const NUMBER: Type = Type::Number(Unit::ONE);

pub(crate) fn node(expr: Expr, ty: Type) -> Node {
    Node { expr, ty, span: 0..0 }
}

pub(crate) fn num(value: f64) -> Node {
    node(Expr::Number(value), NUMBER)
}

pub(crate) fn column(name: &str, kind: ColumnType) -> Node {
    let ty = match kind {
        ColumnType::Number(unit) => Type::Number(unit),
        ColumnType::Flag => Type::Bool,
        ColumnType::Text | ColumnType::Id(_) => Type::Text,
    };
    node(Expr::Column { name: name.to_owned(), kind }, ty)
}

pub(crate) fn number(name: &str) -> Node {
    column(name, ColumnType::Number(Unit::ONE))
}

pub(crate) fn op(op: BinaryOp, a: Node, b: Node) -> Node {
    let ty = match op {
        BinaryOp::Add | BinaryOp::Sub | BinaryOp::Mul | BinaryOp::Div => NUMBER,
        _ => Type::Bool,
    };
    node(Expr::Binary(op, Box::new(a), Box::new(b)), ty)
}

pub(crate) fn call(function: Function, args: Vec<Node>, ty: Type) -> Node {
    node(Expr::Call(function, args), ty)
}

pub(crate) fn lag(a: Node) -> Node {
    let ty = a.ty;
    node(Expr::Lag(Box::new(a)), ty)
}

pub(crate) fn aggregate(kind: Aggregate, arg: Option<Node>, over: Option<&[&str]>) -> Node {
    let over = over.map(|names| names.iter().map(|n| (*n).to_owned()).collect());
    let ty = if kind == Aggregate::Any { Type::Bool } else { NUMBER };
    node(Expr::Aggregate { kind, arg: arg.map(Box::new), over }, ty)
}

pub(crate) fn named(name: &str, ty: Type) -> Node {
    node(Expr::Let(name.to_owned()), ty)
}

/// An expression on one line, for failing tests.
pub(crate) fn show(node: &Node) -> String {
    let parts: Vec<String> = crate::uses::children(node).into_iter().map(show).collect();
    let parts = parts.join(", ");
    match &node.expr {
        Expr::Number(v) => format!("{v:?}"),
        Expr::Bool(v) => v.to_string(),
        Expr::Text(v) => format!("'{v}'"),
        Expr::Column { name, .. } | Expr::Let(name) => name.clone(),
        Expr::Param(name) => format!("p.{name}"),
        Expr::Not(_) => format!("not({parts})"),
        Expr::Neg(_) => format!("neg({parts})"),
        Expr::Lag(_) => format!("lag({parts})"),
        Expr::Binary(op, ..) => format!("{op:?}({parts})"),
        Expr::Call(function, _) => format!("{function:?}({parts})"),
        Expr::Aggregate { kind, over, .. } => format!("{kind:?}[{over:?}]({parts})"),
    }
}

/// A rule of one condition; tests fill in the rest.
pub(crate) fn rule(scan: ViewName, by: Option<&[&str]>, when: Node) -> Rule {
    let param = |is| Param { is, unit: Unit::ONE, why: "test".to_owned() };
    Rule {
        id: "T01".parse().unwrap(),
        slug: "test".to_owned(),
        status: Status::Trial,
        grade: Grade::E1,
        scan,
        by: by.map(|names| names.iter().map(|n| (*n).to_owned()).collect()),
        spread: None,
        title: Bilingual::new("测试", "test"),
        law: Vec::new(),
        params: BTreeMap::from([("two".to_owned(), param(2.0)), ("tenth".to_owned(), param(0.1))]),
        lets: Vec::new(),
        known: Vec::new(),
        need: None,
        flag: Flag { when, level: None, mu: None, yuan: None },
        say_zh: Vec::new(),
        say_en: Vec::new(),
        evidence: Vec::new(),
        evidence_rows: None,
        legit: Vec::new(),
        tests: Vec::new(),
        file: "test/T01-test.toml".to_owned(),
        source: String::new(),
        digest: "0000000000000000".to_owned(),
    }
}

pub(crate) fn view_column(name: &str, kind: ColumnType, data: Data) -> Column {
    Column { name: name.to_owned(), kind, data, dependent: Vec::new() }
}

pub(crate) fn texts(values: &[Option<&str>]) -> Data {
    Data::Text(values.iter().map(|v| v.map(Into::into)).collect())
}

pub(crate) fn reals(values: &[Option<f64>]) -> Data {
    Data::Real(values.to_vec())
}

/// A view of village years.
pub(crate) fn village_years(keys: &[(&str, i64)], others: Vec<Column>) -> View {
    let villages: Vec<Option<&str>> = keys.iter().map(|(village, _)| Some(*village)).collect();
    let years = keys.iter().map(|(_, year)| Some(*year)).collect();
    let mut columns = vec![
        view_column("village_code", ColumnType::Text, texts(&villages)),
        view_column("year", ColumnType::Number(Unit::ONE), Data::Fixed { scale: 0, values: years }),
    ];
    columns.extend(others);
    View { name: ViewName::VillageYear, rows: keys.len(), columns, not_listed: 0 }
}

/// Two villages of one invented claimant, and a claimant without an id; registered leases of neither.
pub(crate) fn claimant_villages() -> View {
    let (person, text) = (ColumnType::Id(qingmu_model::IdKind::Person), ColumnType::Text);
    let id = Some("610423197001011230");
    let (mu, yuan) = (ColumnType::Number(Unit::MU), ColumnType::Number(Unit::YUAN));
    let fixed = |scale, values: [i64; 3]| Data::Fixed { scale, values: values.map(Some).to_vec() };
    let columns = vec![
        view_column("claimant_id", person, texts(&[id, id, None])),
        view_column("year", ColumnType::Number(Unit::ONE), fixed(0, [2022; 3])),
        view_column("season", text, texts(&[Some("S"); 3])),
        view_column("programme", text, texts(&[Some("GRAIN"); 3])),
        view_column("village_code", text, texts(&[Some("v1"), Some("v2"), Some("v1")])),
        view_column("area_mu", mu, fixed(4, [100_000, 80_000, 90_000])),
        view_column("amount_yuan", yuan, fixed(2, [100_000, 80_000, 90_000])),
        view_column("leased_mu", mu, Data::Fixed { scale: 4, values: vec![None; 3] }),
    ];
    View { name: ViewName::ClaimantVillage, rows: 3, columns, not_listed: 7 }
}
