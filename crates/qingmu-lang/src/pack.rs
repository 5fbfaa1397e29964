//! Loading a pack: every file checked, every mistake collected.

use crate::catalogue::Catalogue;
use crate::check;
use crate::diagnostics::{Diagnostics, Sink};
use crate::file::{self, RetiredFile, RuleFile};
use crate::rule::Rule;
use crate::source::{Files, PackSource};
use qingmu_model::RuleId;
use std::sync::Arc;

/// Ids that may not be given again; the only file of a pack that is no rule.
pub(crate) const RETIRED: &str = "retired.toml";

/// Checked rules.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Pack {
    /// By id. Those with [`crate::Status::Retired`] are kept for their id and do not run.
    pub rules: Vec<Rule>,
    /// Ids of `retired.toml`, in its order.
    pub retired: Vec<RuleId>,
    /// The pack's folder as given, for messages.
    pub root: String,
}

/// Loads and checks a pack; its rules may name the columns of `catalogue`.
///
/// # Errors
/// [`Diagnostics`] with every mistake of every file: TOML, names, types, units, messages, tests.
pub fn load_pack(source: &PackSource, catalogue: &dyn Catalogue) -> Result<Pack, Diagnostics> {
    let (files, sinks) = Files::read(source);
    load_files(&files, sinks, catalogue)
}

/// As [`load_pack`], from files already read.
pub(crate) fn load_files(
    files: &Files,
    mut sinks: Vec<Sink>,
    catalogue: &dyn Catalogue,
) -> Result<Pack, Diagnostics> {
    let mut pack = Pack { root: files.root.clone(), ..Pack::default() };
    for source in files.list.iter().filter(|f| is_toml(&f.path)) {
        let mut sink = Sink::new(Arc::clone(source));
        if source.path == RETIRED {
            pack.retired = retired(&mut sink);
        } else if is_rule(&source.path) {
            if let Some(file) = file::parse::<RuleFile>(&mut sink) {
                pack.rules.extend(check::rule(&file, files, catalogue, &mut sink));
            }
        } else {
            let message = "no rule file: rules stand in one folder per family";
            sink.report("file", &(0..0), message, "", "move it to `village/`, `claim/` …; typologies, profiles and waivers are not read yet");
        }
        sink.list.sort_by_key(|d| (d.line, d.column));
        sinks.push(sink);
    }
    pack.rules.sort_by(|a, b| a.id.cmp(&b.id).then_with(|| a.file.cmp(&b.file)));
    let list: Vec<_> = sinks.into_iter().flat_map(|sink| sink.list).collect();
    if list.is_empty() { Ok(pack) } else { Err(Diagnostics { list }) }
}

fn is_toml(path: &str) -> bool {
    std::path::Path::new(path).extension().is_some_and(|e| e == "toml")
}

/// One folder deep, and none of the folders that other parts of a pack are kept in.
fn is_rule(path: &str) -> bool {
    match path.split_once('/') {
        Some((folder, name)) => !name.contains('/') && !matches!(folder, "typology" | "profile"),
        None => false,
    }
}

fn retired(sink: &mut Sink) -> Vec<RuleId> {
    let Some(file) = file::parse::<RetiredFile>(sink) else { return Vec::new() };
    let mut ids = Vec::new();
    for entry in &file.retired {
        match entry.id.get_ref().parse() {
            Ok(id) => ids.push(id),
            Err(message) => {
                let help = "take a number that no rule ever had";
                sink.report("head", &entry.id.span(), message, "", help);
            }
        }
        if entry.why.get_ref().trim().is_empty() {
            let message = "why was it retired?";
            sink.report("head", &entry.why.span(), message, "", "write the reason");
        }
    }
    ids
}

#[cfg(test)]
pub(crate) mod tests;
