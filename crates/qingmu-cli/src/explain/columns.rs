//! Which columns of its view a rule reads, and whether it looks back a year.

use qingmu_core::ViewName;
use qingmu_rules::{Expr, Node, Piece, Rule};
use std::collections::BTreeSet;

/// What a rule reads.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Reads {
    /// Column names, sorted.
    pub(super) columns: BTreeSet<String>,
    /// Whether an expression reads the row of the year before.
    pub(super) looks_back: bool,
}

/// Everything written in the rule: condition, sizes, message, evidence, explanations.
pub(super) fn reads(rule: &Rule) -> Reads {
    let flag = &rule.flag;
    let messages = rule.say_zh.iter().chain(&rule.say_en).filter_map(|piece| match piece {
        Piece::Value(node, _) => Some(node),
        Piece::Text(_) => None,
    });
    let mut open: Vec<&Node> = (rule.lets.iter().map(|(_, node)| node))
        .chain(&rule.known)
        .chain(&rule.need)
        .chain([&flag.when])
        .chain(flag.level.iter().map(|bands| &bands.by))
        .chain(&flag.mu)
        .chain(&flag.yuan)
        .chain(rule.evidence.iter().map(|(_, node)| node))
        .chain(rule.legit.iter().filter_map(|legit| legit.clears.as_ref()))
        .chain(messages)
        .collect();
    let mut found = Reads::default();
    while let Some(node) = open.pop() {
        match &node.expr {
            Expr::Column { name, .. } => {
                found.columns.insert(name.clone());
            }
            Expr::Not(a) | Expr::Neg(a) => open.push(a),
            Expr::Lag(a) => {
                found.looks_back = true;
                open.push(a);
            }
            Expr::Binary(_, a, b) => open.extend([&**a, &**b]),
            Expr::Call(_, args) => open.extend(args),
            Expr::Aggregate { arg, .. } => open.extend(arg.as_deref()),
            Expr::Number(_) | Expr::Bool(_) | Expr::Text(_) | Expr::Param(_) | Expr::Let(_) => {}
        }
    }
    let measured = found.columns.iter().flat_map(|c| behind(rule.scan, c)).collect::<Vec<_>>();
    found.looks_back |= found.columns.iter().any(|c| c.starts_with("jump.") || c == "rise_mu");
    found.columns.extend(measured);
    found
}

/// The sums of the same view that a measured column of the village itself rests on.
fn behind(view: ViewName, column: &str) -> Vec<String> {
    let crop = |prefix: &str, suffix: &str| {
        column.strip_prefix(prefix).and_then(|c| c.strip_suffix(suffix)).map(str::to_owned)
    };
    match view {
        ViewName::VillageYear => crop("jump.", "_mu")
            .or_else(|| crop("jump.", "_z"))
            .map(|c| vec![format!("claimed.{c}")])
            .unwrap_or_default(),
        ViewName::VillageSeasonProgramme => match column {
            "fair_mu" | "over_mu" | "over_z" => vec!["claimed.all".to_owned(), "ref_mu".to_owned()],
            "fair_se_mu" => vec!["ref_se_mu".to_owned()],
            "competing_mu" => vec!["base.competing".to_owned()],
            "competing_se_mu" => vec!["base.competing_se".to_owned()],
            _ => Vec::new(),
        },
        ViewName::ApproverVillage if column == "rise_mu" => vec!["area_mu".to_owned()],
        _ => Vec::new(),
    }
}
