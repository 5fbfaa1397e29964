//! Text tables and their encodings.

use crate::sheet::Sheet;

/// How text becomes bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// UTF-8 with its mark.
    Utf8Bom,
    /// UTF-16, little end first, with its mark.
    Utf16Le,
    /// UTF-16, big end first, with its mark.
    Utf16Be,
    /// UTF-16, little end first, without a mark.
    Utf16LeBare,
    /// GB18030, of which GBK and GB2312 are parts.
    Gb18030,
}

/// Text in an encoding.
#[must_use]
pub fn encode(text: &str, encoding: Encoding) -> Vec<u8> {
    match encoding {
        Encoding::Utf8 => text.as_bytes().to_vec(),
        Encoding::Utf8Bom => [b"\xef\xbb\xbf", text.as_bytes()].concat(),
        Encoding::Utf16Le => {
            [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
        }
        Encoding::Utf16Be => {
            [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect()
        }
        Encoding::Utf16LeBare => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        Encoding::Gb18030 => encoding_rs::GB18030.encode(text).0.into_owned(),
    }
}

/// Comma-separated, lines end as on Windows.
#[must_use]
pub fn csv(sheet: &Sheet) -> String {
    separated(sheet, ',')
}

/// Tab-separated.
#[must_use]
pub fn tsv(sheet: &Sheet) -> String {
    separated(sheet, '\t')
}

fn separated(sheet: &Sheet, separator: char) -> String {
    let width = sheet.rows.values().filter_map(|r| r.keys().last()).max().map_or(0, |c| c + 1);
    let height = sheet.rows.keys().last().map_or(0, |r| r + 1);
    let mut text = String::new();
    for row in 0..height {
        let cells = sheet.rows.get(&row);
        for column in 0..width {
            if column > 0 {
                text.push(separator);
            }
            if let Some(value) = cells.and_then(|c| c.get(&column)) {
                text.push_str(&quoted(&value.shown(), separator));
            }
        }
        text.push_str("\r\n");
    }
    text
}

fn quoted(text: &str, separator: char) -> String {
    if text.contains([separator, '"', '\r', '\n']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}
