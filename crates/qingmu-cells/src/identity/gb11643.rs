//! Citizens' identity numbers: GB 11643, 18 characters, and the 15 digits used before 1999.

use super::calendar;

/// Weights of the first seventeen digits (GB 11643-1999, table 1).
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/// Check characters by remainder.
const CHECKS: [u8; 11] = *b"10X98765432";
/// First two digits of issuing regions, 71–83 beyond the mainland; 90–93 are foreigners' permanent residence cards.
const REGIONS: [u8; 39] = [
    11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52,
    53, 54, 61, 62, 63, 64, 65, 71, 81, 82, 83, 90, 91, 92, 93,
];

/// The check character of seventeen digits; `None` for anything else.
pub(crate) fn check_digit(first17: &str) -> Option<char> {
    if first17.len() != 17 || !first17.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let sum: u32 = first17.bytes().zip(WEIGHTS).map(|(b, w)| u32::from(b - b'0') * w).sum();
    Some(char::from(CHECKS[(sum % 11) as usize]))
}

/// The number as 18 characters if region, birth date and check character hold; 15 digits are extended
/// (century 19, check character computed).
pub(crate) fn canonical(text: &str) -> Option<String> {
    let long = match text.len() {
        18 => text.to_ascii_uppercase(),
        15 if text.bytes().all(|b| b.is_ascii_digit()) => {
            let first = format!("{}19{}", &text[..6], &text[6..]);
            let check = check_digit(&first)?;
            format!("{first}{check}")
        }
        _ => return None,
    };
    let first = long.get(..17)?;
    let region: u8 = first.get(..2)?.parse().ok()?;
    let checked = check_digit(first)? == long.chars().last()?;
    (checked && REGIONS.contains(&region) && birth_date(&long).is_some()).then_some(long)
}

/// Birth date in an 18-character number, as days since 1970-01-01; `None` where the calendar has no such day.
pub(crate) fn birth_date(long: &str) -> Option<i32> {
    let year: i32 = long.get(6..10)?.parse().ok()?;
    let month: u32 = long.get(10..12)?.parse().ok()?;
    let day: u32 = long.get(12..14)?.parse().ok()?;
    if !(1880..=2100).contains(&year) {
        return None;
    }
    calendar::days(year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    // All numbers here are made up; they belong to nobody known here.
    #[test]
    fn the_check_digit_region_and_birth_date_must_hold() {
        let valid = "610423197001011230";
        assert_eq!(canonical(valid).as_deref(), Some(valid));
        assert_eq!(birth_date(valid), Some(0));
        for digit in 0..18 {
            for other in b'0'..=b'9' {
                let mut bytes = valid.as_bytes().to_vec();
                if bytes[digit] == other {
                    continue;
                }
                bytes[digit] = other;
                let text = String::from_utf8_lossy(&bytes).into_owned();
                assert_eq!(canonical(&text), None, "{text}: a single wrong digit is always found");
            }
        }
        let day_32 = "61042319700132123";
        let full = format!("{day_32}{}", check_digit(day_32).unwrap_or('?'));
        assert_eq!(canonical(&full), None, "no 32nd of January");
        let region_00 = "00042319700101123";
        let full = format!("{region_00}{}", check_digit(region_00).unwrap_or('?'));
        assert_eq!(canonical(&full), None, "no region 00");
        assert_eq!(canonical("六一零四二三"), None);
    }

    #[test]
    fn fifteen_digits_and_a_small_x_become_one_form() {
        assert_eq!(canonical("610423700101123").as_deref(), Some("610423197001011230"));
        let first = "61042319700101124";
        let with_x = (0..1000)
            .map(|n| format!("{}{n:03}", &first[..14]))
            .find(|f| check_digit(f) == Some('X'))
            .unwrap_or_default();
        assert_eq!(canonical(&format!("{with_x}x")), Some(format!("{with_x}X")));
    }
}
