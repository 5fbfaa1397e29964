//! Writers of the formats that are read, small and on their own: each takes the sheets that must be read back.

pub(crate) mod ods;
pub(crate) mod xls;
pub(crate) mod xlsx;

use qingmu_sheets::{Cell, Merge, RawSheet, Value};
use std::io::Write as _;
use zip::write::SimpleFileOptions;

/// A sheet of cells.
pub(crate) fn sheet(name: &str, cells: &[(u32, u32, Value)]) -> RawSheet {
    let mut sheet = RawSheet { name: name.to_owned(), ..RawSheet::default() };
    for (row, col, value) in cells {
        sheet.rows.entry(*row).or_default().insert(*col, Cell { value: value.clone() });
    }
    sheet
}

/// Text.
pub(crate) fn t(text: &str) -> Value {
    Value::Text(text.to_owned())
}

/// A register as offices write it: title, two-row header with merged cells, hidden row, columns and sheet, dates, errors.
pub(crate) fn register() -> Vec<RawSheet> {
    let mut first = sheet(
        "2024年",
        &[
            (0, 0, t("安吴镇2024年耕地地力保护补贴公示表")),
            (1, 0, t("村")),
            (1, 1, t("面积（亩）")),
            (2, 1, t("小麦")),
            (2, 2, t("玉米")),
            (3, 0, t("雒仵村")),
            (3, 1, Value::Number(12.5)),
            (3, 2, Value::Number(-7.0)),
            (4, 1, Value::Number(0.1)),
            (4, 2, Value::Number(1_234_567.0)),
            (4, 3, Value::Serial(45_352.0)),
            (5, 0, t("张三 & <李四> \"王五\"")),
            (5, 1, Value::Error("#REF!".to_owned())),
            (5, 2, Value::Flag(true)),
            (5, 3, Value::Number(610_423_197_001_011_230.0)),
            (9, 0, t("𠀀 a\nb")),
        ],
    );
    first.merges = vec![
        Merge { start: (0, 0), end: (0, 3) },
        Merge { start: (1, 0), end: (2, 0) },
        Merge { start: (1, 1), end: (1, 2) },
    ];
    first.hidden_rows = vec![4];
    first.hidden_columns = vec![(2, 3)];
    let mut second = sheet("旧表", &[(0, 0, t("备注")), (0, 2, Value::Flag(false))]);
    second.hidden = true;
    vec![first, second, sheet("空表", &[])]
}

/// A zip of parts, packed.
pub(crate) fn zip(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in parts {
        let options =
            SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
        writer.start_file(name.as_str(), options).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Text for XML.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
