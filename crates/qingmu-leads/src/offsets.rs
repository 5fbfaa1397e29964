//! Amounts that were paid short in one year and made up in another: over the record nothing is left, and neither row is a
//! lead. Each fact stays a reason.

use qingmu_model::{Bilingual, ClaimantId, LegitCheck, RuleHit};
use std::collections::BTreeMap;

/// What rounding to the fen leaves of a row, in yuan.
const FEN: f64 = 0.05;

/// Whose payments are added up: rule, village, programme and claimant.
type Account = (String, String, Option<String>, ClaimantId);

/// Marks hits on single claims whose gaps cancel over the years.
pub(crate) fn mark(hits: &mut [RuleHit]) {
    let mut accounts: BTreeMap<Account, Vec<(usize, f64)>> = BTreeMap::new();
    for (at, hit) in hits.iter().enumerate() {
        // What a slip explains already is no payment.
        let explained = hit.legit.iter().any(|l| l.clears == Some(true));
        if let Some((account, gap)) = gap(hit).filter(|_| !explained) {
            accounts.entry(account).or_default().push((at, gap));
        }
    }
    for gaps in accounts.into_values() {
        let sum: f64 = gaps.iter().map(|(_, gap)| gap).sum();
        let both = gaps.iter().any(|(_, g)| *g > 0.0) && gaps.iter().any(|(_, g)| *g < 0.0);
        if !both || sum.abs() > FEN * gaps.len() as f64 {
            continue;
        }
        for (at, _) in gaps {
            let text = Bilingual::new(
                "一年少付、另一年补足，历年相抵为零",
                "paid short in one year and made up in another: nothing is left over the years",
            );
            let check =
                Bilingual::new("该户各年的发放记录", "the claimant's payments of all years");
            hits[at].legit.insert(0, LegitCheck { text, check, clears: Some(true) });
        }
    }
}

/// The gap of a hit on one row of one claimant, in yuan.
fn gap(hit: &RuleHit) -> Option<(Account, f64)> {
    let [share] = hit.shares.as_slice() else { return None };
    let gap = hit.numbers.iter().find(|m| m.name == "gap_yuan")?.value?;
    let claimant = share.claimant.clone()?;
    let account =
        (hit.rule.to_string(), share.village_code.clone(), share.programme.clone(), claimant);
    Some((account, gap))
}
