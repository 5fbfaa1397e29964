//! The univariate sets of the NIST Statistical Reference Datasets, to at least eight correct digits.
#![allow(clippy::print_stdout, reason = "says what was skipped and how many digits were reached")]

use qingmu_stats::{lag1_autocorrelation, mean, sd};
use std::error::Error;
use std::path::{Path, PathBuf};

/// Folder of the public reference data; it is fetched apart and may be absent.
fn reference() -> PathBuf {
    std::env::var_os("QINGMU_REFERENCE_DATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/reference"),
        PathBuf::from,
    )
}

/// Log relative error: the number of correct digits of `got`, 15 at most.
fn lre(got: f64, certified: f64) -> f64 {
    let error = (got - certified).abs() / certified.abs();
    if error == 0.0 { 15.0 } else { (-error.log10()).min(15.0) }
}

fn column(path: &Path) -> Result<Vec<f64>, Box<dyn Error>> {
    let text = std::fs::read_to_string(path)?;
    Ok(text.lines().skip(1).map(str::parse).collect::<Result<_, _>>()?)
}

#[test]
fn certified_digits_are_reached() -> Result<(), Box<dyn Error>> {
    let folder = reference();
    let Ok(expected) = std::fs::read_to_string(folder.join("expected_values.csv")) else {
        println!("skipped: reference data not present");
        return Ok(());
    };
    let mut sets = 0;
    for line in expected.lines().filter(|l| l.starts_with("nist/") && l.contains("mean / sd")) {
        let mut fields = line.split(',');
        let (Some(file), Some(_), Some(values)) = (fields.next(), fields.next(), fields.next())
        else {
            return Err(format!("cannot read `{line}`").into());
        };
        let certified: Vec<f64> =
            values.split('/').map(|v| v.trim().parse()).collect::<Result<_, _>>()?;
        let data = column(&folder.join(file))?;
        assert!((data.len() as f64 - certified[0]).abs() < 0.5, "{file}: {} rows", data.len());
        let got = [mean(&data), sd(&data), lag1_autocorrelation(&data)];
        let digits: Vec<f64> = got
            .iter()
            .zip(&certified[1..])
            .map(|(got, want)| lre(got.unwrap_or(f64::NAN), *want))
            .collect();
        println!("{file}: correct digits {digits:.1?} of mean, sd, lag-1");
        assert!(digits.iter().all(|d| *d >= 8.0), "{file}: {digits:?}");
        sets += 1;
    }
    assert_eq!(sets, 8);
    Ok(())
}
