//! `rejects.csv`: every row of the ledger's files that is in no sum, where it stands, why, and what to do about it.

use crate::{
    account::FileAccount,
    error::LedgerError,
    manifest::{Manifest, source_file},
    resolve::{Held, Reason},
    tables::LedgerTable,
};
use qingmu_model::{Reject, RejectCode};
use std::path::{Path, PathBuf};

const HEADER: &str = "file,sheet,row,column,value,code,reason_zh,reason_en,remedy_zh,remedy_en";

/// Rejects of all files in force and of all rows that contradict each other, sorted.
pub(crate) fn list(
    root: &Path,
    manifest: &Manifest,
    new: &[FileAccount],
    held: &[(&'static LedgerTable, Held)],
) -> Result<Vec<Reject>, LedgerError> {
    let mut list = of_held(held);
    for source in manifest.active() {
        if let Some(account) = new.iter().find(|a| a.sha256 == source.sha256) {
            list.extend(account.rejects());
            continue;
        }
        let path = root.join(source_file(&source.sha256));
        let bytes = std::fs::read(&path).map_err(|e| LedgerError::io(&path, e))?;
        let account: FileAccount = serde_json::from_slice(&bytes)
            .map_err(|e| LedgerError::Damaged { path, why: e.to_string() })?;
        list.extend(account.rejects());
    }
    list.sort();
    Ok(list)
}

/// Rows that other files contradict, and those of divided villages.
pub(crate) fn of_held(held: &[(&'static LedgerTable, Held)]) -> Vec<Reject> {
    let code = |reason| match reason {
        Reason::Conflict => Some(RejectCode::Conflict),
        Reason::Divided => Some(RejectCode::AmbiguousVillage),
        _ => None,
    };
    held.iter()
        .filter_map(|(_, h)| {
            Some(Reject {
                file: h.row.origin.file.to_string(),
                sheet: h.row.origin.sheet.to_string(),
                row: h.row.origin.row,
                column: String::new(),
                value: h.other.clone(),
                code: code(h.reason)?,
            })
        })
        .collect()
}

/// The list of a refused addition stands beside the ledger, which is not touched.
pub(crate) fn beside(ledger: &Path) -> PathBuf {
    let mut name = ledger.components().as_path().as_os_str().to_owned();
    name.push(".rejects.csv");
    PathBuf::from(name)
}

/// CSV as spreadsheets want it: byte order mark, CRLF, text in quotes, nothing that is taken for a formula.
pub(crate) fn csv(list: &[Reject]) -> Vec<u8> {
    let mut text = format!("\u{feff}{HEADER}\r\n");
    for reject in list {
        let (reason, remedy) = (reject.code.title(), reject.code.remedy());
        let row = reject.row.to_string();
        let cells = [
            quoted(&reject.file),
            quoted(&reject.sheet),
            row,
            quoted(&reject.column),
            quoted(&reject.value),
            quoted(reject.code.code()),
            quoted(&reason.zh),
            quoted(&reason.en),
            quoted(&remedy.zh),
            quoted(&remedy.en),
        ];
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    }
    text.into_bytes()
}

fn quoted(value: &str) -> String {
    let start = value.trim_start_matches([' ', '\u{3000}', '\u{a0}']).chars().next();
    let risky = start.is_some_and(|c| "=+-@＝＋－＠".contains(c) || c.is_control());
    let guard = if risky { "'" } else { "" };
    format!("\"{guard}{}\"", value.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_becomes_a_formula() {
        for (value, cell) in [
            ("=1+1", "\"'=1+1\""),
            ("　＝HYPERLINK(\"x\")", "\"'　＝HYPERLINK(\"\"x\"\")\""),
            ("甲", "\"甲\""),
            ("", "\"\""),
        ] {
            assert_eq!(quoted(value), cell);
        }
        let reject = Reject {
            file: "台账.xls".into(),
            sheet: "1".into(),
            row: 7,
            column: "F".into(),
            value: "6104**********1000".into(),
            code: RejectCode::IdRounded,
        };
        let text = String::from_utf8(csv(&[reject])).unwrap_or_default();
        assert_eq!(
            text.trim_start_matches('\u{feff}'),
            "file,sheet,row,column,value,code,reason_zh,reason_en,remedy_zh,remedy_en\r\n\
             \"台账.xls\",\"1\",7,\"F\",\"6104**********1000\",\"id_rounded\",\"证件号末位被表格软件改写\",\
             \"a spreadsheet rounded the id's last digits\",\"请原单位按文本格式重新导出\",\
             \"ask the office to export the column as text\"\r\n"
        );
        assert_eq!(beside(Path::new("a/ledger/")), Path::new("a/ledger.rejects.csv"));
    }
}
