//! What was learned, for people and machines.

use crate::outcomes::Update;
use qingmu_fusion::learning::{Channel, Learned};
use qingmu_model::Lang;
use serde::Serialize;
use std::fmt::Write as _;

/// An update in figures.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Summary {
    /// Version of the weights.
    pub version: u32,
    /// Whether every weight moved, or only the level.
    pub all: bool,
    /// Outcomes learned from, those with an honest reason included.
    pub outcomes: usize,
    /// Confirmed ones.
    pub confirmed: usize,
    /// Inspections without a result.
    pub insufficient: usize,
    /// Rows that could not be read.
    pub rejected: usize,
    /// Village-years that the run did not assess.
    pub not_assessed: Vec<(String, i16)>,
    /// The level.
    pub intercept: f64,
    /// Weight of each scheme and of rings.
    pub weights: Vec<(String, f64)>,
    /// County, honest reason and factor.
    pub counties: Vec<(u32, String, f64)>,
    /// Mean squared miss on the random control, before and after.
    pub brier: Option<(f64, f64)>,
}

impl Update {
    /// The update in figures; `rejected` rows of the table could not be read.
    #[must_use]
    pub fn summary(&self, rejected: usize) -> Summary {
        let taught = self.model.taught.clone().unwrap_or_default();
        let channel = |at: usize| match Channel::ALL[at] {
            Channel::Scheme(family) => {
                serde_json::to_value(family).ok().and_then(|v| v.as_str().map(str::to_owned))
            }
            Channel::Ring => Some("ring".to_owned()),
        };
        let weights = taught.weights.betas.iter().enumerate();
        let counties = taught.counties.iter().map(|c| (c.county, c.reason.clone(), c.factor));
        Summary {
            version: taught.weights.version,
            all: self.learned == Learned::All,
            outcomes: self.used,
            confirmed: taught.weights.confirmed,
            insufficient: self.insufficient,
            rejected,
            not_assessed: self.not_assessed.clone(),
            intercept: taught.weights.intercept,
            weights: weights.map(|(at, beta)| (channel(at).unwrap_or_default(), *beta)).collect(),
            counties: counties.collect(),
            brier: self.drift.map(|(before, after)| (before.brier, after.brier)),
        }
    }
}

impl Summary {
    /// As text, after the model was written to `out`.
    #[must_use]
    pub fn page(&self, out: &str, lang: Lang) -> String {
        let pick = |zh: &'static str, en: &'static str| match lang {
            Lang::Zh => zh,
            Lang::En => en,
        };
        let (n, k, version) = (self.outcomes, self.confirmed, self.version);
        let moved = if self.all {
            pick("各类依据的权重已更新", "every weight was learned anew")
        } else {
            pick(
                "属实的不足 8 条，只校正总体水平",
                "fewer than 8 were confirmed: only the level was corrected",
            )
        };
        let mut text = match lang {
            Lang::Zh => {
                format!("已写入 {out}（权重第 {version} 版）：{n} 条结论，{k} 条属实；{moved}\n")
            }
            Lang::En => format!(
                "wrote {out} (weights, version {version}): {n} outcomes, {k} confirmed; {moved}\n"
            ),
        };
        for (name, beta) in self.weights.iter().filter(|(_, beta)| (beta - 1.0).abs() > 0.005) {
            let _ = writeln!(text, "  {name:<13} × {beta:.2}");
        }
        for (county, reason, factor) in &self.counties {
            let _ = writeln!(text, "  {county} {reason}: × {factor:.2}");
        }
        let (missing, open) = (self.not_assessed.len(), self.insufficient);
        let _ = match lang {
            Lang::Zh => writeln!(text, "未用：{open} 条证据不足，{missing} 条不在本次扫描内"),
            Lang::En => {
                writeln!(
                    text,
                    "not used: {open} without a result, {missing} not assessed by this scan"
                )
            }
        };
        if let Some((before, after)) = self.brier {
            let said = pick("随机对照上的平方误差：", "squared miss on the random control: ");
            let _ = writeln!(text, "{said}{before:.3} → {after:.3}");
        }
        text
    }
}
