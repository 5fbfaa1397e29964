//! Single cells to checked values: the one place that decides what a cell means.
//!
//! Every reader of every format brings its cells here, so that the same table gives the same rows,
//! the same rejects and the same sums as CSV and as Parquet.

use qingmu_model::{
    AreaUnit, ColumnKind, ColumnSpec, Decimal, DecimalError, Mu, RegionLevels, Reject, RejectCode,
    Season, Yuan, mask_account, mask_id, mask_place, mask_refused,
};
use std::borrow::Cow;

/// Years that a table may speak of.
pub const YEARS: std::ops::RangeInclusive<i16> = 1900..=2200;

/// Characters of a refused value that the list of rejects shows.
const SHOWN: usize = 64;

/// From this many digits and letters on a value may be a person's id or an account, wherever it stands:
/// a shifted row puts it into any column. Region codes have 12 digits.
const ID_LENGTH: usize = 15;

/// A cell as read, before checking.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Cell<'a> {
    /// Null, an empty text, or a column that the file does not have.
    Missing,
    /// Text, trimmed, not empty.
    Text(&'a str),
    /// Bytes that are no UTF-8.
    Bytes(&'a [u8]),
    /// `mantissa / 10^scale`; integers have scale 0.
    Fixed(i128, u32),
    /// Floating point.
    Real(f64),
    /// Yes or no.
    Flag(bool),
    /// Days since 1970-01-01.
    Date(i64),
}

impl<'a> Cell<'a> {
    /// A text cell: trimmed; empty is missing.
    pub(crate) fn text(raw: &'a str) -> Self {
        match raw.trim() {
            "" => Self::Missing,
            text => Self::Text(text),
        }
    }

    /// A cell of raw bytes.
    pub(crate) fn bytes(raw: &'a [u8]) -> Self {
        std::str::from_utf8(raw).map_or(Self::Bytes(raw), Self::text)
    }

    /// The value as a spreadsheet would show it.
    fn plain(&self) -> Cow<'a, str> {
        match *self {
            Self::Missing => Cow::Borrowed(""),
            Self::Text(text) => Cow::Borrowed(text),
            Self::Bytes(raw) => String::from_utf8_lossy(raw),
            Self::Fixed(mantissa, scale) => Cow::Owned(fixed_text(mantissa, scale)),
            Self::Real(value) => Cow::Owned(value.to_string()),
            Self::Flag(value) => Cow::Borrowed(if value { "true" } else { "false" }),
            Self::Date(days) => Cow::Owned(date_text(days)),
        }
    }
}

/// A checked number and whether rounding to the fixed point moved it.
pub(crate) type Rounded<T> = (T, bool);

/// An area in the input's unit to mu. Zero is an area; a negative one is refused, however small.
pub(crate) fn area(cell: Cell<'_>, unit: AreaUnit) -> Result<Option<Rounded<Mu>>, RejectCode> {
    match cell {
        Cell::Real(value) if value < 0.0 && value.is_finite() => Err(RejectCode::NegativeArea),
        Cell::Real(value) => {
            finite(value)?;
            Mu::from_f64_in(value, unit).map(Some).ok_or(RejectCode::OutOfRange)
        }
        _ => {
            let Some(number) = decimal(cell)? else { return Ok(None) };
            if number.mantissa < 0 {
                return Err(RejectCode::NegativeArea);
            }
            Mu::from_fixed_in(number.mantissa, number.scale, unit)
                .map(Some)
                .ok_or(RejectCode::OutOfRange)
        }
    }
}

/// Money, rounded to the fen. Negative amounts are corrections and stay.
pub(crate) fn amount(cell: Cell<'_>) -> Result<Option<Rounded<Yuan>>, RejectCode> {
    per_unit(cell, 1, 1)
}

/// Yuan per input unit of area to yuan per mu, rounded to the fen.
///
/// With an area unit other than mu the rate is divided by the mu of one unit (1,500 yuan per hectare are
/// 100.00 per mu), so that the rounded rate times the area may differ from the amount by up to half a fen
/// per mu: rules that compare the two need that slack.
pub(crate) fn rate(cell: Cell<'_>, unit: AreaUnit) -> Result<Option<Rounded<Yuan>>, RejectCode> {
    let (num, den) = unit.mu_ratio();
    per_unit(cell, den, num)
}

/// A year within [`YEARS`].
pub(crate) fn year(cell: Cell<'_>) -> Result<Option<i16>, RejectCode> {
    let number = match cell {
        Cell::Missing => return Ok(None),
        Cell::Bytes(_) => return Err(RejectCode::BadEncoding),
        #[allow(clippy::cast_possible_truncation, reason = "bounded and whole by the guard")]
        Cell::Real(value) if value.fract() == 0.0 && value.abs() < 1e6 => {
            Decimal { mantissa: value as i128, scale: 0 }
        }
        Cell::Text(text) => Decimal::parse(text).map_err(|_| RejectCode::BadYear)?,
        Cell::Fixed(mantissa, scale) => Decimal { mantissa, scale },
        Cell::Real(_) | Cell::Flag(_) | Cell::Date(_) => return Err(RejectCode::BadYear),
    };
    match number.to_fixed(0, 1, 1) {
        Some((year, false)) => i16::try_from(year)
            .ok()
            .filter(|y| YEARS.contains(y))
            .map(Some)
            .ok_or(RejectCode::BadYear),
        _ => Err(RejectCode::BadYear),
    }
}

/// A season; missing is the whole year.
pub(crate) fn season(cell: Cell<'_>) -> Result<Season, RejectCode> {
    match cell {
        Cell::Missing => Ok(Season::Y),
        Cell::Text(text) => text.parse().map_err(|_| RejectCode::BadSeason),
        Cell::Bytes(_) => Err(RejectCode::BadEncoding),
        _ => Err(RejectCode::BadSeason),
    }
}

/// A region code of full width. Integers are taken if no digit is lost; floats never, even whole ones:
/// a code that went through floating point is damaged.
pub(crate) fn region<'a>(
    cell: Cell<'a>,
    levels: &RegionLevels,
) -> Result<Option<Cow<'a, str>>, RejectCode> {
    match cell {
        Cell::Missing => Ok(None),
        Cell::Bytes(_) => Err(RejectCode::BadEncoding),
        Cell::Text(text) => match levels.check(text) {
            Ok(code) => Ok(Some(Cow::Borrowed(code))),
            Err(_) => Err(RejectCode::BadRegion),
        },
        Cell::Fixed(mantissa, 0) => {
            let text = mantissa.to_string();
            levels.check(&text).map_err(|_| RejectCode::BadRegion)?;
            Ok(Some(Cow::Owned(text)))
        }
        Cell::Fixed(..) | Cell::Real(_) | Cell::Flag(_) | Cell::Date(_) => {
            Err(RejectCode::BadRegion)
        }
    }
}

/// Text, also where a program stored digits as a number. A float is taken while every integer is exact
/// (below 2⁵³): beyond it digits of an id would be invented.
pub(crate) fn text(cell: Cell<'_>) -> Result<Option<Cow<'_, str>>, RejectCode> {
    match cell {
        Cell::Missing => Ok(None),
        Cell::Bytes(_) => Err(RejectCode::BadEncoding),
        Cell::Real(value) => {
            finite(value)?;
            if value.abs() >= 9_007_199_254_740_992.0 {
                return Err(RejectCode::OutOfRange);
            }
            Ok(Some(cell.plain()))
        }
        _ => Ok(Some(cell.plain())),
    }
}

/// Number of a villagers' group: a whole number, or the digits of a text such as `3组`; `None` for anything else.
pub(crate) fn group(cell: Cell<'_>) -> Option<i16> {
    match cell {
        Cell::Fixed(mantissa, scale) => {
            let (whole, moved) = Decimal { mantissa, scale }.to_fixed(0, 1, 1)?;
            i16::try_from(whole).ok().filter(|_| !moved)
        }
        #[allow(clippy::cast_possible_truncation, reason = "bounded and whole by the guard")]
        Cell::Real(value) if value.fract() == 0.0 && value.abs() < 32_000.0 => Some(value as i16),
        Cell::Text(text) => {
            let rest = text.trim_start_matches(|c: char| !c.is_ascii_digit());
            let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            rest[..end].parse().ok()
        }
        _ => None,
    }
}

/// Yes or no: a boolean, 1 or 0, or a word.
pub(crate) fn flag(cell: Cell<'_>) -> Result<Option<bool>, RejectCode> {
    match cell {
        Cell::Missing => Ok(None),
        Cell::Flag(value) => Ok(Some(value)),
        Cell::Bytes(_) => Err(RejectCode::BadEncoding),
        _ => match cell.plain().to_ascii_lowercase().as_str() {
            "true" | "yes" | "1" | "是" => Ok(Some(true)),
            "false" | "no" | "0" | "否" => Ok(Some(false)),
            _ => Err(RejectCode::BadNumber),
        },
    }
}

/// The cell as the list of rejects shows it: masked, cut to 64 characters.
pub(crate) fn shown(cell: Cell<'_>, column: &ColumnSpec) -> String {
    let plain = cell.plain();
    let household = column.name == "household_id";
    let masked = match column.kind {
        ColumnKind::Person => mask_id(&plain),
        ColumnKind::Account => mask_account(&plain),
        _ if household || holds_an_id(&plain) => mask_id(&plain),
        // A name typed into a column of figures or places is one in every list.
        ColumnKind::Village | ColumnKind::Region if !plain.is_ascii() => mask_place(&plain),
        _ if !plain.is_ascii() => mask_refused(&plain),
        _ => plain.into_owned(),
    };
    masked.chars().take(SHOWN).collect()
}

/// The record of a refused row.
pub(crate) fn reject(
    file: &str,
    row: u64,
    column: &ColumnSpec,
    cell: Cell<'_>,
    code: RejectCode,
) -> Reject {
    Reject {
        file: file.to_owned(),
        sheet: String::new(),
        row,
        column: column.name.to_owned(),
        value: shown(cell, column),
        code,
    }
}

/// Money per one unit, times `num / den`, in fen.
fn per_unit(cell: Cell<'_>, num: i128, den: i128) -> Result<Option<Rounded<Yuan>>, RejectCode> {
    let value = if let Cell::Real(value) = cell {
        finite(value)?;
        if num == den {
            Yuan::from_f64(value)
        } else {
            let scaled = Yuan::from_f64(value * (num as f64 / den as f64));
            scaled.map(|(yuan, _)| (yuan, true))
        }
    } else {
        let Some(number) = decimal(cell)? else { return Ok(None) };
        number.to_fixed(Yuan::SCALE, num, den).map(|(raw, moved)| (Yuan::from_raw(raw), moved))
    };
    // i64::MIN marks a missing number in a batch; no sum of money is that low.
    value.filter(|(yuan, _)| yuan.raw() != i64::MIN).map(Some).ok_or(RejectCode::OutOfRange)
}

/// A number that is no float.
fn decimal(cell: Cell<'_>) -> Result<Option<Decimal>, RejectCode> {
    match cell {
        Cell::Missing => Ok(None),
        Cell::Fixed(mantissa, scale) => Ok(Some(Decimal { mantissa, scale })),
        Cell::Text(text) => Decimal::parse(text).map(Some).map_err(|error| match error {
            DecimalError::TooLong(_) | DecimalError::OutOfRange(_) => RejectCode::OutOfRange,
            _ => no_decimal(text),
        }),
        Cell::Bytes(_) => Err(RejectCode::BadEncoding),
        Cell::Real(_) | Cell::Flag(_) | Cell::Date(_) => Err(RejectCode::BadNumber),
    }
}

/// Class of a text that is no decimal number. Programs write NaN and infinity in several ways.
fn no_decimal(text: &str) -> RejectCode {
    let word = text.trim_start_matches(['+', '-']).to_ascii_lowercase();
    match word.as_str() {
        "nan" | "#num!" => RejectCode::NotANumber,
        "inf" | "infinity" | "#div/0!" => RejectCode::Infinite,
        _ => RejectCode::BadNumber,
    }
}

fn finite(value: f64) -> Result<(), RejectCode> {
    if value.is_nan() {
        Err(RejectCode::NotANumber)
    } else if value.is_infinite() {
        Err(RejectCode::Infinite)
    } else {
        Ok(())
    }
}

/// Whether a value is long enough to be an id or an account: digits, with letters at most in between.
fn holds_an_id(text: &str) -> bool {
    let mut run = 0;
    for c in text.chars() {
        run = if c.is_ascii_digit() || (run > 0 && c.is_ascii_alphabetic()) { run + 1 } else { 0 };
        if run >= ID_LENGTH {
            return true;
        }
    }
    false
}

/// `mantissa / 10^scale` with all its decimals.
fn fixed_text(mantissa: i128, scale: u32) -> String {
    let digits = mantissa.unsigned_abs().to_string();
    let sign = if mantissa < 0 { "-" } else { "" };
    let scale = scale as usize;
    if scale == 0 {
        return format!("{sign}{digits}");
    }
    let digits = format!("{digits:0>width$}", width = scale + 1);
    let (whole, part) = digits.split_at(digits.len() - scale);
    format!("{sign}{whole}.{part}")
}

/// ISO 8601 text of a day (Hinnant, "chrono-compatible low-level date algorithms", `civil_from_days`).
fn date_text(days: i64) -> String {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let day = doy - (153 * mp + 2) / 5 + 1;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    let year = yoe + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
#[path = "cells_tests.rs"]
mod tests;
