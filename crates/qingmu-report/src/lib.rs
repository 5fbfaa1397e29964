//! Leads as text for people: terminal summary and Markdown, Chinese and English.
//!
//! Every page opens by saying that a lead is a suspicion (疑点), not a finding. Nothing here prints: both
//! functions return text. Identities arrive masked by their types and stay so.

#![allow(
    clippy::format_push_string,
    clippy::useless_format,
    reason = "pages of text are put together line by line"
)]

mod chart;
mod figures;
#[cfg(test)]
mod fixture;
mod grid;
mod inspector;
mod markdown;
mod numbers;
mod section;
mod terminal;
#[cfg(test)]
mod tests;
mod words;

use qingmu_leads::CoverageReport;
use qingmu_model::{Bilingual, InputAccount, Lang, Lead};

/// What a run found, as borrowed from it.
#[derive(Debug, Clone, Copy)]
pub struct RunReport<'a> {
    /// Leads in the order of `qingmu_leads::build`.
    pub leads: &'a [Lead],
    /// Every input file.
    pub inputs: &'a [InputAccount],
    /// What could be judged and what could not.
    pub coverage: &'a CoverageReport,
    /// Currency of every amount, such as `CNY`.
    pub currency: &'a str,
    /// Name of the lowest region level, on which claims are booked: 村 village, in another country 县 county.
    pub lowest: &'a Bilingual,
}

/// The end of a run for a terminal: input account, rules, first leads, next commands. At most 40 lines for a usual
/// run; tables are aligned by display width.
#[must_use]
pub fn summary(report: &RunReport<'_>, lang: Lang) -> String {
    terminal::summary(report, lang)
}

/// One lead as a page for an inspector who is no statistician, with small charts in plain text; empty where the model
/// has not assessed any of its villages.
#[must_use]
pub fn lead_page(lead: &Lead, currency: &str, lang: Lang) -> String {
    inspector::page(lead, currency, lang)
}

/// Contents of `leads.md`: a section per lead, then coverage and rejected rows.
#[must_use]
pub fn leads_md(report: &RunReport<'_>, lang: Lang) -> String {
    markdown::page(report, lang)
}
