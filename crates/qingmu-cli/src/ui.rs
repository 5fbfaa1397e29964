//! Where words go: data to stdout, talk to stderr.

use crate::exit::{Exit, Failure};
use clap::ArgMatches;
use qingmu_model::{Bilingual, Lang};
use serde::Serialize;
use std::io::{IsTerminal, Write};

/// How this run speaks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ui {
    /// Language.
    pub(crate) lang: Lang,
    /// Nothing on success.
    pub(crate) quiet: bool,
    /// One JSON document on stdout instead of text.
    pub(crate) json: bool,
}

impl Ui {
    /// From the global arguments of whichever subcommand was called.
    pub(crate) fn new(matches: &ArgMatches, lang: Lang) -> Self {
        let mut deepest = matches;
        while let Some((_, inner)) = deepest.subcommand() {
            deepest = inner;
        }
        Self { lang, quiet: deepest.get_flag("quiet"), json: deepest.get_flag("json") }
    }

    /// One of two texts.
    pub(crate) const fn pick<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        crate::lang::pick(self.lang, zh, en)
    }

    /// Text for people that is the result: stdout, unless `--json` or `--quiet`.
    pub(crate) fn text(self, text: &str) -> Result<(), Failure> {
        if self.json || self.quiet {
            return Ok(());
        }
        Self::raw(text.as_bytes())
    }

    /// Bytes that were asked for: stdout always.
    pub(crate) fn raw(bytes: &[u8]) -> Result<(), Failure> {
        let mut out = std::io::stdout().lock();
        out.write_all(bytes)?;
        out.flush()?;
        Ok(())
    }

    /// The one document of `--json`.
    pub(crate) fn document(value: &impl Serialize) -> Result<(), Failure> {
        let mut text = serde_json::to_string_pretty(value).map_err(|error| {
            Failure::new(
                Exit::Bug,
                format!("无法写成 JSON：{error}"),
                format!("cannot be written as JSON: {error}"),
            )
        })?;
        text.push('\n');
        Self::raw(text.as_bytes())
    }

    /// Whether a progress bar may be drawn.
    pub(crate) fn draws(self) -> bool {
        !self.quiet && std::io::stderr().is_terminal()
    }

    /// Says why it failed: stderr, one line under `--quiet`; with `--json` also the document on stdout.
    pub(crate) fn fail(self, failure: &Failure) -> Exit {
        if failure.is_silent() {
            return failure.exit;
        }
        let head = self.pick("错误：", "error: ");
        let what = failure.what.get(self.lang);
        let what = if self.quiet { what.lines().next().unwrap_or_default() } else { what };
        Self::line(&format!("{head}{what}"));
        let bug = (failure.exit == Exit::Bug).then(crate::exit::bug_remedy);
        if let Some(remedy) = failure.remedy.as_ref().or(bug.as_ref()).filter(|_| !self.quiet) {
            Self::line(&format!("{}{}", self.pick("处理：", "remedy: "), remedy.get(self.lang)));
        }
        if self.json {
            let error = ErrorDocument {
                error: ErrorBody {
                    exit: failure.exit.code(),
                    what: &failure.what,
                    remedy: failure.remedy.as_ref(),
                },
            };
            // A reader that closed stdout does not want the document either.
            let _ = Self::document(&error);
        }
        failure.exit
    }

    /// One line to stderr. A closed stderr leaves nobody to tell.
    pub(crate) fn line(text: &str) {
        let _ = writeln!(std::io::stderr().lock(), "{text}");
    }
}

#[derive(Serialize)]
struct ErrorDocument<'a> {
    error: ErrorBody<'a>,
}

#[derive(Serialize)]
struct ErrorBody<'a> {
    exit: u8,
    what: &'a Bilingual,
    remedy: Option<&'a Bilingual>,
}
