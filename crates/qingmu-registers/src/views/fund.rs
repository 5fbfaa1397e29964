//! `fund`: money appropriated for a region, carried over and paid.

use super::payments::Paid;
use crate::gather::Context;
use crate::sheet::Sheet;
use qingmu_input::tables::FundRow;
use qingmu_model::{View, ViewName};
use std::sync::Arc;

pub(super) fn make(context: &Context<'_>) -> View {
    let ground = context.ground;
    let mut rows: Vec<&FundRow> = context.tables.funds.iter().flatten().collect();
    rows.sort_by(|a, b| {
        let key = |r: &FundRow| (r.year, r.appropriated);
        (&a.region, &a.programme).cmp(&(&b.region, &b.programme)).then_with(|| key(a).cmp(&key(b)))
    });
    let paid = Paid::new(context);
    let sums: Vec<(Option<i64>, Option<i64>)> = rows
        .iter()
        .map(|fund| {
            let Some(programme) = ground.programmes.find(&fund.programme) else {
                return (None, None);
            };
            let region = fund.region.trim_end_matches('0');
            let here = ground.rows.iter().filter(|r| {
                r.programme == programme
                    && r.year == fund.year
                    && ground.villages.list[r.village as usize].starts_with(region)
            });
            let (mut claimed, mut sent, mut any) = (None, 0_i64, false);
            for row in here {
                claimed = Some(claimed.unwrap_or(0_i64).saturating_add(row.amount));
                for payment in paid.of(row.id) {
                    sent = sent.saturating_add(payment.amount.raw());
                    any = true;
                }
            }
            (claimed, if any { Some(sent) } else { claimed })
        })
        .collect();
    let mut sheet = Sheet::new(ViewName::Fund, rows.len(), 0);
    let region = |row: &&FundRow| Some(Arc::clone(&row.region));
    sheet.text("region_code", rows.iter().map(region));
    sheet.text("village_code", rows.iter().map(region));
    sheet.number("year", rows.iter().map(|r| Some(i64::from(r.year))));
    sheet.text("programme", rows.iter().map(|r| Some(Arc::clone(&r.programme))));
    sheet.number("amount_yuan", sums.iter().map(|s| s.0));
    sheet.number("paid_yuan", sums.iter().map(|s| s.1));
    sheet.number("appropriated_yuan", rows.iter().map(|r| Some(r.appropriated.raw())));
    let raw = |yuan: Option<qingmu_model::Yuan>| yuan.map(qingmu_model::Yuan::raw);
    sheet.number("carried_in_yuan", rows.iter().map(|r| raw(r.carried_in)));
    sheet.number("carried_out_yuan", rows.iter().map(|r| raw(r.carried_out)));
    sheet.finish()
}
