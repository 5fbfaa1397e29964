//! Optional tables as typed rows: persons, parcels, households, programmes, posts.
//!
//! Keys are required and checked as everywhere. Any other cell that cannot be read is missing and refuses no row:
//! a person whose birth date is damaged is still in the register.

use crate::{
    InputError, InputSet,
    cells::{self, Cell},
    cells_date::{date, year_of},
    claim_row::{cell, need},
    hash::id_hash,
    intern::Interner,
    tables::{TableRows, read},
};
use qingmu_model::{Mu, Project, RejectCode, Yuan};
use std::sync::Arc;

/// A person of the register; identities as [`id_hash`], dates as days since 1970-01-01.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonRow {
    /// Who.
    pub person: u128,
    /// Whether the id number is well formed.
    pub id_valid: Option<bool>,
    /// Birth.
    pub born_on: Option<i32>,
    /// Death.
    pub deceased_on: Option<i32>,
    /// The death cell is filled and cannot be read: dead or not is unknown.
    pub death_unreadable: bool,
    /// Holds an office of the village or town.
    pub is_cadre: Option<bool>,
    /// Paid from the public purse.
    pub on_public_payroll: Option<bool>,
    /// Kin of this person.
    pub relative_of: Option<u128>,
    /// Village of registered residence.
    pub resident_of: Option<Arc<str>>,
    /// Rural registration.
    pub rural: Option<bool>,
    /// Kind of welfare, as written.
    pub welfare: Option<Arc<str>>,
    /// Lives alone.
    pub lives_alone: Option<bool>,
}

impl PersonRow {
    /// Year of death.
    #[must_use]
    pub fn died_in(&self) -> Option<i32> {
        self.deceased_on.map(year_of)
    }
}

/// A parcel of the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParcelRow {
    /// [`id_hash`] of its id.
    pub parcel: u128,
    /// Village.
    pub village: Arc<str>,
    /// Area.
    pub area: Mu,
    /// Class of land, as written.
    pub land_class: Option<Arc<str>>,
    /// [`id_hash`] of the holder.
    pub holder: Option<u128>,
    /// What the holder is, as written: a household, a collective.
    pub holder_kind: Option<Arc<str>>,
}

/// A household of the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HouseholdRow {
    /// [`id_hash`] of its id.
    pub household: u128,
    /// Village.
    pub village: Arc<str>,
    /// Villagers' group.
    pub group_no: Option<i16>,
    /// Contracted area.
    pub contract: Option<Mu>,
    /// Certified area.
    pub confirmed: Option<Mu>,
    /// Area that no subsidy is paid on.
    pub no_subsidy: Option<Mu>,
}

/// What a programme pays, somewhere, in a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgrammeRow {
    /// Programme.
    pub programme: Arc<str>,
    /// Region that it holds in; everywhere where the table does not say.
    pub region: Option<Arc<str>>,
    /// Year.
    pub year: i16,
    /// Rate.
    pub rate: Option<Yuan>,
    /// Crops, as written.
    pub eligible_crops: Option<Arc<str>>,
    /// Classes of land, as written.
    pub eligible_land: Option<Arc<str>>,
    /// What the area is, as written.
    pub area_basis: Option<Arc<str>>,
    /// First and last day of the time for claims, as written: two dates.
    pub window: Option<(i32, i32)>,
    /// Programmes that exclude it, as written.
    pub exclusive_with: Option<Arc<str>>,
    /// Days that the list must be posted.
    pub publicity_days: Option<i32>,
    /// Whether persons on the public payroll may claim.
    pub payroll_allowed: Option<bool>,
    /// Day on which eligibility is determined.
    pub eligible_on: Option<i32>,
}

/// A post that someone holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostRow {
    /// [`id_hash`] of the person.
    pub person: u128,
    /// Role, as written.
    pub role: Arc<str>,
    /// Region of the post.
    pub region: Arc<str>,
    /// First day.
    pub from_on: Option<i32>,
    /// Last day.
    pub to_on: Option<i32>,
}

/// An optional value; what cannot be read is missing.
pub(crate) fn lenient<T>(value: Result<Option<T>, RejectCode>) -> Option<T> {
    value.ok().flatten()
}

pub(crate) fn hash(text: &str) -> u128 {
    id_hash(text.as_bytes())
}

pub(crate) fn shared(texts: &mut Interner, cell: Cell<'_>) -> Option<Arc<str>> {
    lenient(cells::text(cell)).map(|text| texts.share(&text))
}

/// Two dates in one text, the first not after the second: `2022-03-01..2022-05-31`, `2022年3月1日至5月31日` is none.
fn span(text: &str) -> Option<(i32, i32)> {
    let (from, to) = ["..", "至", "~", "～", "—"].iter().find_map(|mark| text.split_once(mark))?;
    let day = |text: &str| date(Cell::text(text.trim())).ok().flatten();
    Some((day(from)?, day(to)?)).filter(|(from, to)| from <= to)
}

/// Reads the persons; nothing where the input has none.
///
/// # Errors
/// [`InputError`] naming the file.
pub fn read_persons(
    input: &InputSet,
    project: &Project,
) -> Result<TableRows<PersonRow>, InputError> {
    const COLUMNS: [&str; 11] = [
        "claimant_id",
        "id_valid",
        "birth_date",
        "deceased_on",
        "is_cadre",
        "on_public_payroll",
        "relative_of",
        "resident_of",
        "rural",
        "welfare",
        "lives_alone",
    ];
    read(input, "persons", &COLUMNS, project.area_unit, |row, texts| {
        let death = date(cell(row, 3));
        let person = PersonRow {
            person: hash(&need(0, cells::text(cell(row, 0)))?),
            id_valid: lenient(cells::flag(cell(row, 1))),
            born_on: lenient(date(cell(row, 2))),
            deceased_on: death.ok().flatten(),
            death_unreadable: death.is_err(),
            is_cadre: lenient(cells::flag(cell(row, 4))),
            on_public_payroll: lenient(cells::flag(cell(row, 5))),
            relative_of: lenient(cells::text(cell(row, 6))).map(|id| hash(&id)),
            resident_of: lenient(cells::region(cell(row, 7), &project.region))
                .map(|code| texts.share(&code)),
            rural: lenient(cells::flag(cell(row, 8))),
            welfare: shared(texts, cell(row, 9)),
            lives_alone: lenient(cells::flag(cell(row, 10))),
        };
        Ok((person, None))
    })
}

/// Reads the parcels; nothing where the input has none.
///
/// # Errors
/// [`InputError`] naming the file.
pub fn read_parcels(
    input: &InputSet,
    project: &Project,
) -> Result<TableRows<ParcelRow>, InputError> {
    const COLUMNS: [&str; 6] =
        ["parcel_id", "village_code", "area_mu", "land_class", "holder_id", "holder_kind"];
    read(input, "parcels", &COLUMNS, project.area_unit, |row, texts| {
        let parcel = hash(&need(0, cells::text(cell(row, 0)))?);
        let village = need(1, cells::region(cell(row, 1), &project.region))?;
        let area = need(2, cells::area(cell(row, 2), project.area_unit))?;
        let row = ParcelRow {
            parcel,
            village: texts.share(&village),
            area: area.0,
            land_class: shared(texts, cell(row, 3)),
            holder: lenient(cells::text(cell(row, 4))).map(|id| hash(&id)),
            holder_kind: shared(texts, cell(row, 5)),
        };
        Ok((row, Some(area)))
    })
}

/// Reads the households; nothing where the input has none.
///
/// # Errors
/// [`InputError`] naming the file.
pub fn read_households(
    input: &InputSet,
    project: &Project,
) -> Result<TableRows<HouseholdRow>, InputError> {
    const COLUMNS: [&str; 6] = [
        "household_id",
        "village_code",
        "group_no",
        "contract_area_mu",
        "confirmed_area_mu",
        "no_subsidy_area_mu",
    ];
    read(input, "households", &COLUMNS, project.area_unit, |row, texts| {
        let household = hash(&need(0, cells::text(cell(row, 0)))?);
        let village = need(1, cells::region(cell(row, 1), &project.region))?;
        let area = |at| lenient(cells::area(cell(row, at), project.area_unit)).map(|a| a.0);
        let row = HouseholdRow {
            household,
            village: texts.share(&village),
            group_no: cells::group(cell(row, 2)),
            contract: area(3),
            confirmed: area(4),
            no_subsidy: area(5),
        };
        Ok((row, None))
    })
}

/// Reads the programmes; nothing where the input has none.
///
/// # Errors
/// [`InputError`] naming the file.
pub fn read_programmes(
    input: &InputSet,
    project: &Project,
) -> Result<TableRows<ProgrammeRow>, InputError> {
    const COLUMNS: [&str; 12] = [
        "programme",
        "region",
        "year",
        "rate_yuan_per_mu",
        "eligible_crops",
        "eligible_land",
        "area_basis",
        "window",
        "exclusive_with",
        "publicity_days",
        "payroll_allowed",
        "eligible_on",
    ];
    read(input, "programmes", &COLUMNS, project.area_unit, |row, texts| {
        let programme = need(0, cells::text(cell(row, 0)))?;
        let year = need(2, cells::year(cell(row, 2)))?;
        let row = ProgrammeRow {
            programme: texts.share(&programme),
            region: shared(texts, cell(row, 1)),
            year,
            rate: lenient(cells::rate(cell(row, 3), project.area_unit)).map(|r| r.0),
            eligible_crops: shared(texts, cell(row, 4)),
            eligible_land: shared(texts, cell(row, 5)),
            area_basis: shared(texts, cell(row, 6)),
            window: lenient(cells::text(cell(row, 7))).and_then(|text| span(&text)),
            exclusive_with: shared(texts, cell(row, 8)),
            publicity_days: cells::group(cell(row, 9)).map(i32::from),
            payroll_allowed: lenient(cells::flag(cell(row, 10))),
            eligible_on: lenient(date(cell(row, 11))),
        };
        Ok((row, None))
    })
}

/// Reads the posts; nothing where the input has none.
///
/// # Errors
/// [`InputError`] naming the file.
pub fn read_posts(input: &InputSet, project: &Project) -> Result<TableRows<PostRow>, InputError> {
    const COLUMNS: [&str; 5] = ["person_id", "role", "region", "from_on", "to_on"];
    read(input, "posts", &COLUMNS, project.area_unit, |row, texts| {
        let person = hash(&need(0, cells::text(cell(row, 0)))?);
        let role = need(1, cells::text(cell(row, 1)))?;
        let region = need(2, cells::text(cell(row, 2)))?;
        let row = PostRow {
            person,
            role: texts.share(&role),
            region: texts.share(&region),
            from_on: lenient(date(cell(row, 3))),
            to_on: lenient(date(cell(row, 4))),
        };
        Ok((row, None))
    })
}

#[cfg(test)]
#[path = "registers_tests.rs"]
mod tests;
