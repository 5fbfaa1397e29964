//! What an identity says of itself: GB 11643 citizen numbers and GB 32100 credit codes.
//!
//! Pseudonyms say nothing: what is neither form is unknown, not wrong.

/// What a claimant's id is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A citizen's number of 18 characters, well formed or not, with the year, month and day of birth it holds.
    Citizen { valid: bool, born: Option<(i32, u8, u8)> },
    /// A credit code of 18 characters, well formed or not.
    Organisation { valid: bool },
    /// Anything else: a pseudonym, a number of 15 digits, a passport.
    Unknown,
}

/// Weights of GB 11643-1999 (ISO 7064, MOD 11-2).
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS: &[u8; 11] = b"10X98765432";

/// Alphabet of GB 32100-2015 (no I, O, S, V, Z).
const CREDIT: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/// Reads an id as written.
pub(crate) fn kind(id: &str) -> Kind {
    let id = id.trim().to_ascii_uppercase();
    let bytes = id.as_bytes();
    let digits = bytes.iter().filter(|b| b.is_ascii_digit()).count();
    if bytes.len() == 18 && digits >= 17 && bytes[..17].iter().all(u8::is_ascii_digit) {
        let born = birth(&id);
        return Kind::Citizen { valid: born.is_some() && citizen_check(bytes), born };
    }
    let is_credit = bytes.len() == 18 && id.chars().all(|c| CREDIT.contains(c));
    if is_credit && matches!(bytes[0], b'1' | b'5' | b'9' | b'N' | b'Y') && digits < 18 {
        return Kind::Organisation { valid: credit_check(&id) };
    }
    // Digits alone, near the length of a citizen's number: some were lost or added.
    if matches!(bytes.len(), 16 | 17 | 19) && digits == bytes.len() {
        return Kind::Citizen { valid: false, born: None };
    }
    Kind::Unknown
}

fn citizen_check(bytes: &[u8]) -> bool {
    let sum: u32 = bytes.iter().zip(WEIGHTS).map(|(b, w)| u32::from(b - b'0') * w).sum();
    CHECKS.get((sum % 11) as usize) == bytes.get(17)
}

fn birth(id: &str) -> Option<(i32, u8, u8)> {
    let year: i32 = id.get(6..10)?.parse().ok()?;
    let month: u8 = id.get(10..12)?.parse().ok()?;
    let day: u8 = id.get(12..14)?.parse().ok()?;
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let longest = match month {
        2 => 28 + u8::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    let good =
        (1850..=2100).contains(&year) && (1..=12).contains(&month) && (1..=longest).contains(&day);
    good.then_some((year, month, day))
}

/// Check character of GB 32100: weights 3^i mod 31.
fn credit_check(id: &str) -> bool {
    let mut weight = 1;
    let mut sum = 0;
    let values: Vec<usize> = id.chars().filter_map(|c| CREDIT.find(c)).collect();
    for value in values.iter().take(17) {
        sum += value * weight;
        weight = weight * 3 % 31;
    }
    values.get(17) == Some(&((31 - sum % 31) % 31))
}

/// A name as compared: without spaces, width and the marks between parts of a name.
pub(crate) fn folded(name: &str) -> String {
    let half = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        c => c,
    };
    let is_mark = |c: &char| c.is_whitespace() || "·•・‧.．。-".contains(*c);
    name.chars().filter(|c| !is_mark(c)).map(half).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_say_what_they_are() {
        // A made-up number; its check digit follows from GB 11643.
        let born = Some((1970, 1, 1));
        assert_eq!(kind("610423197001011230"), Kind::Citizen { valid: true, born });
        assert_eq!(kind(" 610423197001011231 "), Kind::Citizen { valid: false, born });
        assert_eq!(
            kind("610423197013011230"),
            Kind::Citizen { valid: false, born: None },
            "no 13th month"
        );
        assert_eq!(kind("61042319700101123"), Kind::Citizen { valid: false, born: None });
        // The worked example of GB 32100-2015.
        assert_eq!(kind("91350100M000100Y43"), Kind::Organisation { valid: true });
        assert_eq!(kind("91350100M000100Y44"), Kind::Organisation { valid: false });
        for other in ["2d27bdd05d80", "610423700101123", "p1", ""] {
            assert_eq!(kind(other), Kind::Unknown, "{other}");
        }
    }

    #[test]
    fn names_are_compared_without_width_and_marks() {
        assert_eq!(folded("阿卜杜拉·买买提 "), folded("阿卜杜拉买买提"));
        assert_eq!(folded("Ａnna Li"), folded("ANNA LI"));
    }
}
