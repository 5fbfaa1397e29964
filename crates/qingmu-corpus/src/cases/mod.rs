//! The corpus: every file with its truth.

mod baselines;
mod claim;
mod columns;
mod dates;
mod formats;
mod households;
mod identity;
mod layout;
mod numbers;
mod printed;
mod refusals;
mod regions;
mod sheets;
mod spellings;
mod tables;
mod totals;
mod typed;
mod units;
mod village_cells;

use crate::page::Page;
use crate::places::TOWN;
use crate::sheet::Sheet;
use crate::truth::{CorpusFile, Given, Truth};
use crate::write::Format;

/// All files, each with a name of its own.
#[must_use]
pub fn corpus() -> Vec<CorpusFile> {
    [
        formats::files(),
        layout::files(),
        totals::files(),
        village_cells::files(),
        sheets::files(),
        units::files(),
        numbers::files(),
        dates::files(),
        identity::files(),
        regions::files(),
        spellings::files(),
        baselines::files(),
        tables::files(),
        refusals::files(),
        printed::files(),
        households::files(),
        columns::files(),
        typed::files(),
    ]
    .concat()
}

/// A file that is read.
fn file(name: &str, shows: &[&'static str], format: Format, pages: Vec<Page>) -> CorpusFile {
    let sheets: Vec<_> = pages.iter().map(|p| p.sheet.clone()).collect();
    let mut truths: Vec<_> = pages.into_iter().map(|p| p.truth).collect();
    if !matches!(format, Format::Xlsx | Format::Xls | Format::Xls5 | Format::Ods) {
        for truth in &mut truths {
            truth.sheet.clear();
        }
    }
    CorpusFile {
        name: format!("{name}.{}", format.ending()),
        shows: shows.to_vec(),
        bytes: format.file(&sheets),
        given: Given { town: Some(TOWN), ..Given::default() },
        truth: Truth::Sheets(truths),
    }
}

/// A file of one sheet that is refused with these words.
fn refused(
    name: &str,
    shows: &[&'static str],
    format: Format,
    mut page: Page,
    words: &'static str,
) -> CorpusFile {
    page.truth.refused = Some(words);
    file(name, shows, format, vec![page])
}

/// A small register as one sheet; for Parquet the names of the data model stand in its first row.
#[must_use]
pub fn register(format: Format) -> Sheet {
    if format == Format::Parquet {
        return formats::exported_sheet();
    }
    claim::register("2024年", &claim::claims(1, 3, 9)).sheet
}
