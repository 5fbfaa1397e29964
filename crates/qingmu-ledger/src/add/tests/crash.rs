//! A failure at every step of every addition leaves the ledger before it or after it, never between.

use super::{VILLAGES, claims, east, south};
use crate::{Ledger, disk::Disk, fixture::Office};
use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicU64, Ordering},
};

/// Rows of every table as the manifest names them, and whether every named file is there.
fn state(office: &Office) -> Option<(u64, BTreeMap<String, u64>)> {
    let ledger = Ledger::open(&office.ledger).unwrap();
    let manifest = ledger.manifest()?;
    let mut rows = BTreeMap::new();
    for (name, parts) in manifest.tables.iter().chain(&manifest.held) {
        let table = crate::tables::find(name).unwrap();
        for part in parts {
            let held = part.file.starts_with("_held");
            let path = office.ledger.join(&part.file);
            let found = if held {
                crate::part::held(table, &path).unwrap().len()
            } else {
                crate::part::standing(table, &path).unwrap().len()
            };
            assert_eq!(found as u64, part.rows, "{}", part.file);
            *rows.entry(format!("{held} {name}")).or_default() += part.rows;
        }
    }
    for source in &manifest.sources {
        let path = office.ledger.join(crate::manifest::source_file(&source.sha256));
        assert!(path.exists(), "{}", source.name);
    }
    Some((manifest.generation, rows))
}

#[test]
fn every_step_may_fail() {
    let (east, south) = (east(), south());
    let second = claims(&[(1, "东沟村", "小麦", "3.5"), (8, "南庄村", "小麦", "1")]);
    let first: &[(&str, &str)] = &[("甲.csv", &east), ("村.csv", VILLAGES)];
    let then: &[(&str, &str)] = &[("乙.csv", &second), ("丙.csv", &south)];
    let whole = Office::new();
    whole.add(first);
    whole.add(then);
    let (mut failed, mut held_back) = (0, 0);
    for fail_at in 0_u64.. {
        let office = whole.beside("crash");
        let count = AtomicU64::new(0);
        // A power cut: from this step on nothing reaches the disk.
        let cut = |what: &str, _: &std::path::Path| {
            if count.fetch_add(1, Ordering::Relaxed) >= fail_at {
                Err(std::io::Error::other(format!("cut before {what}")))
            } else {
                Ok(())
            }
        };
        let one = office.read(first);
        if office.add_on(Disk::watched(&cut), &one).is_err() {
            failed += 1;
            assert!(state(&office).is_none_or(|(generation, _)| generation == 1));
            office.add_on(Disk::real(), &one).unwrap();
        }
        let before = state(&office);
        assert_eq!(before.as_ref().map(|(generation, _)| *generation), Some(1));
        count.store(0, Ordering::Relaxed);
        let two = office.read(then);
        let done = office.add_on(Disk::watched(&cut), &two);
        let after = state(&office);
        if done.is_err() {
            failed += 1;
            held_back += u64::from(after == before);
            let holds = after.as_ref().is_some_and(|(generation, _)| *generation == 2);
            assert!(after == before || holds, "step {fail_at}: {after:?}");
            office.add_on(Disk::real(), &two).unwrap();
        }
        assert_eq!(office.data(), whole.data(), "step {fail_at}: finished by the next addition");
        if done.is_ok() {
            break;
        }
    }
    assert!(failed > 60 && held_back > 20, "{failed} failures, {held_back} before the rename");
}
