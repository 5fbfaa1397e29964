//! A whole file as read: its sheets, how it was recognised, and the digest of the bytes.

use crate::error::{Refusal, RefusalCode};
use crate::sheet::{Cell, Merge, RawSheet, Row, Value, place};

/// Format by content, never by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// Office Open XML workbook.
    Xlsx,
    /// Excel 5 to 2003 workbook (BIFF5, BIFF8), also WPS .et.
    Xls,
    /// OpenDocument spreadsheet.
    Ods,
    /// Text with separators.
    Text,
    /// Apache Parquet.
    Parquet,
}

impl Format {
    /// Short name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::Xls => "xls",
            Self::Ods => "ods",
            Self::Text => "text",
            Self::Parquet => "parquet",
        }
    }

    /// The format of a short name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let all = [Self::Xlsx, Self::Xls, Self::Ods, Self::Text, Self::Parquet];
        all.into_iter().find(|f| f.name() == name)
    }

    /// File name endings that fit the format, lower case.
    #[must_use]
    pub fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::Xlsx => &["xlsx", "xlsm", "xltx"],
            Self::Xls => &["xls", "et", "xlt", "ett"],
            Self::Ods => &["ods", "ots"],
            Self::Text => &["csv", "tsv", "txt", "tab"],
            Self::Parquet => &["parquet", "pq"],
        }
    }
}

/// How the text encoding was settled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EncodingGuess {
    /// Name as `--encoding` takes it.
    pub name: String,
    /// Why: `given`, `bom`, `strict utf-8`, `utf-16 pattern`, `not utf-8`, `codepage 936`.
    pub why: String,
}

/// One remark about the file that does not stop it: `{code, place, count}` as short machine text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// The name's ending does not fit the content.
    ExtensionMismatch {
        /// The ending.
        extension: String,
    },
    /// Characters that could not be decoded stand as U+FFFD in the cells.
    Undecodable {
        /// How many.
        characters: u64,
    },
    /// The separator of a text file, and whether a `sep=` line gave it.
    Delimiter {
        /// The separator.
        delimiter: char,
        /// Stated by a `sep=` line, which is no data.
        stated: bool,
    },
}

/// A file as read.
#[derive(Debug, Clone, PartialEq)]
pub struct RawWorkbook {
    /// Sheets in file order.
    pub sheets: Vec<RawSheet>,
    /// Format by content.
    pub format: Format,
    /// Text encoding; `None` where the format fixes it.
    pub encoding: Option<EncodingGuess>,
    /// SHA-256 of the file, lower-case hex.
    pub digest: String,
    /// Remarks.
    pub notes: Vec<Note>,
}

/// What a reader found besides the cells.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Format by content.
    pub format: Format,
    /// Text encoding.
    pub encoding: Option<EncodingGuess>,
    /// Remarks.
    pub notes: Vec<Note>,
}

/// Takes what a reader finds, in file order; a reader holds no more than one cell at a time.
pub trait Sink {
    /// A sheet begins; cells, merges and hidden rows that follow belong to it.
    ///
    /// # Errors
    /// The sink may refuse the file.
    fn sheet(&mut self, name: &str, hidden: bool) -> Result<(), Refusal>;
    /// A cell that is not empty, 0-based.
    ///
    /// # Errors
    /// The sink may refuse the file.
    fn cell(&mut self, row: u32, col: u32, value: Value) -> Result<(), Refusal>;
    /// A merged region.
    ///
    /// # Errors
    /// The sink may refuse the file.
    fn merge(&mut self, merge: Merge) -> Result<(), Refusal>;
    /// A hidden row, 0-based.
    ///
    /// # Errors
    /// The sink may refuse the file.
    fn hidden_row(&mut self, row: u32) -> Result<(), Refusal>;
    /// Hidden columns, 0-based, first and last.
    ///
    /// # Errors
    /// The sink may refuse the file.
    fn hidden_columns(&mut self, first: u32, last: u32) -> Result<(), Refusal>;
}

/// Memory that the sheets of one file may take, bytes; a million rows of ten columns fit.
const HELD: u64 = 800 << 20;
/// Of a row besides its cells: its place in the map and its allocation.
const ROW_BYTES: u64 = 80;
/// Of a text besides its bytes.
const TEXT_BYTES: u64 = 16;

/// Builds sheets in memory, and refuses what would not fit: the limits of the reading process do not bind the one
/// that receives.
#[derive(Debug)]
pub struct SheetBuilder {
    sheets: Vec<RawSheet>,
    held: u64,
    most: u64,
}

impl Default for SheetBuilder {
    fn default() -> Self {
        Self::holding(HELD)
    }
}

impl SheetBuilder {
    /// A builder that holds at most so many bytes.
    fn holding(most: u64) -> Self {
        Self { sheets: Vec::new(), held: 0, most }
    }

    fn hold(&mut self, bytes: u64) -> Result<(), Refusal> {
        self.held += bytes;
        if self.held <= self.most {
            return Ok(());
        }
        let most = self.most >> 20;
        Err(Refusal::new(
            RefusalCode::TooLarge,
            format!("单元格需要的内存超过上限 {most} MiB"),
            format!("its cells need more than {most} MiB of memory"),
        ))
    }

    /// The sheets, in file order; merges and hidden rows sorted.
    #[must_use]
    pub fn finish(mut self) -> Vec<RawSheet> {
        for sheet in &mut self.sheets {
            sheet.merges.sort_unstable_by_key(|m| (m.start, m.end));
            sheet.merges.dedup();
            sheet.hidden_rows.sort_unstable();
            sheet.hidden_rows.dedup();
            sheet.hidden_columns.sort_unstable();
            sheet.hidden_columns.dedup();
            sheet.rows.values_mut().for_each(Row::settle);
        }
        self.sheets
    }

    fn last(&mut self) -> Result<&mut RawSheet, Refusal> {
        self.sheets
            .last_mut()
            .ok_or_else(|| Refusal::damaged("单元格不属于任何工作表", "a cell belongs to no sheet"))
    }
}

impl Sink for SheetBuilder {
    fn sheet(&mut self, name: &str, hidden: bool) -> Result<(), Refusal> {
        self.sheets.push(RawSheet { name: name.to_owned(), hidden, ..RawSheet::default() });
        Ok(())
    }

    fn cell(&mut self, row: u32, col: u32, value: Value) -> Result<(), Refusal> {
        let text = match &value {
            Value::Text(text) | Value::Error(text) => text.len() as u64 + TEXT_BYTES,
            _ => 0,
        };
        self.hold(size_of::<(u32, Cell)>() as u64 + text)?;
        let sheet = self.last()?;
        let ended = sheet.rows.last_entry().filter(|last| *last.key() < row);
        if let Some(mut ended) = ended {
            // Rows come one after the other: the room that the last one grew into is given back at once.
            ended.get_mut().settle();
        }
        let fresh = !sheet.rows.contains_key(&row);
        if fresh {
            self.hold(ROW_BYTES)?;
        }
        let sheet = self.last()?;
        if sheet.rows.entry(row).or_default().insert(col, Cell { value }).is_some() {
            let at = place(&sheet.name, row, col);
            return Err(Refusal::damaged(
                format!("{at} 在文件中出现两次"),
                format!("{at} stands in the file twice"),
            ));
        }
        Ok(())
    }

    fn merge(&mut self, merge: Merge) -> Result<(), Refusal> {
        self.last()?.merges.push(merge);
        Ok(())
    }

    fn hidden_row(&mut self, row: u32) -> Result<(), Refusal> {
        self.last()?.hidden_rows.push(row);
        Ok(())
    }

    fn hidden_columns(&mut self, first: u32, last: u32) -> Result<(), Refusal> {
        self.last()?.hidden_columns.push((first, last));
        Ok(())
    }
}

/// Counts cells, sheets, merges and text against the limits on their way to another sink.
#[derive(Debug)]
pub(crate) struct Metered<'a, S: Sink + ?Sized> {
    inner: &'a mut S,
    limits: &'a crate::Limits,
    cells: u64,
    sheets: u64,
    marks: u64,
}

impl<'a, S: Sink + ?Sized> Metered<'a, S> {
    pub(crate) fn new(inner: &'a mut S, limits: &'a crate::Limits) -> Self {
        Self { inner, limits, cells: 0, sheets: 0, marks: 0 }
    }

    fn mark(&mut self) -> Result<(), Refusal> {
        self.marks += 1;
        over(self.marks, self.limits.marks, "合并区域和隐藏行", "merged regions and hidden rows")
    }
}

fn over(count: u64, limit: u64, zh: &str, en: &str) -> Result<(), Refusal> {
    if count <= limit {
        return Ok(());
    }
    Err(Refusal::new(
        RefusalCode::TooLarge,
        format!("{zh}超过上限 {limit}"),
        format!("more than {limit} {en}"),
    ))
}

impl<S: Sink + ?Sized> Sink for Metered<'_, S> {
    fn sheet(&mut self, name: &str, hidden: bool) -> Result<(), Refusal> {
        self.sheets += 1;
        over(self.sheets, self.limits.sheets, "工作表", "sheets")?;
        self.inner.sheet(name, hidden)
    }

    fn cell(&mut self, row: u32, col: u32, value: Value) -> Result<(), Refusal> {
        self.cells += 1;
        over(self.cells, self.limits.cells, "单元格", "cells")?;
        if let Value::Text(text) | Value::Error(text) = &value {
            over(
                text.len() as u64,
                self.limits.cell_bytes,
                "单个单元格字节数",
                "bytes in one cell",
            )?;
        }
        self.inner.cell(row, col, value)
    }

    fn merge(&mut self, merge: Merge) -> Result<(), Refusal> {
        self.mark()?;
        let ordered = merge.start.0 <= merge.end.0 && merge.start.1 <= merge.end.1;
        if !ordered {
            let at = place("", merge.start.0, merge.start.1);
            return Err(Refusal::damaged(
                format!("合并区域 {at} 首尾颠倒"),
                format!("the merged region at {at} ends before it begins"),
            ));
        }
        self.inner.merge(merge)
    }

    fn hidden_row(&mut self, row: u32) -> Result<(), Refusal> {
        self.mark()?;
        self.inner.hidden_row(row)
    }

    fn hidden_columns(&mut self, first: u32, last: u32) -> Result<(), Refusal> {
        self.mark()?;
        self.inner.hidden_columns(first, last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_builder_refuses_what_it_cannot_hold() {
        let mut builder = SheetBuilder::holding(1 << 20);
        assert_eq!(builder.sheet("表", false), Ok(()));
        let refused = (0..20_000).find_map(|row| {
            let refusal = builder.cell(row, 0, Value::Number(1.0)).err()?;
            Some((row, refusal))
        });
        let Some((row, refusal)) = refused else { panic!("20,000 rows in 1 MiB") };
        assert_eq!(refusal.code, RefusalCode::TooLarge);
        assert_eq!(
            (refusal.what.zh.as_str(), refusal.what.en.as_str()),
            ("单元格需要的内存超过上限 1 MiB", "its cells need more than 1 MiB of memory")
        );
        assert_eq!(u64::from(row), (1 << 20) / (ROW_BYTES + size_of::<(u32, Cell)>() as u64));
    }

    #[test]
    fn a_million_rows_of_ten_columns_fit() {
        let cell = size_of::<(u32, Cell)>() as u64 + TEXT_BYTES;
        // 113 bytes of text in a row of an office's register.
        assert!(1_000_000 * (ROW_BYTES + 10 * cell + 113) < HELD);
    }
}
