//! The domain's words: region codes, mu, yuan, seasons, crops, tables, outcomes, hits and leads.
//!
//! This crate does no I/O and knows no file format. Facts (areas, money, counts) are exact integers in
//! newtypes; identities are masked in every way of printing them. Everything that several rooms of the
//! project speak about is defined here once.

mod account;
mod decimal;
mod detection;
mod hit;
mod ids;
mod lang;
mod lead;
mod names;
mod outcome;
mod project;
mod quantity;
mod quoted;
mod region;
mod reject;
mod schema;
mod season;
mod unit;
mod view;
mod view_coverage;

pub use account::{InputAccount, InputCoverage};
pub use decimal::{Decimal, DecimalError};
pub use detection::{
    AssessedRing, Assessment, Belief, Beliefs, Counted, DataError, DataErrorKind, Estimate,
    Expected, Family, FamilyShare, HonestShare, RingMember, RingTie, Span, Tested,
};
pub use hit::{LegitCheck, Measured, RuleCoverage, RuleHit, Share, Subject, SubjectKey};
pub use ids::{AccountId, ClaimantId, IdKind, mask_account, mask_id, mask_name};
pub use lang::{Bilingual, Lang};
pub use lead::{Lead, LeadId, LeadKind, LeadStatus, Member, Tie};
pub use names::{mask_place, may_be_name};
pub use outcome::{Grade, Level, Outcome, RuleId};
pub use project::{AreaUnit, Basis, Programme, Project, ProjectError};
pub use quantity::{Mu, QuantityError, Yuan};
pub use quoted::{holds_id, mask_header, mask_quoted, mask_refused};
pub use region::{RegionCode, RegionError, RegionLevel, RegionLevels};
pub use reject::{Reject, RejectCode};
pub use schema::{ColumnKind, ColumnSpec, TABLES, TableSchema, table};
pub use season::{Season, SeasonError};
pub use unit::Unit;
pub use view::{Column, ColumnType, Data, View, ViewName};
pub use view_coverage::{ColumnCoverage, ViewCoverage};
