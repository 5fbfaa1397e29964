//! `rejects.csv`: every row that was read and not used, and what to do about it.

use crate::error::LeadError;
use crate::text::{Line, write_lines};
use qingmu_model::Reject;
use std::io::Write;

const HEADER: [&str; 10] = [
    "file",
    "sheet",
    "row",
    "column",
    "value",
    "code",
    "reason_zh",
    "reason_en",
    "remedy_zh",
    "remedy_en",
];

/// Writes `rejects.csv`, sorted by file, sheet, row and column.
///
/// # Errors
/// [`LeadError::Write`] when `out` refuses.
pub fn write_rejects(rejects: &[Reject], mut out: impl Write) -> Result<(), LeadError> {
    let mut sorted: Vec<&Reject> = rejects.iter().collect();
    sorted.sort_unstable();
    let lines = sorted.into_iter().map(|reject| {
        let (reason, remedy) = (reject.code.title(), reject.code.remedy());
        let mut line = Line::default();
        line.text(&reject.file)
            .text(&reject.sheet)
            .number(Some(reject.row))
            .text(&reject.column)
            .text(&reject.value)
            .text(reject.code.code())
            .text(&reason.zh)
            .text(&reason.en)
            .text(&remedy.zh)
            .text(&remedy.en);
        line
    });
    write_lines("rejects.csv", &HEADER, lines, &mut out)
}
