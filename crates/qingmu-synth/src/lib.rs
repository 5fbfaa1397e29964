//! Seeded counties on real gazetteers with invented claims, and their planted truth.
//!
//! The places are real (`datasets/jingyang`); people, accounts, areas and money are invented. The same options
//! give the same bytes on every platform, so the bundled sample `datasets/anwu` can be held against a fresh run.

mod baselines;
mod case;
mod claims;
mod county;
mod elementary;
mod error;
mod files;
mod gazetteer;
mod generate;
mod lease;
mod parquet_file;
mod plan;
mod province;
mod stream;
mod village;

pub use county::{
    Baseline, Claim, County, CountyOptions, FERTILITY, GRAIN, HonestEvent, PlantedClaim,
    PlantedYear, Transfer, Truth, VillageRow,
};
pub use error::SynthError;
pub use files::{files, write};
pub use generate::county;
pub use province::{
    Honest, OptionsError, Planted, ProvinceOptions, ProvinceTruth, Setting, SettingError, Written,
    write_province,
};
