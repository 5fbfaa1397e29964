//! Which language to speak: `--lang`, else the locale, else Chinese.

use qingmu_model::Lang;
use std::ffi::OsString;

/// Reads `--lang` before the arguments are parsed, since the parser's own texts depend on it.
pub(crate) fn detect(args: &[OsString], env: impl Fn(&str) -> Option<String>) -> Lang {
    let words: Vec<&str> = args.iter().filter_map(|a| a.to_str()).collect();
    for (i, word) in words.iter().enumerate() {
        let value = match word.strip_prefix("--lang") {
            Some("") => words.get(i + 1).copied(),
            Some(rest) => rest.strip_prefix('='),
            None => None,
        };
        match value {
            Some("en") => return Lang::En,
            Some("zh") => return Lang::Zh,
            _ => {}
        }
    }
    // The first variable that is set decides, as in every locale-aware program.
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .find_map(|name| env(name).filter(|value| !value.is_empty()));
    match locale {
        Some(value) if value.starts_with("en") => Lang::En,
        _ => Lang::Zh,
    }
}

/// One variable of the environment; the only place of the project that reads it.
#[expect(clippy::disallowed_methods, reason = "the one place where the environment is read")]
pub(crate) fn from_environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// One of two texts.
pub(crate) const fn pick<'a>(lang: Lang, zh: &'a str, en: &'a str) -> &'a str {
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detect_in(args: &[&str], env: &[(&str, &str)]) -> Lang {
        let args: Vec<OsString> = args.iter().map(OsString::from).collect();
        detect(&args, |name| env.iter().find(|(k, _)| *k == name).map(|(_, v)| (*v).to_owned()))
    }

    #[test]
    fn the_flag_beats_the_locale_and_chinese_is_the_default() {
        assert_eq!(detect_in(&["qingmu"], &[]), Lang::Zh);
        assert_eq!(detect_in(&["qingmu"], &[("LANG", "en_GB.UTF-8")]), Lang::En);
        assert_eq!(detect_in(&["qingmu"], &[("LC_ALL", "C.UTF-8"), ("LANG", "en_US")]), Lang::Zh);
        assert_eq!(detect_in(&["qingmu", "--lang=zh"], &[("LC_ALL", "en_US")]), Lang::Zh);
        assert_eq!(detect_in(&["qingmu", "scan", "--lang", "en"], &[]), Lang::En);
    }
}
