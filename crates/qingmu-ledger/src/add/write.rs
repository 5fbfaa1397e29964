//! The steps on the disk, in the one order that survives a crash.

use super::{Added, Addition, Plan, settle::Settled};
use crate::{
    disk::{Disk, TEMPORARY},
    error::LedgerError,
    lock::LOCK,
    manifest::{MANIFEST, Manifest, REJECTS, SOURCES, source_file},
    part::HELD,
    rejects,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

/// Writes what is new, then the manifest that names it, then removes what it no longer names.
pub(super) fn commit(disk: Disk<'_>, settled: Settled) -> Result<Addition, LedgerError> {
    let Settled { root, before, after, files, accounts, addition, rejects } = settled;
    let known: BTreeSet<PathBuf> = before.files().into_iter().collect();
    for (name, bytes) in &files {
        // Equal bytes have equal names: what is there is what would be written.
        if !known.contains(Path::new(name)) {
            disk.whole(&root.join(name), bytes)?;
        }
    }
    for account in &accounts {
        let mut bytes = serde_json::to_vec_pretty(account)
            .map_err(|e| LedgerError::Encode { file: account.name.clone(), why: e.to_string() })?;
        bytes.push(b'\n');
        disk.whole(&root.join(source_file(&account.sha256)), &bytes)?;
    }
    disk.whole(&root.join(MANIFEST), &after.bytes()?)?;
    // From here on the addition holds, whatever happens; the next one finishes what is left.
    disk.whole(&root.join(REJECTS), &rejects)?;
    sweep(disk, &root, Some(&after))?;
    Ok(addition)
}

/// All files were there already: nothing but what a crash left undone is done.
pub(super) fn unchanged(disk: Disk<'_>, plan: Plan<'_>) -> Result<Addition, LedgerError> {
    let Plan { root, before, files, .. } = plan;
    let held = super::settle::all_held(&root, &before, &BTreeMap::new())?;
    let list = rejects::list(&root, &before, &[], &held)?;
    if before.generation > 0 {
        let bytes = rejects::csv(&list);
        if std::fs::read(root.join(REJECTS)).ok().as_ref() != Some(&bytes) {
            disk.whole(&root.join(REJECTS), &bytes)?;
        }
    }
    let added = files.into_iter().map(|(account, status)| Added {
        account,
        status,
        records: super::Ends::default(),
    });
    Ok(Addition {
        ledger: root,
        changed: false,
        generation: before.generation,
        files: added.collect(),
        replaced: Vec::new(),
        contradictions: super::settle::contradictions(&held),
        tables: super::settle::totals(&before),
        rejects: list.len() as u64,
        key_id: before.key_id,
    })
}

/// Removes what no manifest names: litter of a crash, and files that another generation replaced. A folder that
/// holds anything else without a manifest is refused.
pub(super) fn sweep(
    disk: Disk<'_>,
    root: &Path,
    manifest: Option<&Manifest>,
) -> Result<(), LedgerError> {
    let named: BTreeSet<PathBuf> =
        manifest.map(Manifest::files).unwrap_or_default().into_iter().collect();
    let mut litter = Vec::new();
    let tables = crate::tables::all().iter().map(|t| t.name);
    for folder in tables.chain([HELD, SOURCES]) {
        walk(root, Path::new(folder), &mut litter)?;
    }
    for name in litter.into_iter().filter(|name| !named.contains(name)) {
        if is_ours(&name) {
            disk.remove(&root.join(&name))?;
            tidy(root, &name);
        }
    }
    for entry in std::fs::read_dir(root).map_err(|e| LedgerError::io(root, e))? {
        let entry = entry.map_err(|e| LedgerError::io(root, e))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with(TEMPORARY) {
            disk.remove(&entry.path())?;
        } else if manifest.is_none() && ![LOCK, "qingmu.toml", REJECTS].contains(&name.as_str()) {
            return Err(LedgerError::Foreign { path: root.to_owned(), found: name });
        }
    }
    Ok(())
}

/// Whether the ledger gives files such names.
fn is_ours(name: &Path) -> bool {
    let file = name.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let hex = |text: &str, digits: usize| {
        text.len() == digits && text.bytes().all(|b| b.is_ascii_hexdigit())
    };
    let part = file.strip_prefix("part-").and_then(|f| f.strip_suffix(".parquet"));
    let account = file.strip_suffix(".json");
    file.starts_with(TEMPORARY)
        || part.is_some_and(|digest| hex(digest, 16))
        || account.is_some_and(|digest| hex(digest, 64))
}

/// Removes folders that a removed file leaves empty.
fn tidy(root: &Path, name: &Path) {
    for folder in name.ancestors().skip(1).filter(|f| !f.as_os_str().is_empty()) {
        // A folder with something in it stays.
        if std::fs::remove_dir(root.join(folder)).is_err() {
            return;
        }
    }
}

fn walk(root: &Path, folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), LedgerError> {
    let path = root.join(folder);
    let entries = match std::fs::read_dir(&path) {
        Ok(entries) => entries,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(e) => return Err(LedgerError::io(&path, e)),
    };
    for entry in entries {
        let entry = entry.map_err(|e| LedgerError::io(&path, e))?;
        let name = folder.join(entry.file_name());
        if entry.path().is_dir() {
            walk(root, &name, found)?;
        } else {
            found.push(name);
        }
    }
    // Only an empty one goes.
    let _ = std::fs::remove_dir(&path);
    Ok(())
}
