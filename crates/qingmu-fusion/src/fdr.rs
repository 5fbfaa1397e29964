//! The false-discovery rate of a list: the running mean of the local one.

/// Probabilities closer than this are equal: rounding must not rank.
const EQUAL: f64 = 1e-9;

/// For each probability the mean of 1 − p over all that are at least as large; equal ones share theirs. Those below
/// `listed` get 1: the list ends there.
pub(crate) fn running(probabilities: &[f64], listed: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..probabilities.len()).collect();
    order.sort_by(|a, b| probabilities[*b].total_cmp(&probabilities[*a]).then(a.cmp(b)));
    let mut q = vec![1.0; probabilities.len()];
    let (mut at, mut sum) = (0, 0.0);
    while at < order.len() {
        let p = probabilities[order[at]];
        if p < listed {
            break;
        }
        let alike = order[at..].iter().take_while(|i| probabilities[**i] >= p - EQUAL).count();
        sum +=
            order[at..at + alike].iter().map(|i| (1.0 - probabilities[*i]).max(0.0)).sum::<f64>();
        let mean = sum / (at + alike) as f64;
        order[at..at + alike].iter().for_each(|i| q[*i] = mean);
        at += alike;
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
        assert_eq!(q, [1.0 / 3.0, 0.0, 1.0 / 3.0, 1.0]);
    }

    proptest! {
        #[test]
        fn q_never_falls_as_p_falls(p in proptest::collection::vec(0.0..=1.0_f64, 0..60)) {
            let q = running(&p, 0.01);
            for a in 0..p.len() {
                prop_assert!((0.0..=1.0).contains(&q[a]));
                for b in 0..p.len() {
                    prop_assert!(p[a] < p[b] || q[a] <= q[b] + 1e-12);
                }
            }
        }
    }
}
