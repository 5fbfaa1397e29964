//! The nested-error regression: one line for all, a random level for each group.
//!
//! Battese, Harter & Fuller (1988), An error-components model for prediction of county crop areas using survey and satellite
//! data, JASA 83, 28–36; fitted by restricted maximum likelihood. The robust form weighs rows by a Student likelihood, so
//! that one bad record neither moves the line nor widens every interval.

use crate::error::ClusterError;
use std::collections::BTreeMap;

/// Degrees of freedom of the robust form's errors.
const FREEDOM: f64 = 3.0;
/// Rounds of reweighting.
const ROUNDS: usize = 200;

/// A fitted nested-error regression.
#[derive(Debug, Clone, PartialEq)]
pub struct NestedError {
    /// Coefficients: intercept first, then the columns.
    pub coefficients: Vec<f64>,
    /// Variance between groups.
    pub group_variance: f64,
    /// Variance within groups.
    pub residual_variance: f64,
    /// Predicted level of each group, by group.
    pub effects: BTreeMap<u32, f64>,
    /// Weight of each row: 1 in the plain form, small for a row that does not fit in the robust one.
    pub weights: Vec<f64>,
}

/// `y = x b + level of its group + error`; `columns` are slices as long as `y`, without the intercept.
///
/// # Errors
/// [`ClusterError`] where slices differ in length, a value is not finite, there are too few rows or groups, or columns
/// depend on one another.
pub fn nested_error(
    y: &[f64],
    columns: &[&[f64]],
    group: &[u32],
) -> Result<NestedError, ClusterError> {
    check(y, columns, group)?;
    fit(y, columns, group, vec![1.0; y.len()])
}

/// The same with Student errors of three degrees of freedom: weights `4 / (3 + e² / s²)`, repeated until they stand.
///
/// # Errors
/// As [`nested_error`].
pub fn nested_error_robust(
    y: &[f64],
    columns: &[&[f64]],
    group: &[u32],
) -> Result<NestedError, ClusterError> {
    check(y, columns, group)?;
    let mut found = fit(y, columns, group, vec![1.0; y.len()])?;
    for _ in 0..ROUNDS {
        let weights: Vec<f64> = (0..y.len())
            .map(|i| {
                let line = fitted(&found.coefficients, columns, i);
                let level = found.effects.get(&group[i]).copied().unwrap_or(0.0);
                let e = y[i] - line - level;
                (FREEDOM + 1.0) / (FREEDOM + e * e / found.residual_variance)
            })
            .collect();
        let moved =
            weights.iter().zip(&found.weights).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        found = fit(y, columns, group, weights)?;
        if moved < 1e-10 {
            break;
        }
    }
    Ok(found)
}

fn check(y: &[f64], columns: &[&[f64]], group: &[u32]) -> Result<(), ClusterError> {
    if group.len() != y.len() || columns.iter().any(|c| c.len() != y.len()) {
        return Err(ClusterError::Length("y, columns, group"));
    }
    let bad = |values: &[f64]| values.iter().position(|x| !x.is_finite());
    if let Some(row) = bad(y).or_else(|| columns.iter().find_map(|c| bad(c))) {
        return Err(ClusterError::Value { row, what: "a value" });
    }
    let mut groups = group.to_vec();
    groups.sort_unstable();
    groups.dedup();
    if y.len() < columns.len() + 3 || groups.len() < 2 || groups.len() == y.len() {
        return Err(ClusterError::Underdetermined(
            "the regression needs more rows than columns, two groups, and one group with two rows",
        ));
    }
    Ok(())
}

fn fitted(coefficients: &[f64], columns: &[&[f64]], row: usize) -> f64 {
    let slopes = coefficients[1..].iter().zip(columns);
    coefficients[0] + slopes.map(|(b, column)| b * column[row]).sum::<f64>()
}

/// Weighted sums of one group: of weights, of columns (y last), and of their products.
struct Sums {
    weight: f64,
    column: Vec<f64>,
}

struct Problem {
    /// Products over all rows of columns and y, in a square of side p + 1.
    whole: Vec<Vec<f64>>,
    groups: BTreeMap<u32, Sums>,
    rows: usize,
    /// Columns with the intercept.
    p: usize,
}

/// What the likelihood needs at one ratio of the variances.
struct At {
    beta: Vec<f64>,
    squares: f64,
    score: f64,
}

impl Problem {
    fn new(y: &[f64], columns: &[&[f64]], group: &[u32], weights: &[f64]) -> Self {
        let p = columns.len() + 1;
        let mut whole = vec![vec![0.0; p + 1]; p + 1];
        let mut groups: BTreeMap<u32, Sums> = BTreeMap::new();
        for i in 0..y.len() {
            let mut row = vec![1.0];
            row.extend(columns.iter().map(|c| c[i]));
            row.push(y[i]);
            let sums = groups
                .entry(group[i])
                .or_insert_with(|| Sums { weight: 0.0, column: vec![0.0; p + 1] });
            sums.weight += weights[i];
            for a in 0..=p {
                sums.column[a] += weights[i] * row[a];
                for b in 0..=p {
                    whole[a][b] += weights[i] * row[a] * row[b];
                }
            }
        }
        Self { whole, groups, rows: y.len(), p }
    }

    /// Generalised least squares with `ratio` = group variance over residual variance, and the derivative of the
    /// restricted likelihood by the ratio (times a positive number).
    fn at(&self, ratio: f64) -> Option<At> {
        let p = self.p;
        // V^-1 of a group is W - f (W1)(W1)' with f below.
        let factor = |s: &Sums| ratio / (1.0 + ratio * s.weight);
        let mut square = self.whole.clone();
        for s in self.groups.values() {
            let f = factor(s);
            for (row, a) in square.iter_mut().zip(&s.column) {
                for (cell, b) in row.iter_mut().zip(&s.column) {
                    *cell -= f * a * b;
                }
            }
        }
        let left: Vec<Vec<f64>> = square[..p].iter().map(|r| r[..p].to_vec()).collect();
        let right: Vec<f64> = square[..p].iter().map(|r| r[p]).collect();
        let inverse = invert(&left)?;
        let beta: Vec<f64> = inverse.iter().map(|r| dot(r, &right)).collect();
        let squares = square[p][p] - dot(&beta, &right);
        // Z'V^-1 of a group's columns is the plain sum over 1 + ratio * weight.
        let (mut trace, mut levels) = (0.0, 0.0);
        for s in self.groups.values() {
            let shrink = 1.0 / (1.0 + ratio * s.weight);
            let zx: Vec<f64> = s.column[..p].iter().map(|c| c * shrink).collect();
            let quadratic: f64 = inverse.iter().zip(&zx).map(|(r, z)| z * dot(r, &zx)).sum();
            trace += s.weight * shrink - quadratic;
            let residual = s.column[p] * shrink - dot(&beta, &zx);
            levels += residual * residual;
        }
        let freedom = (self.rows - p) as f64;
        Some(At { score: freedom * levels / squares - trace, beta, squares })
    }
}

fn fit(
    y: &[f64],
    columns: &[&[f64]],
    group: &[u32],
    weights: Vec<f64>,
) -> Result<NestedError, ClusterError> {
    let problem = Problem::new(y, columns, group, &weights);
    let dependent = ClusterError::Underdetermined("columns depend on one another");
    let at = |ratio: f64| problem.at(ratio).ok_or_else(|| dependent.clone());
    // The score falls where the likelihood has its one maximum: bisection on the logarithm of the ratio.
    let (mut low, mut high) = (1e-10_f64.ln(), 1e8_f64.ln());
    let ratio = if at(low.exp())?.score <= 0.0 {
        0.0
    } else {
        for _ in 0..200 {
            let middle = 0.5 * (low + high);
            if at(middle.exp())?.score > 0.0 { low = middle } else { high = middle }
        }
        (0.5 * (low + high)).exp()
    };
    let found = at(ratio)?;
    let residual_variance = found.squares / (problem.rows - problem.p) as f64;
    if !(residual_variance.is_finite() && residual_variance > 0.0) {
        return Err(ClusterError::Underdetermined("the line fits every row exactly"));
    }
    let effects = problem
        .groups
        .iter()
        .map(|(g, s)| {
            let line = dot(&found.beta, &s.column[..problem.p]);
            let level = ratio / (1.0 + ratio * s.weight) * (s.column[problem.p] - line);
            (*g, level)
        })
        .collect();
    Ok(NestedError {
        coefficients: found.beta,
        group_variance: ratio * residual_variance,
        residual_variance,
        effects,
        weights,
    })
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// Inverse of a small symmetric positive matrix by Gauss and Jordan with scaling; `None` where it has none.
fn invert(square: &[Vec<f64>]) -> Option<Vec<Vec<f64>>> {
    let n = square.len();
    let scale: Vec<f64> = (0..n).map(|i| square[i][i].sqrt()).collect();
    if scale.iter().any(|s| !(s.is_finite() && *s > 0.0)) {
        return None;
    }
    let mut work: Vec<Vec<f64>> = (0..n)
        .map(|i| {
            let mut row: Vec<f64> = (0..n).map(|j| square[i][j] / (scale[i] * scale[j])).collect();
            row.extend((0..n).map(|j| f64::from(u8::from(i == j))));
            row
        })
        .collect();
    for i in 0..n {
        let best = (i..n).max_by(|a, b| work[*a][i].abs().total_cmp(&work[*b][i].abs()))?;
        work.swap(i, best);
        let pivot = work[i][i];
        if pivot.abs() < 1e-13 {
            return None;
        }
        work[i].iter_mut().for_each(|x| *x /= pivot);
        let row = work[i].clone();
        for (j, other) in work.iter_mut().enumerate() {
            let times = other[i];
            if j != i {
                other.iter_mut().zip(&row).for_each(|(x, r)| *x -= times * r);
            }
        }
    }
    Some((0..n).map(|i| (0..n).map(|j| work[i][n + j] / (scale[i] * scale[j])).collect()).collect())
}

#[cfg(test)]
#[path = "nested_tests.rs"]
mod tests;
