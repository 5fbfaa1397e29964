//! Centre and scale of a row's peers, pooled with the wider region where the peers are few.
//!
//! A shock that all villages of a county share in a year (drought, re-survey, change of the area basis,
//! late enrolment) moves their common centre and nothing else, so a residual from the leave-one-out
//! median does not see it. Source: statistics.md 1.2.

use crate::error::{StatsError, check_finite};
use crate::order::{mad, median};
use crate::peers::{leave_one_out_mad, leave_one_out_median};

/// Rows from which a group stands alone; below, it is pooled with the wider region at this weight.
pub const FULL_GROUP: usize = 12;

/// What the other rows of a row's group say.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PeerValue {
    /// Their centre or scale.
    pub value: f64,
    /// How many others with a value the narrowest group has.
    pub peers: usize,
}

/// Median of the other rows of each row's group.
///
/// `levels` are group numbers per row, the narrowest level first (county-year, then prefecture-year, …).
/// A group with n < [`FULL_GROUP`] other rows answers `(n·m + 12·m_wide) / (n + 12)`, where `m_wide` comes
/// from the narrowest wider level with at least 12 others, or else from the widest that has any. A row
/// without a value of its own is answered too. `None` where no other row has a value at any level.
///
/// # Errors
/// [`StatsError`] for NaN or infinity among the values and for levels of another length.
pub fn peer_location(
    values: &[Option<f64>],
    levels: &[&[usize]],
) -> Result<Vec<Option<PeerValue>>, StatsError> {
    let stat = Stat { others: leave_one_out_median, all: median };
    pooled(values, levels, stat, |n, narrow, wide| (n * narrow + FULL * wide) / (n + FULL))
}

/// Scale (1.4826 × median absolute deviation) of the other rows of each row's group.
///
/// As [`peer_location`], with variances pooled instead of medians. Hand over residuals that are already
/// centred, so that the wider region does not count the distance between its counties as scatter.
/// The scale may be 0 (more than half of the peers are equal): callers need a floor.
///
/// # Errors
/// As [`peer_location`].
pub fn peer_scale(
    values: &[Option<f64>],
    levels: &[&[usize]],
) -> Result<Vec<Option<PeerValue>>, StatsError> {
    let stat = Stat { others: leave_one_out_mad, all: mad };
    pooled(values, levels, stat, |n, narrow, wide| {
        ((n * narrow * narrow + FULL * wide * wide) / (n + FULL)).sqrt()
    })
}

/// Residuals from [`peer_location`]; `None` where the value or its peers are missing.
///
/// # Errors
/// As [`peer_location`].
pub fn centre(values: &[Option<f64>], levels: &[&[usize]]) -> Result<Vec<Option<f64>>, StatsError> {
    let centres = peer_location(values, levels)?;
    Ok(values.iter().zip(centres).map(|(v, c)| Some((*v)? - c?.value)).collect())
}

const FULL: f64 = FULL_GROUP as f64;

/// A statistic of the others for every member of a group, and of all members for rows without a value.
#[derive(Clone, Copy)]
struct Stat {
    others: fn(&[f64]) -> Option<Vec<Option<f64>>>,
    all: fn(&[f64]) -> Option<f64>,
}

fn pooled(
    values: &[Option<f64>],
    levels: &[&[usize]],
    stat: Stat,
    mix: fn(f64, f64, f64) -> f64,
) -> Result<Vec<Option<PeerValue>>, StatsError> {
    check_finite(values)?;
    for (level, groups) in levels.iter().enumerate() {
        if groups.len() != values.len() {
            let (found, expected) = (groups.len(), values.len());
            return Err(StatsError::Length { level, found, expected });
        }
    }
    let Some((narrowest, wider)) = levels.split_first() else {
        return Ok(vec![None; values.len()]);
    };
    let narrow = per_group(values, narrowest, stat);
    // Wider levels cost a sort of whole provinces: only where a small group asks for them.
    let small = narrow.iter().any(|(_, peers)| *peers < FULL_GROUP);
    let wide: Vec<_> =
        if small { wider.iter().map(|g| per_group(values, g, stat)).collect() } else { vec![] };
    let answer = |row: usize| {
        let (own, peers) = narrow[row];
        let value = if peers >= FULL_GROUP {
            own?
        } else {
            let wide = wide_value(&wide, row);
            match (own, wide) {
                (Some(own), Some(wide)) => mix(peers as f64, own, wide),
                (own, wide) => own.or(wide)?,
            }
        };
        value.is_finite().then_some(PeerValue { value, peers })
    };
    Ok((0..values.len()).map(answer).collect())
}

/// The narrowest wider level with enough others, else the widest with any.
fn wide_value(levels: &[Vec<(Option<f64>, usize)>], row: usize) -> Option<f64> {
    let full = levels.iter().find(|level| level[row].1 >= FULL_GROUP);
    let any = || levels.iter().rev().find(|level| level[row].1 > 0);
    full.or_else(any).and_then(|level| level[row].0)
}

/// Per row the statistic of the other rows of its group and their number.
fn per_group(values: &[Option<f64>], groups: &[usize], stat: Stat) -> Vec<(Option<f64>, usize)> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by_key(|row| groups[*row]);
    let mut out = vec![(None, 0); values.len()];
    for group in order.chunk_by(|a, b| groups[*a] == groups[*b]) {
        let present: Vec<f64> = group.iter().filter_map(|row| values[*row]).collect();
        let mut others = (stat.others)(&present).unwrap_or_default().into_iter();
        let all = (stat.all)(&present);
        for &row in group {
            out[row] = match values[row] {
                Some(_) => (others.next().flatten(), present.len() - 1),
                None => (all, present.len()),
            };
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn damage_is_refused() {
        assert_eq!(
            peer_location(&[Some(f64::NAN)], &[&[0]]),
            Err(StatsError::NotFinite { index: 0 })
        );
        assert_eq!(
            centre(&[Some(1.0), None], &[&[0, 0], &[0]]).map_err(|e| e.to_string()),
            Err("group level 1 has 1 rows instead of 2".to_owned())
        );
        assert_eq!(peer_location(&[Some(1.0)], &[]), Ok(vec![None]));
        assert_eq!(peer_scale(&[Some(1.0)], &[&[0]]), Ok(vec![None]));
    }

    #[test]
    fn few_peers_are_pooled_with_the_region() {
        // Two villages in county 0, thirteen at 10 in county 1, all in one prefecture.
        let mut values = vec![Some(1.0), Some(4.0)];
        values.extend(vec![Some(10.0); 13]);
        let county: Vec<usize> = (0..15).map(|i| usize::from(i > 1)).collect();
        let region = vec![0; 15];
        let got = peer_location(&values, &[&county, &region]).unwrap_or_default();
        // One peer at 4; the prefecture's others have median 10.
        assert_eq!(got[0], Some(PeerValue { value: (4.0 + 12.0 * 10.0) / 13.0, peers: 1 }));
        assert_eq!(got[2], Some(PeerValue { value: 10.0, peers: 12 }));
        // Alone in the county and no wider level: nothing to say.
        let alone = peer_location(&values[..1], &[&county[..1]]);
        assert_eq!(alone, Ok(vec![None]));
        // Alone in the county, but the region speaks.
        let narrow: Vec<usize> = (0..15).collect();
        let got = peer_location(&values, &[&narrow, &region]).unwrap_or_default();
        assert_eq!(got[0], Some(PeerValue { value: 10.0, peers: 0 }));
    }

    #[test]
    fn too_small_a_prefecture_hands_over_to_the_province() {
        let values: Vec<_> = (0..20).map(|i| Some(if i < 4 { 0.0 } else { 9.0 })).collect();
        let county: Vec<usize> = (0..20).map(|i| usize::from(i >= 2)).collect();
        let prefecture: Vec<usize> = (0..20).map(|i| usize::from(i >= 4)).collect();
        let province = vec![0; 20];
        let got = peer_location(&values, &[&county, &prefecture, &province]).unwrap_or_default();
        assert_eq!(got[0], Some(PeerValue { value: 12.0 * 9.0 / 13.0, peers: 1 }));
        // No level reaches twelve: the widest speaks.
        let got = peer_location(&values[..4], &[&[0, 0, 1, 1], &[0; 4]]).unwrap_or_default();
        assert_eq!(got[0], Some(PeerValue { value: 0.0, peers: 1 }));
    }

    #[test]
    fn a_row_without_value_hears_all_its_peers() {
        let got = peer_location(&[None, Some(1.0), Some(3.0)], &[&[7, 7, 7]]).unwrap_or_default();
        assert_eq!(got[0], Some(PeerValue { value: 2.0, peers: 2 }));
        assert_eq!(got[1], Some(PeerValue { value: 3.0, peers: 1 }));
    }

    fn region() -> impl Strategy<Value = Vec<(Option<f64>, usize)>> {
        let value = prop::option::weighted(0.9, -50.0_f64..50.0);
        prop::collection::vec((value, 0_usize..4), 1..90)
    }

    proptest! {
        #[test]
        fn a_shock_shared_by_a_full_county_leaves_residuals(
            rows in prop::collection::vec((-3.0_f64..3.0, 0_usize..3), 60..120),
            shock in -0.7_f64..0.7,
        ) {
            let county: Vec<usize> = rows.iter().map(|r| r.1).collect();
            let whole = vec![0; rows.len()];
            let size = |c: usize| county.iter().filter(|x| **x == c).count();
            prop_assume!((0..3).all(|c| size(c) > FULL_GROUP));
            let plain: Vec<_> = rows.iter().map(|r| Some(r.0)).collect();
            let moved: Vec<_> =
                rows.iter().map(|r| Some(r.0 + if r.1 == 1 { shock } else { 0.0 })).collect();
            let levels = [county.as_slice(), whole.as_slice()];
            let a = centre(&plain, &levels)?;
            let b = centre(&moved, &levels)?;
            for (a, b) in a.iter().flatten().zip(b.iter().flatten()) {
                prop_assert!((a - b).abs() < 1e-12, "{a} {b}");
            }
            let scales = |v: &[Option<f64>]| peer_scale(v, &levels);
            for (a, b) in scales(&a)?.iter().flatten().zip(scales(&b)?.iter().flatten()) {
                prop_assert!((a.value - b.value).abs() < 1e-12);
            }
        }

        #[test]
        fn a_shock_shared_by_all_leaves_residuals_whatever_the_sizes(
            rows in region(),
            shock in -0.7_f64..0.7,
        ) {
            let county: Vec<usize> = rows.iter().map(|r| r.1).collect();
            let whole = vec![0; rows.len()];
            let plain: Vec<_> = rows.iter().map(|r| r.0).collect();
            let moved: Vec<_> = rows.iter().map(|r| r.0.map(|v| v + shock)).collect();
            let a = centre(&plain, &[&county, &whole])?;
            let b = centre(&moved, &[&county, &whole])?;
            for (a, b) in a.iter().zip(&b) {
                prop_assert_eq!(a.is_some(), b.is_some());
                prop_assert!((a.unwrap_or(0.0) - b.unwrap_or(0.0)).abs() < 1e-12);
            }
        }

        #[test]
        fn order_of_rows_does_not_matter(rows in region(), turn in 0_usize..90) {
            let run = |rows: &[(Option<f64>, usize)]| {
                let county: Vec<usize> = rows.iter().map(|r| r.1).collect();
                let whole = vec![0; rows.len()];
                let values: Vec<_> = rows.iter().map(|r| r.0).collect();
                centre(&values, &[&county, &whole])
            };
            let turn = turn % rows.len();
            let mut turned = rows.clone();
            turned.rotate_left(turn);
            let mut back = run(&turned)?;
            back.rotate_right(turn);
            prop_assert_eq!(back, run(&rows)?);
        }
    }
}
