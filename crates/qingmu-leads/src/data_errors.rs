//! `data_errors.csv`: slips in the data, repaired for the statistics and held against nobody.

use crate::error::LeadError;
use crate::text::{Line, write_lines};
use qingmu_model::{DataError, DataErrorKind};
use std::io::Write;

const OUTPUT: &str = "data_errors.csv";

const HEADER: [&str; 13] = [
    "kind",
    "village_code",
    "year",
    "programme",
    "source",
    "claimant_id",
    "file",
    "row",
    "rows",
    "filed_mu",
    "used_mu",
    "say_zh",
    "say_en",
];

/// Stable name of a kind of slip.
const fn name(kind: DataErrorKind) -> &'static str {
    match kind {
        DataErrorKind::HectareList => "hectare_list",
        DataErrorKind::TenFold => "ten_fold",
        DataErrorKind::SwappedDigits => "swapped_digits",
        DataErrorKind::MissingArea => "missing_area",
        DataErrorKind::WrongVillage => "wrong_village",
        DataErrorKind::EmptySource => "empty_source",
        DataErrorKind::SourceGlitch => "source_glitch",
        DataErrorKind::CopiedSource => "copied_source",
    }
}

/// Writes `data_errors.csv`, sorted by village, year, kind and row; ids masked.
///
/// # Errors
/// [`LeadError::Write`] when `out` refuses.
pub fn write_data_errors(errors: &[DataError], mut out: impl Write) -> Result<(), LeadError> {
    let mut sorted: Vec<&DataError> = errors.iter().collect();
    sorted.sort_by(|a, b| {
        let key = |e: &'_ DataError| {
            (e.year, e.kind, e.at.clone(), e.programme.clone(), e.source.clone())
        };
        a.village_code.cmp(&b.village_code).then_with(|| key(a).cmp(&key(b)))
    });
    let lines = sorted.into_iter().map(|error| {
        let mut line = Line::default();
        line.text(name(error.kind))
            .text(&error.village_code)
            .number(Some(error.year))
            .maybe(error.programme.as_deref())
            .maybe(error.source.as_deref())
            .maybe(error.claimant.as_ref().map(ToString::to_string).as_deref())
            .maybe(error.at.as_ref().map(|(file, _)| file.as_str()))
            .number(error.at.as_ref().map(|(_, row)| row))
            .number(Some(error.rows))
            .number(error.filed_mu)
            .number(error.used_mu)
            .text(&error.say.zh)
            .text(&error.say.en);
        line
    });
    write_lines(OUTPUT, &HEADER, lines, &mut out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use qingmu_model::{Bilingual, ClaimantId, Mu};

    #[test]
    fn a_slip_is_listed_with_its_row_and_its_claimant_masked() -> Result<(), LeadError> {
        let error = |village: &str, at: Option<(String, u64)>| DataError {
            kind: DataErrorKind::TenFold,
            village_code: village.to_owned(),
            year: 2021,
            programme: Some("GRAIN".to_owned()),
            source: None,
            claimant: Some(ClaimantId::new("990001197001011230")),
            at,
            rows: 1,
            filed_mu: Some(Mu::from_raw(425_000)),
            used_mu: Some(Mu::from_raw(42_500)),
            say: Bilingual::new("多写一位", "one digit too many"),
        };
        let errors = [error("2", Some(("claims.csv".to_owned(), 7))), error("1", None)];
        let mut bytes = Vec::new();
        write_data_errors(&errors, &mut bytes)?;
        let text = String::from_utf8_lossy(&bytes);
        let lines: Vec<&str> = text.lines().skip(1).collect();
        assert_eq!(
            lines,
            [
                "\"ten_fold\",\"1\",2021,\"GRAIN\",,\"9900**********1230\",,,1,42.5000,4.2500,\"多写一位\",\"one digit too many\"",
                "\"ten_fold\",\"2\",2021,\"GRAIN\",,\"9900**********1230\",\"claims.csv\",7,1,42.5000,4.2500,\"多写一位\",\"one digit too many\"",
            ]
        );
        Ok(())
    }
}
