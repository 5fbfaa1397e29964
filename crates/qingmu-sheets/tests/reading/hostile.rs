//! Files made to break a reader: each ends in a table or a refusal, in a process that keeps its limits.

use crate::make::{self, ods, register, sheet, t, xls, xlsx};
use crate::{isolated, refused};
use proptest::prelude::Rng as _;
use proptest::test_runner::{RngAlgorithm, TestRng};
use qingmu_sheets::{IngestError, Limits, RawSheet, RawWorkbook, ReadOptions, RefusalCode, Value};

/// Room enough for small files, far too little for what hostile ones ask for.
fn narrow() -> ReadOptions {
    let limits =
        Limits { address_space: 256 << 20, cpu_seconds: 10, wall_seconds: 60, ..Limits::default() };
    ReadOptions { encoding: None, limits }
}

/// A table, or nothing where the file was refused; anything else fails.
fn survived(result: Result<RawWorkbook, IngestError>) -> Option<Vec<RawSheet>> {
    match result {
        Ok(book) => Some(book.sheets),
        Err(error @ IngestError::Refused { .. }) => {
            assert_eq!(error.exit_code(), 65);
            None
        }
        Err(other) => panic!("{other}"),
    }
}

fn cases() -> [(&'static str, Vec<u8>); 4] {
    [
        ("a.xlsx", xlsx::file(&register())),
        ("b.xls", xls::file(&register())),
        ("c.xls", xls::file5(&register())),
        ("d.ods", ods::file(&register())),
    ]
}

#[test]
fn one_cell_in_the_last_corner_costs_nothing() {
    let corner = |row, col| vec![sheet("表", &[(row, col, Value::Number(1.0))])];
    let last = corner(1_048_575, 16_383);
    assert_eq!(survived(isolated("a.xlsx", &xlsx::file(&last), &narrow())), Some(last.clone()));
    let old = corner(65_535, 255);
    assert_eq!(survived(isolated("a.xls", &xls::file(&old), &narrow())), Some(old));
    let rows = "<table:table-row table:number-rows-repeated=\"1048575\"><table:table-cell/></table:table-row>\
        <table:table-row><table:table-cell table:number-columns-repeated=\"16383\"/><table:table-cell \
        office:value-type=\"float\" office:value=\"1\"/></table:table-row>";
    let file = ods::with_tables(&ods::wrap("表", "ta1", rows));
    assert_eq!(survived(isolated("a.ods", &file, &narrow())), Some(last));
}

#[test]
fn a_file_cut_at_any_per_cent_is_refused_or_whole() {
    for (name, bytes) in cases() {
        for percent in 0..100 {
            let cut = &bytes[..bytes.len() * percent / 100];
            if let Some(sheets) = survived(isolated(name, cut, &narrow())) {
                assert_eq!(sheets, register(), "{name} at {percent} %");
            }
        }
    }
}

#[test]
fn flipped_bits_in_a_container_never_change_a_cell() {
    let mut rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut refusals = 0;
    for (name, bytes) in cases().into_iter().filter(|(n, _)| !n.ends_with("xls")) {
        for round in 0..500 {
            let mut flipped = bytes.clone();
            let at = rng.next_u32() as usize % flipped.len();
            flipped[at] ^= 1 << (rng.next_u32() % 8);
            match survived(isolated(name, &flipped, &narrow())) {
                Some(sheets) => assert_eq!(sheets, register(), "{name} round {round} byte {at}"),
                None => refusals += 1,
            }
        }
    }
    assert!(refusals > 500, "checksums catch most flips: {refusals}");
}

#[test]
fn flipped_bits_in_old_workbooks_end_in_a_table_or_a_refusal() {
    let mut rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[8; 32]);
    let (mut tables, mut refusals) = (0, 0);
    for (name, bytes) in cases().into_iter().filter(|(n, _)| n.ends_with("xls")) {
        for _ in 0..500 {
            let mut flipped = bytes.clone();
            for _ in 0..=rng.next_u32() % 4 {
                let at = rng.next_u32() as usize % flipped.len();
                flipped[at] ^= 1 << (rng.next_u32() % 8);
            }
            match survived(isolated(name, &flipped, &narrow())) {
                Some(_) => tables += 1,
                None => refusals += 1,
            }
        }
    }
    assert!(tables > 0 && refusals > 0, "{tables} tables, {refusals} refusals");
}

#[test]
fn overlapping_parts_are_refused() {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in xlsx::parts(&register()) {
        writer.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut writer, &content).unwrap();
    }
    for copy in 0..50 {
        writer.shallow_copy_file("xl/sharedStrings.xml", &format!("xl/copy{copy}.xml")).unwrap();
    }
    let bytes = writer.finish().unwrap().into_inner();
    let refusal = refused(isolated("a.xlsx", &bytes, &narrow()));
    assert_eq!(refusal.code, RefusalCode::Damaged);
    assert_eq!(refusal.what.zh, "压缩包目录与内容不符");
}

#[test]
fn a_part_that_is_larger_than_its_directory_says_is_refused() {
    let mut parts = xlsx::parts(&register());
    parts.push(("xl/media/a.xml".into(), vec![b' '; 8 << 20]));
    let mut bytes = make::zip(&parts);
    let entry = bytes.windows(14).rposition(|w| w == b"xl/media/a.xml").unwrap() - 46;
    bytes[entry + 24..entry + 28].copy_from_slice(&100u32.to_le_bytes());
    assert_eq!(refused(isolated("a.xlsx", &bytes, &narrow())).code, RefusalCode::Damaged);
}

#[test]
fn a_part_that_is_named_otherwise_in_its_own_header_is_refused() {
    let mut bytes = xlsx::file(&register());
    // Without its styles a workbook still opens, and every date turns into a number.
    let name = bytes.windows(13).rposition(|w| w == b"xl/styles.xml").unwrap();
    bytes[name + 3] = b'z';
    let refusal = refused(isolated("a.xlsx", &bytes, &narrow()));
    assert_eq!(refusal.code, RefusalCode::Damaged);
    assert_eq!(refusal.what.en, "the container's directory does not fit its content");
}

#[test]
fn entities_are_not_expanded() {
    let laughs = "<!DOCTYPE s [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>\
                  <sst><si><t>&b;&b;&b;&b;</t></si></sst>";
    let mut parts = xlsx::parts(&[sheet("表", &[(0, 0, t("a"))])]);
    xlsx::replace(&mut parts, "xl/sharedStrings.xml", laughs);
    let refusal = refused(isolated("a.xlsx", &make::zip(&parts), &narrow()));
    assert_eq!(refusal.code, RefusalCode::Damaged);
    let row = "<table:table-row><table:table-cell><text:p>&b;</text:p></table:table-cell></table:table-row>";
    let file = ods::with_tables(&ods::wrap("表", "ta1", row));
    let refusal = refused(isolated("a.ods", &file, &narrow()));
    assert_eq!(refusal.what.zh, "content.xml 的 XML 损坏");
}

#[test]
fn chains_of_sectors_that_bite_their_tail_end() {
    let mut bytes = xls::file(&register());
    // The allocation table is the last sector: every sector follows itself.
    let fat = bytes.len() - 512;
    for (sector, word) in bytes[fat..].chunks_exact_mut(4).enumerate() {
        word.copy_from_slice(&u32::try_from(sector).unwrap().to_le_bytes());
    }
    assert_eq!(refused(isolated("a.xls", &bytes, &narrow())).code, RefusalCode::Damaged);
}
