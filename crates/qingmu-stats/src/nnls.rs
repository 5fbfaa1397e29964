//! Least squares with coefficients that cannot be negative (Lawson and Hanson 1974, chapter 23).

use crate::cholesky::solve;

/// Solves min ‖A x − b‖ with x ≥ 0; `a` is row-major, `b.len()` rows of `columns` values.
///
/// Meant for a handful of columns: it works on the normal equations. `None` where the shapes do not fit or a value
/// is NaN or infinite. A column that nothing determines gets 0.
#[must_use]
pub fn nnls(a: &[f64], b: &[f64], columns: usize) -> Option<Vec<f64>> {
    if a.len() != b.len() * columns || a.iter().chain(b).any(|v| !v.is_finite()) {
        return None;
    }
    let dot = |i: usize, j: usize| -> f64 {
        a.chunks_exact(columns.max(1)).map(|row| row[i] * row[j]).sum()
    };
    let gram: Vec<f64> = (0..columns * columns).map(|k| dot(k / columns, k % columns)).collect();
    let right: Vec<f64> = (0..columns)
        .map(|j| a.chunks_exact(columns).zip(b).map(|(row, b)| row[j] * b).sum())
        .collect();
    let scale = (0..columns).map(|j| gram[j * columns + j]).fold(0.0, f64::max);
    let tolerance = 1e-12 * right.iter().fold(scale, |m, r| m.max(r.abs()));
    let mut x = vec![0.0; columns];
    let mut free = vec![false; columns];
    // Each round frees one column; the method ends after finitely many, three per column in practice.
    for _ in 0..10 * columns {
        let gradient =
            |j: usize| right[j] - (0..columns).map(|k| gram[j * columns + k] * x[k]).sum::<f64>();
        let next = (0..columns)
            .filter(|j| !free[*j] && gram[j * columns + j] > tolerance)
            .map(|j| (j, gradient(j)))
            .filter(|(_, g)| *g > tolerance)
            .max_by(|l, r| l.1.total_cmp(&r.1).then(r.0.cmp(&l.0)));
        let Some((enter, _)) = next else { break };
        free[enter] = true;
        if !settle(&gram, &right, &mut x, &mut free) {
            // The new column adds nothing to the free ones.
            free[enter] = false;
            x[enter] = 0.0;
            break;
        }
    }
    Some(x)
}

/// Moves `x` to the solution over the free columns, fixing those that would turn negative.
fn settle(gram: &[f64], right: &[f64], x: &mut [f64], free: &mut [bool]) -> bool {
    let columns = x.len();
    loop {
        let set: Vec<usize> = (0..columns).filter(|j| free[*j]).collect();
        let n = set.len();
        let mut system: Vec<f64> =
            (0..n * n).map(|k| gram[set[k / n] * columns + set[k % n]]).collect();
        for k in 0..n {
            system[k * n + k] *= 1.0 + 1e-13;
        }
        let mut target: Vec<f64> = set.iter().map(|j| right[*j]).collect();
        if !solve(&mut system, &mut target, n) {
            return false;
        }
        let step = set
            .iter()
            .zip(&target)
            .filter(|(_, s)| **s <= 0.0)
            .map(|(j, s)| x[*j] / (x[*j] - s))
            .fold(1.0_f64, |least, step| least.min(if step.is_finite() { step } else { 0.0 }));
        let all = target.iter().all(|s| *s > 0.0);
        for (j, s) in set.iter().zip(&target) {
            x[*j] += if all { s - x[*j] } else { step * (s - x[*j]) };
            if !all && (x[*j] <= 1e-15 || (*s <= 0.0 && x[*j] <= 1e-12 * s.abs())) {
                x[*j] = 0.0;
                free[*j] = false;
            }
        }
        if all || !free.iter().any(|f| *f) {
            return true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_solutions() {
        // Unconstrained optimum is inside.
        let x = nnls(&[1.0, 0.0, 0.0, 1.0, 1.0, 1.0], &[1.0, 2.0, 3.0], 2).unwrap_or_default();
        assert!((x[0] - 1.0).abs() < 1e-10 && (x[1] - 2.0).abs() < 1e-10, "{x:?}");
        // The second would be negative: it is held at 0 and the first takes the mean.
        let x = nnls(&[1.0, 0.0, 1.0, 1.0], &[2.0, 1.0], 2).unwrap_or_default();
        assert!((x[0] - 1.5).abs() < 1e-10 && x[1] == 0.0, "{x:?}");
    }

    #[test]
    fn bad_shapes_and_values_are_refused() {
        assert_eq!(nnls(&[1.0], &[1.0, 2.0], 1), None);
        assert_eq!(nnls(&[f64::NAN], &[1.0], 1), None);
        assert_eq!(nnls(&[0.0], &[1.0], 1), Some(vec![0.0]));
        assert_eq!(nnls(&[], &[], 0), Some(vec![]));
    }

    proptest! {
        /// Karush-Kuhn-Tucker: x ≥ 0, gradient ≤ 0, their product 0.
        #[test]
        fn optimality(
            columns in 1_usize..5,
            a in prop::collection::vec(-1.0_f64..1.0, 40),
            b in prop::collection::vec(-3.0_f64..3.0, 8),
        ) {
            let a = &a[..8 * columns];
            let x = nnls(a, &b, columns).unwrap_or_default();
            let residual: Vec<f64> = a.chunks_exact(columns).zip(&b)
                .map(|(row, b)| b - row.iter().zip(&x).map(|(r, x)| r * x).sum::<f64>()).collect();
            for j in 0..columns {
                let gradient: f64 = a.chunks_exact(columns).zip(&residual).map(|(row, r)| row[j] * r).sum();
                prop_assert!(x[j] >= 0.0 && gradient < 1e-6, "{x:?} {gradient}");
                prop_assert!((x[j] * gradient).abs() < 1e-6, "{x:?} {gradient}");
            }
        }
    }
}
