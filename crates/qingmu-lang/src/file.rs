//! A rule file as it is written: every key named, every value with its place. Unknown keys are refused.

use crate::diagnostics::{Sink, did_you_mean};
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, MapAccess, Visitor};
use std::collections::BTreeMap;
use std::fmt;
use toml::{Spanned, Value};

/// A text with its place.
pub(crate) type Text = Spanned<String>;
/// A table of texts, by name.
pub(crate) type Texts = BTreeMap<Text, Text>;

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RuleFile {
    pub(crate) rule: Header,
    #[serde(default)]
    pub(crate) param: BTreeMap<Text, ParamEntry>,
    #[serde(default, rename = "let")]
    pub(crate) lets: Texts,
    #[serde(default)]
    pub(crate) given: Given,
    pub(crate) flag: FlagEntry,
    pub(crate) say: Say,
    #[serde(default)]
    pub(crate) evidence: Evidence,
    #[serde(default)]
    pub(crate) legit: Vec<Spanned<LegitEntry>>,
    #[serde(default)]
    pub(crate) test: Vec<Spanned<TestEntry>>,
}

/// `[rule]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Header {
    pub(crate) id: Text,
    pub(crate) slug: Text,
    pub(crate) status: Text,
    pub(crate) grade: Text,
    pub(crate) scan: Text,
    #[serde(default)]
    pub(crate) by: Option<Spanned<Vec<Text>>>,
    #[serde(default)]
    pub(crate) spread: Option<Text>,
    pub(crate) title: Say,
    #[serde(default)]
    pub(crate) law: Vec<LawEntry>,
}

/// A text in both languages.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Say {
    pub(crate) zh: Text,
    pub(crate) en: Text,
}

/// One entry of `rule.law`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LawEntry {
    pub(crate) cite: Text,
    pub(crate) gist: Text,
}

/// One entry of `[param]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ParamEntry {
    pub(crate) is: Spanned<f64>,
    pub(crate) unit: Text,
    pub(crate) why: Text,
}

/// `[given]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Given {
    #[serde(default)]
    pub(crate) known: Vec<Text>,
    #[serde(default)]
    pub(crate) need: Option<Text>,
}

/// `[flag]`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FlagEntry {
    pub(crate) when: Text,
    #[serde(default)]
    pub(crate) level: Option<Spanned<LevelEntry>>,
    #[serde(default)]
    pub(crate) mu: Option<Text>,
    #[serde(default)]
    pub(crate) yuan: Option<Text>,
}

/// `flag.level`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LevelEntry {
    pub(crate) by: Text,
    pub(crate) low: Spanned<f64>,
    pub(crate) medium: Spanned<f64>,
    pub(crate) high: Spanned<f64>,
}

/// `[evidence]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Evidence {
    #[serde(default)]
    pub(crate) columns: Vec<Text>,
    #[serde(default)]
    pub(crate) rows: Option<RowsEntry>,
}

/// `evidence.rows`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RowsEntry {
    pub(crate) from: Text,
    pub(crate) keys: Spanned<Vec<Text>>,
    #[serde(default)]
    pub(crate) years_back: Option<Spanned<i64>>,
    pub(crate) limit: Spanned<i64>,
}

/// One `[[legit]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LegitEntry {
    pub(crate) zh: Text,
    pub(crate) en: Text,
    pub(crate) check: Spanned<CheckEntry>,
    #[serde(default)]
    pub(crate) clears: Option<Text>,
}

/// `legit.check`: both languages, or one text that stands for both.
#[derive(Debug)]
pub(crate) enum CheckEntry {
    Both(Say),
    One(String),
}

impl<'de> Deserialize<'de> for CheckEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // By hand: an untagged enum would buffer the table and lose the places inside it.
        deserializer.deserialize_any(CheckVisitor)
    }
}

struct CheckVisitor;

impl<'de> Visitor<'de> for CheckVisitor {
    type Value = CheckEntry;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text in both languages: { zh = \"…\", en = \"…\" }")
    }

    fn visit_str<E>(self, text: &str) -> Result<CheckEntry, E> {
        Ok(CheckEntry::One(text.to_owned()))
    }

    fn visit_map<M: MapAccess<'de>>(self, map: M) -> Result<CheckEntry, M::Error> {
        Say::deserialize(MapAccessDeserializer::new(map)).map(CheckEntry::Both)
    }
}

/// One `[[test]]`: rows here, or in a CSV file of the rule's `.cases` folder.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TestEntry {
    #[serde(default)]
    pub(crate) name: Option<Text>,
    #[serde(default)]
    pub(crate) all: BTreeMap<Text, Spanned<Value>>,
    #[serde(default)]
    pub(crate) cols: Option<Spanned<Vec<Text>>>,
    #[serde(default)]
    pub(crate) rows: Option<Vec<Spanned<Vec<Spanned<Value>>>>>,
    #[serde(default)]
    pub(crate) cases: Option<Text>,
    pub(crate) want: BTreeMap<Text, WantEntry>,
}

/// One expectation of a test.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WantEntry {
    pub(crate) is: Text,
    #[serde(default)]
    pub(crate) mu: Option<Spanned<f64>>,
    #[serde(default)]
    pub(crate) yuan: Option<Spanned<f64>>,
    #[serde(default)]
    pub(crate) level: Option<Text>,
}

/// `retired.toml`: ids that may not be given again.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RetiredFile {
    #[serde(default)]
    pub(crate) retired: Vec<RetiredEntry>,
}

/// One retired id.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RetiredEntry {
    pub(crate) id: Text,
    pub(crate) why: Text,
}

/// Reads a file's text; a mistake of TOML or an unknown key is reported at its place.
pub(crate) fn parse<T: for<'de> Deserialize<'de>>(sink: &mut Sink) -> Option<T> {
    match toml::from_str(&sink.file.text) {
        Ok(file) => Some(file),
        Err(error) => {
            let span = error.span().unwrap_or(0..0);
            let message = error.message().trim().to_owned();
            let help = unknown_field(&message).unwrap_or_else(|| remedy(&message).to_owned());
            sink.report("toml", &span, message, "", help);
            None
        }
    }
}

/// What to do about a mistake of TOML.
fn remedy(message: &str) -> &'static str {
    if message.starts_with("missing field") {
        "add it"
    } else if message.starts_with("invalid type") || message.starts_with("invalid value") {
        "write the value in its type: text in quotation marks, numbers without"
    } else if message.starts_with("duplicate key") {
        "leave one of them out"
    } else {
        "look at quotation marks, brackets and `=` of this line"
    }
}

/// `did you mean` for serde's "unknown field `x`, expected one of `a`, `b`".
fn unknown_field(message: &str) -> Option<String> {
    let mut quoted = message.strip_prefix("unknown field ")?.split('`').skip(1).step_by(2);
    let word = quoted.next()?;
    did_you_mean(word, quoted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::SourceFile;
    use std::sync::Arc;

    fn sink(text: &str) -> Sink {
        Sink::new(Arc::new(SourceFile {
            path: "a.toml".to_owned(),
            shown: "rules/a.toml".to_owned(),
            text: text.to_owned(),
        }))
    }

    #[test]
    fn an_unknown_key_is_named_with_the_nearest_known_one() {
        let mut sink = sink("[[retired]]\nid = \"V09\"\nwhi = \"双重计算\"\n");
        assert!(parse::<RetiredFile>(&mut sink).is_none());
        assert_eq!(
            sink.list[0].to_string(),
            "error[toml]: unknown field `whi`, expected `id` or `why`\n --> rules/a.toml:3:1\n  |\n3 | whi = \"双重计算\"\n  | ^^^\n  |\n  = help: did you mean `why`?"
        );
    }

    #[test]
    fn broken_toml_is_shown_where_it_breaks() {
        let mut sink = sink("# 说明\n[[retired]\n");
        assert!(parse::<RetiredFile>(&mut sink).is_none());
        assert_eq!((sink.list[0].code, sink.list[0].line), ("toml", 2));
    }
}
