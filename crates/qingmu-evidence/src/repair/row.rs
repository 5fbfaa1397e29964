//! Slips of single rows: ten times, and two neighbouring digits swapped.

use super::{Block, Mark, Shows, Slip};
use crate::history::Own;
use qingmu_model::{DataErrorKind, Mu, Yuan};

/// How near to ten times by the row's own history, in log10.
const NEAR_TEN: f64 = 0.12;

/// How near to ten times by the amount, as a share.
const NEAR_AMOUNT: f64 = 0.02;

/// A row nearer than this to its own median is no slip of ten, whatever its amount says.
const RIGHT: f64 = 0.25;

/// A row must be this far off its median before its digits are looked at.
const FAR: f64 = 0.5;

/// How near to the median swapped digits must land.
const LANDS: f64 = 0.03;

/// How near to the amount, in fen.
const FEN: i64 = 5;

pub(super) fn repair(block: &mut Block<'_>, history: &[Option<Own>]) -> Vec<Slip> {
    let mut slips = Vec::new();
    for (at, own) in history.iter().enumerate() {
        if block.mark[at] != Mark::Kept || block.used[at] <= 0 {
            continue;
        }
        if let Some((area, shows)) = tenfold(block, at, *own) {
            block.used[at] = area;
            block.mark[at] = Mark::Slip;
            slips.push(block.slip(at, DataErrorKind::TenFold, shows));
        } else if let Some((area, shows)) = swapped_back(block, at, *own) {
            block.used[at] = area;
            block.mark[at] = Mark::Slip;
            slips.push(block.slip(at, DataErrorKind::SwappedDigits, shows));
        }
    }
    slips
}

/// The area that was meant, where the filed one is ten times too large or too small.
fn tenfold(block: &Block<'_>, at: usize, own: Option<Own>) -> Option<(i64, Shows)> {
    let area = block.used[at];
    if let Some(own) = own.filter(|own| own.steady) {
        let step = (area as f64 / own.median).log10();
        if (step - 1.0).abs() < NEAR_TEN {
            return Some((area / 10, Shows::History));
        }
        if (step + 1.0).abs() < NEAR_TEN {
            return area.checked_mul(10).map(|area| (area, Shows::History));
        }
    }
    let near_own = own.is_some_and(|own| (area as f64 / own.median - 1.0).abs() < RIGHT);
    let ratio = 10_f64.powf(block.by_amount(at)?);
    if near_own {
        return None;
    }
    if (ratio / 10.0 - 1.0).abs() < NEAR_AMOUNT {
        return Some((area / 10, Shows::Amount));
    }
    if (ratio * 10.0 - 1.0).abs() < NEAR_AMOUNT {
        return area.checked_mul(10).map(|area| (area, Shows::Amount));
    }
    None
}

/// The area that was meant, where two digits are swapped.
fn swapped_back(block: &Block<'_>, at: usize, own: Option<Own>) -> Option<(i64, Shows)> {
    let row = &block.rows[at];
    let area = block.used[at];
    if let Some(area) = paid_for(area, row.rate, row.amount, own) {
        return Some((area, Shows::Amount));
    }
    own.and_then(|own| swapped(area, own)).map(|area| (area, Shows::History))
}

/// The swap that the amount was paid for to the fen, where the filed area is not, unless the row's own history says
/// that the filed one is right.
fn paid_for(area: i64, rate: i64, amount: i64, own: Option<Own>) -> Option<i64> {
    if rate <= 0 || amount <= 0 {
        return None;
    }
    let over = |area: i64| {
        let due = Mu::from_raw(area).times_rate(Yuan::from_raw(rate))?;
        amount.checked_sub(due.raw()).map(i64::abs)
    };
    // Rounding to the yuan leaves a filed area right.
    if over(area)? <= 100 {
        return None;
    }
    let best = swaps(area).into_iter().find(|swap| over(*swap).is_some_and(|o| o <= FEN))?;
    let off = |area: i64, own: Own| (area as f64 / own.median - 1.0).abs();
    own.is_none_or(|own| off(best, own) <= off(area, own)).then_some(best)
}

/// The area with two neighbouring digits swapped back, where that lands on the row's own median and the filed one is
/// far from it; the other years must stand on the median too, or a swap would land by chance. The nearest swap counts.
fn swapped(area: i64, own: Own) -> Option<i64> {
    let off = |area: i64| (area as f64 / own.median - 1.0).abs();
    if !own.steady || !own.tight || off(area) <= FAR {
        return None;
    }
    let best = swaps(area).into_iter().min_by(|a, b| off(*a).total_cmp(&off(*b)))?;
    (off(best) < LANDS).then_some(best)
}

/// Every area that differs in two neighbouring digits standing the other way round, with the decimals as written
/// (at least two, and at least one digit before the point).
fn swaps(area: i64) -> Vec<i64> {
    // Offices write 0.01 mu; finer areas are results of a division and keep their four decimals.
    let grid = if area % 100 == 0 { 100 } else { 1 };
    let text = format!("{:0width$}", area / grid, width = if grid == 100 { 3 } else { 5 });
    let digits = text.as_bytes();
    (1..digits.len())
        .filter(|at| digits[at - 1] != digits[*at])
        .filter_map(|at| {
            let mut other = digits.to_vec();
            other.swap(at - 1, at);
            let value: i64 = String::from_utf8(other).ok()?.parse().ok()?;
            value.checked_mul(grid).filter(|area| *area > 0)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_swapped_across_the_point_and_with_leading_zeros() {
        assert_eq!(swaps(125_000), [215_000, 152_000, 120_500]);
        assert_eq!(swaps(30_500), [3_500, 35_000]);
        assert_eq!(swaps(12_345), [21_345, 13_245, 12_435, 12_354]);
        assert_eq!(swaps(111_100), [] as [i64; 0]);
    }

    #[test]
    fn only_a_far_area_whose_swap_lands_is_repaired() {
        let own = |median: f64, steady| Own { median, steady, tight: true };
        assert_eq!(swapped(510_000, own(150_000.0, true)), Some(150_000));
        assert_eq!(swapped(510_000, own(150_000.0, false)), None, "the land has changed");
        assert_eq!(swapped(510_000, own(160_000.0, true)), None, "6 % beside");
        assert_eq!(swapped(540_000, own(450_000.0, true)), None, "20 % is a change, not a slip");
        let loose = Own { tight: false, ..own(150_000.0, true) };
        assert_eq!(swapped(510_000, loose), None, "its other years scatter");
    }

    #[test]
    fn an_amount_paid_for_the_swap_to_the_fen_tells() {
        // 12.43 mu filed, 12.34 mu paid at 100 yuan.
        assert_eq!(paid_for(124_300, 10_000, 123_400, None), Some(123_400));
        assert_eq!(paid_for(124_300, 10_000, 123_350, None), None, "half a yuan beside");
        assert_eq!(paid_for(124_300, 10_000, 124_300, None), None, "the filed area is paid");
        assert_eq!(paid_for(124_300, 10_000, 124_350, None), None, "rounded");
        let own = Own { median: 124_300.0, steady: true, tight: true };
        assert_eq!(
            paid_for(124_300, 10_000, 123_400, Some(own)),
            None,
            "the area is the usual one"
        );
        assert_eq!(paid_for(124_300, 0, 123_400, None), None);
        assert_eq!(paid_for(124_300, i64::MIN, -5, None), None);
    }
}
