//! .xls and .et: BIFF8 and BIFF5 in a compound file.
//!
//! Own reader: calamine 0.38 builds a dense range per sheet (one stray cell at IV65536 asks for 16.8 million), drops
//! cells whose shared string is missing, takes a stream that ends early as complete and tells no hidden rows.

use super::biff::{Cursor, Dialect, Record, Records, cut, rk_at};
use super::cfb::{Compound, u16_at, u32_at};
use super::{encoding, serial};
use crate::error::{Refusal, RefusalCode};
use crate::sheet::place;
use crate::sheet::{Merge, Value};
use crate::workbook::{EncodingGuess, Sink};
use std::collections::{BTreeMap, BTreeSet};

const BOF: u16 = 0x0809;
const EOF: u16 = 0x000A;
const STRING: u16 = 0x0207;

/// What the workbook says before its sheets.
#[derive(Debug)]
struct Globals {
    dialect: Dialect,
    guess: Option<EncodingGuess>,
    strings: Vec<String>,
    formats: BTreeMap<u16, bool>,
    styles: Vec<u16>,
    shift: f64,
    sheets: Vec<Bound>,
}

#[derive(Debug)]
struct Bound {
    at: usize,
    hidden: bool,
    worksheet: bool,
    name: String,
}

/// Reads a compound file; the encoding is that of byte strings, which only BIFF5 has.
pub(super) fn read<S: Sink>(
    bytes: &[u8],
    given: Option<&str>,
    sink: &mut S,
) -> Result<Option<EncodingGuess>, Refusal> {
    let file = Compound::open(bytes)?;
    if file.has("EncryptedPackage") {
        return Err(password());
    }
    let stream = match file.stream("Workbook")? {
        Some(stream) => stream,
        None => file.stream("Book")?.ok_or_else(|| {
            Refusal::new(
                RefusalCode::UnknownFormat,
                "复合文档内没有工作簿（可能是 Word 等文件）",
                "the compound file holds no workbook (it may be a document)",
            )
        })?,
    };
    drop(file);
    let globals = globals(&stream, given)?;
    let mut names = BTreeSet::new();
    for bound in globals.sheets.iter().filter(|b| b.worksheet) {
        if !names.insert(&bound.name) {
            return Err(Refusal::damaged(
                format!("工作表 {} 重名", bound.name),
                format!("two sheets are named {}", bound.name),
            ));
        }
        sink.sheet(&bound.name, bound.hidden)?;
        let mut sheet = Sheet { globals: &globals, name: &bound.name, formula: None };
        sheet.read(&stream, bound.at, sink)?;
    }
    Ok(globals.guess)
}

fn password() -> Refusal {
    Refusal::new(RefusalCode::Password, "工作簿已加密", "the workbook is encrypted")
}

fn globals(stream: &[u8], given: Option<&str>) -> Result<Globals, Refusal> {
    let mut found = Globals {
        dialect: Dialect::new(),
        guess: None,
        strings: Vec::new(),
        formats: BTreeMap::new(),
        styles: Vec::new(),
        shift: 0.0,
        sheets: Vec::new(),
    };
    let mut records = Records::new(stream, 0);
    let first = records.next()?;
    if first.kind != BOF {
        return Err(Refusal::damaged("工作簿没有开头标记", "the workbook has no start mark"));
    }
    found.version(&first, given)?;
    loop {
        let record = records.next()?;
        if record.kind == EOF {
            return Ok(found);
        }
        found.take(&record, given)?;
    }
}

impl Globals {
    fn version(&mut self, record: &Record<'_>, given: Option<&str>) -> Result<(), Refusal> {
        let version = u16_at(record.data(), 0).ok_or_else(cut)?;
        self.dialect.biff8 = match version {
            0x0600 => true,
            0x0500 => false,
            _ => {
                return Err(Refusal::new(
                    RefusalCode::OtherFormat,
                    "这是 Excel 4 或更早的工作簿",
                    "this is a workbook of Excel 4 or earlier",
                ));
            }
        };
        if !self.dialect.biff8 {
            // Old offices wrote GBK; a code page record, which comes before any name, overrides it.
            let named = given.map(encoding::named).transpose()?;
            self.dialect.encoding = named.unwrap_or(encoding_rs::GB18030);
            let why = if named.is_some() { "given" } else { "no codepage" };
            self.guess = Some(encoding::guess(self.dialect.encoding, why));
        }
        Ok(())
    }

    fn take(&mut self, record: &Record<'_>, given: Option<&str>) -> Result<(), Refusal> {
        let data = record.data();
        match record.kind {
            0x002F => return Err(password()),
            0x0042 if given.is_none() && !self.dialect.biff8 => return self.codepage(data),
            0x0022 if u16_at(data, 0) == Some(1) => self.shift = serial::EPOCH_1904,
            0x041E => {
                let mut cursor = Cursor::new(record, 2);
                let dialect = self.dialect;
                let code = if dialect.biff8 { cursor.long() } else { dialect.name(&mut cursor) };
                let dated = serial::code_is_date(&code.ok_or_else(cut)?);
                self.formats.insert(u16_at(data, 0).ok_or_else(cut)?, dated);
            }
            0x00E0 => self.styles.push(u16_at(data, 2).ok_or_else(cut)?),
            0x0085 => return self.bound(record).ok_or_else(cut),
            0x00FC => return self.shared(record).ok_or_else(cut),
            _ => {}
        }
        Ok(())
    }

    fn codepage(&mut self, data: &[u8]) -> Result<(), Refusal> {
        let number = u16_at(data, 0).ok_or_else(cut)?;
        let encoding = encoding::codepage(number).ok_or_else(|| {
            Refusal::new(
                RefusalCode::Encoding,
                format!("不认识代码页 {number}"),
                format!("code page {number} is not known"),
            )
        })?;
        self.dialect.encoding = encoding;
        self.guess = Some(encoding::guess(encoding, format!("codepage {number}")));
        Ok(())
    }

    fn bound(&mut self, record: &Record<'_>) -> Option<()> {
        let data = record.data();
        let at = usize::try_from(u32_at(data, 0)?).ok()?;
        let (state, kind) = (*data.get(4)?, *data.get(5)?);
        let name = self.dialect.name(&mut Cursor::new(record, 6))?;
        self.sheets.push(Bound { at, hidden: state & 3 != 0, worksheet: kind == 0, name });
        Some(())
    }

    fn shared(&mut self, record: &Record<'_>) -> Option<()> {
        let mut cursor = Cursor::new(record, 4);
        let count = cursor.u32()?;
        for _ in 0..count {
            self.strings.push(cursor.rich()?);
        }
        Some(())
    }

    fn is_date(&self, style: u16) -> bool {
        let format = self.styles.get(usize::from(style)).copied().unwrap_or(0);
        self.formats.get(&format).copied().unwrap_or_else(|| serial::builtin_is_date(format))
    }

    fn number(&self, style: u16, number: f64) -> Value {
        if !number.is_finite() {
            return Value::Error("#NUM!".to_owned());
        }
        if self.is_date(style) { Value::Serial(number + self.shift) } else { Value::Number(number) }
    }
}

/// One sheet being read.
struct Sheet<'a> {
    globals: &'a Globals,
    name: &'a str,
    /// Cell of a formula whose text comes in the next string record.
    formula: Option<(u32, u32)>,
}

impl Sheet<'_> {
    fn read<S: Sink>(&mut self, stream: &[u8], at: usize, sink: &mut S) -> Result<(), Refusal> {
        let mut records = Records::new(stream, at);
        if records.next()?.kind != BOF {
            return Err(self.damaged("没有开头标记", "has no start mark"));
        }
        // Charts inside a sheet carry records that look like cells.
        let mut inner = 0usize;
        loop {
            let record = records.next()?;
            match (record.kind, inner) {
                (BOF, _) => inner += 1,
                (EOF, 0) => return self.settle(sink),
                (EOF, _) => inner -= 1,
                (_, 0) => self.take(&record, sink)?,
                _ => {}
            }
        }
    }

    fn damaged(&self, zh: &str, en: &str) -> Refusal {
        Refusal::damaged(format!("工作表 {} {zh}", self.name), format!("sheet {} {en}", self.name))
    }

    fn take<S: Sink>(&mut self, record: &Record<'_>, sink: &mut S) -> Result<(), Refusal> {
        let data = record.data();
        match record.kind {
            0x00E5 => return merges(data, sink),
            0x0208 => return row(data, sink),
            0x007D => return columns(data, sink),
            STRING => return self.formula_text(record, sink),
            0x0203 | 0x0204 | 0x00D6 | 0x0205 | 0x027E | 0x00FD | 0x0006 | 0x00BD => {}
            _ => return Ok(()),
        }
        self.settle(sink)?;
        let word = |at| u16_at(data, at).ok_or_else(cut);
        let (at, style) = ((u32::from(word(0)?), u32::from(word(2)?)), word(4)?);
        if record.kind == 0x00BD {
            return self.row_of_numbers(data, at, sink);
        }
        let value = self.value(record, style, at)?;
        put(sink, at, value)
    }

    /// A cell's value; `None` for a cell without content, or whose text comes next.
    fn value(
        &mut self,
        record: &Record<'_>,
        style: u16,
        at: (u32, u32),
    ) -> Result<Option<Value>, Refusal> {
        let data = record.data();
        let number = |n: f64| self.globals.number(style, n);
        let value = match record.kind {
            0x0203 => number_at(data, 6).map(number),
            0x027E => rk_at(data, 6).map(number),
            0x0204 | 0x00D6 => {
                self.globals.dialect.text(&mut Cursor::new(record, 6)).map(Value::Text)
            }
            0x0205 => flag(data),
            0x00FD => {
                let index = u32_at(data, 6).ok_or_else(cut)? as usize;
                let text = self.globals.strings.get(index).ok_or_else(|| {
                    let cell = place(self.name, at.0, at.1);
                    Refusal::damaged(
                        format!("{cell} 引用的文字不存在"),
                        format!("{cell} names a text that is not there"),
                    )
                })?;
                Some(Value::Text(text.clone()))
            }
            _ => return self.formula(data, style, at),
        };
        value.map(Some).ok_or_else(cut)
    }

    fn formula(
        &mut self,
        data: &[u8],
        style: u16,
        at: (u32, u32),
    ) -> Result<Option<Value>, Refusal> {
        let result = data.get(6..14).ok_or_else(cut)?;
        if result[6..] != [0xFF, 0xFF] {
            return Ok(number_at(data, 6).map(|n| self.globals.number(style, n)));
        }
        Ok(match result[0] {
            0 => {
                self.formula = Some(at);
                None
            }
            1 => Some(Value::Flag(result[2] != 0)),
            2 => Some(Value::Error(error_name(result[2]).to_owned())),
            _ => None,
        })
    }

    fn formula_text<S: Sink>(&mut self, record: &Record<'_>, sink: &mut S) -> Result<(), Refusal> {
        let text = self.globals.dialect.text(&mut Cursor::new(record, 0)).ok_or_else(cut)?;
        let at = self.formula.take();
        let at =
            at.ok_or_else(|| self.damaged("有无主的公式文字", "has a formula text of no cell"))?;
        put(sink, at, Some(Value::Text(text)))
    }

    /// A formula whose text never came keeps its place as an error, so that no cell goes missing.
    fn settle<S: Sink>(&mut self, sink: &mut S) -> Result<(), Refusal> {
        match self.formula.take() {
            Some(at) => put(sink, at, Some(Value::Error(super::NO_VALUE.to_owned()))),
            None => Ok(()),
        }
    }

    fn row_of_numbers<S: Sink>(
        &self,
        data: &[u8],
        (row, first): (u32, u32),
        sink: &mut S,
    ) -> Result<(), Refusal> {
        let cells = data[4..].chunks_exact(6);
        let last = u16_at(cells.remainder(), 0).map(u32::from).ok_or_else(cut)?;
        if last.checked_sub(first).map(|n| n as usize + 1) != Some(cells.len()) {
            return Err(cut());
        }
        for (col, cell) in (first..).zip(cells) {
            let style = u16_at(cell, 0).ok_or_else(cut)?;
            let number = rk_at(cell, 2).ok_or_else(cut)?;
            put(sink, (row, col), Some(self.globals.number(style, number)))?;
        }
        Ok(())
    }
}

fn put<S: Sink>(sink: &mut S, at: (u32, u32), value: Option<Value>) -> Result<(), Refusal> {
    match value {
        Some(Value::Text(text)) if text.is_empty() => Ok(()),
        Some(value) => sink.cell(at.0, at.1, value),
        None => Ok(()),
    }
}

fn number_at(data: &[u8], at: usize) -> Option<f64> {
    Some(f64::from_le_bytes(data.get(at..at + 8)?.try_into().ok()?))
}

fn flag(data: &[u8]) -> Option<Value> {
    let (value, is_error) = (*data.get(6)?, *data.get(7)?);
    Some(if is_error == 0 {
        Value::Flag(value != 0)
    } else {
        Value::Error(error_name(value).to_owned())
    })
}

fn error_name(code: u8) -> &'static str {
    match code {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0F => "#VALUE!",
        0x17 => "#REF!",
        0x1D => "#NAME?",
        0x24 => "#NUM!",
        0x2A => "#N/A",
        _ => "#ERROR!",
    }
}

fn merges<S: Sink>(data: &[u8], sink: &mut S) -> Result<(), Refusal> {
    let count = usize::from(u16_at(data, 0).ok_or_else(cut)?);
    for index in 0..count {
        let corner = |k: usize| u16_at(data, 2 + index * 8 + k * 2).map(u32::from).ok_or_else(cut);
        let (top, bottom, left, right) = (corner(0)?, corner(1)?, corner(2)?, corner(3)?);
        sink.merge(Merge { start: (top, left), end: (bottom, right) })?;
    }
    Ok(())
}

fn row<S: Sink>(data: &[u8], sink: &mut S) -> Result<(), Refusal> {
    let row = u16_at(data, 0).ok_or_else(cut)?;
    let flags = u16_at(data, 12).ok_or_else(cut)?;
    if flags & 0x20 != 0 {
        sink.hidden_row(u32::from(row))?;
    }
    Ok(())
}

/// Width and state of a run of columns.
fn columns<S: Sink>(data: &[u8], sink: &mut S) -> Result<(), Refusal> {
    let word = |at| u16_at(data, at).ok_or_else(cut);
    let (first, last, flags) = (word(0)?, word(2)?, word(8)?);
    if flags & 1 != 0 && first <= last {
        sink.hidden_columns(u32::from(first), u32::from(last))?;
    }
    Ok(())
}
