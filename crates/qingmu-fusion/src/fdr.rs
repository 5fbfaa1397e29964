//! The false-discovery rate of a list: the running mean of the local one.

/// Probabilities closer than this are not told apart: where many are all but equal, the least change of a rate would
/// otherwise carry one past all of them, and its q with it.
const NEAR: f64 = 0.02;

/// For each probability the mean of 1 − p over all that are at least as large. The list's end is averaged over
/// p ± [`NEAR`]: one above counts whole, one below by its distance, so that q is continuous and never rises with p.
/// Probabilities below `listed` get 1: the list ends there.
pub(crate) fn running(probabilities: &[f64], listed: f64) -> Vec<f64> {
    let mut order: Vec<usize> =
        (0..probabilities.len()).filter(|i| probabilities[*i] >= listed).collect();
    order.sort_by(|a, b| probabilities[*b].total_cmp(&probabilities[*a]).then(a.cmp(b)));
    let sorted: Vec<f64> = order.iter().map(|i| probabilities[*i]).collect();
    let below = |bound: f64| sorted.partition_point(|p| *p >= bound);
    // Sums of 1, p, lfdr and p·lfdr over the n best.
    let mut sums = vec![[0.0; 4]];
    for p in &sorted {
        let (last, lfdr) = (sums[sums.len() - 1], (1.0 - p).max(0.0));
        sums.push([last[0] + 1.0, last[1] + p, last[2] + lfdr, last[3] + p * lfdr]);
    }
    let mut q = vec![1.0; probabilities.len()];
    for (i, p) in order.iter().zip(&sorted) {
        let (whole, all) = (sums[below(p + NEAR)], sums[below(p - NEAR)]);
        let part = |n: usize| all[n] - whole[n];
        let weighted = |n: usize| 2.0 * NEAR * whole[n] + part(n + 1) - (p - NEAR) * part(n);
        q[*i] = (weighted(2) / weighted(0)).clamp(0.0, 1.0);
    }
    q
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_mean_runs_and_ties_share_it() {
        let q = running(&[0.5, 1.0, 0.5, 0.001], 0.01);
        // One above counts whole, the two at p by half: (0 + 0.5/2 + 0.5/2) / (1 + 1/2 + 1/2).
        for (found, expected) in q.iter().zip([0.25, 0.0, 0.25, 1.0]) {
            assert!((found - expected).abs() < 1e-12, "{q:?}");
        }
        assert!(running(&[], 0.01).is_empty());
    }

    proptest! {
        #[test]
        fn q_never_falls_as_p_falls(p in proptest::collection::vec(0.0..=1.0_f64, 0..60)) {
            let q = running(&p, 0.01);
            for a in 0..p.len() {
                prop_assert!((0.0..=1.0).contains(&q[a]));
                for b in 0..p.len() {
                    prop_assert!(p[a] < p[b] || q[a] <= q[b] + 1e-9);
                }
            }
        }

        #[test]
        fn q_moves_little_where_a_probability_moves_little(
            p in proptest::collection::vec(0.02..=1.0_f64, 2..60),
            at in any::<prop::sample::Index>(),
        ) {
            let mut moved = p.clone();
            let at = at.index(p.len());
            moved[at] = (p[at] - 1e-4).max(0.02);
            for (a, b) in running(&p, 0.01).iter().zip(running(&moved, 0.01)) {
                prop_assert!((a - b).abs() < 0.02, "{a} {b}");
            }
        }
    }
}
