//! Views: the small typed tables that rules run on.
//!
//! A view is a closed list of columns over rows in canonical order (sorted by key), so that everything
//! computed from it is the same whatever the order of the input. Facts stay integers in the column's unit.

use crate::ids::IdKind;
use crate::unit::Unit;
use std::{fmt, str::FromStr, sync::Arc};

/// The views that a rule may scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ViewName {
    /// village x year x season x programme x crop, with exact sums and counts.
    Panel,
    /// village x year.
    VillageYear,
    /// village x year x season x programme.
    VillageSeasonProgramme,
    /// claimant x village x year x season x programme; claimants with one village only are counted, not listed.
    ClaimantVillage,
    /// account x claimant x year; accounts with one claimant only are counted, not listed.
    AccountClaimant,
    /// town x approver x village x year.
    ApproverVillage,
    /// Single claims whose amount is not area x rate; the others are counted, not listed.
    Claim,
    /// village x year x programme x crop x rate: what was paid per mu beside the schedule and the county's usual rate.
    ProgrammeRate,
    /// parcel x year x season x programme x claimant, where several claim it, more is claimed than it has, or a
    /// collective holds it; the other parcels are counted, not listed.
    ParcelClaimant,
    /// claimant x year x programme x another programme that excludes it; claimants without such a pair are counted,
    /// not listed.
    ExclusiveClaim,
    /// claimant x year x programme x village, where a register or the claims say something that a rule could ask
    /// about; the others are counted, not listed.
    ClaimantRegister,
    /// village x household x year x season x programme, for households that claims or the register name.
    HouseholdProgramme,
    /// lessor x lessee x year x programme, where both claim.
    Lease,
    /// claimant x year x programme x account, for claimants with several accounts; the others are counted, not listed.
    ClaimantAccount,
    /// payee x year x claimant, where the money went to somebody else; the other payments are counted, not listed.
    PayeeClaimant,
    /// Single claims whose payments differ from them, or went to a collective or in cash; the others are counted, not
    /// listed.
    ClaimPayment,
    /// bank branch x year x village x claimant, where the account began shortly before the payment; the others are
    /// counted, not listed.
    AccountChange,
    /// village x year x programme: what was posted for the village to read.
    VillageProgrammeYear,
    /// village x year x programme x claimant: what was posted beside what was claimed, where they differ; the others
    /// are counted, not listed.
    PublicityClaimant,
    /// approver x year x village x claimant, where the approver is the claimant or kin of theirs; the others are
    /// counted, not listed.
    OwnApproval,
    /// region x year x programme: money appropriated, carried over and paid.
    Fund,
}

impl ViewName {
    /// All views, canonical order.
    pub const ALL: [Self; 21] = [
        Self::Panel,
        Self::VillageYear,
        Self::VillageSeasonProgramme,
        Self::ClaimantVillage,
        Self::AccountClaimant,
        Self::ApproverVillage,
        Self::Claim,
        Self::ProgrammeRate,
        Self::ParcelClaimant,
        Self::ExclusiveClaim,
        Self::ClaimantRegister,
        Self::HouseholdProgramme,
        Self::Lease,
        Self::ClaimantAccount,
        Self::PayeeClaimant,
        Self::ClaimPayment,
        Self::AccountChange,
        Self::VillageProgrammeYear,
        Self::PublicityClaimant,
        Self::OwnApproval,
        Self::Fund,
    ];

    /// Name as rule files write it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Panel => "panel",
            Self::VillageYear => "village_year",
            Self::VillageSeasonProgramme => "village_season_programme",
            Self::ClaimantVillage => "claimant_village",
            Self::AccountClaimant => "account_claimant",
            Self::ApproverVillage => "approver_village",
            Self::Claim => "claim",
            Self::ProgrammeRate => "programme_rate",
            Self::ParcelClaimant => "parcel_claimant",
            Self::ExclusiveClaim => "exclusive_claim",
            Self::ClaimantRegister => "claimant_register",
            Self::HouseholdProgramme => "household_programme",
            Self::Lease => "lease",
            Self::ClaimantAccount => "claimant_account",
            Self::PayeeClaimant => "payee_claimant",
            Self::ClaimPayment => "claim_payment",
            Self::AccountChange => "account_change",
            Self::VillageProgrammeYear => "village_programme_year",
            Self::PublicityClaimant => "publicity_claimant",
            Self::OwnApproval => "own_approval",
            Self::Fund => "fund",
        }
    }

    /// Key columns: they identify a row, in the order of its canonical sort.
    #[must_use]
    pub const fn keys(self) -> &'static [&'static str] {
        match self {
            Self::Panel => &["village_code", "year", "season", "programme", "crop"],
            Self::VillageYear => &["village_code", "year"],
            Self::VillageSeasonProgramme => &["village_code", "year", "season", "programme"],
            Self::ClaimantVillage => {
                &["claimant_id", "year", "season", "programme", "village_code"]
            }
            Self::AccountClaimant => &["account", "year", "claimant_id"],
            Self::ApproverVillage => &["town_code", "approver_id", "year", "village_code"],
            Self::Claim | Self::ClaimPayment => {
                &["village_code", "year", "season", "programme", "claim_id"]
            }
            Self::ProgrammeRate => {
                &["village_code", "year", "programme", "crop", "rate_yuan_per_mu"]
            }
            Self::ParcelClaimant => &["parcel_id", "year", "season", "programme", "claimant_id"],
            Self::ExclusiveClaim => &["claimant_id", "year", "programme", "other_programme"],
            Self::ClaimantRegister => &["claimant_id", "year", "programme", "village_code"],
            Self::HouseholdProgramme => {
                &["village_code", "household_id", "year", "season", "programme"]
            }
            Self::Lease => &["from_id", "to_id", "year", "programme"],
            Self::ClaimantAccount => &["claimant_id", "year", "programme", "account"],
            Self::PayeeClaimant => &["payee_id", "year", "claimant_id"],
            Self::AccountChange => &["branch", "year", "village_code", "claimant_id"],
            Self::VillageProgrammeYear => &["village_code", "year", "programme"],
            Self::PublicityClaimant => &["village_code", "year", "programme", "claimant_id"],
            Self::OwnApproval => &["approver_id", "year", "village_code", "claimant_id"],
            Self::Fund => &["region_code", "year", "programme"],
        }
    }
}

impl fmt::Display for ViewName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ViewName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|v| v.as_str() == text).ok_or_else(|| {
            let known: Vec<&str> = Self::ALL.iter().map(|v| v.as_str()).collect();
            format!("view `{text}` is none of {}", known.join(", "))
        })
    }
}

/// Type of a view column as rules see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ColumnType {
    /// A number with its unit.
    Number(Unit),
    /// Plain text: codes, names, season, programme, crop. `year` is a number.
    Text,
    /// A masked identity.
    Id(IdKind),
    /// Yes or no.
    Flag,
}

/// Values of a column; `None` is missing, which is never the same as zero.
#[derive(Debug, Clone, PartialEq)]
pub enum Data {
    /// Exact integers, to be divided by `10^scale`.
    Fixed {
        /// Decimals.
        scale: u32,
        /// One per row.
        values: Vec<Option<i64>>,
    },
    /// Statistics. Never NaN or infinite: such a value is `None`.
    Real(Vec<Option<f64>>),
    /// Text and identities.
    Text(Vec<Option<Arc<str>>>),
    /// Flags.
    Flag(Vec<Option<bool>>),
}

/// One column of a view.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Name, such as `claimed.grain`.
    pub name: String,
    /// Type.
    pub kind: ColumnType,
    /// Values.
    pub data: Data,
    /// Rows whose value rests on a source that is not independent of the village's own reports:
    /// it may raise a lead, never clear one. Empty where no row does.
    pub dependent: Vec<bool>,
}

/// A table of rows in canonical order.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// Which one.
    pub name: ViewName,
    /// Rows.
    pub rows: usize,
    /// Columns; key columns first.
    pub columns: Vec<Column>,
    /// Groups that the view counts but does not list (see [`ViewName`]).
    pub not_listed: u64,
}

impl Data {
    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Fixed { values, .. } => values.len(),
            Self::Real(values) => values.len(),
            Self::Text(values) => values.len(),
            Self::Flag(values) => values.len(),
        }
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Column {
    /// The number in a row; `None` for missing and for columns that are no numbers.
    #[must_use]
    pub fn number(&self, row: usize) -> Option<f64> {
        match &self.data {
            Data::Fixed { scale, values } => {
                let raw = values.get(row).copied().flatten()?;
                Some(raw as f64 / 10_f64.powi(i32::try_from(*scale).ok()?))
            }
            Data::Real(values) => values.get(row).copied().flatten().filter(|v| v.is_finite()),
            Data::Text(_) | Data::Flag(_) => None,
        }
    }

    /// The text in a row. Identities come out clear: callers wrap them in their masked types.
    #[must_use]
    pub fn text(&self, row: usize) -> Option<&Arc<str>> {
        match &self.data {
            Data::Text(values) => values.get(row)?.as_ref(),
            _ => None,
        }
    }

    /// The flag in a row.
    #[must_use]
    pub fn flag(&self, row: usize) -> Option<bool> {
        match &self.data {
            Data::Flag(values) => values.get(row).copied().flatten(),
            _ => None,
        }
    }
}

impl View {
    /// A column by name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|c| c.name == name)
    }

    /// A column by name, for adding to its values.
    #[must_use]
    pub fn column_mut(&mut self, name: &str) -> Option<&mut Column> {
        self.columns.iter_mut().find(|c| c.name == name)
    }
}
