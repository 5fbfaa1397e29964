//! Shares of a whole that add up to it exactly.

/// Splits `total` in proportion to `weights` by largest remainder, ties to the first: the parts' sum is
/// `total` exactly. Weights that are not positive get nothing; without any positive one all count alike.
pub(crate) fn spread(total: i64, weights: &[i64]) -> Vec<i64> {
    let positive = weights.iter().any(|w| *w > 0);
    let weight = |w: i64| if positive { i128::from(w.max(0)) } else { 1 };
    let whole: i128 = weights.iter().map(|w| weight(*w)).sum();
    if whole == 0 {
        return Vec::new();
    }
    let exact: Vec<(i128, i128)> = weights
        .iter()
        .map(|w| {
            let product = i128::from(total) * weight(*w);
            (product.div_euclid(whole), product.rem_euclid(whole))
        })
        .collect();
    let given: i128 = exact.iter().map(|(part, _)| part).sum();
    let mut order: Vec<usize> = (0..exact.len()).collect();
    order.sort_by_key(|i| std::cmp::Reverse(exact[*i].1));
    // Each remainder is below one unit, so fewer units are left than there are parts with a remainder.
    let left = usize::try_from(i128::from(total) - given).unwrap_or_default();
    let mut parts: Vec<i128> = exact.into_iter().map(|(part, _)| part).collect();
    for i in order.into_iter().take(left) {
        parts[i] += 1;
    }
    parts.into_iter().map(|part| i64::try_from(part).unwrap_or(total)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_largest_remainders_get_the_rest() {
        assert_eq!(spread(100, &[1, 1, 1]), [34, 33, 33]);
        assert_eq!(spread(100, &[2, 0, 1, -5]), [67, 0, 33, 0]);
        assert_eq!(spread(7, &[0, 0]), [4, 3]);
        assert_eq!(spread(5, &[]), Vec::<i64>::new());
    }

    proptest! {
        #[test]
        fn parts_add_up_and_keep_proportion(
            total in 0..i64::MAX,
            weights in prop::collection::vec(-5_i64..i64::MAX / 64, 1..40),
        ) {
            let parts = spread(total, &weights);
            prop_assert_eq!(parts.iter().map(|p| i128::from(*p)).sum::<i128>(), i128::from(total));
            let whole: i128 = weights.iter().map(|w| i128::from((*w).max(0))).sum();
            if whole > 0 {
                for (part, weight) in parts.iter().zip(&weights) {
                    let off = i128::from(*part) * whole - i128::from(total) * i128::from((*weight).max(0));
                    prop_assert!(off.abs() < whole, "{part} of {total} for {weight} of {whole}");
                }
            }
        }
    }
}
