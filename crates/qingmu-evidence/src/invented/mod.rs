//! Tests of invented figures.
use crate::count::Ground;
use crate::evidence::Fabrication;
use crate::pairs::{Changes, County};
pub(crate) fn tests(
    _: Ground<'_>,
    _: &[Changes],
    _: &[County],
    _: &[(u32, usize)],
) -> Vec<Fabrication> {
    Vec::new()
}
