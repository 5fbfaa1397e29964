//! .ods, streamed from `content.xml`.
//!
//! Own reader: calamine 0.38 expands every sheet to a dense range and tells neither merged regions nor hidden rows.

use super::{NO_VALUE, serial};
use crate::error::{Refusal, RefusalCode};
use crate::sheet::place;
use crate::sheet::{Merge, Value};
use crate::workbook::Sink;
use crate::zipcheck::{self, MAX_COLS, MAX_ROWS, attribute, broken};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read};

/// Cells a file may add by repeating filled ones: two attributes of one cell could ask for 17 thousand million.
const MAX_REPEATED: u64 = 1_000_000;

/// Reads a spreadsheet whose container passed [`zipcheck::check`].
pub(super) fn read<S: Sink>(bytes: &[u8], sink: &mut S) -> Result<(), Refusal> {
    let mut archive = zipcheck::open(bytes)?;
    if let Ok(part) = archive.by_name("META-INF/manifest.xml") {
        let mut manifest = Vec::new();
        part.take(16 << 20).read_to_end(&mut manifest).map_err(|_| xml())?;
        if memchr::memmem::find(&manifest, b"encryption-data").is_some() {
            return Err(Refusal::new(
                RefusalCode::Password,
                "工作簿已加密",
                "the workbook is encrypted",
            ));
        }
    }
    let part = archive.by_name("content.xml").map_err(|e| broken(&e))?;
    let mut reader = Reader::from_reader(BufReader::new(part));
    reader.config_mut().expand_empty_elements = true;
    let mut content = Content { reader, sink, buffer: Vec::new(), repeated: 0 };
    content.read()
}

fn xml() -> Refusal {
    Refusal::damaged("content.xml 的 XML 损坏", "the XML of content.xml is damaged")
}

struct Content<'a, R, S> {
    reader: Reader<R>,
    sink: &'a mut S,
    buffer: Vec<u8>,
    repeated: u64,
}

/// One row while it is read: filled cells with how often each repeats to the right.
#[derive(Default)]
struct Row {
    cells: Vec<(u32, u32, Value)>,
    merges: Vec<(u32, u32, u32)>,
    col: u32,
}

impl<R: BufRead, S: Sink> Content<'_, R, S> {
    fn event(&mut self) -> Result<Event<'static>, Refusal> {
        self.buffer.clear();
        let event = self.reader.read_event_into(&mut self.buffer).map_err(|_| xml())?;
        if matches!(event, Event::Eof) { Err(xml()) } else { Ok(event.into_owned()) }
    }

    fn skip(&mut self, tag: &BytesStart<'_>) -> Result<(), Refusal> {
        self.buffer.clear();
        self.reader.read_to_end_into(tag.name(), &mut self.buffer).map(|_| ()).map_err(|_| xml())
    }

    fn read(&mut self) -> Result<(), Refusal> {
        let mut style = None;
        let mut hidden_styles = BTreeSet::new();
        let mut names = BTreeSet::new();
        loop {
            match self.event()? {
                Event::Start(tag) => match tag.name().as_ref() {
                    "style:style" => style = attribute(&tag, "name"),
                    "style:table-properties"
                        if attribute(&tag, "display").as_deref() == Some("false") =>
                    {
                        hidden_styles.extend(style.take());
                    }
                    "table:table" => {
                        let name = attribute(&tag, "name").unwrap_or_default();
                        if !names.insert(name.clone()) {
                            return Err(Refusal::damaged(
                                format!("工作表 {name} 重名"),
                                format!("two sheets are named {name}"),
                            ));
                        }
                        let hidden = attribute(&tag, "style-name")
                            .is_some_and(|s| hidden_styles.contains(&s));
                        self.sink.sheet(&name, hidden)?;
                        self.table(&name)?;
                    }
                    _ => {}
                },
                Event::End(tag) if tag.name().as_ref() == "office:document-content" => {
                    return Ok(());
                }
                _ => {}
            }
        }
    }

    fn table(&mut self, name: &str) -> Result<(), Refusal> {
        let (mut row, mut column) = (0u32, 0u32);
        loop {
            match self.event()? {
                Event::Start(tag) => match tag.name().as_ref() {
                    "table:table-column" => {
                        let next = column.saturating_add(count(&tag, "number-columns-repeated"));
                        let hidden = attribute(&tag, "visibility");
                        if hidden.is_some_and(|v| v == "collapse" || v == "filter") {
                            self.sink.hidden_columns(column, next - 1)?;
                        }
                        column = next;
                        self.skip(&tag)?;
                    }
                    "table:table-row" => row = self.row(&tag, name, row)?,
                    // These only group rows and columns.
                    "table:table-header-rows"
                    | "table:table-row-group"
                    | "table:table-rows"
                    | "table:table-columns"
                    | "table:table-column-group"
                    | "table:table-header-columns" => {}
                    _ => self.skip(&tag)?,
                },
                Event::End(tag) if tag.name().as_ref() == "table:table" => return Ok(()),
                _ => {}
            }
        }
    }

    /// Reads one row and says which comes next.
    fn row(&mut self, tag: &BytesStart<'_>, name: &str, at: u32) -> Result<u32, Refusal> {
        let repeat = count(tag, "number-rows-repeated");
        let hidden = attribute(tag, "visibility").is_some_and(|v| v == "collapse" || v == "filter");
        let mut row = Row::default();
        loop {
            match self.event()? {
                Event::Start(tag) => match tag.name().as_ref() {
                    "table:table-cell" | "table:covered-table-cell" => self.cell(&tag, &mut row)?,
                    _ => self.skip(&tag)?,
                },
                Event::End(tag) if tag.name().as_ref() == "table:table-row" => break,
                _ => {}
            }
        }
        let next = at.saturating_add(repeat);
        if row.cells.is_empty() && row.merges.is_empty() {
            // Spreadsheets end a sheet with a million empty rows, hidden or not: they say nothing.
            if hidden && repeat < MAX_ROWS / 2 {
                (at..next.min(MAX_ROWS)).try_for_each(|r| self.sink.hidden_row(r))?;
            }
            return Ok(next);
        }
        let filled: u64 = row.cells.iter().map(|(_, repeat, _)| u64::from(*repeat)).sum();
        let copies = (u64::from(repeat) * filled).saturating_sub(row.cells.len() as u64);
        self.repeated = self.repeated.saturating_add(copies);
        if self.repeated > MAX_REPEATED {
            return Err(Refusal::new(
                RefusalCode::TooLarge,
                format!("重复单元格超过 {MAX_REPEATED} 个"),
                format!("more than {MAX_REPEATED} cells by repetition"),
            ));
        }
        (at..next).try_for_each(|r| self.emit(&row, name, r, hidden))?;
        Ok(next)
    }

    fn emit(&mut self, row: &Row, name: &str, at: u32, hidden: bool) -> Result<(), Refusal> {
        if hidden {
            self.sink.hidden_row(at)?;
        }
        for (first, repeat, value) in &row.cells {
            for col in *first..first.saturating_add(*repeat) {
                if at >= MAX_ROWS || col >= MAX_COLS {
                    let cell = place(name, at, col);
                    return Err(Refusal::damaged(
                        format!("{cell} 超出工作表范围"),
                        format!("{cell} lies outside any sheet"),
                    ));
                }
                self.sink.cell(at, col, value.clone())?;
            }
        }
        for (col, cols, rows) in &row.merges {
            let end = (at.saturating_add(rows - 1), col.saturating_add(cols - 1));
            self.sink.merge(Merge { start: (at, *col), end })?;
        }
        Ok(())
    }

    fn cell(&mut self, tag: &BytesStart<'_>, row: &mut Row) -> Result<(), Refusal> {
        let repeat = count(tag, "number-columns-repeated");
        let spans = (count(tag, "number-columns-spanned"), count(tag, "number-rows-spanned"));
        let text = self.text(tag)?;
        if spans != (1, 1) {
            row.merges.push((row.col, spans.0, spans.1));
        }
        if let Some(value) = value(tag, text) {
            row.cells.push((row.col, repeat, value));
        }
        row.col = row.col.saturating_add(repeat);
        Ok(())
    }

    /// The paragraphs of a cell; notes and drawings inside it are left out.
    fn text(&mut self, cell: &BytesStart<'_>) -> Result<Option<String>, Refusal> {
        let mut text: Option<String> = None;
        loop {
            match self.event()? {
                Event::Start(tag) if tag.name().as_ref() == "text:p" => {
                    let text = text.get_or_insert_default();
                    if !text.is_empty() {
                        text.push('\n');
                    }
                    self.paragraph(text)?;
                }
                Event::Start(tag) => self.skip(&tag)?,
                Event::End(tag) if tag.name() == cell.name() => return Ok(text),
                _ => {}
            }
        }
    }

    fn paragraph(&mut self, text: &mut String) -> Result<(), Refusal> {
        let mut depth = 0usize;
        loop {
            match self.event()? {
                Event::Text(t) => text.push_str(&t.xml10_content()),
                Event::CData(t) => text.push_str(&t.xml10_content()),
                Event::GeneralRef(entity) => text.push(character(&entity).ok_or_else(xml)?),
                Event::Start(tag) => match tag.name().as_ref() {
                    "text:s" => {
                        let spaces = usize::try_from(count(&tag, "c")).unwrap_or(1).min(1 << 15);
                        text.extend(std::iter::repeat_n(' ', spaces));
                        depth += 1;
                    }
                    "text:tab" => {
                        text.push('\t');
                        depth += 1;
                    }
                    "text:line-break" => {
                        text.push('\n');
                        depth += 1;
                    }
                    "text:span" | "text:a" => depth += 1,
                    _ => self.skip(&tag)?,
                },
                Event::End(_) if depth == 0 => return Ok(()),
                Event::End(_) => depth -= 1,
                _ => {}
            }
        }
    }
}

fn character(entity: &quick_xml::events::BytesRef<'_>) -> Option<char> {
    match entity.resolve_char_ref() {
        Ok(Some(c)) => Some(c),
        Ok(None) => match &**entity {
            "lt" => Some('<'),
            "gt" => Some('>'),
            "amp" => Some('&'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            // No other entity can be declared in these documents.
            _ => None,
        },
        Err(_) => None,
    }
}

/// A repeat or span, 1 where none is given or it cannot be.
fn count(tag: &BytesStart<'_>, key: &str) -> u32 {
    attribute(tag, key).and_then(|v| v.parse().ok()).filter(|n| *n > 0).unwrap_or(1)
}

fn value(tag: &BytesStart<'_>, text: Option<String>) -> Option<Value> {
    let full = |t: String| (!t.is_empty()).then_some(Value::Text(t));
    let of = |key: &str| tag.attributes().flatten().find(|a| a.key.as_ref() == key);
    let raw = |key: &str| of(key).map(|a| a.value.clone().into_owned());
    if raw("calcext:value-type").as_deref() == Some("error") {
        return Some(Value::Error(text.unwrap_or_default()));
    }
    match raw("office:value-type").as_deref() {
        Some("float" | "percentage" | "currency") => {
            let number = raw("office:value").and_then(|v| v.parse::<f64>().ok());
            Some(match number.filter(|n| n.is_finite()) {
                Some(number) => Value::Number(number),
                None => Value::Error("#NUM!".to_owned()),
            })
        }
        Some("date") => {
            let date = raw("office:date-value").unwrap_or_default();
            serial::from_iso(&date).map(Value::Serial).or_else(|| full(text.unwrap_or(date)))
        }
        Some("boolean") => {
            Some(Value::Flag(raw("office:boolean-value").as_deref() == Some("true")))
        }
        Some("string") => {
            let stated = attribute(tag, "string-value");
            stated.or(text).and_then(full)
        }
        Some(_) => text.and_then(full),
        None => match text {
            Some(text) => full(text),
            None if raw("table:formula").is_some() => Some(Value::Error(NO_VALUE.to_owned())),
            None => None,
        },
    }
}
