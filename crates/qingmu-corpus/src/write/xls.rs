//! Workbooks of Excel 97 (BIFF8) and Excel 95 (BIFF5, strings in GBK).

use super::compound;
use crate::sheet::{Sheet, Value};
use encoding_rs::GB18030;

/// Content of a record; larger ones are continued.
const MOST: usize = 8224;

/// A BIFF8 workbook, strings in UTF-16 in a shared table.
#[must_use]
pub fn file(sheets: &[Sheet]) -> Vec<u8> {
    compound(&[("Workbook", &book8(sheets))])
}

/// A BIFF5 workbook, strings in GBK under code page 936.
#[must_use]
pub fn file5(sheets: &[Sheet]) -> Vec<u8> {
    compound(&[("Book", &book5(sheets))])
}

/// One record.
#[must_use]
pub fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    [&kind.to_le_bytes()[..], &short(data.len()).to_le_bytes(), data].concat()
}

fn short(number: usize) -> u16 {
    u16::try_from(number).expect("old workbooks count to 65,535")
}

fn bof(version: u16, kind: u16) -> Vec<u8> {
    let mut data = [version.to_le_bytes(), kind.to_le_bytes()].concat();
    data.resize(if version == 0x0600 { 16 } else { 8 }, 0);
    record(0x0809, &data)
}

/// Globals up to the sheet list, the sheet list, what follows it, then the sheets.
fn book(
    version: u16,
    head: &[Vec<u8>],
    sheets: &[(Vec<u8>, Vec<u8>)],
    tail: &[Vec<u8>],
) -> Vec<u8> {
    let start = [bof(version, 5), head.concat()].concat();
    let end = [tail.concat(), record(0x000A, &[])].concat();
    let listed: usize = sheets.iter().map(|(entry, _)| entry.len() + 8).sum();
    let mut at = start.len() + listed + end.len();
    let mut stream = start;
    for (entry, body) in sheets {
        let offset = u32::try_from(at).expect("a small file").to_le_bytes();
        stream.extend(record(0x0085, &[&offset[..], entry].concat()));
        at += body.len();
    }
    stream.extend(end);
    for (_, body) in sheets {
        stream.extend(body);
    }
    stream
}

/// The stream of a BIFF8 workbook.
#[must_use]
pub fn book8(sheets: &[Sheet]) -> Vec<u8> {
    let mut strings: Vec<String> = Vec::new();
    let listed: Vec<_> = sheets
        .iter()
        .map(|sheet| {
            let mut label = |row, column, text: &str| {
                strings.push(text.to_owned());
                let index = u32::try_from(strings.len() - 1).expect("few strings");
                record(0x00FD, &[&at(row, column, 0)[..], &index.to_le_bytes()].concat())
            };
            let body = body(0x0600, sheet, &mut label);
            let mut entry = vec![u8::from(sheet.hidden), 0];
            let name: Vec<u16> = sheet.name.encode_utf16().collect();
            entry.extend([u8::try_from(name.len()).expect("a short name"), 1]);
            entry.extend(name.iter().flat_map(|u| u.to_le_bytes()));
            (entry, body)
        })
        .collect();
    let format: Vec<u8> =
        [&164_u16.to_le_bytes()[..], &8_u16.to_le_bytes(), &[0], b"yyyy/m/d"].concat();
    let head = [
        record(0x0042, &1200_u16.to_le_bytes()),
        record(0x041E, &format),
        record(0x00E0, &style(0, 20)),
        record(0x00E0, &style(164, 20)),
    ];
    book(0x0600, &head, &listed, &[shared(&strings)])
}

fn book5(sheets: &[Sheet]) -> Vec<u8> {
    let gbk = |text: &str| GB18030.encode(text).0.into_owned();
    let listed: Vec<_> = sheets
        .iter()
        .map(|sheet| {
            let mut label = |row, column, text: &str| {
                let bytes = gbk(text);
                let length = short(bytes.len()).to_le_bytes();
                record(0x0204, &[&at(row, column, 0)[..], &length, &bytes].concat())
            };
            let body = body(0x0500, sheet, &mut label);
            let name = gbk(&sheet.name);
            let length = u8::try_from(name.len()).expect("a short name");
            ([&[u8::from(sheet.hidden), 0, length][..], &name].concat(), body)
        })
        .collect();
    let format: Vec<u8> = [&164_u16.to_le_bytes()[..], &[8], b"yyyy/m/d"].concat();
    let head = [
        record(0x0042, &936_u16.to_le_bytes()),
        record(0x041E, &format),
        record(0x00E0, &style(0, 16)),
        record(0x00E0, &style(164, 16)),
    ];
    book(0x0500, &head, &listed, &[])
}

fn style(format: u16, length: usize) -> Vec<u8> {
    let mut data = [[0, 0], format.to_le_bytes()].concat();
    data.resize(length, 0);
    data
}

fn at(row: u32, column: u32, style: u16) -> Vec<u8> {
    [short(row as usize), short(column as usize), style]
        .into_iter()
        .flat_map(u16::to_le_bytes)
        .collect()
}

fn body(version: u16, sheet: &Sheet, label: &mut impl FnMut(u32, u32, &str) -> Vec<u8>) -> Vec<u8> {
    let mut stream = bof(version, 0x10);
    for column in &sheet.hidden_columns {
        let column = short(*column as usize);
        let data: Vec<u8> =
            [column, column, 2048, 0, 1, 0].into_iter().flat_map(u16::to_le_bytes).collect();
        stream.extend(record(0x007D, &data));
    }
    for row in &sheet.hidden_rows {
        let mut data = [0_u8; 16];
        data[..2].copy_from_slice(&short(*row as usize).to_le_bytes());
        data[12] = 0x20;
        stream.extend(record(0x0208, &data));
    }
    for (row, cells) in &sheet.rows {
        for (column, value) in cells {
            stream.extend(cell(*row, *column, value, label));
        }
    }
    let mut merges = short(sheet.merges.len()).to_le_bytes().to_vec();
    for ((top, left), (bottom, right)) in &sheet.merges {
        for corner in [top, bottom, left, right] {
            merges.extend(short(*corner as usize).to_le_bytes());
        }
    }
    stream.extend(record(0x00E5, &merges));
    stream.extend(record(0x000A, &[]));
    stream
}

fn cell(
    row: u32,
    column: u32,
    value: &Value,
    label: &mut impl FnMut(u32, u32, &str) -> Vec<u8>,
) -> Vec<u8> {
    let with =
        |kind, style, data: &[u8]| record(kind, &[&at(row, column, style)[..], data].concat());
    match value {
        Value::Text(text) => label(row, column, text),
        Value::Number(n) if n.fract() == 0.0 && n.abs() < 1e6 => {
            #[allow(clippy::cast_possible_truncation, reason = "just tested")]
            let packed = ((*n as i32) << 2).cast_unsigned() | 2;
            with(0x027E, 0, &packed.to_le_bytes())
        }
        Value::Number(n) => with(0x0203, 0, &n.to_le_bytes()),
        Value::Formula(n, _) => with(0x0006, 0, &[&n.to_le_bytes()[..], &[0; 8]].concat()),
        Value::Date(date) => with(0x0203, 1, &f64::from(date.serial()).to_le_bytes()),
        Value::Flag(flag) => with(0x0205, 0, &[u8::from(*flag), 0]),
        Value::Error(word) => with(0x0205, 0, &[if *word == "#REF!" { 0x17 } else { 0x07 }, 1]),
    }
}

/// The shared strings, cut in the middle of a string wherever a record is full.
fn shared(strings: &[String]) -> Vec<u8> {
    let count = u32::try_from(strings.len()).expect("few strings").to_le_bytes();
    let (mut stream, mut kind) = (Vec::new(), 0x00FC);
    let mut data = [count, count].concat();
    for text in strings {
        let units: Vec<u16> = text.encode_utf16().collect();
        if data.len() + 3 > MOST {
            stream.extend(record(kind, &data));
            (data, kind) = (Vec::new(), 0x003C);
        }
        data.extend(short(units.len()).to_le_bytes());
        data.push(1);
        for unit in units {
            if data.len() + 2 > MOST {
                stream.extend(record(kind, &data));
                (data, kind) = (vec![1], 0x003C);
            }
            data.extend(unit.to_le_bytes());
        }
    }
    stream.extend(record(kind, &data));
    stream
}
