//! Records and strings of BIFF5 and BIFF8 (MS-XLS).

use super::cfb::{u16_at, u32_at};
use crate::error::Refusal;
use encoding_rs::{Encoding, UTF_16LE};

const CONTINUE: u16 = 0x003C;

/// One record with the records that continue it.
#[derive(Debug, Clone)]
pub(super) struct Record<'a> {
    pub(super) kind: u16,
    pub(super) parts: Vec<&'a [u8]>,
}

impl<'a> Record<'a> {
    /// The first part; cells never continue.
    pub(super) fn data(&self) -> &'a [u8] {
        self.parts.first().copied().unwrap_or(&[])
    }
}

/// Records of a stream from a position on.
#[derive(Debug)]
pub(super) struct Records<'a> {
    stream: &'a [u8],
    at: usize,
}

impl<'a> Records<'a> {
    pub(super) fn new(stream: &'a [u8], at: usize) -> Self {
        Self { stream, at }
    }

    /// The next record; a stream that ends before its end mark has lost rows.
    pub(super) fn next(&mut self) -> Result<Record<'a>, Refusal> {
        let (kind, data) = self.one().ok_or_else(cut)?;
        let mut parts = vec![data];
        while u16_at(self.stream, self.at) == Some(CONTINUE) {
            parts.push(self.one().ok_or_else(cut)?.1);
        }
        Ok(Record { kind, parts })
    }

    fn one(&mut self) -> Option<(u16, &'a [u8])> {
        let kind = u16_at(self.stream, self.at)?;
        let length = usize::from(u16_at(self.stream, self.at + 2)?);
        let start = self.at + 4;
        let data = self.stream.get(start..start + length)?;
        self.at = start + length;
        Some((kind, data))
    }
}

/// The workbook stream ends too early.
pub(super) fn cut() -> Refusal {
    Refusal::damaged("工作簿数据在中途结束", "the workbook ends in the middle of its data")
}

/// Walks over the bytes of a record and its continuations.
#[derive(Debug)]
pub(super) struct Cursor<'a> {
    parts: Vec<&'a [u8]>,
    part: usize,
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(record: &Record<'a>, at: usize) -> Self {
        Self { parts: record.parts.clone(), part: 0, at }
    }

    fn here(&self) -> &'a [u8] {
        self.parts.get(self.part).and_then(|p| p.get(self.at..)).unwrap_or(&[])
    }

    /// Moves on to the next continuation once this part is used up.
    fn turn(&mut self) -> Option<()> {
        while self.here().is_empty() {
            self.part += 1;
            self.at = 0;
            self.parts.get(self.part)?;
        }
        Some(())
    }

    pub(super) fn u8(&mut self) -> Option<u8> {
        self.turn()?;
        let value = *self.here().first()?;
        self.at += 1;
        Some(value)
    }

    pub(super) fn u16(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes([self.u8()?, self.u8()?]))
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        Some(u32::from(self.u16()?) | u32::from(self.u16()?) << 16)
    }

    fn skip(&mut self, mut count: usize) -> Option<()> {
        while count > 0 {
            self.turn()?;
            let step = count.min(self.here().len());
            self.at += step;
            count -= step;
        }
        Some(())
    }

    /// Characters of a BIFF8 string; every continuation repeats whether they are one or two bytes wide.
    fn characters(&mut self, count: usize, flags: u8) -> Option<String> {
        let (mut left, mut wide) = (count, flags & 1 != 0);
        let mut units: Vec<u16> = Vec::with_capacity(left.min(1 << 15));
        while left > 0 {
            if self.here().is_empty() {
                self.part += 1;
                self.at = 0;
                wide = *self.parts.get(self.part)?.first()? & 1 != 0;
                self.at = 1;
                continue;
            }
            let here = self.here();
            let take = left.min(if wide { here.len() / 2 } else { here.len() });
            if take == 0 {
                return None;
            }
            if wide {
                units.extend(
                    here[..take * 2].chunks_exact(2).map(|c| u16::from_le_bytes([c[0], c[1]])),
                );
            } else {
                units.extend(here[..take].iter().map(|b| u16::from(*b)));
            }
            self.at += if wide { take * 2 } else { take };
            left -= take;
        }
        Some(String::from_utf16_lossy(&units))
    }

    /// A string with a two-byte length (`XLUnicodeString`).
    pub(super) fn long(&mut self) -> Option<String> {
        let count = usize::from(self.u16()?);
        if count == 0 {
            return Some(String::new());
        }
        let flags = self.u8()?;
        self.characters(count, flags)
    }

    /// A string with a one-byte length (`ShortXLUnicodeString`).
    pub(super) fn short(&mut self) -> Option<String> {
        let count = usize::from(self.u8()?);
        let flags = self.u8()?;
        self.characters(count, flags)
    }

    /// A shared string with its formatting runs and phonetic part left out (`XLUnicodeRichExtendedString`).
    pub(super) fn rich(&mut self) -> Option<String> {
        let count = usize::from(self.u16()?);
        let flags = self.u8()?;
        let runs = if flags & 8 != 0 { usize::from(self.u16()?) } else { 0 };
        let extra = if flags & 4 != 0 { self.u32()? as usize } else { 0 };
        let text = self.characters(count, flags)?;
        self.skip(runs * 4)?;
        self.skip(extra)?;
        Some(text)
    }

    /// A byte string of a code page.
    pub(super) fn bytes(&mut self, count: usize, encoding: &'static Encoding) -> Option<String> {
        let mut bytes = Vec::with_capacity(count);
        for _ in 0..count {
            bytes.push(self.u8()?);
        }
        Some(encoding.decode_without_bom_handling(&bytes).0.into_owned())
    }
}

/// Which BIFF, and how its byte strings are encoded.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dialect {
    pub(super) biff8: bool,
    pub(super) encoding: &'static Encoding,
}

impl Dialect {
    /// BIFF8 until the file says otherwise.
    pub(super) fn new() -> Self {
        Self { biff8: true, encoding: UTF_16LE }
    }

    /// The text of a label or formula result: two-byte length in both dialects.
    pub(super) fn text(self, cursor: &mut Cursor<'_>) -> Option<String> {
        if self.biff8 {
            return cursor.long();
        }
        let count = usize::from(cursor.u16()?);
        cursor.bytes(count, self.encoding)
    }

    /// A name: one-byte length in both dialects.
    pub(super) fn name(self, cursor: &mut Cursor<'_>) -> Option<String> {
        if self.biff8 {
            return cursor.short();
        }
        let count = usize::from(cursor.u8()?);
        cursor.bytes(count, self.encoding)
    }
}

/// A number packed into 30 bits, the two lowest bits say how.
pub(super) fn rk(packed: u32) -> f64 {
    let whole = if packed & 2 != 0 {
        // An arithmetic shift keeps the sign.
        f64::from(packed.cast_signed() >> 2)
    } else {
        f64::from_bits(u64::from(packed & !3) << 32)
    };
    if packed & 1 != 0 { whole / 100.0 } else { whole }
}

/// The packed number at an offset.
pub(super) fn rk_at(data: &[u8], at: usize) -> Option<f64> {
    u32_at(data, at).map(rk)
}

#[cfg(test)]
mod tests {
    use super::{Cursor, Record, rk};

    #[test]
    fn packed_numbers_unpack() {
        assert!((rk(0x3FF0_0000) - 1.0).abs() < f64::EPSILON);
        assert!((rk((1250 << 2) | 3) - 12.5).abs() < f64::EPSILON);
        assert!((rk((-7i32 << 2).cast_unsigned() | 2) + 7.0).abs() < f64::EPSILON);
    }

    #[test]
    fn a_string_goes_on_in_a_continuation_of_another_width() {
        let first: &[u8] = &[4, 0, 0, b'a', b'b'];
        let second: &[u8] = &[1, 0x2D, 0x4E, 0x51, 0x67];
        let record = Record { kind: 0, parts: vec![first, second] };
        assert_eq!(Cursor::new(&record, 0).long().as_deref(), Some("ab中村"));
    }

    #[test]
    fn a_string_that_ends_early_is_none() {
        let first: &[u8] = &[4, 0, 1, 0x2D, 0x4E, 0x51];
        let record = Record { kind: 0, parts: vec![first] };
        assert_eq!(Cursor::new(&record, 0).long(), None);
    }
}
