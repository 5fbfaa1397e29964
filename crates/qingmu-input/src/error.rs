//! What can stop a scan: each message says what is wrong, where, and what to do about it.
//!
//! Bad rows are no errors: they are [`Reject`](qingmu_model::Reject)s, counted and listed.

use std::path::PathBuf;

/// A failure that ends the reading of an input folder.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InputError {
    /// The file system refused something.
    #[error("{}: {source}", path.display())]
    Io {
        /// File or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The input is no folder.
    #[error(
        "{}: 不是文件夹，请给出存放各表的文件夹 / not a folder: give the folder that holds the tables",
        path.display()
    )]
    NotAFolder {
        /// The path as given.
        path: PathBuf,
    },
    /// A required table is not there.
    #[error(
        "{}: 没有 {table} 表 / no {table} table: expected {table}.parquet, {table}.csv or {table}/**/*.parquet",
        folder.display()
    )]
    NoTable {
        /// Input folder.
        folder: PathBuf,
        /// Table.
        table: &'static str,
    },
    /// One table in two forms: reading both would count its rows twice.
    #[error(
        "{}: {table} 表有两种形式，只能保留一种 / table {table} is there twice, remove one of: {}",
        folder.display(), forms.join(", ")
    )]
    TwoForms {
        /// Input folder.
        folder: PathBuf,
        /// Table.
        table: &'static str,
        /// Files and folders that hold it, relative to the input folder.
        forms: Vec<String>,
    },
    /// A symbolic link leads back to a folder above it.
    #[error(
        "{}: 符号链接成环，请删除 / the symbolic link leads back to a folder above it: remove it",
        path.display()
    )]
    SymlinkLoop {
        /// The link.
        path: PathBuf,
    },
    /// Two names lead to one file: reading both would count its rows twice.
    #[error(
        "{} 与 {} 是同一个文件，请删除其一 / both names lead to one file: remove one",
        first.display(), second.display()
    )]
    SameFile {
        /// First name.
        first: PathBuf,
        /// Second name.
        second: PathBuf,
    },
    /// A table file whose name cannot be written into the outputs.
    #[error("{}: 文件名不是 UTF-8，请改名 / the file name is no UTF-8: rename it", path.display())]
    FileName {
        /// The file.
        path: PathBuf,
    },
    /// `qingmu.toml` cannot be used.
    #[error(
        "{}{}: {}{message}", path.display(),
        line.map(|l| format!(":{l}")).unwrap_or_default(),
        key.as_ref().map(|k| format!("`{k}`: ")).unwrap_or_default()
    )]
    Config {
        /// The file.
        path: PathBuf,
        /// Line, 1-based.
        line: Option<usize>,
        /// Key with the tables it is in.
        key: Option<String>,
        /// What is wrong with it.
        message: String,
    },
    /// A required column is not there.
    #[error(
        "{}: 缺少列 {column} / column `{column}` is missing; the file has: {}",
        path.display(), if there.is_empty() { "-".to_owned() } else { there.join(", ") }
    )]
    MissingColumn {
        /// The file.
        path: PathBuf,
        /// The column.
        column: &'static str,
        /// Columns that are there, in file order.
        there: Vec<String>,
    },
    /// One name over two columns.
    #[error(
        "{}: 列名 {column} 重复 / column `{column}` is there twice: rename or remove one",
        path.display()
    )]
    DuplicateColumn {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
    },
    /// A column of a type that holds no value of ours.
    #[error(
        "{}: 列 {column} 的类型 {found} 无法读取 / column `{column}` is {found}: write it as text, a number, a boolean or a date",
        path.display()
    )]
    ColumnType {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
        /// Its type.
        found: String,
    },
    /// A header that is no UTF-8: no column can be trusted.
    #[error(
        "{}: 表头不是 UTF-8，请另存为 UTF-8 / the header is no UTF-8: save the file as UTF-8",
        path.display()
    )]
    HeaderEncoding {
        /// The file.
        path: PathBuf,
    },
    /// A damaged Parquet file.
    #[error("{}: 不是完好的 Parquet 文件 / no sound Parquet file: {source}", path.display())]
    Parquet {
        /// The file.
        path: PathBuf,
        /// What the reader said.
        source: parquet::errors::ParquetError,
    },
    /// A damaged column chunk.
    #[error("{}: 列数据损坏 / damaged column data: {source}", path.display())]
    Arrow {
        /// The file.
        path: PathBuf,
        /// What the reader said.
        source: arrow::error::ArrowError,
    },
    /// A file on which the decoder gave up without saying which part is at fault.
    #[error(
        "{}: 文件损坏，无法解码 / the file is damaged and cannot be decoded: {message}",
        path.display()
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What the decoder said.
        message: String,
    },
    /// A CSV file that could not be read on.
    #[error("{}: {source}", path.display())]
    Csv {
        /// The file.
        path: PathBuf,
        /// What the reader said.
        source: csv::Error,
    },
    /// A total beyond the fixed-point range.
    #[error("{}: {source}", path.display())]
    Total {
        /// The file.
        path: PathBuf,
        /// Which total.
        source: qingmu_model::QuantityError,
    },
}
