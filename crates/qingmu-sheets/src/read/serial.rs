//! Spreadsheet serial dates and which number formats show one.

/// Days of the 1904 system behind the 1900 system.
pub(super) const EPOCH_1904: f64 = 1462.0;

/// Serial number (1900 system, as the spreadsheets count it) of `2024-03-01` or `2024-03-01T12:30:00`.
///
/// Days from civil date: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms". Dates before 1900-03-01 are left
/// alone: there the 1900 system has a day that never was.
pub(super) fn from_iso(text: &str) -> Option<f64> {
    let (date, time) = text.split_once('T').unwrap_or((text, "00:00:00"));
    let mut parts = date.splitn(3, '-').map(str::parse::<i64>);
    let (year, month, day) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
    let valid =
        (1900..=9999).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
    if !valid {
        return None;
    }
    let shifted = if month <= 2 { year - 1 } else { year };
    let of_era = shifted.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let days =
        shifted.div_euclid(400) * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year;
    // Day 0 of the algorithm is 0000-03-01; serial 0 is 1899-12-30, which is day 693,899.
    let serial = i32::try_from(days - 693_899).ok()?;
    (serial >= 61).then_some(f64::from(serial) + of_day(time)?)
}

fn of_day(time: &str) -> Option<f64> {
    let mut parts = time.trim_end_matches('Z').splitn(3, ':').map(str::parse::<f64>);
    let (hours, minutes) = (parts.next()?.ok()?, parts.next()?.ok()?);
    let seconds = parts.next().unwrap_or(Ok(0.0)).ok()?;
    let valid = (0.0..24.0).contains(&hours)
        && (0.0..60.0).contains(&minutes)
        && (0.0..61.0).contains(&seconds);
    valid.then_some((hours * 3600.0 + minutes * 60.0 + seconds) / 86_400.0)
}

/// Whether a built-in number format shows a date or time (ECMA-376 part 1, 18.8.30, with its East Asian ones).
pub(super) fn builtin_is_date(id: u16) -> bool {
    matches!(id, 14..=22 | 27..=36 | 45..=47 | 50..=58)
}

/// Whether a number format code shows a date or time: a date letter outside quotes, escapes and brackets.
pub(super) fn code_is_date(code: &str) -> bool {
    let mut chars = code.chars();
    let mut quoted = false;
    while let Some(c) = chars.next() {
        match c {
            '"' => quoted = !quoted,
            _ if quoted => {}
            '\\' | '_' | '*' => {
                chars.next();
            }
            '[' => {
                let inner: String = chars.by_ref().take_while(|c| *c != ']').collect();
                let lower = inner.to_ascii_lowercase();
                if !lower.is_empty() && lower.chars().all(|c| matches!(c, 'h' | 'm' | 's')) {
                    return true;
                }
            }
            // Only the first section speaks for a positive number.
            ';' => return false,
            'd' | 'D' | 'm' | 'M' | 'y' | 'Y' | 'h' | 'H' | 's' | 'S' => return true,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::{builtin_is_date, code_is_date, from_iso};

    #[test]
    fn iso_dates_become_the_spreadsheets_serials() {
        assert_eq!(from_iso("1900-03-01"), Some(61.0));
        assert_eq!(from_iso("2024-01-01"), Some(45292.0));
        assert_eq!(from_iso("2024-02-29"), Some(45351.0));
        assert_eq!(from_iso("2024-03-01T12:00:00"), Some(45352.5));
        for bad in ["1899-12-31", "1900-02-28", "2024-13-01", "2024", "昨天", "2024-01-01T25:00:00"]
        {
            assert_eq!(from_iso(bad), None, "{bad}");
        }
    }

    #[test]
    fn date_formats_are_told_from_number_formats() {
        for code in ["yyyy/m/d", "yyyy\"年\"m\"月\"", "[$-804]yyyy-mm-dd", "[h]:mm", "h:mm"] {
            assert!(code_is_date(code), "{code}");
        }
        for code in ["General", "0.00_);[Red]\\(0.00\\)", "0\"亩 m\"", "#,##0;d", "@", "\\d0"] {
            assert!(!code_is_date(code), "{code}");
        }
        assert!(builtin_is_date(14) && builtin_is_date(31) && !builtin_is_date(49));
    }
}
