//! Words for crops, seasons, programmes and sources, as cells, headers and titles have them.

use std::{collections::BTreeMap, sync::LazyLock};

type Section = BTreeMap<String, Vec<String>>;

static WORDS: LazyLock<BTreeMap<String, Section>> =
    LazyLock::new(|| toml::from_str(include_str!("words.toml")).unwrap_or_default());

/// The canonical word of an exact one (`小麦` → `wheat`); canonical words are their own.
#[must_use]
pub fn word(section: &str, text: &str) -> Option<&'static str> {
    let (key, _) = WORDS
        .get(section)?
        .iter()
        .find(|(key, words)| key.eq_ignore_ascii_case(text) || words.iter().any(|w| w == text))?;
    Some(key.as_str())
}

/// The longest word of a section at the beginning of a text, with the rest.
#[must_use]
pub fn word_in_front(section: &str, text: &str) -> Option<(&'static str, String)> {
    let found = WORDS.get(section)?.iter().flat_map(|(key, words)| {
        words
            .iter()
            .filter_map(move |w| Some((w.len(), key.as_str(), text.strip_prefix(w.as_str())?)))
    });
    found.max_by_key(|(length, ..)| *length).map(|(_, key, rest)| (key, rest.to_owned()))
}

/// The one key of a section of which a word stands somewhere in a text; `None` for none or several.
#[must_use]
pub fn word_within(section: &str, text: &str) -> Option<&'static str> {
    let mut found = WORDS.get(section)?.iter().filter(|(_, words)| {
        words.iter().any(|w| w.chars().count() > 1 && text.contains(w.as_str()))
    });
    match (found.next(), found.next()) {
        (Some((key, _)), None) => Some(key.as_str()),
        _ => None,
    }
}

/// The programme a text names: all words of one entry stand in it.
#[must_use]
pub fn programme(text: &str) -> Option<&'static str> {
    let section = WORDS.get("programme")?;
    let mut found = section.iter().filter(|(key, words)| {
        key.as_str() == text || words.iter().all(|w| text.contains(w.as_str()))
    });
    match (found.next(), found.next()) {
        (Some((key, _)), None) => Some(key.as_str()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_read() {
        assert_eq!(
            WORDS.keys().collect::<Vec<_>>(),
            ["crop", "programme", "season", "source", "subsidy_follows", "verdict"]
        );
    }

    #[test]
    fn words_are_exact() {
        assert_eq!(word("crop", "小麦"), Some("wheat"));
        assert_eq!(word("crop", "wheat"), Some("wheat"));
        assert_eq!(word("season", "大春"), Some("A"));
        assert_eq!(word("crop", "麦"), None);
        assert_eq!(word_in_front("crop", "小麦补贴面积"), Some(("wheat", "补贴面积".to_owned())));
        assert_eq!(word_within("season", "2024年小春补贴"), Some("S"));
        assert_eq!(word_within("season", "小春大春"), None);
        assert_eq!(programme("2024年耕地地力保护补贴公示表"), Some("FERTILITY"));
        assert_eq!(programme("玉米大豆生产者补贴"), Some("MAIZE_SOY"));
        assert_eq!(programme("大豆补贴"), None);
    }
}
