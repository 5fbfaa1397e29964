//! `[rule]` and `[param]`.

use crate::catalogue::Catalogue;
use crate::diagnostics::{Sink, did_you_mean};
use crate::file::{Header, ParamEntry, Text};
use crate::rule::{Law, Param, Status};
use qingmu_model::{Bilingual, ColumnType, Grade, RuleId, Unit, ViewName};
use std::collections::BTreeMap;
use std::str::FromStr;

/// Where the columns of views are listed.
const LISTED: &str = "`qingmu rules columns` lists the columns there are";

/// A rule's header, checked.
pub(crate) struct Head {
    pub(crate) id: RuleId,
    pub(crate) slug: String,
    pub(crate) status: Status,
    pub(crate) grade: Grade,
    pub(crate) scan: ViewName,
    pub(crate) by: Option<Vec<String>>,
    pub(crate) spread: Option<String>,
    pub(crate) title: Bilingual,
    pub(crate) law: Vec<Law>,
}

impl Head {
    /// Columns that name a subject.
    pub(crate) fn subject(&self) -> Vec<&str> {
        match &self.by {
            Some(by) => by.iter().map(String::as_str).collect(),
            None => self.scan.keys().to_vec(),
        }
    }
}

/// Reads `[rule]`; `None` if what it says cannot be used.
pub(super) fn read(header: &Header, catalogue: &dyn Catalogue, sink: &mut Sink) -> Option<Head> {
    let id = word::<RuleId>(&header.id, sink);
    let status = status(&header.status, sink);
    let grade = word::<Grade>(&header.grade, sink);
    let scan = word::<ViewName>(&header.scan, sink);
    let slug = header.slug.get_ref();
    let part = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    };
    if !slug.split('-').all(part) {
        let message = format!("slug `{slug}` is not lower-case words joined by `-`");
        let help = "write it like `veg-steady-grain-up`";
        sink.report("head", &header.slug.span(), message, "", help);
    }
    let scan = scan?;
    let by = header
        .by
        .as_ref()
        .map(|columns| by(columns.get_ref(), &columns.span(), scan, catalogue, sink));
    let spread =
        header.spread.as_ref().map(|text| text.get_ref().clone()).filter(|name| {
            matches!(catalogue.column_type(scan, name), Some(ColumnType::Number(_)))
        });
    let law = header
        .law
        .iter()
        .map(|law| Law { cite: law.cite.get_ref().clone(), gist: law.gist.get_ref().clone() });
    Some(Head {
        id: id?,
        slug: slug.clone(),
        status: status?,
        grade: grade?,
        scan,
        by,
        spread,
        title: Bilingual::new(header.title.zh.get_ref().clone(), header.title.en.get_ref().clone()),
        law: law.collect(),
    })
}

/// A word of a closed list.
fn word<T: FromStr<Err = String>>(text: &Text, sink: &mut Sink) -> Option<T> {
    match text.get_ref().parse() {
        Ok(value) => Some(value),
        Err(message) => {
            let help = if message.starts_with("rule id") {
                "take a number that no rule ever had".to_owned()
            } else {
                nearest_word(text.get_ref(), "")
            };
            sink.report("head", &text.span(), message, "", help);
            None
        }
    }
}

/// What a word of a closed list may have meant; the lists are in the message.
fn nearest_word(word: &str, among: &str) -> String {
    let views = ViewName::ALL.map(ViewName::as_str);
    let known = views.into_iter().chain(among.split(", ")).filter(|w| !w.is_empty());
    did_you_mean(word, known).unwrap_or_else(|| "take one of the words listed".to_owned())
}

fn status(text: &Text, sink: &mut Sink) -> Option<Status> {
    let found = match text.get_ref().as_str() {
        "draft" => Status::Draft,
        "trial" => Status::Trial,
        "stable" => Status::Stable,
        "retired" => Status::Retired,
        other => {
            let message = format!("status `{other}` is none of draft, trial, stable, retired");
            let help = nearest_word(other, "draft, trial, stable, retired");
            sink.report("head", &text.span(), message, "", help);
            return None;
        }
    };
    Some(found)
}

fn by(
    columns: &[Text],
    at: &std::ops::Range<usize>,
    scan: ViewName,
    catalogue: &dyn Catalogue,
    sink: &mut Sink,
) -> Vec<String> {
    if columns.is_empty() {
        sink.report("head", at, "`by` names at least one column", "", "leave it out to judge rows");
    }
    let mut names: Vec<String> = Vec::new();
    for column in columns {
        let name = column.get_ref();
        let groups = match catalogue.column_type(scan, name) {
            Some(ColumnType::Text | ColumnType::Id(_)) => true,
            Some(_) => name == "year",
            None => false,
        };
        if !groups {
            let known = catalogue.column_names(scan);
            let others = known.iter().map(String::as_str).filter(|other| other != name);
            let help = did_you_mean(name, others);
            let message = format!("`by` takes keys, names and codes of {scan}; `{name}` is none");
            let help = help.unwrap_or_else(|| LISTED.to_owned());
            sink.report("head", &column.span(), message, "", help);
        } else if names.contains(name) {
            let message = format!("`{name}` stands in `by` twice");
            sink.report("head", &column.span(), message, "", "leave one of them out");
        }
        names.push(name.clone());
    }
    names
}

/// Reads `[param]`; a parameter that is wrong is kept as `None`, so that its uses are not called unknown.
pub(super) fn params(
    entries: &BTreeMap<Text, ParamEntry>,
    sink: &mut Sink,
) -> BTreeMap<String, Option<Param>> {
    let mut params = BTreeMap::new();
    for (name, entry) in entries {
        plain_name(name, "parameter", sink);
        let is = *entry.is.get_ref();
        if !is.is_finite() {
            let help = "write a number; what is not known is no parameter";
            sink.report("param", &entry.is.span(), "a parameter is a finite number", "", help);
        }
        let param = match entry.unit.get_ref().parse::<Unit>() {
            Ok(unit) => Some(Param { is, unit, why: entry.why.get_ref().clone() }),
            Err(message) => {
                sink.report(
                    "param",
                    &entry.unit.span(),
                    message,
                    "",
                    "take one of the words listed",
                );
                None
            }
        };
        params.insert(name.get_ref().clone(), param);
    }
    params
}

/// Names that rules give are lower-case words joined by `_`.
pub(super) fn plain_name(name: &Text, what: &str, sink: &mut Sink) {
    let text = name.get_ref();
    let ok = text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if !ok {
        let message =
            format!("the name of a {what} is lower-case letters, digits and `_`, not `{text}`");
        sink.report("name", &name.span(), message, "", "write it like `rise_share`");
    }
}
