//! Robust location and scale, leave-one-out peers and county-year centring, on slices.
