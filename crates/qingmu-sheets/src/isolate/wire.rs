//! What goes over the pipe: frames of Arrow IPC, closed by a trailer with their length and SHA-256.
//!
//! Layout: `tag u8, length u32 LE, payload` again and again; payloads are whole Arrow IPC streams. The trailer frame
//! holds the count of bytes before it and their digest: a stream without a fitting trailer is not an answer.

use crate::error::Refusal;
use crate::sheet::{Merge, Value};
use crate::workbook::Sink;
use arrow::array::{
    Array, ArrayRef, AsArray, Float64Builder, RecordBatch, StringArray, StringBuilder,
    UInt8Builder, UInt32Array, UInt32Builder,
};
use arrow::datatypes::{Float64Type, UInt8Type, UInt32Type};
use arrow::error::ArrowError;
use arrow_ipc::reader::StreamReader;
use arrow_ipc::writer::StreamWriter;
use sha2::{Digest, Sha256};
use std::io::{Read, Write};
use std::sync::Arc;

/// Cells of the current sheet.
pub(super) const CELLS: u8 = b'C';
/// Merged regions and hidden rows of the current sheet.
pub(super) const MARKS: u8 = b'M';
/// A sheet begins.
pub(super) const SHEET: u8 = b'S';
/// The file was read: format, encoding, digest, notes.
pub(super) const FOUND: u8 = b'F';
/// The file is refused.
pub(super) const REFUSED: u8 = b'R';
/// Trailer.
pub(super) const END: u8 = b'E';

/// Larger frames are no answer of ours.
const MAX_FRAME: u64 = 256 << 20;
/// Cells or text bytes after which a batch goes out.
const BATCH_CELLS: usize = 1 << 15;
const BATCH_TEXT: usize = 8 << 20;

/// Why a stream is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// It ends before its trailer.
    Short,
    /// It is longer than allowed.
    Long,
    /// It is not what the child writes, or its digest does not fit.
    Wrong,
}

/// Writes frames and remembers what the trailer needs.
pub(super) struct Outgoing<W: Write> {
    out: W,
    hasher: Sha256,
    count: u64,
}

impl<W: Write> Outgoing<W> {
    pub(super) fn new(out: W) -> Self {
        Self { out, hasher: Sha256::new(), count: 0 }
    }

    pub(super) fn frame(&mut self, tag: u8, payload: &[u8]) -> std::io::Result<()> {
        let length = u32::try_from(payload.len()).map_err(std::io::Error::other)?;
        let mut head = [tag; 5];
        head[1..].copy_from_slice(&length.to_le_bytes());
        for part in [&head[..], payload] {
            self.hasher.update(part);
            self.count += part.len() as u64;
            self.out.write_all(part)?;
        }
        Ok(())
    }

    /// Pairs of words, as an Arrow table of two columns.
    pub(super) fn pairs(&mut self, tag: u8, pairs: &[(&str, String)]) -> std::io::Result<()> {
        let keys = StringArray::from_iter_values(pairs.iter().map(|(k, _)| k));
        let values = StringArray::from_iter_values(pairs.iter().map(|(_, v)| v));
        let columns: [(&str, ArrayRef); 2] = [("key", Arc::new(keys)), ("value", Arc::new(values))];
        let bytes = RecordBatch::try_from_iter(columns).and_then(|b| to_ipc(&b));
        self.frame(tag, &bytes.map_err(std::io::Error::other)?)
    }

    /// The trailer; nothing may follow.
    pub(super) fn end(mut self) -> std::io::Result<()> {
        let mut payload = self.count.to_le_bytes().to_vec();
        payload.extend_from_slice(&self.hasher.clone().finalize());
        self.frame(END, &payload)?;
        self.out.flush()
    }
}

fn to_ipc(batch: &RecordBatch) -> Result<Vec<u8>, ArrowError> {
    let mut writer = StreamWriter::try_new(Vec::new(), &batch.schema())?;
    writer.write(batch)?;
    writer.into_inner()
}

fn from_ipc(payload: &[u8]) -> Result<RecordBatch, Fault> {
    let mut reader = StreamReader::try_new(payload, None).map_err(|_| Fault::Wrong)?;
    match (reader.next(), reader.next()) {
        (Some(Ok(batch)), None) => Ok(batch),
        _ => Err(Fault::Wrong),
    }
}

/// Reads frames, counts them against a limit and checks the trailer.
pub(super) struct Incoming<R: Read> {
    input: R,
    hasher: Sha256,
    count: u64,
    limit: u64,
}

impl<R: Read> Incoming<R> {
    pub(super) fn new(input: R, limit: u64) -> Self {
        Self { input, hasher: Sha256::new(), count: 0, limit }
    }

    /// The next frame; the trailer is checked here and must be the last.
    pub(super) fn frame(&mut self) -> Result<(u8, Vec<u8>), Fault> {
        let before = (self.count, self.hasher.clone());
        let head = self.take(5)?;
        let length = u64::from(u32::from_le_bytes([head[1], head[2], head[3], head[4]]));
        if length > MAX_FRAME {
            return Err(Fault::Wrong);
        }
        let payload = self.take(length)?;
        if head[0] != END {
            return Ok((head[0], payload));
        }
        let mut expected = before.0.to_le_bytes().to_vec();
        expected.extend_from_slice(&before.1.finalize());
        let mut rest = [0u8; 1];
        let over = self.input.read(&mut rest).map_err(|_| Fault::Short)? == 0;
        if payload == expected && over { Ok((END, payload)) } else { Err(Fault::Wrong) }
    }

    fn take(&mut self, length: u64) -> Result<Vec<u8>, Fault> {
        self.count = self.count.saturating_add(length);
        if self.count > self.limit {
            return Err(Fault::Long);
        }
        // Memory grows with what arrives, not with what is announced.
        let mut bytes = Vec::new();
        self.input.by_ref().take(length).read_to_end(&mut bytes).map_err(|_| Fault::Short)?;
        self.hasher.update(&bytes);
        if bytes.len() as u64 == length { Ok(bytes) } else { Err(Fault::Short) }
    }
}

/// Columns of one batch of cells.
#[derive(Default)]
struct Cells {
    row: UInt32Builder,
    col: UInt32Builder,
    kind: UInt8Builder,
    number: Float64Builder,
    text: StringBuilder,
    count: usize,
}

/// A sink that sends what it takes over the pipe.
pub(super) struct Sender<W: Write> {
    pub(super) out: Outgoing<W>,
    cells: Cells,
    marks: Vec<[u32; 5]>,
    /// The pipe broke: the parent is gone or has had enough.
    pub(super) broken: bool,
}

impl<W: Write> Sender<W> {
    pub(super) fn new(out: W) -> Self {
        Self { out: Outgoing::new(out), cells: Cells::default(), marks: Vec::new(), broken: false }
    }

    fn sent(&mut self, result: std::io::Result<()>) -> Result<(), Refusal> {
        result.map_err(|_| {
            self.broken = true;
            Refusal::damaged("管道中断", "the pipe broke")
        })
    }

    /// Sends what is still held back.
    pub(super) fn flush(&mut self) -> Result<(), Refusal> {
        if self.cells.count > 0 {
            let mut cells = std::mem::take(&mut self.cells);
            let columns: [(&str, ArrayRef); 5] = [
                ("row", Arc::new(cells.row.finish())),
                ("col", Arc::new(cells.col.finish())),
                ("kind", Arc::new(cells.kind.finish())),
                ("number", Arc::new(cells.number.finish())),
                ("text", Arc::new(cells.text.finish())),
            ];
            self.batch(CELLS, columns)?;
        }
        if !self.marks.is_empty() {
            let marks = std::mem::take(&mut self.marks);
            let column = |index: usize| -> ArrayRef {
                Arc::new(UInt32Array::from_iter_values(marks.iter().map(|m| m[index])))
            };
            let names = ["kind", "top", "left", "bottom", "right"];
            self.batch(MARKS, names.into_iter().zip(0..).map(|(n, i)| (n, column(i))))?;
        }
        Ok(())
    }

    fn batch<'a>(
        &mut self,
        tag: u8,
        columns: impl IntoIterator<Item = (&'a str, ArrayRef)>,
    ) -> Result<(), Refusal> {
        let bytes = RecordBatch::try_from_iter(columns).and_then(|b| to_ipc(&b));
        let sent = bytes.map_err(std::io::Error::other).and_then(|b| self.out.frame(tag, &b));
        self.sent(sent)
    }

    fn mark(&mut self, mark: [u32; 5]) -> Result<(), Refusal> {
        self.marks.push(mark);
        if self.marks.len() >= BATCH_CELLS { self.flush() } else { Ok(()) }
    }
}

impl<W: Write> Sink for Sender<W> {
    fn sheet(&mut self, name: &str, hidden: bool) -> Result<(), Refusal> {
        self.flush()?;
        let pairs = [("name", name.to_owned()), ("hidden", hidden.to_string())];
        let sent = self.out.pairs(SHEET, &pairs);
        self.sent(sent)
    }

    fn cell(&mut self, row: u32, col: u32, value: Value) -> Result<(), Refusal> {
        let cells = &mut self.cells;
        cells.row.append_value(row);
        cells.col.append_value(col);
        let (kind, number, text) = match value {
            Value::Text(text) => (0, None, Some(text)),
            Value::Number(number) => (1, Some(number), None),
            Value::Serial(number) => (2, Some(number), None),
            Value::Flag(flag) => (3, Some(f64::from(u8::from(flag))), None),
            Value::Error(text) => (4, None, Some(text)),
        };
        cells.kind.append_value(kind);
        cells.number.append_option(number);
        cells.text.append_option(text);
        cells.count += 1;
        let full = cells.count >= BATCH_CELLS || cells.text.values_slice().len() >= BATCH_TEXT;
        if full { self.flush() } else { Ok(()) }
    }

    fn merge(&mut self, merge: Merge) -> Result<(), Refusal> {
        self.mark([0, merge.start.0, merge.start.1, merge.end.0, merge.end.1])
    }

    fn hidden_row(&mut self, row: u32) -> Result<(), Refusal> {
        self.mark([1, row, 0, 0, 0])
    }

    fn hidden_columns(&mut self, first: u32, last: u32) -> Result<(), Refusal> {
        self.mark([2, 0, first, 0, last])
    }
}

/// Words of a frame of pairs.
pub(super) fn pairs(payload: &[u8]) -> Result<Vec<(String, String)>, Fault> {
    let batch = from_ipc(payload)?;
    let column = |name: &str| batch.column_by_name(name).and_then(|c| c.as_string_opt::<i32>());
    let (Some(keys), Some(values)) = (column("key"), column("value")) else {
        return Err(Fault::Wrong);
    };
    let texts = |a: &StringArray| -> Vec<String> {
        a.iter().map(|v| v.unwrap_or_default().to_owned()).collect()
    };
    Ok(texts(keys).into_iter().zip(texts(values)).collect())
}

/// What a frame did not deliver: a broken frame, or a refusal by the sink.
pub(super) enum Stop {
    Fault(Fault),
    Refused(Refusal),
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// Hands a frame of cells to a sink.
pub(super) fn cells<S: Sink>(payload: &[u8], sink: &mut S) -> Result<(), Stop> {
    let batch = from_ipc(payload).map_err(Stop::Fault)?;
    let wrong = || Stop::Fault(Fault::Wrong);
    let column = |name: &str| batch.column_by_name(name).ok_or_else(wrong);
    let rows = column("row")?.as_primitive_opt::<UInt32Type>().ok_or_else(wrong)?;
    let cols = column("col")?.as_primitive_opt::<UInt32Type>().ok_or_else(wrong)?;
    let kinds = column("kind")?.as_primitive_opt::<UInt8Type>().ok_or_else(wrong)?;
    let numbers = column("number")?.as_primitive_opt::<Float64Type>().ok_or_else(wrong)?;
    let texts = column("text")?.as_string_opt::<i32>().ok_or_else(wrong)?;
    for i in 0..batch.num_rows() {
        let number = numbers.is_valid(i).then(|| numbers.value(i));
        let text = texts.is_valid(i).then(|| texts.value(i).to_owned());
        let value = match (kinds.value(i), number, text) {
            (0, None, Some(text)) => Value::Text(text),
            (1, Some(number), None) => Value::Number(number),
            (2, Some(number), None) => Value::Serial(number),
            (3, Some(number), None) => Value::Flag(number != 0.0),
            (4, None, Some(text)) => Value::Error(text),
            _ => return Err(wrong()),
        };
        sink.cell(rows.value(i), cols.value(i), value)?;
    }
    Ok(())
}

/// Hands a frame of merged regions and hidden rows to a sink.
pub(super) fn marks<S: Sink>(payload: &[u8], sink: &mut S) -> Result<(), Stop> {
    let batch = from_ipc(payload).map_err(Stop::Fault)?;
    let wrong = || Stop::Fault(Fault::Wrong);
    let columns: Option<Vec<_>> =
        batch.columns().iter().map(|c| c.as_primitive_opt::<UInt32Type>()).collect();
    let columns = columns.filter(|c| c.len() == 5).ok_or_else(wrong)?;
    for i in 0..batch.num_rows() {
        let at = |c: usize| columns[c].value(i);
        match at(0) {
            0 => sink.merge(Merge { start: (at(1), at(2)), end: (at(3), at(4)) })?,
            1 => sink.hidden_row(at(1))?,
            2 => sink.hidden_columns(at(2), at(4))?,
            _ => return Err(wrong()),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{CELLS, END, Fault, Incoming, MARKS, SHEET, Sender, Stop, cells, marks};
    use crate::sheet::{Merge, Value};
    use crate::workbook::{SheetBuilder, Sink};

    fn fill<S: Sink>(sink: &mut S) -> Result<(), crate::Refusal> {
        sink.sheet("表", true)?;
        sink.cell(0, 0, Value::Text("村".to_owned()))?;
        sink.cell(0, 1, Value::Number(-0.5))?;
        sink.cell(1, 0, Value::Serial(45_352.0))?;
        sink.cell(1, 1, Value::Flag(true))?;
        sink.cell(1, 2, Value::Error("#REF!".to_owned()))?;
        sink.merge(Merge { start: (0, 0), end: (0, 1) })?;
        sink.hidden_row(1)?;
        sink.hidden_columns(2, 3)
    }

    fn answer() -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut sender = Sender::new(&mut bytes);
        let sent = fill(&mut sender).and_then(|()| sender.flush());
        assert_eq!(sent, Ok(()));
        assert!(sender.out.end().is_ok());
        bytes
    }

    /// All frames up to the trailer.
    fn frames(bytes: &[u8], limit: u64) -> Result<Vec<(u8, Vec<u8>)>, Fault> {
        let mut incoming = Incoming::new(bytes, limit);
        let mut frames = Vec::new();
        loop {
            let frame = incoming.frame()?;
            if frame.0 == END {
                return Ok(frames);
            }
            frames.push(frame);
        }
    }

    #[test]
    fn what_is_sent_arrives() -> Result<(), crate::Refusal> {
        let (mut sent, mut arrived) = (SheetBuilder::default(), SheetBuilder::default());
        fill(&mut sent)?;
        for (tag, payload) in frames(&answer(), u64::MAX).unwrap_or_default() {
            let done = match tag {
                SHEET => arrived.sheet("表", true).map_err(Stop::Refused),
                CELLS => cells(&payload, &mut arrived),
                MARKS => marks(&payload, &mut arrived),
                _ => Err(Stop::Fault(Fault::Wrong)),
            };
            assert!(done.is_ok());
        }
        assert_eq!(arrived.finish(), sent.finish());
        Ok(())
    }

    #[test]
    fn an_answer_cut_anywhere_is_short() {
        let bytes = answer();
        for length in 0..bytes.len() {
            assert_eq!(frames(&bytes[..length], u64::MAX).err(), Some(Fault::Short), "{length}");
        }
    }

    #[test]
    fn an_answer_with_any_byte_changed_or_more_behind_it_is_none() {
        let bytes = answer();
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 0x10;
            assert!(frames(&changed, u64::MAX).is_err(), "{at}");
        }
        let longer = [&bytes[..], b"x"].concat();
        assert_eq!(frames(&longer, u64::MAX).err(), Some(Fault::Wrong));
    }

    #[test]
    fn an_answer_beyond_its_limit_is_long() {
        let bytes = answer();
        assert_eq!(frames(&bytes, bytes.len() as u64 - 1).err(), Some(Fault::Long));
        assert!(frames(&bytes, bytes.len() as u64).is_ok());
    }
}
