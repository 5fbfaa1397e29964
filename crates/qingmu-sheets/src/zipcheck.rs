//! Looks over a zip container before any spreadsheet reader sees it.
//!
//! Every part is unpacked once into a counter, so sizes are counted, never believed, and every checksum is verified:
//! a spreadsheet reader stops at the last tag it wants and never reaches the checksum of a part.

use crate::Limits;
use crate::error::{Refusal, RefusalCode};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Cursor, Read};
use zip::ZipArchive;
use zip::result::ZipError;

/// Rows and columns of the largest sheet of today's formats.
pub(crate) const MAX_ROWS: u32 = 1_048_576;
/// See [`MAX_ROWS`].
pub(crate) const MAX_COLS: u32 = 16_384;
/// `<si/>`, the shortest shared string there is.
const SHORTEST_STRING: u64 = 5;

/// An archive over bytes in memory.
pub(crate) type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// What the container is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Xlsx,
    Ods,
}

/// A container that passed.
#[derive(Debug)]
pub(crate) struct Container {
    pub(crate) kind: Kind,
    /// Parts that may hold merged regions or hidden rows, lower case.
    pub(crate) marked: BTreeSet<String>,
}

/// Checks a zip container and says what it is.
pub(crate) fn check(bytes: &[u8], limits: &Limits) -> Result<Container, Refusal> {
    let mut archive = open(bytes)?;
    if archive.len() as u64 > limits.parts {
        return Err(too_large(format!("压缩包部件超过 {} 个", limits.parts), || {
            format!("more than {} parts in the container", limits.parts)
        }));
    }
    names(&archive)?;
    let apart = !archive.has_overlapping_entries().map_err(|e| broken(&e))?;
    if archive.offset() != 0 || !apart || !headers(&mut archive, bytes)? {
        return Err(Refusal::damaged(
            "压缩包目录与内容不符",
            "the container's directory does not fit its content",
        ));
    }
    declared(&mut archive, bytes.len() as u64, limits)?;
    let mut left = limits.unpacked_bytes;
    let mut marked = BTreeSet::new();
    for index in 0..archive.len() {
        let (name, size, mark) = unpack(&mut archive, index, &mut left, limits)?;
        if mark {
            marked.insert(name.to_lowercase());
        }
        claims(&mut archive, index, &name, size)?;
    }
    Ok(Container { kind: kind(&mut archive)?, marked })
}

/// Opens an archive over bytes.
pub(crate) fn open(bytes: &[u8]) -> Result<Archive<'_>, Refusal> {
    ZipArchive::new(Cursor::new(bytes)).map_err(|e| broken(&e))
}

/// A zip failure in our words; texts of the zip crate name no content.
pub(crate) fn broken(error: &ZipError) -> Refusal {
    Refusal::damaged(
        format!("压缩结构损坏（{error}）"),
        format!("the zip structure is damaged ({error})"),
    )
}

/// Name of a part with `/` between folders and no leading one.
pub(crate) fn normal(name: &str) -> String {
    name.replace('\\', "/").trim_start_matches('/').to_owned()
}

fn too_large(zh: String, en: impl FnOnce() -> String) -> Refusal {
    Refusal::new(RefusalCode::TooLarge, zh, en())
}

fn names(archive: &Archive<'_>) -> Result<(), Refusal> {
    let mut seen = BTreeSet::new();
    let mut twice = archive.has_duplicate_names();
    for name in archive.file_names() {
        let name = name.map_err(|e| broken(&e))?;
        let path = name.replace('\\', "/");
        let drive = path.as_bytes().get(1) == Some(&b':');
        if path.starts_with('/')
            || drive
            || path.contains('\0')
            || path.split('/').any(|p| p == "..")
        {
            return Err(Refusal::new(
                RefusalCode::BadPart,
                "压缩包内有指向包外的部件名",
                "a part of the container is named to leave its folder",
            ));
        }
        twice |= !seen.insert(path.to_lowercase());
    }
    if twice {
        return Err(Refusal::new(
            RefusalCode::BadPart,
            "压缩包内有同名部件",
            "two parts of the container share a name",
        ));
    }
    Ok(())
}

/// Whether every part is named in its own header as in the directory: a part renamed in one of them goes missing
/// without a word, and with it, say, the formats by which numbers are dates.
fn headers(archive: &mut Archive<'_>, bytes: &[u8]) -> Result<bool, Refusal> {
    for index in 0..archive.len() {
        let part = archive.by_index_raw(index).map_err(|e| broken(&e))?;
        let name = part.name_raw();
        let start = usize::try_from(part.header_start()).unwrap_or(usize::MAX);
        let header = bytes.get(start..).unwrap_or(&[]);
        let length = header.get(26..28).map(|l| usize::from(u16::from_le_bytes([l[0], l[1]])));
        if length != Some(name.len()) || header.get(30..30 + name.len()) != Some(name) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Cheap refusals by what the directory declares; what is really there is counted afterwards.
fn declared(archive: &mut Archive<'_>, packed: u64, limits: &Limits) -> Result<(), Refusal> {
    let mut total = 0u64;
    for index in 0..archive.len() {
        let part = archive.by_index_raw(index).map_err(|e| broken(&e))?;
        if part.encrypted() {
            return Err(Refusal::new(
                RefusalCode::Password,
                "压缩包已加密",
                "the container is encrypted",
            ));
        }
        total = total.saturating_add(part.size());
    }
    volume(total, packed, limits)
}

fn volume(unpacked: u64, packed: u64, limits: &Limits) -> Result<(), Refusal> {
    if unpacked > limits.unpacked_bytes {
        return Err(too_large(format!("解压后超过 {} 字节", limits.unpacked_bytes), || {
            format!("it unpacks to more than {} bytes", limits.unpacked_bytes)
        }));
    }
    if unpacked > limits.ratio_free_bytes && unpacked / packed.max(1) > limits.ratio {
        return Err(too_large(format!("压缩比超过 {}", limits.ratio), || {
            format!("it unpacks to more than {} times its size", limits.ratio)
        }));
    }
    Ok(())
}

/// Unpacks one part into a counter; says whether words of merged regions or hidden rows stand in it.
fn unpack(
    archive: &mut Archive<'_>,
    index: usize,
    left: &mut u64,
    limits: &Limits,
) -> Result<(String, u64, bool), Refusal> {
    let mut part = archive.by_index(index).map_err(|e| broken(&e))?;
    let name = normal(&part.name().map_err(|e| broken(&e))?);
    let words = [memchr::memmem::Finder::new("mergeCell"), memchr::memmem::Finder::new("hidden")];
    let mut buffer = vec![0u8; 64 << 10];
    let (mut kept, mut size, mut mark) = (0usize, 0u64, false);
    loop {
        let read = part.read(&mut buffer[kept..]).map_err(|e| unreadable(&name, &e))?;
        if read == 0 {
            return Ok((name, size, mark));
        }
        size += read as u64;
        if read as u64 > *left {
            return volume(u64::MAX, 1, limits).map(|()| (name, size, mark));
        }
        *left -= read as u64;
        let filled = &buffer[..kept + read];
        mark |= words.iter().any(|word| word.find(filled).is_some());
        // A word may lie across two reads: its longest head is kept.
        let tail = filled.len().min(16);
        let from = filled.len() - tail;
        buffer.copy_within(from..from + tail, 0);
        kept = tail;
    }
}

fn unreadable(name: &str, error: &std::io::Error) -> Refusal {
    Refusal::damaged(
        format!("压缩包部件 {name} 损坏（{error}）"),
        format!("part {name} of the container is damaged ({error})"),
    )
}

/// Holds what a part says about itself against its size: readers reserve memory by such figures.
fn claims(archive: &mut Archive<'_>, index: usize, name: &str, size: u64) -> Result<(), Refusal> {
    if !name.to_lowercase().ends_with(".xml") {
        return Ok(());
    }
    let part = archive.by_index(index).map_err(|e| broken(&e))?;
    let mut reader = Reader::from_reader(BufReader::new(part));
    let Some(root) = first_tag(&mut reader) else { return Ok(()) };
    match root.local_name().as_ref() {
        "sst" => strings(&root, name, size),
        "worksheet" => dimension(&mut reader, name),
        _ => Ok(()),
    }
}

/// The first tag of a document; broken XML is left to the reader that needs the part.
fn first_tag<R: BufRead>(reader: &mut Reader<R>) -> Option<BytesStart<'static>> {
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(tag) | Event::Empty(tag)) => return Some(tag.into_owned()),
            Ok(Event::Eof) | Err(_) => return None,
            Ok(_) => {}
        }
    }
}

fn false_claim(name: &str, zh: &str, en: &str) -> Refusal {
    Refusal::new(
        RefusalCode::FalseClaim,
        format!("部件 {name} 声明的{zh}不可能成立"),
        format!("part {name} claims {en} that cannot be"),
    )
}

fn strings(root: &BytesStart<'_>, name: &str, size: u64) -> Result<(), Refusal> {
    let Some(claim) = attribute(root, "uniqueCount") else { return Ok(()) };
    let fits = claim.trim().parse::<u64>().is_ok_and(|n| n <= size / SHORTEST_STRING + 1);
    if fits { Ok(()) } else { Err(false_claim(name, "字符串数", "a number of strings")) }
}

fn dimension<R: BufRead>(reader: &mut Reader<R>, name: &str) -> Result<(), Refusal> {
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(tag) | Event::Empty(tag)) => match tag.local_name().as_ref() {
                "dimension" => {
                    let fits = attribute(&tag, "ref").is_some_and(|r| region(&r).is_some());
                    return if fits {
                        Ok(())
                    } else {
                        Err(false_claim(name, "区域", "a region"))
                    };
                }
                "sheetData" => return Ok(()),
                _ => {}
            },
            Ok(Event::Eof) | Err(_) => return Ok(()),
            Ok(_) => {}
        }
    }
}

/// An attribute by its local name, entities resolved.
pub(crate) fn attribute(tag: &BytesStart<'_>, key: &str) -> Option<String> {
    let found = tag.attributes().flatten().find(|a| a.key.local_name().as_ref() == key)?;
    found
        .normalized_value(quick_xml::XmlVersion::Implicit1_0)
        .ok()
        .map(std::borrow::Cow::into_owned)
}

/// `A1` or `A1:C9` inside the largest sheet, 0-based `(row, column)` of both ends, in order.
pub(crate) fn region(text: &str) -> Option<((u32, u32), (u32, u32))> {
    let (first, last) = text.split_once(':').unwrap_or((text, text));
    let (start, end) = (position(first)?, position(last)?);
    (start.0 <= end.0 && start.1 <= end.1).then_some((start, end))
}

fn position(text: &str) -> Option<(u32, u32)> {
    let digits = text.find(|c: char| c.is_ascii_digit())?;
    let (letters, number) = text.split_at(digits);
    let col = letters.bytes().try_fold(0u32, |sum, b| {
        let letter = b.to_ascii_uppercase();
        letter
            .is_ascii_uppercase()
            .then(|| sum * 26 + u32::from(letter - b'A') + 1)
            .filter(|c| *c <= MAX_COLS)
    })?;
    let row: u32 = number.parse().ok()?;
    (col >= 1 && (1..=MAX_ROWS).contains(&row)).then(|| (row - 1, col - 1))
}

fn kind(archive: &mut Archive<'_>) -> Result<Kind, Refusal> {
    let has = |archive: &Archive<'_>, wanted: &str| {
        archive.file_names().flatten().any(|n| normal(&n).eq_ignore_ascii_case(wanted))
    };
    if let Ok(part) = archive.by_name("mimetype") {
        let mut mime = String::new();
        // A mimetype is short; more would not be one.
        let read = part.take(128).read_to_string(&mut mime);
        if read.is_ok() && mime.trim().starts_with("application/vnd.oasis.opendocument.spreadsheet")
        {
            return Ok(Kind::Ods);
        }
    }
    if has(archive, "xl/workbook.bin") {
        return Err(Refusal::new(
            RefusalCode::OtherFormat,
            "这是 xlsb 二进制工作簿",
            "this is a binary workbook (xlsb)",
        ));
    }
    if has(archive, "[Content_Types].xml") && !has(archive, "word/document.xml") {
        return Ok(Kind::Xlsx);
    }
    Err(Refusal::new(
        RefusalCode::UnknownFormat,
        "压缩包内没有表格",
        "the container holds no spreadsheet",
    ))
}
