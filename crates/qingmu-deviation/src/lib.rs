//! How far a village's claims stand from what its land bears, with its uncertainty, under every shape of excess
//! and every honest shape.
//!
//! Pure mathematics on slices of one programme and crop group: no I/O, no clock, no randomness.

mod fit;
mod panel;
mod shape;

pub use fit::{Delta, SourceFit, VillageFit};
pub use panel::{Panel, Place, Source};
pub use shape::{HonestKind, HonestShape, Template, honest_shapes, templates};
