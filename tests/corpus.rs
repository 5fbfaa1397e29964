//! The corpus from the command line down to the ledger: every row of every file ends where its truth says, every sum
//! comes out, and no wrong value is kept. Persons, villages and figures are invented.

use crate::ledger_rows::{Key, Stored, rows};
use crate::running::{copy, files, qingmu};
use qingmu_corpus::{CorpusFile, Record, SheetTruth, Truth, corpus, villages_csv};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Files that do not end as their truth says yet, with what is wrong. A new one fails the test, and so does one that
/// stands here and is right.
const KNOWN: [(&str, &str); 0] = [];

/// A folder with the key and a ledger that holds the villages alone.
fn prepared(dir: &Path) -> Key {
    let key = Key::new(dir);
    std::fs::write(dir.join("villages.csv"), villages_csv()).unwrap();
    let ran = qingmu(dir, &["ingest", "villages.csv", "--out", "villages", "--key", "test.key"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    key
}

/// Runs every file through `check`, two at a time, and gathers what is wrong.
fn each(
    files: &[CorpusFile],
    check: impl Fn(usize, &CorpusFile) -> Vec<String> + Sync,
) -> Vec<String> {
    let (next, wrong) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some((n, file)) = {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    files.get(n).map(|f| (n, f))
                } {
                    let found: Vec<String> =
                        check(n, file).into_iter().map(|w| format!("{}: {w}", file.name)).collect();
                    wrong.lock().unwrap().extend(found);
                }
            });
        }
    });
    let mut wrong = wrong.into_inner().unwrap();
    wrong.sort();
    wrong
}

/// Options that state what is stated beside a file.
fn stated(dir: &Path, file: &CorpusFile) -> Vec<String> {
    let mut args = Vec::new();
    for (field, value) in
        file.given.town.map(|town| ("town", town)).iter().chain(&file.given.constants)
    {
        args.extend(["--set".to_owned(), format!("{field}={value}")]);
    }
    if let Some(table) = file.given.table {
        args.extend(["--table".to_owned(), table.to_owned()]);
    }
    if let Some(mapping) = &file.given.mapping {
        std::fs::write(dir.join("map.toml"), mapping).unwrap();
        args.extend(["--map".to_owned(), "map.toml".to_owned()]);
    }
    args
}

/// What must become of a file as a whole.
fn exit(file: &CorpusFile) -> i32 {
    let Truth::Sheets(sheets) = &file.truth else { return 65 };
    // A sheet without a table is no reason to refuse the others.
    let read = sheets.iter().any(|s| s.refused.is_none());
    let refused = sheets
        .iter()
        .any(|s| s.refused.is_some_and(|w| !(read && (s.aside || w.contains("表头")))));
    let waiting = sheets.iter().any(|s| !s.rejected.is_empty());
    if refused {
        65
    } else if waiting {
        3
    } else {
        0
    }
}

#[test]
fn every_file_of_the_corpus_ends_in_the_ledger_as_its_truth_says() {
    let temp = tempfile::tempdir().unwrap();
    let key = prepared(temp.path());
    let wrong = each(&corpus(), |n, file| {
        let dir = temp.path().join(n.to_string());
        copy(&temp.path().join("villages"), &dir.join("ledger"));
        std::fs::write(dir.join(&file.name), &file.bytes).unwrap();
        let key_path = key.path.display().to_string();
        let mut args = vec![
            "ingest",
            &file.name,
            "--out",
            "ledger",
            "--key",
            &key_path,
            "--max-rejects",
            "100",
            "--json",
        ];
        let more = stated(&dir, file);
        args.extend(more.iter().map(String::as_str));
        let before = files(&dir.join("ledger"));
        let ran = qingmu(&dir, &args);
        let mut wrong = Vec::new();
        if ran.code != exit(file) {
            return vec![format!("ended with {} instead of {}: {}", ran.code, exit(file), ran.err)];
        }
        if ran.code == 65 {
            if files(&dir.join("ledger")) != before {
                wrong.push("refused, and the ledger is another".to_owned());
            }
            return wrong;
        }
        let Truth::Sheets(truths) = &file.truth else { return wrong };
        let document: Value = serde_json::from_str(&ran.out).unwrap();
        wrong.extend(accounts(&document, truths));
        wrong.extend(listed(&dir.join("ledger/rejects.csv"), truths));
        wrong.extend(ledger(&dir.join("ledger"), file, truths, &key));
        std::fs::remove_dir_all(&dir).unwrap();
        wrong
    });
    let differing: BTreeSet<&str> =
        wrong.iter().filter_map(|line| line.split_once(": ")).map(|(name, _)| name).collect();
    let known: BTreeSet<&str> = KNOWN.iter().map(|(name, _)| *name).collect();
    assert_eq!(differing, known, "{}", wrong.join("\n"));
}

/// The account of each sheet against the truth, in rows, mu and yuan.
fn accounts(document: &Value, truths: &[SheetTruth]) -> Vec<String> {
    let mut wrong = Vec::new();
    let sheets = document["files"][0]["account"]["sheets"].as_array().unwrap();
    for truth in truths.iter().filter(|t| t.refused.is_none()) {
        let Some(sheet) = sheets.iter().find(|s| s["sheet"] == truth.sheet.as_str()) else {
            wrong.push(format!("{}: no account", truth.sheet));
            continue;
        };
        let rejected = (
            truth.rejected.iter().map(|r| r.area).sum(),
            truth.rejected.iter().map(|r| r.fen).sum(),
        );
        for (class, rows, area, fen) in [
            ("kept", truth.kept_rows, truth.area, truth.fen),
            ("quarantined", truth.rejected.len() as u64, rejected.0, rejected.1),
        ] {
            let wanted = (rows, area, fen);
            let account = &sheet[class];
            let raw = |field: &str, scale| exact(&account[field].to_string(), scale);
            let got = (
                account["rows"].as_u64().unwrap_or_default(),
                raw("area_mu", 4),
                raw("amount_yuan", 2),
            );
            if got != wanted {
                wrong.push(format!("{}: {class} {got:?} instead of {wanted:?}", truth.sheet));
            }
        }
        if sheet["read"]["rows"].as_u64() != Some(truth.rows()) {
            wrong.push(format!(
                "{}: {} rows read instead of {}",
                truth.sheet,
                sheet["read"]["rows"],
                truth.rows()
            ));
        }
    }
    wrong
}

/// A decimal number as a whole number of 10^-scale.
fn exact(text: &str, scale: usize) -> i64 {
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    format!("{whole}{rest:0<scale$}").parse().unwrap()
}

/// `rejects.csv` against the truth: place and class of every row that waits.
fn listed(path: &Path, truths: &[SheetTruth]) -> Vec<String> {
    let mut wanted: Vec<(String, u64, String, String)> = truths
        .iter()
        .flat_map(|t| {
            t.rejected.iter().map(|r| (t.sheet.clone(), r.row, r.column.clone(), r.code.to_owned()))
        })
        .collect();
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let mut got: Vec<(String, u64, String, String)> = reader
        .records()
        .map(|r| r.unwrap())
        .map(|r| (r[1].to_owned(), r[2].parse().unwrap(), r[3].to_owned(), r[5].to_owned()))
        .collect();
    wanted.sort();
    got.sort();
    if got == wanted {
        Vec::new()
    } else {
        vec![format!("rejects.csv has {got:?} instead of {wanted:?}")]
    }
}

/// Rows of the ledger against the truth, field by field.
fn ledger(ledger: &Path, file: &CorpusFile, truths: &[SheetTruth], key: &Key) -> Vec<String> {
    let mut wrong = Vec::new();
    for truth in truths.iter().filter(|t| t.refused.is_none()) {
        let place = |row: &Stored| {
            let get = |name: &str| row.get(name).cloned().unwrap_or_default();
            (get("source_file") == file.name && get("source_sheet") == truth.sheet)
                .then(|| (get("source_row"), get("crop")))
        };
        let mut found: BTreeMap<(String, String), Stored> = BTreeMap::new();
        for row in rows(ledger, truth.table) {
            if let Some(place) = place(&row)
                && found.insert(place.clone(), row).is_some()
            {
                wrong.push(format!("{place:?} stands in the ledger twice"));
            }
        }
        // A village that the ledger had before stands at its first place.
        let known = truth.table == "villages";
        for (row, record) in &truth.kept {
            let crop = record.get("crop").cloned().unwrap_or_default();
            match found.remove(&(row.to_string(), crop)) {
                Some(stored) => wrong.extend(differences(truth.table, *row, &stored, record, key)),
                None if known => {}
                None => wrong.push(format!("{} row {row} is not in the ledger", truth.sheet)),
            }
        }
        wrong
            .extend(found.into_iter().map(|(place, row)| format!("KEPT WRONG {place:?}: {row:?}")));
    }
    wrong
}

/// The fields of one row that are not as the file has them.
fn differences(table: &str, row: u64, stored: &Stored, record: &Record, key: &Key) -> Vec<String> {
    let mut wanted: BTreeMap<String, String> = BTreeMap::new();
    for (field, clear) in record {
        let (field, text) = match *field {
            "claim_id" if table == "claims" => ("stated_id", clear.clone()),
            "claimant_name" => ("claimant_name", qingmu_model::mask_name(clear)),
            "account" => ("account", key.account(clear)),
            "household_id" => ("household_id", key.household(clear)),
            person @ ("claimant_id" | "relative_of" | "holder_id" | "from_id" | "to_id"
            | "account_holder" | "person_id" | "inspector_id" | "recorder_id"
            | "approver_id") => (person, key.person(clear)),
            other => (other, clear.clone()),
        };
        wanted.insert(field.to_owned(), text);
    }
    // What the ledger adds of its own; instalments are no part of the truth.
    let made = |name: &str| {
        let own = ["derived", "independent", "batch_no"].contains(&name);
        own || name.starts_with("source_") || (table == "claims" && name == "claim_id")
    };
    let mut wrong = Vec::new();
    for (field, value) in
        stored.iter().filter(|(name, _)| !made(name) || wanted.contains_key(*name))
    {
        let value = if field == "share" { value.trim_end_matches(".0") } else { value };
        if wanted.get(field).map(String::as_str) != Some(value) {
            wrong.push(format!(
                "KEPT WRONG row {row} {field} = {value} instead of {:?}",
                wanted.get(field)
            ));
        }
    }
    let lost = wanted.iter().filter(|(name, _)| !stored.contains_key(*name));
    wrong.extend(lost.map(|(name, value)| format!("row {row} lost {name} = {value}")));
    wrong
}

#[test]
fn the_order_of_coming_does_not_matter_and_copies_count_once() {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path();
    prepared(dir);
    let same: Vec<CorpusFile> =
        corpus().into_iter().filter(|f| f.name.starts_with("同一台账")).collect();
    assert_eq!(same.len(), 10);
    for file in &same {
        std::fs::write(dir.join(&file.name), &file.bytes).unwrap();
    }
    let Truth::Sheets(truth) = &same[0].truth else { panic!("the register is read") };
    let ingest = |names: &[&str], out: &str| {
        copy(&dir.join("villages"), &dir.join(out));
        for chunk in names.chunks(4) {
            let args =
                [&["ingest"], chunk, &["--out", out, "--key", "test.key", "--set", "town=甲山镇"]]
                    .concat();
            let ran = qingmu(dir, &args);
            assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
        }
        let mut rows = rows(&dir.join(out), "claims");
        for row in &mut rows {
            row.retain(|name, _| !name.starts_with("source_") && name != "claim_id");
        }
        rows.sort();
        rows
    };
    let names: Vec<&str> = same.iter().map(|f| f.name.as_str()).collect();
    let forward = ingest(&names, "forward");
    assert_eq!(forward.len(), truth[0].kept.len(), "ten files, one register");
    let backward: Vec<&str> = names.into_iter().rev().collect();
    assert_eq!(ingest(&backward, "backward"), forward);
}
