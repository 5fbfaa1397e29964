//! Dates: spreadsheet serial numbers and the ways offices write them.

use crate::{identity::calendar, text::half_width};
use qingmu_model::RejectCode;
use qingmu_sheets::Value;
use std::fmt;

/// A civil date, days since 1970-01-01 (Arrow's Date32).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date(pub i32);

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = calendar::civil(self.0);
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

/// 1970-01-01 as a spreadsheet serial number of the 1900 system.
const EPOCH: f64 = 25_569.0;

/// Reads a date; `None` for an empty cell. Years 1900 to 2200.
///
/// # Errors
/// [`RejectCode::BadDate`] for anything that is not one certain day.
pub fn read_date(value: &Value) -> Result<Option<Date>, RejectCode> {
    match value {
        Value::Serial(serial) => serial_day(*serial).map(Some),
        // 20220305 typed as a number; other numbers of that size are serials under a number format.
        Value::Number(number) if *number >= 19_000_101.0 => digits(&number.to_string()).map(Some),
        Value::Number(number) if *number >= 10_000.0 => serial_day(*number).map(Some),
        Value::Text(text) => from_text(text),
        Value::Number(_) | Value::Flag(_) | Value::Error(_) => Err(RejectCode::BadDate),
    }
}

fn serial_day(serial: f64) -> Result<Date, RejectCode> {
    // Serials up to 60 are off by one: the 1900 system has a 29 February 1900 that never was.
    if !(61.0..109_938.0).contains(&serial) {
        return Err(RejectCode::BadDate);
    }
    #[allow(clippy::cast_possible_truncation, reason = "bounded just above")]
    let days = (serial.floor() - EPOCH) as i32;
    Ok(Date(days))
}

fn digits(text: &str) -> Result<Date, RejectCode> {
    if text.len() != 8 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(RejectCode::BadDate);
    }
    civil([&text[..4], &text[4..6], &text[6..]])
}

fn from_text(text: &str) -> Result<Option<Date>, RejectCode> {
    let text = half_width(text).replace('。', ".");
    let text = text.trim();
    if text.is_empty() || matches!(text, "-" | "—" | "/") {
        return Ok(None);
    }
    // A time of day behind the date says nothing here.
    let day = text.split_once(['t', 'T']).map_or(text, |(day, _)| day);
    let day = match day.split_once(' ') {
        Some((day, time)) if time.contains(':') => day.to_owned(),
        _ => day.replace(' ', ""),
    };
    if day.len() == 8 && day.bytes().all(|b| b.is_ascii_digit()) {
        return digits(&day).map(Some);
    }
    let day = day.replace(['年', '月', '/', '.'], "-").replace(['日', '号'], "");
    let parts: Vec<&str> = day.split('-').collect();
    match parts[..] {
        [year, month, day] => civil([year, month, day]).map(Some),
        _ => Err(RejectCode::BadDate),
    }
}

fn civil(parts: [&str; 3]) -> Result<Date, RejectCode> {
    let whole = |text: &str, most: usize| -> Option<u32> {
        let good = (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        if good { text.parse().ok() } else { None }
    };
    let year = whole(parts[0], 4).filter(|y| (1900..=2200).contains(y));
    let found = year.zip(whole(parts[1], 2)).zip(whole(parts[2], 2));
    found
        .and_then(|((y, m), d)| calendar::days(i32::try_from(y).ok()?, m, d))
        .map(Date)
        .ok_or(RejectCode::BadDate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_of_writing_one_day() {
        for text in [
            "2022-03-05",
            "2022/3/5",
            "2022.3.5",
            "2022年3月5日",
            "２０２２－０３－０５",
            "2022 年 3 月 5 日",
            "20220305",
            "2022-03-05 08:30:00",
            "2022-03-05T00:00:00",
            "2022年3月5号",
        ] {
            let date = read_date(&Value::Text(text.to_owned()));
            assert_eq!(
                date.map(|d| d.map(|d| d.to_string())),
                Ok(Some("2022-03-05".to_owned())),
                "{text}"
            );
        }
        for value in [
            Value::Serial(44_625.0),
            Value::Serial(44_625.75),
            Value::Number(44_625.0),
            Value::Number(20_220_305.0),
        ] {
            assert_eq!(read_date(&value), Ok(Some(Date(19_056))), "{value:?}");
        }
        assert_eq!(read_date(&Value::Text(" ".into())), Ok(None));
    }

    #[test]
    fn no_certain_day_is_refused() {
        for text in [
            "2022.3",
            "2022年3月",
            "22-3-5",
            "2022-13-01",
            "2021-02-29",
            "2022-3-5-1",
            "三月五日",
            "3/5/2022",
            "99999999",
        ] {
            assert_eq!(
                read_date(&Value::Text(text.to_owned())),
                Err(RejectCode::BadDate),
                "{text}"
            );
        }
        for value in [
            Value::Number(2022.3),
            Value::Serial(60.0),
            Value::Serial(f64::NAN),
            Value::Number(1e300),
            Value::Flag(true),
        ] {
            assert_eq!(read_date(&value), Err(RejectCode::BadDate), "{value:?}");
        }
    }
}
