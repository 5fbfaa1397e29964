//! Header texts without what offices add to them: width, blanks, stars, brackets, years.

use crate::text::half_width;

/// A header text taken apart.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plain {
    /// Without what stood in brackets: `补贴面积（亩）` → `补贴面积`.
    pub without: String,
    /// With what stood in brackets: `承包(地)面积` → `承包地面积`.
    pub with: String,
    /// What stood in brackets, in order.
    pub notes: Vec<String>,
    /// The one year that it names, in front or in brackets.
    pub year: Option<i16>,
}

/// Takes a header apart: half width, lower case, no blanks, no `*`, no year or 其中 in front, no colon behind.
#[must_use]
pub fn plain(text: &str) -> Plain {
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
    let (year, bare_without) = bare(&without);
    let (_, with) = bare(&with);
    let mut years = year.into_iter().chain(notes.iter().filter_map(|note| year_of(note)?.0));
    let year = years.next();
    let year = year.filter(|y| years.all(|o| o == *y));
    Plain { without: bare_without, with, notes, year }
}

/// A header without what is not in Chinese: `姓名 Name`, `ID No./身份证号`; `None` where nothing or everything is left.
#[must_use]
pub fn chinese(text: &str) -> Option<String> {
    let foreign = |c: char| c.is_ascii_alphabetic() || matches!(c, '.' | '/' | '-' | '_' | ':');
    let left: String = text.chars().filter(|c| !foreign(*c)).collect();
    let han = !left.is_ascii();
    (han && text.bytes().any(|b| b.is_ascii_alphabetic())).then_some(left)
}

/// Without the year in front (`2024年补贴面积`), 其中 and the colon behind; the year apart.
fn bare(text: &str) -> (Option<i16>, String) {
    const AROUND: [char; 7] = [':', ',', ';', '、', '-', '_', '/'];
    let text = text.trim_matches(AROUND);
    let text = text.strip_prefix("其中").unwrap_or(text).trim_matches(AROUND);
    match year_of(text) {
        Some((year, "")) => (year, text.to_owned()),
        Some((year, rest)) => (year, rest.to_owned()),
        None => (None, text.to_owned()),
    }
}

/// The year at the beginning of a text, and what follows it.
fn year_of(text: &str) -> Option<(Option<i16>, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let behind = text.get(digits..).filter(|_| digits == 4)?;
    let rest = behind.strip_prefix("年度").or_else(|| behind.strip_prefix('年'))?;
    Some((text[..4].parse().ok(), rest))
}

/// Insertions, deletions and replacements that turn one text into the other (Levenshtein).
#[must_use]
pub fn distance(a: &str, b: &str) -> usize {
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
            let found = plain(written);
            let found = (found.without.as_str(), found.with.as_str(), found.notes);
            assert_eq!(found, (without, with, notes), "{written}");
        }
    }

    #[test]
    fn years_parts_and_foreign_words() {
        for (written, year) in [
            ("2024年补贴面积", Some(2024)),
            ("补贴面积（2023年度）", Some(2023)),
            ("2024年", Some(2024)),
            ("2024年补贴面积（2023年）", None),
            ("补贴面积", None),
        ] {
            assert_eq!(plain(written).year, year, "{written}");
        }
        assert_eq!(plain("其中：小麦").without, "小麦");
        for (written, left) in [
            ("姓名name", Some("姓名")),
            ("id/身份证号", Some("身份证号")),
            ("name", None),
            ("姓名", None),
        ] {
            assert_eq!(chinese(written).as_deref(), left, "{written}");
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
