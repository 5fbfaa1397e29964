//! OpenDocument spreadsheets by hand.

use super::{escape, zip};
use qingmu_sheets::{RawSheet, Value};
use std::fmt::Write as _;

const MIME: &str = "application/vnd.oasis.opendocument.spreadsheet";
const SPACES: &str = "xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
    xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" \
    xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" \
    xmlns:style=\"urn:oasis:names:tc:opendocument:xmlns:style:1.0\" \
    xmlns:calcext=\"urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0\"";

/// A spreadsheet.
pub(crate) fn file(sheets: &[RawSheet]) -> Vec<u8> {
    with_tables(&sheets.iter().map(table).collect::<String>())
}

/// A spreadsheet of these tables.
pub(crate) fn with_tables(tables: &str) -> Vec<u8> {
    zip(&parts(tables, "<manifest:manifest/>"))
}

/// Parts of a spreadsheet.
pub(crate) fn parts(tables: &str, manifest: &str) -> Vec<(String, Vec<u8>)> {
    let content = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><office:document-content {SPACES}>\
         <office:automatic-styles><style:style style:name=\"ta1\"><style:table-properties \
         table:display=\"true\"/></style:style><style:style style:name=\"ta2\"><style:table-properties \
         table:display=\"false\"/></style:style></office:automatic-styles>\
         <office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    );
    [("mimetype", MIME), ("META-INF/manifest.xml", manifest), ("content.xml", &content)]
        .into_iter()
        .map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec()))
        .collect()
}

/// A table with this inside.
pub(crate) fn wrap(name: &str, style: &str, inside: &str) -> String {
    format!(
        "<table:table table:name=\"{name}\" table:style-name=\"{style}\">{inside}</table:table>"
    )
}

fn table(sheet: &RawSheet) -> String {
    let mut text = String::new();
    let mut column = 0;
    for (first, last) in &sheet.hidden_columns {
        if *first > column {
            let before = first - column;
            write!(text, "<table:table-column table:number-columns-repeated=\"{before}\"/>")
                .unwrap();
        }
        let repeat = last - first + 1;
        write!(
            text,
            "<table:table-column table:visibility=\"collapse\" table:number-columns-repeated=\"{repeat}\"/>"
        )
        .unwrap();
        column = last + 1;
    }
    let rest = 16384 - column;
    write!(text, "<table:table-column table:number-columns-repeated=\"{rest}\"/>").unwrap();
    let last = sheet.rows.keys().last().copied();
    for row in 0..last.map_or(0, |r| r + 1) {
        let hidden =
            if sheet.hidden_rows.contains(&row) { " table:visibility=\"collapse\"" } else { "" };
        write!(text, "<table:table-row{hidden}>").unwrap();
        let cells = sheet.rows.get(&row);
        let merged = sheet.merges.iter().filter(|m| m.start.0 == row).map(|m| m.start.1);
        let width = cells.into_iter().flat_map(|c| c.keys().copied()).chain(merged).max();
        for col in 0..width.map_or(0, |c| c + 1) {
            let span = sheet.merges.iter().find(|m| m.start == (row, col)).map(|m| {
                format!(
                    " table:number-columns-spanned=\"{}\" table:number-rows-spanned=\"{}\"",
                    m.end.1 - m.start.1 + 1,
                    m.end.0 - m.start.0 + 1
                )
            });
            let value = cells.and_then(|c| c.get(&col)).map(|c| &c.value);
            text.push_str(&cell(&span.unwrap_or_default(), value));
        }
        text.push_str("</table:table-row>");
    }
    text.push_str(
        "<table:table-row table:number-rows-repeated=\"1000000\"><table:table-cell \
                   table:number-columns-repeated=\"16384\"/></table:table-row>",
    );
    wrap(&escape(&sheet.name), if sheet.hidden { "ta2" } else { "ta1" }, &text)
}

fn cell(span: &str, value: Option<&Value>) -> String {
    let full = |kind: &str, text: &str| {
        let paragraphs: String =
            text.split('\n').map(|p| format!("<text:p>{}</text:p>", escape(p))).collect();
        format!("<table:table-cell{span}{kind}>{paragraphs}</table:table-cell>")
    };
    match value {
        None => format!("<table:table-cell{span}/>"),
        Some(Value::Text(t)) => full(" office:value-type=\"string\"", t),
        Some(Value::Number(n)) => {
            full(&format!(" office:value-type=\"float\" office:value=\"{n}\""), "显示")
        }
        Some(Value::Serial(n)) => {
            assert!((n - 45_352.0).abs() < f64::EPSILON, "the writer knows one date");
            full(" office:value-type=\"date\" office:date-value=\"2024-03-01\"", "2024年3月1日")
        }
        Some(Value::Flag(b)) => {
            full(&format!(" office:value-type=\"boolean\" office:boolean-value=\"{b}\""), "TRUE")
        }
        Some(Value::Error(e)) => {
            full(" office:value-type=\"string\" calcext:value-type=\"error\"", e)
        }
    }
}
