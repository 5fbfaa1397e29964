//! Optional tables about money and its publicity: payments, flows, funds, lists posted, inspections, organisations.
//!
//! As with the registers, keys are required; any other cell that cannot be read is missing and refuses no row.

use crate::cells_date::date;
use crate::claim_row::{cell, need};
use crate::registers::{hash, lenient, shared};
use crate::tables::{TableRows, read};
use crate::{InputError, InputSet, cells};
use qingmu_model::{Mu, Project, Yuan};
use std::sync::Arc;

/// A payment on a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentRow {
    /// The claim.
    pub claim: Arc<str>,
    /// Day.
    pub paid_on: Option<i32>,
    /// Amount.
    pub amount: Yuan,
    /// [`id_hash`](crate::id_hash) of the account.
    pub account: Option<u128>,
    /// Holder of the account, in clear text.
    pub holder: Option<Arc<str>>,
    /// Status, as written.
    pub status: Option<Arc<str>>,
    /// Kind of payee, as written.
    pub payee_kind: Option<Arc<str>>,
    /// Whether a proxy is on file.
    pub proxy_on_file: Option<bool>,
    /// Bank branch.
    pub branch: Option<Arc<str>>,
    /// First day of the account for this claimant.
    pub account_since_on: Option<i32>,
}

/// Money that left an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlowRow {
    /// [`id_hash`](crate::id_hash) of the account.
    pub account: u128,
    /// Day.
    pub flow_on: i32,
    /// Amount.
    pub amount: Yuan,
    /// Kind, as written.
    pub kind: Option<Arc<str>>,
    /// Where it was withdrawn.
    pub outlet: Option<Arc<str>>,
    /// [`id_hash`](crate::id_hash) of the account that it went to.
    pub to: Option<u128>,
}

/// Money of a programme in a region and year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FundRow {
    /// Region.
    pub region: Arc<str>,
    /// Programme.
    pub programme: Arc<str>,
    /// Year.
    pub year: i16,
    /// Money appropriated.
    pub appropriated: Yuan,
    /// Carried over from the year before.
    pub carried_in: Option<Yuan>,
    /// Carried over to the next year.
    pub carried_out: Option<Yuan>,
}

/// What was posted in a village: a whole list, or one claimant of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicityRow {
    /// Village.
    pub village: Arc<str>,
    /// Programme.
    pub programme: Arc<str>,
    /// Year.
    pub year: i16,
    /// First day.
    pub from: Option<i32>,
    /// Last day.
    pub to: Option<i32>,
    /// Claimant, in clear text.
    pub claimant: Option<Arc<str>>,
    /// Area.
    pub area: Option<Mu>,
    /// Amount.
    pub amount: Option<Yuan>,
}

/// What an inspection found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InspectionRow {
    /// Village.
    pub village: Option<Arc<str>>,
    /// Day.
    pub inspected_on: Option<i32>,
    /// Verdict, as written.
    pub verdict: Arc<str>,
    /// Money found due for recovery.
    pub proven: Option<Yuan>,
    /// Money recovered.
    pub recovered: Option<Yuan>,
    /// Day by which it is due.
    pub due_on: Option<i32>,
}

/// An organisation with one of its members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganisationRow {
    /// [`id_hash`](crate::id_hash) of its code.
    pub organisation: u128,
    /// [`id_hash`](crate::id_hash) of its legal representative.
    pub rep: Option<u128>,
    /// [`id_hash`](crate::id_hash) of a member.
    pub member: Option<u128>,
}

/// Reads the payments; nothing where the input has none.
///
/// # Errors
/// [`InputError`] naming the file.
pub fn read_payments(
    input: &InputSet,
    project: &Project,
) -> Result<TableRows<PaymentRow>, InputError> {
    const COLUMNS: [&str; 10] = [
        "claim_id",
        "paid_on",
        "amount_yuan",
        "account",
        "account_holder",
        "status",
        "payee_kind",
        "proxy_on_file",
        "branch",
        "account_since_on",
    ];
    read(input, "payments", &COLUMNS, project.area_unit, |row, texts| {
        let claim = need(0, cells::text(cell(row, 0)))?;
        let amount = need(2, cells::amount(cell(row, 2)))?.0;
        let row = PaymentRow {
            claim: Arc::from(&*claim),
            paid_on: lenient(date(cell(row, 1))),
            amount,
            account: lenient(cells::text(cell(row, 3))).map(|account| hash(&account)),
            holder: lenient(cells::text(cell(row, 4))).map(|id| Arc::from(&*id)),
            status: shared(texts, cell(row, 5)),
            payee_kind: shared(texts, cell(row, 6)),
            proxy_on_file: lenient(cells::flag(cell(row, 7))),
            branch: shared(texts, cell(row, 8)),
            account_since_on: lenient(date(cell(row, 9))),
        };
        Ok((row, None))
    })
}

/// Reads the flows of accounts; nothing where the input has none.
///
/// # Errors
/// [`InputError`] naming the file.
pub fn read_flows(input: &InputSet, project: &Project) -> Result<TableRows<FlowRow>, InputError> {
    const COLUMNS: [&str; 6] =
        ["account", "flow_on", "amount_yuan", "kind", "outlet", "to_account"];
    read(input, "flows", &COLUMNS, project.area_unit, |row, texts| {
        let account = hash(&need(0, cells::text(cell(row, 0)))?);
        let flow_on = need(1, date(cell(row, 1)))?;
        let amount = need(2, cells::amount(cell(row, 2)))?.0;
        let row = FlowRow {
            account,
            flow_on,
            amount,
            kind: shared(texts, cell(row, 3)),
            outlet: shared(texts, cell(row, 4)),
            to: lenient(cells::text(cell(row, 5))).map(|account| hash(&account)),
        };
        Ok((row, None))
    })
}

/// Reads the funds; nothing where the input has none.
///
/// # Errors
/// [`InputError`] naming the file.
pub fn read_funds(input: &InputSet, project: &Project) -> Result<TableRows<FundRow>, InputError> {
    const COLUMNS: [&str; 6] =
        ["region", "programme", "year", "appropriated_yuan", "carried_in_yuan", "carried_out_yuan"];
    read(input, "funds", &COLUMNS, project.area_unit, |row, texts| {
        let region = need(0, cells::text(cell(row, 0)))?;
        let programme = need(1, cells::text(cell(row, 1)))?;
        let year = need(2, cells::year(cell(row, 2)))?;
        let appropriated = need(3, cells::amount(cell(row, 3)))?.0;
        let amount = |at| lenient(cells::amount(cell(row, at))).map(|a| a.0);
        let row = FundRow {
            region: texts.share(&region),
            programme: texts.share(&programme),
            year,
            appropriated,
            carried_in: amount(4),
            carried_out: amount(5),
        };
        Ok((row, None))
    })
}

/// Reads what was posted; nothing where the input has none.
///
/// # Errors
/// [`InputError`] naming the file.
pub fn read_publicity(
    input: &InputSet,
    project: &Project,
) -> Result<TableRows<PublicityRow>, InputError> {
    const COLUMNS: [&str; 8] = [
        "village_code",
        "programme",
        "year",
        "posted_from",
        "posted_to",
        "claimant_id",
        "area_mu",
        "amount_yuan",
    ];
    read(input, "publicity", &COLUMNS, project.area_unit, |row, texts| {
        let village = need(0, cells::region(cell(row, 0), &project.region))?;
        let programme = need(1, cells::text(cell(row, 1)))?;
        let year = need(2, cells::year(cell(row, 2)))?;
        let area = lenient(cells::area(cell(row, 6), project.area_unit));
        let row = PublicityRow {
            village: texts.share(&village),
            programme: texts.share(&programme),
            year,
            from: lenient(date(cell(row, 3))),
            to: lenient(date(cell(row, 4))),
            claimant: lenient(cells::text(cell(row, 5))).map(|id| Arc::from(&*id)),
            area: area.map(|a| a.0),
            amount: lenient(cells::amount(cell(row, 7))).map(|a| a.0),
        };
        Ok((row, area))
    })
}

/// Reads the inspections; nothing where the input has none.
///
/// # Errors
/// [`InputError`] naming the file.
pub fn read_inspections(
    input: &InputSet,
    project: &Project,
) -> Result<TableRows<InspectionRow>, InputError> {
    const COLUMNS: [&str; 6] =
        ["village_code", "inspected_on", "verdict", "proven_yuan", "recovered_yuan", "due_on"];
    read(input, "inspections", &COLUMNS, project.area_unit, |row, texts| {
        let verdict = need(2, cells::text(cell(row, 2)))?;
        let amount = |at| lenient(cells::amount(cell(row, at))).map(|a| a.0);
        let village = lenient(cells::region(cell(row, 0), &project.region));
        let row = InspectionRow {
            village: village.map(|code| texts.share(&code)),
            inspected_on: lenient(date(cell(row, 1))),
            verdict: texts.share(&verdict),
            proven: amount(3),
            recovered: amount(4),
            due_on: lenient(date(cell(row, 5))),
        };
        Ok((row, None))
    })
}

/// Reads the organisations; nothing where the input has none.
///
/// # Errors
/// [`InputError`] naming the file.
pub fn read_organisations(
    input: &InputSet,
    project: &Project,
) -> Result<TableRows<OrganisationRow>, InputError> {
    const COLUMNS: [&str; 3] = ["org_id", "rep_id", "member_id"];
    read(input, "organisations", &COLUMNS, project.area_unit, |row, _| {
        let organisation = hash(&need(0, cells::text(cell(row, 0)))?);
        let person = |at| lenient(cells::text(cell(row, at))).map(|id| hash(&id));
        Ok((OrganisationRow { organisation, rep: person(1), member: person(2) }, None))
    })
}

#[cfg(test)]
#[path = "money_tests.rs"]
mod tests;
