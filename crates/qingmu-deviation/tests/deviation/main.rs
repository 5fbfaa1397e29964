//! What the deviation model shows on invented provinces.

mod power;
mod properties;
mod province;
mod recovery;
mod shapes;
mod sources;
