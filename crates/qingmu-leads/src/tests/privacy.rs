//! No id in clear in any output. All ids are invented: county 990001 does not exist.

use crate::build::build;
use crate::fixture::{context, on_account, on_approver, on_claimant, on_village, village};
use crate::{Order, write_csv, write_jsonl, write_parquet};
use qingmu_model::{ClaimantId, Grade, RuleHit, Tie};

fn id(n: u32) -> String {
    format!("9900011970{n:08}")
}

fn planted() -> Vec<RuleHit> {
    let mut hits: Vec<RuleHit> = ["V02", "T01", "V02"]
        .into_iter()
        .zip(1..)
        .map(|(rule, n)| on_village(rule, Grade::E2, &village(n), 2022, 10, 1_000))
        .collect();
    for n in 0..400 {
        let (v, w) = (village(n % 9 + 1), village((n + 1) % 9 + 1));
        hits.push(on_claimant("C06", Grade::E1, &id(n), 2022, &[(&v, 5, 500), (&w, 6, 600)]));
    }
    for n in 400..700 {
        let (other, account) = (id(n), format!("62170000{}", id(n)));
        hits.push(on_account(&account, 2022, &village(n % 9 + 1), &[(&other, 50), ("p", 60)]));
    }
    for n in 700..1_000 {
        let (v, w) = (village(1), village(2));
        hits.push(on_approver(&id(n), 2022, &[(&v, 5), (&w, 5)]));
    }
    hits
}

#[test]
fn a_thousand_ids_stay_masked() -> Result<(), Box<dyn std::error::Error>> {
    let mut context = context();
    for n in 1..=3 {
        let approvers = vec![(ClaimantId::new(id(999)), crate::fixture::mu(100))];
        context.approvers.insert((village(n), 2022), approvers);
    }
    let leads = build(planted(), &context);
    let tie = Tie::Approver { approver: ClaimantId::new(id(999)) };
    assert!(leads.iter().any(|l| l.ties.contains(&tie)), "the ids are in the leads");
    let mut out = Vec::new();
    write_jsonl(&leads, &mut out)?;
    write_csv(&leads, Order::Score, &mut out)?;
    let text = String::from_utf8(out)?;
    assert!(text.contains("9900**********0999"), "masked, not left out");
    let mut parquet = Vec::new();
    write_parquet(&leads, Order::Score, &mut parquet)?;
    // Parquet is compressed: read it back.
    let read = super::output::parquet_cells(&parquet)?.join("\n");
    let debug = format!("{leads:?}");
    for n in 0..1_000 {
        for place in [&text, &read, &debug] {
            // Without its first and last four characters, which the mask shows.
            assert!(!place.contains(&id(n)[4..14]), "{n}");
        }
    }
    Ok(())
}
