//! .xlsx through calamine's streaming cell reader; merged regions and hidden rows by a pass of our own.

use super::{NO_VALUE, serial, xlsx_marks};
use crate::error::{Refusal, RefusalCode};
use crate::sheet::Value;
use crate::sheet::place;
use crate::workbook::Sink;
use crate::zipcheck::{self, Container, MAX_COLS, MAX_ROWS};
use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use std::collections::BTreeSet;
use std::io::Cursor;

/// Reads a workbook whose container passed [`zipcheck::check`].
pub(super) fn read<S: Sink>(
    bytes: &[u8],
    container: &Container,
    sink: &mut S,
) -> Result<(), Refusal> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|e| refusal("", &e))?;
    let mut archive = zipcheck::open(bytes)?;
    let parts = xlsx_marks::sheet_parts(&mut archive)?;
    let shift = if book.has_1904_epoch() { serial::EPOCH_1904 } else { 0.0 };
    let sheets = book.sheets_metadata().to_vec();
    let mut names = BTreeSet::new();
    for sheet in sheets.iter().filter(|s| s.typ == SheetType::WorkSheet) {
        // Readers find sheets by name: a second one of the same name would be read as the first.
        if !names.insert(sheet.name.to_lowercase()) {
            return Err(Refusal::damaged(
                format!("工作表 {} 重名", sheet.name),
                format!("two sheets are named {}", sheet.name),
            ));
        }
        sink.sheet(&sheet.name, sheet.visible != SheetVisible::Visible)?;
        cells(&mut book, &sheet.name, shift, sink)?;
        let part = parts.get(&sheet.name).ok_or_else(|| {
            Refusal::damaged(
                format!("工作表 {} 没有内容部件", sheet.name),
                format!("sheet {} has no part", sheet.name),
            )
        })?;
        if container.marked.contains(&part.to_lowercase()) {
            xlsx_marks::read(&mut archive, part, sink)?;
        }
    }
    Ok(())
}

fn cells<S: Sink>(
    book: &mut Xlsx<Cursor<&[u8]>>,
    name: &str,
    shift: f64,
    sink: &mut S,
) -> Result<(), Refusal> {
    let mut reader = book.worksheet_cells_reader(name).map_err(|e| refusal(name, &e))?;
    let mut at = (0, 0);
    loop {
        let next = reader
            .next_cell_with_formula_metadata()
            .map_err(|e| refusal(&place(name, at.0, at.1), &e))?;
        let Some(cell) = next else { return Ok(()) };
        at = cell.pos;
        if at.0 >= MAX_ROWS || at.1 >= MAX_COLS {
            return Err(Refusal::damaged(
                format!("{} 超出工作表范围", place(name, at.0, at.1)),
                format!("{} lies outside any sheet", place(name, at.0, at.1)),
            ));
        }
        if let Some(value) = value(&cell.value, cell.formula.is_some(), shift) {
            sink.cell(at.0, at.1, value)?;
        }
    }
}

fn value(data: &DataRef<'_>, formula: bool, shift: f64) -> Option<Value> {
    let text = |t: &str| (!t.is_empty()).then(|| Value::Text(t.to_owned()));
    let finite =
        |n: f64, v: Value| Some(if n.is_finite() { v } else { Value::Error("#NUM!".to_owned()) });
    match data {
        DataRef::Int(n) => Some(Value::Number(*n as f64)),
        DataRef::Float(n) => finite(*n, Value::Number(*n)),
        DataRef::String(t) | DataRef::DurationIso(t) => text(t),
        DataRef::SharedString(t) => text(t),
        DataRef::Bool(b) => Some(Value::Flag(*b)),
        DataRef::DateTime(d) if d.is_datetime() => {
            finite(d.as_f64(), Value::Serial(d.as_f64() + shift))
        }
        DataRef::DateTime(d) => finite(d.as_f64(), Value::Serial(d.as_f64())),
        DataRef::DateTimeIso(t) => match serial::from_iso(t) {
            Some(serial) => Some(Value::Serial(serial)),
            None => text(t),
        },
        DataRef::Error(e) => Some(Value::Error(e.to_string())),
        DataRef::Empty => formula.then(|| Value::Error(NO_VALUE.to_owned())),
    }
}

/// calamine's errors may quote a cell: only their class is passed on.
fn refusal(at: &str, error: &XlsxError) -> Refusal {
    let place = if at.is_empty() { String::new() } else { format!("（{at}）") };
    let place_en = if at.is_empty() { String::new() } else { format!(" (near {at})") };
    let (zh, en) = match error {
        XlsxError::Password => {
            return Refusal::new(
                RefusalCode::Password,
                "工作簿已加密",
                "the workbook is encrypted",
            );
        }
        XlsxError::Io(_) | XlsxError::Zip(_) => ("压缩结构损坏", "the zip structure is damaged"),
        XlsxError::Xml(_) | XlsxError::XmlAttr(_) | XlsxError::XmlEof(_) => {
            ("XML 结构损坏", "its XML is damaged")
        }
        XlsxError::FileNotFound(_) | XlsxError::RelationshipNotFound => {
            ("工作簿部件缺失", "a part of the workbook is missing")
        }
        _ => ("工作簿内容不合规范", "the workbook breaks its format"),
    };
    Refusal::damaged(format!("{zh}{place}"), format!("{en}{place_en}"))
}
