//! Rows of a ledger as text, and the key that its pseudonyms are made with.

use arrow::util::display::{ArrayFormatter, FormatOptions};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use qingmu_ingest::{IdRule, MasterKey, Pseudonyms, read_id};
use qingmu_sheets::Value;
use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// A stored row by column; empty cells are absent.
pub(crate) type Stored = BTreeMap<String, String>;

/// A key that every run of a test shares.
pub(crate) struct Key {
    pub(crate) path: PathBuf,
    pseudonyms: Pseudonyms,
}

impl Key {
    /// Writes a key file; the key is that of tests and no secret.
    pub(crate) fn new(dir: &Path) -> Self {
        let path = dir.join("test.key");
        let mut file =
            OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path).unwrap();
        writeln!(file, "{}", "3c".repeat(32)).unwrap();
        let pseudonyms = Pseudonyms::new(&MasterKey::load(&path).unwrap());
        Self { path, pseudonyms }
    }

    /// The pseudonym of an id, or of a name where it is none.
    pub(crate) fn person(&self, clear: &str) -> String {
        match read_id(&Value::Text(clear.to_owned()), IdRule::China) {
            Ok(id) => self.pseudonyms.person(&id),
            Err(_) => self.pseudonyms.named(clear),
        }
        .reveal("the truth of a test")
        .to_owned()
    }

    /// The pseudonym of an account.
    pub(crate) fn account(&self, clear: &str) -> String {
        self.pseudonyms.account(clear).reveal("the truth of a test").to_owned()
    }

    /// The pseudonym of a household's number.
    pub(crate) fn household(&self, clear: &str) -> String {
        self.pseudonyms.household(clear)
    }
}

/// Rows of a table that are in force.
pub(crate) fn rows(ledger: &Path, table: &str) -> Vec<Stored> {
    let folder = ledger.join(table);
    if !folder.exists() {
        return Vec::new();
    }
    let files = crate::running::files(&folder);
    files
        .iter()
        .filter(|f| f.extension().is_some_and(|e| e == "parquet"))
        .flat_map(|f| read(&folder.join(f)))
        .collect()
}

/// Rows of a Parquet file.
pub(crate) fn read(path: &Path) -> Vec<Stored> {
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap())
        .unwrap()
        .build()
        .unwrap();
    let mut rows = Vec::new();
    for batch in reader {
        let batch = batch.unwrap();
        let options = FormatOptions::default();
        let columns: Vec<_> = batch
            .schema()
            .fields()
            .iter()
            .zip(batch.columns())
            .map(|(field, array)| {
                (field.name().clone(), ArrayFormatter::try_new(array, &options).unwrap())
            })
            .collect();
        for row in 0..batch.num_rows() {
            let cell = |(name, column): &(String, ArrayFormatter<'_>)| {
                let text = column.value(row).to_string();
                (!text.is_empty()).then(|| (name.clone(), text))
            };
            rows.push(columns.iter().filter_map(cell).collect());
        }
    }
    rows
}
