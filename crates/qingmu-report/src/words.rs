//! Every text of the reports, Chinese and English side by side.

use qingmu_model::{Bilingual, Family, Grade, Lang, Lead, LeadKind, Level};

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

    // The model's page.
    HOW_SURE: "有多大把握", "How sure";
    RING_P: "  {} 个村 {}–{} 年一同偏高的可能性 {},已与全镇同时发生的正当变化相比较。",
        "  {} villages, {} to {}: probability {} that they rise together, held against honest events of the whole area.";
    VILLAGE_P: "  {} 年申报偏高的可能性 {}(不计邻村和审批人的情况为 {})。",
        "  Probability that the claims of {} are too high: {} (without what its neighbours and approver tell: {}).";
    Q_MEANS: "  查到这一条为止的名单里,预计有 {} 会是误报。",
        "  Of a list that ends here, {} are expected to be false alarms.";
    HISTORY_ONLY: "  没有任何来源可比,只与本村历年比较:数据不足。",
        "  No source to compare with, only its own years: insufficient data.";
    CLEARED_BY: "  检验到可以解释的情形:{}。", "  A tested honest explanation covers it: {}.";
    HOW_MUCH: "多出多少", "How much";
    SIZE_LINE: "  {} 亩,{} {}(括号内为 90% 区间)。", "  {} mu, {} {} (90 % intervals in brackets).";
    STANDS: "  自 {} 年至 {} 年高出一截。", "  Stands above from {} to {}.";
    GROWS: "  自 {} 年至 {} 年逐年增加。", "  Grows from {} to {}.";
    PER_DAY: "  每个核查日预计可追回约 {} {}。", "  About {} {} expected to be recovered per day of inspection.";
    CHART: "申报 / 各来源所示(亩):= 有据,# 超出,. 不足,| 为所示范围上限",
        "Claimed / what each source lets expect (mu): = borne, # beyond, . short, | upper end of the expected range";
    REMOTE_SENSING: "遥感", "remote sensing";
    LAND_SURVEY: "土地调查", "land survey";
    CONTRACT_REGISTER: "承包合同登记", "contract register";
    INSURANCE: "农业保险", "crop insurance";
    YEARBOOK: "统计年鉴", "statistical yearbook";
    HISTORY: "本村历年", "its own other years";
    REPORTED: "{}(由村上报汇总,不能用来排除)", "{} (compiled from what villages report: cannot clear)";
    SIDE_BY_SIDE: "各村并列(年份下为申报与独立来源所示之比)",
        "Side by side (below each year: claims over what independent sources let expect)";
    PROBABILITY: "可能性", "probability";
    TRACES: "依据来自哪里", "Where the evidence comes from";
    SCHEME: "迹象", "trace";
    SHARE: "可能性", "probability";
    ALSO: "另外看到", "Also seen";
    HONEST_LEFT: "正当情形还剩多大可能", "What is left for honest explanations";
    HONEST_TESTED: "逐项检验过的正当解释", "Honest explanations, tested one by one";
    FAMILY_LEVEL: "申报高于各来源", "claims stand above every source";
    FAMILY_LEVEL_SOURCE: "申报与一个上报来源一同高出", "claims and a reported source stand above the others together";
    FAMILY_IDENTITY: "已故或不在册人员,共用账户", "people who died or are not registered, on shared accounts";
    FAMILY_DUPLICATE: "同一批人和作物报在两个村", "the same people and crops in two villages";
    FAMILY_PARCEL: "报在不种作物的地块上", "rows on parcels that bear no crop";
    FAMILY_SUM: "金额多于面积乘标准且未冲回", "sums above area times rate, never taken back";
    FAMILY_TOP_UP: "许多户加了同一个面积", "one and the same area added to many claimants";
    WHY_MODEL: "{},{} 年申报偏高的可能性 {}(涉及 {} 个{});证据等级 {}({});{}。{}",
        "{}, {}: probability {} that claims are too high ({} {}); grade {} ({}); {}. {}";
    WHY_RULES: "同时命中规则 {}。", "Rules hit as well: {}.";
    INSUFFICIENT: "证据不足:只列出,不作为线索", "Insufficient evidence: listed, no leads";
    INSUFFICIENT_LINE: "另有 {} 条证据不足(E3),只在 leads.csv 中列出,不作为线索。",
        "{} more with insufficient evidence (E3) are listed in leads.csv and are no leads.";
    MORE_SECTIONS: "其余 {} 条线索见 leads.csv 和 leads.jsonl。", "{} more leads in leads.csv and leads.jsonl.";
    SLIPS: "另发现数据差错,见 data_errors.csv:不作为疑点。", "Data errors are listed in data_errors.csv; none is held against anyone.";

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

pub(crate) fn family(family: Family) -> Words {
    match family {
        Family::Level => FAMILY_LEVEL,
        Family::LevelSource => FAMILY_LEVEL_SOURCE,
        Family::Identity => FAMILY_IDENTITY,
        Family::Duplicate => FAMILY_DUPLICATE,
        Family::Parcel => FAMILY_PARCEL,
        Family::Sum => FAMILY_SUM,
        Family::TopUp => FAMILY_TOP_UP,
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
