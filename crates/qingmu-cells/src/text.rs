//! Text as people type it.

/// Full-width forms to ASCII, every kind of blank to a plain one; other text stays.
#[must_use]
pub fn half_width(text: &str) -> String {
    text.chars()
        .filter(|c| !matches!(c, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}'))
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
            '【' | '〔' => '[',
            '】' | '〕' => ']',
            c if c.is_whitespace() => ' ',
            c => c,
        })
        .collect()
}
