//! Where villages lie and how their codes changed: the rows of `villages` and `code_map` that detection reads.

use crate::{
    InputError, InputSet, cells,
    cells::Cell,
    claim_row::{Fault, cell, need},
    tables::{TableRows, read},
};
use qingmu_model::{Project, RejectCode};
use std::sync::Arc;

/// Where a village lies.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaceRow {
    /// Village code.
    pub village: Arc<str>,
    /// Latitude and longitude in degrees; `None` where not given or not on Earth.
    pub at: Option<(f64, f64)>,
}

/// From a year on, a share of what was booked under one code is booked under another.
#[derive(Debug, Clone, PartialEq)]
pub struct CodeMapRow {
    /// Code before.
    pub old: Arc<str>,
    /// Code after.
    pub new: Arc<str>,
    /// First year of the new code.
    pub from_year: i16,
    /// Share of the old village that went into the new one, above 0 and at most 1.
    pub share: f64,
}

/// Reads the coordinates of villages; nothing where the input has no villages table.
///
/// # Errors
/// [`InputError`] naming the file.
pub fn read_places(input: &InputSet, project: &Project) -> Result<TableRows<PlaceRow>, InputError> {
    let columns = ["village_code", "lat", "lon"];
    read(input, "villages", &columns, project.area_unit, |row, texts| {
        let village = need(0, cells::region(cell(row, 0), &project.region))?;
        let at = degrees(cell(row, 1), 90.0).zip(degrees(cell(row, 2), 180.0));
        Ok((PlaceRow { village: texts.share(&village), at }, None))
    })
}

/// Reads the changes of codes; nothing where the input has none.
///
/// # Errors
/// [`InputError`] naming the file.
pub fn read_code_map(
    input: &InputSet,
    project: &Project,
) -> Result<TableRows<CodeMapRow>, InputError> {
    let columns = ["old_code", "new_code", "from_year", "share"];
    read(input, "code_map", &columns, project.area_unit, |row, texts| {
        let old = need(0, cells::region(cell(row, 0), &project.region))?;
        let new = need(1, cells::region(cell(row, 1), &project.region))?;
        let from_year = need(2, cells::year(cell(row, 2)))?;
        let share = share(cell(row, 3))?;
        Ok((CodeMapRow { old: texts.share(&old), new: texts.share(&new), from_year, share }, None))
    })
}

/// A share that is not given is the whole.
fn share(raw: Cell<'_>) -> Result<f64, Fault> {
    let Some(text) = cells::text(raw).map_err(|code| (3, code))? else { return Ok(1.0) };
    let number = text.parse::<f64>().ok().filter(|v| *v > 0.0 && *v <= 1.0);
    number.ok_or((3, RejectCode::OutOfRange))
}

/// Degrees between `-most` and `most`; a place that is not on Earth is no place, and the village stays.
fn degrees(raw: Cell<'_>, most: f64) -> Option<f64> {
    let text = cells::text(raw).ok().flatten()?;
    text.parse::<f64>().ok().filter(|v| v.abs() <= most)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discover;

    type Outcome = Result<(), Box<dyn std::error::Error>>;

    #[test]
    fn codes_that_change_and_places_are_read_and_bad_rows_are_listed() -> Outcome {
        let temp = tempfile::tempdir()?;
        let write = |name: &str, text: &str| std::fs::write(temp.path().join(name), text);
        write(
            "claims.csv",
            "claim_id,year,programme,crop,village_code,claimant_id,area_mu,amount_yuan\n",
        )?;
        write("baselines.csv", "village_code,year,crop,area_mu,source\n")?;
        write(
            "villages.csv",
            "village_code,name,lat,lon\n990001001001,甲,34.5,108.8\n990001001002,乙,,\n990001001003,丙,134,8\n",
        )?;
        write(
            "code_map.csv",
            "old_code,new_code,from_year,share\n990001001001,990001001002,2021,\n990001001003,990001001002,2021,0.25\n990001001003,990001001002,2021,1.5\n",
        )?;
        let (input, project) = (discover(temp.path())?, Project::default());
        let (places, ..) = read_places(&input, &project)?;
        let at: Vec<_> = places.iter().map(|p| p.at).collect();
        assert_eq!(at, [Some((34.5, 108.8)), None, None]);
        let (rows, accounts, rejects) = read_code_map(&input, &project)?;
        assert_eq!(rows.iter().map(|r| r.share).collect::<Vec<_>>(), [1.0, 0.25]);
        assert_eq!((accounts[0].rows_read, accounts[0].rows_kept), (3, 2));
        let said = (&*rejects[0].column, rejects[0].code, rejects[0].row);
        assert_eq!(said, ("share", RejectCode::OutOfRange, 4));
        Ok(())
    }
}
