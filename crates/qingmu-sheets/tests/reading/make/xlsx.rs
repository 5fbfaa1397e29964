//! Office Open XML by hand.

use super::{escape, zip};
use qingmu_sheets::{RawSheet, Value, place};
use std::fmt::Write as _;

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";

/// A workbook.
pub(crate) fn file(sheets: &[RawSheet]) -> Vec<u8> {
    zip(&parts(sheets))
}

/// A workbook of one sheet whose XML is given.
pub(crate) fn with_sheet(xml: &str) -> Vec<u8> {
    let mut parts = parts(&[RawSheet { name: "表".to_owned(), ..RawSheet::default() }]);
    replace(&mut parts, "xl/worksheets/sheet1.xml", &worksheet(xml));
    zip(&parts)
}

/// A worksheet with this inside.
pub(crate) fn worksheet(inside: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><worksheet xmlns=\"{MAIN}\">{inside}</worksheet>"
    )
}

/// Other content for a part.
pub(crate) fn replace(parts: &mut [(String, Vec<u8>)], name: &str, content: &str) {
    let part = parts.iter_mut().find(|(n, _)| n == name).unwrap();
    part.1 = content.as_bytes().to_vec();
}

/// Parts of a workbook.
pub(crate) fn parts(sheets: &[RawSheet]) -> Vec<(String, Vec<u8>)> {
    let mut strings: Vec<String> = Vec::new();
    let bodies: Vec<String> = sheets.iter().map(|s| body(s, &mut strings)).collect();
    let mut list = String::new();
    let mut links = String::new();
    for (number, sheet) in (1..).zip(sheets) {
        let state = if sheet.hidden { " state=\"hidden\"" } else { "" };
        let name = escape(&sheet.name);
        write!(list, "<sheet name=\"{name}\" sheetId=\"{number}\"{state} r:id=\"rId{number}\"/>")
            .unwrap();
        write!(
            links,
            "<Relationship Id=\"rId{number}\" Type=\"{OFFICE}/worksheet\" Target=\"worksheets/sheet{number}.xml\"/>"
        )
        .unwrap();
    }
    let items: String = strings
        .iter()
        .map(|s| format!("<si><t xml:space=\"preserve\">{}</t></si>", escape(s)))
        .collect();
    let relations = |inside: &str| {
        format!("<Relationships xmlns=\"{PACKAGE}/relationships\">{inside}</Relationships>")
    };
    let mut parts = vec![
        ("[Content_Types].xml", format!("<Types xmlns=\"{PACKAGE}/content-types\"/>")),
        (
            "_rels/.rels",
            relations(&format!(
                "<Relationship Id=\"rId1\" Type=\"{OFFICE}/officeDocument\" Target=\"xl/workbook.xml\"/>"
            )),
        ),
        (
            "xl/workbook.xml",
            format!("<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets>{list}</sheets></workbook>"),
        ),
        ("xl/_rels/workbook.xml.rels", relations(&links)),
        (
            "xl/styles.xml",
            format!(
                "<styleSheet xmlns=\"{MAIN}\"><numFmts count=\"1\"><numFmt numFmtId=\"164\" \
                 formatCode=\"yyyy/m/d\"/></numFmts><cellXfs count=\"2\"><xf numFmtId=\"0\"/>\
                 <xf numFmtId=\"164\"/></cellXfs></styleSheet>"
            ),
        ),
        (
            "xl/sharedStrings.xml",
            format!("<sst xmlns=\"{MAIN}\" uniqueCount=\"{}\">{items}</sst>", strings.len()),
        ),
    ]
    .into_iter()
    .map(|(name, text)| (name.to_owned(), text.into_bytes()))
    .collect::<Vec<_>>();
    for (number, body) in (1..).zip(bodies) {
        parts.push((format!("xl/worksheets/sheet{number}.xml"), worksheet(&body).into_bytes()));
    }
    parts
}

fn body(sheet: &RawSheet, strings: &mut Vec<String>) -> String {
    let mut text = String::new();
    for (first, last) in &sheet.hidden_columns {
        write!(text, "<cols><col min=\"{}\" max=\"{}\" hidden=\"1\"/></cols>", first + 1, last + 1)
            .unwrap();
    }
    text.push_str("<sheetData>");
    let mut rows: Vec<u32> = sheet.rows.keys().chain(&sheet.hidden_rows).copied().collect();
    rows.sort_unstable();
    rows.dedup();
    for row in rows {
        let hidden = if sheet.hidden_rows.contains(&row) { " hidden=\"1\"" } else { "" };
        write!(text, "<row r=\"{}\"{hidden}>", row + 1).unwrap();
        for (col, cell) in sheet.rows.get(&row).into_iter().flatten() {
            let at = place("", row, *col);
            let (attributes, value) = match &cell.value {
                Value::Text(t) => {
                    strings.push(t.clone());
                    (" t=\"s\"", (strings.len() - 1).to_string())
                }
                Value::Number(n) => ("", n.to_string()),
                Value::Serial(n) => (" s=\"1\"", n.to_string()),
                Value::Flag(b) => (" t=\"b\"", u8::from(*b).to_string()),
                Value::Error(e) => (" t=\"e\"", e.clone()),
            };
            write!(text, "<c r=\"{at}\"{attributes}><v>{value}</v></c>").unwrap();
        }
        text.push_str("</row>");
    }
    text.push_str("</sheetData>");
    if !sheet.merges.is_empty() {
        let region = |m: &qingmu_sheets::Merge| {
            format!("{}:{}", place("", m.start.0, m.start.1), place("", m.end.0, m.end.1))
        };
        let cells: String =
            sheet.merges.iter().map(|m| format!("<mergeCell ref=\"{}\"/>", region(m))).collect();
        write!(text, "<mergeCells>{cells}</mergeCells>").unwrap();
    }
    text
}
