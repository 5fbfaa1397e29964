//! The flat form of leads: one row per village and year.

use qingmu_model::{Lead, LeadStatus, Member};

/// Columns of `leads.csv` and `leads.parquet`, in their order. Other programs rely on it.
pub const COLUMNS: [&str; 20] = [
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
];

/// One village of one lead. Score, grade and what follows from them are the lead's; excess and rules are the
/// village's, so that a column sums to the lead.
pub(crate) struct Row<'a> {
    pub(crate) lead: &'a Lead,
    pub(crate) member: &'a Member,
    /// Rules that hit in this village, separated by spaces.
    pub(crate) rules: String,
    /// Codes of all villages of a lead with several, separated by spaces; `None` for a single village.
    pub(crate) members: Option<String>,
}

impl Row<'_> {
    /// True where the lead is this village alone, so that the lead's intervals are the village's.
    pub(crate) fn alone(&self) -> bool {
        self.members.is_none()
    }

    pub(crate) fn status(&self) -> &'static str {
        match self.lead.status {
            LeadStatus::Found => "found",
        }
    }
}

/// Leads in their order, members in theirs.
pub(crate) fn rows(leads: &[Lead]) -> impl Iterator<Item = Row<'_>> {
    leads.iter().flat_map(|lead| {
        let codes: Vec<&str> = lead.members.iter().map(|m| m.village_code.as_str()).collect();
        let members = (codes.len() > 1).then(|| codes.join(" "));
        lead.members.iter().map(move |member| Row {
            lead,
            member,
            rules: member.rules.join(" "),
            members: members.clone(),
        })
    })
}
