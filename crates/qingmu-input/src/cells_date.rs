//! Civil dates of optional tables.

use crate::cells::Cell;
use qingmu_model::RejectCode;

/// A civil date as days since 1970-01-01; missing for an empty cell.
///
/// `2021-03-05`, `2021/3/5`, `2021.3.5`, `2021年3月5日` and `20210305`, with or without a time of day behind it.
pub(crate) fn date(cell: Cell<'_>) -> Result<Option<i32>, RejectCode> {
    match cell {
        Cell::Missing => Ok(None),
        Cell::Date(days) => i32::try_from(days).map(Some).map_err(|_| RejectCode::BadDate),
        Cell::Fixed(number, 0) => from_text(&number.to_string()).map(Some),
        Cell::Text(text) => from_text(text).map(Some),
        Cell::Bytes(_) => Err(RejectCode::BadEncoding),
        _ => Err(RejectCode::BadDate),
    }
}

/// The year of a day.
pub(crate) fn year_of(days: i32) -> i32 {
    let (mut low, mut high) = (1_800, 2_300);
    while low + 1 < high {
        let middle = i32::midpoint(low, high);
        if days_from(middle, 1, 1) <= days { low = middle } else { high = middle }
    }
    low
}

/// 1 January of a year, in days since 1970-01-01.
#[must_use]
pub fn year_start(year: i32) -> i32 {
    days_from(year, 1, 1)
}

fn from_text(text: &str) -> Result<i32, RejectCode> {
    let day = text.split(['T', ' ']).next().unwrap_or_default();
    let day = day.replace(['年', '月', '/', '.'], "-").replace(['日', '号'], "");
    let whole = |text: &str| -> Option<i32> {
        let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        text.parse().ok().filter(|_| digits)
    };
    let parts: Vec<&str> = day.split('-').collect();
    let found = match parts[..] {
        [all] if all.len() == 8 && all.is_ascii() => {
            (whole(&all[..4]), whole(&all[4..6]), whole(&all[6..]))
        }
        [year, month, day] => (whole(year), whole(month), whole(day)),
        _ => (None, None, None),
    };
    let (Some(year), Some(month), Some(day)) = found else { return Err(RejectCode::BadDate) };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let longest = match month {
        2 => 28 + i32::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    let good =
        (1850..=2200).contains(&year) && (1..=12).contains(&month) && (1..=longest).contains(&day);
    good.then(|| days_from(year, month, day)).ok_or(RejectCode::BadDate)
}

/// Days since 1970-01-01 (Hinnant, "chrono-compatible low-level date algorithms", `days_from_civil`).
fn days_from(year: i32, month: i32, day: i32) -> i32 {
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let yoe = y.rem_euclid(400);
    let doy = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    era * 146_097 + doe - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_of_writing_one_day() {
        for text in
            ["2021-03-05", "2021/3/5", "2021.3.5", "2021年3月5日", "20210305", "2021-03-05T10:00"]
        {
            assert_eq!(date(Cell::Text(text)), Ok(Some(18_691)), "{text}");
        }
        assert_eq!(date(Cell::Date(18_691)), Ok(Some(18_691)));
        assert_eq!(date(Cell::Fixed(20_210_305, 0)), Ok(Some(18_691)));
        assert_eq!(date(Cell::Missing), Ok(None));
        for text in
            ["2021-02-29", "2021-13-01", "2021", "spring", "1-2-3-4", "二〇二一年", "2021030x"]
        {
            assert_eq!(date(Cell::Text(text)), Err(RejectCode::BadDate), "{text}");
        }
        assert_eq!(date(Cell::Bytes(b"\xff")), Err(RejectCode::BadEncoding));
        assert_eq!(date(Cell::Flag(true)), Err(RejectCode::BadDate));
        assert_eq!(date(Cell::Date(i64::MAX)), Err(RejectCode::BadDate));
    }

    #[test]
    fn years_of_days() {
        for (text, year) in [("1899-12-31", 1899), ("2020-02-29", 2020), ("2021-01-01", 2021)] {
            assert_eq!(date(Cell::Text(text)).ok().flatten().map(year_of), Some(year), "{text}");
        }
        assert_eq!((year_of(0), year_of(-1)), (1970, 1969));
    }
}
