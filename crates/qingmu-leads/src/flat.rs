//! The flat form of leads: one row per village and year.

use crate::build::Order;
use qingmu_model::{Assessment, Lead, LeadKind, LeadStatus, Member, Mu, Yuan};
use std::collections::BTreeSet;

/// Columns of `leads.csv` and `leads.parquet`, in their order. Other programs rely on it.
pub const COLUMNS: [&str; 23] = [
    "lead_id",
    "kind",
    "region_code",
    "village_code",
    "village_name",
    "year",
    "score",
    "priority",
    "grade",
    "q_value",
    "excess_mu",
    "excess_mu_lo",
    "excess_mu_hi",
    "excess_yuan",
    "excess_yuan_lo",
    "excess_yuan_hi",
    "rules",
    "members",
    "first_seen",
    "status",
    "ring_q",
    "ring_p",
    "ring_lead_q",
];

/// One village of one lead. Score, grade, excess, its interval and rules are the village's, so that a column of
/// excess sums to the lead; priority, ring and status are the lead's.
pub(crate) struct Row<'a> {
    pub(crate) lead: &'a Lead,
    pub(crate) member: &'a Member,
    /// Rules that hit in this village, separated by spaces.
    pub(crate) rules: String,
    /// Codes of all villages of a lead with several, separated by spaces; `None` for a single village.
    pub(crate) members: Option<String>,
}

impl Row<'_> {
    fn told(&self) -> Option<&Assessment> {
        self.member.assessment.as_ref()
    }

    /// Two decimals of a provisional score, four of a probability.
    pub(crate) fn score(&self) -> String {
        let score = self.member.score;
        if self.told().is_some() { format!("{score:.4}") } else { format!("{score:.2}") }
    }

    /// The village's q.
    pub(crate) fn q_value(&self) -> Option<f64> {
        self.member.q_value
    }

    /// The village's q with what its ring tells.
    pub(crate) fn ring_q(&self) -> Option<f64> {
        self.told().map(|a| a.q_ring)
    }

    /// Probability and false-discovery rate of the ring.
    pub(crate) fn ring(&self) -> Option<(f64, f64)> {
        self.lead.ring.as_ref().map(|r| (r.p, r.q))
    }

    pub(crate) fn mu_range(&self) -> (Option<Mu>, Option<Mu>) {
        (self.member.excess_mu_range.map(|r| r.0), self.member.excess_mu_range.map(|r| r.1))
    }

    pub(crate) fn yuan_range(&self) -> (Option<Yuan>, Option<Yuan>) {
        (self.member.excess_yuan_range.map(|r| r.0), self.member.excess_yuan_range.map(|r| r.1))
    }

    pub(crate) fn status(&self) -> &'static str {
        match self.lead.status {
            LeadStatus::Found => "found",
        }
    }
}

/// Every village-year of every lead, most probable first; by [`Order::Priority`], leads in their order. What the
/// model assessed stands in one row: a lead on claims across villages does not repeat it.
pub(crate) fn rows(leads: &[Lead], order: Order) -> Vec<Row<'_>> {
    let assessed: BTreeSet<(&str, i16)> = leads
        .iter()
        .filter(|l| l.kind != LeadKind::Claims)
        .flat_map(|l| l.members.iter().filter(|m| m.assessment.is_some()).map(move |m| (l, m)))
        .map(|(l, m)| (m.village_code.as_str(), l.year))
        .collect();
    let mut rows: Vec<Row<'_>> = Vec::new();
    for lead in leads {
        let codes: Vec<&str> = lead.members.iter().map(|m| m.village_code.as_str()).collect();
        let members = (codes.len() > 1).then(|| codes.join(" "));
        let told = |m: &&Member| {
            lead.kind != LeadKind::Claims || !assessed.contains(&(&*m.village_code, lead.year))
        };
        rows.extend(lead.members.iter().filter(told).map(|member| Row {
            lead,
            member,
            rules: member.rules.join(" "),
            members: members.clone(),
        }));
    }
    if order == Order::Score {
        rows.sort_by(|a, b| b.member.score.total_cmp(&a.member.score));
    }
    rows
}
