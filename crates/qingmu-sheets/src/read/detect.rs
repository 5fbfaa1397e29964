//! Format by content; the name only earns a remark.

use super::{ReadOptions, delimited, ods, parquet, xls, xlsx};
use crate::error::{Refusal, RefusalCode};
use crate::workbook::{Format, Found, Sink};
use crate::zipcheck::{self, Kind};

const OLE: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

/// Reads bytes of any format we know.
pub(super) fn read<S: Sink>(
    bytes: Vec<u8>,
    options: &ReadOptions,
    sink: &mut S,
) -> Result<Found, Refusal> {
    let plain = |format| Found { format, encoding: None, notes: Vec::new() };
    if bytes.starts_with(b"PAR1") {
        return parquet::read(bytes, sink).map(|()| plain(Format::Parquet));
    }
    let bytes = &bytes[..];
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        let container = zipcheck::check(bytes, &options.limits)?;
        return match container.kind {
            Kind::Xlsx => xlsx::read(bytes, &container, sink).map(|()| plain(Format::Xlsx)),
            Kind::Ods => ods::read(bytes, sink).map(|()| plain(Format::Ods)),
        };
    }
    if bytes.starts_with(OLE) {
        let encoding = xls::read(bytes, options.encoding.as_deref(), sink)?;
        return Ok(Found { encoding, ..plain(Format::Xls) });
    }
    other(bytes)?;
    delimited::read(bytes, options.encoding.as_deref(), sink)
}

/// Kinds that are often handed over under the name of a table.
fn other(bytes: &[u8]) -> Result<(), Refusal> {
    let refuse = |code, zh: &str, en: &str| Err(Refusal::new(code, zh, en));
    if bytes.is_empty() {
        return refuse(RefusalCode::UnknownFormat, "文件为空", "the file is empty");
    }
    if bytes.starts_with(b"%PDF") {
        return refuse(
            RefusalCode::UnknownFormat,
            "这是 PDF，不是表格",
            "this is a PDF, not a table",
        );
    }
    let old = matches!(bytes, [0x09, 0x00 | 0x02 | 0x04 | 0x08, 0x04..=0x10, 0x00, ..]);
    if old {
        return refuse(
            RefusalCode::OtherFormat,
            "这是 Excel 4 或更早的工作表",
            "this is a worksheet of Excel 4 or earlier",
        );
    }
    let head: String = String::from_utf8_lossy(&bytes[..bytes.len().min(512)]).to_lowercase();
    let head = head.trim_start_matches('\u{feff}').trim_start();
    if ["<html", "<!doctype html", "<table", "<head", "<style", "<meta"]
        .iter()
        .any(|t| head.starts_with(t))
    {
        return refuse(
            RefusalCode::OtherFormat,
            "这是网页（HTML），不是工作簿",
            "this is a web page (HTML), not a workbook",
        );
    }
    if head.starts_with("<?xml") {
        return refuse(
            RefusalCode::OtherFormat,
            "这是 XML 表格（2003）",
            "this is an XML spreadsheet (2003)",
        );
    }
    Ok(())
}
