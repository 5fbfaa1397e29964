//! Civil dates as days since 1970-01-01 (proleptic Gregorian).

/// Days of a civil date; `None` where the calendar has no such day.
pub(crate) fn days(year: i32, month: u32, day: u32) -> Option<i32> {
    if !(1..=12).contains(&month) || day == 0 || day > length(year, month) {
        return None;
    }
    // Howard Hinnant, "chrono-compatible low-level date algorithms", days_from_civil.
    let y = i64::from(year) - i64::from(month <= 2);
    let era = y.div_euclid(400);
    let of_era = y.rem_euclid(400);
    let shifted = (i64::from(month) + 9) % 12;
    let of_year = (153 * shifted + 2) / 5 + i64::from(day) - 1;
    let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
    i32::try_from(days).ok()
}

/// Year, month and day of a count of days.
pub(crate) fn civil(days: i32) -> (i32, u32, u32) {
    let z = i64::from(days) + 719_468;
    let era = z.div_euclid(146_097);
    let of_era = z.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = (shifted + 2) % 12 + 1;
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let small = |n: i64| u32::try_from(n).unwrap_or_default();
    (i32::try_from(year).unwrap_or_default(), small(month), small(day))
}

fn length(year: i32, month: u32) -> u32 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_six_centuries_round_trips() {
        assert_eq!(days(1970, 1, 1), Some(0));
        assert_eq!(days(2022, 3, 5), Some(19_056));
        let (first, last) = (days(1700, 1, 1).unwrap_or(0), days(2300, 12, 31).unwrap_or(0));
        for day in first..=last {
            let (y, m, d) = civil(day);
            assert_eq!(days(y, m, d), Some(day));
        }
        assert_eq!((days(2021, 2, 29), days(2000, 2, 29)), (None, Some(11_016)));
        assert_eq!((days(2021, 13, 1), days(2021, 1, 0)), (None, None));
    }
}
