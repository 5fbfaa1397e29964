//! Hits to leads and rings, and the lead files.
//!
//! [`build`] joins what the rules found into leads: all hits of a village in a year make one lead, villages
//! that one approver or one town ties together make one ring, and what concerns claimants alone makes one lead
//! per rule family. Land that several rules point at is counted once. The writers give the same bytes for the
//! same leads on every machine: no clock, no path, no hash-map order.
//!
//! A lead is a suspicion (疑点) for a person to check, never a verdict.

mod belief;
mod build;
mod claims;
mod data_errors;
mod error;
mod evidence;
mod excess;
#[cfg(test)]
mod fixture;
mod flat;
mod id;
mod json;
mod make;
mod manifest;
mod model_ring;
mod offsets;
mod region;
mod rejects;
mod ring;
mod score;
mod slips;
mod table;
#[cfg(test)]
mod tests;
mod text;

pub use belief::Assessed;
pub use build::{LeadContext, Order, build};
pub use data_errors::write_data_errors;
pub use error::LeadError;
pub use flat::COLUMNS;
pub use id::check_ids;
pub use json::{write_coverage, write_jsonl, write_manifest};
pub use manifest::{CoverageReport, Manifest, TableTotal};
pub use rejects::write_rejects;
pub use table::write_parquet;
pub use text::write_csv;
