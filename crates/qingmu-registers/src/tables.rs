//! The optional tables as read, with the accounts of their files.

use qingmu_input::tables::{
    self as input, FlowRow, FundRow, HouseholdRow, InspectionRow, OrganisationRow, ParcelRow,
    PaymentRow, PersonRow, PostRow, ProgrammeRow, PublicityRow, TableRows, TransferRow,
};
use qingmu_input::{InputError, InputSet};
use qingmu_model::{InputAccount, Project, Reject};

/// Optional tables; `None` where the input has no such table.
#[derive(Debug, Default)]
pub(crate) struct Tables {
    pub(crate) persons: Option<Vec<PersonRow>>,
    pub(crate) households: Option<Vec<HouseholdRow>>,
    pub(crate) parcels: Option<Vec<ParcelRow>>,
    pub(crate) transfers: Option<Vec<TransferRow>>,
    pub(crate) payments: Option<Vec<PaymentRow>>,
    pub(crate) programmes: Option<Vec<ProgrammeRow>>,
    pub(crate) posts: Option<Vec<PostRow>>,
    pub(crate) publicity: Option<Vec<PublicityRow>>,
    pub(crate) inspections: Option<Vec<InspectionRow>>,
    pub(crate) organisations: Option<Vec<OrganisationRow>>,
    pub(crate) flows: Option<Vec<FlowRow>>,
    pub(crate) funds: Option<Vec<FundRow>>,
    /// Accounts of the files read.
    pub(crate) inputs: Vec<InputAccount>,
    /// Refused rows.
    pub(crate) rejects: Vec<Reject>,
}

type Read<T> = fn(&InputSet, &Project) -> Result<TableRows<T>, InputError>;

impl Tables {
    /// Reads every optional table of the input.
    ///
    /// # Errors
    /// [`InputError`] naming the file.
    pub(crate) fn read(set: &InputSet, project: &Project) -> Result<Self, InputError> {
        let mut all = Self::default();
        all.persons = all.one(set, project, "persons", input::read_persons)?;
        all.households = all.one(set, project, "households", input::read_households)?;
        all.parcels = all.one(set, project, "parcels", input::read_parcels)?;
        all.transfers = all.one(set, project, "transfers", input::read_transfers)?;
        all.payments = all.one(set, project, "payments", input::read_payments)?;
        all.programmes = all.one(set, project, "programmes", input::read_programmes)?;
        all.posts = all.one(set, project, "posts", input::read_posts)?;
        all.publicity = all.one(set, project, "publicity", input::read_publicity)?;
        all.inspections = all.one(set, project, "inspections", input::read_inspections)?;
        all.organisations = all.one(set, project, "organisations", input::read_organisations)?;
        all.flows = all.one(set, project, "flows", input::read_flows)?;
        all.funds = all.one(set, project, "funds", input::read_funds)?;
        Ok(all)
    }

    fn one<T>(
        &mut self,
        set: &InputSet,
        project: &Project,
        name: &str,
        read: Read<T>,
    ) -> Result<Option<Vec<T>>, InputError> {
        if !set.tables.contains_key(name) {
            return Ok(None);
        }
        let (rows, accounts, rejects) = read(set, project)?;
        self.inputs.extend(accounts);
        self.rejects.extend(rejects);
        Ok(Some(rows))
    }
}
