//! Unified social credit codes of co-operatives, firms and village collectives: GB 32100-2015.

/// Characters by value; I, O, S, V and Z are not used.
const CHARACTERS: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// The code in upper case if its check character holds.
pub(crate) fn canonical(text: &str) -> Option<String> {
    let code = text.to_ascii_uppercase();
    if code.len() != 18 {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_character_must_hold() {
        // Invented: the codes differ in their last character only; exactly one of 31 holds.
        let valid: Vec<String> = CHARACTERS
            .iter()
            .filter_map(|c| canonical(&format!("93610423MA6X00000{}", char::from(*c))))
            .collect();
        assert_eq!(valid.len(), 1);
        let good = &valid[0];
        assert_eq!(canonical(&good.to_ascii_lowercase()).as_ref(), Some(good));
        let swapped = good.replace("MA6X", "MA6Y");
        assert_eq!(canonical(&swapped), None);
        assert_eq!(canonical("93610423MA6X0000"), None);
        assert_eq!(canonical("93610423MA6O000000"), None, "O is no character of the code");
    }

    #[test]
    fn worked_by_hand() {
        // 91 followed by sixteen zeros: 9·1 + 1·3 = 12, check value 31 − 12 = 19 = `K`.
        assert_eq!(canonical("91000000000000000K").as_deref(), Some("91000000000000000K"));
    }
}
