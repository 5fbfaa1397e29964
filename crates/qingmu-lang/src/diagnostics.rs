//! What is wrong with a rule file, shown at the character where it is wrong.

use crate::chinese;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use qingmu_model::Lang;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// One text file of a pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SourceFile {
    /// Relative to the pack, `/` as separator.
    pub(crate) path: String,
    /// As a person would open it: the pack's folder and the path.
    pub(crate) shown: String,
    /// Content.
    pub(crate) text: String,
}

/// One mistake, with its place and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Class of the mistake, such as `unit`, `name`, `cycle`, `verdict-word`.
    pub code: &'static str,
    /// File: the pack's folder as given and the path inside it.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// What is wrong, in Chinese.
    pub message_zh: String,
    /// What to do, in Chinese.
    pub help_zh: Option<String>,
    marks: Vec<(Range<usize>, String)>,
    source: Arc<SourceFile>,
}

/// All mistakes found in a pack, in the order of files and places.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Diagnostics {
    /// The mistakes.
    pub list: Vec<Diagnostic>,
}

impl Diagnostic {
    /// The mistake with its line of the file, in English; coloured for a terminal if asked.
    #[must_use]
    pub fn render(&self, coloured: bool) -> String {
        self.render_in(Lang::En, coloured)
    }

    /// As [`Self::render`], in a language of choice.
    #[must_use]
    pub fn render_in(&self, lang: Lang, coloured: bool) -> String {
        let (message, help) = match lang {
            Lang::Zh => (&self.message_zh, &self.help_zh),
            Lang::En => (&self.message, &self.help),
        };
        let mut snippet =
            Snippet::source(self.source.text.as_str()).path(self.file.as_str()).fold(true);
        for (i, (range, label)) in self.marks.iter().enumerate() {
            let label = match lang {
                Lang::Zh => chinese::said(self.code, label),
                Lang::En => label.clone(),
            };
            let kind = if i == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
            let mark = kind.span(range.clone());
            snippet = snippet.annotation(if label.is_empty() { mark } else { mark.label(label) });
        }
        let mut group: Group<'_> =
            Level::ERROR.primary_title(message.as_str()).id(self.code).element(snippet);
        if let Some(help) = help {
            group = group.element(Level::HELP.message(help.as_str()));
        }
        let renderer = if coloured { Renderer::styled() } else { Renderer::plain() };
        renderer.render(&[group])
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl Diagnostics {
    /// All of them, one below the other.
    #[must_use]
    pub fn render_in(&self, lang: Lang) -> String {
        let each: Vec<String> = self.list.iter().map(|d| d.render_in(lang, false)).collect();
        each.join("\n\n")
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, diagnostic) in self.list.iter().enumerate() {
            if i > 0 {
                f.write_str("\n\n")?;
            }
            diagnostic.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for Diagnostics {}
impl std::error::Error for Diagnostic {}

/// Collects the mistakes of one file.
#[derive(Debug)]
pub(crate) struct Sink {
    pub(crate) file: Arc<SourceFile>,
    pub(crate) list: Vec<Diagnostic>,
}

impl Sink {
    pub(crate) fn new(file: Arc<SourceFile>) -> Self {
        Self { file, list: Vec::new() }
    }

    /// Reports a mistake at a range of bytes, with a word under the caret (may be empty) and a help line.
    pub(crate) fn report(
        &mut self,
        code: &'static str,
        at: &Range<usize>,
        message: impl Into<String>,
        label: impl Into<String>,
        help: impl Into<String>,
    ) -> &mut Self {
        let range = clamp(at, &self.file.text);
        let before = &self.file.text[..range.start];
        let line_start = before.rfind('\n').map_or(0, |i| i + 1);
        let (message, help) = (message.into(), help.into());
        let label = label.into();
        #[cfg(test)]
        for text in [&message, &help, &label] {
            let known = chinese::is_foreign(code) || chinese::chinese(text).is_some();
            assert!(known, "no Chinese for `{text}`");
        }
        self.list.push(Diagnostic {
            message_zh: chinese::said(code, &message),
            help_zh: (!help.is_empty()).then(|| chinese::said(code, &help)),
            code,
            file: self.file.shown.clone(),
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            message,
            help: (!help.is_empty()).then_some(help),
            marks: vec![(range, label)],
            source: Arc::clone(&self.file),
        });
        self
    }

    /// Adds a second place to the last mistake.
    pub(crate) fn also(&mut self, at: &Range<usize>, label: impl Into<String>) {
        let range = clamp(at, &self.file.text);
        if let Some(last) = self.list.last_mut() {
            last.marks.push((range, label.into()));
        }
    }
}

/// Ranges come from parsers; one outside the text or inside a character must not cause a panic here.
fn clamp(range: &Range<usize>, text: &str) -> Range<usize> {
    let floor = |mut at: usize| {
        at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    // The place behind the last line break is on no line that could be shown.
    let start = floor(range.start.min(text.trim_end().len()));
    start..floor(range.end).max(start)
}

/// The candidate closest to `word`, if close enough to be a slip of the finger, or else the first one
/// that goes on where `word` stops.
pub(crate) fn nearest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let limit = word.chars().count().div_ceil(3).clamp(1, 4);
    let mut longer = None;
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let found = (distance(word, candidate), candidate);
        if found.0 <= limit && best.is_none_or(|best| found < best) {
            best = Some(found);
        }
        if longer.is_none() && word.len() >= 4 && candidate.starts_with(word) {
            longer = Some(candidate);
        }
    }
    best.map(|(_, candidate)| candidate).or(longer)
}

/// Edit distance with neighbouring letters swapped counted once (optimal string alignment).
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let change = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = change.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

/// `did you mean …?` for the closest candidate, empty if none is close.
pub(crate) fn did_you_mean<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    nearest(word, candidates).map(|candidate| format!("did you mean `{candidate}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_caret_stands_under_the_right_character_behind_chinese_text() {
        let text = "zh = \"菜地未减 oops\"\n";
        let file =
            SourceFile { path: "a.toml".into(), shown: "rules/a.toml".into(), text: text.into() };
        let at = text.find("oops").unwrap_or(0);
        let mut sink = Sink::new(Arc::new(file));
        sink.report("name", &(at..at + 4), "no such word", "here", "say something else");
        let all = Diagnostics { list: sink.list };
        assert_eq!((all.list[0].line, all.list[0].column), (1, 12));
        assert_eq!(
            all.to_string(),
            "error[name]: no such word\n --> rules/a.toml:1:12\n  |\n1 | zh = \"菜地未减 oops\"\n  |                ^^^^ here\n  |\n  = help: say something else"
        );
    }

    #[test]
    fn slips_of_the_finger_are_close_and_other_words_are_not() {
        let names = ["claimed.grain", "claimed.wheat", "p.z"];
        assert_eq!(nearest("claimed.grian", names), Some("claimed.grain"));
        assert_eq!(nearest("yield", names), None);
        assert_eq!(nearest("claimed", names), Some("claimed.grain"));
        assert_eq!(did_you_mean("p.x", names), Some("did you mean `p.z`?".to_owned()));
    }
}
