//! What kind of line a row is: a record, a total, a footer, a heading once more, nothing.

use super::totals::TotalKind;
use qingmu_cells::half_width;
use serde::Serialize;

/// Why a row is no record. Every such row is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SkipReason {
    /// Above the header.
    Title,
    /// The header.
    Header,
    /// The header once more, on a later page.
    RepeatedHeader,
    /// 合计, 小计, 总计.
    Total,
    /// 制表人, 审核人, 公示时间, 监督电话 and what follows them.
    Footer,
    /// Cells with nothing but blanks.
    Blank,
    /// A line that names the village, group or town of the rows below it.
    Heading,
    /// A household without area in any of the crops.
    NoClaim,
}

/// Beginnings of footer lines.
const FOOTERS: [&str; 32] = [
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
pub(crate) fn total_label(text: &str) -> Option<TotalKind> {
    let text = squeezed(text);
    let text = text.trim_end_matches([':', '(', ')']);
    if text.chars().count() > 16 {
        return None;
    }
    let found = TOTALS
        .iter()
        .filter(|(word, _)| text.ends_with(word) || text.starts_with(&format!("{word}(")));
    found.max_by_key(|(word, _)| word.len()).map(|(_, kind)| *kind)
}

/// Whether a text begins a footer.
#[must_use]
pub(crate) fn footer(text: &str) -> bool {
    let text = squeezed(text);
    FOOTERS.iter().any(|word| text.starts_with(word))
}

/// `〃` and the other ways of writing "same as above".
#[must_use]
pub(crate) fn ditto(text: &str) -> bool {
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
        ] {
            assert!(footer(text), "{text}");
        }
        assert!(!footer("甲乙丙") && !footer(""));
        for text in ["〃", "\"", " 同上 ", "＂"] {
            assert!(ditto(text), "{text}");
        }
        assert!(!ditto("上") && !ditto(""));
    }
}
