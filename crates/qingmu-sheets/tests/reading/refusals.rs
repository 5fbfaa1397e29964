//! Every way to refuse a file, with its words.

use crate::make::{ods, register, sheet, t, xls, xlsx, zip};
use crate::{direct, isolated, refused};
use qingmu_sheets::{IngestError, Limits, ReadOptions, RefusalCode};

/// Both ways to read refuse a file in the same words.
fn expect(name: &str, bytes: &[u8], options: &ReadOptions, code: RefusalCode, zh: &str, en: &str) {
    for refusal in [refused(direct(name, bytes, options)), refused(isolated(name, bytes, options))]
    {
        assert_eq!((refusal.what.zh.as_str(), refusal.what.en.as_str()), (zh, en), "{name}");
        assert_eq!(refusal.code, code, "{name}");
    }
}

fn plain(name: &str, bytes: &[u8], code: RefusalCode, zh: &str, en: &str) {
    expect(name, bytes, &ReadOptions::default(), code, zh, en);
}

fn limited(change: impl FnOnce(&mut Limits)) -> ReadOptions {
    let mut limits = Limits::default();
    change(&mut limits);
    ReadOptions { encoding: None, limits }
}

#[test]
fn files_that_are_no_table_are_named() {
    use RefusalCode::{OtherFormat, UnknownFormat};
    plain("空.csv", b"", UnknownFormat, "文件为空", "the file is empty");
    plain(
        "扫描.xls",
        b"%PDF-1.7",
        UnknownFormat,
        "这是 PDF，不是表格",
        "this is a PDF, not a table",
    );
    let parquet = ("Parquet 结构损坏", "the Parquet structure is damaged");
    plain("表.parquet", b"PAR1....", RefusalCode::Damaged, parquet.0, parquet.1);
    let html = ("这是网页（HTML），不是工作簿", "this is a web page (HTML), not a workbook");
    plain("表.xls", b"\xEF\xBB\xBF <HTML><table>", OtherFormat, html.0, html.1);
    let xml = ("这是 XML 表格（2003）", "this is an XML spreadsheet (2003)");
    plain("表.xls", b"<?xml version=\"1.0\"?><Workbook/>", OtherFormat, xml.0, xml.1);
    let old = ("这是 Excel 4 或更早的工作表", "this is a worksheet of Excel 4 or earlier");
    plain("表.xls", b"\x09\x04\x06\x00\x00\x04\x10\x00\x00\x00", OtherFormat, old.0, old.1);
    let word = (
        "复合文档内没有工作簿（可能是 Word 等文件）",
        "the compound file holds no workbook (it may be a document)",
    );
    let document = xls::compound(&[("WordDocument", b"x")]);
    plain("信.xls", &document, UnknownFormat, word.0, word.1);
    let none = ("压缩包内没有表格", "the container holds no spreadsheet");
    plain("包.xlsx", &zip(&[("a.txt".into(), b"a".to_vec())]), UnknownFormat, none.0, none.1);
    let binary = ("这是 xlsb 二进制工作簿", "this is a binary workbook (xlsb)");
    plain("表.xlsx", &zip(&[("xl/workbook.bin".into(), vec![])]), OtherFormat, binary.0, binary.1);
}

#[test]
fn encrypted_files_are_told_in_every_format() {
    let words = ("工作簿已加密", "the workbook is encrypted");
    let package = xls::compound(&[("EncryptedPackage", b"x"), ("EncryptionInfo", b"x")]);
    plain("表.xlsx", &package, RefusalCode::Password, words.0, words.1);
    let mut stream = xls::book8(&register());
    // Behind the 20 bytes of the first record.
    stream.splice(20..20, xls::record(0x002F, &[1, 0, 1, 0]));
    let book = xls::compound(&[("Workbook", &stream)]);
    plain("表.xls", &book, RefusalCode::Password, words.0, words.1);
    let manifest = "<manifest:manifest><manifest:encryption-data/></manifest:manifest>";
    let sheet = zip(&ods::parts("", manifest));
    plain("表.ods", &sheet, RefusalCode::Password, words.0, words.1);
    let mut locked = xlsx::file(&register());
    // The bit that says "encrypted", in the directory and in the part's own header.
    for magic in [&b"PK\x01\x02"[..], b"PK\x03\x04"] {
        let at = locked.windows(4).position(|w| w == magic).unwrap();
        locked[at + if magic[2] == 1 { 8 } else { 6 }] |= 1;
    }
    let words = ("压缩包已加密", "the container is encrypted");
    plain("表.xlsx", &locked, RefusalCode::Password, words.0, words.1);
}

#[test]
fn parts_with_bad_names_are_refused() {
    let outside =
        ("压缩包内有指向包外的部件名", "a part of the container is named to leave its folder");
    for name in ["../evil.xml", "/etc/evil.xml", "xl\\..\\evil.xml", "C:/evil.xml"] {
        let mut parts = xlsx::parts(&register());
        parts.push((name.into(), b"x".to_vec()));
        plain("表.xlsx", &zip(&parts), RefusalCode::BadPart, outside.0, outside.1);
    }
    let mut parts = xlsx::parts(&register());
    parts.push(("xl/Workbook.xml".into(), b"x".to_vec()));
    let twice = ("压缩包内有同名部件", "two parts of the container share a name");
    plain("表.xlsx", &zip(&parts), RefusalCode::BadPart, twice.0, twice.1);
}

#[test]
fn claims_that_cannot_be_are_refused() {
    let strings = "<sst uniqueCount=\"4000000000\"><si><t>a</t></si></sst>";
    let mut parts = xlsx::parts(&register());
    xlsx::replace(&mut parts, "xl/sharedStrings.xml", strings);
    let words = (
        "部件 xl/sharedStrings.xml 声明的字符串数不可能成立",
        "part xl/sharedStrings.xml claims a number of strings that cannot be",
    );
    plain("表.xlsx", &zip(&parts), RefusalCode::FalseClaim, words.0, words.1);
    // A comment in front hides nothing.
    let padded = format!("<!--{}-->{strings}", " ".repeat(100_000));
    xlsx::replace(&mut parts, "xl/sharedStrings.xml", &padded);
    plain("表.xlsx", &zip(&parts), RefusalCode::FalseClaim, words.0, words.1);
    let words = (
        "部件 xl/worksheets/sheet1.xml 声明的区域不可能成立",
        "part xl/worksheets/sheet1.xml claims a region that cannot be",
    );
    for region in ["A1:ZZZZ99999999", "B2:A1", "A0", "A1:XFE1", "x"] {
        let file = xlsx::with_sheet(&format!("<dimension ref=\"{region}\"/><sheetData/>"));
        plain("表.xlsx", &file, RefusalCode::FalseClaim, words.0, words.1);
    }
}

#[test]
fn limits_refuse_in_words() {
    use RefusalCode::TooLarge;
    let book = xlsx::file(&register());
    let cases: [(ReadOptions, &str, &str); 7] = [
        (limited(|l| l.file_bytes = 100), "文件超过 100 字节", "the file has more than 100 bytes"),
        (limited(|l| l.parts = 3), "压缩包部件超过 3 个", "more than 3 parts in the container"),
        (
            limited(|l| l.unpacked_bytes = 500),
            "解压后超过 500 字节",
            "it unpacks to more than 500 bytes",
        ),
        (limited(|l| l.sheets = 2), "工作表超过上限 2", "more than 2 sheets"),
        (limited(|l| l.cells = 5), "单元格超过上限 5", "more than 5 cells"),
        (
            limited(|l| l.marks = 2),
            "合并区域和隐藏行超过上限 2",
            "more than 2 merged regions and hidden rows",
        ),
        (
            limited(|l| l.cell_bytes = 9),
            "单个单元格字节数超过上限 9",
            "more than 9 bytes in one cell",
        ),
    ];
    for (options, zh, en) in cases {
        expect("表.xlsx", &book, &options, TooLarge, zh, en);
    }
    let zeros = zip(&[("[Content_Types].xml".into(), vec![b' '; 32 << 20])]);
    plain(
        "表.xlsx",
        &zeros,
        TooLarge,
        "压缩比超过 200",
        "it unpacks to more than 200 times its size",
    );
    let rows = "<table:table-row table:number-rows-repeated=\"1000000\"><table:table-cell \
                table:number-columns-repeated=\"16384\"><text:p>x</text:p></table:table-cell></table:table-row>";
    let file = ods::with_tables(&ods::wrap("表", "ta1", rows));
    let words = ("重复单元格超过 1000000 个", "more than 1000000 cells by repetition");
    plain("表.ods", &file, TooLarge, words.0, words.1);
}

#[test]
fn damage_is_named_with_its_place() {
    let damaged = |name: &str, bytes: &[u8], zh: &str, en: &str| {
        plain(name, bytes, RefusalCode::Damaged, zh, en);
    };
    let twice = "<sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c><c r=\"A1\"><v>2</v></c></row></sheetData>";
    let file = xlsx::with_sheet(twice);
    damaged("表.xlsx", &file, "表!A1 在文件中出现两次", "表!A1 stands in the file twice");
    let outside = "<sheetData><row r=\"1\"><c r=\"XFE1\"><v>1</v></c></row></sheetData>";
    let file = xlsx::with_sheet(outside);
    damaged("表.xlsx", &file, "表!XFE1 超出工作表范围", "表!XFE1 lies outside any sheet");
    let merged = "<sheetData/><mergeCells><mergeCell ref=\"C3:A1\"/></mergeCells>";
    let words = (
        "部件 xl/worksheets/sheet1.xml 有无法识别的合并区域",
        "part xl/worksheets/sheet1.xml has a merged region that cannot be",
    );
    damaged("表.xlsx", &xlsx::with_sheet(merged), words.0, words.1);
    let missing = "<sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>9</v></c></row></sheetData>";
    let words = ("工作簿内容不合规范（表!A1）", "the workbook breaks its format (near 表!A1)");
    damaged("表.xlsx", &xlsx::with_sheet(missing), words.0, words.1);
    let open = "<sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c>";
    let words = ("XML 结构损坏（表!A1）", "its XML is damaged (near 表!A1)");
    damaged("表.xlsx", &xlsx::with_sheet(open), words.0, words.1);
    let mut parts = xlsx::parts(&register());
    parts.retain(|(name, _)| name != "_rels/.rels");
    let words = ("工作簿部件缺失", "a part of the workbook is missing");
    damaged("表.xlsx", &zip(&parts), words.0, words.1);
    let double = [sheet("甲", &[]), sheet("甲", &[])];
    let words = ("工作表 甲 重名", "two sheets are named 甲");
    damaged("表.xlsx", &xlsx::file(&double), words.0, words.1);
    damaged("表.xls", &xls::file(&double), words.0, words.1);
    damaged("表.ods", &ods::file(&double), words.0, words.1);
}

#[test]
fn damaged_old_workbooks_are_refused_where_a_lenient_reader_loses_cells() {
    let damaged = |bytes: &[u8], zh: &str, en: &str| {
        plain("表.xls", bytes, RefusalCode::Damaged, zh, en);
    };
    let stream = xls::book8(&[sheet("表", &[(0, 0, t("村"))])]);
    let mut bad = stream.clone();
    let label = bad.windows(4).position(|w| w == [0xFD, 0, 10, 0]).unwrap();
    bad[label + 10] = 9;
    let words = ("表!A1 引用的文字不存在", "表!A1 names a text that is not there");
    damaged(&xls::compound(&[("Workbook", &bad)]), words.0, words.1);
    let words = ("工作簿数据在中途结束", "the workbook ends in the middle of its data");
    let long = [stream[..stream.len() - 4].to_vec(), xls::record(0x0001, &[0; 8000])].concat();
    damaged(&xls::compound(&[("Workbook", &long)]), words.0, words.1);
    let words = ("工作簿没有开头标记", "the workbook has no start mark");
    damaged(&xls::compound(&[("Workbook", &[0; 8])]), words.0, words.1);
    let whole = xls::compound(&[("Workbook", &stream)]);
    let words =
        ("复合文档结构损坏：文件头不完整", "the compound file is damaged: its header is cut off");
    damaged(&whole[..300], words.0, words.1);
    let words = (
        "复合文档结构损坏：分配表不完整",
        "the compound file is damaged: its allocation table is cut off",
    );
    damaged(&whole[..whole.len() - 512], words.0, words.1);
    let mut rootless = whole.clone();
    let root = rootless.windows(8).position(|w| w == b"R\0o\0o\0t\0").unwrap();
    rootless[root + 66] = 1;
    let words =
        ("复合文档结构损坏：没有根目录", "the compound file is damaged: it has no root directory");
    damaged(&rootless, words.0, words.1);
    let mut longer = whole;
    let entry = longer.windows(8).position(|w| w == b"W\0o\0r\0k\0").unwrap();
    longer[entry + 122] = 1;
    let words =
        ("复合文档结构损坏：数据流不完整", "the compound file is damaged: a stream is cut off");
    damaged(&longer, words.0, words.1);
}

#[test]
fn records_of_old_workbooks_that_cannot_be_are_refused() {
    use RefusalCode::{Damaged, Encoding, OtherFormat};
    let stream = xls::book8(&[sheet("表", &[(0, 0, t("村"))])]);
    let book = |stream: &[u8]| xls::compound(&[("Workbook", stream)]);
    let mut older = stream.clone();
    older[4..6].copy_from_slice(&0x0400u16.to_le_bytes());
    let words = ("这是 Excel 4 或更早的工作簿", "this is a workbook of Excel 4 or earlier");
    plain("表.xls", &book(&older), OtherFormat, words.0, words.1);
    let mut nowhere = stream.clone();
    let listed = nowhere.windows(2).position(|w| w == [0x85, 0]).unwrap();
    nowhere[listed + 4..listed + 8].copy_from_slice(&20u32.to_le_bytes());
    let words = ("工作表 表 没有开头标记", "sheet 表 has no start mark");
    plain("表.xls", &book(&nowhere), Damaged, words.0, words.1);
    let mut stray = stream[..stream.len() - 4].to_vec();
    stray.extend([xls::record(0x0207, &[0, 0, 0]), xls::record(0x000A, &[])].concat());
    let words = ("工作表 表 有无主的公式文字", "sheet 表 has a formula text of no cell");
    plain("表.xls", &book(&stray), Damaged, words.0, words.1);
    let mut reversed = stream[..stream.len() - 4].to_vec();
    let merge = [1, 0, 5, 0, 2, 0, 0, 0, 0, 0];
    reversed.extend([xls::record(0x00E5, &merge), xls::record(0x000A, &[])].concat());
    let words = ("合并区域 A6 首尾颠倒", "the merged region at A6 ends before it begins");
    plain("表.xls", &book(&reversed), Damaged, words.0, words.1);
    let mut page = xls::file5(&[sheet("表", &[])]);
    let at = page.windows(6).position(|w| w == [0x42, 0, 2, 0, 0xA8, 3]).unwrap();
    page[at + 4] = 9;
    plain("表.xls", &page, Encoding, "不认识代码页 777", "code page 777 is not known");
}

#[test]
fn a_spreadsheet_beyond_its_edges_or_without_content_is_refused() {
    let cell = "<table:table-row><table:table-cell table:number-columns-repeated=\"16384\"/>\
                <table:table-cell><text:p>x</text:p></table:table-cell></table:table-row>";
    let file = ods::with_tables(&ods::wrap("表", "ta1", cell));
    let words = ("表!XFE1 超出工作表范围", "表!XFE1 lies outside any sheet");
    plain("表.ods", &file, RefusalCode::Damaged, words.0, words.1);
    let mut parts = ods::parts("", "<m/>");
    parts.pop();
    let refusal = refused(direct("表.ods", &zip(&parts), &ReadOptions::default()));
    assert!(refusal.what.zh.starts_with("压缩结构损坏"), "{refusal}");
}

#[test]
fn a_missing_file_and_a_folder_are_no_refusals() {
    let dir = tempfile::tempdir().unwrap();
    for (path, words) in [
        (dir.path().join("无.csv"), "无法读取"),
        (dir.path().into(), "不是普通文件 / not a regular file"),
    ] {
        let options = ReadOptions::default();
        for result in
            [qingmu_sheets::read_file(&path, &options), crate::isolation().read(&path, &options)]
        {
            let error = result.err().unwrap();
            assert!(matches!(error, IngestError::Io { .. }) && error.exit_code() == 74);
            assert!(error.to_string().contains(words), "{error}");
        }
    }
}
