//! Texts of cells as messages may quote them: people type ids, cards and names into every column.

/// Digits of a run from which it is masked.
const RUN: usize = 6;
/// Digits of a run with dashes from which it is masked: a date with its hour has ten.
const DASHED: usize = 11;
/// Digits of the shortest identity number or card.
const ID: usize = 15;
/// Characters quoted at most.
const MOST: usize = 40;
/// Han characters that write numbers.
const NUMERALS: &str = "〇零一二三四五六七八九十百千万亿两半壹贰叁肆伍陆柒捌玖拾佰仟几多余";
/// What else people write beside a figure, a date or a mark; longer words first.
const WORDS: [&str; 44] = [
    "平方米",
    "见附件",
    "上月",
    "本月",
    "下月",
    "待核实",
    "待定",
    "待查",
    "不详",
    "不清",
    "未知",
    "未填",
    "未种",
    "公顷",
    "英亩",
    "人民币",
    "大约",
    "左右",
    "以上",
    "以下",
    "合计",
    "小计",
    "空白",
    "同上",
    "春季",
    "秋季",
    "夏季",
    "上半年",
    "下半年",
    "全年",
    "亩",
    "分",
    "厘",
    "元",
    "角",
    "约",
    "无",
    "有",
    "是",
    "否",
    "年",
    "月",
    "日",
    "号",
];
/// Ends of words that head columns.
const HEADS: [&str; 66] = [
    "号",
    "码",
    "姓名",
    "名称",
    "额",
    "量",
    "率",
    "面积",
    "数",
    "日期",
    "时间",
    "年",
    "年份",
    "月",
    "备注",
    "电话",
    "手机",
    "地址",
    "住址",
    "说明",
    "类型",
    "类别",
    "种类",
    "单位",
    "地块",
    "地类",
    "亩",
    "元",
    "金额",
    "单价",
    "标准",
    "品种",
    "作物",
    "等级",
    "状态",
    "方式",
    "签字",
    "签名",
    "签章",
    "盖章",
    "手印",
    "关系",
    "民族",
    "性别",
    "年龄",
    "情况",
    "原因",
    "结果",
    "项目",
    "合计",
    "小计",
    "四至",
    "坐标",
    "来源",
    "用途",
    "职务",
    "意见",
    "户",
    "村",
    "组",
    "镇",
    "乡",
    "县",
    "人",
    "合作社",
    "公司",
];

/// A text as a message may quote it: of a run of six digits and more (also full width, with blanks, or with dashes)
/// the first two stay, and Han characters beside such a run show their number alone, because a name stands beside an
/// id more often than not. At most 40 characters.
#[must_use]
pub fn mask_quoted(raw: &str) -> String {
    let (masked, hidden) = digits(raw);
    cut(if hidden { shapes(&masked) } else { masked })
}

/// A text that was refused as a figure, date or mark: as [`mask_quoted`], and Han characters that are neither
/// numerals nor units show their number alone: 张三亩 is `[汉字3]`.
#[must_use]
pub fn mask_refused(raw: &str) -> String {
    cut(shapes(&digits(raw).0))
}

/// The header of a column. One that nobody knows and that ends like no header may be a name: its first character stays.
#[must_use]
pub fn mask_header(raw: &str, known: bool) -> String {
    let text = mask_quoted(raw);
    let short = (2..=4).contains(&text.chars().count()) && text.chars().all(han);
    if !known && short && !HEADS.iter().any(|end| text.ends_with(end)) && !text.starts_with("是否")
    {
        return crate::mask_name(&text);
    }
    text
}

/// Whether a text holds a run as long as an identity number or a card.
#[must_use]
pub fn holds_id(raw: &str) -> bool {
    let chars: Vec<char> = raw.chars().collect();
    let mut at = 0;
    while at < chars.len() {
        let run = Run::at(&chars, at);
        if run.digits >= ID {
            return true;
        }
        at = run.end.max(at + 1);
    }
    false
}

/// Digits from a place on, whatever blanks and dashes stand between them.
struct Run {
    digits: usize,
    dashed: bool,
    end: usize,
}

impl Run {
    fn at(chars: &[char], start: usize) -> Self {
        let (mut digits, mut dashed, mut dash, mut end) = (0, false, false, start);
        for (at, c) in chars.iter().enumerate().skip(start) {
            if digit(*c).is_some() {
                (digits, dashed, end) = (digits + 1, dashed || dash, at + 1);
            } else if digits == 0 || !(c.is_whitespace() || joins(*c)) {
                break;
            } else {
                dash |= joins(*c);
            }
        }
        Self { digits, dashed, end }
    }

    fn is_long(&self) -> bool {
        self.digits >= if self.dashed { DASHED } else { RUN }
    }
}

fn digit(c: char) -> Option<char> {
    match c {
        '0'..='9' => Some(c),
        '０'..='９' => char::from_u32(u32::from(c) - 0xfee0),
        _ => None,
    }
}

/// Dashes and characters of no width.
fn joins(c: char) -> bool {
    matches!(c, '-' | '－' | '–' | '—' | '_' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

/// Long runs masked, and whether there was one.
pub(crate) fn digits(raw: &str) -> (String, bool) {
    let chars: Vec<char> = raw.trim().chars().collect();
    let (mut out, mut hidden, mut at) = (String::new(), false, 0);
    while let Some(c) = chars.get(at) {
        let run = Run::at(&chars, at);
        if run.digits == 0 {
            out.push(*c);
            at += 1;
        } else if run.is_long() {
            out.extend(chars[at..run.end].iter().filter_map(|c| digit(*c)).take(2));
            out.push_str("***");
            hidden = true;
            at = run.end;
        } else {
            out.extend(&chars[at..run.end]);
            at = run.end;
        }
    }
    (out, hidden)
}

pub(crate) fn han(c: char) -> bool {
    matches!(u32::from(c), 0x3007 | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xf900..=0xfaff | 0x2_0000..=0x3_ffff)
}

/// Runs of Han characters that are not all numerals and units as `[汉字n]`.
pub(crate) fn shapes(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let run = rest.find(|c| !han(c)).unwrap_or(rest.len());
        if run == 0 {
            out.push(c);
            rest = &rest[c.len_utf8()..];
            continue;
        }
        let (word, after) = rest.split_at(run);
        if plain(word) {
            out.push_str(word);
        } else {
            out.extend(["[汉字", &word.chars().count().to_string(), "]"]);
        }
        rest = after;
    }
    out
}

fn plain(mut word: &str) -> bool {
    while let Some(c) = word.chars().next() {
        let known = WORDS.iter().find_map(|w| word.strip_prefix(w));
        match known.or_else(|| word.strip_prefix(|_| NUMERALS.contains(c))) {
            Some(rest) => word = rest,
            None => return false,
        }
    }
    true
}

/// Without blanks and the point inside names of several parts.
pub(crate) fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '·' | '•')).collect()
}

fn cut(text: String) -> String {
    if text.chars().count() > MOST { text.chars().take(MOST).collect() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Invented numbers and names.

    #[test]
    fn long_runs_keep_two_digits_however_they_are_typed() {
        for (raw, shown) in [
            ("610423197001011230", "61***"),
            ("61042319700101123X", "61***X"),
            ("６１０４２３１９７００１０１１２３０", "61***"),
            ("6217 0000 1234 5678", "62***"),
            ("6217-0000-1234-5678", "62***"),
            ("佢嚟嬲(6299990000000070874)", "[汉字3](62***)"),
            ("备注610423197001011230", "[汉字2]61***"),
            ("123456", "12***"),
            ("12345.678", "12345.678"),
            ("2024-13-45 10", "2024-13-45 10"),
            ("甲山镇东沟村3组", "甲山镇东沟村3组"),
        ] {
            assert_eq!(mask_quoted(raw), shown, "{raw}");
        }
        assert_eq!(mask_quoted(&"甲".repeat(90)).chars().count(), 40);
    }

    #[test]
    fn a_refused_text_shows_units_and_numerals_but_no_name() {
        for (raw, shown) in [
            ("张三亩", "[汉字3]"),
            ("约3.5亩", "约3.5亩"),
            ("十二亩半", "十二亩半"),
            ("3.5*", "3.5*"),
            ("待核实", "待核实"),
            ("李四 3亩", "[汉字2] 3亩"),
            ("#REF!", "#REF!"),
        ] {
            assert_eq!(mask_refused(raw), shown, "{raw}");
        }
    }

    #[test]
    fn a_header_that_may_be_a_name_is_masked() {
        for (raw, known, shown) in [
            ("佢嚟嬲", false, "佢**"),
            ("佢嚟嬲", true, "佢嚟嬲"),
            ("备注", false, "备注"),
            ("联系电话", false, "联系电话"),
            ("610423197001011230", false, "61***"),
        ] {
            assert_eq!(mask_header(raw, known), shown, "{raw}");
        }
    }

    #[test]
    fn ids_are_seen_inside_a_text() {
        assert!(holds_id("甲乙 610423 700101 123") && holds_id("x61042319700101123X"));
        assert!(!holds_id("610423101201") && !holds_id("610423101201小麦2024"));
    }
}
