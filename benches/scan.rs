//! Times a scan with every view: `cargo bench -p qingmu-core --bench scan -- scan DIR [THREADS] [MIB]`.
//!
//! `decode DIR` only decodes the columns that a scan's first pass reads, once: the floor. Without arguments a
//! small input is made, scanned and forgotten. The summary line is what `compare_duckdb.py` prints for the same folder.
#![allow(clippy::print_stdout, reason = "a measurement is printed")]

#[path = "generate.rs"]
mod generate;

use arrow::array::{Array, RecordBatch};
use arrow::datatypes::{DataType, Field, Schema};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use qingmu_core::{Column, Data, InputFile, Scan, ScanOptions, View, ViewName};
use qingmu_model::Project;
use rayon::prelude::*;
use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> =
        std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    let number = |at: usize, otherwise: usize| -> Result<usize, std::num::ParseIntError> {
        arguments.get(at).map_or(Ok(otherwise), |text| text.parse())
    };
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["scan", folder, ..] => time_scan(Path::new(folder), number(2, 0)?, number(3, 2048)?),
        ["decode", folder, ..] => time_decode(Path::new(folder), number(2, 0)?),
        [] => {
            let folder = tempfile::tempdir()?;
            generate::write(folder.path(), 20_000)?;
            time_scan(folder.path(), 0, 2048)
        }
        _ => Err("usage: scan DIR [THREADS] [MIB] | decode DIR [THREADS]".into()),
    }
}

fn time_scan(folder: &Path, threads: usize, memory_mib: usize) -> Result<(), Box<dyn Error>> {
    let start = Instant::now();
    let project = Project::default();
    let input = qingmu_core::discover(folder)?;
    let options = ScanOptions { threads, memory_mib };
    let scan = qingmu_core::scan(&input, &project, &options, &())?;
    report("scan", start);
    let views = ViewName::ALL.into_iter().map(|name| summary(&view(&scan, &project, name)));
    let line = views.collect::<Vec<_>>().join(", ");
    report("scan + views", start);
    println!("{{{line}}}");
    Ok(())
}

/// Every view, one after the other, with all columns but the families of crops other than grain.
fn view(scan: &Scan, project: &Project, name: ViewName) -> View {
    let names = qingmu_core::column_names(name, project).into_iter();
    let wanted = names.filter(|n| n.split_once('.').is_none_or(|(_, crop)| crop == "grain"));
    scan.view(name, project, &wanted.collect())
}

fn sum(column: &Column) -> i128 {
    match &column.data {
        Data::Fixed { values, .. } => values.iter().flatten().map(|v| i128::from(*v)).sum(),
        _ => 0,
    }
}

/// A view in JSON: rows, unlisted groups and exact sums, in smallest units.
fn summary(view: &View) -> String {
    let columns = ["area_mu", "amount_yuan", "claims", "claimants", "gap_yuan"];
    let sums = columns.iter().filter_map(|name| {
        view.column(name).map(|column| format!(", \"{name}\": {}", sum(column)))
    });
    let (name, rows, not_listed) = (view.name, view.rows, view.not_listed);
    let sums: String = sums.collect();
    format!("\"{name}\": {{\"rows\": {rows}{sums}, \"not_listed\": {not_listed}}}")
}

/// Columns of a scan's first pass.
const READ: [&str; 11] = [
    "year",
    "season",
    "programme",
    "crop",
    "village_code",
    "claimant_id",
    "account",
    "area_mu",
    "rate_yuan_per_mu",
    "amount_yuan",
    "approver_id",
];

fn time_decode(folder: &Path, threads: usize) -> Result<(), Box<dyn Error>> {
    let start = Instant::now();
    let input = qingmu_core::discover(folder)?;
    let files = input.tables.get("claims").map_or(&[][..], Vec::as_slice);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;
    let rows = pool.install(|| {
        files
            .par_iter()
            .map(|file| decode(file).map_err(|e| e.to_string()))
            .sum::<Result<u64, String>>()
    })?;
    report("decode", start);
    println!("{{\"rows\": {rows}}}");
    Ok(())
}

fn decode(file: &InputFile) -> Result<u64, Box<dyn Error>> {
    let opened = std::fs::File::open(&file.path)?;
    let meta = ArrowReaderMetadata::load(&opened, ArrowReaderOptions::new())?;
    let many = ["claim_id", "claimant_id", "account", "household_id"];
    let few = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    let hint = |field: &Arc<Field>| match field.data_type() {
        DataType::Utf8 | DataType::Dictionary(..) => {
            let is_many = many.contains(&field.name().as_str());
            let kind = if is_many { DataType::Utf8View } else { few.clone() };
            Arc::new(field.as_ref().clone().with_data_type(kind))
        }
        _ => field.clone(),
    };
    let schema = Schema::new(meta.schema().fields().iter().map(hint).collect::<Vec<_>>());
    let options = ArrowReaderOptions::new().with_schema(Arc::new(schema));
    let meta = ArrowReaderMetadata::try_new(meta.metadata().clone(), options)?;
    let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(opened, meta);
    let mask = ProjectionMask::columns(builder.parquet_schema(), READ);
    let reader = builder.with_projection(mask).with_batch_size(65_536).build()?;
    let mut rows = 0;
    for batch in reader {
        let batch: RecordBatch = batch?;
        rows += batch.columns().iter().map(|c| c.len() as u64).min().unwrap_or_default();
    }
    Ok(rows)
}

/// Wall, CPU seconds and peak memory since the start of the process, on stderr.
fn report(what: &str, start: Instant) {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let process = read("/proc/self/stat");
    let fields: Vec<&str> = process.rsplit(')').next().unwrap_or("").split_whitespace().collect();
    // utime and stime are the 14th and 15th field; the first two are gone. 100 ticks are a second on Linux.
    let ticks = |at: usize| fields.get(at).and_then(|t| t.parse::<f64>().ok()).unwrap_or(f64::NAN);
    let status = read("/proc/self/status");
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("?").trim();
    eprintln!(
        "{what}: wall {:.2} s, cpu {:.2} s, peak {peak}",
        start.elapsed().as_secs_f64(),
        (ticks(11) + ticks(12)) / 100.0
    );
}
