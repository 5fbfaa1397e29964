//! Invented people: ids, accounts, names.

use crate::numbers::Chance;

/// Weights of the first seventeen digits (GB 11643-1999).
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/// Characters of credit codes by value (GB 32100-2015).
const CREDIT: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
const FAMILIES: [char; 12] =
    ['赵', '钱', '孙', '李', '周', '吴', '郑', '王', '冯', '陈', '褚', '卫'];
const GIVEN: [char; 10] = ['甲', '乙', '丙', '丁', '戊', '己', '庚', '辛', '壬', '癸'];

/// The id of person `n` with its check character: 610499, a birth date, a serial number that ends neither in 00 nor
/// makes the whole a multiple of 128.
#[must_use]
pub fn id18(n: u32) -> String {
    let mut chance = Chance::new(u64::from(n) ^ 0x51d5);
    loop {
        let (year, month, day) =
            (chance.within(1940, 1989), chance.within(1, 12), chance.within(1, 28));
        // Two persons share neither: the serial number and the day carry n.
        let serial = n % 1000;
        let first = format!("610499{year:04}{month:02}{day:02}{serial:03}");
        let id = format!("{first}{}", check(&first));
        if !id.ends_with("00") && id.parse::<u64>().map_or(true, |n| n % 128 != 0) {
            return id;
        }
    }
}

/// The same person's id of 15 digits, as issued before 1999.
#[must_use]
pub fn id15(n: u32) -> String {
    let long = id18(n);
    format!("{}{}", &long[..6], &long[8..17])
}

/// The check character of seventeen digits.
#[must_use]
pub fn check(first: &str) -> char {
    let sum: u32 = first.bytes().zip(WEIGHTS).map(|(b, w)| u32::from(b - b'0') * w).sum();
    char::from(b"10X98765432"[(sum % 11) as usize])
}

/// A credit code of an invented co-operative.
#[must_use]
pub fn credit_code(n: u32) -> String {
    let own = format!("MA{n:06}");
    // The organisation's own code has a check character too (GB 11714-1997).
    let sum: u32 = own
        .chars()
        .zip([3, 7, 9, 10, 5, 8, 4, 2])
        .map(|(c, w)| c.to_digit(36).unwrap_or_default() * w)
        .sum();
    let last = ['0', 'X', '9', '8', '7', '6', '5', '4', '3', '2', '1'][(sum % 11) as usize];
    let first = format!("93610499{own}{last}");
    format!("{first}{}", credit_check(&first))
}

/// The check character of seventeen characters (GB 32100-2015).
fn credit_check(first: &str) -> char {
    let (mut weight, mut sum) = (1, 0);
    for byte in first.bytes() {
        sum += CREDIT.iter().position(|c| *c == byte).unwrap_or_default() * weight;
        weight = weight * 3 % 31;
    }
    char::from(CREDIT[(31 - sum % 31) % 31])
}

/// A card number of 19 digits with its check digit (ISO/IEC 7812-1).
#[must_use]
pub fn account(n: u32) -> String {
    // The last of the eighteen is no zero: 19 digits that end in zeros look like a rounded double.
    let first = format!("629999{:011}7", u64::from(n) * 7 + 1);
    let sum: u32 = first
        .bytes()
        .rev()
        .zip([2, 1].into_iter().cycle())
        .map(|(b, factor)| {
            let n = u32::from(b - b'0') * factor;
            n / 10 + n % 10
        })
        .sum();
    format!("{first}{}", (10 - sum % 10) % 10)
}

/// A name.
#[must_use]
pub fn name(n: u32) -> String {
    let n = n as usize;
    let tail = n / (FAMILIES.len() * GIVEN.len());
    [
        FAMILIES[n % FAMILIES.len()],
        GIVEN[n / FAMILIES.len() % GIVEN.len()],
        GIVEN[tail % GIVEN.len()],
    ]
    .iter()
    .collect()
}

/// What a spreadsheet makes of 18 digits: a double.
#[must_use]
pub(crate) fn as_double(id: &str) -> f64 {
    id.replace('X', "0").parse().unwrap_or(f64::NAN)
}

/// The double printed in full, as some exports do: no longer the same digits.
#[must_use]
pub(crate) fn printed_double(id: &str) -> String {
    format!("{:.0}", as_double(id))
}

/// `6.10499E+17`.
#[must_use]
pub(crate) fn scientific(id: &str) -> String {
    format!("{}.{}E+{}", &id[..1], &id[1..6], id.len() - 1)
}

/// The first fifteen digits and zeros, as a spreadsheet shows a long number.
#[must_use]
pub(crate) fn rounded(id: &str) -> String {
    format!("{}000", &id[..15])
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn numbers_hold_and_differ() {
        assert_eq!(check("61042319700101123"), '0');
        let ids: BTreeSet<String> = (0..5000).map(id18).collect();
        assert_eq!(ids.len(), 5000);
        assert_eq!(id15(3).len(), 15);
        let accounts: BTreeSet<String> = (0..5000).map(account).collect();
        assert_eq!(accounts.len(), 5000);
        // 91350100M000100Y43 is the example of GB 32100-2015.
        assert_eq!(credit_check("91350100M000100Y4"), '3');
        assert_eq!(credit_code(100).len(), 18);
        assert_eq!(scientific("610499197001011230"), "6.10499E+17");
    }
}
