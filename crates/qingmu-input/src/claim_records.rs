//! Claims one by one with every column, for what is looked up in registers.

use crate::cells_date::date;
use crate::claim_row::{Claim, ROW_COLUMNS, cell};
use crate::registers::lenient;
use crate::rows::{Row, TableReader};
use crate::{InputError, InputSet, cells};
use qingmu_model::{Mu, Project, Season, Yuan, table};

/// Columns beside [`ROW_COLUMNS`].
const OWN: [&str; 3] = ["claimant_name", "submitted_on", "approved_on"];

/// One kept claim, identities in clear text; dates as days since 1970-01-01. What is wrong in the optional columns
/// that a scan does not add up is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimRecord<'a> {
    /// Its id.
    pub id: &'a str,
    /// Year.
    pub year: i16,
    /// Season.
    pub season: Season,
    /// Programme.
    pub programme: &'a str,
    /// Crop.
    pub crop: &'a str,
    /// Village code.
    pub village: &'a str,
    /// Claimant.
    pub claimant: &'a str,
    /// Name of the claimant.
    pub name: Option<&'a str>,
    /// Household.
    pub household: Option<&'a str>,
    /// Account.
    pub account: Option<&'a str>,
    /// Parcel.
    pub parcel: Option<&'a str>,
    /// Area.
    pub area: Mu,
    /// Rate.
    pub rate: Option<Yuan>,
    /// Amount.
    pub amount: Yuan,
    /// Recorder.
    pub recorder: Option<&'a str>,
    /// Approver.
    pub approver: Option<&'a str>,
    /// Day of submission.
    pub submitted_on: Option<i32>,
    /// Day of approval.
    pub approved_on: Option<i32>,
}

/// Hands every claim that a scan keeps to `sink`, file by file. Rows that a scan refuses are passed over: it lists
/// them.
///
/// # Errors
/// [`InputError`] naming the file.
pub fn each_claim(
    input: &InputSet,
    project: &Project,
    sink: &mut dyn FnMut(&ClaimRecord<'_>),
) -> Result<(), InputError> {
    let Some(schema) = table("claims") else { return Ok(()) };
    let wanted: Vec<&str> = ROW_COLUMNS.into_iter().chain(OWN).collect();
    for file in input.tables.get("claims").into_iter().flatten() {
        let reader = TableReader::open(file, schema, &wanted)?;
        reader.for_each(&mut |_, row| {
            let Row::Cells(row) = row else { return Ok(()) };
            let Ok(claim) = Claim::check(&row[..ROW_COLUMNS.len()], project) else { return Ok(()) };
            let own = ROW_COLUMNS.len();
            let name = lenient(cells::text(cell(row, own)));
            sink(&ClaimRecord {
                id: &claim.id,
                year: claim.year,
                season: claim.season,
                programme: &claim.programme,
                crop: &claim.crop,
                village: &claim.village,
                claimant: &claim.claimant,
                name: name.as_deref(),
                household: claim.household.as_deref(),
                account: claim.account.as_deref(),
                parcel: claim.parcel.as_deref(),
                area: claim.area.0,
                rate: claim.rate,
                amount: claim.amount.0,
                recorder: claim.recorder.as_deref(),
                approver: claim.approver.as_deref(),
                submitted_on: lenient(date(cell(row, own + 1))),
                approved_on: lenient(date(cell(row, own + 2))),
            });
            Ok(())
        })?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{CLAIM, CLAIMS, Tested, cells as line, csv_file, parquet_file, with};
    use std::collections::BTreeMap;

    #[test]
    fn what_a_scan_keeps_is_handed_over_with_names_and_dates() -> Tested {
        let dir = tempfile::tempdir()?;
        let header = format!("{CLAIMS},claimant_name,submitted_on,approved_on,parcel_id");
        let good = format!("{CLAIM},某甲,2023-05-02,nonsense,l1");
        let rows = vec![line(&good), with(&header, &good, "area_mu", "-1"), line("c3,2023")];
        let rows = [rows.clone(), rows[..2].to_vec()];
        let csv = csv_file(dir.path(), "claims.csv", &header, &rows[0])?;
        let parquet = parquet_file(dir.path(), "claims.parquet", &header, &rows[1])?;
        for file in [csv, parquet] {
            let tables = BTreeMap::from([("claims".to_owned(), vec![file])]);
            let set = InputSet { root: dir.path().to_owned(), tables, passed_over: Vec::new() };
            let mut found = Vec::new();
            each_claim(&set, &Project::default(), &mut |claim| {
                found.push((
                    claim.id.to_owned(),
                    claim.name.map(str::to_owned),
                    claim.submitted_on,
                    claim.approved_on,
                    claim.parcel.map(str::to_owned),
                    claim.area.raw(),
                ));
            })?;
            let name = Some("某甲".to_owned());
            let want = ("c1".to_owned(), name, Some(19_479), None, Some("l1".to_owned()), 125_000);
            assert_eq!(found, [want]);
        }
        Ok(())
    }
}
