//! Exact areas and sums of money, and the ways of writing them.

/// Area in 0.0001 mu.
pub type Area = i64;
/// Money in fen (0.01 yuan).
pub type Fen = i64;

/// `12.5000`: as canonical rows print an area.
#[must_use]
pub(crate) fn mu(area: Area) -> String {
    fixed(area, 4)
}

/// `250.00`: as canonical rows print money.
#[must_use]
pub(crate) fn yuan(fen: Fen) -> String {
    fixed(fen, 2)
}

/// A whole number of 10^-scale with all its decimals.
#[must_use]
pub(crate) fn fixed(raw: i64, scale: u32) -> String {
    let one = 10_u64.pow(scale);
    let sign = if raw < 0 { "-" } else { "" };
    let digits = raw.unsigned_abs();
    let width = scale as usize;
    if scale == 0 {
        return format!("{sign}{digits}");
    }
    format!("{sign}{}.{:0width$}", digits / one, digits % one)
}

/// A whole number of 10^-scale as people write it: no zeros behind.
#[must_use]
pub fn plain(raw: i64, scale: u32) -> String {
    let text = fixed(raw, scale);
    if scale == 0 {
        return text;
    }
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The double nearest to a whole number of 10^-scale, as a spreadsheet keeps it.
#[must_use]
pub(crate) fn double(raw: i64, scale: u32) -> f64 {
    plain(raw, scale).parse().unwrap_or(f64::NAN)
}

/// `1,234,567.5`.
#[must_use]
pub(crate) fn grouped(raw: i64, scale: u32) -> String {
    let text = plain(raw, scale);
    let (whole, rest) = text.split_once('.').map_or((text.as_str(), ""), |(w, r)| (w, r));
    let mut out = String::new();
    for (n, digit) in whole.chars().enumerate() {
        if n > 0 && (whole.len() - n).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if rest.is_empty() { out } else { format!("{out}.{rest}") }
}

/// Full-width digits and point.
#[must_use]
pub(crate) fn wide(text: &str) -> String {
    let widen = |c: char| match c {
        '!'..='~' => char::from_u32(u32::from(c) + 0xfee0).unwrap_or(c),
        c => c,
    };
    text.chars().map(widen).collect()
}

/// A sequence of numbers that looks like chance and never changes (SplitMix64, Steele, Lea, Flood 2014).
#[derive(Debug, Clone)]
pub struct Chance(u64);

impl Chance {
    /// With a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `most`.
    pub fn below(&mut self, most: u64) -> u64 {
        self.draw() % most.max(1)
    }

    /// A whole number from `least` to `most`.
    pub fn within(&mut self, least: i64, most: i64) -> i64 {
        let span = u64::try_from(most - least + 1).unwrap_or(1);
        least + i64::try_from(self.below(span)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_exactly() {
        assert_eq!((mu(125_000), yuan(-5)), ("12.5000".to_owned(), "-0.05".to_owned()));
        assert_eq!(
            (plain(125_000, 4), plain(120_000, 4), plain(7, 0)),
            ("12.5".into(), "12".into(), "7".into())
        );
        assert_eq!(grouped(123_456_750, 2), "1,234,567.5");
        assert_eq!(wide("12.5"), "１２．５");
        assert_eq!(double(30_000, 5).to_string(), "0.3");
        let mut chance = Chance::new(1);
        assert!((0..1000).all(|_| (3..=5).contains(&chance.within(3, 5))));
    }
}
