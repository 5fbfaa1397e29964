//! All subjects of a rule at once.

use super::{Lowering, Part};
use crate::frame::Frame;
use crate::interpret::missing_key;
use crate::judge::{self, Conditions, Judgement, Reasons};
use polars::prelude::{DataFrame, PolarsResult};
use qingmu_lang::{Node, Rule};
use qingmu_model::View;

/// Output columns of a kind, numbered.
fn outputs<'n>(
    lowering: &mut Lowering<'_>,
    into: &mut Vec<(String, Part)>,
    prefix: &str,
    nodes: impl IntoIterator<Item = &'n Node>,
    f: fn(polars::prelude::Expr) -> polars::prelude::Expr,
) -> usize {
    let mut count = 0;
    for node in nodes {
        let part = lowering.part(node).then(f);
        into.push((format!("{prefix}{count}"), part));
        count += 1;
    }
    count
}

/// A collected output column.
struct Flags<'d>(Vec<&'d polars::prelude::BooleanChunked>);

impl<'d> Flags<'d> {
    fn of(data: &'d DataFrame, prefix: &str, count: usize) -> PolarsResult<Self> {
        let column = |i| data.column(&format!("{prefix}{i}"))?.bool();
        Ok(Self((0..count).map(column).collect::<PolarsResult<_>>()?))
    }

    fn row(&self, row: usize) -> Vec<Option<bool>> {
        self.0.iter().map(|c| c.get(row)).collect()
    }
}

struct Numbers<'d>(Option<&'d polars::prelude::Float64Chunked>);

impl<'d> Numbers<'d> {
    fn of(data: &'d DataFrame, prefix: &str, count: usize) -> PolarsResult<Self> {
        Ok(Self(if count == 0 { None } else { Some(data.column(&format!("{prefix}0"))?.f64()?) }))
    }

    fn row(&self, row: usize) -> Option<f64> {
        self.0?.get(row)
    }
}

/// Judgements of subjects, each given by its first row.
///
/// # Errors
/// What polars says, which is always a bug of the lowering.
pub(crate) fn judge(
    rule: &Rule,
    view: &View,
    frame: &Frame,
    reasons: &Reasons,
    subjects: &[u32],
) -> PolarsResult<Vec<Judgement>> {
    let mut low = Lowering::new(rule, frame);
    let mut out = Vec::new();
    let same = |e| e;
    let known = outputs(&mut low, &mut out, "known", &rule.known, polars::prelude::Expr::is_null);
    let need = outputs(&mut low, &mut out, "need", &rule.need, same);
    let when = outputs(&mut low, &mut out, "when", [&rule.flag.when], same);
    let clears = rule.legit.iter().filter_map(|legit| legit.clears.as_ref());
    let clears = outputs(&mut low, &mut out, "clears", clears, same);
    let dependent = outputs(&mut low, &mut out, "dependent", &reasons.dependent, same);
    let excuse = outputs(&mut low, &mut out, "excuse", &reasons.excuse_dependent, same);
    let mu = outputs(&mut low, &mut out, "mu", &rule.flag.mu, same);
    let yuan = outputs(&mut low, &mut out, "yuan", &rule.flag.yuan, same);
    let size = rule.flag.level.as_ref().map(|bands| &bands.by);
    let size = outputs(&mut low, &mut out, "size", size, same);
    let mut leaves = Vec::new();
    for (stage, (_, of)) in reasons.stages.iter().enumerate() {
        let nodes = of.iter().map(|(_, node)| node);
        let prefix = format!("leaf{stage}_");
        leaves.push(outputs(&mut low, &mut out, &prefix, nodes, polars::prelude::Expr::is_null));
    }
    let data = low.run(&out)?;
    let (known, need) = (Flags::of(&data, "known", known)?, Flags::of(&data, "need", need)?);
    let (when, clears) = (Flags::of(&data, "when", when)?, Flags::of(&data, "clears", clears)?);
    let dependent = Flags::of(&data, "dependent", dependent)?;
    let excuse = Flags::of(&data, "excuse", excuse)?;
    let (mu, yuan) = (Numbers::of(&data, "mu", mu)?, Numbers::of(&data, "yuan", yuan)?);
    let size = Numbers::of(&data, "size", size)?;
    let leaves = leaves
        .iter()
        .enumerate()
        .map(|(stage, count)| Flags::of(&data, &format!("leaf{stage}_"), *count))
        .collect::<PolarsResult<Vec<_>>>()?;
    let judge_one = |first: &u32| {
        let row = *first as usize;
        let conditions = Conditions {
            key: missing_key(rule, view, *first),
            unknown: known.row(row).into_iter().map(|v| v.unwrap_or(true)).collect(),
            need: need.row(row).first().copied().unwrap_or(Some(true)),
            when: when.row(row).first().copied().flatten(),
            clears: clears.row(row),
            dependent: dependent.row(row).contains(&Some(true)),
            excuse_dependent: excuse.row(row).contains(&Some(true)),
            mu: mu.row(row),
            yuan: yuan.row(row),
            size: size.row(row),
        };
        judge::judge(rule, reasons, &conditions, |stage, leaf| {
            leaves[stage].0[leaf].get(row) == Some(true)
        })
    };
    Ok(subjects.iter().map(judge_one).collect())
}
