//! From hits to leads.

use crate::belief::{Assessed, Index};
use crate::evidence::{Evidence, Spot, gather};
use crate::make::Maker;
use qingmu_model::{ClaimantId, Lead, Mu, RegionLevels, RuleHit, Share};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// What the lead files are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// Most probable first.
    #[default]
    Score,
    /// Most recoverable money per day of inspection first; what has no estimate comes last.
    Priority,
}

/// What leads need to know beside the hits.
#[derive(Debug, Clone, PartialEq)]
pub struct LeadContext {
    /// Region levels of the project.
    pub levels: RegionLevels,
    /// Village code to name, where known.
    pub village_names: BTreeMap<String, String>,
    /// Code of a wider region to name, where known.
    pub region_names: BTreeMap<String, String>,
    /// Area by approver of each village-year.
    pub approvers: BTreeMap<(String, i16), Vec<(ClaimantId, Mu)>>,
    /// Only leads of this year.
    pub year: Option<i16>,
    /// Ids of rules whose status is draft: they add reasons to leads and nothing else.
    pub drafts: BTreeSet<String>,
    /// What the model says; empty for a run of rules alone.
    pub assessed: Assessed,
    /// Order of the leads.
    pub order: Order,
}

/// Joins hits and assessments into leads, sorted by `context.order`, then excess money (largest first, unknown
/// last) and id.
///
/// The order of `hits` does not matter. Where the model has assessed a village-year, all that is known there makes
/// one lead with the model's probability; probable rings of the model come before those of rules. Where it has not:
/// village-level hits of a village and year make one lead, together with the claim-level hits there; three or more
/// such villages tied by an approver or a town make one ring instead, if more than one rule or a fact speaks there;
/// a fact that a slip in the data or a payment made up later explains only adds a reason;
/// claim-level hits elsewhere, or spanning villages outside that lead, make leads of kind `claims`. A hit that
/// spans such villages is a reason in both leads, so sums over leads are to be taken per village and year.
#[must_use]
pub fn build(mut hits: Vec<RuleHit>, context: &LeadContext) -> Vec<Lead> {
    sort(&mut hits);
    crate::slips::mark(&mut hits, &context.assessed.slips);
    crate::offsets::mark(&mut hits);
    let evidence = gather(&hits, context);
    let mut table: BTreeMap<Spot, Vec<&Evidence<'_>>> = BTreeMap::new();
    for found in &evidence {
        for village in &found.villages {
            table.entry(((*village).to_owned(), found.year)).or_default().push(found);
        }
    }
    let index = Index::new(&context.assessed);
    for listed in index.listed().filter(|a| context.year.is_none_or(|only| only == a.year)) {
        table.entry((listed.village_code.clone(), listed.year)).or_default();
    }
    let mut maker = Maker {
        context,
        index: &index,
        table: &table,
        leads: Vec::new(),
        home: BTreeMap::new(),
        ringed: BTreeSet::new(),
    };
    maker.model_rings();
    maker.rule_rings(&evidence);
    maker.villages();
    maker.claims(&evidence);
    let mut leads = maker.leads;
    sort_leads(&mut leads, context.order);
    leads
}

fn sort_leads(leads: &mut [Lead], order: Order) {
    leads.sort_by(|a, b| {
        let money = |l: &Lead| Reverse(l.excess_yuan);
        let priority = |l: &Lead| l.priority.unwrap_or(-1.0);
        let first = match order {
            Order::Score => std::cmp::Ordering::Equal,
            Order::Priority => priority(b).total_cmp(&priority(a)),
        };
        first
            .then_with(|| b.score.total_cmp(&a.score))
            .then(money(a).cmp(&money(b)))
            .then(a.lead_id.cmp(&b.lead_id))
    });
}

/// Canonical order, whatever order the hits came in. Rule and subject are one of a kind in a run; the rest decides
/// for hits that were joined from several runs.
fn sort(hits: &mut [RuleHit]) {
    let whole = |h: &RuleHit| (h.grade, h.level, h.mu, h.yuan, h.shares.len());
    hits.sort_by(|a, b| {
        (&a.rule, &a.subject, &a.view, whole(a))
            .cmp(&(&b.rule, &b.subject, &b.view, whole(b)))
            .then_with(|| a.shares.iter().map(parts).cmp(b.shares.iter().map(parts)))
            .then_with(|| (&a.say.zh, &a.rule_digest).cmp(&(&b.say.zh, &b.rule_digest)))
    });
}

/// Everything a share holds, in an order.
fn parts(share: &Share) -> impl Ord {
    let place = (&share.village_code, share.year, share.season, &share.programme);
    (place, &share.claimant, &share.approver, share.mu, share.yuan)
}
