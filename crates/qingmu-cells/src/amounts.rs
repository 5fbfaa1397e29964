//! Numbers as people type them, to exact decimals; whatever is not plainly a number is refused.

use crate::{text::half_width, units::SourceUnit};
use qingmu_model::{Decimal, DecimalError, RejectCode};
use qingmu_sheets::Value;

/// A number with the unit written in its own cell (`3.5亩`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amount {
    /// The number.
    pub value: Decimal,
    /// The unit in the cell.
    pub unit: Option<SourceUnit>,
}

/// Reads a number; `None` for an empty cell and for the dashes that stand for one.
///
/// # Errors
/// The class of damage.
pub fn read_amount(value: &Value) -> Result<Option<Amount>, RejectCode> {
    match value {
        Value::Number(number) => {
            from_double(*number).map(|value| Some(Amount { value, unit: None }))
        }
        Value::Text(text) => from_text(text),
        // A number under a date format, a yes or a `#REF!` is no amount.
        Value::Serial(_) | Value::Flag(_) => Err(RejectCode::BadNumber),
        Value::Error(word) if word.contains("DIV") => Err(RejectCode::Infinite),
        Value::Error(_) => Err(RejectCode::NotANumber),
    }
}

/// A double as the spreadsheet shows it: 15 significant digits, so that `0.1 + 0.2` is `0.3`.
fn from_double(number: f64) -> Result<Decimal, RejectCode> {
    if number.is_nan() {
        return Err(RejectCode::NotANumber);
    }
    if number.is_infinite() {
        return Err(RejectCode::Infinite);
    }
    let shown: f64 = format!("{number:.14e}").parse().map_err(|_| RejectCode::BadNumber)?;
    Decimal::parse(&shown.to_string()).map_err(|e| class(&e))
}

fn from_text(text: &str) -> Result<Option<Amount>, RejectCode> {
    let text = half_width(text).replace('。', ".");
    let mut text = text.trim();
    if matches!(text, "" | "-" | "--" | "—" | "——" | "/" | "\\" | "无") {
        return Ok(None);
    }
    text = text.strip_prefix(['¥', '￥']).unwrap_or(text).trim_start();
    let lower = text.to_ascii_lowercase();
    match lower.trim_start_matches(['-', '+']) {
        "nan" => return Err(RejectCode::NotANumber),
        "inf" | "infinity" => return Err(RejectCode::Infinite),
        _ => {}
    }
    let end = text.rfind(|c: char| c.is_ascii_digit() || c == '.').map_or(0, |n| n + 1);
    let (number, word) = text.split_at(end);
    let unit = match word.trim() {
        "" => None,
        word => Some(SourceUnit::parse(word).ok_or(RejectCode::BadNumber)?),
    };
    let digits = ungroup(number.trim()).ok_or(RejectCode::BadNumber)?;
    let value = Decimal::parse(&digits).map_err(|e| class(&e))?;
    Ok(Some(Amount { value, unit }))
}

/// Without thousands separators; `None` where commas do not stand between groups of three.
fn ungroup(text: &str) -> Option<String> {
    if !text.contains(',') {
        return Some(text.to_owned());
    }
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(w, f)| (w, Some(f)));
    let mut groups = whole.trim_start_matches(['-', '+']).split(',');
    let first = groups.next()?;
    let good = (1..=3).contains(&first.len()) && groups.all(|g| g.len() == 3);
    let joined = whole.replace(',', "");
    match fraction {
        _ if !good => None,
        Some(f) if f.contains(',') => None,
        Some(f) => Some(format!("{joined}.{f}")),
        None => Some(joined),
    }
}

fn class(error: &DecimalError) -> RejectCode {
    match error {
        DecimalError::TooLong(_) | DecimalError::OutOfRange(_) => RejectCode::OutOfRange,
        DecimalError::Empty | DecimalError::NotANumber(_) | DecimalError::TooFine { .. } => {
            RejectCode::BadNumber
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Result<Option<(i128, u32, Option<SourceUnit>)>, RejectCode> {
        let amount = read_amount(&Value::Text(text.to_owned()))?;
        Ok(amount.map(|a| (a.value.mantissa, a.value.scale, a.unit)))
    }

    #[test]
    fn what_people_type_is_read_exactly() {
        for (text, mantissa, scale, unit) in [
            ("3.5亩", 35, 1, Some(SourceUnit::Mu)),
            ("3.5 亩 ", 35, 1, Some(SourceUnit::Mu)),
            ("１２．５", 125, 1, None),
            ("12。5", 125, 1, None),
            ("1,234", 1234, 0, None),
            ("1，234.50", 123_450, 2, None),
            ("￥1,234.5元", 12_345, 1, Some(SourceUnit::Yuan)),
            ("12.5\u{a0} ", 125, 1, None),
            ("\u{3000}7", 7, 0, None),
            ("-3.2", -32, 1, None),
            ("0.3万元", 3, 1, Some(SourceUnit::WanYuan)),
        ] {
            assert_eq!(read(text), Ok(Some((mantissa, scale, unit))), "{text}");
        }
        for blank in ["", "  ", "-", "—", "/"] {
            assert_eq!(read(blank), Ok(None), "{blank}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "十二亩",
            "3..5",
            "1,23",
            "12,34.5",
            "1,2345",
            "1.234,5",
            "约3.5",
            "3.5左右",
            "3.5斤",
            "1e5",
            "3+4",
            "3.5.1",
            "(12)",
            "3 5",
            "亩",
            ",123",
            "〃",
        ] {
            assert_eq!(read(text), Err(RejectCode::BadNumber), "{text}");
        }
        assert_eq!(read("NaN"), Err(RejectCode::NotANumber));
        assert_eq!(read("-inf"), Err(RejectCode::Infinite));
        assert_eq!(read("1234567890123456789012345678901234567"), Err(RejectCode::OutOfRange));
        let cell = |v| read_amount(&v).map(|_| ());
        assert_eq!(cell(Value::Error("#DIV/0!".into())), Err(RejectCode::Infinite));
        assert_eq!(cell(Value::Error("#REF!".into())), Err(RejectCode::NotANumber));
        assert_eq!(cell(Value::Number(f64::NAN)), Err(RejectCode::NotANumber));
        assert_eq!(cell(Value::Number(f64::INFINITY)), Err(RejectCode::Infinite));
        assert_eq!(cell(Value::Number(1e40)), Err(RejectCode::OutOfRange));
        assert_eq!(cell(Value::Serial(44_625.0)), Err(RejectCode::BadNumber));
        assert_eq!(cell(Value::Flag(true)), Err(RejectCode::BadNumber));
    }

    #[test]
    fn doubles_read_as_the_spreadsheet_shows_them() {
        let value = read_amount(&Value::Number(0.1 + 0.2)).map(|a| a.map(|a| a.value));
        assert_eq!(value, Ok(Some(Decimal { mantissa: 3, scale: 1 })));
    }

    proptest! {
        #[test]
        fn two_decimals_survive_a_double(fen in -9_999_999_999_i64..9_999_999_999) {
            let value = read_amount(&Value::Number(fen as f64 / 100.0));
            let fixed = value.ok().flatten().and_then(|a| a.value.to_fixed(2, 1, 1));
            prop_assert_eq!(fixed, Some((fen, false)));
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,12}") {
            let _ = read_amount(&Value::Text(text));
        }
    }
}
