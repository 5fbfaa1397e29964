//! Reading a bank account: cards are checked, passbooks only for length.

use super::person::{masked, scientific, tidy};
use qingmu_model::RejectCode;
use qingmu_sheets::Value;

/// Reads an account: digits only, half width.
///
/// # Errors
/// The class of damage; `MissingValue` for an empty cell.
pub fn read_account(value: &Value) -> Result<String, RejectCode> {
    let text = match value {
        Value::Text(text) => tidy(text).replace('-', ""),
        Value::Number(_) | Value::Serial(_) | Value::Flag(_) | Value::Error(_) => {
            return Err(RejectCode::AccountDamaged);
        }
    };
    if text.is_empty() {
        return Err(RejectCode::MissingValue);
    }
    if scientific(&text) || text.ends_with(".0") {
        return Err(RejectCode::AccountDamaged);
    }
    if masked(&text) {
        return Err(RejectCode::AccountMasked);
    }
    if !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(RejectCode::AccountCheck);
    }
    let zeros = text.len() - text.trim_end_matches('0').len();
    // A double keeps 15 digits: whatever stands behind them is zero.
    let rounded = text.len() > 15 && zeros >= text.len() - 15;
    let card = text.starts_with("62");
    match text.len() {
        16..=19 if card && luhn(&text) && !(rounded && zeros >= 3) => Ok(text),
        16..=32 if rounded && (card || zeros >= 3) => Err(RejectCode::AccountDamaged),
        16..=19 if card => Err(RejectCode::AccountCheck),
        8..=32 if !card => Ok(text),
        _ => Err(RejectCode::AccountLength),
    }
}

/// ISO/IEC 7812-1, annex B.
fn luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .zip([1, 2].into_iter().cycle())
        .map(|(b, factor)| {
            let n = u32::from(b - b'0') * factor;
            n / 10 + n % 10
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(t: &str) -> Result<String, RejectCode> {
        read_account(&Value::Text(t.to_owned()))
    }

    // Invented accounts; the card is made to fit its check digit.
    #[test]
    fn cards_and_passbooks_pass() {
        for written in ["6217 0000 0000 0001 234", "６２１７０００００００００００１２３４"]
        {
            assert_eq!(text(written), Ok("6217000000000001234".to_owned()), "{written}");
        }
        assert_eq!(text("2701020101109000123456"), Ok("2701020101109000123456".to_owned()));
    }

    #[test]
    fn damage_is_named() {
        for (written, code) in [
            ("6217000000000001238", RejectCode::AccountCheck),
            ("621700000000000", RejectCode::AccountLength),
            ("621700000000000123", RejectCode::AccountCheck),
            ("1234567", RejectCode::AccountLength),
            ("6217123456789010000", RejectCode::AccountDamaged),
            ("2701020101109010000000", RejectCode::AccountDamaged),
            ("6.217E+18", RejectCode::AccountDamaged),
            ("6217000000000001234.0", RejectCode::AccountDamaged),
            ("6217****1239", RejectCode::AccountMasked),
            ("见存折", RejectCode::AccountCheck),
            ("", RejectCode::MissingValue),
        ] {
            assert_eq!(text(written), Err(code), "{written}");
        }
        assert_eq!(read_account(&Value::Number(6.2e18)), Err(RejectCode::AccountDamaged));
    }
}
