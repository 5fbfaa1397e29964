//! Payments by claim.

use crate::gather::Context;
use crate::ground::NONE;
use hashbrown::HashMap;
use qingmu_input::tables::PaymentRow;

/// Payments of each claim, by the number of its id, in order of day and amount.
pub(super) struct Paid<'a>(HashMap<u32, Vec<&'a PaymentRow>>);

/// Words for a payment that came back or failed.
const RETURNED: [&str; 8] = ["return", "fail", "reject", "退回", "退票", "退汇", "失败", "未成功"];

/// Words for a payee that is no person.
const COLLECTIVE: [&str; 9] =
    ["collective", "cash", "village", "集体", "村委", "现金", "合作社", "代发", "单位"];

impl<'a> Paid<'a> {
    pub(super) fn new(context: &'a Context<'_>) -> Self {
        let mut all: HashMap<u32, Vec<&PaymentRow>> = HashMap::new();
        for row in context.tables.payments.iter().flatten() {
            if let Some(claim) = context.ground.ids.find(&row.claim) {
                all.entry(claim).or_default().push(row);
            }
        }
        #[allow(clippy::iter_over_hash_type, reason = "each list is sorted by itself")]
        for rows in all.values_mut() {
            rows.sort_by(|a, b| {
                let key = |r: &PaymentRow| (r.paid_on, r.amount, r.account);
                key(a).cmp(&key(b)).then_with(|| a.holder.cmp(&b.holder))
            });
        }
        Self(all)
    }

    /// Payments of a claim that were not returned.
    pub(super) fn of(&self, claim: u32) -> impl Iterator<Item = &'a PaymentRow> + '_ {
        self.all(claim).filter(|row| !is_returned(row))
    }

    /// Every payment of a claim.
    pub(super) fn all(&self, claim: u32) -> impl Iterator<Item = &'a PaymentRow> + '_ {
        let here = if claim == NONE { None } else { self.0.get(&claim) };
        here.into_iter().flatten().copied()
    }
}

pub(super) fn is_returned(row: &PaymentRow) -> bool {
    let status = row.status.as_deref().unwrap_or_default().to_lowercase();
    RETURNED.iter().any(|word| status.contains(word))
}

/// Whether a payment went to a collective or in cash; `None` where the table does not say.
pub(super) fn is_collective(row: &PaymentRow) -> Option<bool> {
    let kind = row.payee_kind.as_deref()?.to_lowercase();
    Some(COLLECTIVE.iter().any(|word| kind.contains(word)))
}
