//! Cholesky factor and inverse of small symmetric positive definite matrices, in place, row-major.

/// Replaces the lower triangle of `a` (n × n) by its Cholesky factor L, `a = L Lᵀ`.
///
/// False where `a` is not positive definite (or holds NaN); `a` is then spoilt.
#[must_use]
pub fn cholesky(a: &mut [f64], n: usize) -> bool {
    for j in 0..n {
        let (done, rest) = a.split_at_mut((j + 1) * n);
        let row = &mut done[j * n..];
        let pivot = row[j] - row[..j].iter().map(|v| v * v).sum::<f64>();
        if !(pivot > 0.0 && pivot.is_finite()) {
            return false;
        }
        let root = pivot.sqrt();
        row[j] = root;
        for below in rest.chunks_exact_mut(n) {
            let product: f64 = below[..j].iter().zip(&row[..j]).map(|(x, y)| x * y).sum();
            below[j] = (below[j] - product) / root;
        }
    }
    true
}

/// Replaces a symmetric positive definite `a` (n × n, lower triangle read) by its full inverse; `room` holds n × n.
///
/// False as [`cholesky`].
#[must_use]
pub fn invert(a: &mut [f64], room: &mut [f64], n: usize) -> bool {
    if !cholesky(a, n) {
        return false;
    }
    // room = L⁻¹, column by column.
    for j in 0..n {
        for i in 0..j {
            room[i * n + j] = 0.0;
        }
        room[j * n + j] = 1.0 / a[j * n + j];
        for i in j + 1..n {
            let sum: f64 = (j..i).map(|k| a[i * n + k] * room[k * n + j]).sum();
            room[i * n + j] = -sum / a[i * n + i];
        }
    }
    for i in 0..n {
        for j in 0..=i {
            let sum: f64 = (i..n).map(|k| room[k * n + i] * room[k * n + j]).sum();
            a[i * n + j] = sum;
            a[j * n + i] = sum;
        }
    }
    true
}

/// Solves `a x = b` for a symmetric positive definite `a` (spoilt); `b` becomes x. False as [`cholesky`].
#[must_use]
pub fn solve(a: &mut [f64], b: &mut [f64], n: usize) -> bool {
    if !cholesky(a, n) {
        return false;
    }
    for i in 0..n {
        let sum: f64 = (0..i).map(|k| a[i * n + k] * b[k]).sum();
        b[i] = (b[i] - sum) / a[i * n + i];
    }
    for i in (0..n).rev() {
        let sum: f64 = (i + 1..n).map(|k| a[k * n + i] * b[k]).sum();
        b[i] = (b[i] - sum) / a[i * n + i];
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_factor() {
        let mut a = [4.0, 0.0, 2.0, 5.0];
        assert!(cholesky(&mut a, 2));
        assert_eq!((a[0], a[2], a[3]), (2.0, 1.0, 2.0));
    }

    #[test]
    fn indefinite_and_damaged_matrices_are_refused() {
        assert!(!cholesky(&mut [1.0, 2.0, 2.0, 1.0], 2));
        assert!(!cholesky(&mut [f64::NAN], 1));
        assert!(!invert(&mut [-1.0], &mut [0.0], 1));
        assert!(!solve(&mut [0.0], &mut [1.0], 1));
    }

    proptest! {
        #[test]
        fn inverse_and_solution_undo_the_matrix(
            n in 1_usize..12,
            seeds in prop::collection::vec(-1.0_f64..1.0, 144),
            rhs in prop::collection::vec(-5.0_f64..5.0, 12),
        ) {
            let mut a = vec![0.0; n * n];
            for i in 0..n {
                for j in 0..n {
                    let dot: f64 = (0..n).map(|k| seeds[i * 12 + k] * seeds[j * 12 + k]).sum();
                    a[i * n + j] = dot + if i == j { 0.5 } else { 0.0 };
                }
            }
            let (mut inverse, mut room) = (a.clone(), vec![0.0; n * n]);
            prop_assert!(invert(&mut inverse, &mut room, n));
            let mut x = rhs[..n].to_vec();
            prop_assert!(solve(&mut a.clone(), &mut x, n));
            for i in 0..n {
                let back: f64 = (0..n).map(|k| a[i * n + k] * x[k]).sum();
                prop_assert!((back - rhs[i]).abs() < 1e-9);
                for j in 0..n {
                    let unit: f64 = (0..n).map(|k| a[i * n + k] * inverse[k * n + j]).sum();
                    let expected = f64::from(u8::from(i == j));
                    prop_assert!((unit - expected).abs() < 1e-9);
                }
            }
        }
    }
}
