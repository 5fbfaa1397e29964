//! Text encodings: byte order mark, strict UTF-8, UTF-16 only where nothing else fits, then GB18030.

use crate::error::{Refusal, RefusalCode};
use crate::workbook::EncodingGuess;
use encoding_rs::{Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE};
use std::borrow::Cow;

/// Decoded text.
#[derive(Debug)]
pub(super) struct Decoded<'a> {
    pub(super) text: Cow<'a, str>,
    pub(super) guess: EncodingGuess,
}

/// Decodes a text file; what cannot be decoded stands as U+FFFD, which later stages reject by the cell.
pub(super) fn decode<'a>(bytes: &'a [u8], given: Option<&str>) -> Result<Decoded<'a>, Refusal> {
    if let Some(label) = given {
        return Ok(finish(bytes, named(label)?, "given"));
    }
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return Ok(finish(bytes, encoding, "bom"));
    }
    let zeros = bytes.contains(&0);
    if !zeros {
        return Ok(match std::str::from_utf8(bytes) {
            Ok(text) => Decoded { text: Cow::Borrowed(text), guess: guess(UTF_8, "strict utf-8") },
            Err(_) => finish(bytes, GB18030, "not utf-8"),
        });
    }
    let little = likely(&bytes[..bytes.len().min(64 << 10)], UTF_16LE);
    let big = likely(&bytes[..bytes.len().min(64 << 10)], UTF_16BE);
    match (little, big) {
        (95.., ..=70) => Ok(finish(bytes, UTF_16LE, "utf-16 pattern")),
        (..=70, 95..) => Ok(finish(bytes, UTF_16BE, "utf-16 pattern")),
        _ => Err(Refusal::new(
            RefusalCode::UnknownFormat,
            "文件含有空字节，不是文本表格",
            "there are zero bytes in the file: it is no text table",
        )),
    }
}

/// The encoding of a label, GBK and GB2312 widened to GB18030, which holds both.
pub(super) fn named(label: &str) -> Result<&'static Encoding, Refusal> {
    let found = match label.to_ascii_lowercase().as_str() {
        // The label standard takes a bare "utf-16" for little-endian too; the mark decides where there is one.
        "utf-16" | "utf-16le" => Some(UTF_16LE),
        other => Encoding::for_label_no_replacement(other.as_bytes()),
    };
    let encoding = found.ok_or_else(|| {
        Refusal::new(
            RefusalCode::Encoding,
            format!("不认识编码 {label}"),
            format!("the encoding {label} is not known"),
        )
    })?;
    Ok(if encoding == GBK { GB18030 } else { encoding })
}

/// The encoding of an Excel code page number.
pub(super) fn codepage(number: u16) -> Option<&'static Encoding> {
    match number {
        936 | 20_936 | 54_936 => Some(GB18030),
        950 => Some(encoding_rs::BIG5),
        932 => Some(encoding_rs::SHIFT_JIS),
        949 => Some(encoding_rs::EUC_KR),
        1200 => Some(UTF_16LE),
        65_001 => Some(UTF_8),
        367 | 437 | 1252 | 32_769 => Some(encoding_rs::WINDOWS_1252),
        1250 => Some(encoding_rs::WINDOWS_1250),
        1251 => Some(encoding_rs::WINDOWS_1251),
        _ => None,
    }
}

/// What is told about an encoding and how it was settled.
pub(super) fn guess(encoding: &'static Encoding, why: impl Into<String>) -> EncodingGuess {
    // The label standard writes this one in lower case, the national standard does not.
    let name = if encoding == GB18030 { "GB18030" } else { encoding.name() };
    EncodingGuess { name: name.to_owned(), why: why.into() }
}

fn finish<'a>(bytes: &'a [u8], encoding: &'static Encoding, why: &str) -> Decoded<'a> {
    let mark = Encoding::for_bom(bytes).filter(|(by_mark, _)| *by_mark == encoding);
    let body = &bytes[mark.map_or(0, |(_, length)| length)..];
    let text = match std::str::from_utf8(body) {
        Ok(text) if encoding == UTF_8 => Cow::Borrowed(text),
        _ => Cow::Owned(converted(body, encoding)),
    };
    Decoded { text, guess: guess(encoding, why) }
}

/// Decodes with room for what Chinese text needs (three bytes for two), not for the worst case, which is twice that.
fn converted(body: &[u8], encoding: &'static Encoding) -> String {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut text = String::with_capacity(body.len() + body.len() / 2 + 16);
    let mut at = 0;
    loop {
        let (result, read, _) = decoder.decode_to_string(&body[at..], &mut text, true);
        at += read;
        if result == encoding_rs::CoderResult::InputEmpty {
            return text;
        }
        text.reserve(text.len() / 4 + 1024);
    }
}

/// Per cent of the characters that a Chinese or English table is made of, 0 where the bytes do not decode.
fn likely(bytes: &[u8], encoding: &'static Encoding) -> u32 {
    let even = &bytes[..bytes.len() / 2 * 2];
    let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(even) else {
        return 0;
    };
    let total = text.chars().count();
    let usual = text.chars().filter(|c| {
        matches!(c, '\t' | '\r' | '\n' | ' '..='~' | '\u{3000}'..='\u{303f}' | '\u{3400}'..='\u{9fff}' | '\u{ff00}'..='\u{ffef}')
    });
    u32::try_from(usual.count() * 100 / total.max(1)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{codepage, decode, named};
    use encoding_rs::{GB18030, UTF_16BE, UTF_16LE};

    const TEXT: &str = "村,户主,面积(亩)\r\n一组,雒仵𠀀,12.5\r\n";

    fn utf16(big: bool) -> Vec<u8> {
        TEXT.encode_utf16()
            .flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() })
            .collect()
    }

    fn told(bytes: &[u8], given: Option<&str>) -> (String, String, String) {
        decode(bytes, given).map_or_else(
            |refusal| (refusal.to_string(), String::new(), String::new()),
            |decoded| (decoded.text.into_owned(), decoded.guess.name, decoded.guess.why),
        )
    }

    fn expect(name: &str, why: &str) -> (String, String, String) {
        (TEXT.to_owned(), name.to_owned(), why.to_owned())
    }

    #[test]
    fn every_encoding_of_the_trade_gives_the_same_text() {
        let (gb, _, lost) = GB18030.encode(TEXT);
        assert!(!lost);
        let marked = |mark: &[u8], body: &[u8]| [mark, body].concat();
        assert_eq!(told(TEXT.as_bytes(), None), expect("UTF-8", "strict utf-8"));
        assert_eq!(told(&marked(b"\xEF\xBB\xBF", TEXT.as_bytes()), None), expect("UTF-8", "bom"));
        assert_eq!(told(&marked(b"\xFF\xFE", &utf16(false)), None), expect("UTF-16LE", "bom"));
        assert_eq!(told(&marked(b"\xFE\xFF", &utf16(true)), None), expect("UTF-16BE", "bom"));
        assert_eq!(told(&utf16(false), None), expect("UTF-16LE", "utf-16 pattern"));
        assert_eq!(told(&utf16(true), None), expect("UTF-16BE", "utf-16 pattern"));
        assert_eq!(told(&gb, None), expect("GB18030", "not utf-8"));
        assert_eq!(told(&gb, Some("gbk")), expect("GB18030", "given"));
        assert_eq!(told(&utf16(true), Some("utf-16be")), expect("UTF-16BE", "given"));
    }

    #[test]
    fn a_wrong_encoding_given_leaves_marks_of_loss() {
        let (gb, ..) = GB18030.encode(TEXT);
        let text = told(&gb, Some("utf-8")).0;
        assert!(text.contains('\u{fffd}'));
    }

    #[test]
    fn an_unknown_encoding_and_zero_bytes_are_refused() {
        let message = |r: crate::error::Refusal| r.to_string();
        assert_eq!(
            named("klingon").map_err(message),
            Err("QM-IN-108 不认识编码 klingon；用 --encoding 指定编码，或另存为 UTF-8 / the encoding klingon is \
                 not known; state it with --encoding, or save the file as UTF-8"
                .to_owned())
        );
        assert_eq!(
            decode(b"a\0b\0\0c\0\0,\0", None).map(|d| d.text.into_owned()).map_err(message),
            Err("QM-IN-101 文件含有空字节，不是文本表格；请提供 xlsx、xls、ods、csv、tsv 或 parquet 表格 / there are zero \
                 bytes in the file: it is no text table; hand over the table as xlsx, xls, ods, csv, tsv or parquet"
                .to_owned())
        );
    }

    #[test]
    fn code_pages_of_old_workbooks_are_known() {
        assert_eq!(codepage(936), Some(GB18030));
        assert_eq!(codepage(1200), Some(UTF_16LE));
        assert_eq!(codepage(9), None);
        assert_ne!(codepage(1200), Some(UTF_16BE));
    }
}
