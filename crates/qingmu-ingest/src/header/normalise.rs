//! Header texts without what offices add to them: width, blanks, stars, brackets, years.

use qingmu_cells::half_width;

/// A header text taken apart.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Plain {
    /// Without what stood in brackets: `补贴面积（亩）` → `补贴面积`.
    pub(crate) without: String,
    /// With what stood in brackets: `承包(地)面积` → `承包地面积`.
    pub(crate) with: String,
    /// What stood in brackets, in order.
    pub(crate) notes: Vec<String>,
}

/// Takes a header apart: half width, lower case, no blanks, no `*`, no year in front, no colon behind.
#[must_use]
pub(crate) fn plain(text: &str) -> Plain {
    let text: String = half_width(text)
        .to_lowercase()
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '*' | '"' | '\'' | '\u{203b}'))
        .collect();
    let (mut without, mut with, mut notes) = (String::new(), String::new(), Vec::new());
    let mut depth = 0_u32;
    let mut note = String::new();
    for c in text.chars() {
        match c {
            '(' | '[' | '<' => depth += 1,
            ')' | ']' | '>' if depth > 0 => {
                depth -= 1;
                if depth == 0 {
                    notes.push(std::mem::take(&mut note));
                }
            }
            c if depth > 0 => {
                note.push(c);
                with.push(c);
            }
            c => {
                without.push(c);
                with.push(c);
            }
        }
    }
    if !note.is_empty() {
        notes.push(note);
    }
    Plain { without: bare(&without), with: bare(&with), notes }
}

/// Without the year in front (`2024年补贴面积`) and the colon behind.
fn bare(text: &str) -> String {
    let text = text.trim_matches([':', ',', ';', '、', '-', '_', '/']);
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 4
        && let Some(rest) = text[4..].strip_prefix("年度").or_else(|| text[4..].strip_prefix('年'))
        && !rest.is_empty()
    {
        return rest.to_owned();
    }
    text.to_owned()
}

/// Insertions, deletions and replacements that turn one text into the other (Levenshtein).
#[must_use]
pub(crate) fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut before = row[0];
        row[0] = i + 1;
        for (j, cb) in b.iter().enumerate() {
            let replaced = before + usize::from(ca != *cb);
            before = row[j + 1];
            row[j + 1] = replaced.min(before + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_offices_add_is_taken_off() {
        for (written, without, with, notes) in [
            ("姓 名", "姓名", "姓名", vec![]),
            ("身份证号*", "身份证号", "身份证号", vec![]),
            ("＊银行卡号", "银行卡号", "银行卡号", vec![]),
            ("补贴面积（亩）", "补贴面积", "补贴面积亩", vec!["亩"]),
            ("承包(地)面积 [亩]", "承包面积", "承包地面积亩", vec!["地", "亩"]),
            ("2024年度补贴金额：", "补贴金额", "补贴金额", vec![]),
            ("ＩＤ号", "id号", "id号", vec![]),
            ("面积（亩", "面积", "面积亩", vec!["亩"]),
            ("2024年", "2024年", "2024年", vec![]),
            ("", "", "", vec![]),
        ] {
            let notes = notes.into_iter().map(str::to_owned).collect();
            let expected = Plain { without: without.into(), with: with.into(), notes };
            assert_eq!(plain(written), expected, "{written}");
        }
    }

    #[test]
    fn distances_count_characters() {
        assert_eq!(distance("播种面机", "播种面积"), 1);
        assert_eq!(distance("", "面积"), 2);
        assert_eq!(distance("补贴面积", "补贴面积"), 0);
        assert_eq!(distance("流入面积", "面积"), 2);
    }
}
