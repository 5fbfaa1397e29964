//! Files made to break a reader, and seeded damage to good ones.

use crate::cases::register;
use crate::numbers::Chance;
use crate::write::{Encoding, Format, compound, ods, xls, xlsx, zip};
use std::fmt::Write as _;
use zip::write::SimpleFileOptions;

/// A file with a name.
#[derive(Debug, Clone)]
pub struct Hostile {
    /// File name.
    pub name: String,
    /// Content.
    pub bytes: Vec<u8>,
}

/// One good register in every format: what [`damaged`] starts from.
#[must_use]
pub fn seeds() -> Vec<Hostile> {
    let all = [
        ("a", Format::Xlsx),
        ("b", Format::Xls),
        ("c", Format::Xls5),
        ("d", Format::Ods),
        ("e", Format::Csv(Encoding::Utf8)),
        ("f", Format::Csv(Encoding::Gb18030)),
        ("g", Format::Tsv(Encoding::Utf16Le)),
        ("h", Format::Parquet),
    ];
    let of = |(name, format): (&str, Format)| Hostile {
        name: format!("{name}.{}", format.ending()),
        bytes: format.file(&[register(format)]),
    };
    all.into_iter().map(of).collect()
}

/// The first `per_cent` of a file.
#[must_use]
pub fn truncated(file: &Hostile, per_cent: usize) -> Hostile {
    let length = file.bytes.len() * per_cent / 100;
    Hostile { name: file.name.clone(), bytes: file.bytes[..length].to_vec() }
}

/// A file with damage that the seed decides: flipped bits, forged lengths, pieces moved, cut or repeated.
#[must_use]
pub fn damaged(file: &Hostile, seed: u64) -> Hostile {
    let mut chance = Chance::new(seed ^ 0xdead);
    let mut bytes = file.bytes.clone();
    for _ in 0..=chance.below(4) {
        if bytes.is_empty() {
            break;
        }
        let length = bytes.len() as u64;
        let place = |chance: &mut Chance| usize::try_from(chance.below(length)).unwrap_or_default();
        let at = place(&mut chance);
        match chance.below(8) {
            0..=3 => bytes[at] ^= 1 << chance.below(8),
            4 => {
                bytes[at] =
                    [0, 0xff, 0x7f, 0x80][usize::try_from(chance.below(4)).unwrap_or_default()];
            }
            5 => {
                let forged = [u32::MAX, 0x7fff_ffff, 0, 0x0100_0000]
                    [usize::try_from(chance.below(4)).unwrap_or_default()];
                for (byte, new) in bytes[at..].iter_mut().zip(forged.to_le_bytes()) {
                    *byte = new;
                }
            }
            6 => {
                let to = place(&mut chance);
                let piece: Vec<u8> = bytes[at..].iter().take(64).copied().collect();
                bytes.splice(to..to, piece);
            }
            _ => {
                let end = (at + 1 + usize::try_from(chance.below(64)).unwrap_or_default())
                    .min(bytes.len());
                bytes.drain(at..end);
            }
        }
    }
    Hostile { name: file.name.clone(), bytes }
}

/// A Parquet file whose footer lies: the Arrow schema that the writer left there (every other seed), or any bytes of it.
#[must_use]
pub fn forged_parquet(good: &[u8], seed: u64) -> Vec<u8> {
    const SCHEMA: &[u8] = b"ARROW:schema";
    let mut chance = Chance::new(seed ^ 0xf00d);
    let mut bytes = good.to_vec();
    let end = bytes.len().saturating_sub(8);
    let length =
        bytes.get(end..end + 4).map_or(0, |l| u32::from_le_bytes([l[0], l[1], l[2], l[3]]));
    let footer = end.saturating_sub(usize::try_from(length).unwrap_or_default());
    let named = bytes[footer..end].windows(SCHEMA.len()).position(|w| w == SCHEMA);
    let schema = named.map(|at| footer + at + SCHEMA.len() + 3).filter(|_| seed.is_multiple_of(2));
    let from = schema.unwrap_or(footer);
    let span = u64::try_from(end - from).unwrap_or(1);
    for _ in 0..=chance.below(3) {
        let at = from + usize::try_from(chance.below(span)).unwrap_or_default();
        // A schema is base64: other letters keep it one, with other offsets and lengths inside.
        let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        bytes[at] = match schema {
            Some(_) => letters[usize::try_from(chance.below(64)).unwrap_or_default()],
            None => u8::try_from(chance.below(256)).unwrap_or_default(),
        };
    }
    bytes
}

/// Files that ask for more than they hold.
#[must_use]
pub fn bombs() -> Vec<Hostile> {
    let mut all = Vec::new();
    let mut add = |name: &str, bytes: Vec<u8>| all.push(Hostile { name: name.to_owned(), bytes });
    for (name, bytes) in containers() {
        add(name, bytes);
    }
    for (name, inside) in worksheets() {
        add(name, with_part("xl/worksheets/sheet1.xml", &xlsx::worksheet(&inside)));
    }
    add(
        "unique_count.xlsx",
        with_part(
            "xl/sharedStrings.xml",
            "<sst count=\"4000000000\" uniqueCount=\"4000000000\"><si><t>a</t></si></sst>",
        ),
    );
    let laughs = (1..30).fold("<!DOCTYPE s [<!ENTITY l0 \"ha\">".to_owned(), |mut text, n| {
        let _ = write!(text, "<!ENTITY l{n} \"{}\">", format!("&l{};", n - 1).repeat(10));
        text
    });
    add(
        "laughs.xlsx",
        with_part("xl/sharedStrings.xml", &format!("{laughs}]><sst><si><t>&l29;</t></si></sst>")),
    );
    for (name, tables) in tables() {
        add(name, ods::with_tables(&tables));
    }
    for (name, bytes) in old_workbooks() {
        add(name, bytes);
    }
    for (name, bytes) in texts() {
        add(name, bytes);
    }
    for (name, bytes) in parquets() {
        add(name, bytes);
    }
    all
}

fn with_part(part: &str, content: &str) -> Vec<u8> {
    let mut parts = xlsx::parts(&[register(Format::Xlsx)]);
    xlsx::replace(&mut parts, part, content);
    zip(&parts)
}

/// Containers.
fn containers() -> Vec<(&'static str, Vec<u8>)> {
    let good = || xlsx::parts(&[register(Format::Xlsx)]);
    let with = |extra: Vec<(String, Vec<u8>)>| zip(&[good(), extra].concat());
    let part = |name: &str, content: Vec<u8>| vec![(name.to_owned(), content)];
    let many = (0..100_000).map(|n| (format!("xl/media/{n}"), Vec::new())).collect();
    let mut forged = with(part("xl/media/a.xml", vec![b' '; 8 << 20]));
    if let Some(entry) = forged.windows(14).rposition(|w| w == b"xl/media/a.xml") {
        forged[entry - 22..entry - 18].copy_from_slice(&100_u32.to_le_bytes());
    }
    vec![
        ("ratio.xlsx", with(part("xl/media/zeros.bin", vec![0; 64 << 20]))),
        (
            "ratio_sheet.xlsx",
            with_part("xl/worksheets/sheet1.xml", &xlsx::worksheet(&" ".repeat(64 << 20))),
        ),
        ("ratio.ods", ods::with_tables(&" ".repeat(64 << 20))),
        ("many_parts.xlsx", with(many)),
        ("leaves_folder.xlsx", with(part("../../outside.xml", b"x".to_vec()))),
        ("absolute.xlsx", with(part("/outside.xml", b"x".to_vec()))),
        ("nested.xlsx", with(part("xl/inner.zip", zip(&good())))),
        ("overlapping.xlsx", overlapping()),
        ("false_length.xlsx", forged),
        ("empty.xlsx", zip(&[])),
        ("only_types.xlsx", zip(&good()[..1])),
        ("nothing.xlsx", Vec::new()),
    ]
}

/// Fifty parts that share the bytes of one.
fn overlapping() -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in xlsx::parts(&[register(Format::Xlsx)]) {
        writer.start_file(name, SimpleFileOptions::default()).expect("a part of a zip in memory");
        std::io::Write::write_all(&mut writer, &content).expect("memory takes every byte");
    }
    for copy in 0..50 {
        let name = format!("xl/copy{copy}.xml");
        writer.shallow_copy_file("xl/sharedStrings.xml", &name).expect("the part is there");
    }
    writer.finish().expect("a zip in memory").into_inner()
}

/// Worksheets of xlsx.
fn worksheets() -> Vec<(&'static str, String)> {
    let cell =
        |place: &str| format!("<sheetData><row><c r=\"{place}\"><v>1</v></c></row></sheetData>");
    let merges = "<mergeCell ref=\"A1:XFD1048576\"/>".repeat(1_100_000);
    vec![
        ("last_corner.xlsx", cell("XFD1048576")),
        ("dimension.xlsx", format!("<dimension ref=\"A1:XFD1048576\"/>{}", cell("XFD1048576"))),
        ("beyond_last.xlsx", cell("XFE1048577")),
        ("far_beyond.xlsx", cell("ZZZZZZZ99999999999999999999")),
        (
            "row_overflow.xlsx",
            "<sheetData><row r=\"4294967296\"><c><v>1</v></c></row></sheetData>".to_owned(),
        ),
        (
            "no_such_string.xlsx",
            "<sheetData><row><c t=\"s\"><v>4294967295</v></c></row></sheetData>".to_owned(),
        ),
        ("merges.xlsx", format!("<sheetData/><mergeCells>{merges}</mergeCells>")),
        ("deep.xlsx", format!("{}{}", "<row>".repeat(200_000), "</row>".repeat(200_000))),
        (
            "long_cell.xlsx",
            format!(
                "<sheetData><row><c t=\"inlineStr\"><is><t>{}</t></is></c></row></sheetData>",
                "亩a1".repeat(900_000)
            ),
        ),
        ("unclosed.xlsx", "<sheetData><row><c>".to_owned()),
        (
            "columns.xlsx",
            format!("<cols><col min=\"1\" max=\"4294967295\" hidden=\"1\"/></cols>{}", cell("A1")),
        ),
    ]
}

/// Tables of ods.
fn tables() -> Vec<(&'static str, String)> {
    let repeated = |rows: u64, columns: u64| {
        let cell = "office:value-type=\"float\" office:value=\"1\"";
        ods::wrap(
            "表",
            "ta1",
            &format!(
                "<table:table-row table:number-rows-repeated=\"{rows}\"><table:table-cell {cell} \
             table:number-columns-repeated=\"{columns}\"/></table:table-row>"
            ),
        )
    };
    vec![
        ("repeated.ods", repeated(1_048_576, 16_384)),
        ("repeated_far.ods", repeated(4_294_967_295, 4_294_967_295)),
        ("repeated_negative.ods", repeated(1, 1).replace("=\"1\"", "=\"-1\"")),
        (
            "spaces.ods",
            ods::wrap(
                "表",
                "ta1",
                "<table:table-row><table:table-cell office:value-type=\"string\"><text:p><text:s text:c=\"4000000000\"/></text:p></table:table-cell></table:table-row>",
            ),
        ),
        (
            "deep.ods",
            format!("{}{}", "<table:table>".repeat(100_000), "</table:table>".repeat(100_000)),
        ),
    ]
}

/// BIFF workbooks.
fn old_workbooks() -> Vec<(&'static str, Vec<u8>)> {
    let good = xls::file(&[register(Format::Xls)]);
    let mut looped = good.clone();
    // The allocation table is the last sector: every sector follows itself.
    let fat = looped.len() - 512;
    for (sector, word) in (0_u32..).zip(looped[fat..].chunks_exact_mut(4)) {
        word.copy_from_slice(&sector.to_le_bytes());
    }
    let bof = xls::record(0x0809, &[0, 6, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    let strings = xls::record(0x00FC, &[0xff; 8]);
    let book = [bof.clone(), strings, xls::record(0x000A, &[])].concat();
    let far = [
        bof,
        xls::record(0x0085, &[0xff, 0xff, 0xff, 0x7f, 0, 0, 1, 1, 0x68, 0x88]),
        xls::record(0x000A, &[]),
    ]
    .concat();
    let mut sectors = good.clone();
    sectors[44..48].copy_from_slice(&u32::MAX.to_le_bytes());
    let mut size = good;
    size[30..32].copy_from_slice(&31_u16.to_le_bytes());
    vec![
        ("looped.xls", looped),
        ("string_count.xls", compound(&[("Workbook", &book)])),
        ("far_sheet.xls", compound(&[("Workbook", &far)])),
        ("endless.xls", compound(&[("Workbook", &[0x09, 0x08, 0xff, 0xff])])),
        ("tables.xls", sectors),
        ("sector_size.xls", size),
        ("no_stream.xls", compound(&[("Other", b"x")])),
    ]
}

/// Text files.
fn texts() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("one_line.csv", vec![b'1'; 40 << 20]),
        ("commas.csv", vec![b','; 45 << 20]),
        ("lines.csv", b"1,2\n".repeat(3 << 20)),
        ("open_quote.csv", format!("村,亩\n\"{}", "1,2\n".repeat(1 << 20)).into_bytes()),
        ("quotes.csv", vec![b'"'; 20 << 20]),
        ("zeros.csv", vec![0; 1 << 20]),
        ("high.csv", vec![0xff; 1 << 20]),
        ("mark_only.csv", b"\xff\xfe".to_vec()),
        ("nothing.csv", Vec::new()),
    ]
}

/// Parquet files whose footer lies.
fn parquets() -> Vec<(&'static str, Vec<u8>)> {
    let good = Format::Parquet.file(&[register(Format::Parquet)]);
    let with_length = |length: u32| {
        let mut bytes = good.clone();
        let at = bytes.len() - 8;
        bytes[at..at + 4].copy_from_slice(&length.to_le_bytes());
        bytes
    };
    vec![
        ("footer_long.parquet", with_length(u32::MAX)),
        ("footer_all.parquet", with_length(u32::try_from(good.len()).unwrap_or_default())),
        ("footer_none.parquet", with_length(0)),
        ("marks.parquet", b"PAR1\0\0\0\0PAR1".to_vec()),
        (
            "ones.parquet",
            [b"PAR1".to_vec(), vec![0xff; 4096], 2048_u32.to_le_bytes().to_vec(), b"PAR1".to_vec()]
                .concat(),
        ),
    ]
}
