//! What the whole must show, from the command line down to the rows.
//!
//! Every person, account and figure in these tests is invented; place names and codes of the sample are real.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::format_collect,
    clippy::disallowed_methods,
    reason = "a test stops where its preparation fails"
)]

mod architecture;
mod clean_county;
mod cli;
mod conservation;
mod corpus;
mod demo_case;
mod detection;
mod determinism;
mod eval;
mod explain;
mod hostile;
mod house;
mod ingest;
mod learn;
mod ledger_rows;
mod privacy;
mod privacy_ingest;
mod readme;
mod rules_cli;
mod running;
mod scoreboard;
mod usda;
