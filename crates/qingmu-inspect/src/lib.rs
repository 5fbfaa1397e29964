//! What a file holds and what became of it, to look at before anything is kept. One account, as text and as JSON.

mod sheet;
mod text;

pub use sheet::{ColumnView, ControlView, DamageView, RejectView, SheetView, TotalsView};

use qingmu_ingest::intake::{FileIntake, Refusal};
use qingmu_model::Bilingual;
use qingmu_sheets::Note;
use serde::Serialize;
use std::path::Path;

/// Files as they were understood.
#[derive(Debug, Clone, Serialize)]
pub struct Inspection {
    /// Files in the order given.
    pub files: Vec<FileView>,
    /// Exit code: 0 every row kept, 3 some rows wait, 65 a file or sheet is refused, 70 or 74 reading failed.
    pub exit: u8,
}

/// One file.
#[derive(Debug, Clone, Serialize)]
pub struct FileView {
    /// Name without folders.
    pub name: String,
    /// SHA-256; absent where the file could not be opened.
    pub sha256: Option<String>,
    /// Format by content.
    pub format: Option<&'static str>,
    /// Text encoding.
    pub encoding: Option<String>,
    /// How the encoding was told.
    pub encoding_why: Option<Bilingual>,
    /// Remarks of the reader.
    pub notes: Vec<Bilingual>,
    /// Sheets in file order.
    pub sheets: Vec<SheetView>,
    /// Sums over its sheets.
    pub control: Option<ControlView>,
    /// Why it was not read.
    pub refused: Option<RefusedView>,
}

/// Why a file or sheet was not read.
#[derive(Debug, Clone, Serialize)]
pub struct RefusedView {
    /// Class, where there is one.
    pub code: Option<&'static str>,
    /// File, sheet and column.
    pub place: String,
    /// What is wrong.
    pub what: Bilingual,
    /// What to do.
    pub remedy: Bilingual,
}

impl Inspection {
    /// The account of files as they were read, each with the path it was given by.
    #[must_use]
    pub fn new<'a>(
        files: impl IntoIterator<Item = (&'a Path, &'a Result<FileIntake, Refusal>)>,
    ) -> Self {
        let mut exit = 0;
        let mut views = Vec::new();
        for (path, file) in files {
            let (view, code) = match file {
                Ok(file) => of_file(file),
                Err(refusal) => (of_refusal(path, refusal), refusal.exit_code()),
            };
            views.push(view);
            exit = exit.max(code);
        }
        Self { files: views, exit }
    }
}

fn of_file(file: &FileIntake) -> (FileView, u8) {
    let sheets: Vec<SheetView> = file.sheets.iter().map(|s| SheetView::new(file, s)).collect();
    let exit = if sheets.iter().any(|s| s.refused.is_some()) {
        65
    } else if sheets.iter().any(|s| s.quarantined_rows() > 0) {
        3
    } else {
        0
    };
    let view = FileView {
        name: file.name.clone(),
        sha256: Some(file.sha256.clone()),
        format: Some(file.format.name()),
        encoding: file.encoding.as_ref().map(|e| e.name.clone()),
        encoding_why: file.encoding.as_ref().map(|e| why(&e.why)),
        notes: file.notes.iter().filter_map(note).collect(),
        control: Some(ControlView::of_file(file)),
        sheets,
        refused: None,
    };
    (view, exit)
}

fn of_refusal(path: &Path, refusal: &Refusal) -> FileView {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let (code, what, remedy, sha256) = match refusal {
        Refusal::Refused { refusal, sha256, .. } => (
            Some(refusal.code.code()),
            refusal.what.clone(),
            refusal.code.remedy(),
            Some(sha256.clone()),
        ),
        other => (
            None,
            Bilingual::new("无法读取", other.to_string()),
            Bilingual::new("检查路径和权限", "check the path and its permissions"),
            None,
        ),
    };
    FileView {
        refused: Some(RefusedView { code, place: name.clone(), what, remedy }),
        name,
        sha256,
        format: None,
        encoding: None,
        encoding_why: None,
        notes: Vec::new(),
        sheets: Vec::new(),
        control: None,
    }
}

/// How an encoding was told, in words.
fn why(word: &str) -> Bilingual {
    let (zh, en) = match word {
        "given" => ("指定", "as given"),
        "bom" => ("文件开头有标记", "from the mark at its beginning"),
        "strict utf-8" => ("全部字节符合", "every byte fits"),
        "utf-16 pattern" => ("按字节规律判断", "from the pattern of its bytes"),
        "not utf-8" => ("不是 UTF-8，按国标读", "no UTF-8, so the national standard"),
        other => (other, other),
    };
    Bilingual::new(zh, en)
}

fn note(note: &Note) -> Option<Bilingual> {
    match note {
        Note::ExtensionMismatch { extension } => Some(Bilingual::new(
            format!("扩展名 .{extension} 与内容不符，按内容读取"),
            format!("the ending .{extension} does not fit the content, which decides"),
        )),
        Note::Undecodable { characters } => Some(Bilingual::new(
            format!("{characters} 个字符无法解码，所在行待核；可用 --encoding 指定编码"),
            format!("{characters} characters cannot be decoded, their rows wait; state --encoding"),
        )),
        Note::Delimiter { delimiter: ',', .. } => None,
        Note::Delimiter { delimiter, .. } => {
            let (zh, en) = match delimiter {
                '\t' => ("制表符".to_owned(), "tab".to_owned()),
                other => (other.to_string(), other.to_string()),
            };
            Some(Bilingual::new(format!("分隔符为{zh}"), format!("the separator is {en}")))
        }
    }
}
