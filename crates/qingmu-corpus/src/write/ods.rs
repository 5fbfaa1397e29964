//! OpenDocument spreadsheets.

use super::{escape, zip};
use crate::sheet::{Sheet, Value};
use std::fmt::Write as _;

const MIME: &str = "application/vnd.oasis.opendocument.spreadsheet";
const MANIFEST: &str = "<manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\">\
    <manifest:file-entry manifest:full-path=\"/\" \
    manifest:media-type=\"application/vnd.oasis.opendocument.spreadsheet\"/>\
    <manifest:file-entry manifest:full-path=\"content.xml\" manifest:media-type=\"text/xml\"/></manifest:manifest>";
const SPACES: &str = "xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
    xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" \
    xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" \
    xmlns:style=\"urn:oasis:names:tc:opendocument:xmlns:style:1.0\" \
    xmlns:calcext=\"urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0\"";

/// A spreadsheet.
#[must_use]
pub fn file(sheets: &[Sheet]) -> Vec<u8> {
    with_tables(&sheets.iter().map(table).collect::<Vec<_>>().concat())
}

/// A spreadsheet of these tables.
#[must_use]
pub fn with_tables(tables: &str) -> Vec<u8> {
    with_content(content(tables).as_bytes())
}

/// The XML around tables.
#[must_use]
pub fn content(tables: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><office:document-content {SPACES}>\
         <office:automatic-styles><style:style style:name=\"ta1\"><style:table-properties \
         table:display=\"true\"/></style:style><style:style style:name=\"ta2\"><style:table-properties \
         table:display=\"false\"/></style:style></office:automatic-styles>\
         <office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
}

/// A spreadsheet whose content part is given.
#[must_use]
pub fn with_content(content: &[u8]) -> Vec<u8> {
    let parts = [
        ("mimetype", MIME.as_bytes()),
        ("META-INF/manifest.xml", MANIFEST.as_bytes()),
        ("content.xml", content),
    ];
    zip(&parts.map(|(name, bytes)| (name.to_owned(), bytes.to_vec())))
}

/// A table with this inside.
#[must_use]
pub fn wrap(name: &str, style: &str, inside: &str) -> String {
    format!(
        "<table:table table:name=\"{name}\" table:style-name=\"{style}\">{inside}</table:table>"
    )
}

/// A sheet as a table.
#[must_use]
pub fn table(sheet: &Sheet) -> String {
    let mut text = String::new();
    let last = sheet.hidden_columns.iter().last().map_or(0, |c| c + 1);
    for column in 0..last {
        let hidden = if sheet.hidden_columns.contains(&column) {
            " table:visibility=\"collapse\""
        } else {
            ""
        };
        let _ = write!(text, "<table:table-column{hidden}/>");
    }
    let _ =
        write!(text, "<table:table-column table:number-columns-repeated=\"{}\"/>", 16_384 - last);
    let height = sheet.rows.keys().last().map_or(0, |r| r + 1);
    for row in 0..height {
        let hidden =
            if sheet.hidden_rows.contains(&row) { " table:visibility=\"collapse\"" } else { "" };
        let _ = write!(text, "<table:table-row{hidden}>");
        let cells = sheet.rows.get(&row);
        let merged = sheet.merges.iter().filter(|m| m.0.0 == row).map(|m| m.0.1);
        let width = cells.into_iter().flat_map(|c| c.keys().copied()).chain(merged).max();
        for column in 0..width.map_or(0, |c| c + 1) {
            let span = sheet.merges.iter().find(|m| m.0 == (row, column)).map(|(from, to)| {
                format!(
                    " table:number-columns-spanned=\"{}\" table:number-rows-spanned=\"{}\"",
                    to.1 - from.1 + 1,
                    to.0 - from.0 + 1
                )
            });
            text.push_str(&cell(&span.unwrap_or_default(), cells.and_then(|c| c.get(&column))));
        }
        text.push_str("</table:table-row>");
    }
    // What office suites write behind the last row.
    text.push_str(
        "<table:table-row table:number-rows-repeated=\"1000000\"><table:table-cell \
         table:number-columns-repeated=\"16384\"/></table:table-row>",
    );
    wrap(&escape(&sheet.name), if sheet.hidden { "ta2" } else { "ta1" }, &text)
}

fn cell(span: &str, value: Option<&Value>) -> String {
    let full = |kind: &str, text: &str| {
        let paragraphs = text
            .split('\n')
            .map(|p| format!("<text:p>{}</text:p>", escape(p)))
            .collect::<Vec<_>>()
            .concat();
        format!("<table:table-cell{span}{kind}>{paragraphs}</table:table-cell>")
    };
    match value {
        None => format!("<table:table-cell{span}/>"),
        Some(Value::Text(text)) => full(" office:value-type=\"string\"", text),
        Some(Value::Number(n) | Value::Formula(n, _)) => {
            full(&format!(" office:value-type=\"float\" office:value=\"{n}\""), "显示")
        }
        Some(Value::Date(date)) => {
            let kind = format!(" office:value-type=\"date\" office:date-value=\"{}\"", date.iso());
            full(&kind, &Value::Date(*date).shown())
        }
        Some(Value::Flag(flag)) => {
            full(&format!(" office:value-type=\"boolean\" office:boolean-value=\"{flag}\""), "TRUE")
        }
        Some(Value::Error(word)) => {
            full(" office:value-type=\"string\" calcext:value-type=\"error\"", word)
        }
    }
}
