//! Every format gives the same sheets.

use crate::make::{ods, register, sheet, t, xls, xlsx};
use crate::{direct, isolated};
use calamine::{Data, Reader};
use encoding_rs::GB18030;
use qingmu_sheets::{
    EncodingGuess, Format, Merge, NO_VALUE, Note, RawSheet, RawWorkbook, ReadOptions, Value,
};
use sha2::{Digest, Sha256};
use std::io::Cursor;

fn read(name: &str, bytes: &[u8]) -> RawWorkbook {
    let options = ReadOptions::default();
    let here = direct(name, bytes, &options).unwrap();
    assert_eq!(isolated(name, bytes, &options).unwrap(), here, "the process changes nothing");
    let digest: String = Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect();
    assert_eq!(here.digest, digest);
    here
}

#[test]
fn the_same_register_is_read_from_every_workbook_format() {
    let cases = [
        ("台账.xlsx", xlsx::file(&register()), Format::Xlsx),
        ("台账.xls", xls::file(&register()), Format::Xls),
        ("旧.et", xls::file5(&register()), Format::Xls),
        ("台账.ods", ods::file(&register()), Format::Ods),
    ];
    for (name, bytes, format) in cases {
        let book = read(name, &bytes);
        assert_eq!((book.format, book.notes.as_slice()), (format, &[][..]), "{name}");
        assert_eq!(book.sheets, register(), "{name}");
    }
}

#[test]
fn old_workbooks_tell_their_code_page() {
    let guess = read("旧.xls", &xls::file5(&register())).encoding;
    let expected = EncodingGuess { name: "GB18030".into(), why: "codepage 936".into() };
    assert_eq!(guess, Some(expected));
    assert_eq!(read("新.xls", &xls::file(&register())).encoding, None);
}

#[test]
fn another_reader_agrees_with_what_was_written() {
    let filled = |data: &Data| !matches!(data, Data::Empty);
    let count = |sheet: &RawSheet| sheet.rows.values().map(qingmu_sheets::Row::len).sum::<usize>();
    let expected: Vec<usize> = register().iter().map(count).collect();
    for bytes in [xls::file(&register()), xls::file5(&register())] {
        let mut book = calamine::Xls::new(Cursor::new(bytes)).unwrap();
        let range = book.worksheet_range("2024年").unwrap();
        assert_eq!(range.get_value((3, 0)), Some(&Data::String("雒仵村".to_owned())));
        assert_eq!(range.get_value((3, 1)), Some(&Data::Float(12.5)));
        assert_eq!(range.used_cells().filter(|(.., d)| filled(d)).count(), expected[0]);
    }
    let mut book = calamine::Ods::new(Cursor::new(ods::file(&register()))).unwrap();
    let range = book.worksheet_range("2024年").unwrap();
    assert_eq!(range.used_cells().filter(|(.., d)| filled(d)).count(), expected[0]);
}

#[test]
fn the_same_table_is_read_from_every_text_encoding() {
    let text = "村,户主,面积（亩）\r\n雒仵村,张三,12.5\r\n一组,\"李,四\",３．５\r\n";
    let expected = sheet(
        "",
        &[
            (0, 0, t("村")),
            (0, 1, t("户主")),
            (0, 2, t("面积（亩）")),
            (1, 0, t("雒仵村")),
            (1, 1, t("张三")),
            (1, 2, t("12.5")),
            (2, 0, t("一组")),
            (2, 1, t("李,四")),
            (2, 2, t("３．５")),
        ],
    );
    let utf16 =
        |order: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(order).collect::<Vec<u8>>();
    let cases = [
        (text.as_bytes().to_vec(), "UTF-8", "strict utf-8"),
        ([b"\xEF\xBB\xBF", text.as_bytes()].concat(), "UTF-8", "bom"),
        (GB18030.encode(text).0.into_owned(), "GB18030", "not utf-8"),
        ([&b"\xFF\xFE"[..], &utf16(u16::to_le_bytes)].concat(), "UTF-16LE", "bom"),
        ([&b"\xFE\xFF"[..], &utf16(u16::to_be_bytes)].concat(), "UTF-16BE", "bom"),
        (utf16(u16::to_le_bytes), "UTF-16LE", "utf-16 pattern"),
    ];
    for (bytes, name, why) in cases {
        let book = read("表.csv", &bytes);
        let guess = EncodingGuess { name: name.into(), why: why.into() };
        assert_eq!(book.encoding, Some(guess));
        assert_eq!(book.sheets, std::slice::from_ref(&expected), "{name} {why}");
        assert_eq!(book.notes, [Note::Delimiter { delimiter: ',', stated: false }]);
    }
}

#[test]
fn a_name_that_does_not_fit_the_content_is_told() {
    let book = read("台账.xls", &xlsx::file(&register()));
    assert_eq!(book.format, Format::Xlsx);
    assert_eq!(book.notes, [Note::ExtensionMismatch { extension: "xls".into() }]);
}

#[test]
fn shared_strings_of_many_records_are_joined() {
    let long: String = "雒仵村民委员会".chars().cycle().take(9_000).collect();
    let cells: Vec<_> =
        (0..40).map(|row| (row, 0, t(&long[..long.len() - row as usize * 3]))).collect();
    let sheets = [sheet("长", &cells)];
    assert_eq!(read("长.xls", &xls::file(&sheets)).sheets, sheets);
}

#[test]
fn a_formula_without_a_stored_value_keeps_its_cell() {
    let xml = "<sheetData><row r=\"1\"><c r=\"A1\"><f>SUM(B1:B2)</f></c><c r=\"B1\" t=\"str\">\
               <f>\"x\"</f><v>村</v></c></row></sheetData>";
    let expected = [(0, 0, Value::Error(NO_VALUE.into())), (0, 1, t("村"))];
    assert_eq!(read("公式.xlsx", &xlsx::with_sheet(xml)).sheets, [sheet("表", &expected)]);
    let cells = "<table:table-row><table:table-cell table:formula=\"of:=1+1\"/><table:table-cell \
                 office:value-type=\"string\"><text:p>村</text:p></table:table-cell></table:table-row>";
    let ods = ods::with_tables(&ods::wrap("表", "ta1", cells));
    assert_eq!(read("公式.ods", &ods).sheets, [sheet("表", &expected)]);
}

/// A BIFF8 sheet of these records.
fn biff(records: &[Vec<u8>]) -> Vec<u8> {
    let mut stream = xls::book8(&[RawSheet { name: "表".into(), ..RawSheet::default() }]);
    // The writer's empty sheet ends with a list of no merged regions and the end mark.
    stream.truncate(stream.len() - 10);
    stream.extend(records.concat());
    stream.extend(xls::record(0x000A, &[]));
    xls::compound(&[("Workbook", &stream)])
}

#[test]
fn formulas_and_packed_rows_of_old_workbooks_are_read() {
    let head = |col: u8| vec![0, 0, col, 0, 0, 0];
    let special = |col: u8, kind: u8, value: u8| {
        let result = [kind, 0, value, 0, 0, 0, 0xFF, 0xFF];
        xls::record(0x0006, &[&head(col)[..], &result, &[0; 8]].concat())
    };
    let number = [&head(0)[..], &2.5f64.to_le_bytes(), &[0; 8]].concat();
    let packed = |n: i32| [&[0, 0][..], &((n << 2).cast_unsigned() | 3).to_le_bytes()].concat();
    let row = [vec![1, 0, 0, 0], packed(1250), packed(-25), vec![1, 0]].concat();
    let bytes = biff(&[
        xls::record(0x0006, &number),
        special(1, 0, 0),
        xls::record(0x0207, &[1, 0, 1, 0x51, 0x67]),
        special(2, 1, 1),
        special(3, 2, 0x2A),
        special(4, 3, 0),
        special(5, 0, 0),
        xls::record(0x00BD, &row),
    ]);
    let expected = sheet(
        "表",
        &[
            (0, 0, Value::Number(2.5)),
            (0, 1, t("村")),
            (0, 2, Value::Flag(true)),
            (0, 3, Value::Error("#N/A".into())),
            (0, 5, Value::Error(NO_VALUE.into())),
            (1, 0, Value::Number(12.5)),
            (1, 1, Value::Number(-0.25)),
        ],
    );
    assert_eq!(read("公式.xls", &bytes).sheets, [expected]);
}

#[test]
fn repeated_cells_notes_and_spans_of_ods_are_read() {
    let inside = "<table:shapes><text:p>图</text:p></table:shapes><table:table-row-group>\
        <table:table-row table:number-rows-repeated=\"2\"><table:table-cell \
        table:number-columns-repeated=\"3\" office:value-type=\"float\" office:value=\"1.5\">\
        <text:p>1.5</text:p></table:table-cell></table:table-row></table:table-row-group>\
        <table:table-row table:number-rows-repeated=\"5\"><table:table-cell/></table:table-row>\
        <table:table-row table:visibility=\"filter\"><table:table-cell \
        table:number-columns-spanned=\"2\" table:number-rows-spanned=\"1\"><office:annotation>\
        <text:p>批注</text:p></office:annotation><text:p>甲<text:s text:c=\"2\"/><text:span>乙</text:span>\
        &amp;&#x4E19;</text:p></table:table-cell><table:covered-table-cell/></table:table-row>";
    let mut expected = sheet("表", &[(7, 0, t("甲  乙&丙"))]);
    for (row, col) in [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)] {
        let cell = qingmu_sheets::Cell { value: Value::Number(1.5) };
        expected.rows.entry(row).or_default().insert(col, cell);
    }
    expected.merges = vec![Merge { start: (7, 0), end: (7, 1) }];
    expected.hidden_rows = vec![7];
    let bytes = ods::with_tables(&ods::wrap("表", "ta1", inside));
    assert_eq!(read("表.ods", &bytes).sheets, [expected]);
}

#[test]
fn dates_of_the_1904_system_are_told_as_those_of_1900() {
    let mut parts = xlsx::parts(&[sheet("表", &[(0, 0, Value::Serial(43_890.0))])]);
    let book = String::from_utf8(parts[2].1.clone()).unwrap();
    let changed = book.replace("<sheets>", "<workbookPr date1904=\"1\"/><sheets>");
    xlsx::replace(&mut parts, "xl/workbook.xml", &changed);
    let book = read("旧.xlsx", &crate::make::zip(&parts));
    assert_eq!(book.sheets, [sheet("表", &[(0, 0, Value::Serial(45_352.0))])]);
}

#[test]
fn small_old_workbooks_lie_in_the_mini_stream() {
    let sheets = [sheet("表", &[(0, 0, t("村")), (1, 0, Value::Number(2.5))])];
    let stream = xls::book8(&sheets);
    let bytes = xls::compound_mini("Workbook", &stream);
    assert_eq!(read("小.xls", &bytes).sheets, sheets);
    // A mini sector that the table does not lead on from: the stream is cut, not shorter.
    let mut cut = bytes;
    let at = cut.windows(4).rposition(|w| w == 3u32.to_le_bytes()).unwrap();
    cut[at..at + 4].copy_from_slice(&0xFFFF_FFFEu32.to_le_bytes());
    assert!(direct("小.xls", &cut, &ReadOptions::default()).is_err());
}

#[test]
fn large_old_workbooks_have_an_extended_allocation_table() {
    let sheets = [sheet("表", &[(0, 0, t("村")), (1, 0, Value::Number(2.5))])];
    let filler = vec![0xAB; 8 << 20];
    let stream = xls::book8(&sheets);
    let bytes = xls::compound(&[("Filler", &filler), ("Workbook", &stream)]);
    assert_eq!(u32::from_le_bytes(bytes[72..76].try_into().unwrap()), 1, "one sector of tables");
    assert_eq!(read("大.xls", &bytes).sheets, sheets);
}
