//! From a byte of a decoded TOML string back to the bytes of the file.

use std::ops::Range;

/// Where each byte of one TOML string stands in the file.
#[derive(Debug, Clone)]
pub(crate) struct StringMap {
    /// Per byte of the value: the bytes of the file that its character was written with.
    places: Vec<Range<usize>>,
    /// The inside of the string in the file.
    inside: Range<usize>,
}

impl StringMap {
    /// `span` is the string with its quotation marks. A string that cannot be followed (none is known)
    /// maps every byte to its whole inside.
    pub(crate) fn new(source: &str, span: &Range<usize>, value: &str) -> Self {
        let raw = source.get(span.clone()).unwrap_or("");
        let marks = [("\"\"\"", true), ("'''", false), ("\"", true), ("'", false)];
        let found = marks.into_iter().find(|(mark, _)| {
            raw.len() >= 2 * mark.len() && raw.starts_with(mark) && raw.ends_with(mark)
        });
        let Some((mark, escapes)) = found else {
            return Self { places: Vec::new(), inside: span.clone() };
        };
        let mut start = span.start + mark.len();
        let inside = start..span.end - mark.len();
        if mark.len() == 3 {
            // A line break right behind the opening marks is no part of the value.
            let body = &source[inside.clone()];
            start += if body.starts_with("\r\n") { 2 } else { usize::from(body.starts_with('\n')) };
        }
        let (decoded, places) = decode(&source[start..inside.end], start, escapes);
        if decoded == value { Self { places, inside } } else { Self { places: Vec::new(), inside } }
    }

    /// Bytes of the file behind a range of the value; an empty range maps to the place before its byte.
    pub(crate) fn range(&self, range: &Range<usize>) -> Range<usize> {
        let Some(first) = self.places.get(range.start) else {
            return match self.places.last() {
                Some(last) => last.end..self.inside.end.max(last.end),
                None => self.inside.clone(),
            };
        };
        let end = match range.end.checked_sub(1).and_then(|last| self.places.get(last)) {
            Some(last) if range.end > range.start => last.end,
            _ => first.start,
        };
        first.start..end
    }
}

/// The value of a string body and the place of each of its bytes.
fn decode(body: &str, offset: usize, escapes: bool) -> (String, Vec<Range<usize>>) {
    let mut value = String::new();
    let mut places = Vec::new();
    let mut rest = body.char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        let mut decoded = Some(c);
        if escapes && c == '\\' {
            let Some((_, kind)) = rest.next() else { break };
            let mut hex = |digits: usize| {
                let text: String = rest.by_ref().take(digits).map(|(_, d)| d).collect();
                u32::from_str_radix(&text, 16).ok().and_then(char::from_u32)
            };
            decoded = match kind {
                'b' => Some('\u{8}'),
                't' => Some('\t'),
                'n' => Some('\n'),
                'f' => Some('\u{c}'),
                'r' => Some('\r'),
                'e' => Some('\u{1b}'),
                'x' => hex(2),
                'u' => hex(4),
                'U' => hex(8),
                '"' | '\\' => Some(kind),
                _ => None,
            };
            if kind.is_whitespace() {
                // A backslash at the end of a line swallows white space up to the next word.
                while rest.next_if(|(_, c)| c.is_whitespace()).is_some() {}
                continue;
            }
        }
        let end = rest.peek().map_or(body.len(), |(next, _)| *next);
        if let Some(c) = decoded {
            value.push(c);
            places.extend((0..c.len_utf8()).map(|_| offset + at..offset + end));
        }
    }
    (value, places)
}

#[cfg(test)]
mod tests {
    use super::*;
    use toml::Spanned;

    #[derive(serde::Deserialize)]
    struct Doc {
        a: Spanned<String>,
    }

    fn shown(source: &str, word: &str) -> String {
        let Ok(doc) = toml::from_str::<Doc>(source) else { return "no toml".to_owned() };
        let map = StringMap::new(source, &doc.a.span(), doc.a.get_ref());
        let at = doc.a.get_ref().find(word).unwrap_or(usize::MAX - 9);
        source[map.range(&(at..at + word.len()))].to_owned()
    }

    #[test]
    fn every_kind_of_string_is_followed() {
        assert_eq!(shown("a = \"菜地 >= oops\"", "oops"), "oops");
        assert_eq!(shown("a = '菜地 >= oops'", "oops"), "oops");
        assert_eq!(shown("a = \"\\u83dc\\t\\\"地\\\" oops + 1\"", "oops"), "oops");
        assert_eq!(shown("a = \"\\u83dc地\"", "菜"), "\\u83dc");
        assert_eq!(shown("a = \"\"\"\n菜地 and \\\n    oops\"\"\"", "oops"), "oops");
        assert_eq!(shown("a = '''\r\n菜\r\noops'''", "oops"), "oops");
    }

    #[test]
    fn a_place_behind_the_end_is_the_end() {
        let source = "a = \"菜 +\"";
        let map = StringMap::new(source, &(4..11), "菜 +");
        assert_eq!(map.range(&(5..5)), 10..10);
        assert_eq!(map.range(&(0..5)), 5..10);
        let lost = StringMap::new(source, &(4..11), "other");
        assert_eq!(lost.range(&(0..1)), 5..10);
    }
}
