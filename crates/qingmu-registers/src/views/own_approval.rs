//! `own_approval`: claims that their claimant, or kin of theirs, approved.

use crate::gather::Context;
use crate::ground::{NONE, Sums};
use crate::sheet::Sheet;
use qingmu_input::id_hash;
use qingmu_model::{View, ViewName};
use std::collections::BTreeMap;

#[derive(Debug, Default)]
struct Own {
    sums: Sums,
    by_claimant: bool,
    kin: Option<bool>,
    recorded: Option<bool>,
}

pub(super) fn make(context: &Context<'_>) -> View {
    let ground = context.ground;
    let officers: Vec<u128> =
        ground.officers.list.iter().map(|id| id_hash(id.as_bytes())).collect();
    let claimants: Vec<u128> =
        ground.claimants.list.iter().map(|id| id_hash(id.as_bytes())).collect();
    let mut rows: BTreeMap<(u32, i16, u32, u32), Own> = BTreeMap::new();
    let mut not_listed = 0;
    for row in ground.rows.iter().filter(|r| r.approver != NONE) {
        let (officer, claimant) =
            (officers[row.approver as usize], claimants[row.claimant as usize]);
        let own = officer == claimant;
        let kin = context.people.are_kin(officer, claimant);
        if !own && kin != Some(true) {
            not_listed += 1;
            continue;
        }
        let entry = rows.entry((row.approver, row.year, row.village, row.claimant)).or_default();
        entry.sums.add(row);
        entry.by_claimant = own;
        entry.kin = kin;
        let recorded = (row.recorder != NONE).then_some(row.recorder == row.approver);
        entry.recorded = entry.recorded.max(recorded);
    }
    let mut sheet = Sheet::new(ViewName::OwnApproval, rows.len(), not_listed);
    sheet.text("approver_id", rows.keys().map(|k| ground.officers.get(k.0)));
    sheet.number("year", rows.keys().map(|k| Some(i64::from(k.1))));
    sheet.text("village_code", rows.keys().map(|k| ground.villages.get(k.2)));
    sheet.text("claimant_id", rows.keys().map(|k| ground.claimants.get(k.3)));
    sheet.number("area_mu", rows.values().map(|o| Some(o.sums.area)));
    sheet.number("amount_yuan", rows.values().map(|o| Some(o.sums.amount)));
    sheet.number("claims", rows.values().map(|o| Some(o.sums.claims)));
    sheet.flag("own", rows.values().map(|o| Some(o.by_claimant)));
    sheet.flag("kin", rows.values().map(|o| o.kin));
    sheet.flag("recorded_too", rows.values().map(|o| o.recorded));
    sheet.finish()
}
