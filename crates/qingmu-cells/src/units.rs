//! Units of area and money: stated in a header, a line above the table, or the mapping; never assumed.

use crate::text::half_width;
use qingmu_model::{Decimal, Mu, Yuan};

/// A unit that a column may be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SourceUnit {
    /// 亩, 1/15 hectare.
    Mu,
    /// 万亩, 10,000 mu.
    WanMu,
    /// 分, 0.1 mu.
    Fen,
    /// 公顷, 15 mu.
    Hectare,
    /// 平方米, 15/10,000 mu.
    SquareMetre,
    /// 英亩, 4,046.8564224 m².
    Acre,
    /// 元.
    Yuan,
    /// 万元.
    WanYuan,
    /// 元/亩.
    YuanPerMu,
    /// 元/公顷.
    YuanPerHectare,
}

use SourceUnit as U;

/// Words of each unit, half width and lower case; the first is the one written into mappings.
const WORDS: [(SourceUnit, &[&str]); 10] = [
    (U::YuanPerMu, &["元/亩", "元每亩", "元·亩", "yuan/mu"]),
    (U::YuanPerHectare, &["元/公顷", "元每公顷"]),
    (U::WanMu, &["万亩"]),
    (U::WanYuan, &["万元", "人民币万元"]),
    (U::Mu, &["亩", "市亩", "mu"]),
    (U::Hectare, &["公顷", "hm2", "ha", "hectare", "hectares"]),
    (U::SquareMetre, &["平方米", "平米", "㎡", "m2", "m²"]),
    (U::Acre, &["英亩", "acre", "acres"]),
    (U::Fen, &["分"]),
    (U::Yuan, &["元", "人民币元", "圆", "yuan", "cny"]),
];

/// What a unit measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Area.
    Area,
    /// Money.
    Money,
    /// Money per area.
    Rate,
}

impl SourceUnit {
    /// A unit by its word, of any width and case; `None` for words that are no unit.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        let word = half_width(word).to_lowercase().replace(' ', "");
        let word = word.strip_prefix("单位:").unwrap_or(&word);
        WORDS.iter().find(|(_, words)| words.contains(&word)).map(|(unit, _)| *unit)
    }

    /// The word for mappings and messages.
    #[must_use]
    pub fn word(self) -> &'static str {
        WORDS.iter().find(|(unit, _)| *unit == self).map_or("", |(_, words)| words[0])
    }

    /// What it measures.
    #[must_use]
    pub fn measure(self) -> Measure {
        match self {
            U::Mu | U::WanMu | U::Fen | U::Hectare | U::SquareMetre | U::Acre => Measure::Area,
            U::Yuan | U::WanYuan => Measure::Money,
            U::YuanPerMu | U::YuanPerHectare => Measure::Rate,
        }
    }

    /// Mu, yuan or yuan per mu in one of it, as an exact fraction.
    fn ratio(self) -> (i128, i128) {
        match self {
            U::Mu | U::Yuan | U::YuanPerMu => (1, 1),
            U::WanMu | U::WanYuan => (10_000, 1),
            U::Fen => (1, 10),
            U::Hectare => (15, 1),
            U::SquareMetre => (15, 10_000),
            U::Acre => (60_702_846_336, 10_000_000_000),
            U::YuanPerHectare => (1, 15),
        }
    }

    /// Area in mu, rounded to 0.0001; tells whether rounding moved it. `None` out of range or for another measure.
    #[must_use]
    pub fn mu(self, value: Decimal) -> Option<(Mu, bool)> {
        let fixed = self.fixed(value, Measure::Area, Mu::SCALE)?;
        Some((Mu::from_raw(fixed.0), fixed.1))
    }

    /// Money in yuan (or yuan per mu), rounded to 0.01; tells whether rounding moved it.
    #[must_use]
    pub fn yuan(self, value: Decimal) -> Option<(Yuan, bool)> {
        let measure = if self.measure() == Measure::Rate { Measure::Rate } else { Measure::Money };
        let fixed = self.fixed(value, measure, Yuan::SCALE)?;
        Some((Yuan::from_raw(fixed.0), fixed.1))
    }

    fn fixed(self, value: Decimal, measure: Measure, scale: u32) -> Option<(i64, bool)> {
        let (num, den) = self.ratio();
        if self.measure() == measure { value.to_fixed(scale, num, den) } else { None }
    }
}

/// The units named in a text such as `单位：亩、元`; words that are no unit of area or money are passed over.
#[must_use]
pub fn units_in(text: &str) -> Vec<SourceUnit> {
    let text = half_width(text).replace(' ', "");
    if let Some(unit) = SourceUnit::parse(&text) {
        return vec![unit];
    }
    text.split([',', '、', ';', ':', '，', '；', '和', '(', ')', '[', ']', '|'])
        .flat_map(|part| match SourceUnit::parse(part) {
            Some(unit) => vec![unit],
            // `亩/元` lists two units; `元/亩` was taken as one above.
            None => part.split('/').filter_map(SourceUnit::parse).collect(),
        })
        .collect()
}

/// The unit at the end of a header without brackets: `面积/亩`, `补贴金额元`; with what stands before it.
#[must_use]
pub fn unit_behind(name: &str) -> Option<(&str, SourceUnit)> {
    WORDS.iter().flat_map(|(unit, words)| words.iter().map(move |w| (*w, *unit))).find_map(
        |(word, unit)| {
            let rest = name.strip_suffix(word)?.trim_end_matches(['/', ':', '-', '_', ',']);
            (!rest.is_empty()).then_some((rest, unit))
        },
    )
}

/// A unit slip that would explain a village's ratio to its peers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slip {
    /// Near 15: mu written where hectares were meant.
    Fifteen,
    /// Near 1/15: hectares written where mu were meant.
    Fifteenth,
    /// Near 10: a shifted point, or 分.
    Ten,
    /// Near 1/10.
    Tenth,
}

/// Villages whose figure stands to the median of the others near 15, 10, 1/15 or 1/10 (within a ninth, so
/// that the two do not meet): a warning about a unit, never a lead. Villages without a positive figure and
/// groups of fewer than four abstain.
#[must_use]
pub fn unit_slips(figures: &[(String, f64)]) -> Vec<(String, f64, Slip)> {
    let mut sorted: Vec<f64> =
        figures.iter().map(|(_, f)| *f).filter(|f| f.is_finite() && *f > 0.0).collect();
    sorted.sort_by(f64::total_cmp);
    if sorted.len() < 4 {
        return Vec::new();
    }
    let near = |ratio: f64, target: f64| (ratio / target).ln().abs() < (10.0_f64 / 9.0).ln();
    let mut found = Vec::new();
    for (village, figure) in figures {
        if !figure.is_finite() || *figure <= 0.0 {
            continue;
        }
        let ratio = figure / median_without(&sorted, *figure);
        let slips = [
            (15.0, Slip::Fifteen),
            (1.0 / 15.0, Slip::Fifteenth),
            (10.0, Slip::Ten),
            (0.1, Slip::Tenth),
        ];
        if let Some((_, slip)) = slips.into_iter().find(|(target, _)| near(ratio, *target)) {
            found.push((village.clone(), ratio, slip));
        }
    }
    found
}

/// Median of sorted values without one that equals `figure`.
fn median_without(sorted: &[f64], figure: f64) -> f64 {
    let own = sorted.partition_point(|v| *v < figure);
    let at = |n: usize| if n < own { sorted[n] } else { sorted[n + 1] };
    let left = sorted.len() - 1;
    if left % 2 == 1 { at(left / 2) } else { f64::midpoint(at(left / 2 - 1), at(left / 2)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        Decimal::parse(text).unwrap_or(Decimal { mantissa: 0, scale: 0 })
    }

    #[test]
    fn every_unit_converts_exactly() {
        for (word, value, expected) in [
            ("亩", "12.5", "12.5000"),
            ("万亩", "0.00125", "12.5000"),
            ("分", "125", "12.5000"),
            ("公顷", "0.83", "12.4500"),
            ("HA", "1", "15.0000"),
            ("平方米", "10000", "15.0000"),
            ("㎡", "666.67", "1.0000"),
            ("acres", "1", "6.0703"),
        ] {
            let mu = SourceUnit::parse(word).and_then(|u| u.mu(decimal(value)));
            assert_eq!(mu.map(|(m, _)| m.to_string()).as_deref(), Some(expected), "{word}");
        }
        let yuan = |word, value| SourceUnit::parse(word).and_then(|u| u.yuan(decimal(value)));
        assert_eq!(yuan("万元", "1.23456"), Some((Yuan::from_raw(1_234_560), false)));
        assert_eq!(yuan("元/公顷", "1050"), Some((Yuan::from_raw(7_000), false)));
        assert_eq!(yuan("亩", "1"), None, "an area is no money");
        assert_eq!(SourceUnit::Yuan.mu(decimal("1")), None);
        assert_eq!(SourceUnit::parse("斤"), None);
        for (unit, words) in WORDS {
            assert!(words.iter().all(|w| SourceUnit::parse(w) == Some(unit)), "{unit:?}");
            assert_eq!(unit.word(), words[0]);
        }
    }

    #[test]
    fn unit_lines_and_endings() {
        assert_eq!(units_in("单位：亩、元"), [U::Mu, U::Yuan]);
        assert_eq!(units_in("计量单位：公顷，万元"), [U::Hectare, U::WanYuan]);
        assert_eq!(units_in("单位：亩/元"), [U::Mu, U::Yuan]);
        assert_eq!(units_in("元/亩"), [U::YuanPerMu]);
        assert_eq!(units_in("单位：户、人、亩"), [U::Mu]);
        assert_eq!(units_in("填报单位：某某镇人民政府"), []);
        assert_eq!(unit_behind("面积/亩"), Some(("面积", U::Mu)));
        assert_eq!(unit_behind("补贴金额万元"), Some(("补贴金额", U::WanYuan)));
        assert_eq!(unit_behind("补贴标准元/亩"), Some(("补贴标准", U::YuanPerMu)));
        assert_eq!(unit_behind("亩"), None);
    }

    #[test]
    fn only_the_four_ratios_are_slips() {
        let mut figures: Vec<(String, f64)> =
            (0..20).map(|n| (format!("v{n:02}"), 5.0 + f64::from(n) * 0.01)).collect();
        figures[3].1 = 5.1 * 15.0;
        figures[4].1 = 5.1 / 15.0;
        figures[5].1 = 51.0;
        figures[6].1 = 0.51;
        figures[7].1 = 5.1 * 12.3;
        figures[8].1 = 10.2;
        figures[9].1 = f64::NAN;
        figures[10].1 = 0.0;
        let found: Vec<(String, Slip)> =
            unit_slips(&figures).into_iter().map(|(v, _, s)| (v, s)).collect();
        let expected = [
            ("v03", Slip::Fifteen),
            ("v04", Slip::Fifteenth),
            ("v05", Slip::Ten),
            ("v06", Slip::Tenth),
        ];
        assert_eq!(found, expected.map(|(v, s)| (v.to_owned(), s)));
        assert_eq!(unit_slips(&figures[..3]), []);
    }
}
