//! What a scan says when it is done.

use crate::command::scan::{Done, Request};
use crate::pipeline::Judged;
use crate::results::Accounts;
use qingmu_leads::TableTotal;
use qingmu_model::{Grade, Lang, LeadKind, Mu, Yuan};
use qingmu_report::RunReport;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;

/// For the terminal; the command it ends with is completed with the folder of this run.
pub(crate) fn text(judged: &Judged, accounts: &Accounts, out: &Path, lang: Lang) -> String {
    let text = qingmu_report::summary(&report(judged, accounts), lang);
    match judged.leads.first() {
        Some(lead) => {
            let command = format!("qingmu explain {}", lead.lead_id);
            text.replace(&command, &format!("{command} --run {}", out.display()))
        }
        None => text,
    }
}

/// `leads.md`.
pub(crate) fn page(judged: &Judged, accounts: &Accounts, lang: Lang) -> String {
    qingmu_report::leads_md(&report(judged, accounts), lang)
}

fn report<'a>(judged: &'a Judged, accounts: &'a Accounts) -> RunReport<'a> {
    RunReport {
        leads: &judged.leads,
        inputs: &accounts.manifest.inputs,
        coverage: &accounts.coverage,
        currency: &accounts.manifest.currency,
        lowest: &accounts.lowest,
    }
}

/// The document of `qingmu scan --json`; the leads in full are in `leads.jsonl`.
#[derive(Serialize)]
pub(crate) struct Document<'a> {
    exit: u8,
    out: &'a Path,
    files: &'a [&'static str],
    totals: &'a BTreeMap<String, TableTotal>,
    leads: Vec<Line<'a>>,
}

#[derive(Serialize)]
struct Line<'a> {
    lead_id: &'a str,
    kind: LeadKind,
    region_code: &'a str,
    region_name: &'a str,
    year: i16,
    score: f64,
    grade: Grade,
    villages: usize,
    excess_mu: Option<Mu>,
    excess_yuan: Option<Yuan>,
    rules: &'a [String],
}

/// What `--json` prints.
pub(crate) fn document<'a>(request: &'a Request, done: &'a Done) -> Document<'a> {
    let leads = done.judged.leads.iter().map(|lead| Line {
        lead_id: &lead.lead_id.0,
        kind: lead.kind,
        region_code: &lead.region_code,
        region_name: &lead.region_name,
        year: lead.year,
        score: lead.score,
        grade: lead.grade,
        villages: lead.members.len(),
        excess_mu: lead.excess_mu,
        excess_yuan: lead.excess_yuan,
        rules: &lead.rules,
    });
    Document {
        exit: done.exit.code(),
        out: &request.out,
        files: &done.files,
        totals: &done.totals,
        leads: leads.collect(),
    }
}
