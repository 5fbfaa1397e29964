//! BIFF8 and BIFF5 workbooks in a compound file, by hand.

use encoding_rs::GB18030;
use qingmu_sheets::{RawSheet, Value};

/// Content of a record; larger ones are continued.
const MOST: usize = 8224;

/// A BIFF8 workbook, strings in UTF-16 in a shared table.
pub(crate) fn file(sheets: &[RawSheet]) -> Vec<u8> {
    compound(&[("Workbook", &book8(sheets))])
}

/// A BIFF5 workbook, strings in GBK.
pub(crate) fn file5(sheets: &[RawSheet]) -> Vec<u8> {
    compound(&[("Book", &book5(sheets))])
}

/// One record.
pub(crate) fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len()).unwrap();
    [&kind.to_le_bytes()[..], &length.to_le_bytes(), data].concat()
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
        let offset = u32::try_from(at).unwrap().to_le_bytes();
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
pub(crate) fn book8(sheets: &[RawSheet]) -> Vec<u8> {
    let mut strings: Vec<String> = Vec::new();
    let listed: Vec<_> = sheets
        .iter()
        .map(|sheet| {
            let mut label = |row, col, text: &str| {
                strings.push(text.to_owned());
                let index = u32::try_from(strings.len() - 1).unwrap();
                record(0x00FD, &[&at(row, col, 0)[..], &index.to_le_bytes()].concat())
            };
            let body = body(0x0600, sheet, &mut label);
            let mut entry = vec![u8::from(sheet.hidden), 0];
            let name: Vec<u16> = sheet.name.encode_utf16().collect();
            entry.extend([u8::try_from(name.len()).unwrap(), 1]);
            entry.extend(name.iter().flat_map(|u| u.to_le_bytes()));
            (entry, body)
        })
        .collect();
    let format: Vec<u8> =
        [&164u16.to_le_bytes()[..], &8u16.to_le_bytes(), &[0], b"yyyy/m/d"].concat();
    let head = [
        record(0x0042, &1200u16.to_le_bytes()),
        record(0x041E, &format),
        record(0x00E0, &style(0, 20)),
        record(0x00E0, &style(164, 20)),
    ];
    book(0x0600, &head, &listed, &[shared(&strings)])
}

fn book5(sheets: &[RawSheet]) -> Vec<u8> {
    let gbk = |text: &str| GB18030.encode(text).0.into_owned();
    let listed: Vec<_> = sheets
        .iter()
        .map(|sheet| {
            let mut label = |row, col, text: &str| {
                let bytes = gbk(text);
                let length = u16::try_from(bytes.len()).unwrap().to_le_bytes();
                record(0x0204, &[&at(row, col, 0)[..], &length, &bytes].concat())
            };
            let body = body(0x0500, sheet, &mut label);
            let name = gbk(&sheet.name);
            let head = [u8::from(sheet.hidden), 0, u8::try_from(name.len()).unwrap()];
            ([&head[..], &name].concat(), body)
        })
        .collect();
    let format: Vec<u8> = [&164u16.to_le_bytes()[..], &[8], b"yyyy/m/d"].concat();
    let head = [
        record(0x0042, &936u16.to_le_bytes()),
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

fn at(row: u32, col: u32, style: u16) -> Vec<u8> {
    let (row, col) = (u16::try_from(row).unwrap(), u16::try_from(col).unwrap());
    [row, col, style].into_iter().flat_map(u16::to_le_bytes).collect()
}

fn body(
    version: u16,
    sheet: &RawSheet,
    label: &mut impl FnMut(u32, u32, &str) -> Vec<u8>,
) -> Vec<u8> {
    let mut stream = bof(version, 0x10);
    for (first, last) in &sheet.hidden_columns {
        let word = |n: &u32| u16::try_from(*n).unwrap().to_le_bytes();
        let data = [word(first), word(last), [0, 8], [15, 0], [1, 0], [0, 0]].concat();
        stream.extend(record(0x007D, &data));
    }
    for row in &sheet.hidden_rows {
        let mut data = [0u8; 16];
        data[..2].copy_from_slice(&u16::try_from(*row).unwrap().to_le_bytes());
        data[12] = 0x20;
        stream.extend(record(0x0208, &data));
    }
    for (row, cells) in &sheet.rows {
        for (col, cell) in cells {
            stream.extend(match &cell.value {
                Value::Text(t) => label(*row, *col, t),
                Value::Number(n) if n.fract() == 0.0 && n.abs() < 1e6 => {
                    #[allow(clippy::cast_possible_truncation, reason = "just tested")]
                    let packed = ((*n as i32) << 2).cast_unsigned() | 2;
                    record(0x027E, &[&at(*row, *col, 0)[..], &packed.to_le_bytes()].concat())
                }
                Value::Number(n) => {
                    record(0x0203, &[&at(*row, *col, 0)[..], &n.to_le_bytes()].concat())
                }
                Value::Serial(n) => {
                    record(0x0203, &[&at(*row, *col, 1)[..], &n.to_le_bytes()].concat())
                }
                Value::Flag(b) => {
                    record(0x0205, &[&at(*row, *col, 0)[..], &[u8::from(*b), 0]].concat())
                }
                Value::Error(e) => {
                    assert_eq!(e, "#REF!", "the writer knows one error");
                    record(0x0205, &[&at(*row, *col, 0)[..], &[0x17, 1]].concat())
                }
            });
        }
    }
    let mut merges = u16::try_from(sheet.merges.len()).unwrap().to_le_bytes().to_vec();
    for merge in &sheet.merges {
        for corner in [merge.start.0, merge.end.0, merge.start.1, merge.end.1] {
            merges.extend(u16::try_from(corner).unwrap().to_le_bytes());
        }
    }
    stream.extend(record(0x00E5, &merges));
    stream.extend(record(0x000A, &[]));
    stream
}

/// The shared strings, cut in the middle of a string wherever a record is full.
fn shared(strings: &[String]) -> Vec<u8> {
    let count = u32::try_from(strings.len()).unwrap().to_le_bytes();
    let (mut stream, mut kind) = (Vec::new(), 0x00FC);
    let mut data = [count, count].concat();
    for text in strings {
        let units: Vec<u16> = text.encode_utf16().collect();
        if data.len() + 3 > MOST {
            stream.extend(record(kind, &data));
            (data, kind) = (Vec::new(), 0x003C);
        }
        data.extend(u16::try_from(units.len()).unwrap().to_le_bytes());
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

const END: u32 = 0xFFFF_FFFE;
const FREE: u32 = 0xFFFF_FFFF;

/// A compound file of sectors of 512 bytes; streams are filled up to 4096 bytes so that none is a mini stream.
pub(crate) fn compound(streams: &[(&str, &[u8])]) -> Vec<u8> {
    let mut file = Sectors::default();
    let mut directory = entry("Root Entry", 5, END, 0);
    for (name, stream) in streams {
        let size = stream.len().max(4096);
        let start = file.add(stream, size);
        directory.extend(entry(name, 2, start, u32::try_from(size).unwrap()));
    }
    file.finish(directory, (END, 0))
}

/// A compound file whose one stream, under 4096 bytes, lies in the mini stream behind another one.
pub(crate) fn compound_mini(name: &str, stream: &[u8]) -> Vec<u8> {
    assert!(stream.len() < 4096, "a mini stream");
    let mut file = Sectors::default();
    let other = vec![0xAA; 100];
    let mini = |len: usize| len.div_ceil(64);
    let chain = |first: usize, count: usize| {
        (first + 1..first + count)
            .map(|n| u32::try_from(n).unwrap())
            .chain([END])
            .collect::<Vec<u32>>()
    };
    let table =
        [chain(0, mini(other.len())), chain(mini(other.len()), mini(stream.len()))].concat();
    let mut content = other.clone();
    content.resize(mini(other.len()) * 64, 0);
    content.extend(stream);
    content.resize(table.len() * 64, 0);
    let start = file.add(&content, content.len());
    let size = |len: usize| u32::try_from(len).unwrap();
    let mut directory = entry("Root Entry", 5, start, size(content.len()));
    directory.extend(entry("Other", 2, 0, size(other.len())));
    directory.extend(entry(name, 2, size(mini(other.len())), size(stream.len())));
    let mut words = table;
    words.resize(words.len().next_multiple_of(128), FREE);
    let bytes: Vec<u8> = words.iter().flat_map(|w| w.to_le_bytes()).collect();
    let table = file.add(&bytes, bytes.len());
    file.finish(directory, (table, size(bytes.len() / 512)))
}

/// Sectors behind the header, with their allocation table.
#[derive(Default)]
struct Sectors {
    body: Vec<u8>,
    fat: Vec<u32>,
}

impl Sectors {
    /// Adds a chain of sectors; says where it starts.
    fn add(&mut self, bytes: &[u8], size: usize) -> u32 {
        let start = u32::try_from(self.fat.len()).unwrap();
        self.body.extend_from_slice(bytes);
        self.body.resize(self.body.len() + size - bytes.len(), 0);
        self.body.resize(self.body.len().next_multiple_of(512), 0);
        chain(&mut self.fat, self.body.len() / 512);
        start
    }

    /// The file: what was added, the directory, the allocation table and, for more than 109 sectors of it, the
    /// sectors that list them.
    fn finish(mut self, mut directory: Vec<u8>, mini: (u32, u32)) -> Vec<u8> {
        directory.resize(directory.len().next_multiple_of(512), 0);
        let directory_start = self.add(&directory, directory.len());
        let first = u32::try_from(self.fat.len()).unwrap();
        let (mut tables, mut lists) = (0_usize, 0_usize);
        while tables * 128 < self.fat.len() + tables + lists {
            tables += 1;
            lists = tables.saturating_sub(109).div_ceil(127);
        }
        self.fat.extend(std::iter::repeat_n(0xFFFF_FFFD, tables));
        self.fat.extend(std::iter::repeat_n(0xFFFF_FFFC, lists));
        self.fat.resize(tables * 128, FREE);
        self.body.extend(self.fat.iter().flat_map(|w| w.to_le_bytes()));
        let count = |n: usize| u32::try_from(n).unwrap();
        let all: Vec<u32> = (first..first + count(tables)).collect();
        let (inside, outside) = all.split_at(all.len().min(109));
        let list_start = first + count(tables);
        for (n, list) in outside.chunks(127).enumerate() {
            let mut words = list.to_vec();
            words.resize(127, FREE);
            words.push(if n + 1 < lists { list_start + count(n) + 1 } else { END });
            self.body.extend(words.iter().flat_map(|w| w.to_le_bytes()));
        }
        let mut header = vec![0u8; 76];
        header[..8].copy_from_slice(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1");
        for (offset, value) in [(24, 0x3Eu16), (26, 3), (28, 0xFFFE), (30, 9), (32, 6)] {
            header[offset..offset + 2].copy_from_slice(&value.to_le_bytes());
        }
        let list = if lists > 0 { list_start } else { END };
        for (offset, value) in [
            (44, count(tables)),
            (48, directory_start),
            (56, 4096),
            (60, mini.0),
            (64, mini.1),
            (68, list),
            (72, count(lists)),
        ] {
            header[offset..offset + 4].copy_from_slice(&value.to_le_bytes());
        }
        let mut numbers = inside.to_vec();
        numbers.resize(109, FREE);
        header.extend(numbers.iter().flat_map(|w| w.to_le_bytes()));
        [header, self.body].concat()
    }
}

/// Links all sectors up to `end` that are not linked yet into one chain.
fn chain(fat: &mut Vec<u32>, end: usize) {
    while fat.len() + 1 < end {
        fat.push(u32::try_from(fat.len() + 1).unwrap());
    }
    fat.push(0xFFFF_FFFE);
}

fn entry(name: &str, kind: u8, start: u32, size: u32) -> Vec<u8> {
    let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let length = u16::try_from(entry.len() + 2).unwrap();
    entry.resize(128, 0);
    entry[64..66].copy_from_slice(&length.to_le_bytes());
    entry[66] = kind;
    entry[68..80].fill(0xFF);
    entry[116..120].copy_from_slice(&start.to_le_bytes());
    entry[120..124].copy_from_slice(&size.to_le_bytes());
    entry
}
