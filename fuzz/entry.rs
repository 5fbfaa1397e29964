//! What the fuzz targets call, and what a seeded test calls without a fuzzer: any bytes end in rows that close or in a
//! refusal, never in a panic.

#![allow(dead_code, reason = "every target calls one of these")]
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a broken promise stops the target")]

use qingmu_corpus::{PLACES, Sheet, write};
use qingmu_ingest::{
    Context, IdRule, Mapping, VillageRow, Villages, interpret, read_account, read_amount,
    read_date, read_id,
};
use qingmu_model::RegionLevels;
use qingmu_sheets::{Cell, Limits, RawSheet, ReadOptions, Value, read_file};
use std::sync::LazyLock;

static VILLAGES: LazyLock<Villages> = LazyLock::new(|| {
    let row = |place: &qingmu_corpus::Place| VillageRow {
        code: place.code.to_owned(),
        name: place.name.to_owned(),
        town: place.town.to_owned(),
    };
    Villages::new(PLACES.iter().map(row), 9)
});
static LEVELS: LazyLock<RegionLevels> = LazyLock::new(RegionLevels::china);

/// Any bytes under a name without an ending.
pub(crate) fn any_file(bytes: &[u8]) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("file");
    std::fs::write(&path, bytes).unwrap();
    let limits = Limits { cells: 200_000, unpacked_bytes: 64 << 20, ..Limits::default() };
    let options = ReadOptions { limits, ..ReadOptions::default() };
    let read = || read_file(&path, &options);
    // The Parquet library panics on some forged metadata: in the reading process that is a refused file. Own readers
    // have no such excuse.
    let book = if bytes.starts_with(b"PAR1") { std::panic::catch_unwind(read) } else { Ok(read()) };
    let Ok(Ok(book)) = book else { return };
    for sheet in &book.sheets {
        accounted(sheet);
    }
}

/// A sheet that was read is refused, or its rows close.
fn accounted(sheet: &RawSheet) {
    for table in [None, Some("claims"), Some("baselines"), Some("persons")] {
        let mut context = Context::new("file", &VILLAGES, &LEVELS);
        context.table = table;
        if let Ok(read) = interpret(sheet, &context) {
            assert!(read.closes(), "{table:?}");
            let text = read.mapping.to_toml().expect("every mapping can be written");
            Mapping::from_toml(&text).expect("and read again");
        }
    }
}

/// The XML of a worksheet inside a good workbook.
pub(crate) fn xlsx_sheet(bytes: &[u8]) {
    part("xl/worksheets/sheet1.xml", bytes);
}

/// The XML of shared strings inside a good workbook.
pub(crate) fn xlsx_strings(bytes: &[u8]) {
    part("xl/sharedStrings.xml", bytes);
}

fn part(name: &str, bytes: &[u8]) {
    let mut sheet = Sheet::new("表");
    sheet.put(0, 0, "村");
    let mut parts = write::xlsx::parts(&[sheet]);
    parts.iter_mut().filter(|(n, _)| n == name).for_each(|p| p.1 = bytes.to_vec());
    any_file(&write::zip(&parts));
}

/// The XML of the content of an OpenDocument spreadsheet.
pub(crate) fn ods_content(bytes: &[u8]) {
    any_file(&write::ods::with_content(bytes));
}

/// The stream of a workbook inside a compound file.
pub(crate) fn xls_stream(bytes: &[u8]) {
    any_file(&write::compound(&[("Workbook", bytes)]));
}

/// A text table in an encoding that the first byte names.
pub(crate) fn text(bytes: &[u8]) {
    use write::Encoding::{Gb18030, Utf8, Utf8Bom, Utf16Be, Utf16Le, Utf16LeBare};
    let Some((first, rest)) = bytes.split_first() else { return };
    let all = [Utf8, Utf8Bom, Utf16Le, Utf16Be, Utf16LeBare, Gb18030];
    match all.get(usize::from(*first)) {
        Some(encoding) => any_file(&write::encode(&String::from_utf8_lossy(rest), *encoding)),
        None => any_file(bytes),
    }
}

/// A Parquet file's bytes.
pub(crate) fn parquet(bytes: &[u8]) {
    any_file(&[b"PAR1", bytes, b"PAR1"].concat());
}

/// The header mapper: cells of text, lines and commas between them.
pub(crate) fn header(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut sheet = RawSheet::default();
    for (row, line) in (0..).zip(text.split('\n').take(64)) {
        for (column, cell) in (0..).zip(line.split(',').take(64)).filter(|(_, c)| !c.is_empty()) {
            let value = match cell.strip_prefix('#') {
                Some(number) => Value::Number(number.parse().unwrap_or(f64::NAN)),
                None => Value::Text(cell.to_owned()),
            };
            sheet.rows.entry(row).or_default().insert(column, Cell { value });
        }
    }
    accounted(&sheet);
}

/// A mapping file.
pub(crate) fn mapping(bytes: &[u8]) {
    if let Ok(mapping) = Mapping::from_toml(&String::from_utf8_lossy(bytes)) {
        let text = mapping.to_toml().expect("every mapping can be written");
        assert_eq!(Mapping::from_toml(&text).as_ref(), Ok(&mapping));
    }
}

/// One cell as a number, a date, an id and an account.
pub(crate) fn cells(bytes: &[u8]) {
    let number = bytes.first_chunk().map_or(0.0, |b| f64::from_le_bytes(*b));
    for value in [
        Value::Text(String::from_utf8_lossy(bytes).into_owned()),
        Value::Number(number),
        Value::Serial(number),
    ] {
        let _ = (read_amount(&value), read_date(&value), read_account(&value));
        let _ = (read_id(&value, IdRule::China), read_id(&value, IdRule::Free));
    }
}
