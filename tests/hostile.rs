//! Hostile files from the command line: each ends in rows, in rows with rejects, or in a refusal; the command never dies.
//!
//! `QINGMU_HOSTILE` says how many damaged files are tried and makes the cuts one per cent apart; by default there are 240
//! and the cuts are seven per cent apart. `benches/hostile.py` tries tens of thousands and measures time and memory.

use crate::running::{Ran, qingmu};
use qingmu_corpus::hostile::{Hostile, bombs, damaged, forged_parquet, seeds, truncated};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How many damaged files; whether every cut is tried.
fn extent() -> (usize, usize) {
    let number = std::env::var("QINGMU_HOSTILE").ok().and_then(|n| n.parse().ok());
    number.map_or((240, 7), |number| (number, 1))
}

fn inspect(dir: &Path, n: usize, file: &Hostile) -> Ran {
    let own = dir.join(n.to_string());
    std::fs::create_dir(&own).unwrap();
    std::fs::write(own.join(&file.name), &file.bytes).unwrap();
    let ran = qingmu(&own, &["inspect", &file.name]);
    std::fs::remove_dir_all(&own).unwrap();
    ran
}

/// Inspects all files, two at a time; what ended otherwise than it may.
fn survivors(count: usize, file: impl Fn(usize) -> Hostile + Sync) -> Vec<i32> {
    let temp = tempfile::tempdir().unwrap();
    let (next, codes) = (AtomicUsize::new(0), Mutex::new(vec![-1; count]));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    if n >= count {
                        break;
                    }
                    let file = file(n);
                    let ran = inspect(temp.path(), n, &file);
                    assert!(
                        [0, 3, 65].contains(&ran.code),
                        "{} number {n} ended with {}: {}",
                        file.name,
                        ran.code,
                        ran.err
                    );
                    assert!(!ran.err.contains("panicked"), "{} number {n}: {}", file.name, ran.err);
                    codes.lock().unwrap()[n] = ran.code;
                }
            });
        }
    });
    codes.into_inner().unwrap()
}

#[test]
fn what_asks_for_more_than_it_holds_is_refused_or_holds_what_it_shows() {
    let all = bombs();
    let codes = survivors(all.len(), |n| all[n].clone());
    let read: Vec<&str> =
        all.iter().zip(&codes).filter(|(_, c)| **c != 65).map(|(f, _)| f.name.as_str()).collect();
    // Two hold a good register: one with a container that nothing looks into, one whose header lies about a number that
    // the reader counts itself. The others hold no cell at all.
    assert_eq!(read, ["nested.xlsx", "deep.ods", "tables.xls", "commas.csv", "mark_only.csv"]);
}

#[test]
fn cut_files_are_refused_or_whole() {
    let (seeds, step) = (seeds(), extent().1);
    let cuts: Vec<(usize, usize)> =
        (0..seeds.len()).flat_map(|s| (0..100).step_by(step).map(move |p| (s, p))).collect();
    let codes = survivors(cuts.len(), |n| truncated(&seeds[cuts[n].0], cuts[n].1));
    // Text has no end mark: a file cut between two lines is a shorter file. Containers say where they end.
    for ((seed, per_cent), code) in cuts.iter().zip(codes) {
        let name = &seeds[*seed].name;
        assert!(
            code == 65 || name.ends_with("csv") || name.ends_with("tsv") || name.ends_with("xls"),
            "{name} at {per_cent} %"
        );
    }
}

#[test]
fn damaged_files_end_in_rows_or_in_a_refusal() {
    let seeds = seeds();
    let codes = survivors(extent().0, |n| damaged(&seeds[n % seeds.len()], n as u64));
    let refused = codes.iter().filter(|c| **c == 65).count();
    assert!(refused > 0 && refused < codes.len(), "{refused} of {} refused", codes.len());
}

/// A folder handed over as Parquet is scanned in this process: forged footers, of which some make the library panic, are
/// refused by name or read as they are, and nobody is told of an internal error.
#[test]
fn forged_parquet_in_a_scan_is_refused_by_name() {
    let good = seeds().into_iter().find(|s| s.name.ends_with("parquet")).unwrap().bytes;
    let base =
        "village_code,year,season,crop,area_mu,source\n990101101201,2024,S,wheat,200,land_survey\n";
    let temp = tempfile::tempdir().unwrap();
    let (count, next, refused) = (extent().0.min(2_000), AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    if n >= count {
                        break;
                    }
                    let dir = temp.path().join(n.to_string());
                    std::fs::create_dir(&dir).unwrap();
                    std::fs::write(dir.join("baselines.csv"), base).unwrap();
                    let bytes = forged_parquet(&good, n as u64);
                    std::fs::write(dir.join("claims.parquet"), bytes).unwrap();
                    let ran = qingmu(&dir, &["scan", ".", "--out", "out", "--max-rejects", "100"]);
                    assert!([0, 3, 65].contains(&ran.code), "{n}: {} {}", ran.code, ran.err);
                    assert!(!ran.err.contains("程序内部错误"), "{n}: {}", ran.err);
                    if ran.code == 65 {
                        assert!(ran.err.contains("claims.parquet"), "{n}: {}", ran.err);
                        refused.fetch_add(1, Ordering::Relaxed);
                    }
                    std::fs::remove_dir_all(&dir).unwrap();
                }
            });
        }
    });
    let refused = refused.into_inner();
    assert!(refused > count / 4 && refused < count, "{refused} of {count} refused");
}

#[test]
fn a_good_file_beside_a_hostile_one_is_still_told() {
    let temp = tempfile::tempdir().unwrap();
    let good = &seeds()[0];
    std::fs::write(temp.path().join("good.xlsx"), &good.bytes).unwrap();
    std::fs::write(temp.path().join("cut.xlsx"), &truncated(good, 50).bytes).unwrap();
    let ran = qingmu(temp.path(), &["inspect", "cut.xlsx", "good.xlsx", "--json"]);
    assert_eq!(ran.code, 65, "{}", ran.err);
    let document: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert!(document["files"][0]["refused"].is_object(), "{}", ran.out);
    assert_eq!(document["files"][1]["sheets"][0]["sheet"], "2024年");
}
