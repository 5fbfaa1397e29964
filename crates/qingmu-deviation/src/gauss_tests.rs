//! The quick law against the plain one: Σ written out in full and inverted.

use crate::gauss::{Joint, Series, Shift};
use proptest::prelude::*;
use qingmu_stats::invert;

#[derive(Debug, Clone)]
struct Case {
    years: usize,
    values: Vec<Vec<f64>>,
    yearly: Vec<Vec<f64>>,
    lasting: Vec<f64>,
    lag: Vec<f64>,
    walk: f64,
}

fn case() -> impl Strategy<Value = Case> {
    (1_usize..8, 1_usize..5).prop_flat_map(|(years, series)| {
        let value = prop_oneof![4 => -1.0_f64..1.0, 1 => Just(f64::NAN)];
        let table = |cell| prop::collection::vec(prop::collection::vec(cell, years), series);
        let yearly = prop::collection::vec(prop::collection::vec(1e-3_f64..0.1, years), series);
        let lasting = prop::collection::vec(1e-4_f64..0.05, series);
        let lag = prop::collection::vec(prop_oneof![Just(0.0), 0.0_f64..0.6], series);
        (table(value), yearly, lasting, lag, 1e-3_f64..0.05).prop_map(
            move |(values, yearly, lasting, lag, walk)| Case {
                years,
                values,
                yearly,
                lasting,
                lag,
                walk,
            },
        )
    })
}

/// Σ over the observed cells, and which cells those are.
fn plain(case: &Case) -> (Vec<(usize, usize)>, Vec<f64>) {
    let mut cells = Vec::new();
    for (a, row) in case.values.iter().enumerate() {
        cells.extend((0..case.years).filter(|t| !row[*t].is_nan()).map(|t| (a, t)));
    }
    // K_θ(i, j) = 25 + walk·(min(i, j) + 1), the year before the first being −1.
    let k = |i: usize, j: usize| 25.0 + case.walk * i.min(j) as f64;
    let n = cells.len();
    let mut sigma = vec![0.0; n * n];
    for (x, &(a, s)) in cells.iter().enumerate() {
        for (y, &(b, t)) in cells.iter().enumerate() {
            let (la, lb) = (case.lag[a], case.lag[b]);
            let mut value = (1.0 - la) * (1.0 - lb) * k(s + 1, t + 1)
                + la * (1.0 - lb) * k(s, t + 1)
                + (1.0 - la) * lb * k(s + 1, t)
                + la * lb * k(s, t);
            if a == b {
                value += case.lasting[a] + if s == t { case.yearly[a][t] } else { 0.0 };
            }
            sigma[x * n + y] = value;
        }
    }
    (cells, sigma)
}

fn form(inverse: &[f64], x: &[f64], y: &[f64]) -> f64 {
    let n = x.len();
    (0..n * n).map(|k| x[k / n] * inverse[k] * y[k % n]).sum()
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-5 * (1.0 + a.abs().max(b.abs()))
}

fn solved(case: &Case) -> Joint {
    let mut joint = Joint::new(case.years, case.values.len());
    let series = (0..case.values.len()).map(|a| Series {
        values: &case.values[a],
        yearly: &case.yearly[a],
        lasting: case.lasting[a],
        lag: case.lag[a],
    });
    assert!(joint.solve(series, case.walk, 25.0));
    joint
}

proptest! {
    #[test]
    fn every_form_agrees_with_the_plain_inverse(case in case()) {
        let (cells, mut inverse) = plain(&case);
        let n = cells.len();
        prop_assume!(n > 0);
        prop_assert!(invert(&mut inverse, &mut vec![0.0; n * n], n));
        let joint = solved(&case);
        let u: Vec<f64> = cells.iter().map(|(a, t)| case.values[*a][*t]).collect();
        prop_assert_eq!(joint.cells, n);
        prop_assert!(near(joint.squares, form(&inverse, &u, &u)));
        // Shifts of the first series, and of the first and the last together.
        let mut shift = Shift::new(case.years);
        let last = case.values.len() - 1;
        for raised in [vec![0], vec![0, last]] {
            if raised.len() == 2 && last == 0 {
                continue;
            }
            joint.shift(&raised, &mut shift);
            let unit = |t: usize| -> Vec<f64> {
                cells.iter().map(|(a, s)| f64::from(u8::from(raised.contains(a) && *s == t))).collect()
            };
            for s in 0..case.years {
                prop_assert!(near(shift.slope[s], form(&inverse, &unit(s), &u)));
                for t in 0..case.years {
                    let exact = form(&inverse, &unit(s), &unit(t));
                    prop_assert!(near(shift.information[s * case.years + t], exact));
                }
            }
        }
    }

    #[test]
    fn real_changes_and_cells_left_out_agree_too(case in case()) {
        let (cells, mut inverse) = plain(&case);
        let n = cells.len();
        prop_assume!(n > 0);
        prop_assert!(invert(&mut inverse, &mut vec![0.0; n * n], n));
        let joint = solved(&case);
        let u: Vec<f64> = cells.iter().map(|(a, t)| case.values[*a][*t]).collect();
        for t in 0..case.years {
            let height = |a: usize, s: usize, f: &dyn Fn(usize) -> f64| {
                (1.0 - case.lag[a]) * f(s) + if s == 0 { 0.0 } else { case.lag[a] * f(s - 1) }
            };
            let step: Vec<f64> = cells.iter()
                .map(|(a, s)| height(*a, *s, &|s| f64::from(u8::from(s >= t)))).collect();
            let year: Vec<f64> = cells.iter()
                .map(|(a, s)| height(*a, *s, &|s| f64::from(u8::from(s == t)))).collect();
            for (score, g) in [(joint.real_step(t), step), (joint.real_year(t), year)] {
                prop_assert!(near(score.slope, form(&inverse, &g, &u)));
                prop_assert!(near(score.information, form(&inverse, &g, &g)));
            }
        }
        for (i, (a, t)) in cells.iter().enumerate() {
            let pulled: f64 = (0..n).map(|j| inverse[i * n + j] * u[j]).sum();
            let (residual, precision) = joint.left_out(*a, *t).unwrap_or((f64::NAN, f64::NAN));
            prop_assert!(near(residual * precision, pulled));
            prop_assert!(near(precision, inverse[i * n + i]));
        }
        prop_assert_eq!(joint.left_out(0, 0).is_some(), joint.observed(0, 0));
    }
}
