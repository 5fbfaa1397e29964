//! A rule after loading and checking: everything resolved, typed and in evaluation order.

use crate::ir::Node;
use qingmu_model::{Bilingual, Grade, Level, Outcome, RuleId, Unit, ViewName};
use std::collections::BTreeMap;

/// Life cycle of a rule file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Status {
    /// Being written; runs, its hits never make a lead alone.
    Draft,
    /// On trial.
    Trial,
    /// Proven on a clean county, with the law it rests on.
    Stable,
    /// Kept for its id; does not run.
    Retired,
}

/// A judgement: value, unit and reason.
#[derive(Debug, Clone, PartialEq)]
pub struct Param {
    /// Value in its unit.
    pub is: f64,
    /// Unit.
    pub unit: Unit,
    /// Why this value.
    pub why: String,
}

/// Legal ground.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Law {
    /// Where it stands.
    pub cite: String,
    /// What it says.
    pub gist: String,
}

/// Bands of a hit's size: the highest band whose bound `by` reaches.
#[derive(Debug, Clone, PartialEq)]
pub struct Bands {
    /// What is measured.
    pub by: Node,
    /// Lower bounds in the unit of `by`, ascending: low, medium, high.
    pub bounds: [f64; 3],
}

/// The condition and what it measures.
#[derive(Debug, Clone, PartialEq)]
pub struct Flag {
    /// Condition.
    pub when: Node,
    /// Bands.
    pub level: Option<Bands>,
    /// Excess area, unit mu.
    pub mu: Option<Node>,
    /// Excess money, unit yuan.
    pub yuan: Option<Node>,
}

/// How a placeholder prints.
#[derive(Debug, Clone, PartialEq)]
pub struct Format {
    /// Decimals.
    pub decimals: usize,
    /// Unit shown instead of the inner one (`acre`, `ha`, `wan`): factor from the inner unit.
    pub factor: f64,
}

/// A piece of a message.
#[derive(Debug, Clone, PartialEq)]
pub enum Piece {
    /// Literal text.
    Text(String),
    /// A value: a name in scope (column, `let`, `mu`, `yuan`) as a checked expression.
    Value(Node, Option<Format>),
}

/// A message in one language.
pub type Template = Vec<Piece>;

/// Which source rows prove a hit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceRows {
    /// Table.
    pub from: String,
    /// Columns that select the rows.
    pub keys: Vec<String>,
    /// Also the rows of so many years before.
    pub years_back: i16,
    /// At most so many rows in a report.
    pub limit: usize,
}

/// One honest explanation.
#[derive(Debug, Clone, PartialEq)]
pub struct Legit {
    /// What it says.
    pub text: Bilingual,
    /// How a person checks it.
    pub check: Bilingual,
    /// Condition under which the data themselves show it.
    pub clears: Option<Node>,
}

/// A cell of an inline test.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// `""`
    Missing,
    /// Number.
    Number(f64),
    /// Text.
    Text(String),
    /// Flag.
    Flag(bool),
}

/// What an inline test expects of one subject.
#[derive(Debug, Clone, PartialEq)]
pub struct Want {
    /// Outcome.
    pub is: Outcome,
    /// Excess area within 1e-4.
    pub mu: Option<f64>,
    /// Excess money within 0.01.
    pub yuan: Option<f64>,
    /// Level.
    pub level: Option<Level>,
}

/// An inline test: a little view and the outcomes wanted.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleTest {
    /// What it shows.
    pub name: String,
    /// Column names.
    pub columns: Vec<String>,
    /// Rows, one cell per column (constant columns of `all` included).
    pub rows: Vec<Vec<Cell>>,
    /// Subject text (`a/2022`, `?` for a missing key) to expectation.
    pub want: BTreeMap<String, Want>,
}

/// A checked rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// Id.
    pub id: RuleId,
    /// Short English name, as in the file name.
    pub slug: String,
    /// Life cycle.
    pub status: Status,
    /// Grade of its evidence.
    pub grade: Grade,
    /// View it scans.
    pub scan: ViewName,
    /// Columns that make a group of rows the subject; `None`: every row is a subject.
    pub by: Option<Vec<String>>,
    /// Column by whose known positive values a group's excess is spread over its rows.
    pub spread: Option<String>,
    /// Title.
    pub title: Bilingual,
    /// Legal grounds.
    pub law: Vec<Law>,
    /// Parameters by name.
    pub params: BTreeMap<String, Param>,
    /// `let`s in evaluation order.
    pub lets: Vec<(String, Node)>,
    /// Must be known, else abstain.
    pub known: Vec<Node>,
    /// Must hold, else abstain.
    pub need: Option<Node>,
    /// The condition.
    pub flag: Flag,
    /// Message, Chinese.
    pub say_zh: Template,
    /// Message, English.
    pub say_en: Template,
    /// Evidence numbers: names in scope as checked expressions.
    pub evidence: Vec<(String, Node)>,
    /// Source rows.
    pub evidence_rows: Option<EvidenceRows>,
    /// Honest explanations.
    pub legit: Vec<Legit>,
    /// Inline tests.
    pub tests: Vec<RuleTest>,
    /// File, relative to the rules folder, `/` as separator.
    pub file: String,
    /// The file's text (spans point into it).
    pub source: String,
    /// SHA-256 of the file, hex, first 16 digits.
    pub digest: String,
}

impl Rule {
    /// Every checked expression of the rule: `let`s in order, conditions, flag, messages, evidence.
    pub fn expressions(&self) -> impl Iterator<Item = &Node> {
        let level = self.flag.level.iter().map(|bands| &bands.by);
        let said = self.say_zh.iter().chain(&self.say_en).filter_map(|piece| match piece {
            Piece::Value(node, _) => Some(node),
            Piece::Text(_) => None,
        });
        self.lets
            .iter()
            .map(|(_, node)| node)
            .chain(&self.known)
            .chain(&self.need)
            .chain(std::iter::once(&self.flag.when))
            .chain(level)
            .chain(&self.flag.mu)
            .chain(&self.flag.yuan)
            .chain(self.legit.iter().filter_map(|legit| legit.clears.as_ref()))
            .chain(said)
            .chain(self.evidence.iter().map(|(_, node)| node))
    }
}
