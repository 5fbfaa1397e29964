//! How far a village's claims stand from what its land bears, with its uncertainty, under every shape of excess
//! and every honest shape.
//!
//! Pure mathematics on slices of one programme and crop group: no I/O, no clock, no randomness. [`fit`] learns from
//! all villages what counties have in common and how far each source errs; [`assess`] then weighs each village by
//! itself. Source of the mathematics: statistics.md 1 with the amendments B2–B8.

mod assess;
mod centre;
mod config;
mod copies;
mod error;
mod evidence;
mod expectation;
mod fit;
mod gauss;
mod lag;
mod learn;
mod model;
mod note;
mod panel;
mod shape;
mod spread;
mod table;
mod variance;
mod vegetables;
mod village;
mod weights;

#[cfg(test)]
mod assess_tests;
#[cfg(test)]
mod gauss_tests;

pub use assess::{assess, assess_range};
pub use config::Config;
pub use error::DeviationError;
pub use expectation::{Expectation, expectations, expectations_range};
pub use fit::{Delta, SourceFit, VillageFit};
pub use learn::fit;
pub use model::{Curve, Model, SourceModel, Spread, Stratum};
pub use note::{Note, NoteKind};
pub use panel::{Panel, Place, Source};
pub use shape::{HonestKind, HonestShape, Template, honest_shapes, templates};
