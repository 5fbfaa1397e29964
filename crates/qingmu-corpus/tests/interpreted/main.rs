//! Every file of the corpus, read and interpreted, against its truth: field by field, row by row, sum by sum.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where its preparation fails")]

mod compare;

use compare::Fault;
use qingmu_corpus::{CorpusFile, PLACES, Truth, corpus};
use qingmu_ingest::{Context, Mapping, VillageRow, Villages, interpret};
use qingmu_model::RegionLevels;
use qingmu_sheets::{ReadOptions, read_file};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Files that are not read as their truth says yet, with what is wrong. A new one fails the test, and so does one that
/// stands here and is right.
const KNOWN: [(&str, &str); 0] = [];

fn villages() -> Villages {
    let row = |place: &qingmu_corpus::Place| VillageRow {
        code: place.code.to_owned(),
        name: place.name.to_owned(),
        town: place.town.to_owned(),
    };
    Villages::new(PLACES.iter().map(row), 9)
}

/// What differs from the truth of one file.
fn faults(dir: &Path, file: &CorpusFile, villages: &Villages, levels: &RegionLevels) -> Vec<Fault> {
    let path = dir.join(&file.name);
    std::fs::write(&path, &file.bytes).unwrap();
    let options =
        ReadOptions { encoding: file.given.encoding.map(str::to_owned), ..ReadOptions::default() };
    let book = match (read_file(&path, &options), &file.truth) {
        (Ok(book), Truth::Sheets(_)) => book,
        (Err(refusal), Truth::Refused(words)) => {
            let refusal = refusal.to_string();
            return compare::words(&refusal, words);
        }
        (Ok(_), Truth::Refused(words)) => {
            return vec![Fault::plain(format!("read, but should say {words}"))];
        }
        (Err(refusal), Truth::Sheets(_)) => {
            return vec![Fault::plain(format!("refused: {refusal}"))];
        }
    };
    let Truth::Sheets(truths) = &file.truth else { return Vec::new() };
    let mapping = file.given.mapping.as_deref().map(|text| Mapping::from_toml(text).unwrap());
    let mut found = Vec::new();
    if book.sheets.len() != truths.len() {
        found.push(Fault::plain(format!(
            "{} sheets instead of {}",
            book.sheets.len(),
            truths.len()
        )));
    }
    for (sheet, truth) in book.sheets.iter().zip(truths) {
        let mut context = Context::new(&file.name, villages, levels);
        context.town = file.given.town;
        context.first_row = u64::from(!file.name.ends_with(".parquet"));
        context.table = file.given.table;
        context.mapping = mapping.as_ref();
        for (field, value) in &file.given.constants {
            context.constants.insert((*field).to_owned(), (*value).to_owned());
        }
        found.extend(match (interpret(sheet, &context), truth.refused) {
            (Ok(read), None) => compare::sheet(sheet, &read, truth),
            (Err(error), Some(words)) => compare::words(&error.to_string(), words),
            (Ok(_), Some(words)) => {
                vec![Fault::plain(format!("interpreted, but should say {words}"))]
            }
            (Err(error), None) => {
                vec![Fault::plain(format!("{} not interpreted: {error}", sheet.name))]
            }
        });
    }
    found
}

#[test]
fn the_corpus_is_large_and_every_file_has_its_name() {
    let all = corpus();
    let names: BTreeSet<&str> = all.iter().map(|f| f.name.as_str()).collect();
    assert_eq!(names.len(), all.len());
    assert!(all.len() >= 60, "{}", all.len());
    let contents: BTreeSet<&[u8]> = all.iter().map(|f| f.bytes.as_slice()).collect();
    assert_eq!(contents.len(), all.len(), "no two files are one");
    let traits: BTreeSet<&str> = all.iter().flat_map(|f| f.shows.iter().copied()).collect();
    assert!(traits.len() >= 50, "{}", traits.len());
}

#[test]
fn every_row_of_every_file_ends_where_it_must() {
    let dir = tempfile::tempdir().unwrap();
    let (villages, levels) = (villages(), RegionLevels::china());
    let mut wrong: BTreeMap<String, Vec<Fault>> = BTreeMap::new();
    for file in corpus() {
        let found = faults(dir.path(), &file, &villages, &levels);
        if !found.is_empty() {
            wrong.insert(file.name, found);
        }
    }
    let lines: Vec<String> = wrong
        .iter()
        .flat_map(|(name, list)| list.iter().map(move |f| format!("{name}: {f}")))
        .collect();
    let differing: Vec<&str> = wrong.keys().map(String::as_str).collect();
    let known: Vec<&str> = KNOWN.iter().map(|(name, _)| *name).collect();
    assert_eq!(differing, known, "{} files\n{}", wrong.len(), lines.join("\n"));
}
