//! From a lead back to the rows: recompute it, compare it, and re-add every sum it rests on.

mod columns;
mod figure;
mod place;
mod print;
mod reasoning;
mod verify;

use crate::exit::{Exit, Failure};
use crate::pipeline::{Judged, Prepared, Task};
use crate::results::read_place;
use crate::ui::Ui;
use columns::{Reads, reads};
use figure::{Figure, Place, core_columns, figures, own_rows, places};
use qingmu_core::recount::RowSet;
use qingmu_core::{RowQuery, Scan, SourceRow, View, ViewName, source_rows};
use qingmu_leads::Order;
use qingmu_model::{Beliefs, Lead, RuleHit};
use qingmu_rules::{Rule, Trace};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What `explain` was asked.
#[derive(Debug)]
pub(crate) struct Question {
    /// Lead id, or its beginning.
    pub(crate) lead: String,
    /// Folder of the run.
    pub(crate) run: PathBuf,
    /// Input folder, where it has moved.
    pub(crate) input: Option<PathBuf>,
    /// Source rows to list per figure.
    pub(crate) rows: usize,
    /// Threads.
    pub(crate) threads: usize,
    /// Memory for the scan.
    pub(crate) memory_mib: usize,
}

/// One hit with the view's rows it speaks of.
struct Told<'a> {
    hit: &'a RuleHit,
    rule: &'a Rule,
    view: &'a View,
    places: Vec<Place>,
    columns: BTreeSet<String>,
    trace: Option<Trace>,
}

/// Answers on stdout; `Exit::Bug` when a number does not come out again.
pub(crate) fn answer(question: &Question, ui: Ui) -> Result<Exit, Failure> {
    let stored = verify::manifest(&question.run)?;
    let (id, record) = verify::stored_lead(&question.run, &question.lead)?;
    let prepared = prepare(question)?;
    verify::unchanged(&stored, &prepared)?;
    let mut scan = prepared.scan(ui)?;
    let detection = prepared.detect(&mut scan)?;
    let judged = prepared.judge(&scan, &detection)?;
    let lead = find(&judged, &id)?;
    let differences = verify::differences(&record, lead);
    let views = views(lead, &prepared, (&scan, &*detection.beliefs));
    let told: Vec<Told<'_>> =
        lead.hits.iter().filter_map(|hit| tell(hit, &prepared, &views)).collect();
    let (claims, baselines) = rows(&told, &prepared)?;
    let ledger = RowSet { claims: &claims, baselines: &baselines, project: &prepared.project };
    let answers: Vec<print::Answer<'_>> = told
        .iter()
        .map(|t| {
            let each = |place: &Place| figures(place, t.view, &t.columns, &ledger);
            let figures: Vec<Figure<'_>> = t.places.iter().flat_map(each).collect();
            print::Answer { hit: t.hit, rule: t.rule, trace: t.trace.as_ref(), figures }
        })
        .collect();
    let page = print::Page {
        lead,
        inputs: stored.inputs.len(),
        rules: stored.rules.len(),
        differences: &differences,
        answers: &answers,
        limit: question.rows,
        currency: &prepared.project.currency,
    };
    if ui.json {
        Ui::document(&page.document())?;
    } else {
        ui.text(&page.text(ui.lang))?;
    }
    Ok(if page.is_equal() { Exit::Done } else { Exit::Bug })
}

fn prepare(question: &Question) -> Result<Prepared, Failure> {
    let place = read_place(&question.run)?;
    let seen = |path: &str| question.run.join(path);
    Prepared::new(Task {
        input: question.input.clone().unwrap_or_else(|| seen(&place.input)),
        rules: place.rules.as_deref().map(seen),
        year: place.year,
        threads: question.threads,
        memory_mib: question.memory_mib,
        model: place.model.as_deref().map(seen),
        order: if place.by_priority { Order::Priority } else { Order::Score },
    })
}

fn find<'a>(judged: &'a Judged, id: &str) -> Result<&'a Lead, Failure> {
    judged.leads.iter().find(|lead| lead.lead_id.0 == id).ok_or_else(|| {
        Failure::new(
            Exit::Bug,
            format!("重新扫描同样的文件没有得出线索 {id}"),
            format!("scanning the same files again does not give lead {id}"),
        )
    })
}

/// The views that the lead's rules were judged on.
fn views(lead: &Lead, prepared: &Prepared, seen: (&Scan, &Beliefs)) -> BTreeMap<ViewName, View> {
    let rules: Vec<&Rule> = lead.hits.iter().filter_map(|hit| rule_of(hit, prepared)).collect();
    let names: BTreeSet<ViewName> = rules.iter().map(|rule| rule.scan).collect();
    let built = |name| (name, qingmu_rules::view(&rules, name, seen, &prepared.project));
    names.into_iter().map(built).collect()
}

fn rule_of<'a>(hit: &RuleHit, prepared: &'a Prepared) -> Option<&'a Rule> {
    prepared.pack.rules.iter().find(|rule| rule.id == hit.rule)
}

fn tell<'a>(
    hit: &'a RuleHit,
    prepared: &'a Prepared,
    views: &'a BTreeMap<ViewName, View>,
) -> Option<Told<'a>> {
    let rule = rule_of(hit, prepared)?;
    let view = views.get(&rule.scan)?;
    let found: Reads = reads(rule);
    let own = own_rows(hit, view);
    let trace = reasoning::reasoning(rule, view, &own);
    let places = places(&own, view, &found);
    let columns = core_columns(rule.scan, &found, &prepared.project);
    Some(Told { hit, rule, view, places, columns, trace })
}

/// Source rows of all places: claims of their villages and years, baselines of all years (the choice of the
/// source depends on them).
fn rows(
    told: &[Told<'_>],
    prepared: &Prepared,
) -> Result<(Vec<SourceRow>, Vec<SourceRow>), Failure> {
    let places = || told.iter().flat_map(|t| &t.places);
    if places().next().is_none() {
        return Ok((Vec::new(), Vec::new()));
    }
    let mut villages: BTreeSet<String> = places().filter_map(|p| p.key.village.clone()).collect();
    let baselines = query("baselines", &villages, BTreeSet::new());
    // An account or a claimant may lead anywhere: then the claims of all villages are looked through.
    if places().any(|p| p.key.village.is_none()) {
        villages.clear();
    }
    let years: BTreeSet<i16> = places().filter_map(|p| p.key.year).collect();
    let claims = query("claims", &villages, years);
    let read = |query: &RowQuery| source_rows(&prepared.input, &prepared.project, query);
    let baselines = if baselines.villages.is_empty() { Vec::new() } else { read(&baselines)? };
    Ok((read(&claims)?, baselines))
}

fn query(table: &'static str, villages: &BTreeSet<String>, years: BTreeSet<i16>) -> RowQuery {
    RowQuery { table, villages: villages.clone(), years, claimants: None, accounts: None }
}

/// The default folder of a run.
pub(crate) fn default_run() -> PathBuf {
    // `qingmu demo` writes here; a run of one's own is named with --run.
    Path::new("demo").join("out")
}
