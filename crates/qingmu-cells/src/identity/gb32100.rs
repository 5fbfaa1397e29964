//! Unified social credit codes of co-operatives, firms and village collectives: GB 32100-2015.

use super::gb11643::birth_date;

/// Characters by value; I, O, S, V and Z are not used.
const CHARACTERS: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// Registration authorities (GB 32100-2015, table 1).
const AUTHORITIES: &[u8; 12] = b"123456789ANY";
/// First two digits of the provinces that register bodies (GB/T 2260; 10 is the national register).
const PROVINCES: [u8; 35] = [
    10, 11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51,
    52, 53, 54, 61, 62, 63, 64, 65, 71, 81, 82,
];
/// First two digits of citizens' numbers.
const CITIZENS: std::ops::RangeInclusive<u8> = 11..=65;

/// The code in upper case if its structure and both check characters hold. Never what may be a citizen's number: one
/// of 31 mistyped numbers has a right check character by chance.
pub(crate) fn canonical(text: &str) -> Option<String> {
    let code = text.to_ascii_uppercase();
    if code.len() != 18 || citizen(&code) {
        return None;
    }
    let region = code.get(2..8).filter(|r| r.bytes().all(|b| b.is_ascii_digit()))?;
    let province: u8 = region[..2].parse().ok()?;
    let registered = code.bytes().next().is_some_and(|b| AUTHORITIES.contains(&b));
    if !registered || !PROVINCES.contains(&province) || !organisation(code.get(8..17)?) {
        return None;
    }
    let values: Option<Vec<usize>> =
        code.bytes().map(|b| CHARACTERS.iter().position(|c| *c == b)).collect();
    let values = values?;
    let (check, first) = values.split_last()?;
    // Weights are powers of three modulo 31 (GB 32100, annex A).
    let mut weight = 1;
    let mut sum = 0;
    for value in first {
        sum += value * weight;
        weight = weight * 3 % 31;
    }
    ((31 - sum % 31) % 31 == *check).then_some(code)
}

/// Whether seventeen digits and a digit or X begin like a citizen's number or hold a birth date where these do.
fn citizen(code: &str) -> bool {
    let Some((first, last)) = code.split_at_checked(17) else { return false };
    let digits = first.bytes().all(|b| b.is_ascii_digit());
    let form = digits && last.bytes().all(|b| b.is_ascii_digit() || b == b'X');
    let region = first.get(..2).and_then(|r| r.parse().ok());
    form && (region.is_some_and(|r: u8| CITIZENS.contains(&r)) || birth_date(code).is_some())
}

/// Whether the check character of an organisation's nine characters holds (GB 11714-1997: letters count from 10,
/// remainder 10 is X).
fn organisation(code: &str) -> bool {
    let Some((own, check)) = code.split_at_checked(8) else { return false };
    let values: Option<Vec<u32>> = own.chars().map(|c| c.to_digit(36)).collect();
    let Some(values) = values else { return false };
    let sum: u32 = values.iter().zip([3, 7, 9, 10, 5, 8, 4, 2]).map(|(v, w)| v * w).sum();
    let expected = match (11 - sum % 11) % 11 {
        10 => "X".to_owned(),
        n => n.to_string(),
    };
    check == expected
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Seventeen characters with the check character that holds, whatever their structure.
    fn checked(first: &str) -> String {
        let (mut weight, mut sum) = (1, 0);
        for byte in first.bytes() {
            sum += CHARACTERS.iter().position(|c| *c == byte).unwrap_or_default() * weight;
            weight = weight * 3 % 31;
        }
        format!("{first}{}", char::from(CHARACTERS[(31 - sum % 31) % 31]))
    }

    #[test]
    fn the_check_character_must_hold() {
        // The example of the standard; the codes differ in their last character only: one of 31 holds.
        let valid: Vec<String> = CHARACTERS
            .iter()
            .filter_map(|c| canonical(&format!("91350100M000100Y4{}", char::from(*c))))
            .collect();
        assert_eq!(valid, ["91350100M000100Y43"]);
        let good = &valid[0];
        assert_eq!(canonical(&good.to_ascii_lowercase()).as_ref(), Some(good));
        assert_eq!(canonical(&good.replace("M000", "M001")), None);
        assert_eq!(canonical("91350100M000100Y"), None);
        assert_eq!(canonical("91350100MO00100Y43"), None, "O is no character of the code");
        assert_eq!(canonical("九1350100M000100Y"), None, "eighteen bytes, no code");
    }

    #[test]
    fn the_structure_must_hold_beside_the_check_character() {
        let good = checked("91350100M000100Y4");
        assert_eq!(canonical(&good), Some(good));
        for (first, why) in [
            ("B1350100M000100Y4", "no authority B"),
            ("01350100M000100Y4", "no authority 0"),
            ("91990100M000100Y4", "no province 99"),
            ("9135A100M000100Y4", "a region is digits"),
            ("91350100M000100Y5", "the organisation's own check character"),
        ] {
            let code = checked(first);
            assert_eq!(canonical(&code), None, "{code}: {why}");
        }
    }

    #[test]
    fn no_mistyped_id_becomes_a_credit_code() {
        for code in ["610499196609068471", "000499196007048555"] {
            assert_eq!(checked(&code[..17]), code, "its check character holds by chance");
            assert_eq!(canonical(code), None);
        }
        // Invented: every single wrong digit of 300 ids.
        for serial in 0..300 {
            let first = format!(
                "61049919{:02}0{}1{}{serial:03}",
                40 + serial % 50,
                1 + serial % 9,
                serial % 9
            );
            let check = super::super::gb11643::check_digit(&first).unwrap_or('?');
            let id = format!("{first}{check}");
            for place in 0..18 {
                for other in b'0'..=b'9' {
                    let mut bytes = id.clone().into_bytes();
                    bytes[place] = other;
                    let typed = String::from_utf8_lossy(&bytes).into_owned();
                    assert_eq!(canonical(&typed), None, "{typed}");
                }
            }
        }
    }
}
