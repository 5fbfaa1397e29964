//! Writes the bundled sample: `cargo run -p qingmu-synth --example bundle -- datasets/anwu`.

use qingmu_synth::{CountyOptions, SynthError, county, write};
use std::path::PathBuf;

fn main() -> Result<(), SynthError> {
    let dir =
        std::env::args_os().nth(1).map_or_else(|| PathBuf::from("datasets/anwu"), PathBuf::from);
    write(&county(&CountyOptions::default()), &dir).map(drop)
}
