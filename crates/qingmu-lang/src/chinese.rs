//! What diagnostics say, in Chinese.
//!
//! Parsers of other hands (TOML, SQL) speak English, so every message is made in English and its Chinese is found
//! in `chinese.tsv` by its pattern, as with any catalogue of messages: `{}` is a value, `{0}` `{1}` … are the values in the
//! Chinese, where their order may differ. In tests a message without Chinese is a failure where it is reported.

use std::sync::LazyLock;

/// Pairs of `chinese.tsv`.
static TEXTS: LazyLock<Vec<(&'static str, &'static str)>> = LazyLock::new(|| {
    let lines = include_str!("chinese.tsv").lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once('\t')).collect()
});

/// A message of TOML or of the file system that is not in the catalogue keeps its own words.
const FOREIGN: [&str; 2] = ["toml", "file"];

/// The Chinese of a message, label or help; `None` where the catalogue has none.
pub(crate) fn chinese(text: &str) -> Option<String> {
    if text.is_empty() {
        return Some(String::new());
    }
    TEXTS.iter().find_map(|(en, zh)| Some(fill(zh, &values(en, text)?)))
}

/// As [`chinese`] for a mistake of class `code`; the English itself where nothing better is known.
pub(crate) fn said(code: &str, text: &str) -> String {
    match chinese(text) {
        Some(zh) => zh,
        None if FOREIGN.contains(&code) => format!("文件写法有误：{text}"),
        None => text.to_owned(),
    }
}

/// Whether a mistake of class `code` may come without Chinese of its own.
#[cfg(test)]
pub(crate) fn is_foreign(code: &str) -> bool {
    FOREIGN.contains(&code)
}

/// The values that stand in a text where its pattern has `{}`; `None` where it does not fit.
fn values<'t>(pattern: &str, text: &'t str) -> Option<Vec<&'t str>> {
    let mut parts = pattern.split("{}");
    let mut rest = text.strip_prefix(parts.next()?)?;
    let mut found = Vec::new();
    let parts: Vec<&str> = parts.collect();
    for (i, part) in parts.iter().enumerate() {
        let at = if i + 1 == parts.len() {
            rest.len().checked_sub(part.len()).filter(|_| rest.ends_with(part))?
        } else {
            rest.find(part)?
        };
        found.push(&rest[..at]);
        rest = &rest[at + part.len()..];
    }
    rest.is_empty().then_some(found)
}

/// Values may be phrases of the catalogue themselves, such as the type of an expression.
fn fill(zh: &str, values: &[&str]) -> String {
    let mut text = zh.to_owned();
    for (i, value) in values.iter().enumerate() {
        let shown = TEXTS
            .iter()
            .filter(|(en, _)| en.len() > 2)
            .find_map(|(en, zh)| Some((zh, self::values(en, value)?)))
            .map_or_else(|| (*value).to_owned(), |(zh, inner)| plain(zh, &inner));
        text = text.replace(&format!("{{{i}}}"), &shown);
    }
    text
}

fn plain(zh: &str, values: &[&str]) -> String {
    let each = values.iter().enumerate();
    each.fold(zh.to_owned(), |text, (i, value)| text.replace(&format!("{{{i}}}"), value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_carried_over_and_phrases_among_them_translated() {
        assert_eq!(chinese("there is no function `avg`").as_deref(), Some("没有函数 `avg`"));
        assert_eq!(chinese("this is a number in mu").as_deref(), Some("这是以 mu 为单位的数"));
        assert_eq!(
            chinese("`max` takes two arguments or more, not 1").as_deref(),
            Some("`max` 需要两个或更多参数，给了 1 个")
        );
        assert_eq!(chinese("something that nobody says"), None);
    }

    #[test]
    fn every_value_of_a_pattern_is_used_in_its_chinese() {
        for (en, zh) in TEXTS.iter() {
            for i in 0..en.matches("{}").count() {
                assert!(zh.contains(&format!("{{{i}}}")), "{en}: {{{i}}} is lost");
            }
        }
    }
}
