//! The published county crop areas, with and without their one bad record.
#![allow(
    clippy::print_stdout,
    clippy::float_cmp,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::unreadable_literal,
    reason = "published figures are compared as printed; a skipped test says so"
)]

use super::*;
use std::path::PathBuf;

struct Survey {
    county: Vec<u32>,
    corn: Vec<f64>,
    soy: Vec<f64>,
    corn_pixels: Vec<f64>,
    soy_pixels: Vec<f64>,
}

/// All 37 segments, or 36 without the second of Hardin; `None` (said aloud) without the data.
fn survey(all: bool) -> Option<Survey> {
    let root = std::env::var_os("QINGMU_REFERENCE_DATA").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        PathBuf::from,
    );
    let Ok(text) = std::fs::read_to_string(root.join("reference/battese/battese_survey.csv"))
    else {
        println!("skipped: reference data not present");
        return None;
    };
    let mut found = Survey {
        county: Vec::new(),
        corn: Vec::new(),
        soy: Vec::new(),
        corn_pixels: Vec::new(),
        soy_pixels: Vec::new(),
    };
    let mut names: Vec<String> = Vec::new();
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        if !all && cells[0] == "Hardin" && cells[1] == "2" {
            continue;
        }
        if !names.iter().any(|n| n == cells[0]) {
            names.push(cells[0].to_owned());
        }
        let place = names.iter().position(|n| n == cells[0]).unwrap_or(0);
        let number = |i: usize| cells[i].parse().unwrap_or(f64::NAN);
        found.county.push(u32::try_from(place).unwrap_or(0));
        found.corn.push(number(3));
        found.soy.push(number(4));
        found.corn_pixels.push(number(5));
        found.soy_pixels.push(number(6));
    }
    Some(found)
}

/// Whether coefficients are the published ones within one unit of the last digit given.
fn coefficients(fit: Result<NestedError, ClusterError>, published: &[f64], last: f64) -> bool {
    let Ok(fit) = fit else { return false };
    let found = fit.coefficients;
    found.len() == published.len()
        && found.iter().zip(published).all(|(a, b)| (a - b).abs() <= last)
}

/// Group and residual variance as the article rounds them: four figures.
fn variances(fit: Result<NestedError, ClusterError>) -> Vec<String> {
    let Ok(fit) = fit else { return Vec::new() };
    let four = |x: f64| if x < 100.0 { format!("{x:.2}") } else { format!("{x:.1}") };
    vec![four(fit.group_variance), four(fit.residual_variance)]
}

#[test]
fn corn_and_soybeans_as_published() {
    let (Some(s), Some(clean)) = (survey(true), survey(false)) else { return };
    assert_eq!((s.corn.len(), clean.corn.len()), (37, 36));
    let corn = || nested_error(&s.corn, &[&s.corn_pixels], &s.county);
    assert!(coefficients(corn(), &[5.4661899, 0.3878358], 1e-7));
    assert_eq!(variances(corn()), ["62.83", "290.4"]);
    let soy = || nested_error(&s.soy, &[&s.soy_pixels], &s.county);
    assert!(coefficients(soy(), &[-3.8223566, 0.4756781], 1e-7));
    assert_eq!(variances(soy()), ["239.2", "180.0"]);
    let both = [clean.corn_pixels.as_slice(), clean.soy_pixels.as_slice()];
    let corn = || nested_error(&clean.corn, &both, &clean.county);
    assert!(coefficients(corn(), &[51.0703979, 0.3287217, -0.1345684], 1e-7));
    assert_eq!(variances(corn()), ["140.0", "147.3"]);
    let soy = || nested_error(&clean.soy, &both, &clean.county);
    assert!(coefficients(soy(), &[-15.59027098, 0.02717639, 0.49439320], 1e-8));
    assert_eq!(variances(soy()), ["247.5", "190.5"]);
}

#[test]
fn one_bad_record_does_not_move_the_robust_line() {
    let (Some(s), Some(clean)) = (survey(true), survey(false)) else { return };
    let columns = [s.corn_pixels.as_slice(), s.soy_pixels.as_slice()];
    let plain = nested_error(&s.corn, &columns, &s.county);
    assert_eq!(variances(plain.clone()), ["63.31", "297.7"], "one record of 37 doubles it");
    let robust = nested_error_robust(&s.corn, &columns, &s.county);
    let without =
        nested_error(&clean.corn, &[&clean.corn_pixels, &clean.soy_pixels], &clean.county);
    let (Ok(plain), Ok(robust), Ok(without)) = (plain, robust, without) else {
        panic!("all three fit");
    };
    // What a segment of 300 corn and 200 soybean pixels is expected to hold.
    let expects = |fit: &NestedError| {
        let b = &fit.coefficients;
        b[0] + 300.0 * b[1] + 200.0 * b[2]
    };
    let (moved, held) =
        ((expects(&plain) - expects(&without)).abs(), (expects(&robust) - expects(&without)).abs());
    assert!(held < 0.5 * moved || held < 1.0, "plain {moved}, robust {held}");
    let least = robust.weights.iter().enumerate().min_by(|a, b| a.1.total_cmp(b.1));
    assert_eq!(least.map(|(row, _)| format!("{:.2}", s.soy[row])), Some("29.46".to_owned()));
    let (wide, narrow) = (plain.residual_variance, without.residual_variance);
    assert!(
        robust.residual_variance - narrow < 0.1 * (wide - narrow),
        "{}",
        robust.residual_variance
    );
}

#[test]
fn what_cannot_be_fitted_says_why() {
    let y = [1.0, 2.0, 3.0, 5.0, 4.0];
    let said = |y: &[f64], x: &[&[f64]], g: &[u32]| {
        nested_error(y, x, g).err().map(|e| e.to_string()).unwrap_or_default()
    };
    let groups = [0, 0, 1, 1, 1];
    assert_eq!(said(&y, &[], &groups[..2]), "slices differ in length: y, columns, group");
    assert_eq!(
        said(&[1.0, f64::NAN, 1.0, 1.0, 1.0], &[], &groups),
        "row 1: a value is not a finite number in range"
    );
    let few =
        "the regression needs more rows than columns, two groups, and one group with two rows";
    assert_eq!(said(&y, &[], &[0; 5]), few);
    assert_eq!(said(&y, &[&[2.0; 5]], &groups), "columns depend on one another");
    assert_eq!(said(&[1.0; 5], &[], &groups), "the line fits every row exactly");
    let exact = nested_error(&y, &[], &groups);
    assert!(
        exact
            .is_ok_and(|f| (f.effects[&0] + f.effects[&1]).abs() < 1e-6 || f.group_variance >= 0.0)
    );
}
