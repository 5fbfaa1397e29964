//! Leave-one-out median and scale: every value against all others.
//!
//! One village that claims too much must not move its own yardstick, hence "the others". Removing one
//! value from a sorted column shifts the middle by at most one place, so all n answers cost one sort.

use crate::order::{MAD_TO_SD, middle};

/// For every value the median of all other values, in O(n log n) for all of them together.
///
/// The result has one entry per value; a single value has no others and gets `None`. `None` for the
/// whole when a value is NaN or infinite.
#[must_use]
pub fn leave_one_out_median(values: &[f64]) -> Option<Vec<Option<f64>>> {
    if values.iter().any(|v| !v.is_finite()) {
        return None;
    }
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_unstable_by(|a, b| values[*a].total_cmp(&values[*b]).then(a.cmp(b)));
    let others = values.len().saturating_sub(1);
    let mut out = vec![None; values.len()];
    if others == 0 {
        return Some(out);
    }
    for (rank, &row) in order.iter().enumerate() {
        // Value at place k of the column without `rank`.
        let at = |k: usize| values[order[if k < rank { k } else { k + 1 }]];
        let high = at(others / 2);
        out[row] = Some(if others % 2 == 1 { high } else { middle(at(others / 2 - 1), high) });
    }
    Some(out)
}

/// For every value the scale of all other values: their median absolute deviation from their own median,
/// times [`MAD_TO_SD`]. Same shapes and conditions as [`leave_one_out_median`], O(n log n) in all.
#[must_use]
pub fn leave_one_out_mad(values: &[f64]) -> Option<Vec<Option<f64>>> {
    let centres = leave_one_out_median(values)?;
    let mut distinct: Vec<f64> = centres.iter().copied().flatten().collect();
    distinct.sort_unstable_by(f64::total_cmp);
    // The middle moves by one place at most: two or three different centres, whatever n is.
    distinct.dedup_by(|a, b| a.total_cmp(b).is_eq());
    let mut out = vec![None; values.len()];
    for centre in distinct {
        let deviations: Vec<f64> = values.iter().map(|v| (v - centre).abs()).collect();
        let medians = leave_one_out_median(&deviations)?;
        for (row, own) in centres.iter().enumerate() {
            if own.is_some_and(|own| own.total_cmp(&centre).is_eq()) {
                out[row] = medians[row].map(|m| m * MAD_TO_SD);
            }
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::order::{mad, median};
    use proptest::prelude::*;

    fn without(values: &[f64], row: usize) -> Vec<f64> {
        values.iter().enumerate().filter(|(i, _)| *i != row).map(|(_, v)| *v).collect()
    }

    #[test]
    fn one_value_has_no_others() {
        assert_eq!(leave_one_out_median(&[]), Some(vec![]));
        assert_eq!(leave_one_out_median(&[5.0]), Some(vec![None]));
        assert_eq!(leave_one_out_mad(&[5.0]), Some(vec![None]));
        assert_eq!(leave_one_out_mad(&[5.0, 7.0]), Some(vec![Some(0.0), Some(0.0)]));
        assert_eq!(leave_one_out_median(&[5.0, f64::NAN]), None);
        assert_eq!(leave_one_out_mad(&[5.0, f64::INFINITY]), None);
    }

    proptest! {
        #[test]
        fn same_as_leaving_each_out(
            // Few different values, so that ties are common.
            values in prop::collection::vec(
                prop_oneof![(-5_i32..5).prop_map(f64::from), -1e6_f64..1e6], 0..50),
        ) {
            let medians = leave_one_out_median(&values).unwrap_or_default();
            let mads = leave_one_out_mad(&values).unwrap_or_default();
            prop_assert_eq!((medians.len(), mads.len()), (values.len(), values.len()));
            for row in 0..values.len() {
                let others = without(&values, row);
                prop_assert_eq!(medians[row], median(&others));
                prop_assert_eq!(mads[row], mad(&others));
            }
        }
    }
}
