//! The entry points of the fuzz targets without a fuzzer: seeded damage to good input, on any compiler.
//!
//! `QINGMU_FUZZ_ROUNDS` says how many inputs each entry gets; 40 by default.

#![allow(clippy::unwrap_used, reason = "a test stops where its preparation fails")]
#![allow(clippy::disallowed_methods, reason = "how long a test runs is no setting of the program")]

#[path = "../../../fuzz/entry.rs"]
mod entry;

use qingmu_corpus::hostile::{Hostile, damaged};
use qingmu_corpus::write::{self, Encoding, Format, ods, xls, xlsx};
use qingmu_corpus::{corpus, register};

/// Rounds per entry.
fn rounds() -> u64 {
    std::env::var("QINGMU_FUZZ_ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(40)
}

/// Good input first, then damaged.
fn loops(seeds: &[Vec<u8>], entry: fn(&[u8])) {
    for seed in seeds {
        entry(seed);
    }
    for round in 0..rounds() {
        let seed = &seeds[usize::try_from(round).unwrap() % seeds.len()];
        entry(&damaged(&Hostile { name: String::new(), bytes: seed.clone() }, round).bytes);
    }
}

fn xlsx_part(name: &str) -> Vec<Vec<u8>> {
    let parts = xlsx::parts(&[register(Format::Xlsx)]);
    parts.into_iter().filter(|(n, _)| n == name).map(|(_, content)| content).collect()
}

#[test]
fn whole_files() {
    let seeds: Vec<Vec<u8>> =
        qingmu_corpus::hostile::seeds().into_iter().map(|s| s.bytes).collect();
    loops(&seeds, entry::any_file);
}

#[test]
fn worksheets_and_strings() {
    loops(&xlsx_part("xl/worksheets/sheet1.xml"), entry::xlsx_sheet);
    loops(&xlsx_part("xl/sharedStrings.xml"), entry::xlsx_strings);
}

#[test]
fn open_document_content() {
    let content = ods::content(&ods::table(&register(Format::Ods)));
    loops(&[content.into_bytes()], entry::ods_content);
}

#[test]
fn old_streams() {
    loops(&[xls::book8(&[register(Format::Xls)])], entry::xls_stream);
}

#[test]
fn text_tables() {
    let text = write::csv(&register(Format::Csv(Encoding::Utf8)));
    let seeds: Vec<Vec<u8>> = (0..7_u8).map(|n| [&[n], text.as_bytes()].concat()).collect();
    loops(&seeds, entry::text);
}

#[test]
fn parquet_files() {
    let file = write::parquet(&register(Format::Parquet));
    loops(&[file[4..file.len() - 4].to_vec()], entry::parquet);
}

#[test]
fn headers() {
    let texts = corpus().into_iter().filter(|f| f.name.contains("utf8"));
    let mut seeds: Vec<Vec<u8>> = texts.map(|f| f.bytes).collect();
    seeds.push("单位：亩、元\n村,姓名,身份证号,面积,,,补贴金额\n,,,小麦,玉米,小计,\n东沟村,赵甲,x,#1,2,3,#9\n合计,,,#1,2,3,9".into());
    loops(&seeds, entry::header);
}

#[test]
fn mappings_and_cells() {
    let mapping = "table = \"claims\"\narea_unit = \"公顷\"\n[constants]\nyear = \"2024\"\n[[column]]\nheader = \"面积\"\nfield = \"area_mu\"\ncrop = \"小麦\"\nunit = \"亩\"\n";
    loops(&[mapping.into()], entry::mapping);
    let cells = [
        "3.5亩",
        "１２．５",
        "1,234.50",
        "2024年3月5日",
        "610423197001011230",
        "6.10423E+17",
        "62999900000000010",
    ];
    loops(&cells.map(|c| c.as_bytes().to_vec()), entry::cells);
}
