//! Large files for measurements: one register of many rows.

use qingmu_corpus::{Chance, PLACES, Sheet, account, check, letters, name, plain, write};
use std::io::{self, BufWriter, Write};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

const HEADER: [&str; 10] = [
    "序号",
    "村代码",
    "户主姓名",
    "身份证号",
    "银行卡号",
    "补贴面积（亩）",
    "补贴标准（元/亩）",
    "补贴金额（元）",
    "年度",
    "补贴项目",
];

/// An id that differs for the first 3,000,000 numbers: day and serial number carry them.
fn id(n: u32) -> String {
    let (serial, day) = (n % 1000, n / 1000);
    let first = format!(
        "610499{:04}{:02}{:02}{serial:03}",
        1940 + day / 336 % 60,
        1 + day / 28 % 12,
        1 + day % 28
    );
    format!("{first}{}", check(&first))
}

/// Cells of row `n`.
fn row(n: u32, chance: &mut Chance) -> [String; 10] {
    let area = chance.within(10, 2_000);
    let text = |t: &str| t.to_owned();
    [
        (n + 1).to_string(),
        text(PLACES[n as usize % PLACES.len()].code),
        name(n % 1200),
        id(n),
        account(n),
        plain(area, 2),
        text("70"),
        plain(area * 70, 2),
        text("2024"),
        text("耕地地力保护补贴"),
    ]
}

/// A CSV file in UTF-8 of `rows` claims.
///
/// # Errors
/// Where the output cannot be written.
pub(crate) fn large_csv(rows: u32, out: impl Write) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    writeln!(out, "{}", HEADER.join(","))?;
    let mut chance = Chance::new(5);
    for n in 0..rows {
        writeln!(out, "{}", row(n, &mut chance).join(","))?;
    }
    out.flush()
}

/// An xlsx file of `rows` claims, texts in a shared table as office suites write them.
///
/// # Errors
/// Where the output cannot be written.
pub(crate) fn large_xlsx(rows: u32, out: impl Write + io::Seek) -> io::Result<()> {
    let mut frame = write::xlsx::parts(&[Sheet::new("2024年")]);
    frame.retain(|(name, _)| !name.ends_with("sheet1.xml") && !name.ends_with("sharedStrings.xml"));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let mut zip = ZipWriter::new(out);
    for (name, content) in frame {
        zip.start_file(name, options)?;
        zip.write_all(&content)?;
    }
    let mut strings: Vec<String> = Vec::new();
    let mut index = std::collections::HashMap::new();
    zip.start_file("xl/worksheets/sheet1.xml", options)?;
    let mut out = BufWriter::with_capacity(1 << 20, zip);
    write!(
        out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>"
    )?;
    let mut shared = |text: &str| {
        *index.entry(text.to_owned()).or_insert_with(|| {
            strings.push(text.to_owned());
            strings.len() - 1
        })
    };
    let mut chance = Chance::new(5);
    for line in 0..=rows {
        write!(out, "<row r=\"{}\">", line + 1)?;
        let cells = if line == 0 { HEADER.map(str::to_owned) } else { row(line - 1, &mut chance) };
        for (column, cell) in (0..).zip(&cells) {
            let place = format!("{}{}", letters(column), line + 1);
            let number = line > 0 && matches!(column, 0 | 5..=8);
            if number {
                write!(out, "<c r=\"{place}\"><v>{cell}</v></c>")?;
            } else {
                write!(out, "<c r=\"{place}\" t=\"s\"><v>{}</v></c>", shared(cell))?;
            }
        }
        out.write_all(b"</row>")?;
    }
    out.write_all(b"</sheetData></worksheet>")?;
    let mut zip = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    zip.start_file("xl/sharedStrings.xml", options)?;
    let mut out = BufWriter::with_capacity(1 << 20, zip);
    write!(
        out,
        "<sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" uniqueCount=\"{}\">",
        strings.len()
    )?;
    for text in &strings {
        write!(out, "<si><t>{}</t></si>", write::escape(text))?;
    }
    out.write_all(b"</sst>")?;
    let zip = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    zip.finish()?.flush()
}
