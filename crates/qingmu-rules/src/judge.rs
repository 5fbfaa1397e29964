//! From conditions to an outcome: the one place that both engines share, so that it is short.

use crate::uses::{self, Leaf};
use qingmu_lang::{Bands, Node, Rule};
use qingmu_model::{Level, Mu, Outcome, View, Yuan};
use std::fmt;

/// What a rule says of one subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Judgement {
    pub(crate) outcome: Outcome,
    /// Excess area of a hit or cleared subject.
    pub(crate) mu: Option<Mu>,
    /// Excess money of a hit or cleared subject.
    pub(crate) yuan: Option<Yuan>,
    /// Band of a hit or cleared subject.
    pub(crate) level: Option<Level>,
    /// Why it abstains: the names that the coverage counts.
    pub(crate) missing: Vec<String>,
}

impl fmt::Display for Judgement {
    /// For the report of a disagreement.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.outcome)?;
        if let Some(mu) = self.mu {
            write!(f, ", {mu} mu")?;
        }
        if let Some(yuan) = self.yuan {
            write!(f, ", {yuan} yuan")?;
        }
        if let Some(level) = self.level {
            write!(f, ", level {level}")?;
        }
        if !self.missing.is_empty() {
            write!(f, " for want of {}", self.missing.join(", "))?;
        }
        Ok(())
    }
}

/// The conditions of one subject, evaluated.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Conditions {
    /// Key column that is missing.
    pub(crate) key: Option<String>,
    /// Whether each `given.known` is missing.
    pub(crate) unknown: Vec<bool>,
    /// `given.need`, true where the rule has none.
    pub(crate) need: Option<bool>,
    /// `flag.when`.
    pub(crate) when: Option<bool>,
    /// Each `legit.clears`; one that is not written counts as missing.
    pub(crate) clears: Vec<Option<bool>>,
    /// Whether what its condition reads rests on a dependent source.
    pub(crate) dependent: bool,
    /// Whether what its honest explanations read does.
    pub(crate) excuse_dependent: bool,
    pub(crate) mu: Option<f64>,
    pub(crate) yuan: Option<f64>,
    /// Value of `level.by`.
    pub(crate) size: Option<f64>,
}

/// What an abstaining subject is counted under when nothing else is missing.
pub(crate) const DEPENDENT_REASON: &str = "independent baseline";

/// What a rule can abstain for, found once for all subjects.
#[derive(Debug)]
pub(crate) struct Reasons {
    /// For each `given.known`, `given.need` and `flag.when`: its own name and its leaves.
    pub(crate) stages: Vec<(String, Vec<Leaf>)>,
    /// Whether the condition's data rest on a dependent source; `None`: nowhere in this view.
    pub(crate) dependent: Option<Node>,
    /// The same for the data of honest explanations, which matter only where one of them clears.
    pub(crate) excuse_dependent: Option<Node>,
}

impl Reasons {
    pub(crate) fn of(rule: &Rule, view: &View) -> Self {
        let judged: Vec<&Node> =
            rule.known.iter().chain(&rule.need).chain([&rule.flag.when]).collect();
        let stages = judged
            .iter()
            .map(|node| (text(rule, node).to_owned(), uses::leaves(rule, node)))
            .collect();
        let clears: Vec<&Node> =
            rule.legit.iter().filter_map(|legit| legit.clears.as_ref()).collect();
        let rests = |nodes: &[&Node]| uses::any_of(uses::dependents(rule, view, nodes));
        Self { stages, dependent: rests(&judged), excuse_dependent: rests(&clears) }
    }
}

/// An expression as the rule file writes it.
pub(crate) fn text<'r>(rule: &'r Rule, node: &Node) -> &'r str {
    rule.source.get(node.span.clone()).unwrap_or_default()
}

/// An outcome, and for an abstention the stage of [`Reasons`] at which it was reached.
enum Decided {
    Outcome(Outcome),
    Stages(Vec<usize>),
    Named(String),
}

fn decide(c: &Conditions) -> Decided {
    let known = c.unknown.len();
    if let Some(key) = &c.key {
        return Decided::Named(key.clone());
    }
    let unknown: Vec<usize> = (0..known).filter(|i| c.unknown[*i]).collect();
    if !unknown.is_empty() {
        return Decided::Stages(unknown);
    }
    match c.need {
        Some(true) => {}
        _ => return Decided::Stages(vec![known]),
    }
    let outcome = match c.when {
        None => return Decided::Stages(vec![usize::MAX]),
        Some(false) => Outcome::Clear,
        Some(true) if c.clears.contains(&Some(true)) => Outcome::Cleared,
        Some(true) => Outcome::Hit,
    };
    let unsure = match outcome {
        Outcome::Clear => c.dependent,
        Outcome::Cleared => c.dependent || c.excuse_dependent,
        Outcome::Hit | Outcome::Abstain => false,
    };
    if unsure {
        return Decided::Named(DEPENDENT_REASON.to_owned());
    }
    Decided::Outcome(outcome)
}

/// The judgement that follows from the conditions. `is_missing(stage, leaf)` is only asked for abstentions.
pub(crate) fn judge(
    rule: &Rule,
    reasons: &Reasons,
    conditions: &Conditions,
    is_missing: impl Fn(usize, usize) -> bool,
) -> Judgement {
    let missing = match decide(conditions) {
        Decided::Outcome(outcome @ (Outcome::Hit | Outcome::Cleared)) => {
            return Judgement {
                outcome,
                mu: conditions.mu.and_then(excess_mu),
                yuan: conditions.yuan.and_then(excess_yuan),
                level: rule.flag.level.as_ref().and_then(|b| level(b, conditions.size?)),
                missing: Vec::new(),
            };
        }
        Decided::Outcome(outcome) => {
            return Judgement { outcome, mu: None, yuan: None, level: None, missing: Vec::new() };
        }
        Decided::Named(name) => vec![name],
        Decided::Stages(stages) => {
            let mut names = Vec::new();
            for stage in stages {
                let stage = stage.min(reasons.stages.len() - 1);
                let (own, leaves) = &reasons.stages[stage];
                let before = names.len();
                let missing = (0..leaves.len()).filter(|leaf| is_missing(stage, *leaf));
                names.extend(missing.map(|leaf| leaves[leaf].0.clone()));
                if names.len() == before {
                    names.push(own.clone());
                }
            }
            names
        }
    };
    let mut missing = missing;
    missing.sort_unstable();
    missing.dedup();
    Judgement { outcome: Outcome::Abstain, mu: None, yuan: None, level: None, missing }
}

/// Excess area: none where negative or out of range.
pub(crate) fn excess_mu(value: f64) -> Option<Mu> {
    Mu::from_f64(value).map(|(mu, _)| mu).filter(|mu| mu.raw() >= 0)
}

/// Excess money: none where negative or out of range.
pub(crate) fn excess_yuan(value: f64) -> Option<Yuan> {
    Yuan::from_f64(value).map(|(yuan, _)| yuan).filter(|yuan| yuan.raw() >= 0)
}

/// The highest band whose bound the size reaches; none below the lowest.
pub(crate) fn level(bands: &Bands, size: f64) -> Option<Level> {
    let reached = bands.bounds.iter().filter(|bound| size >= **bound).count();
    [None, Some(Level::Low), Some(Level::Medium), Some(Level::High)].get(reached).copied().flatten()
}
