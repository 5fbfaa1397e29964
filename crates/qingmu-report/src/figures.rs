//! Numbers as people read them: thousands apart, nothing rounded that a page quotes as a fact, and an estimate with
//! no more digits than it can carry.

use qingmu_model::{Measured, Mu, Unit, Yuan};

/// Stands where nothing is known or estimated; never 0.
pub(crate) const NOTHING: &str = "—";

/// Digits before the point in groups of three.
pub(crate) fn grouped(number: &str) -> String {
    let (sign, digits) = number.strip_prefix('-').map_or(("", number), |rest| ("-", rest));
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(w, f)| (w, Some(f)));
    let mut text = sign.to_owned();
    for (n, digit) in whole.chars().enumerate() {
        if n > 0 && (whole.len() - n) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    if let Some(fraction) = fraction {
        text.push('.');
        text.push_str(fraction);
    }
    text
}

/// All digits that an exact number needs, no trailing zeros.
fn trimmed(number: &str) -> &str {
    if number.contains('.') { number.trim_end_matches('0').trim_end_matches('.') } else { number }
}

pub(crate) fn count(n: u64) -> String {
    grouped(&n.to_string())
}

/// Area, every kept decimal that is not zero.
pub(crate) fn mu(value: Option<Mu>) -> String {
    value.map_or(NOTHING.to_owned(), |v| grouped(trimmed(&v.to_string())))
}

/// Money with its cents.
pub(crate) fn yuan(value: Option<Yuan>) -> String {
    value.map_or(NOTHING.to_owned(), |v| grouped(&v.to_string()))
}

/// An estimated area: one decimal. Every digit is in the files for machines.
pub(crate) fn about_mu(value: Option<Mu>) -> String {
    value.map_or(NOTHING.to_owned(), |v| about(v.raw(), Mu::SCALE, 1))
}

/// Estimated money: no decimals.
pub(crate) fn about_yuan(value: Option<Yuan>) -> String {
    value.map_or(NOTHING.to_owned(), |v| about(v.raw(), Yuan::SCALE, 0))
}

/// `raw / 10^scale` to so many decimals, half away from zero; what is not nothing is not shown as 0.
fn about(raw: i64, scale: u32, decimals: u32) -> String {
    let step = 10_i128.pow(scale - decimals);
    let size = (i128::from(raw.unsigned_abs()) + step / 2) / step;
    let one = 10_i128.pow(decimals);
    let shown = |size: i128| {
        let whole = grouped(&(size / one).to_string());
        if decimals == 0 { whole } else { format!("{whole}.{}", size % one) }
    };
    match (raw, size) {
        (0, _) => shown(0),
        (_, 0) => format!("<{}", shown(1)),
        (1.., _) => shown(size),
        _ => format!("-{}", shown(size)),
    }
}

/// A number of a hit: money to the cent, all else to four decimals.
pub(crate) fn measured(number: &Measured) -> String {
    let Some(value) = number.value.filter(|v| v.is_finite()) else { return NOTHING.to_owned() };
    // Adding 0 makes a negative zero a plain one.
    let text = if number.unit == Unit::YUAN {
        format!("{:.2}", value + 0.0)
    } else {
        trimmed(&format!("{:.4}", value + 0.0)).to_owned()
    };
    let zero = text.trim_start_matches('-').chars().all(|c| c == '0' || c == '.');
    let text = if zero { text.trim_start_matches('-') } else { &text };
    // A pure number below 10,000 may be a year.
    let short = number.unit == Unit::ONE && value.abs() < 10_000.0;
    if short { text.to_owned() } else { grouped(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_apart_and_facts_whole() {
        for (raw, text) in
            [(0, "0"), (1, "0.0001"), (12_345_678_900, "1,234,567.89"), (-10_000_000, "-1,000")]
        {
            assert_eq!(mu(Some(Mu::from_raw(raw))), text);
        }
        assert_eq!(yuan(Some(Yuan::from_raw(2_500_495_782_800))), "25,004,957,828.00");
        assert_eq!((mu(None), yuan(None)), (NOTHING.to_owned(), NOTHING.to_owned()));
        assert_eq!((count(999), count(1_000)), ("999".to_owned(), "1,000".to_owned()));
    }

    #[test]
    fn estimates_have_few_digits_and_small_is_not_nothing() {
        for (raw, text) in [
            (19_399_753, "1,940.0"),
            (500, "0.1"),
            (499, "<0.1"),
            (0, "0.0"),
            (-12_345_678, "-1,234.6"),
        ] {
            assert_eq!(about_mu(Some(Mu::from_raw(raw))), text);
        }
        for (raw, text) in [(6_793_793, "67,938"), (50, "1"), (49, "<1"), (0, "0"), (-150, "-2")] {
            assert_eq!(about_yuan(Some(Yuan::from_raw(raw))), text);
        }
        assert_eq!((about_mu(None), about_yuan(None)), (NOTHING.to_owned(), NOTHING.to_owned()));
    }

    #[test]
    fn a_number_that_is_none_is_a_dash() {
        let number = |value, unit| measured(&Measured { name: "x".to_owned(), value, unit });
        assert_eq!(number(None, Unit::MU), NOTHING);
        assert_eq!(number(Some(f64::NAN), Unit::ONE), NOTHING);
        assert_eq!(number(Some(-0.000_01), Unit::ONE), "0");
        assert_eq!(number(Some(-0.001), Unit::YUAN), "0.00");
        assert_eq!(number(Some(1234.5), Unit::YUAN), "1,234.50");
        assert_eq!(number(Some(0.123_456), Unit::ONE), "0.1235");
        assert_eq!(number(Some(2022.0), Unit::ONE), "2022");
        assert_eq!(number(Some(20_220.0), Unit::ONE), "20,220");
    }
}
