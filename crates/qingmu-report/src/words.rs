//! Every text of the reports, Chinese and English side by side.

use qingmu_model::{Bilingual, Grade, Lang, Lead, LeadKind, Level};

/// A text in both languages; `{}` marks where a value goes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Words {
    zh: &'static str,
    en: &'static str,
}

impl Words {
    pub(crate) fn get(self, lang: Lang) -> &'static str {
        match lang {
            Lang::Zh => self.zh,
            Lang::En => self.en,
        }
    }

    /// The text with its marks filled in order.
    pub(crate) fn with(self, lang: Lang, values: &[&str]) -> String {
        let mut parts = self.get(lang).split("{}");
        let mut text = parts.next().unwrap_or_default().to_owned();
        for (n, part) in parts.enumerate() {
            text.push_str(values.get(n).copied().unwrap_or_default());
            text.push_str(part);
        }
        text
    }
}

macro_rules! words {
    ($($name:ident: $zh:literal, $en:literal;)+) => {
        $(pub(crate) const $name: Words = Words { zh: $zh, en: $en };)+
        /// All of them with their names, for the tests.
        #[cfg(test)]
        const ALL: &[(&str, Words)] = &[$((stringify!($name), $name)),+];
    };
}

words! {
    // First line of every page and section.
    CAVEAT: "疑点,不是结论:每条线索须由人核查,无一可据此定性。",
        "A lead, not a finding: a person checks each one before anything follows from it.";
    CAVEAT_SHORT: "疑点,不是结论。", "A lead, not a finding.";
    TITLE: "线索", "Leads";

    // Input.
    INPUT: "输入", "Input";
    TABLE: "表", "table";
    FILE: "文件", "file";
    FILES: "文件数", "files";
    READ: "读入行", "rows read";
    KEPT: "采用行", "kept";
    REJECTED: "拒收行", "rejected";
    AREA: "面积(亩)", "area (mu)";
    AMOUNT: "金额({})", "amount ({})";
    BALANCE: "读入 = 采用 + 拒收,一行不少;拒收行及原因见 rejects.csv。",
        "Rows read = kept + rejected, none lost; rejects.csv lists every rejected row and why.";
    PASSED_OVER: "未读取的文件:{}", "Files passed over: {}";
    NO_BASELINE: "{} 个{}没有任何基线,对它们既不怀疑也不排除。",
        "{} {} without any baseline: neither accused nor cleared.";
    AREA_REJECTED: "拒收面积(亩)", "area rejected (mu)";
    AMOUNT_REJECTED: "拒收金额({})", "amount rejected ({})";
    UNREADABLE: "拒收行中有 {} 行的面积、{} 行的金额本身无法读出,未计入。",
        "Of the rejected rows {} have no readable area and {} no readable amount; they are in no sum.";
    NONE_REJECTED: "没有拒收的行。", "No row was rejected.";
    CLASS: "原因", "reason";
    ROWS: "行数", "rows";
    REMEDY: "处理办法", "what to do";

    // Rules.
    RULES: "规则", "Rules";
    RULE: "规则", "rule";
    STATUS: "状态", "status";
    SUBJECTS: "对象", "subjects";
    HIT: "命中", "hit";
    CLEAR: "未命中", "clear";
    CLEARED: "已解释", "cleared";
    ABSTAIN: "弃权", "abstain";
    LACKING: "缺少的列", "missing columns";
    MORE_RULES: "另有 {} 条规则命中较少,见 coverage.json。", "{} more rules with fewer hits: see coverage.json.";
    UNLOCK: "补交 {} 表,可让 {} 多作判断。", "Hand over the table {} to let {} judge more.";
    NO_RULES: "没有运行任何规则。", "No rule ran.";

    // Leads.
    LEAD: "线索", "lead";
    KIND: "类别", "kind";
    REGION: "地区", "region";
    YEAR: "年度", "year";
    SCORE: "评分", "score";
    GRADE: "等级", "grade";
    RULE_IDS: "规则", "rules";
    EXCESS_MU: "超出(亩)", "excess (mu)";
    EXCESS_MONEY: "超出({})", "excess ({})";
    NO_LEADS: "没有线索。没有线索不等于没有问题:弃权处数据不足。",
        "No lead. That does not mean that all is well: where rules abstained, data are missing.";
    MORE_LEADS: "另有 {} 条,见 leads.csv。", "{} more in leads.csv.";
    NEXT: "下一步", "Next";
    EXPLAIN: "每个数字的来源文件和行", "every number down to source file and row";
    RULES_LIST: "各规则查什么", "what each rule looks for";
    VILLAGE: "单{}", "{}";
    RING: "多{}关联", "ring of {}";
    CLAIMS: "申领", "claims";
    VILLAGES: "{}({} {})", "{} ({} {})";

    // Sections.
    WHY: "为什么", "Why";
    WHY_VILLAGE: "{},{} 年命中 {} 条规则({}),最高证据等级 {}({});{}。",
        "{}, {}: rules hit: {} ({}); best grade {} ({}); {}.";
    WHY_RING: "{},{} 年有 {} 个{}各自命中规则({}),{};最高证据等级 {}({});{}。",
        "{}, {}: {} {} with hits of their own ({}), {}; best grade {} ({}); {}.";
    WHY_CLAIMS: "{},{} 年有 {} 处申领命中规则({}),{};最高证据等级 {}({});{}。",
        "{}, {}: hits on claims: {} ({}), {}; best grade {} ({}); {}.";
    WITH_EXCESS: "超出有据部分 {}", "beyond what the evidence supports: {}";
    WITHOUT_EXCESS: "超出部分未能估算", "the excess could not be estimated";
    TIE_APPROVER: "同一审批人 {}", "one approver {}";
    TIE_AREA: "同一辖区 {}", "one area, {}";
    TIE_CLAIMANT: "同一申领人 {}", "one claimant {}";
    TIE_MORE: "另 {} 人", "{} more claimants";
    TIE_ACCOUNT: "同一账户", "one account";
    TIE_RECORDER: "同一经办人 {}", "one recorder {}";
    TIE_NEIGHBOURS: "地图上相邻", "their place on the map";
    TIE_NONE: "在同一{}内", "inside one {}";
    TIED: "由{} 相联系", "tied by {}";
    JOIN: "、", " and ";
    LIST: "、", ", ";
    MEMBERS: "涉及的{}", "The {}";
    CODE: "代码", "code";
    NAME: "名称", "name";
    HITS: "命中的规则", "What was hit";
    MORE_HITS: "{} 另有 {} 处,见 leads.jsonl。", "{}: {} more in leads.jsonl.";
    NUMBERS: "数字", "Numbers";
    SUBJECT: "对象", "subject";
    LEGIT: "可能的正当解释", "Honest explanations";
    EXPLANATION: "解释", "explanation";
    CHECK: "如何核查", "how to check";
    TESTED: "是否检验", "tested";
    TESTED_NO: "已检验,不足以解释", "tested, does not cover it";
    TESTED_YES: "已检验,可以解释", "tested, covers it";
    UNTESTED: "数据不足,未检验", "not testable with these data";
    COVERAGE: "查了什么,没查什么", "What was judged and what was not";
    REJECTS: "拒收的行", "Rejected rows";
    DRAFT: "草案,不计分", "draft, adds no weight";
    PROVISIONAL: "评分为暂定值,校准之前只用于排序:概率、q 值、区间均尚未估计。",
        "Scores are provisional until calibrated and only order the leads: probability, q-value and interval are not estimated yet.";
    COLON: ":", ": ";

    GRADE_E0: "事实,核对登记即可", "a fact, to be checked against the register";
    GRADE_E1: "较强证据", "strong";
    GRADE_E2: "统计迹象", "statistical";
    GRADE_E3: "数据不足", "insufficient data";
    SIZE: "规模{}", "size {}";
    LEVEL_LOW: "小", "low";
    LEVEL_MEDIUM: "中", "medium";
    LEVEL_HIGH: "大", "high";
    UNIT_MU: "亩", "mu";
    UNIT_YUAN: "元", "yuan";
}

/// What the lead is about, in the words of its region level.
pub(crate) fn kind(lead: &Lead, lowest: &Bilingual, lang: Lang) -> String {
    match lead.kind {
        LeadKind::Village => VILLAGE.with(lang, &[lowest.get(lang)]),
        LeadKind::Ring => RING.with(lang, &[&several(lowest, lang)]),
        LeadKind::Claims => CLAIMS.get(lang).to_owned(),
    }
}

/// The name of a region level for several of them: 村, villages, counties.
pub(crate) fn several(lowest: &Bilingual, lang: Lang) -> String {
    let name = lowest.get(lang);
    if lang == Lang::Zh {
        return name.to_owned();
    }
    match name.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'i', 'o', 'u']) => format!("{stem}ies"),
        _ if name.ends_with(['s', 'x', 'z']) || name.ends_with("sh") || name.ends_with("ch") => {
            format!("{name}es")
        }
        _ => format!("{name}s"),
    }
}

pub(crate) fn grade(grade: Grade) -> Words {
    match grade {
        Grade::E0 => GRADE_E0,
        Grade::E1 => GRADE_E1,
        Grade::E2 => GRADE_E2,
        Grade::E3 => GRADE_E3,
    }
}

pub(crate) fn level(level: Level) -> Words {
    match level {
        Level::Low => LEVEL_LOW,
        Level::Medium => LEVEL_MEDIUM,
        Level::High => LEVEL_HIGH,
    }
}

pub(crate) fn tested(clears: Option<bool>) -> Words {
    match clears {
        Some(false) => TESTED_NO,
        Some(true) => TESTED_YES,
        None => UNTESTED,
    }
}

/// Money's unit as people say it: 元 / yuan, or another currency's code.
pub(crate) fn money(currency: &str, lang: Lang) -> &str {
    if currency == "CNY" { UNIT_YUAN.get(lang) } else { currency }
}

/// A text of the data in the language of the page.
pub(crate) fn of(text: &Bilingual, lang: Lang) -> &str {
    text.get(lang)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_every_text_with_the_same_marks() {
        let mut names: Vec<&str> = ALL.iter().map(|(name, _)| *name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), ALL.len());
        for (name, words) in ALL {
            let marks = |text: &str| text.matches("{}").count();
            assert!(!words.zh.is_empty() && !words.en.is_empty(), "{name}");
            assert_eq!(marks(words.zh), marks(words.en), "{name}");
            assert!(words.en.is_ascii(), "{name}: English text in ASCII");
        }
    }

    #[test]
    fn levels_have_a_plural() {
        for (one, more) in [
            ("village", "villages"),
            ("county", "counties"),
            ("parish", "parishes"),
            ("railway", "railways"),
        ] {
            assert_eq!(several(&Bilingual::new("村", one), Lang::En), more);
        }
        assert_eq!(several(&Bilingual::new("村", "village"), Lang::Zh), "村");
    }

    #[test]
    fn no_text_passes_a_verdict() {
        for (name, words) in ALL {
            for verdict in ["骗", "贪", "犯", "罪", "违法", "违规", "套取", "冒领", "窝案"]
            {
                assert!(!words.zh.contains(verdict), "{name}: {verdict}");
            }
            let english = words.en.to_lowercase();
            for verdict in ["fraud", "crime", "criminal", "guilt", "illegal", "stole", "cheat"] {
                assert!(!english.contains(verdict), "{name}: {verdict}");
            }
        }
    }
}
