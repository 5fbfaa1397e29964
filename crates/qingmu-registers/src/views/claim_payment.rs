//! `claim_payment`: claims whose payments differ from them, were repeated, or went to a collective or in cash.

use super::payments::{Paid, is_collective, is_returned};
use crate::gather::Context;
use crate::ground::{NONE, Row, season};
use crate::sheet::Sheet;
use hashbrown::HashMap;
use qingmu_input::tables::PaymentRow;
use qingmu_model::{View, ViewName};

/// Days within which the same amount on the same claim is a repetition.
const REPEAT_DAYS: i32 = 30;

#[derive(Debug, Default, Clone, Copy)]
struct Sum {
    payments: i64,
    paid: i64,
    returned: i64,
    repeated: i64,
    collective: Option<i64>,
}

pub(super) fn make(context: &Context<'_>) -> View {
    let ground = context.ground;
    let paid = Paid::new(context);
    let mut villages: HashMap<(u32, i16, u32), i64> = HashMap::new();
    for row in ground.rows.iter().filter(|r| r.id != NONE) {
        for payment in paid.of(row.id) {
            let sum = villages.entry((row.village, row.year, row.programme)).or_default();
            *sum = sum.saturating_add(payment.amount.raw());
        }
    }
    let village = |row: &Row| villages.get(&(row.village, row.year, row.programme)).copied();
    let mut rows: Vec<(&Row, Sum)> = Vec::new();
    let mut not_listed = 0;
    // Where nothing at all was paid the table does not reach: that is no short payment.
    for row in ground.rows.iter().filter(|r| r.id != NONE && village(r).is_some()) {
        let sum = sum(&paid, row);
        let some_collective = sum.collective.is_some_and(|yuan| yuan != 0);
        if sum.paid != row.amount || sum.repeated != 0 || some_collective {
            rows.push((row, sum));
        } else {
            not_listed += 1;
        }
    }
    rows.sort_by_key(|(row, _)| (row.village, row.year, row.season, row.programme, row.id));
    let mut sheet = Sheet::new(ViewName::ClaimPayment, rows.len(), not_listed);
    sheet.text("village_code", rows.iter().map(|(r, _)| ground.villages.get(r.village)));
    sheet.number("year", rows.iter().map(|(r, _)| Some(i64::from(r.year))));
    sheet.text("season", rows.iter().map(|(r, _)| Some(season(r.season))));
    sheet.text("programme", rows.iter().map(|(r, _)| ground.programmes.get(r.programme)));
    sheet.text("claim_id", rows.iter().map(|(r, _)| ground.ids.get(r.id)));
    sheet.text("claimant_id", rows.iter().map(|(r, _)| ground.claimants.get(r.claimant)));
    sheet.number("area_mu", rows.iter().map(|(r, _)| Some(r.area)));
    sheet.number("amount_yuan", rows.iter().map(|(r, _)| Some(r.amount)));
    sheet.number("payments", rows.iter().map(|(_, s)| Some(s.payments)));
    sheet.number("paid_yuan", rows.iter().map(|(_, s)| Some(s.paid)));
    sheet.number("returned_yuan", rows.iter().map(|(_, s)| Some(s.returned)));
    sheet.number("repeated_yuan", rows.iter().map(|(_, s)| Some(s.repeated)));
    sheet.number("collective_yuan", rows.iter().map(|(_, s)| s.collective));
    sheet.number("village_paid_yuan", rows.iter().map(|(r, _)| village(r)));
    sheet.finish()
}

fn sum(paid: &Paid<'_>, row: &Row) -> Sum {
    let mut sum = Sum::default();
    let mut before: Option<&PaymentRow> = None;
    for payment in paid.all(row.id) {
        let amount = payment.amount.raw();
        if is_returned(payment) {
            sum.returned = sum.returned.saturating_add(amount);
            continue;
        }
        sum.payments += 1;
        sum.paid = sum.paid.saturating_add(amount);
        if let Some(collective) = is_collective(payment) {
            let yuan = if collective { amount } else { 0 };
            sum.collective = Some(sum.collective.unwrap_or(0).saturating_add(yuan));
        }
        let again = before.is_some_and(|before| {
            let days = payment.paid_on.zip(before.paid_on).map(|(now, then)| now - then);
            before.amount == payment.amount && days.is_some_and(|days| days <= REPEAT_DAYS)
        });
        if again {
            sum.repeated = sum.repeated.saturating_add(amount);
        }
        before = Some(payment);
    }
    sum
}
