//! The same facts give the same bytes: on any number of threads, in any order of rows, however files are cut.

use crate::running::{files, in_english, qingmu, root};
use arrow::array::{RecordBatch, UInt32Array};
use arrow::compute::{concat_batches, take_record_batch};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::fs::File;
use std::path::Path;

/// Everything about leads; the manifest also names the input files and their digests.
const LEAD_FILES: [&str; 6] =
    ["leads.jsonl", "leads.csv", "leads.parquet", "rejects.csv", "coverage.json", "model.json"];

#[test]
fn threads_and_languages_of_the_machine_do_not_change_a_byte() {
    let temp = tempfile::tempdir().unwrap();
    crate::running::copy(&root().join("datasets/anwu"), &temp.path().join("data"));
    let scan = |out: &str, threads: &str, memory: &str| {
        let args =
            ["scan", "data", "--out", out, "--threads", threads, "--memory-mib", memory, "-q"];
        let ran = qingmu(temp.path(), &args);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    };
    scan("one", "1", "2048");
    let names = files(&temp.path().join("one"));
    assert_eq!(names.len(), 11, "{names:?}");
    for (out, threads, memory) in [("two", "2", "64"), ("eight", "8", "1"), ("again", "1", "2048")]
    {
        scan(out, threads, memory);
        assert_eq!(files(&temp.path().join(out)), names);
        for name in &names {
            let read = |out: &str| std::fs::read(temp.path().join(out).join(name)).unwrap();
            assert!(read("one") == read(out), "{} differs on {threads} threads", name.display());
        }
    }
    let english = in_english(temp.path(), &["scan", "data", "--out", "en", "-q"]);
    assert_eq!((english.code, english.err.as_str()), (0, ""));
    for name in LEAD_FILES {
        let read = |out: &str| std::fs::read(temp.path().join(out).join(name)).unwrap();
        assert!(read("one") == read("en"), "{name} differs by language");
    }
}

#[test]
fn the_order_of_rows_and_the_cut_into_files_do_not_change_a_lead() {
    let temp = tempfile::tempdir().unwrap();
    let sample = root().join("datasets/anwu");
    crate::running::copy(&sample, &temp.path().join("given"));
    let claims = claims(&sample.join("claims"));
    for (name, parts, step) in [("merged", 1, 1), ("shuffled", 1, 7919), ("split", 5, 104_729)] {
        let data = temp.path().join(name);
        crate::running::copy(&sample, &data);
        std::fs::remove_dir_all(data.join("claims")).unwrap();
        write_parts(&claims, &data, parts, step);
    }
    for name in ["given", "merged", "shuffled", "split"] {
        let out = format!("out-{name}");
        let ran = qingmu(temp.path(), &["scan", name, "--out", &out, "-q"]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        for file in LEAD_FILES {
            let read = |out: &str| std::fs::read(temp.path().join(out).join(file)).unwrap();
            assert!(read("out-given") == read(&out), "{file} differs for {name} claims");
        }
    }
}

fn claims(dir: &Path) -> RecordBatch {
    let mut batches = Vec::new();
    for name in files(dir) {
        let file = File::open(dir.join(name)).unwrap();
        let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap().build().unwrap();
        batches.extend(reader.map(Result::unwrap));
    }
    concat_batches(&batches[0].schema(), &batches).unwrap()
}

/// Writes every row once: row `i` becomes row `i * step` modulo the number of rows, cut into `parts` files.
fn write_parts(claims: &RecordBatch, data: &Path, parts: usize, step: usize) {
    let rows = claims.num_rows();
    assert!(gcd(rows, step) == 1, "{step} would repeat rows of {rows}");
    let order: UInt32Array = (0..rows).map(|i| u32::try_from(i * step % rows).unwrap()).collect();
    let shuffled = take_record_batch(claims, &order).unwrap();
    let size = rows.div_ceil(parts);
    for part in 0..parts {
        let slice = shuffled.slice(part * size, size.min(rows - part * size));
        // Deeper than the sample's own files, and named so that their order is another.
        let folder = data.join("claims").join(format!("region={}", 9 - part));
        std::fs::create_dir_all(&folder).unwrap();
        let file = File::create(folder.join("part.parquet")).unwrap();
        let mut writer = ArrowWriter::try_new(file, slice.schema(), None).unwrap();
        writer.write(&slice).unwrap();
        writer.close().unwrap();
    }
}

fn gcd(a: usize, b: usize) -> usize {
    if b == 0 { a } else { gcd(b, a % b) }
}
