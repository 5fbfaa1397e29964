//! Reading an id cell: damage is a class of its own and found before anything can compare two persons.

use super::{gb11643, gb32100};
use crate::text::half_width;
use qingmu_model::{ClaimantId, RejectCode};
use qingmu_sheets::Value;

/// Rules that ids are held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum IdRule {
    /// Citizens' numbers and credit codes of China.
    #[default]
    China,
    /// Any text: another country's ids, or pseudonyms; only a spreadsheet's damage is refused.
    Free,
}

/// An id that passed every check, in its one canonical form.
#[derive(Clone, PartialEq, Eq)]
pub struct Identity {
    canonical: String,
    /// Days since 1970-01-01; citizens only.
    pub birth_date: Option<i32>,
    /// Whether it came as 15 digits.
    pub extended: bool,
}

impl Identity {
    /// The clear id as a claimant's, where no key was given; masked in print.
    #[must_use]
    pub fn unkeyed(&self) -> ClaimantId {
        ClaimantId::new(&*self.canonical)
    }

    /// The clear text, for the pseudonym only.
    pub(crate) fn clear(&self) -> &str {
        &self.canonical
    }
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Identity({})", qingmu_model::mask_id(&self.canonical))
    }
}

/// A column of ids: what the whole column shows of damage decides about the doubtful ones in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct IdColumn {
    rule: IdRule,
    printed_doubles: bool,
}

impl IdColumn {
    /// Looks through the column first. Doubles of 18 digits, printed in full, are multiples of 128 and one in
    /// eleven has a right check digit by chance: where three or more wrong ones show it, all such are refused.
    pub fn look<'a>(values: impl Iterator<Item = &'a Value>, rule: IdRule) -> Self {
        let (mut wrong, mut doubles) = (0_u64, 0_u64);
        for value in values {
            if let Value::Text(text) = value
                && let text = tidy(text)
                && text.len() == 18
                && text.bytes().all(|b| b.is_ascii_digit())
                && gb11643::canonical(&text).is_none()
            {
                wrong += 1;
                doubles += u64::from(is_double(&text));
            }
        }
        Self { rule, printed_doubles: doubles >= 3 && doubles * 2 > wrong }
    }

    /// Reads one id.
    ///
    /// # Errors
    /// The class of damage.
    pub fn read(self, value: &Value) -> Result<Identity, RejectCode> {
        let identity = read_id(value, self.rule)?;
        let doubtful = self.printed_doubles && self.rule == IdRule::China;
        if doubtful && !identity.extended && is_double(&identity.canonical) {
            return Err(RejectCode::IdRounded);
        }
        Ok(identity)
    }
}

/// Reads an id on its own.
///
/// # Errors
/// The class of damage. A number is damage even where it prints well: a double holds 15 digits.
pub fn read_id(value: &Value, rule: IdRule) -> Result<Identity, RejectCode> {
    let text = match value {
        Value::Text(text) => tidy(text),
        Value::Number(n) | Value::Serial(n) if n.abs() >= 1e15 => {
            return Err(RejectCode::IdRounded);
        }
        Value::Number(_) | Value::Serial(_) => return Err(RejectCode::IdNumber),
        Value::Flag(_) | Value::Error(_) => return Err(RejectCode::IdCheck),
    };
    if text.is_empty() {
        return Err(RejectCode::MissingValue);
    }
    if scientific(&text) {
        return Err(RejectCode::IdScientific);
    }
    match rule {
        IdRule::Free => Ok(Identity { canonical: text, birth_date: None, extended: false }),
        IdRule::China => china(&text),
    }
}

fn china(text: &str) -> Result<Identity, RejectCode> {
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    if masked(text) {
        return Err(RejectCode::IdMasked);
    }
    if let Some(whole) = text.strip_suffix(".0")
        && whole.bytes().all(|b| b.is_ascii_digit())
    {
        return Err(RejectCode::IdRounded);
    }
    // One honest id in 1,100 ends in 000; of those rounded to 15 digits one in 11 has a right check
    // digit by chance. The row waits for a file exported as text rather than joining strangers.
    if digits && text.len() >= 16 && text.ends_with("000") {
        return Err(RejectCode::IdRounded);
    }
    if let Some(canonical) = gb11643::canonical(text) {
        let birth_date = gb11643::birth_date(&canonical);
        return Ok(Identity { canonical, birth_date, extended: text.len() == 15 });
    }
    if let Some(canonical) = gb32100::canonical(text) {
        return Ok(Identity { canonical, birth_date: None, extended: false });
    }
    if digits && text.len() == 18 && (is_double(text) || text.ends_with("00")) {
        return Err(RejectCode::IdRounded);
    }
    if text.chars().count() != 18 && text.chars().all(|c| c.is_ascii_alphanumeric()) {
        return Err(RejectCode::IdLength);
    }
    Err(RejectCode::IdCheck)
}

/// Half width, no blanks, no leading apostrophe, upper case.
pub(crate) fn tidy(text: &str) -> String {
    let text = half_width(text);
    let text = text.trim().trim_start_matches(['\'', '`']);
    text.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_uppercase()
}

/// `6.10423E+11` and the like.
#[must_use]
pub fn scientific(text: &str) -> bool {
    let number = text.split_once(['E', 'e']).is_some_and(|(mantissa, exponent)| {
        !mantissa.is_empty()
            && mantissa.bytes().all(|b| b.is_ascii_digit() || b == b'.')
            && exponent.strip_prefix(['+', '-']).is_some_and(|e| !e.is_empty())
    });
    number && text.parse::<f64>().is_ok()
}

/// Stars, crosses or dots in place of digits.
pub(crate) fn masked(text: &str) -> bool {
    let marks = |c: char| matches!(c, '*' | '＊' | '×' | '●' | '•' | '…' | '#' | '?');
    text.chars().any(marks) || text.to_ascii_uppercase().contains("XX")
}

/// Whether a number of 18 digits is one that a double can hold: one in 128 by chance.
fn is_double(text: &str) -> bool {
    text.parse::<u64>().is_ok_and(|n| n.is_multiple_of(128))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(t: &str) -> Result<String, RejectCode> {
        read_id(&Value::Text(t.to_owned()), IdRule::China).map(|i| i.clear().to_owned())
    }

    // Made-up numbers; they belong to nobody known here.
    #[test]
    fn one_form_for_every_way_of_writing() {
        for written in [
            "610423197001011230",
            " ６１０４２３１９７００１０１１２３０ ",
            "'610423197001011230",
            "610423 19700101 1230",
            "610423\u{a0}197001011230",
            "610423700101123",
        ] {
            assert_eq!(text(written), Ok("610423197001011230".to_owned()), "{written}");
        }
    }

    #[test]
    fn every_damage_is_a_class_of_its_own() {
        for (written, code) in [
            ("610423197001011000", RejectCode::IdRounded),
            ("610423197001011200", RejectCode::IdRounded),
            ("610423197001011000.0", RejectCode::IdRounded),
            ("6.10423E+17", RejectCode::IdScientific),
            ("6.10423197001011E+17", RejectCode::IdScientific),
            ("61042319700101123", RejectCode::IdLength),
            ("6104231970010112300", RejectCode::IdLength),
            ("610423", RejectCode::IdLength),
            ("610423********1230", RejectCode::IdMasked),
            ("610423XXXXXXXX1230", RejectCode::IdMasked),
            ("610423197001011231", RejectCode::IdCheck),
            ("甲乙丙", RejectCode::IdCheck),
            ("  ", RejectCode::MissingValue),
        ] {
            assert_eq!(text(written), Err(code), "{written}");
        }
        let number = |n| read_id(&Value::Number(n), IdRule::China).map(|_| ());
        assert_eq!(number(610_423_197_001_011_230.0), Err(RejectCode::IdRounded));
        assert_eq!(number(610_423_700_101_123.0), Err(RejectCode::IdNumber));
        assert_eq!(read_id(&Value::Error("#N/A".into()), IdRule::China), Err(RejectCode::IdCheck));
    }

    #[test]
    fn no_rounded_id_passes_not_even_with_a_right_check_digit() {
        let mut right_by_chance = 0;
        for serial in 0..10_000_u32 {
            let id = format!("610423{}{serial:04}", 19_700_101 + serial % 28);
            let first15 = &id[..15];
            let rounded = format!("{first15}000");
            right_by_chance += u32::from(gb11643::canonical(&rounded).is_some());
            assert_eq!(text(&rounded), Err(RejectCode::IdRounded));
        }
        assert!(
            right_by_chance > 500,
            "{right_by_chance}: the check digit alone would let these in"
        );
    }

    #[test]
    fn a_column_printed_from_doubles_is_refused_as_a_whole() {
        let through = |n: u64| {
            #[allow(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "below 2^63"
            )]
            let back = n as f64 as u64;
            Value::Text(back.to_string())
        };
        let damaged: Vec<Value> =
            (0..500).map(|n| through(610_423_197_001_010_017 + n * 997)).collect();
        let alone = damaged.iter().filter(|v| read_id(v, IdRule::China).is_ok()).count();
        assert!(alone > 10, "{alone}: by chance");
        let column = IdColumn::look(damaged.iter(), IdRule::China);
        assert_eq!(damaged.iter().filter(|v| column.read(v).is_ok()).count(), 0);
        let good = Value::Text("610423197001011230".into());
        assert_eq!(column.read(&good).map(|i| i.extended), Ok(false));
        let honest = IdColumn::look([&good].into_iter(), IdRule::China);
        assert_eq!(honest, IdColumn::default());
    }

    #[test]
    fn free_ids_refuse_only_a_spreadsheets_damage() {
        let free = |t: &str| read_id(&Value::Text(t.into()), IdRule::Free).map(|i| i.canonical);
        assert_eq!(free("AL-0042"), Ok("AL-0042".to_owned()));
        assert_eq!(free("1E5"), Ok("1E5".to_owned()), "no sign: may be a code");
        assert_eq!(free("1.5E+12"), Err(RejectCode::IdScientific));
    }

    #[test]
    fn debug_is_masked() {
        let id = read_id(&Value::Text("610423197001011230".into()), IdRule::China);
        assert_eq!(format!("{id:?}"), "Ok(Identity(6104**********1230))");
    }
}
