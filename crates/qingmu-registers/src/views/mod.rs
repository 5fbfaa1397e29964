//! One file per view.

mod account_change;
mod claim_payment;
mod claimant_account;
mod claimant_register;
mod exclusive_claim;
mod fund;
mod household_programme;
mod lease;
mod own_approval;
mod parcel_claimant;
mod payee_claimant;
mod payments;
mod programme_rate;
mod publicity;
mod register_facts;
pub(crate) mod village_season;
pub(crate) mod village_year;

use crate::gather::Context;
use qingmu_model::{View, ViewName};

/// Makes a view; `None` for one that is not this crate's.
pub(crate) fn make(name: ViewName, context: &Context<'_>) -> Option<View> {
    Some(match name {
        ViewName::ProgrammeRate => programme_rate::make(context),
        ViewName::ParcelClaimant => parcel_claimant::make(context),
        ViewName::ExclusiveClaim => exclusive_claim::make(context),
        ViewName::ClaimantRegister => claimant_register::make(context),
        ViewName::HouseholdProgramme => household_programme::make(context),
        ViewName::Lease => lease::make(context),
        ViewName::ClaimantAccount => claimant_account::make(context),
        ViewName::PayeeClaimant => payee_claimant::make(context),
        ViewName::ClaimPayment => claim_payment::make(context),
        ViewName::AccountChange => account_change::make(context),
        ViewName::VillageProgrammeYear => publicity::villages(context),
        ViewName::PublicityClaimant => publicity::claimants(context),
        ViewName::OwnApproval => own_approval::make(context),
        ViewName::Fund => fund::make(context),
        _ => return None,
    })
}
