//! CSV and TSV.
//!
//! Own parser of RFC 4180 text: row numbers must be those of the file, blank lines counted, and a quote that never
//! ends must be told, not swallow the rest of the file into one cell.

use super::encoding;
use crate::error::Refusal;
use crate::sheet::Value;
use crate::workbook::{Format, Found, Note, Sink};

const CANDIDATES: [u8; 4] = [b',', b'\t', b';', b'|'];
/// Records looked at to tell the separator.
const SAMPLE: usize = 200;

/// Reads a text table; its rows are numbered by line.
pub(super) fn read<S: Sink>(
    bytes: &[u8],
    given: Option<&str>,
    sink: &mut S,
) -> Result<Found, Refusal> {
    let decoded = encoding::decode(bytes, given)?;
    let text = decoded.text.as_ref();
    let (stated, start) = stated(text);
    let delimiter = stated.unwrap_or_else(|| tell(text));
    let mut notes =
        vec![Note::Delimiter { delimiter: char::from(delimiter), stated: stated.is_some() }];
    let lost = text.matches('\u{fffd}').count() as u64;
    if lost > 0 {
        notes.push(Note::Undecodable { characters: lost });
    }
    sink.sheet("", false)?;
    let mut parser = Parser { text, at: start, line: u32::from(stated.is_some()), delimiter };
    let mut record = Record::default();
    while let Some(line) = parser.next(&mut record)? {
        for (col, field) in (0u32..).zip(record.fields()) {
            if !field.is_empty() {
                sink.cell(line, col, Value::Text(field.to_owned()))?;
            }
        }
    }
    Ok(Found { format: Format::Text, encoding: Some(decoded.guess), notes })
}

/// A first line `sep=;` is an order to spreadsheets, no data: the separator and where data begin.
fn stated(text: &str) -> (Option<u8>, usize) {
    let line = text.find(['\r', '\n']).unwrap_or(text.len());
    let separator = match text.as_bytes()[..line] {
        [b's', b'e', b'p', b'=', separator] if CANDIDATES.contains(&separator) => separator,
        _ => return (None, 0),
    };
    let end = if text[line..].starts_with("\r\n") { 2 } else { 1 };
    (Some(separator), (line + end).min(text.len()))
}

/// The separator by which most records of the sample have the same number of fields, more than one.
fn tell(text: &str) -> u8 {
    let score = |delimiter: u8| {
        let mut widths = std::collections::BTreeMap::<usize, usize>::new();
        let mut parser = Parser { text, at: 0, line: 0, delimiter };
        let mut record = Record::default();
        for _ in 0..SAMPLE {
            match parser.next(&mut record) {
                Ok(Some(_)) => *widths.entry(record.ends.len()).or_default() += 1,
                Ok(None) | Err(_) => break,
            }
        }
        widths.into_iter().filter(|(width, _)| *width > 1).map(|(width, n)| (n, width)).max()
    };
    // The first of equals wins: comma before tab before semicolon.
    CANDIDATES.into_iter().rev().max_by_key(|d| score(*d)).unwrap_or(b',')
}

/// One record: its fields' text end to end.
#[derive(Debug, Default)]
struct Record {
    text: String,
    ends: Vec<usize>,
}

impl Record {
    fn fields(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| &self.text[start..*end])
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    line: u32,
    delimiter: u8,
}

impl Parser<'_> {
    /// Reads a record and says on which line it begins, 0-based; `None` at the end.
    fn next(&mut self, record: &mut Record) -> Result<Option<u32>, Refusal> {
        record.text.clear();
        record.ends.clear();
        if self.at >= self.text.len() {
            return Ok(None);
        }
        let line = self.line;
        loop {
            if self.text.as_bytes().get(self.at) == Some(&b'"') {
                self.quoted(record)?;
            }
            self.plain(record);
            record.ends.push(record.text.len());
            match self.text.as_bytes().get(self.at) {
                Some(b) if *b == self.delimiter => self.at += 1,
                Some(b'\r') if self.text.as_bytes().get(self.at + 1) == Some(&b'\n') => {
                    self.at += 2;
                    break;
                }
                Some(_) => {
                    self.at += 1;
                    break;
                }
                None => break,
            }
        }
        self.line += 1;
        Ok(Some(line))
    }

    /// Up to the separator or the end of the line.
    fn plain(&mut self, record: &mut Record) {
        let rest = &self.text.as_bytes()[self.at..];
        let length = memchr::memchr3(self.delimiter, b'\n', b'\r', rest).unwrap_or(rest.len());
        record.text.push_str(&self.text[self.at..self.at + length]);
        self.at += length;
    }

    fn quoted(&mut self, record: &mut Record) -> Result<(), Refusal> {
        let opened = self.line;
        self.at += 1;
        loop {
            let rest = &self.text[self.at..];
            let length = memchr::memchr(b'"', rest.as_bytes()).ok_or_else(|| {
                let line = u64::from(opened) + 1;
                Refusal::damaged(
                    format!("第 {line} 行的引号没有结束"),
                    format!("the quote opened on line {line} never ends"),
                )
            })?;
            let piece = &rest[..length];
            record.text.push_str(piece);
            let breaks = piece.matches('\n').count() + piece.matches('\r').count()
                - piece.matches("\r\n").count();
            self.line += u32::try_from(breaks).unwrap_or(0);
            self.at += length + 1;
            if self.text.as_bytes().get(self.at) != Some(&b'"') {
                return Ok(());
            }
            record.text.push('"');
            self.at += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Parser, Record, read, tell};
    use crate::error::Refusal;
    use crate::sheet::place;
    use crate::workbook::{Note, SheetBuilder};
    use proptest::prelude::*;

    fn parsed(text: &str, delimiter: u8) -> Result<Vec<(u32, Vec<String>)>, Refusal> {
        let mut parser = Parser { text, at: 0, line: 0, delimiter };
        let (mut record, mut rows) = (Record::default(), Vec::new());
        while let Some(line) = parser.next(&mut record)? {
            rows.push((line, record.fields().map(str::to_owned).collect()));
        }
        Ok(rows)
    }

    fn row(line: u32, fields: &[&str]) -> (u32, Vec<String>) {
        (line, fields.iter().map(|f| (*f).to_owned()).collect())
    }

    #[test]
    fn rows_keep_the_line_they_stand_on() {
        let text = "村,亩\r\n\r\n\"安吴\r\n村\",\"a\"\"b\"\r\n李家,3,\n尾,4";
        let expected = vec![
            row(0, &["村", "亩"]),
            row(1, &[""]),
            row(2, &["安吴\r\n村", "a\"b"]),
            row(4, &["李家", "3", ""]),
            row(5, &["尾", "4"]),
        ];
        assert_eq!(parsed(text, b','), Ok(expected));
    }

    #[test]
    fn a_quote_that_never_ends_is_refused_with_its_line() {
        let message = parsed("a,b\nc,\"d\ne,f\n", b',').map_err(|r| r.to_string());
        assert_eq!(
            message,
            Err("QM-IN-104 第 2 行的引号没有结束；请报送单位重新导出该文件 / the quote opened on line 2 never \
                 ends; ask the office for a fresh export of the file"
                .to_owned())
        );
    }

    #[test]
    fn the_separator_is_told_from_even_rows_below_a_title() {
        let title = "2024年补贴，公示\n";
        for (delimiter, sep) in [(b',', ","), (b'\t', "\t"), (b';', ";"), (b'|', "|")] {
            let body = ["村", "面积", "金额"].join(sep)
                + "\n"
                + &["甲", "1,5", "2"].join(sep).replace(',', if sep == "," { "," } else { "，" })
                + "\n";
            assert_eq!(
                char::from(tell(&(title.to_owned() + &body + &body))),
                char::from(delimiter)
            );
        }
        assert_eq!(tell("一列\n二\n"), b',');
    }

    #[test]
    fn a_sep_line_is_an_order_and_no_data() {
        let mut builder = SheetBuilder::default();
        let found = read(b"sep=;\r\na,1;b\r\n", None, &mut builder).map(|f| f.notes);
        assert_eq!(found, Ok(vec![Note::Delimiter { delimiter: ';', stated: true }]));
        let sheets = builder.finish();
        let at: Vec<String> = sheets[0]
            .rows
            .iter()
            .flat_map(|(r, cells)| cells.keys().map(|c| place("", *r, *c)))
            .collect();
        assert_eq!(at, ["A2", "B2"]);
    }

    #[test]
    fn lost_characters_are_counted() {
        let mut builder = SheetBuilder::default();
        let found = read(b"a,\xff\xff\n", Some("utf-8"), &mut builder).map(|f| f.notes);
        assert_eq!(
            found.map(|n| n.into_iter().nth(1)),
            Ok(Some(Note::Undecodable { characters: 2 }))
        );
    }

    proptest! {
        #[test]
        fn what_the_csv_crate_writes_is_read_back(
            rows in prop::collection::vec(prop::collection::vec("[a\u{6751},;\"\r\n ]{0,6}", 2..5), 1..12)
        ) {
            let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
            for row in &rows {
                prop_assert!(writer.write_record(row).is_ok());
            }
            let text = writer.into_inner().ok().and_then(|b| String::from_utf8(b).ok()).unwrap_or_default();
            let back = parsed(&text, b',').map(|r| r.into_iter().map(|(_, f)| f).collect::<Vec<_>>());
            prop_assert_eq!(back, Ok(rows));
        }

        #[test]
        fn any_text_is_read_or_refused(text in "[a,;\t\"\r\n|\u{6751}]{0,60}") {
            let lines = text.lines().count() + text.matches('\r').count() + 1;
            if let Ok(rows) = parsed(&text, tell(&text)) {
                prop_assert!(rows.iter().all(|(line, _)| (*line as usize) < lines));
                prop_assert!(rows.windows(2).all(|w| w[0].0 < w[1].0));
            }
        }
    }
}
