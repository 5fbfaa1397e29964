//! Writes the three raw files that the README starts from into a folder: 台账.xls (lists of claims under merged headers,
//! names of villages and no codes), 年鉴.csv in GB18030, 村名录.csv.
//!
//! `cargo run -p qingmu-ledger --example raw_files -- 原始表`. Places are real, every person, account and figure is
//! invented.

#![allow(clippy::unwrap_used, clippy::panic, reason = "an example stops where it cannot go on")]

use std::path::PathBuf;

#[allow(dead_code, reason = "the tests use the rest of it")]
#[path = "../tests/office/mod.rs"]
mod office;

fn main() {
    let folder: PathBuf = std::env::args_os().nth(1).unwrap_or_else(|| "原始表".into()).into();
    std::fs::create_dir_all(&folder).unwrap();
    office::raw_files(&qingmu_synth::county(&qingmu_synth::CountyOptions::default()), &folder);
}
