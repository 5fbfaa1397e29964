//! The answer as text and as JSON.

use super::figure::Figure;
use crate::lang::pick;
use qingmu_core::SourceRow;
use qingmu_model::{Lang, Lead, Measured, RuleHit, Unit};
use qingmu_rules::{Rule, Trace};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write;

/// One hit with its figures re-added.
pub(super) struct Answer<'a> {
    pub(super) hit: &'a RuleHit,
    pub(super) rule: &'a Rule,
    pub(super) trace: Option<&'a Trace>,
    pub(super) figures: Vec<Figure<'a>>,
}

/// The whole answer.
pub(super) struct Page<'a> {
    pub(super) lead: &'a Lead,
    pub(super) inputs: usize,
    pub(super) rules: usize,
    pub(super) differences: &'a [String],
    pub(super) answers: &'a [Answer<'a>],
    /// Source rows to list per figure.
    pub(super) limit: usize,
    /// Currency of every amount.
    pub(super) currency: &'a str,
}

/// Which hit already listed a set of rows: figures of one place often rest on the same ones.
struct Listed {
    /// Source rows to list per set.
    limit: usize,
    seen: BTreeMap<Vec<(String, u64)>, usize>,
}

impl Page<'_> {
    /// Whether every number came out again.
    pub(super) fn is_equal(&self) -> bool {
        self.differences.is_empty()
            && self.answers.iter().flat_map(|a| &a.figures).all(Figure::is_equal)
    }

    /// For people.
    pub(super) fn text(&self, lang: Lang) -> String {
        let mut out = String::new();
        self.head(&mut out, lang);
        let page = qingmu_report::lead_page(self.lead, self.currency, lang);
        if !page.is_empty() {
            push(&mut out, format!("\n{}", page.trim_end()));
        }
        let mut listed = Listed { limit: self.limit, seen: BTreeMap::new() };
        for (i, answer) in self.answers.iter().enumerate() {
            answer.text(&mut out, i + 1, &mut listed, lang);
        }
        let count = self.answers.iter().map(|a| a.figures.len()).sum::<usize>();
        let odd = self.answers.iter().flat_map(|a| &a.figures).filter(|f| !f.is_equal()).count();
        let verdict = match (lang, self.is_equal()) {
            (Lang::Zh, true) => format!("{count} 个数字由源数据行复加，全部相等"),
            (Lang::En, true) => format!("{count} figures re-added from source rows, all equal"),
            (Lang::Zh, false) => format!("{count} 个数字由源数据行复加，{odd} 个不等"),
            (Lang::En, false) => format!("{count} figures re-added from source rows, {odd} differ"),
        };
        push(&mut out, format!("\n{verdict}"));
        out
    }

    fn head(&self, out: &mut String, lang: Lang) {
        let lead = self.lead;
        let unknown = pick(lang, "未估", "not estimated");
        let mu = lead.excess_mu.map_or(unknown.to_owned(), |v| format!("{v:.1}"));
        let yuan = lead.excess_yuan.map_or(unknown.to_owned(), |v| v.to_string());
        let (inputs, rules) = (self.inputs, self.rules);
        match lang {
            Lang::Zh => {
                push(
                    out,
                    format!(
                        "{} {} {} 年，评分 {:.2}",
                        lead.lead_id, lead.region_name, lead.year, lead.score
                    ),
                );
                push(out, format!("差额面积 {mu} 亩，金额 {yuan} 元。线索不是结论，请核查。"));
                push(
                    out,
                    format!("{inputs} 个输入文件、{rules} 个规则文件与扫描时相同；已重新扫描"),
                );
            }
            Lang::En => {
                push(
                    out,
                    format!(
                        "{} {} {}, score {:.2}",
                        lead.lead_id, lead.region_name, lead.year, lead.score
                    ),
                );
                push(
                    out,
                    format!("excess {mu} mu, {yuan} yuan. A lead, not a finding: please check."),
                );
                push(
                    out,
                    format!(
                        "{inputs} input files and {rules} rule files are as they were; scanned again"
                    ),
                );
            }
        }
        if self.differences.is_empty() {
            push(
                out,
                pick(lang, "与 leads.jsonl 逐项比较：相等", "every number of leads.jsonl: equal"),
            );
        } else {
            push(out, pick(lang, "与 leads.jsonl 不同：", "differs from leads.jsonl:"));
            for difference in self.differences {
                push(out, format!("  {difference}"));
            }
        }
    }

    /// For machines: everything, no limit on rows.
    pub(super) fn document(&self) -> Value {
        json!({
            "lead": self.lead,
            "equal": self.is_equal(),
            "inputs": self.inputs,
            "rules": self.rules,
            "differences": self.differences,
            "hits": self.answers.iter().map(Answer::document).collect::<Vec<_>>(),
        })
    }
}

impl Answer<'_> {
    fn text(&self, out: &mut String, number: usize, page: &mut Listed, lang: Lang) {
        let hit = self.hit;
        push(out, format!("\n[{number}] {} {}  {}", hit.rule, hit.title.get(lang), hit.subject));
        push(out, format!("    {}", hit.say.get(lang)));
        self.rule_text(out, lang);
        push(out, format!("  {}", pick(lang, "数字", "numbers")));
        for measured in &hit.numbers {
            push(out, format!("    {} = {}", measured.name, shown(measured, lang)));
        }
        for legit in &hit.legit {
            let state = match legit.clears {
                Some(false) => pick(lang, "已查，不能解释", "tested, does not cover it"),
                Some(true) => pick(lang, "已查，可以解释", "tested, covers it"),
                None => pick(lang, "现有数据查不了", "cannot be tested with these data"),
            };
            let label = pick(lang, "正当解释", "honest explanation");
            push(out, format!("  {label} {}: {state}", legit.text.get(lang)));
            if !legit.check.get(lang).is_empty() {
                let how = pick(lang, "如何核查", "how to check");
                push(out, format!("    {how}: {}", legit.check.get(lang)));
            }
        }
        if !self.figures.is_empty() {
            push(out, format!("  {}", pick(lang, "追到源数据行", "down to the rows")));
        }
        for figure in &self.figures {
            figure.text(out, number, page, lang);
        }
    }

    /// The condition with the value of every part, or as written where it cannot be traced.
    fn rule_text(&self, out: &mut String, lang: Lang) {
        let rule = self.rule;
        push(out, format!("  {} {} ({})", pick(lang, "规则", "rule"), rule.file, rule.digest));
        if let Some(trace) = self.trace {
            for line in super::reasoning::lines(trace) {
                push(out, format!("    {line}"));
            }
        } else {
            let source =
                |node: &qingmu_rules::Node| rule.source.get(node.span.clone()).unwrap_or_default();
            push(out, format!("    flag.when: {}", source(&rule.flag.when)));
            for (name, node) in &rule.lets {
                push(out, format!("    let {name}: {}", source(node)));
            }
        }
        for (name, param) in &rule.params {
            push(out, format!("    p.{name} = {} {}: {}", param.is, param.unit, param.why));
        }
    }

    fn document(&self) -> Value {
        json!({
            "rule": self.hit.rule,
            "file": self.rule.file,
            "digest": self.rule.digest,
            "subject": self.hit.subject.to_string(),
            "trace": self.trace.map(super::reasoning::document),
            "figures": self.figures.iter().map(Figure::document).collect::<Vec<_>>(),
        })
    }
}

impl Figure<'_> {
    fn text(&self, out: &mut String, number: usize, listed: &mut Listed, lang: Lang) {
        let value = fixed(self.value, self.scale, lang);
        let again = fixed(self.again, self.scale, lang);
        let unit = unit_name(self.unit, lang);
        let count = self.rows.len();
        let verdict = match (lang, self.is_equal()) {
            (Lang::Zh, true) => format!("{count} 行复加，相等"),
            (Lang::En, true) => format!("{count} rows re-added, equal"),
            (Lang::Zh, false) => format!("{count} 行复加得 {again}，不等"),
            (Lang::En, false) => format!("{count} rows re-added give {again}, different"),
        };
        let head = format!("    {} {} = {value}{unit}: {verdict}", self.column, self.at);
        let set = self.rows.iter().map(|row| (row.file.clone(), row.row)).collect();
        if let Some(first) = listed.seen.get(&set) {
            let see = pick(lang, "行见上", "rows above");
            push(out, format!("{head} ({see} [{first}])"));
            return;
        }
        listed.seen.insert(set, number);
        push(out, head);
        if count > listed.limit {
            push(out, format!("      {}", super::place::ranges(&self.rows)));
        }
        for row in self.rows.iter().take(listed.limit) {
            push(out, format!("      {}", row_text(row, lang)));
        }
        if count > listed.limit {
            let limit = listed.limit;
            push(
                out,
                match lang {
                    Lang::Zh => {
                        format!("      …列出 {limit} 行，共 {count} 行（--rows {count} 看全部）")
                    }
                    Lang::En => {
                        format!("      … {limit} of {count} rows listed (--rows {count} shows all)")
                    }
                },
            );
        }
    }

    fn document(&self) -> Value {
        let number = |raw: Option<i64>| {
            raw.map(|v| v as f64 / 10_f64.powi(i32::try_from(self.scale).unwrap_or(0)))
        };
        json!({
            "column": self.column,
            "at": self.at,
            "unit": self.unit.to_string(),
            "value": number(self.value),
            "again": number(self.again),
            "equal": self.is_equal(),
            "rows": self.rows.iter().map(|r| row_json(r)).collect::<Vec<_>>(),
        })
    }
}

fn push(out: &mut String, line: impl AsRef<str>) {
    // Writing to a String cannot fail.
    let _ = writeln!(out, "{}", line.as_ref());
}

fn shown(measured: &Measured, lang: Lang) -> String {
    match measured.value {
        None => pick(lang, "无", "n.a.").to_owned(),
        Some(value) => {
            let text = format!("{value:.4}");
            let text = text.trim_end_matches('0').trim_end_matches('.');
            format!("{text}{}", unit_name(measured.unit, lang))
        }
    }
}

fn unit_name(unit: Unit, lang: Lang) -> String {
    match (unit, lang) {
        (Unit::ONE, _) => String::new(),
        (Unit::MU, Lang::Zh) => " 亩".to_owned(),
        (Unit::YUAN, Lang::Zh) => " 元".to_owned(),
        (Unit::RATE, Lang::Zh) => " 元/亩".to_owned(),
        (other, _) => format!(" {other}"),
    }
}

/// A fixed-point number with all its decimals.
fn fixed(value: Option<i64>, scale: u32, lang: Lang) -> String {
    let Some(value) = value else { return pick(lang, "无", "n.a.").to_owned() };
    if scale == 0 {
        return value.to_string();
    }
    let unit = 10_u64.pow(scale);
    let (whole, part) = (value.unsigned_abs() / unit, value.unsigned_abs() % unit);
    let sign = if value < 0 { "-" } else { "" };
    format!("{sign}{whole}.{part:0width$}", width = scale as usize)
}

fn row_text(row: &SourceRow, lang: Lang) -> String {
    let (file, number) = row.place();
    let mut text = match lang {
        Lang::Zh => format!("{file} 第 {number} 行"),
        Lang::En => format!("{file} row {number}"),
    };
    let mut add = |part: String| {
        text.push_str("  ");
        text.push_str(&part);
    };
    add(format!("{}/{}/{}", row.village_code, row.year, row.season));
    if let Some(programme) = &row.programme {
        add(programme.clone());
    }
    add(row.crop.clone());
    if let Some(claimant) = &row.claimant {
        add(claimant.to_string());
    }
    if let Some(source) = &row.source {
        add(source.clone());
    }
    add(format!("{}{}", row.area, unit_name(Unit::MU, lang)));
    if let Some(amount) = row.amount {
        add(format!("{amount}{}", unit_name(Unit::YUAN, lang)));
    }
    text
}

fn row_json(row: &SourceRow) -> Value {
    json!({
        "file": row.file,
        "row": row.row,
        "office": row.origin.as_ref().map(|o| json!({"file": o.file, "sheet": o.sheet, "row": o.row})),
        "village_code": row.village_code,
        "year": row.year,
        "season": row.season,
        "programme": row.programme,
        "crop": row.crop,
        "claimant": row.claimant,
        "account": row.account,
        "approver": row.approver,
        "area_mu": row.area,
        "amount_yuan": row.amount,
        "source": row.source,
        "se_mu": row.se,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fixed_point_numbers_keep_their_decimals() {
        assert_eq!(fixed(Some(-50_001), 4, Lang::En), "-5.0001");
        assert_eq!(fixed(Some(7), 0, Lang::En), "7");
        assert_eq!(fixed(None, 2, Lang::Zh), "无");
    }
}
