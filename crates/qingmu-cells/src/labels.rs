//! Labels of lines that are no records: totals, footers, 续表, "same as above".

use crate::text::half_width;
use serde::Serialize;

/// What a total is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TotalKind {
    /// 小计: of the rows since the last one.
    Sub,
    /// 合计, 总计: of a block or of the whole sheet.
    Grand,
}

/// Beginnings of footer lines.
const FOOTERS: [&str; 36] = [
    "制表",
    "填表",
    "填报",
    "审核",
    "复核",
    "审批",
    "经办",
    "负责人",
    "单位负责人",
    "村负责人",
    "镇负责人",
    "公示时间",
    "公示期",
    "公示日期",
    "公示地点",
    "监督电话",
    "举报电话",
    "联系电话",
    "咨询电话",
    "说明",
    "注:",
    "备注:",
    "盖章",
    "(盖章)",
    "单位(盖章)",
    "村委会(盖章)",
    "签字:",
    "日期:",
    "时间:",
    "以上",
    "以下空白",
    "打印",
    "导出",
    "页码",
    "制单",
    "以下无正文",
];
/// Words of total rows at the end of their label, with their kind.
const TOTALS: [(&str, TotalKind); 8] = [
    ("小计", TotalKind::Sub),
    ("本页合计", TotalKind::Sub),
    ("本页小计", TotalKind::Sub),
    ("合计", TotalKind::Grand),
    ("总计", TotalKind::Grand),
    ("共计", TotalKind::Grand),
    ("累计", TotalKind::Grand),
    ("总合计", TotalKind::Grand),
];

/// The kind of total a label names: `合 计`, `三组小计`, `合计：`; `None` for a label of a record.
#[must_use]
pub fn total_label(text: &str) -> Option<TotalKind> {
    let text = squeezed(text);
    let text = without_count(&text).trim_end_matches([':', '(', ')']);
    if text.chars().count() > 16 {
        return None;
    }
    let found = TOTALS
        .iter()
        .filter(|(word, _)| text.ends_with(word) || text.starts_with(&format!("{word}(")));
    found.max_by_key(|(word, _)| word.len()).map(|(_, kind)| *kind)
}

/// `合计12户` and `小计:6户` without the count.
fn without_count(text: &str) -> &str {
    let Some(rest) = text.trim_end_matches(')').strip_suffix(['户', '人', '笔', '份', '块'])
    else {
        return text;
    };
    let bare = rest.trim_end_matches(|c: char| c.is_ascii_digit());
    if bare.len() < rest.len() { bare.trim_end_matches(['(', '共', ':']) } else { text }
}

/// Whether a text begins a footer: its words, a page's number, a total written out.
#[must_use]
pub fn footer(text: &str) -> bool {
    let text = squeezed(text);
    let page = text.contains('页') && (text.starts_with('第') || text.starts_with('共'));
    let total = ["合计", "总计", "共计", "以上合计"].iter().any(|w| text.starts_with(w));
    let written = total && text.chars().count() > 4 && text.contains(['户', '亩', '元']);
    page || written || FOOTERS.iter().any(|word| text.starts_with(word))
}

/// Whether a line only says that the table goes on: 续表, （续上表）, 接上页.
#[must_use]
pub fn continued(text: &str) -> bool {
    let text = squeezed(text);
    let number = |c: char| c.is_ascii_digit() || "一二三四五六七八九十".contains(c);
    let text = text.trim_matches(|c: char| "()-—".contains(c) || number(c));
    let on = ["续", "接上", "上接", "转下", "承上"].iter().any(|word| text.starts_with(word));
    on && text.ends_with(['表', '页']) && text.chars().count() <= 5
}

/// `〃` and the other ways of writing "same as above".
#[must_use]
pub fn ditto(text: &str) -> bool {
    matches!(squeezed(text).as_str(), "〃" | "\"" | "''" | "″" | "々" | "同上" | "”" | "″″")
}

fn squeezed(text: &str) -> String {
    half_width(text).chars().filter(|c| !c.is_whitespace()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_of_totals() {
        for (text, kind) in [
            ("合计", Some(TotalKind::Grand)),
            ("合　计", Some(TotalKind::Grand)),
            ("合计：", Some(TotalKind::Grand)),
            ("东沟村合计", Some(TotalKind::Grand)),
            ("三组小计", Some(TotalKind::Sub)),
            ("本页合计", Some(TotalKind::Sub)),
            ("合计(大写)", Some(TotalKind::Grand)),
            ("全镇合计12户", Some(TotalKind::Grand)),
            ("小计：6户", Some(TotalKind::Sub)),
            ("合计（共35户）", Some(TotalKind::Grand)),
            ("计某", None),
            ("小计划", None),
            ("", None),
            ("根据镇农业站统计的数字全村全年合计", None),
        ] {
            assert_eq!(total_label(text), kind, "{text}");
        }
    }

    #[test]
    fn footers_and_dittos() {
        for text in [
            "制表人：甲",
            "审核人:",
            "公示时间：2024年5月1日",
            "监督电话：029-1234567",
            "注：本表一式三份",
            "填 表 人",
            "第1页 共3页",
            "打印日期：2024年6月3日",
            "合计：12户，面积35.5亩，金额2485元",
        ] {
            assert!(footer(text), "{text}");
        }
        assert!(!footer("甲乙丙") && !footer("") && !footer("第三组"));
        for text in ["续表", "续表1", "（续上表）", "（续表二）", "接上页"] {
            assert!(continued(text), "{text}");
        }
        assert!(!continued("继续种粮公示表") && !continued("续") && !continued("续建村"));
        for text in ["〃", "\"", " 同上 ", "＂"] {
            assert!(ditto(text), "{text}");
        }
        assert!(!ditto("上") && !ditto(""));
    }
}
