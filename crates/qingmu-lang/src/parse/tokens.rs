//! The words of an expression, filtered before the parser sees them.

use super::{Refusal, RuleDialect};
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Location, Token, TokenWithSpan, Tokenizer, Whitespace, Word};
use std::ops::Range;

/// Tokens without white space, each with its bytes in the expression.
#[derive(Debug)]
pub(super) struct Tokens {
    list: Vec<(TokenWithSpan, Range<usize>)>,
}

/// SQL that reads something else than the view's columns, or that rules write differently.
const REFUSED: &[(&[&str], &str)] = &[
    (
        &[
            "select", "from", "where", "exists", "with", "join", "union", "having", "limit",
            "values",
        ],
        "an expression reads the columns of its view and nothing else: no queries",
    ),
    (&["case", "when", "then", "else", "if", "iif"], "write max, min, coalesce, and, or"),
    (&["cast", "convert", "try_cast"], "columns have their type and unit from the view"),
    (&["between"], "write `low <= x and x <= high`"),
    (&["in"], "write `x = 'a' or x = 'b'`"),
    (&["like", "ilike", "similar", "rlike", "regexp"], "text is only compared with = and <>"),
    (&["is", "isnull", "notnull", "null"], "write `known(x)` or `not known(x)`"),
    (
        &["order", "rows", "range", "groups"],
        "a window is `over (partition by a, b)`, without order",
    ),
    (&["interval", "extract"], "`year` is a plain number; dates do not occur in views"),
];

/// Words that keep their meaning for the parser.
const KEYWORDS: &[Keyword] = &[
    Keyword::AND,
    Keyword::OR,
    Keyword::NOT,
    Keyword::TRUE,
    Keyword::FALSE,
    Keyword::OVER,
    Keyword::PARTITION,
    Keyword::BY,
];

impl Tokens {
    /// Splits an expression and refuses everything that is not in the language.
    pub(super) fn read(text: &str) -> Result<Self, Refusal> {
        let places = Places::new(text);
        let raw = Tokenizer::new(&RuleDialect, text).tokenize_with_location().map_err(|error| {
            let at = places.byte(error.location).min(text.len());
            let message = match error.message.as_str() {
                known @ "Unterminated string literal" => known,
                _ => "a quotation mark or a comment is not closed",
            };
            Refusal::new(at..text.len(), message, "close the text with a single quote")
        })?;
        let mut list: Vec<(TokenWithSpan, Range<usize>)> = Vec::new();
        for token in raw {
            let range = places.byte(token.span.start)..places.byte(token.span.end);
            if let Some(token) = allowed(token, &range, text)? {
                list.push((token, range));
            }
        }
        let tokens = Self { list };
        tokens.refuse_words()?;
        Ok(tokens)
    }

    /// Words of a query, told apart from the parts of dotted names.
    fn refuse_words(&self) -> Result<(), Refusal> {
        let dot = |i: Option<usize>| {
            i.and_then(|i| self.list.get(i)).is_some_and(|(t, _)| t.token == Token::Period)
        };
        for (i, (token, range)) in self.list.iter().enumerate() {
            let Token::Word(word) = &token.token else { continue };
            if dot(i.checked_sub(1)) || dot(Some(i + 1)) {
                continue;
            }
            let lower = word.value.to_lowercase();
            if let Some((_, help)) =
                REFUSED.iter().find(|(words, _)| words.contains(&lower.as_str()))
            {
                let message = format!("`{}` is not part of the rule language", word.value);
                return Err(Refusal::new(range.clone(), message, *help));
            }
        }
        Ok(())
    }

    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    /// A copy for the parser, with the end it expects.
    pub(super) fn for_parser(&self) -> Vec<TokenWithSpan> {
        self.list.iter().map(|(token, _)| token.clone()).collect()
    }

    /// Index of the token that starts at a place.
    pub(super) fn at(&self, location: Location) -> Option<usize> {
        self.list.iter().position(|(token, _)| token.span.start == location)
    }

    /// Bytes of a token.
    pub(super) fn range(&self, index: usize) -> Range<usize> {
        self.list.get(index).map_or(0..0, |(_, range)| range.clone())
    }

    /// The token at an index.
    pub(super) fn token(&self, index: usize) -> Option<&Token> {
        self.list.get(index).map(|(token, _)| &token.token)
    }

    /// The parenthesis that closes the one at `open`.
    pub(super) fn closing(&self, open: usize) -> Option<usize> {
        let mut depth = 0_usize;
        for (i, (token, _)) in self.list.iter().enumerate().skip(open) {
            match token.token {
                Token::LParen => depth += 1,
                Token::RParen => depth = depth.checked_sub(1)?,
                _ => {}
            }
            if depth == 0 {
                return Some(i);
            }
        }
        None
    }

    /// Place of the first parenthesis nested deeper than `limit`.
    pub(super) fn deeper_than(&self, limit: usize) -> Option<Range<usize>> {
        let mut depth = 0_usize;
        for (token, range) in &self.list {
            match token.token {
                Token::LParen => depth += 1,
                Token::RParen => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth > limit {
                return Some(range.clone());
            }
        }
        None
    }
}

/// One token if it is in the language; `None` for white space.
fn allowed(
    token: TokenWithSpan,
    range: &Range<usize>,
    text: &str,
) -> Result<Option<TokenWithSpan>, Refusal> {
    let written = text.get(range.clone()).unwrap_or("");
    let refuse = |help: &str| {
        let message = format!("`{written}` is not part of the rule language");
        Err(Refusal::new(range.clone(), message, help))
    };
    match &token.token {
        Token::Whitespace(Whitespace::Space | Whitespace::Newline | Whitespace::Tab) => Ok(None),
        Token::Whitespace(_) => refuse("comments belong into TOML, behind `#`"),
        Token::Word(word) if word.quote_style.is_some() => {
            refuse("names stand without marks; texts stand in single quotes")
        }
        Token::Word(word) => {
            let keyword =
                if KEYWORDS.contains(&word.keyword) { word.keyword } else { Keyword::NoKeyword };
            let plain = Word { value: word.value.clone(), quote_style: None, keyword };
            Ok(Some(TokenWithSpan { token: Token::Word(plain), span: token.span }))
        }
        Token::Neq if written != "<>" => refuse("write `<>`"),
        Token::Number(_, false)
        | Token::SingleQuotedString(_)
        | Token::Comma
        | Token::Eq
        | Token::Neq
        | Token::Lt
        | Token::Gt
        | Token::LtEq
        | Token::GtEq
        | Token::Plus
        | Token::Minus
        | Token::Mul
        | Token::Div
        | Token::LParen
        | Token::RParen
        | Token::Period => Ok(Some(token)),
        Token::DoubleEq => refuse("write `=`"),
        Token::Placeholder(_) => {
            refuse("a parameter is written `p.name` and declared under [param]")
        }
        Token::SemiColon => refuse("one expression, not several statements"),
        Token::Char(c) if !c.is_ascii() => {
            refuse("operators and parentheses are ASCII: < <= > >= = <> ( ) ,")
        }
        _ => refuse("the operators are + - * / < <= > >= = <> and or not"),
    }
}

/// Line and column (in characters) to bytes.
struct Places {
    lines: Vec<Vec<usize>>,
    end: usize,
}

impl Places {
    fn new(text: &str) -> Self {
        let mut lines = vec![Vec::new()];
        for (at, c) in text.char_indices() {
            if let Some(line) = lines.last_mut() {
                line.push(at);
            }
            if c == '\n' {
                lines.push(Vec::new());
            }
        }
        Self { lines, end: text.len() }
    }

    fn byte(&self, location: Location) -> usize {
        let index = |n: u64| usize::try_from(n).unwrap_or(usize::MAX).saturating_sub(1);
        let (line, column) = (index(location.line), index(location.column));
        match self.lines.get(line).and_then(|columns| columns.get(column)) {
            Some(byte) => *byte,
            None => {
                self.lines.get(line + 1).and_then(|next| next.first()).copied().unwrap_or(self.end)
            }
        }
    }
}
