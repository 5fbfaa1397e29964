//! Ids are checked before anything may compare them, and leave as pseudonyms.

use super::*;
use qingmu_cells::{MasterKey, Pseudonyms};

fn ledger(ids: &[String]) -> RawSheet {
    let head = "2024年耕地地力保护补贴\n村,姓名,身份证号,补贴面积(亩),补贴金额(元)".to_owned();
    let lines = ids.iter().map(|id| format!("东沟村,某某,{id},1,70"));
    sheet(&std::iter::once(head).chain(lines).collect::<Vec<_>>().join("\n"))
}

fn valid(n: u64) -> Option<String> {
    let day = 1 + n % 28;
    let first =
        format!("6104231970{:02}{day:02}{:03}", 1 + n / 28 % 12, (n * 37 + n / 42_000) % 1000);
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = first.bytes().zip(weights).map(|(b, w)| u32::from(b - b'0') * w).sum();
    let check = "10X98765432".chars().nth((sum % 11) as usize)?;
    Some(format!("{first}{check}"))
}

#[test]
fn no_damaged_id_is_kept_and_no_honest_one_lost_but_those_that_look_rounded() {
    // Every twentieth id has lost what a spreadsheet loses.
    let ids: Vec<String> = (0..300_000).filter_map(valid).collect();
    let damaged: Vec<String> = ids
        .iter()
        .enumerate()
        .map(|(n, id)| if n % 20 == 7 { format!("{}000", &id[..15]) } else { id.clone() })
        .collect();
    let read = run(&ledger(&damaged), &context()).unwrap();
    let kept: Vec<String> = table(&read, &["claimant_id"]);
    let honest: std::collections::BTreeSet<&String> = ids.iter().collect();
    assert!(kept.iter().all(|id| honest.contains(id) && !id.ends_with("000")));
    let distinct: std::collections::BTreeSet<&String> = kept.iter().collect();
    assert_eq!(distinct.len(), kept.len(), "no two persons became one");
    let honest_lost =
        damaged.iter().enumerate().filter(|(n, id)| n % 20 != 7 && id.ends_with("000")).count();
    assert_eq!(read.rejects.len(), 15_000 + honest_lost);
    assert!(honest_lost < 400, "{honest_lost}");
}

#[test]
fn with_a_key_no_clear_id_leaves() {
    let dir = tempfile::tempdir().unwrap();
    let key = MasterKey::generate(&dir.path().join("k")).unwrap();
    let keyed = Pseudonyms::new(&key);
    let ids: Vec<String> = (0..1_000).filter_map(valid).collect();
    let mut sheet = ledger(&ids);
    // An id in a wrong column is masked as well.
    sheet.rows.get_mut(&5).unwrap().get_mut(&3).unwrap().value =
        qingmu_sheets::Value::Text(ids[3].clone());
    sheet.rows.get_mut(&6).unwrap().get_mut(&0).unwrap().value =
        qingmu_sheets::Value::Text(format!("{}村", ids[4]));
    let context = Context { pseudonyms: Some(&keyed), ..context() };
    let read = run(&sheet, &context).unwrap();
    let text = format!(
        "{read:?} {:?} {}",
        table(&read, &["claimant_id", "claim_id"]),
        rejects(&read).join(" ")
    );
    for id in &ids {
        assert!(!text.contains(id.as_str()), "{id}");
    }
    assert!(table(&read, &["claimant_id"]).iter().all(|p| p.starts_with(keyed.key_id())));
}
