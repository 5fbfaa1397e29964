//! Office Open XML workbooks.

use super::{escape, zip};
use crate::sheet::{Sheet, Value, letters};
use std::fmt::Write as _;

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";

/// A workbook.
#[must_use]
pub fn file(sheets: &[Sheet]) -> Vec<u8> {
    zip(&parts(sheets))
}

/// A worksheet with this inside.
#[must_use]
pub fn worksheet(inside: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><worksheet xmlns=\"{MAIN}\">{inside}</worksheet>"
    )
}

/// Other content for a part.
pub fn replace(parts: &mut [(String, Vec<u8>)], name: &str, content: &str) {
    for part in parts.iter_mut().filter(|(n, _)| n == name) {
        part.1 = content.as_bytes().to_vec();
    }
}

/// Parts of a workbook.
#[must_use]
pub fn parts(sheets: &[Sheet]) -> Vec<(String, Vec<u8>)> {
    let mut strings: Vec<String> = Vec::new();
    let bodies: Vec<String> = sheets.iter().map(|s| body(s, &mut strings)).collect();
    let (mut list, mut links, mut kinds) = (String::new(), String::new(), String::new());
    for (number, sheet) in (1..).zip(sheets) {
        let state = if sheet.hidden { " state=\"hidden\"" } else { "" };
        let name = escape(&sheet.name);
        let _ = write!(
            list,
            "<sheet name=\"{name}\" sheetId=\"{number}\"{state} r:id=\"rId{number}\"/>"
        );
        let _ = write!(
            links,
            "<Relationship Id=\"rId{number}\" Type=\"{OFFICE}/worksheet\" Target=\"worksheets/sheet{number}.xml\"/>"
        );
        let _ = write!(
            kinds,
            "<Override PartName=\"/xl/worksheets/sheet{number}.xml\" \
             ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/>"
        );
    }
    let items = strings.iter().fold(String::new(), |mut text, s| {
        let _ = write!(text, "<si><t xml:space=\"preserve\">{}</t></si>", escape(s));
        text
    });
    let mut parts: Vec<(String, Vec<u8>)> = fixed(&list, &links, &kinds)
        .into_iter()
        .map(|(name, text)| (name.to_owned(), text.into_bytes()))
        .collect();
    let strings = format!("<sst xmlns=\"{MAIN}\" uniqueCount=\"{}\">{items}</sst>", strings.len());
    parts.push(("xl/sharedStrings.xml".to_owned(), strings.into_bytes()));
    for (number, body) in (1..).zip(bodies) {
        parts.push((format!("xl/worksheets/sheet{number}.xml"), worksheet(&body).into_bytes()));
    }
    parts
}

/// The parts around the sheets.
fn fixed(list: &str, links: &str, kinds: &str) -> Vec<(&'static str, String)> {
    let relations = |inside: &str| {
        format!("<Relationships xmlns=\"{PACKAGE}/relationships\">{inside}</Relationships>")
    };
    vec![
        (
            "[Content_Types].xml",
            format!(
                "<Types xmlns=\"{PACKAGE}/content-types\"><Default Extension=\"rels\" \
                 ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
                 <Default Extension=\"xml\" ContentType=\"application/xml\"/>\
                 <Override PartName=\"/xl/workbook.xml\" \
                 ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/>\
                 <Override PartName=\"/xl/styles.xml\" \
                 ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml\"/>\
                 <Override PartName=\"/xl/sharedStrings.xml\" \
                 ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml\"/>\
                 {kinds}</Types>"
            ),
        ),
        (
            "_rels/.rels",
            relations(&format!(
                "<Relationship Id=\"rId1\" Type=\"{OFFICE}/officeDocument\" Target=\"xl/workbook.xml\"/>"
            )),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets>{list}</sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            relations(&format!(
                "{links}<Relationship Id=\"rIdS\" Type=\"{OFFICE}/styles\" Target=\"styles.xml\"/>\
                 <Relationship Id=\"rIdT\" Type=\"{OFFICE}/sharedStrings\" Target=\"sharedStrings.xml\"/>"
            )),
        ),
        (
            "xl/styles.xml",
            format!(
                "<styleSheet xmlns=\"{MAIN}\"><numFmts count=\"1\"><numFmt numFmtId=\"164\" \
                 formatCode=\"yyyy/m/d\"/></numFmts><fonts count=\"1\"><font/></fonts><fills count=\"1\"><fill><patternFill patternType=\"none\"/></fill></fills>\
                 <borders count=\"1\"><border/></borders><cellStyleXfs count=\"1\"><xf/></cellStyleXfs>\
                 <cellXfs count=\"2\"><xf numFmtId=\"0\"/><xf numFmtId=\"164\"/></cellXfs></styleSheet>"
            ),
        ),
    ]
}

fn body(sheet: &Sheet, strings: &mut Vec<String>) -> String {
    let mut text = String::new();
    if !sheet.hidden_columns.is_empty() {
        text.push_str("<cols>");
        for column in &sheet.hidden_columns {
            let number = column + 1;
            let _ =
                write!(text, "<col min=\"{number}\" max=\"{number}\" width=\"9\" hidden=\"1\"/>");
        }
        text.push_str("</cols>");
    }
    text.push_str("<sheetData>");
    let mut rows: Vec<u32> = sheet.rows.keys().chain(&sheet.hidden_rows).copied().collect();
    rows.sort_unstable();
    rows.dedup();
    for row in rows {
        let hidden = if sheet.hidden_rows.contains(&row) { " hidden=\"1\"" } else { "" };
        let _ = write!(text, "<row r=\"{}\"{hidden}>", row + 1);
        for (column, value) in sheet.rows.get(&row).into_iter().flatten() {
            let place = format!("{}{}", letters(*column), row + 1);
            let (kind, value) = match value {
                Value::Text(t) => {
                    strings.push(t.clone());
                    (" t=\"s\"", (strings.len() - 1).to_string())
                }
                Value::Date(date) => (" s=\"1\"", date.serial().to_string()),
                Value::Flag(flag) => (" t=\"b\"", u8::from(*flag).to_string()),
                Value::Error(_) => (" t=\"e\"", value.shown()),
                Value::Number(_) | Value::Formula(..) => ("", value.shown()),
            };
            let formula = match sheet.rows.get(&row).and_then(|r| r.get(column)) {
                Some(Value::Formula(_, formula)) => format!("<f>{}</f>", escape(formula)),
                _ => String::new(),
            };
            let _ = write!(text, "<c r=\"{place}\"{kind}>{formula}<v>{value}</v></c>");
        }
        text.push_str("</row>");
    }
    text.push_str("</sheetData>");
    if !sheet.merges.is_empty() {
        text.push_str("<mergeCells>");
        for ((top, left), (bottom, right)) in &sheet.merges {
            let (first, last) = (letters(*left), letters(*right));
            let _ = write!(text, "<mergeCell ref=\"{first}{}:{last}{}\"/>", top + 1, bottom + 1);
        }
        text.push_str("</mergeCells>");
    }
    text
}
